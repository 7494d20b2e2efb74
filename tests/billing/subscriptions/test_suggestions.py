"""What would save money: worked examples, what is never suggested, and each saving is that of its quote."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.utils import timezone

from billing.catalog.models import Plan, PlanFamily, PlanLimit
from billing.subscriptions import suggestions
from billing.subscriptions.models import ProductGrant, Subscription
from billing.subscriptions.services import cancelling
from billing.usage.registry import Suggestion
from portal.accounts.models import Company, User
from tests.billing.subscriptions.world import kes, subscribed
from tests.billing.usage.figures import each_day, metric, used
from tests.factories import MembershipFactory, PlanFactory, PlanPriceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(db: None) -> Plan:
    """ERP Team alone: 1,000 KES a seat and month, 2 to 40 seats."""
    plan = PlanFactory.create(level=30, name="Team", slug="team", seats_min=2, seats_max=40)
    PlanPriceFactory.create(plan=plan, amount=kes(1000), is_per_seat=True)
    return plan


def today() -> date:
    return timezone.localdate()


def had(company: Company, plan: Plan, owner: User, **more: Any) -> Subscription:
    """A subscription from now on."""
    return subscribed(company, plan, owner, at=timezone.now(), **more)


def limited(plan: Plan, slug: str, quantity: int) -> None:
    """A limit of a plan."""
    PlanLimit.objects.create(plan=plan, metric=metric(slug), quantity=quantity)


def saving(found: list[Suggestion], title: str) -> tuple[str, str] | None:
    """What the suggestion with this title saves."""
    return next(((f"{one.saving.amount:.2f}", one.per) for one in found if one.title == title), None)


def asked(url: str) -> dict[str, Any]:
    """What an address of the change asks for, as the service takes it."""
    query = dict(parse_qsl(urlsplit(url).query))
    return {
        "plan": Plan.objects.get(slug=query["plan"]),
        "interval": query["interval"],
        "seats": int(query["seats"]),
    }


def given_seats(company: Company, count: int, *, days_ago: int = 0) -> list[User]:
    """More members who may open ERP."""
    people = [MembershipFactory.create(company=company) for _number in range(count)]
    product = Plan.objects.first().products.get()
    for membership in people:
        ProductGrant.objects.create(membership=membership, product=product)
    ProductGrant.objects.filter(membership__in=people).update(created_at=timezone.now() - timedelta(days=days_ago))
    return [membership.user for membership in people]


def test_a_smaller_plan_would_do_where_all_of_90_days_fits_with_a_tenth_to_spare(
    company: Company, owner: User, starter: Plan, business: Plan
) -> None:
    limited(starter, "payslips", 100)
    had(company, business, owner)
    # Thirty days of three: 90 in 31 days on end, and a tenth more is 99.
    each_day(company, metric("payslips"), today() - timedelta(days=29), [3] * 30)
    found = suggestions.of(company, today())
    assert saving(found, "ERP Starter would do") == ("3100.00", "a month")
    (one,) = [one for one in found if one.title == "ERP Starter would do"]
    assert list(one.reckoning) == [
        ("ERP Business, monthly", "KES\u00a06,200.00"),
        ("ERP Starter, monthly", "KES\u00a03,100.00"),
        ("Payslips: the most used, and the limit", "90 of 100"),
    ]
    used(company, metric("payslips"), today() - timedelta(days=30), 1)
    assert saving(suggestions.of(company, today()), "ERP Starter would do") is None


def test_what_was_used_more_than_90_days_ago_does_not_count(
    company: Company, owner: User, starter: Plan, business: Plan
) -> None:
    limited(starter, "payslips", 100)
    had(company, business, owner)
    used(company, metric("payslips"), today() - timedelta(days=90), 1000)
    used(company, metric("payslips"), today(), 1)
    assert saving(suggestions.of(company, today()), "ERP Starter would do")
    used(company, metric("payslips"), today() - timedelta(days=89), 1000)
    assert not saving(suggestions.of(company, today()), "ERP Starter would do")


def test_of_what_nobody_reported_nobody_says_that_it_fits(
    company: Company, owner: User, starter: Plan, business: Plan
) -> None:
    limited(starter, "payslips", 100)
    had(company, business, owner)
    assert saving(suggestions.of(company, today()), "ERP Starter would do") is None


def test_a_plan_too_small_for_the_members_is_not_suggested(
    company: Company, owner: User, starter: Plan, business: Plan
) -> None:
    had(company, business, owner)
    given_seats(company, 4)
    assert saving(suggestions.of(company, today()), "ERP Starter would do")
    given_seats(company, 1)
    assert not saving(suggestions.of(company, today()), "ERP Starter would do")


def test_where_the_family_does_not_go_down_no_smaller_plan_is_suggested(
    company: Company, owner: User, starter: Plan, business: Plan
) -> None:
    had(company, business, owner)
    PlanFamily.objects.update(moves=PlanFamily.Moves.UP)
    assert saving(suggestions.of(company, today()), "ERP Starter would do") is None
    PlanFamily.objects.update(moves=PlanFamily.Moves.ANY)
    starter.archive(at=timezone.now())
    starter.save()
    assert saving(suggestions.of(company, today()), "ERP Starter would do") is None


def test_a_year_at_once_saves_what_twelve_months_cost_more(company: Company, owner: User, starter: Plan) -> None:
    had(company, starter, owner)
    found = suggestions.of(company, today())
    # 12 × 3,100 is 37,200; the year costs 31,000.
    assert saving(found, "Pay ERP Starter by the year") == ("6200.00", "a year")
    assert list(found[0].reckoning) == [
        ("12 × ERP Starter, monthly", "KES\u00a037,200.00"),
        ("ERP Starter, yearly", "KES\u00a031,000.00"),
    ]


def test_a_year_that_costs_no_less_is_not_suggested(company: Company, owner: User) -> None:
    had(company, PlanFactory.create(month=1000, year=12000), owner)
    assert suggestions.of(company, today()) == []


def test_seats_that_nobody_has_are_too_many(company: Company, owner: User, team: Plan) -> None:
    had(company, team, owner, seats=10)
    given_seats(company, 3)
    found = suggestions.of(company, today())
    # The owner and three more: six of ten seats at 1,000.
    assert saving(found, "6 seats of ERP Team nobody uses") == ("6000.00", "a month")
    (one,) = found
    assert ("Members who have one", "4") in one.reckoning
    assert asked(one.url)["seats"] == 4


def test_seats_are_idle_after_60_days_without_use_and_never_before(company: Company, owner: User, team: Plan) -> None:
    had(company, team, owner, seats=5)
    busy, idle = given_seats(company, 2, days_ago=61)
    given_seats(company, 2, days_ago=59)
    # Products that do not say who uses them tell of nobody that they are idle.
    used(company, metric("payslips"), today(), 1)
    assert suggestions.of(company, today()) == []
    used(company, metric("payslips"), today() - timedelta(days=59), 1, by=busy)
    (one,) = suggestions.of(company, today())
    assert (one.title, one.saving) == ("1 seat of ERP Team nobody uses", kes(1000))
    assert ("Of these, without any use for 60 days", "1") in one.reckoning
    used(company, metric("payslips"), today(), 1, by=idle)
    assert suggestions.of(company, today()) == []


def test_no_fewer_seats_than_the_plan_has(company: Company, owner: User, team: Plan) -> None:
    had(company, team, owner, seats=3)
    (one,) = suggestions.of(company, today())
    assert (one.saving, asked(one.url)["seats"]) == (kes(1000), 2)
    assert ("Fewest seats of the plan", "2") in one.reckoning


def test_nothing_is_suggested_for_what_ends_or_changes_already(company: Company, owner: User, starter: Plan) -> None:
    mine = had(company, starter, owner)
    quote = cancelling.quote(subscription=mine, reason="other", by=owner, at=timezone.now())
    Subscription.objects.filter(pk=mine.pk).update(cancels_at_period_end=True)
    assert suggestions.of(company, today()) == []
    Subscription.objects.filter(pk=mine.pk).update(cancels_at_period_end=False, next_seats=1)
    assert suggestions.of(company, today()) == []
    assert quote.used_at is None


def test_another_companys_use_and_subscriptions_change_nothing(
    company: Company, owner: User, other_company: Company, stranger: User, starter: Plan, business: Plan
) -> None:
    limited(starter, "payslips", 100)
    had(other_company, business, stranger)
    assert suggestions.of(company, today()) == []
    had(company, business, owner)
    used(company, metric("payslips"), today(), 1)
    used(other_company, metric("payslips"), today(), 1000)
    assert saving(suggestions.of(company, today()), "ERP Starter would do")
    assert not saving(suggestions.of(other_company, today()), "ERP Starter would do")


def test_as_many_queries_for_one_subscription_as_for_three(
    company: Company, owner: User, starter: Plan, django_assert_max_num_queries: Any
) -> None:
    limited(starter, "payslips", 100)
    used(company, metric("payslips"), today(), 1)
    had(company, starter, owner)
    with django_assert_max_num_queries(18) as one:
        suggestions.of(company, today())
    for slug in ("sacco", "payroll"):
        plan = PlanFactory.create(family__slug=slug, products=[slug], month=1000, year=9000)
        limited(plan, "payslips", 100)
        had(company, plan, owner)
    with django_assert_max_num_queries(len(one)):
        assert len(suggestions.of(company, today())) == 3
