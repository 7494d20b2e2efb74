"""A day begins at midnight in Nairobi, at 21:00 in UTC: nothing is due before."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from billing.invoicing import tasks
from billing.invoicing.models import Invoice, InvoiceRun
from billing.invoicing.services import runs
from portal.accounts.models import Company, User
from portal.contracts.models import Contract
from portal.contracts.tasks import process_contracts
from tests.billing.contracts.billed import AT, billed, states
from tests.portal.contracts.charges.made import contract, item

BEFORE, MIDNIGHT = datetime(2026, 2, 28, 20, 59, 59, 999999, tzinfo=UTC), datetime(2026, 2, 28, 21, tzinfo=UTC)


@pytest.fixture
def march(company: Company, asker: User, decider: User) -> Contract:
    """A month's support, due on 1 March."""
    made = contract(company, starts_on=date(2026, 3, 1))
    item(made, "100.00", months=1)
    return billed(made, asker, decider, on=AT)


def draw(monkeypatch: pytest.MonkeyPatch, now: datetime) -> int:
    """What the scheduler's task and the worker do at an instant; how many invoices there are then."""
    monkeypatch.setattr(timezone, "now", lambda: now)
    tasks.generate_invoices()
    if under_way := InvoiceRun.objects.filter(finished_at=None).first():
        runs.issue_next(run=under_way, at=now)
    return Invoice.objects.count()


def test_period_is_drawn_from_midnight_on(march: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (draw(monkeypatch, BEFORE), states(march)) == (0, ["pending"])
    assert (draw(monkeypatch, MIDNIGHT), states(march)) == (1, ["invoiced"])
    assert Invoice.objects.get().issued_on == date(2026, 3, 1)
    assert draw(monkeypatch, MIDNIGHT) == 1


def test_period_is_overdue_from_midnight_on(march: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    draw(monkeypatch, MIDNIGHT)
    Invoice.objects.update(due_on=date(2026, 3, 15))
    for now, state in (
        (datetime(2026, 3, 15, 20, 59, 59, tzinfo=UTC), "invoiced"),
        (datetime(2026, 3, 15, 21, tzinfo=UTC), "overdue"),
    ):
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        tasks.follow_contracts()
        assert states(march) == [state]


def test_renewal_comes_at_midnight(
    company: Company, asker: User, decider: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = contract(company, ends_on=date(2026, 3, 1), starts_on=date(2026, 2, 1), renewal_months=1, type="maintenance")
    item(made, "100.00", months=1)
    billed(made, asker, decider)
    for now, count in ((BEFORE, 1), (MIDNIGHT, 2), (MIDNIGHT, 2)):
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        process_contracts()
        assert made.billing_periods.count() == count
