"""Forms by which staff agree on what a contract charges."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from djmoney.money import Money

from portal.contracts.models import BillingTerms, Contract, ContractLineItem
from portal.contracts.models.charges import LONGEST_MONTHS
from portal.teams.models import Developer

DAY = forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class LineItemForm(forms.ModelForm[ContractLineItem]):
    """One line item of a draft; what is left empty of a training is as usual."""

    class Meta:
        model = ContractLineItem
        fields = ["kind", "description", "developer", "schedule", "amount", "months", "starts_on"]

    def __init__(self, *args: Any, contract: Contract, **options: Any) -> None:
        super().__init__(*args, **options)
        self.contract = contract
        known: Any = self.fields["developer"]
        known.queryset = Developer.objects.approved().with_person().order_by("user__first_name", "user__last_name")
        self.fields["starts_on"].widget = DAY
        self.fields["amount"] = forms.DecimalField(
            label=f"Amount in {contract.currency}",
            required=False,
            max_digits=15,
            decimal_places=4,
            help_text="Without tax. Left empty for a training: 5,000.00 USD, of an agency's developer 2,500.00 USD.",
        )
        self.fields["description"].required = False
        self.fields["description"].help_text = "As it stands on invoices. A training may go without."
        self.fields["months"].help_text = f"Between 1 and {LONGEST_MONTHS}; what is charged once takes one."
        if not self.instance.pk:
            self.initial = {**self.initial, "starts_on": contract.starts_on}

    def _post_clean(self) -> None:
        """The service checks what belongs together, and names the field."""

    @property
    def terms(self) -> dict[str, Any]:
        """What the service takes."""
        amount = self.cleaned_data["amount"]
        return self.cleaned_data | {"amount": None if amount is None else Money(amount, self.contract.currency)}


class TermsForm(forms.Form):
    """When a contract charges."""

    frequency = forms.ChoiceField(label="Charged", choices=BillingTerms.Frequency.choices)
    schedule = forms.CharField(
        label="Days of your own",
        required=False,
        widget=forms.Textarea({"rows": 6}),
        help_text="One day on each line, such as 2026-03-31, in order; with amounts, 2026-03-31 1250.00. Without "
        "amounts each line item is split alike. With amounts they add up to all line items, before a discount.",
    )

    def clean(self) -> dict[str, Any]:
        """Read days and amounts."""
        values = super().clean() or {}
        is_custom = values.get("frequency") == BillingTerms.Frequency.CUSTOM
        try:
            rows = list(_rows(values.get("schedule", ""))) if is_custom else []
        except (ValueError, InvalidOperation):
            self.add_error("schedule", _("Write each day as 2026-03-31, and after it the amount or nothing."))
            return values
        amounts = [amount for _day, amount in rows if amount is not None]
        if amounts and len(amounts) != len(rows):
            self.add_error("schedule", _("Give an amount for each day, or none at all."))
        return {"frequency": values.get("frequency"), "days": [day for day, _amount in rows], "amounts": amounts}


def schedule_of(terms: BillingTerms) -> str:
    """Days and amounts as the form takes them."""
    amounts = [f" {amount.normalize():f}" for amount in terms.amounts] or [""] * len(terms.days)
    return "\n".join(f"{day}{amount}" for day, amount in zip(terms.days, amounts, strict=True))


def _rows(text: str) -> Iterator[tuple[date, Decimal | None]]:
    for line in filter(None, (line.strip() for line in text.splitlines())):
        day, _space, amount = line.partition(" ")
        yield date.fromisoformat(day), Decimal(amount.strip().replace(",", "")) if amount.strip() else None
