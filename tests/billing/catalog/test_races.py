"""Prices that several people set at the same instant. Real threads, each with a connection of its own."""

from datetime import UTC, datetime, timedelta

import pytest
from djmoney.money import Money

from billing.catalog.models import PlanPrice
from billing.catalog.services import plans, prices
from billing.catalog.services.prices import PlanIsArchived
from portal.activity.models import ActivityEvent
from tests.factories import PlanFactory
from tests.portal.core.threads import race

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
THREADS = 6


def test_of_many_prices_set_at_once_one_is_live_and_each_is_written_down() -> None:
    plan = PlanFactory.create()

    def offer(number: int) -> PlanPrice:
        amount, at = Money(1000 + number, "KES"), AT - timedelta(seconds=number)
        return prices.offer(plan=plan, interval="month", amount=amount, by=None, at=at)

    results = race(offer, threads=THREADS)
    assert {type(result) for result in results} == {PlanPrice}
    assert sorted(row.amount.amount for row in PlanPrice.objects.all()) == [1000 + number for number in range(THREADS)]
    assert PlanPrice.objects.live().count() == 1
    verbs = sorted(ActivityEvent.objects.values_list("verb", flat=True))
    assert verbs == ["price.offered"] + ["price.replaced"] * (THREADS - 1)


def test_the_same_price_set_by_many_is_one_row() -> None:
    plan, amount = PlanFactory.create(), Money(4500, "KES")
    results = race(
        lambda number: prices.offer(plan=plan, interval="month", amount=amount, by=None, at=AT), threads=THREADS
    )
    assert results == [PlanPrice.objects.get()] * THREADS
    assert ActivityEvent.objects.count() == 1


def test_a_price_that_meets_the_end_of_its_plan_comes_before_it_or_not_at_all() -> None:
    for number in range(4):
        plan = PlanFactory.create(level=100 + number)

        def act(turn: int, plan: object = plan) -> object:
            if turn:
                return plans.archive(plan=plan, by=None, at=AT)
            return prices.offer(plan=plan, interval="month", amount=Money(1, "KES"), by=None, at=AT)

        priced = race(act, threads=2)[0]
        plan.refresh_from_db()
        assert plan.is_archived
        assert isinstance(priced, PlanPrice if plan.prices.exists() else PlanIsArchived)
