"""What invoicing itself knows of how an invoice was settled: from the balance, and by credit notes."""

from collections.abc import Iterator

from django.urls import reverse

from billing.invoicing.models import Invoice
from billing.invoicing.registry import Settlement


def from_balance(invoice: Invoice) -> Iterator[Settlement]:
    """What the company had to its credit when the invoice was issued."""
    for entry in invoice.entries.paid_from_balance().select_related("transaction"):
        yield Settlement(
            at=entry.transaction.at,
            what="Company\N{RIGHT SINGLE QUOTATION MARK}s balance",
            note="",
            status="succeeded",
            state="Used",
            amount=-entry.money,
            staff_url=reverse("ledger:inspect", args=[entry.transaction_id]),
        )


def credited(invoice: Invoice) -> Iterator[Settlement]:
    """Its credit notes."""
    for note in invoice.credit_notes.exclude(issued_at=None):
        if note.issued_at:
            yield Settlement(
                at=note.issued_at,
                what="Credit note",
                note=note.reason,
                status="issued",
                state="Issued",
                amount=note.total,
                staff_url=reverse("credit_notes:inspect", args=[note.pk]),
                document_url=reverse("credit-note-pdf", args=[note.number]),
                document=note.number or "",
            )


KNOWN = {"balance": from_balance, "credit-notes": credited}
