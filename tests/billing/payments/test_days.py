"""`process_subscriptions` through months: in one go, day by day, after an outage and twice it comes to the same."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from billing.catalog.models import Plan
from billing.invoicing.models import Charge, Invoice
from billing.invoicing.services import runs
from billing.payments.models import DunningTask, Payment
from billing.payments.services import dunning, manual, turns
from billing.subscriptions.models import Subscription, SubscriptionPeriod
from portal.accounts.models import User
from portal.activity.models import ActivityEvent
from portal.core.services import jobs
from portal.notifications.models import Notification
from tests.billing.invoicing.books import difference
from tests.billing.payments.conftest import ASKS, GOOD, LATER, card, first_steps
from tests.billing.subscriptions.world import on, subscribed
from tests.factories import CompanyFactory, MembershipFactory, PlanFactory

pytestmark = pytest.mark.django_db
# A year to come: what a job has by default for its time is the real day, and no job is done before it.
TODAY, PAID_ON, LAST = date(2090, 3, 1), date(2090, 4, 3), date(2090, 5, 6)
DAY = timedelta(days=1)
CARDS = {"declined": LATER, "good": GOOD, "asks": ASKS, "nothing": "", "by bank": ""}
ALL = ("declined", "good", "asks", "by bank")
Days = list[date]
World = dict[str, list[tuple[Any, ...]]]
Lived = Callable[..., World]


class Clock:
    """The portal's time, which stands still until it is moved."""

    def __init__(self) -> None:
        self.at = on(2090, 3, 1)

    def now(self) -> datetime:
        """As django.utils.timezone has it."""
        return self.at


@pytest.fixture(autouse=True)
def clock(db: None, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Nine in the morning of 1 March 2090."""
    standing = Clock()
    monkeypatch.setattr(timezone, "now", standing.now)
    first_steps()
    return standing


@pytest.fixture
def starter() -> Plan:
    """KES 3,100 a month after fourteen days."""
    return PlanFactory.create(name="Starter", slug="starter", month=3100, trial_days=14)


def begin(starter: Plan, *names: str) -> None:
    """Companies that try the plan from today on, each with its card."""
    for name in names:
        company = CompanyFactory.create(name=name, slug=name.replace(" ", "-"))
        owner = MembershipFactory.create(company=company, role="owner").user
        subscribed(company, starter, owner, at=on(2090, 3, 1))
        if CARDS[name]:
            card(company, CARDS[name], expires_on="2095-12")


def days(first: date, last: date) -> Days:
    return [first + DAY * number for number in range((last - first).days + 1)]


def live(calls: Days, by: User, *, times: int = 1) -> None:
    """Call both commands for each of these days; one company pays by bank on its day."""
    for day in calls:
        for _ in range(times):
            call_command("process_subscriptions", "--date", day.isoformat(), stdout=StringIO())
            call_command("generate_invoices", "--date", day.isoformat(), stdout=StringIO())
        if day == PAID_ON:
            late = Invoice.objects.get(company__slug="by-bank", status="open")
            manual.record(
                company=late.company, amount=late.due, reference="FT1", at=on(2090, 4, 3, 20), by=by, first=[late]
            )


def world() -> World:
    """What stands in the books, in the bells and in the trail, but for keys."""
    assert difference() == ""
    return {
        "subscriptions": list(
            Subscription.objects.order_by("company__slug").values_list(
                "company__slug", "status", "period_starts_at", "due_at", "past_due_at", "suspended_at", "ended_at"
            )
        ),
        "periods": list(
            SubscriptionPeriod.objects.order_by("subscription__company__slug", "starts_at").values_list(
                "subscription__company__slug", "starts_at", "amount"
            )
        ),
        "charges": list(
            Charge.objects.order_by("company__slug", "due_on").values_list("company__slug", "due_on", "invoice__number")
        ),
        "invoices": list(
            Invoice.objects.order_by("number").values_list(
                "number", "company__slug", "issued_on", "due_on", "status", "total_amount"
            )
        ),
        "dunning": [
            (str(task.invoice), task.action, task.due_on, task.state, task.created_at, *task.result.partition(": ")[1:])
            for task in DunningTask.objects.select_related("invoice").order_by("invoice__number", "days", "action")
        ],
        "payments": list(
            Payment.objects.order_by("created_at", "company__slug").values_list(
                "company__slug", "invoice__number", "status", "amount", "created_at", "closed_at"
            )
        ),
        "told": list(
            Notification.objects.order_by("created_at", "recipient", "kind", "subject").values_list(
                "company__slug", "kind", "subject", "created_at"
            )
        ),
        "trail": sorted(ActivityEvent.objects.exclude(at=on(2090, 3, 1)).values_list("at", "company__slug", "verb")),
    }


class Undone(Exception):
    """The world is taken back."""


@pytest.fixture
def lived(starter: Plan, finance: User) -> Lived:
    """What comes of calls for these days, in a world that is taken back afterwards."""

    def outcome(calls: Days, *, times: int = 1) -> World:
        found: World = {}
        try:
            with transaction.atomic():
                begin(starter, *ALL)
                live(calls, finance, times=times)
                found = world()
                raise Undone
        except Undone:
            return found

    return outcome


def test_one_go_day_by_day_late_and_twice_come_to_the_same(lived: Lived) -> None:
    in_one_go, daily = lived([PAID_ON, LAST]), days(TODAY, LAST)
    everything_is_on_its_day(in_one_go)
    outage = [day for day in daily if not date(2090, 3, 20) < day < PAID_ON]
    for calls, times in ((daily, 1), (outage, 2)):
        found = lived(calls, times=times)
        for what, rows in in_one_go.items():
            assert found[what] == rows, (what, len(calls), times)


def everything_is_on_its_day(found: World) -> None:
    lost = (on(2090, 3, 30, 12), on(2090, 4, 12, 12), on(2090, 4, 28, 12))
    assert [(row[0], row[1], *row[4:]) for row in found["subscriptions"]] == [
        ("asks", "cancelled", *lost),
        ("by-bank", "past_due", on(2090, 4, 30, 12), None, None),
        ("declined", "cancelled", *lost),
        ("good", "active", None, None, None),
    ]
    assert [(row[1], f"{row[2]:%d %b}", row[4]) for row in found["invoices"]] == [
        ("declined", "15 Mar", "open"),
        ("good", "15 Mar", "paid"),
        ("asks", "15 Mar", "open"),
        ("by-bank", "15 Mar", "paid"),
        ("good", "15 Apr", "paid"),
        ("by-bank", "15 Apr", "open"),
    ]
    assert [(row[1], f"{row[2]:%d %b}") for row in found["dunning"] if row[0] == "INV-2090-000001"] == [
        ("remind", "26 Mar"), ("charge", "15 Mar"), ("remind", "29 Mar"), ("past_due", "30 Mar"), ("retry", "30 Mar"),
        ("remind", "01 Apr"), ("retry", "01 Apr"), ("retry", "03 Apr"), ("remind", "05 Apr"), ("retry", "05 Apr"),
        ("suspend", "12 Apr"), ("cancel", "28 Apr"),
    ]  # fmt: skip
    # A card that is declined is charged on the turn after its invoice, and on the days of its steps; one whose bank
    # asks for a confirmation that nobody gives is given up after a day.
    assert [
        (row[2], f"{row[4]:%d %b}", f"{row[5]:%d %b}") for row in found["payments"] if row[0] in ("declined", "asks")
    ] == [
        (state, first, last)
        for first, next_day in (
            ("16 Mar", "17 Mar"),
            ("30 Mar", "31 Mar"),
            ("01 Apr", "02 Apr"),
            ("03 Apr", "04 Apr"),
            ("05 Apr", "06 Apr"),
        )
        for state, last in (("cancelled", next_day), ("failed", first))
    ]


def overdue(starter: Plan, clock: Clock, *names: str) -> None:
    """Invoices that are due on 29 March, of companies for which nothing is done since the 16th."""
    begin(starter, *names)
    call_command("process_subscriptions", "--date", "2090-03-16", stdout=StringIO())
    assert {str(row.due_on) for row in Invoice.objects.all()} == {"2090-03-29"}
    clock.at = on(2090, 4, 20, 10)


def stands() -> list[tuple[str, str]]:
    return list(DunningTask.objects.filter(attempts=1).order_by("pk").values_list("action", "result"))


def test_who_was_not_reminded_in_time_has_notice_first(starter: Plan, clock: Clock) -> None:
    overdue(starter, clock, "nothing")
    for _ in range(2):
        call_command("process_subscriptions", "--date", "2090-04-20", stdout=StringIO())
    subscription = Subscription.objects.get()
    # What was renewed until then is owed, as the products were open.
    assert (subscription.status, subscription.past_due_at, subscription.period_starts_at) == (
        "past_due",
        clock.at,
        on(2090, 4, 15),
    )
    assert stands() == [
        ("past_due", "Subscriptions: 1."),
        ("remind", "Reminded."),
        ("retry", "No method that can be charged."),
    ]
    assert Notification.objects.filter(kind="invoice_overdue").count() == 1
    heard = {}
    for day in days(date(2090, 4, 21), date(2090, 4, 30)):
        clock.at = on(2090, 4, day.day, 10)
        call_command("process_subscriptions", "--date", day.isoformat(), stdout=StringIO())
        heard.setdefault(Subscription.objects.get().status, day.day)
    assert heard == {"past_due": 21, "suspended": 23, "cancelled": 28}


def test_day_that_is_over_is_nobodys_notice_however_it_is_caught_up(starter: Plan, clock: Clock) -> None:
    found = []
    for calls in (
        [date(2090, 4, 20)],
        days(date(2090, 3, 17), date(2090, 4, 20)),
        [date(2090, 4, 13), date(2090, 4, 20)],
    ):
        with transaction.atomic():
            clock.at = on(2090, 3, 1)
            overdue(starter, clock, "nothing", "declined")
            for day in calls:
                call_command("process_subscriptions", "--date", day.isoformat(), stdout=StringIO())
                call_command("generate_invoices", "--date", day.isoformat(), stdout=StringIO())
            found.append(world())
            transaction.set_rollback(True)
    assert found[0] == found[1] == found[2]
    assert [row[1] for row in found[0]["subscriptions"]] == ["past_due", "past_due"]


def test_without_a_date_it_does_what_the_scheduler_does(starter: Plan, clock: Clock) -> None:
    overdue(starter, clock, "nothing")
    out = StringIO()
    call_command("process_subscriptions", stdout=out)
    assert out.getvalue() == "Done. dunning: 3, renewed: 1.\n"
    assert (Subscription.objects.get().status, Charge.objects.filter(invoice=None).count()) == ("past_due", 1)


def test_payment_stops_it_at_once(starter: Plan, finance: User) -> None:
    begin(starter, "by bank")
    live([PAID_ON], finance)
    before = DunningTask.objects.count()
    call_command("process_subscriptions", "--date", "2090-04-15", stdout=StringIO())
    assert (DunningTask.objects.count(), Subscription.objects.get().status) == (before, "active")


def test_night_waits_for_the_morning_and_days_to_come_do_not(starter: Plan, clock: Clock) -> None:
    overdue(starter, clock, "nothing")
    clock.at = on(2090, 4, 20, 23)
    call_command("process_subscriptions", "--date", "2090-04-20", stdout=StringIO())
    assert [action for action, _result in stands()] == ["past_due"]
    waiting = DunningTask.objects.filter(state="queued")
    assert set(waiting.values_list("available_at", flat=True)) == {on(2090, 4, 21, 8)}
    call_command("process_subscriptions", "--date", "2090-04-21", stdout=StringIO())
    assert not waiting.exists()
    assert Notification.objects.get(kind="invoice_overdue").created_at == on(2090, 4, 21, 12)


def test_day_to_come_waits_for_what_a_worker_is_at(
    starter: Plan, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    """A worker charges the card: the reminder of the day after sees that all is paid."""
    begin(starter, "good")
    call_command("process_subscriptions", "--date", "2090-03-15", stdout=StringIO())
    runs.issue_due(until=date(2090, 3, 15))
    task = DunningTask.objects.get()
    claimed = jobs.claim(job_type=DunningTask, pk=task.pk, at=clock.at)
    slept = []

    def worker_ends(seconds: float) -> None:
        slept.append(seconds)
        DunningTask.objects.filter(pk=claimed.pk).update(state="queued")
        dunning.do(task.pk, at=clock.at)

    monkeypatch.setattr(turns.time, "sleep", worker_ends)
    call_command("process_subscriptions", "--date", "2090-03-26", stdout=StringIO())
    assert (slept, Payment.objects.get().status) == ([turns.SECONDS], "succeeded")
    assert not Notification.objects.filter(kind="invoice_due_soon").exists()


def test_idle_days_are_passed_over(starter: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[datetime] = []
    monkeypatch.setattr(dunning, "run", lambda at: asked.append(at) or 0)
    begin(starter, "nothing")
    call_command("process_subscriptions", "--date", "2090-03-13", stdout=StringIO())
    assert asked == [on(2090, 3, 11, 12), on(2090, 3, 12, 12), on(2090, 3, 13, 12)]
