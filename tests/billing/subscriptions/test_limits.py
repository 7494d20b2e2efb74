"""What is used of a plan's limits, and warnings once a period."""

from collections.abc import Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.catalog.models import Plan, PlanLimit, Product
from billing.subscriptions import registry, users
from billing.subscriptions.models import Subscription
from billing.subscriptions.registry import Use
from billing.subscriptions.services import access, limits
from portal.accounts.models import Company, User
from portal.notifications.models import Notification
from tests.billing.subscriptions.world import START, on, run, subscribed
from tests.factories import CompanyFactory, MembershipFactory, MetricFactory

pytestmark = pytest.mark.django_db


def grant(company: Company, number: int) -> None:
    """Let so many more members open ERP."""
    erp = Product.objects.filter(slug="erp")
    for _ in range(number):
        access.give(membership=MembershipFactory.create(company=company), products=erp, by=None)


def limit(plan: Plan, slug: str, most: int) -> None:
    """Limit something that is counted."""
    PlanLimit.objects.create(plan=plan, metric=MetricFactory.create(slug=slug), quantity=most)


@pytest.fixture
def gigabytes(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How much storage everybody uses."""
    stored = {"storage": 79}

    def read(questions: Sequence[Use]) -> list[int | None]:
        return [stored.get(use.metric.slug) for use in questions]

    monkeypatch.setattr(registry.usage, "_entries", {"storage": read, "users": users.read})
    return stored


def shown(subscription: Subscription) -> list[tuple[str, int | None, int | None, int | None]]:
    return [(row.label, row.used, row.limit, row.percent) for row in limits.of(subscription)]


def test_limits_of_a_plan_with_what_is_used(
    company: Company, owner: User, team: Plan, gigabytes: dict[str, int]
) -> None:
    for slug, most in (("storage", 100), ("users", 40), ("branches", 3)):
        limit(team, slug, most)
    subscription = subscribed(company, team, owner, seats=3)
    grant(company, 1)
    assert sorted(shown(subscription)) == [
        ("Branches", None, 3, None),
        ("Seats", 2, 3, 66),
        ("Storage", 79, 100, 79),
        ("Users", 2, 40, 5),
    ]


def test_people_are_warned_at_80_and_100_percent_once_in_a_period(
    company: Company, owner: User, viewer: User, starter: Plan, gigabytes: dict[str, int]
) -> None:
    limit(starter, "storage", 100)
    subscribed(company, starter, owner)
    warned = []
    for used, day in ((79, 2), (80, 3), (99, 4), (100, 5), (140, 6)):
        gigabytes["storage"] = used
        warned.append(limits.warn(at=on(2026, 3, day)))
    assert warned == [0, 1, 0, 1, 0]
    assert list(Notification.objects.filter(kind="limit_reached").order_by("pk").values_list("subject", flat=True)) == [
        "ERP Starter: 80 % of Storage are used",
        "ERP Starter: 100 % of Storage are used",
    ]
    assert set(Notification.objects.filter(kind="limit_reached").values_list("recipient", flat=True)) == {owner.pk}
    assert run(on(2026, 4, 1)) == {"renewed": 1, "warnings": 1}
    assert run(on(2026, 4, 2)) == {}


def test_seats_are_warned_of_and_close_nothing(company: Company, owner: User, team: Plan) -> None:
    subscription = subscribed(company, team, owner, seats=2)
    grant(company, 3)
    assert shown(subscription)[0] == ("Seats", 4, 2, 200)
    assert limits.warn(at=START) == 1
    assert Notification.objects.get(kind="limit_reached").subject == "ERP Team: 200 % of Seats are used"


def test_many_are_asked_for_at_once(starter: Plan, gigabytes: dict[str, int]) -> None:
    limit(starter, "storage", 100)

    def count(number: int) -> int:
        for _ in range(number):
            company = CompanyFactory.create()
            subscribed(company, starter, MembershipFactory.create(company=company, role="owner").user)
        with CaptureQueriesContext(connection) as queries:
            limits.warn(at=START)
        return len(queries)

    assert count(1) == count(5) <= 20
