"""Contracts that are billed, runs on their days, and what came of it."""

from datetime import UTC, date, datetime, time

from billing.invoicing.models import Charge, Invoice, InvoiceRun
from billing.invoicing.services import runs
from portal.accounts.models import User
from portal.approvals import services as approvals
from portal.contracts.models import BillingPeriod, Contract, ContractLineItem
from portal.contracts.services import billing
from tests.portal.contracts.charges.made import AT, FIRST, put_in_force

__all__ = ["AT", "FIRST", "amounts", "at", "billed", "charged", "invoiced", "item_of", "periods", "run", "states"]


def at(day: date) -> datetime:
    """Noon of a day in Nairobi."""
    return datetime.combine(day, time(9), UTC)


def billed(made: Contract, asker: User, decider: User, *, on: datetime = AT) -> Contract:
    """Signed, asked for and approved."""
    contract = put_in_force(made)
    approval = billing.ask(contract=contract, by=asker, at=on)
    approvals.approve(approval=approval, by=decider, at=on)
    return contract


def run(until: date) -> None:
    """The invoice runs of all days up to this one."""
    runs.start(until=until, at=at(until))
    while under_way := InvoiceRun.objects.filter(finished_at=None).first():
        assert runs.issue_next(run=under_way, at=at(until))


def periods(contract: Contract) -> list[BillingPeriod]:
    """As they are now."""
    return list(BillingPeriod.objects.filter(contract=contract).order_by("sequence"))


def states(contract: Contract) -> list[str]:
    """The states of its periods."""
    return [str(period.status) for period in periods(contract)]


def amounts(contract: Contract) -> list[str]:
    """What its periods charge."""
    return [f"{period.amount:.2f}" for period in periods(contract)]


def charged() -> list[tuple[str, str]]:
    """What waits for an invoice: the day and the amount."""
    rows = Charge.objects.waiting().order_by("due_on", "pk").values_list("due_on", "unit_price")
    return [(str(day), f"{amount:.2f}") for day, amount in rows]


def invoiced() -> list[tuple[str, list[str]]]:
    """All invoices that were issued: the day, and the net amounts of their lines."""
    rows = Invoice.objects.exclude(number=None).order_by("pk").prefetch_related("lines")
    return [(str(row.issued_on), [f"{line.net_amount:.2f}" for line in row.lines.all()]) for row in rows]


def item_of(contract: Contract, position: int = 1) -> ContractLineItem:
    """One of its line items, as it is now."""
    return ContractLineItem.objects.select_related("contract__company").get(contract=contract, position=position)
