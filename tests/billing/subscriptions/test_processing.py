"""What time does: trials, renewals, ends, use; whenever and however often it is run."""

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from billing.catalog.models import Plan
from billing.invoicing.models import Charge
from billing.subscriptions import registry
from billing.subscriptions.models import ProductAccess, Subscription, SubscriptionPeriod
from billing.subscriptions.registry import Step, Use
from billing.subscriptions.services import cancelling, processing, quotes
from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from portal.notifications.models import Notification
from tests.billing.subscriptions.world import START, changed, charges, on, periods, run, subscribed
from tests.factories import CompanyFactory, MembershipFactory, MeteredComponentFactory, PlanPriceFactory

pytestmark = pytest.mark.django_db


def cancelled(subscription: Subscription, by: User, *, at: datetime, at_once: bool = False) -> Subscription:
    quote = cancelling.quote(subscription=subscription, reason="not_used", by=by, at=at, at_once=at_once)
    return quotes.confirm(quote=quote, by=by, at=at)


def test_billing_day_is_kept_through_short_months(company: Company, owner: User, starter: Plan) -> None:
    subscription = subscribed(company, starter, owner, at=on(2026, 1, 31, 23, 30))
    run(on(2026, 5, 31, 23, 30))
    assert [first for first, _end, _amount in periods(subscription)] == [
        "2026-01-31",
        "2026-02-28",
        "2026-03-31",
        "2026-04-30",
        "2026-05-31",
    ]
    assert [day for day, _words, _amount in charges(company)] == [
        "2026-02-28",
        "2026-03-31",
        "2026-04-30",
        "2026-05-31",
    ]


def test_leap_day_comes_back_after_four_years(company: Company, owner: User, starter: Plan) -> None:
    subscription = subscribed(company, starter, owner, at=on(2028, 2, 29), interval="year")
    run(on(2032, 2, 29))
    assert [first for first, _end, _amount in periods(subscription)] == [
        "2028-02-29",
        "2029-02-28",
        "2030-02-28",
        "2031-02-28",
        "2032-02-29",
    ]


def test_renewal_is_charged_once_at_its_instant_and_not_before(subscription: Subscription, company: Company) -> None:
    end = on(2026, 4, 1)
    processing.process(until=end)
    assert charges(company) == []
    assert run(end) == {"renewed": 1}
    assert run(end) == {}
    subscription.refresh_from_db()
    assert (subscription.period_starts_at, subscription.period_ends_at) == (end, on(2026, 5, 1))
    assert charges(company) == [("2026-04-01", "ERP Starter, monthly", "3100.00")]
    assert Charge.objects.get().source == subscription.source
    assert ActivityEvent.objects.get(verb="subscription.renewed").at == end


def test_trial_converts_and_sets_the_billing_day(company: Company, owner: User, starter: Plan) -> None:
    Plan.objects.update(trial_days=14)
    subscription = subscribed(company, starter, owner)
    processing.process(until=on(2026, 3, 11))
    assert not Notification.objects.filter(kind="trial_ending").exists()
    for _ in range(2):
        processing.process(until=on(2026, 3, 13))
    told = Notification.objects.get(kind="trial_ending")
    assert told.subject == "The trial of ERP Starter ends on 15 March 2026"
    run(on(2026, 4, 16))
    subscription.refresh_from_db()
    assert (subscription.status, subscription.anchor_at) == ("active", on(2026, 3, 15))
    assert periods(subscription) == [
        ("2026-03-01", "2026-03-15", "0.00"),
        ("2026-03-15", "2026-04-15", "3100.00"),
        ("2026-04-15", "2026-05-15", "3100.00"),
    ]
    assert [day for day, _words, _amount in charges(company)] == ["2026-03-15", "2026-04-15"]


def test_what_was_cancelled_ends_with_the_period_and_closes(
    subscription: Subscription, company: Company, owner: User
) -> None:
    cancelled(subscription, owner, at=on(2026, 3, 10))
    assert run(on(2026, 6, 1)) == {"cancelled": 1}
    subscription.refresh_from_db()
    assert (subscription.status, subscription.ended_at, subscription.due_at) == ("cancelled", on(2026, 4, 1), None)
    access = ProductAccess.objects.get(company=company)
    assert (access.is_open, access.closed_reason, access.why) == (
        False,
        "cancelled",
        "The subscription was cancelled.",
    )
    assert charges(company) == []
    assert Notification.objects.get(kind="access_closed").recipient == owner


def test_what_does_not_renew_runs_out(subscription: Subscription, company: Company, owner: User) -> None:
    cancelling.stop_renewing(subscription=subscription, by=owner, at=on(2026, 3, 10))
    assert run(on(2026, 4, 1)) == {"expired": 1}
    assert ProductAccess.objects.get(company=company).closed_reason == "expired"


def test_cancelled_trial_costs_nothing(company: Company, owner: User, starter: Plan) -> None:
    Plan.objects.update(trial_days=14)
    cancelled(subscribed(company, starter, owner), owner, at=on(2026, 3, 2))
    assert run(on(2026, 5, 1)) == {"cancelled": 1}
    assert charges(company) == []


class Meter:
    """Use that a product reported: so much in every window, and which windows were asked for."""

    def __init__(self, quantity: int) -> None:
        self.quantity, self.asked = quantity, []

    def __call__(self, questions: list[Use]) -> list[int | None]:
        self.asked += [(f"{use.starts_at:%m-%d}", f"{use.ends_at:%m-%d}") for use in questions]
        return [self.quantity if use.metric.slug == "payslips" else None for use in questions]


@pytest.fixture
def meter(monkeypatch: pytest.MonkeyPatch) -> Meter:
    meter = Meter(40)
    monkeypatch.setattr(registry.usage, "_entries", {"meter": meter})
    return meter


def test_use_is_charged_for_each_month_also_of_a_year(
    company: Company, owner: User, starter: Plan, meter: Meter
) -> None:
    MeteredComponentFactory.create(plan=starter)
    subscribed(company, starter, owner, interval="year")
    run(on(2026, 5, 1))
    # 40 less 25 that are included, 60 KES each.
    assert [(day, amount) for day, _words, amount in charges(company)] == [
        ("2026-04-01", "900.00"),
        ("2026-05-01", "900.00"),
    ]
    assert charges(company)[0][1].startswith("Payslips: 15 of 40 at KES")
    assert meter.asked == [("03-01", "04-01"), ("04-01", "05-01")]


def test_last_use_is_charged_when_it_ends_and_a_trial_is_free(
    company: Company, owner: User, starter: Plan, meter: Meter
) -> None:
    MeteredComponentFactory.create(plan=starter)
    Plan.objects.update(trial_days=14)
    subscription = subscribed(company, starter, owner)
    run(on(2026, 3, 15))
    assert meter.asked == []
    subscription.refresh_from_db()
    cancelled(subscription, owner, at=on(2026, 3, 20), at_once=True)
    assert meter.asked == [("03-15", "03-20")]
    assert [amount for _day, _words, amount in charges(company)] == ["3100.00", "900.00"]


def test_use_nobody_counts_is_not_charged(company: Company, owner: User, starter: Plan) -> None:
    MeteredComponentFactory.create(plan=starter)
    subscribed(company, starter, owner)
    run(on(2026, 4, 1))
    assert charges(company) == [("2026-04-01", "ERP Starter, monthly", "3100.00")]


def test_subscription_keeps_its_price_of_use(company: Company, owner: User, starter: Plan, meter: Meter) -> None:
    component = MeteredComponentFactory.create(plan=starter)
    subscribed(company, starter, owner)
    component.replace(at=START)
    component.save(update_fields=["replaced_at"])
    run(on(2026, 4, 1))
    assert "900.00" in [amount for _day, _words, amount in charges(company)]


def world(starter: Plan, business: Plan) -> None:
    """Four companies of which each has something else before it."""
    for number, slug in enumerate(("plain", "down", "ending", "trial")):
        company = CompanyFactory.create(slug=slug)
        owner = MembershipFactory.create(company=company, role="owner").user
        Plan.objects.update(trial_days=20 if slug == "trial" else 0)
        subscription = subscribed(company, business, owner, at=on(2026, 1, 28 + number))
        if slug == "down":
            changed(subscription, owner, at=on(2026, 2, 10), plan=starter)
        elif slug == "ending":
            cancelled(subscription, owner, at=on(2026, 2, 10))


def books() -> list[object]:
    """What stands in the books of each company, but for keys and versions."""
    fields = ("status", "plan", "period_starts_at", "period_ends_at", "anchor_at", "ended_at", "due_at", "next_price")
    return [
        (row.company.slug, [getattr(row, field) for field in fields], charges(row.company), periods(row))
        for row in Subscription.objects.select_related("company", "plan").order_by("company__slug")
    ]


class Undone(Exception):
    """The world is taken back."""


def test_day_by_day_and_in_one_go_come_to_the_same(starter: Plan, business: Plan) -> None:
    first, last, found = on(2026, 2, 12, 3), on(2026, 4, 3), []
    for days in (2, 1000):
        try:
            with transaction.atomic():
                world(starter, business)
                for number in range(0, (last - first).days, days):
                    processing.process(until=first + timedelta(days=number))
                processing.process(until=last)
                found.append(books())
                raise Undone
        except Undone:
            continue
    assert found[0] == found[1]
    assert [(slug, fields[0], len(owed)) for slug, fields, owed, _periods in found[0]] == [
        ("down", "active", 2),
        ("ending", "cancelled", 0),
        ("plain", "active", 2),
        ("trial", "active", 2),
    ]


def test_command_runs_to_the_end_of_its_day_and_says_what_it_did(subscription: Subscription, company: Company) -> None:
    out = StringIO()
    call_command("process_subscriptions", "--date", "2026-03-31", stdout=out)
    assert charges(company) == []
    call_command("process_subscriptions", "--date", "2026-04-01", stdout=out)
    assert charges(company) == [("2026-04-01", "ERP Starter, monthly", "3100.00")]
    assert "renewed: 1" in out.getvalue()


def test_other_apps_join_in(subscription: Subscription) -> None:
    asked: list[datetime] = []

    def dun(until: datetime) -> int:
        asked.append(until)
        return 2

    registry.steps.register("reminders", Step(dun, lambda _last: None))
    assert processing.process(until=START) == {"reminders": 2}
    assert asked == [START]


def test_batch_of_renewals_takes_a_handful_of_statements_however_many_there_are(starter: Plan) -> None:
    price = PlanPriceFactory.create(plan=starter, interval="month", amount_currency="USD", amount=10)

    def renew(number: int, at: datetime) -> int:
        companies = [CompanyFactory.create() for _ in range(number)]
        rows = [
            Subscription(
                company=company,
                family=starter.family,
                plan=starter,
                price=price,
                started_at=at,
                anchor_at=at,
                period_starts_at=at,
                period_ends_at=at + timedelta(days=1),
                use_charged_until_at=at,
                due_at=at + timedelta(days=1),
            )
            for company in companies
        ]
        Subscription.objects.bulk_create(rows)
        for company in companies:
            MembershipFactory.create(company=company, role="owner")
        with CaptureQueriesContext(connection) as queries:
            processing.process(until=at + timedelta(days=2))
        return len(queries)

    few, many = renew(2, START), renew(60, START)
    assert SubscriptionPeriod.objects.count() == 62
    assert few == many <= 40
