"""What the people who manage a company's billing are told."""

from datetime import datetime

from django.utils.formats import date_format
from djmoney.money import Money

from billing.invoicing.models import CreditNote, Invoice
from billing.invoicing.services.parties import payers
from portal.core.money import words
from portal.notifications.services import notices


def issued(invoice: Invoice, *, at: datetime) -> None:
    """An invoice is there."""
    fields = {"due": date_format(invoice.due_on, "j F Y") if invoice.due_on else ""}
    _tell("invoice_issued", invoice, invoice.total, at, fields)


def paid(invoice: Invoice, *, at: datetime) -> None:
    """An invoice is settled."""
    _tell("invoice_paid", invoice, invoice.total, at, {})


def credited(note: CreditNote, *, at: datetime) -> None:
    """An invoice was taken back, wholly or in part."""
    fields = {"credit_note": str(note), "reason": note.reason}
    notices.notify(
        kind="credit_note_issued",
        people=payers(note.company),
        key=f"credit note {note.public_id}",
        at=at,
        fields={**_fields(note.invoice, note.total), **fields},
        url=note.invoice.get_absolute_url(),
        company=note.company,
    )


def _tell(kind: str, invoice: Invoice, amount: Money, at: datetime, fields: dict[str, str]) -> None:
    notices.notify(
        kind=kind,
        people=payers(invoice.company),
        key=f"invoice {invoice.public_id}",
        at=at,
        fields={**_fields(invoice, amount), **fields},
        url=invoice.get_absolute_url(),
        company=invoice.company,
    )


def _fields(invoice: Invoice, amount: Money) -> dict[str, str]:
    return {"number": str(invoice), "company": invoice.company.name, "amount": words(amount)}
