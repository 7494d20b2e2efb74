"""What happens to invoices that billing periods of contracts follow."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from billing.invoicing import facts
from billing.invoicing.models import Invoice
from billing.invoicing.services import contract_charges


def many(sender: type, invoices: Sequence[Invoice], at: datetime, **rest: object) -> None:
    """Invoices were issued, or nothing is due of them any more."""
    contract_charges.follow(invoices=invoices, today=timezone.localdate(at))


def one(sender: type, invoice: Invoice, at: datetime, **rest: object) -> None:
    """An invoice is void, written off, or to be paid again."""
    contract_charges.follow(invoices=[invoice], today=timezone.localdate(at))


def connect() -> None:
    """Listen; once, however often it is called."""
    facts.invoices_issued.connect(many, dispatch_uid="contracts.invoices_issued")
    facts.invoices_paid.connect(many, dispatch_uid="contracts.invoices_paid")
    facts.invoice_reopened.connect(one, dispatch_uid="contracts.invoice_reopened")
    facts.invoice_voided.connect(one, dispatch_uid="contracts.invoice_voided")
    facts.invoice_written_off.connect(one, dispatch_uid="contracts.invoice_written_off")
