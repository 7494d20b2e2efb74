"""How long invoices name whom they were for. Numbers and amounts stay: the ledger stands on them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from billing.invoicing.models import CreditNote, Invoice
from billing.invoicing.services.papers import archive
from portal.core.privacy import RetentionRule

CLOSED = (Invoice.Status.PAID, Invoice.Status.VOID, Invoice.Status.UNCOLLECTIBLE)
NOBODY: dict[str, str] = {}


def issued_before(limit: datetime) -> Sequence[QuerySet[Any]]:
    """Closed invoices and credit notes that were issued before then and still name the company."""
    return [
        Invoice.objects.filter(status__in=CLOSED, issued_at__lt=limit, closed_at__lt=limit).exclude(bill_to=NOBODY),
        CreditNote.objects.filter(issued_at__lt=limit).exclude(bill_to=NOBODY),
    ]


def forget_names(rows: "QuerySet[Any]") -> None:
    """Take names, addresses and tax numbers out of the documents, and delete their PDF files."""
    for paper in rows.order_by("pk"):
        archive.forget(paper)
        paper.bill_to, paper.bill_to_tax_id = NOBODY, None
        paper.save(update_fields=["bill_to", "bill_to_tax_id"])


RULES = {
    "invoices": RetentionRule(
        "Who was invoiced: names, addresses and PDF files of closed invoices and of credit notes",
        days=7 * 365 + 2,
        expired=issued_before,
        least=5 * 365 + 2,
        why="Records of sales are kept for five years (Kenya: Tax Procedures Act 2015, section 23).",
        delete=forget_names,
    ),
}
