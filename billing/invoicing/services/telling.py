"""What the people who manage a company's billing are told."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.utils.formats import date_format
from djmoney.money import Money

from billing.invoicing.models import CreditNote, Invoice
from billing.invoicing.services.parties import payers, payers_of
from portal.core.money import words
from portal.notifications.services import notices
from portal.notifications.services.notices import Telling


def issued(invoices: Sequence[Invoice], *, at: datetime) -> None:
    """Invoices are there."""
    _tell("invoice_issued", invoices, at, lambda row: {"due": date_format(row.due_on, "j F Y") if row.due_on else ""})


def paid(invoices: Sequence[Invoice], *, at: datetime) -> None:
    """Invoices are settled."""
    _tell("invoice_paid", invoices, at, lambda row: {})


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


def _tell(kind: str, invoices: Sequence[Invoice], at: datetime, more: Callable[[Invoice], dict[str, str]]) -> None:
    people = payers_of({invoice.company for invoice in invoices})
    told = [
        Telling(
            kind=kind,
            people=people[invoice.company_id],
            key=f"invoice {invoice.public_id}",
            at=at,
            fields={**_fields(invoice, invoice.total), **more(invoice)},
            url=invoice.get_absolute_url(),
            company=invoice.company,
        )
        for invoice in invoices
        if people[invoice.company_id]
    ]
    notices.notify_many(told)


def _fields(invoice: Invoice, amount: Money) -> dict[str, str]:
    return {"number": str(invoice), "company": invoice.company.name, "amount": words(amount)}
