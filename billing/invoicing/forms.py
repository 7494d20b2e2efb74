"""Forms by which staff draw invoices up and take them back."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from djmoney.money import Money

from billing.invoicing.models import Invoice, TaxRate
from billing.invoicing.services.drafts import Item
from portal.accounts.models import Company

MOST_NAMED = 5


class LineForm(forms.Form):
    """One line of a draft, in the invoice's currency."""

    description = forms.CharField(max_length=400)
    quantity = forms.DecimalField(initial=1, min_value=Decimal("0.000001"), max_digits=13, decimal_places=6)
    unit_price = forms.DecimalField(
        label="Price of one", max_digits=15, decimal_places=6, help_text="Without tax. A discount is below zero."
    )
    tax_category = forms.ChoiceField(label="Tax", choices=TaxRate.Category.choices)
    starts_on = forms.DateField(
        label="First day",
        required=False,
        help_text="Where it is for a period.",
        widget=forms.DateInput({"type": "date"}),
    )
    last_day = forms.DateField(label="Last day", required=False, widget=forms.DateInput({"type": "date"}))

    def clean(self) -> dict[str, Any]:
        """Refuse half a period, and one that ends before it begins."""
        values = super().clean() or {}
        first, last = values.get("starts_on"), values.get("last_day")
        if bool(first) != bool(last):
            self.add_error("starts_on" if last else "last_day", _("A period has a first and a last day."))
        elif first and last and last < first:
            self.add_error("last_day", _("The period ends before it begins."))
        return values


def item_of(values: dict[str, Any], currency: str) -> Item:
    """The line of a valid LineForm."""
    last = values["last_day"]
    return Item(
        values["description"],
        Money(values["unit_price"], currency),
        values["quantity"],
        starts_on=values["starts_on"],
        ends_on=last and last.fromordinal(last.toordinal() + 1),
        tax_category=values["tax_category"],
    )


class DraftForm(LineForm):
    """A new draft with its first line."""

    company = forms.CharField(
        max_length=160, help_text="Its name, or the last part of its address in the portal (such as savanna-foods)."
    )
    note = forms.CharField(
        required=False, max_length=1000, widget=forms.Textarea({"rows": 2}), help_text="Shown on the invoice."
    )

    field_order = ("company", "description", "quantity", "unit_price", "tax_category", "starts_on", "last_day", "note")

    def clean_company(self) -> Company:
        """The one company that is meant; where several could be, name some."""
        words = self.cleaned_data["company"].strip()
        active = Company.objects.filter(is_active=True)
        if exact := active.filter(slug=words.lower()).first():
            return exact
        named = list(active.filter(name__icontains=words).order_by("name", "pk")[: MOST_NAMED + 1])
        same = [company for company in named if company.name.lower() == words.lower()]
        if len(same or named) == 1:
            return (same or named)[0]
        if not named:
            raise forms.ValidationError(_("No company is called that."))
        told = ", ".join(f"{company.name} ({company.slug})" for company in named[:MOST_NAMED])
        raise forms.ValidationError(
            _("Several are called that: %(names)s. Write what stands in brackets.") % {"names": told}
        )


class ReasonForm(forms.Form):
    """Why an invoice is taken back or given up."""

    reason = forms.CharField(max_length=300, widget=forms.Textarea({"rows": 2}), help_text="It stays with the invoice.")


class CreditForm(ReasonForm):
    """How much is credited, and why."""

    amount = forms.DecimalField(
        required=False, max_digits=15, decimal_places=2, help_text="With tax. Left empty: all that is left."
    )

    field_order = ("amount", "reason")

    def __init__(self, *args: Any, of: Invoice, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["amount"].label = f"Amount in {of.currency}"
        self.fields["reason"].help_text = _("It stands on the credit note, which the company reads.")
        self.order_fields(self.field_order)
