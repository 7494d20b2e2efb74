"""What customers and staff fill in about payments."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from djmoney.money import Money

from billing.invoicing.models import Invoice
from billing.payments.gateways.base import Gateway, gateways
from billing.payments.models import PaymentMethod
from billing.payments.services.payments import Way
from portal.core.money import words

PHONE = re.compile(r"\+[1-9][0-9]{7,14}")


def offered(currency: str) -> list[Gateway]:
    """Gateways that customers may choose for an invoice in this currency."""
    return [
        gateway
        for gateway in gateways.all()
        if gateway.is_enabled and gateway.is_offered and (gateway.currencies is None or currency in gateway.currencies)
    ]


def keeping() -> list[Gateway]:
    """Gateways at which a method can be kept."""
    return [gateway for gateway in gateways.all() if gateway.is_enabled and gateway.is_offered and gateway.can_save]


class PayForm(forms.Form):
    """How an invoice is to be paid, and how much of it; without sign-in no saved method is offered."""

    way = forms.ChoiceField(label="Pay with", widget=forms.RadioSelect)
    amount = forms.DecimalField(
        label="Amount", max_digits=15, decimal_places=2, min_value=Decimal("0.01"), required=False,
        help_text="Leave it empty to pay all that is due.",
    )  # fmt: skip
    phone = forms.CharField(required=False, max_length=20, help_text="With country code, such as +254712345678.")
    saves_method = forms.BooleanField(
        label="Keep this card for later payments", required=False, help_text="It is charged for your next invoices."
    )

    def __init__(self, *args: Any, invoice: Invoice, due: Money, methods: list[PaymentMethod], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invoice, self.methods = invoice, methods
        self.gateways = offered(invoice.currency)
        today = timezone.localdate()
        usable = [row for row in methods if not row.has_expired(today=today)]
        kept = [(f"method:{row.public_id}", str(row)) for row in usable]
        fresh = [(f"gateway:{row.slug}", _labelled(row, usable)) for row in self.gateways]
        choice: Any = self.fields["way"]
        choice.choices = [*kept, *fresh]
        self.initial.setdefault("way", next((value for value, _label in [*kept, *fresh]), ""))
        self.fields["amount"].help_text = _("Leave it empty to pay all that is due: %(due)s.") % {"due": words(due)}
        if by_phone := [row.label for row in self.gateways if row.wants_phone]:
            self.fields["phone"].label = _("Phone number for %(gateway)s") % {"gateway": ", ".join(by_phone)}
        else:
            del self.fields["phone"]
        if not any(row.can_save for row in self.gateways):
            del self.fields["saves_method"]
        elif kept:
            self.fields["saves_method"].label = _("Keep the other card for later payments")

    def clean_phone(self) -> str:
        """A number as the world dials it."""
        phone = re.sub(r"[\s().-]", "", self.cleaned_data["phone"])
        if phone and not PHONE.fullmatch(phone):
            raise ValidationError(_("Write the number with its country code, such as +254712345678."))
        return phone

    def chosen(self) -> Way:
        """The way that was chosen."""
        kind, _colon, name = self.cleaned_data["way"].partition(":")
        method = next((row for row in self.methods if kind == "method" and str(row.public_id) == name), None)
        return Way(
            method=method,
            gateway="" if method else name,
            phone=self.cleaned_data.get("phone", ""),
            saves_method=bool(self.cleaned_data.get("saves_method")) and method is None,
        )

    def wanted(self) -> Money | None:
        """The amount; None for all that is due."""
        amount = self.cleaned_data["amount"]
        return None if amount is None else Money(amount, self.invoice.currency)


def _labelled(gateway: Gateway, kept: list[PaymentMethod]) -> str:
    """A gateway beside methods that are kept: "Another card" where some of them are its own."""
    has_some = any(method.gateway == gateway.slug for method in kept)
    return _("Another %(kind)s") % {"kind": gateway.label.lower()} if has_some else gateway.label


class SandboxCardForm(forms.Form):
    """A test card."""

    number = forms.CharField(
        label="Card number",
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    expires_on = forms.CharField(
        label="Valid until", max_length=7, help_text="Month and year, such as 12/30.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def clean_number(self) -> str:
        """Digits alone."""
        number = re.sub(r"[\s-]", "", self.cleaned_data["number"])
        if not re.fullmatch(r"[0-9]{12,19}", number):
            raise ValidationError(_("A card number has 12 to 19 digits."))
        return number

    def clean_expires_on(self) -> str:
        """As "2030-12"."""
        found = re.fullmatch(r"\s*(0?[1-9]|1[0-2])\s*/\s*(?:20)?([0-9]{2})\s*", self.cleaned_data["expires_on"])
        if not found:
            raise ValidationError(_("Write month and year, such as 12/30."))
        return f"20{found[2]}-{int(found[1]):02d}"
