"""Whatever happens to a billed contract in whichever order, each part of it is charged once, and the books agree."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from billing.invoicing.models import Invoice, InvoiceLine
from billing.invoicing.services import drawing, invoices, proving
from portal.accounts.models import Company, User
from portal.contracts.models import BillingPeriod, BillingPeriodLine, Contract, ContractLineItem
from portal.contracts.services import ending, pausing, recharging, renewing
from portal.core.errors import Conflict
from tests.billing.contracts.billed import at, billed, item_of, run
from tests.portal.contracts.charges.made import contract, item

# Long ago, as batches of a run are not done before the clock has come to their day.
BEGINS, LAST = date(2025, 1, 31), date(2026, 3, 1)
MOVES = {"pause": pausing.pause, "resume": pausing.resume, "complete": pausing.complete}
RENEWED = {"type": "maintenance", "renewal_months": 2, "discount_percent": Decimal("7.50")}
EXAMPLES = settings(
    max_examples=12,
    database=None,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
STEPS = some.tuples(
    some.sampled_from(["pause", "resume", "pause", "resume", "complete", "run", "run", "kill", "void", "renew", "end"]),
    some.integers(1, 2),
    some.integers(0, 25),
)


def act(agreed: Contract, step: str, position: int, by: User, day: date) -> None:
    """One step; what the state refuses changes nothing."""
    try:
        if step in MOVES:
            MOVES[step](item=item_of(agreed, position), by=by, at=at(day))
        elif step == "run":
            run(day)
        elif step == "kill":
            killed(agreed, day)
        elif step == "renew":
            renewing.renew(today=day, at=at(day))
        elif step == "void":
            void_and_charge_again(agreed, by, day)
        elif Contract.objects.filter(pk=agreed.pk, status="active").exists():
            ending.terminate(contract=agreed, by=by, at=at(day), reason="Over.")
    except Conflict:
        pass


def killed(agreed: Contract, day: date) -> None:
    """A worker that dies in the middle of a batch: all of it is undone."""
    with transaction.atomic():
        drawing.draw(first=agreed.company_id, last=agreed.company_id, today=day, at=at(day))
        transaction.set_rollback(True)


def void_and_charge_again(agreed: Contract, by: User, day: date) -> None:
    """An invoice that should not have been issued."""
    invoice = Invoice.objects.filter(company=agreed.company, status="open").order_by("pk").last()
    if invoice:
        invoices.void(invoice=invoice, reason="Wrong.", at=at(day), by=by)
        for period in BillingPeriod.objects.filter(invoice_number=invoice.number).select_related("contract"):
            recharging.charge_again(period=period, by=by, at=at(day))


def check(agreed: Contract) -> None:
    """No line is invoiced twice or after it was withdrawn; no amount in all is passed."""
    charged = InvoiceLine.objects.exclude(invoice__status__in=["void", "draft"])
    for one in agreed.line_items.all():
        lines = BillingPeriodLine.objects.filter(item=one)
        sources = [line.source for line in lines if not line.is_withdrawn]
        rows = charged.filter(source__in=sources)
        assert rows.count() == rows.values("source").distinct().count()
        one.contract = agreed
        assert (rows.aggregate(sum=Sum("net_amount"))["sum"] or 0) <= one.total.amount
        assert not charged.filter(source__in=[line.source for line in lines if line.is_withdrawn]).exists()


@EXAMPLES
@given(steps=some.lists(STEPS, max_size=12))
def test_any_order_charges_each_part_once(
    steps: list[tuple[str, int, int]], company: Company, asker: User, decider: User
) -> None:
    with transaction.atomic():
        made = contract(company, starts_on=BEGINS, ends_on=date(2025, 6, 30), **RENEWED)
        item(made, "99.99", months=5, description="Support")
        item(made, "1000.00", months=3, description="Training", schedule="instalments")
        day = BEGINS - timedelta(days=3)
        agreed = billed(made, asker, decider, on=at(day))
        for step, position, days in steps:
            day += timedelta(days=days)
            act(agreed, step, position, asker, day)
            check(agreed)
        # Once a story: all books are read for it.
        assert list(proving.differences()) == []
        whole_at_the_end(agreed, asker, max(day, LAST) + timedelta(days=1))
        transaction.set_rollback(True)


def whole_at_the_end(agreed: Contract, by: User, day: date) -> None:
    """What is owed in all is charged in all, unless it was completed or the contract has ended."""
    training = item_of(agreed, 2)
    if training.status == ContractLineItem.Status.PAUSED:
        act(agreed, "resume", 2, by, day)
    run(day)
    check(agreed)
    assert list(proving.differences()) == []
    if item_of(agreed, 2).status == ContractLineItem.Status.ACTIVE:
        lines = BillingPeriodLine.objects.filter(item=training)
        sources = [line.source for line in lines]
        charged = InvoiceLine.objects.filter(source__in=sources).exclude(invoice__status="void")
        assert charged.aggregate(sum=Sum("net_amount"))["sum"] == Decimal("1000.00")
    assert not BillingPeriod.objects.filter(contract=agreed, status="pending", due_on__lte=day).exists()
