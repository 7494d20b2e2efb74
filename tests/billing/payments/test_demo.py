"""The demo world's cards and payments: one that pays, one that is refused, and books that agree."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from billing.catalog import demo as catalog
from billing.invoicing import demo as invoicing
from billing.invoicing.models import Invoice, InvoiceRun
from billing.invoicing.services import runs
from billing.payments import demo
from billing.payments.models import DunningTask, Payment, PaymentMethod
from billing.payments.services import dunning
from billing.subscriptions import demo as subscriptions
from billing.subscriptions.models import ProductAccess, Subscription
from billing.subscriptions.services import processing
from portal.accounts.models import Company, User
from tests.billing.invoicing.books import difference
from tests.billing.payments.conftest import first_steps
from tests.cast import member
from tests.factories import CompanyFactory

pytestmark = pytest.mark.django_db
World = tuple[dict[str, User], dict[str, Company]]


@pytest.fixture
def world(owner: User, company_admin: User, billing_member: User, viewer: User, stranger: User) -> World:
    """The companies of the demo with their subscriptions, and the steps that migrations bring."""
    first_steps()
    northwind = CompanyFactory.create(slug="northwind-labs", currency="USD", country="US")
    everybody = (owner, company_admin, billing_member, viewer, stranger)
    people = {user.email: user for user in (*everybody, member(northwind, "owner", "owner@northwind.example"))}
    companies = {company.slug: company for company in Company.objects.all()}
    catalog.create()
    invoicing.create(companies)
    subscriptions.create(people, companies)
    return people, companies


def test_demo_has_a_card_that_pays_and_one_that_is_refused_once(world: World) -> None:
    for _ in range(2):
        demo.create(*world)
    methods = PaymentMethod.objects.order_by("pk").values_list("company__slug", "last4", "is_default")
    assert list(methods) == [
        ("northwind-labs", "4242", True),
        ("savanna-foods", "4242", True),
        ("ridgeline-sacco", "0341", True),
    ]
    found = Payment.objects.order_by("created_at", "pk").values_list("company__slug", "status", "failure_code")
    # In the morning the retry of the third day is still to come.
    tried = DunningTask.objects.filter(action="retry", attempts=1).count()
    assert tried in (1, 2)
    assert (
        list(found) == [("savanna-foods", "succeeded", "")] + [("ridgeline-sacco", "failed", "card_declined")] * tried
    )
    assert difference() == ""


def test_ridgeline_stays_past_due_for_a_while(world: World) -> None:
    demo.create(*world)
    (late,) = Invoice.objects.filter(company__slug="ridgeline-sacco", status="open")
    assert late.due_on == timezone.localdate() - timedelta(days=3)
    done = DunningTask.objects.filter(invoice=late, state="done").order_by("days", "action")
    assert list(done.values_list("days", "action"))[:4] == [
        (-3, "remind"),
        (0, "remind"),
        (1, "past_due"),
        (1, "retry"),
    ]
    assert Subscription.objects.get(company__slug="ridgeline-sacco").status == "past_due"


def test_without_the_sandbox_there_are_no_cards(world: World, settings: Any) -> None:
    settings.PAYMENT_SANDBOX = False
    demo.create(*world)
    assert not PaymentMethod.objects.exists()


def live_through(at: datetime) -> None:
    """What scheduler and worker do on one day, in the order of their hours."""
    processing.process(until=at)
    runs.start(until=timezone.localdate(at), at=at)
    while run := InvoiceRun.objects.filter(finished_at=None).first():
        # Jobs are claimed by the real clock, which has not come to this day yet.
        run.batches.update(available_at=timezone.now())
        assert runs.issue_next(run=run, at=at)
    charging = DunningTask.objects.filter(action="charge", state="queued")
    charging.update(available_at=timezone.now())
    for task in charging:
        dunning.do(task.pk, at=at)
    demo.go_on(at)
    dunning.run(at)


def test_demo_goes_on_for_weeks(world: World, finance: User) -> None:
    """Nobody's products ever close, and Ridgeline is late again and again."""
    demo.create(*world)
    start, late = timezone.now().replace(hour=9, minute=0), []
    for day in range(1, 50):
        live_through(start + timedelta(days=day))
        if Subscription.objects.get(company__slug="ridgeline-sacco").status == "past_due":
            late.append(day)
        assert not ProductAccess.objects.filter(is_open=False).exists(), day
    assert (late[0], len(late) >= 15) == (1, True), late
    others = Subscription.objects.exclude(company__slug="ridgeline-sacco")
    assert set(others.values_list("status", flat=True)) == {"active"}
    assert difference() == ""


def test_without_the_sandbox_nobody_pays_by_itself(world: World, finance: User, settings: Any) -> None:
    settings.PAYMENT_SANDBOX = False
    assert demo.go_on(timezone.now() + timedelta(days=30)) == 0
