"""What staff fill in about payments, in the admin."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from djmoney.money import Money

from billing.invoicing.models import Invoice
from billing.payments.models import Payment
from billing.payments.services.statements.importing import MOST_BYTES
from portal.accounts.models import Company
from portal.core.money import words

CURRENCIES = [(code, code) for code in settings.CURRENCIES]


class RefundForm(forms.Form):
    """How much goes back, and why."""

    amount = forms.DecimalField(max_digits=15, decimal_places=2, required=False)
    reason = forms.CharField(max_length=300, help_text="It stands on the credit note, and the company reads it.")

    def __init__(self, *args: Any, payment: Payment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.payment = payment
        self.fields["amount"].help_text = _("Leave it empty to return all that is left: %(left)s.") % {
            "left": words(payment.returnable)
        }

    def clean(self) -> dict[str, Any]:
        """The amount in the payment's currency."""
        values: dict[str, Any] = super().clean() or {}
        amount = values.get("amount")
        return {**values, "amount": None if amount is None else Money(amount, self.payment.currency)}


class ReferenceForm(forms.Form):
    """The bank's reference."""

    reference = forms.CharField(max_length=200, help_text="The bank's reference of the transfer.")


class InvoiceForm(forms.Form):
    """Whose money it is: by the number of an invoice, or the company's short name."""

    invoice = forms.CharField(max_length=40, required=False, help_text="The number of the invoice that it pays.")
    company = forms.CharField(
        max_length=60, required=False, help_text="Or the company's short name, as in addresses: its balance then."
    )

    def clean(self) -> dict[str, Any]:
        """The invoice and its company."""
        values: dict[str, Any] = super().clean() or {}
        number, slug = values.get("invoice") or "", values.get("company") or ""
        invoice = Invoice.objects.exclude(number=None).select_related("company").filter(number__iexact=number).first()
        company = invoice.company if invoice else Company.objects.filter(slug=slug).first()
        if number and invoice is None:
            self.add_error("invoice", _("There is no invoice with this number."))
        elif company is None:
            self.add_error("company", _("Name an invoice, or a company that there is."))
        elif slug and company.slug != slug:
            self.add_error("company", _("The invoice is another company's."))
        return {**values, "invoice": invoice, "company": company}


class TransferForm(InvoiceForm, ReferenceForm):
    """A transfer that no statement tells of."""

    amount = forms.DecimalField(max_digits=15, decimal_places=2)
    currency = forms.ChoiceField(choices=CURRENCIES, initial=settings.DEFAULT_CURRENCY)

    field_order = ["amount", "currency", "reference", "invoice", "company"]


class IgnoreForm(forms.Form):
    """Why it is nobody's payment."""

    reason = forms.CharField(max_length=300, help_text="For colleagues, such as: interest.")


class StatementForm(forms.Form):
    """A bank's file."""

    file = forms.FileField(help_text="CSV with the columns date, amount, reference and text; MT940; or CAMT.053.")
    currency = forms.ChoiceField(
        choices=CURRENCIES, initial=settings.DEFAULT_CURRENCY, help_text="Of lines that name none."
    )

    def clean_file(self) -> Any:
        """At most five megabytes."""
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            raise forms.ValidationError(_("At most 5 MB are taken."))
        return upload
