"""What happens when an invoice is not paid: each step once, nothing once it is paid."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing.invoicing.models import Invoice
from billing.payments.gateways.base import About, Event, Outcome, State
from billing.payments.models import DunningSettings, DunningStep, DunningTask, Payment, SandboxCard
from billing.payments.services import consequences, disputes, dunning, methods
from portal.accounts.models import Company, User
from portal.core.services import jobs
from portal.notifications.models import Notification
from tests.billing.invoicing.books import AT, TODAY, difference
from tests.billing.payments.conftest import LATER, card, first_steps, issued, paid
from tests.portal.core.threads import race

pytestmark = pytest.mark.django_db
DUE = date(2026, 12, 5)


@pytest.fixture(autouse=True)
def steps(db: None) -> None:
    """Those that there are at first."""
    first_steps()


def noon(days: int) -> datetime:
    """Noon in Nairobi, so many days after the invoice is due."""
    return datetime(2026, 12, 5, 9, 0, tzinfo=UTC) + timedelta(days=days)


def run_through(first: int, last: int) -> None:
    for days in range(first, last + 1):
        dunning.run(noon(days))


def subjects(user: User) -> list[str]:
    rows = Notification.objects.filter(recipient=user, kind__startswith="invoice_").exclude(kind="invoice_issued")
    return [row.subject.replace("\N{NO-BREAK SPACE}", " ") for row in rows.order_by("pk")]


def done() -> list[tuple[int, str]]:
    return list(DunningTask.objects.order_by("days", "pk").values_list("days", "action"))


def test_reminders_come_on_their_days_and_once(invoice: Invoice, owner: User) -> None:
    assert invoice.due_on == DUE
    run_through(-5, -4)
    assert subjects(owner) == []
    run_through(-3, 8)
    run_through(-3, 8)
    number = invoice.number
    assert subjects(owner) == [
        f"Invoice {number} is due on 5 December 2026: KES 1,160.00",
        f"Invoice {number} is due today: KES 1,160.00",
        f"Invoice {number} is overdue: KES 1,160.00",
        f"Invoice {number} is overdue: KES 1,160.00",
    ]


def test_reminder_reads_well_and_has_a_link_that_works(invoice: Invoice, owner: User, client: Any) -> None:
    dunning.run(noon(3))
    told = Notification.objects.get(recipient=owner, kind="invoice_overdue")
    first, link, last = told.body.replace("\N{NO-BREAK SPACE}", " ").split("\n\n")
    assert first == (
        f"KES 1,160.00 of invoice {invoice.number} of Savanna Foods were due on 5 December 2026, and we have not "
        "received them. Please pay soon, so that your products stay open."
    )
    assert last == "If you have just paid, there is nothing to do: this message and your payment have crossed."
    assert link.startswith(
        "Whoever pays for you can do so by this link, without signing in: http://127.0.0.1:8000/pay/"
    )
    assert client.get(link.rpartition("http://127.0.0.1:8000")[2]).status_code == 200
    assert told.url == f"/customer/billing/invoices/{invoice.number}/pay/"


def test_late_run_reminds_once_and_takes_one_consequence_after_the_other(invoice: Invoice, owner: User) -> None:
    heard: list[tuple[int, list[str]]] = []
    for days in (40, 40, 41, 42, 43, 43, 45, 46, 60):
        before = DunningTask.objects.count()
        dunning.run(noon(days))
        new = DunningTask.objects.order_by("pk")[before:]
        heard.append((days, [task.action for task in new if task.attempts]))
    assert heard == [
        (40, ["past_due", "remind", "retry"]), (40, []), (41, []), (42, []), (43, ["suspend"]), (43, []), (45, []),
        (46, ["cancel"]), (60, []),
    ]  # fmt: skip
    assert len(subjects(owner)) == 1
    assert (len(done()), DunningTask.objects.exclude(state="done").count()) == (11, 0)
    assert DunningTask.objects.get(action="suspend").result == "Subscriptions: 0."


def test_run_after_twenty_days_warns_before_it_suspends_and_cancels_on_its_day(invoice: Invoice, owner: User) -> None:
    for days in (20, 21, 22, 23, *range(24, 32)):
        dunning.run(noon(days))
    rows = DunningTask.objects.filter(action__in=("past_due", "suspend", "cancel")).order_by("pk")
    assert [(task.action, (timezone.localdate(task.created_at) - DUE).days) for task in rows] == [
        ("past_due", 20),
        ("suspend", 23),
        ("cancel", 30),
    ]


def test_everything_stops_when_it_is_paid(invoice: Invoice, owner: User) -> None:
    run_through(-3, 0)
    paid(invoice)
    before = DunningTask.objects.count()
    run_through(1, 31)
    assert (DunningTask.objects.count(), len(subjects(owner))) == (before, 3)
    assert subjects(owner)[-1] == f"Invoice {invoice.number} is paid"


def test_task_that_waits_does_nothing_once_it_is_paid(invoice: Invoice, owner: User) -> None:
    night = noon(0) + timedelta(hours=10)
    dunning.run(night)
    (task,) = DunningTask.objects.filter(state="queued")
    assert task.available_at == datetime(2026, 12, 6, 5, 0, tzinfo=UTC)
    paid(invoice)
    DunningTask.objects.update(available_at=AT)
    dunning.do(task.pk, at=noon(1))
    task.refresh_from_db()
    assert (task.state, task.result) == ("done", "Nothing is due any more.")
    assert [one for one in subjects(owner) if "due" in one] == []


@pytest.mark.parametrize(
    ("hour", "opened"),
    [(7, "08:00"), (8, "08:00"), (19, "19:00"), (20, "08:00"), (23, "08:00"), (0, "08:00")],
)
def test_quiet_hours(hour: int, opened: str) -> None:
    at = datetime(2026, 12, 5, tzinfo=UTC) + timedelta(hours=hour - 3)
    moment = dunning.after_quiet_hours(at, DunningSettings())
    assert f"{timezone.localtime(moment):%H:%M}" == opened
    assert moment >= at
    assert dunning.after_quiet_hours(at, DunningSettings(quiet_from=5, quiet_until=5)) == at


def test_card_is_charged_when_the_invoice_is_issued(company: Company, owner: User) -> None:
    method = card(company)
    invoice = issued(company, "1000")
    (task,) = DunningTask.objects.all()
    assert (task.action, task.invoice, task.state) == ("charge", invoice, "queued")
    assert dunning.do(task.pk, at=AT)
    assert not dunning.do(task.pk, at=AT)
    payment = Payment.objects.get()
    invoice.refresh_from_db()
    assert (payment.method, payment.is_automatic, payment.status) == (method, True, "succeeded")
    assert (invoice.status, difference()) == ("paid", "")


def test_without_a_card_nothing_is_planned(company: Company) -> None:
    issued(company, "1000")
    assert not DunningTask.objects.exists()


def test_refused_card_is_told_and_charged_again_on_its_days(company: Company, owner: User) -> None:
    card(company, LATER)
    invoice = issued(company, "1000")
    dunning.do(DunningTask.objects.get().pk, at=AT)
    told = Notification.objects.get(recipient=owner, kind="payment_failed")
    assert told.subject.replace("\N{NO-BREAK SPACE}", " ") == (
        f"We could not charge KES 1,160.00 for invoice {invoice.number}"
    )
    assert "The bank declined the card." in told.body
    run_through(0, 8)
    assert Payment.objects.count() == 5
    assert {payment.failure_code for payment in Payment.objects.all()} == {"card_declined"}


def test_card_that_has_expired_is_told_once_and_not_charged(company: Company, owner: User) -> None:
    method = card(company)
    type(method).objects.filter(pk=method.pk).update(expires_on=timezone.localdate(AT) - timedelta(days=1))
    issued(company, "1000")
    dunning.do(DunningTask.objects.get().pk, at=AT)
    run_through(0, 8)
    told = Notification.objects.get(recipient=owner, kind="payment_failed")
    assert "This card has expired. Choose or add another one." in told.body
    assert "/pay/" in told.body
    assert not Payment.objects.exists()


def test_card_that_nobody_can_charge_again_is_left(company: Company) -> None:
    method = card(company)
    SandboxCard.objects.update(behaviour="expired")
    issued(company, "1000")
    dunning.do(DunningTask.objects.get().pk, at=AT)
    run_through(0, 8)
    assert Payment.objects.count() == 1
    assert (
        DunningTask.objects.filter(action="retry", result__startswith="The method cannot be charged again").count() == 4
    )
    assert method.is_usable


def test_crash_after_the_charge_charges_once(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    card(company)
    invoice = issued(company, "1000")
    task = DunningTask.objects.get()

    def die(**_options: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(jobs, "finish", die)
        dunning.do(task.pk, at=AT)
    task.refresh_from_db()
    assert (task.state, task.attempts) == ("queued", 1)
    DunningTask.objects.update(available_at=AT)
    dunning.do(task.pk, at=AT)
    invoice.refresh_from_db()
    assert (Payment.objects.count(), invoice.status, difference()) == (1, "paid", "")


def test_consequences_follow_on_their_days(invoice: Invoice, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[str, str]] = []
    monkeypatch.setattr(
        consequences, "follow", lambda action, invoice, at: heard.append((action, f"{at:%d %b}")) or "Done."
    )
    run_through(-3, 31)
    assert heard == [("past_due", "06 Dec"), ("suspend", "19 Dec"), ("cancel", "04 Jan")]


def test_what_becomes_due_again_is_dunned_anew(invoice: Invoice, owner: User) -> None:
    payment = paid(invoice)
    event = Event("e", "d", About.DISPUTE, AT, reference="dp", outcome=Outcome(State.PENDING), amount=payment.money)
    disputes.record(payment=payment, event=event, at=noon(20))
    dunning.run(noon(20))
    assert {task.starts_on for task in DunningTask.objects.all()} == {DUE + timedelta(days=20)}
    assert not DunningTask.objects.filter(action__in=["suspend", "cancel"]).exists()


def test_steps_are_those_that_staff_keep(invoice: Invoice, owner: User) -> None:
    DunningStep.objects.exclude(days=0).update(is_active=False)
    run_through(-3, 31)
    assert done() == [(0, "remind")]
    assert [str(step) for step in DunningStep.objects.filter(days__in=[-3, 0, 1]).order_by("days", "action")] == [
        "3 days before: Remind",
        "On the day: Remind",
        "1 day after: Mark subscriptions as past due",
        "1 day after: Charge the default method again",
    ]


def test_run_asks_as_much_for_one_and_for_many(company: Company, invoice: Invoice) -> None:
    def weight() -> int:
        with CaptureQueriesContext(connection) as caught:
            dunning.run(noon(-4))
        return len(caught)

    one = weight()
    for _ in range(5):
        issued(company, "10")
    assert weight() == one


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_do_each_step_once(company: Company, owner: User) -> None:
    issued(company, "1000")
    results = race(lambda _number: dunning.run(noon(0)), threads=4)
    assert [result for result in results if isinstance(result, BaseException)] == []
    assert len(subjects(owner)) == 1
    assert methods.charged_alone(company) is None
    assert TODAY < DUE
