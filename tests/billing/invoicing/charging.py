"""Charges and runs, as tests of the invoice run make them."""

from datetime import date

from djmoney.money import Money

from billing.invoicing.models import (
    Charge,
    Invoice,
    InvoiceBatch,
    InvoiceLine,
    InvoiceRun,
    LedgerTransaction,
    PaperFile,
)
from billing.invoicing.services import charges, runs
from billing.invoicing.services.charges import NewCharge
from billing.invoicing.services.drafts import Item
from portal.accounts.models import Company
from portal.activity.models import ActivityEvent
from tests.billing.invoicing.books import AT, TODAY


def owe(company: Company, source: str, amount: str = "1000.00", due_on: date = TODAY, **more: object) -> None:
    price = Money(amount, str(more.pop("currency", "KES")))
    assert charges.add([NewCharge(company.pk, due_on, Item("ERP", price, source=source, **more))], at=AT) == 1


def run(until: date = TODAY, size: int = 500) -> InvoiceRun | None:
    """Begin the run and do all of its batches, and those of the days that follow."""
    first = runs.start(until=until, at=AT, size=size)
    while under_way := InvoiceRun.objects.filter(finished_at=None).first():
        assert runs.issue_next(run=under_way, at=AT)
    return first


def counts() -> dict[str, int]:
    models = (Invoice, InvoiceLine, LedgerTransaction, InvoiceRun, InvoiceBatch, ActivityEvent, PaperFile, Charge)
    return {model.__name__: model._default_manager.count() for model in models}
