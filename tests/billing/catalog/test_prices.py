"""Prices are offered, replaced and withdrawn; what somebody may have agreed to is never edited."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from djmoney.money import Money
from hypothesis import given
from hypothesis import strategies as st

from billing.catalog.models import MeteredComponent, Metric, Plan, PlanPrice
from billing.catalog.services import prices
from billing.catalog.services.prices import PlanIsArchived
from portal.accounts.models import User
from portal.activity.models import ActivityEvent
from portal.core.money import InvalidAmount
from tests.factories import MeteredComponentFactory, MetricFactory, PlanFactory, PlanPriceFactory

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
LATER = AT + timedelta(days=30)


def told() -> list[tuple[str, object]]:
    """Verbs and prices of what was written down, the oldest first."""
    return [(event.verb, event.data.get("price")) for event in ActivityEvent.objects.order_by("pk")]


@pytest.fixture
def plan(db: None) -> Plan:
    return PlanFactory.create()


def offer(plan: Plan, amount: str, at: datetime = AT, *, interval: str = "month", by: User | None = None) -> PlanPrice:
    """Offer a plan in KES."""
    return prices.offer(plan=plan, interval=interval, amount=Money(amount, "KES"), by=by, at=at)


def test_a_new_price_replaces_the_old_one_which_stays(plan: Plan, finance: User) -> None:
    first = offer(plan, "4500", by=finance)
    second = offer(plan, "5000", LATER, by=finance)
    first.refresh_from_db()
    assert (first.amount, first.created_at, first.replaced_at) == (Money("4500.00", "KES"), AT, LATER)
    assert (second.amount, second.created_at, second.replaced_at) == (Money("5000.00", "KES"), LATER, None)
    assert told() == [
        ("price.offered", "KES\N{NO-BREAK SPACE}4,500.00 a month"),
        ("price.replaced", "KES\N{NO-BREAK SPACE}5,000.00 a month"),
    ]
    event = ActivityEvent.objects.latest("pk")
    assert (event.actor, event.company, event.data["before"]) == (finance, None, str(first))


def test_the_same_price_again_changes_nothing(plan: Plan) -> None:
    first = offer(plan, "4500")
    assert offer(plan, "4500.00", LATER) == first
    assert (PlanPrice.objects.count(), len(told())) == (1, 1)


def test_a_price_by_the_seat_is_another_price(plan: Plan) -> None:
    in_all, by_seat = offer(plan, "4500"), {"amount": Money(4500, "KES"), "is_per_seat": True, "by": None, "at": LATER}
    seat = prices.offer(plan=plan, interval="month", **by_seat)
    assert prices.offer(plan=plan, interval="month", **by_seat) == seat
    assert PlanPrice.objects.filter(replaced_at=LATER).get() == in_all
    assert str(seat) == "KES\N{NO-BREAK SPACE}4,500.00 a seat and month"
    assert (in_all.charge(7), seat.charge(7)) == (Money(4500, "KES"), Money(31500, "KES"))


def test_intervals_and_currencies_do_not_touch_one_another(plan: Plan) -> None:
    offer(plan, "4500")
    offer(plan, "45000", interval="year")
    prices.offer(plan=plan, interval="month", amount=Money(35, "USD"), by=None, at=AT)
    assert [str(row) for row in PlanPrice.objects.live()] == [
        "KES\N{NO-BREAK SPACE}4,500.00 a month",
        "KES\N{NO-BREAK SPACE}45,000.00 a year",
        "USD\N{NO-BREAK SPACE}35.00 a month",
    ]


@pytest.mark.parametrize("amount", [Money("-1", "KES"), Money("1.005", "KES"), Money("10.50", "UGX")])
def test_what_cannot_be_paid_is_no_price(plan: Plan, amount: Money) -> None:
    with pytest.raises(InvalidAmount):
        prices.offer(plan=plan, interval="month", amount=amount, by=None, at=AT)
    assert (PlanPrice.objects.count(), told()) == (0, [])


def test_an_archived_plan_gets_no_new_prices(db: None) -> None:
    live = PlanPriceFactory.create(plan__archived=True)
    for change in (
        lambda: offer(live.plan, "1"),
        lambda: prices.withdraw(price=live, by=None, at=AT),
        lambda: meter(live.plan, "1"),
    ):
        with pytest.raises(PlanIsArchived):
            change()
    live.refresh_from_db()
    assert (live.is_live, live.amount, PlanPrice.objects.count(), told()) == (True, Money("4500.00", "KES"), 1, [])


def test_a_withdrawn_price_stays_for_those_who_have_it(plan: Plan) -> None:
    row = offer(plan, "4500")
    prices.withdraw(price=row, by=None, at=LATER)
    prices.withdraw(price=PlanPrice.objects.get(), by=None, at=LATER + timedelta(days=1))
    assert PlanPrice.objects.get().replaced_at == LATER
    assert [verb for verb, _price in told()] == ["price.offered", "price.withdrawn"]


def meter(plan: Plan, price: str, included: int = 25, at: datetime = AT, metric: Metric | None = None) -> object:
    """Charge for payslips."""
    metric = metric or MetricFactory.create(slug="payslips")
    unit_price = Money(price, "USD")
    return prices.meter(plan=plan, metric=metric, included_quantity=included, unit_price=unit_price, by=None, at=at)


def test_terms_of_use_are_replaced_too(plan: Plan) -> None:
    first = meter(plan, "0.48")
    assert meter(plan, "0.480000000", at=LATER) == first
    meter(plan, "0.48", 50, LATER)
    rows = MeteredComponent.objects.order_by("pk")
    assert [(row.included_quantity, row.is_live) for row in rows] == [(25, False), (50, True)]
    assert told() == [
        ("price.offered", "USD\N{NO-BREAK SPACE}0.48 for each payslip above 25 a month"),
        ("price.replaced", "USD\N{NO-BREAK SPACE}0.48 for each payslip above 50 a month"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"amount": Decimal(1)},
        {"amount_currency": "USD"},
        {"interval": "year"},
        {"is_per_seat": True},
        {"created_at": LATER},
    ],
)
def test_the_database_refuses_to_edit_a_price(db: None, change: dict[str, object]) -> None:
    row = PlanPriceFactory.create()
    with pytest.raises(IntegrityError, match="never edited"), transaction.atomic():
        PlanPrice.objects.filter(pk=row.pk).update(**change)
    assert PlanPrice.objects.get().amount == Money("4500.00", "KES")


def test_the_database_refuses_to_revive_a_price_or_edit_terms(db: None) -> None:
    row, terms = PlanPriceFactory.create(replaced_at=LATER), MeteredComponentFactory.create()
    for rows, change in (
        (PlanPrice.objects.filter(pk=row.pk), {"replaced_at": None}),
        (MeteredComponent.objects.filter(pk=terms.pk), {"included_quantity": 0}),
        (MeteredComponent.objects.filter(pk=terms.pk), {"unit_price": 1}),
    ):
        with pytest.raises(IntegrityError, match="never edited"), transaction.atomic():
            rows.update(**change)
    assert MeteredComponent.objects.filter(replaced_at=None).update(replaced_at=LATER) == 1


def test_the_database_keeps_one_live_row(db: None) -> None:
    row, terms = PlanPriceFactory.create(), MeteredComponentFactory.create()
    for again in (
        lambda: PlanPriceFactory.create(plan=row.plan, amount=Money(1, "KES")),
        lambda: MeteredComponentFactory.create(plan=terms.plan, metric=terms.metric),
    ):
        with pytest.raises(IntegrityError, match="one_live"), transaction.atomic():
            again()
    PlanPriceFactory.create(plan=row.plan, amount=Money(1, "USD"))
    assert PlanPrice.objects.live().count() == 2


@pytest.mark.parametrize(
    ("included", "price", "used", "charged"),
    [
        (25, "60", 0, "0.00"),
        (25, "60", 25, "0.00"),
        (25, "60", 26, "60.00"),
        (25, "60", 125, "6000.00"),
        (0, "0.000125", 1, "0.00"),
        (0, "0.000125", 40, "0.01"),
        (0, "0.000125", 1_000_000, "125.00"),
        (1000, "0.333333333", 1003, "1.00"),
    ],
)
def test_use_is_charged_beyond_what_is_included(included: int, price: str, used: int, charged: str) -> None:
    row = MeteredComponent(included_quantity=included, unit_price=Money(price, "KES"))
    assert row.charge(used) == Money(charged, "KES")


@given(
    included=st.integers(0, 10**6),
    price=st.decimals(0, 1000, places=9),
    used=st.integers(0, 10**7),
    more=st.integers(0, 10**5),
)
def test_more_use_never_costs_less_and_what_is_included_nothing(
    included: int, price: Decimal, used: int, more: int
) -> None:
    row = MeteredComponent(included_quantity=included, unit_price=Money(price, "USD"))
    assert row.charge(min(used, included)).amount == 0
    assert row.charge(used + more) >= row.charge(used)
    assert abs(row.charge(included + used).amount - price * used) <= Decimal("0.005")
