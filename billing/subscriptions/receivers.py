"""What happens to invoices that subscriptions follow."""

from collections.abc import Sequence
from datetime import datetime

from billing.invoicing import facts
from billing.invoicing.models import Invoice
from billing.subscriptions.services import standing


def paid(sender: type, invoices: Sequence[Invoice], at: datetime, **rest: object) -> None:
    """Nothing is due of invoices any more: what was closed because of them opens at once."""
    standing.after_payment(invoices=invoices, at=at)


def voided(sender: type, invoice: Invoice, at: datetime, **rest: object) -> None:
    """What should not have been issued closes nothing."""
    standing.after_payment(invoices=[invoice], at=at)


def connect() -> None:
    """Listen; once, however often it is called."""
    facts.invoices_paid.connect(paid, dispatch_uid="subscriptions.invoices_paid")
    facts.invoice_voided.connect(voided, dispatch_uid="subscriptions.invoice_voided")
