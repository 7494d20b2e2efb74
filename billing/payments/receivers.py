"""What payments hear of invoices."""

from collections.abc import Sequence
from datetime import datetime

from billing.invoicing import facts
from billing.invoicing.models import Invoice
from billing.payments.services import dunning


def issued(sender: type, invoices: Sequence[Invoice], at: datetime, **rest: object) -> None:
    """Invoices are there: the default methods are charged, by the worker, for what is still due then."""
    dunning.charge_on_issue(invoices=invoices, at=at)


def connect() -> None:
    """Listen; once, however often it is called."""
    facts.invoices_issued.connect(issued, dispatch_uid="payments.invoices_issued")
