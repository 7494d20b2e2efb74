"""Widgets of money on a company's dashboard: asked for once the page is there, by those who may see them."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from djmoney.money import Money

from billing.catalog.models import Plan
from billing.invoicing.services import drafts, invoices
from billing.invoicing.services.drafts import Item
from home.models import DashboardPage
from portal.accounts.models import Company, User
from tests.billing.invoicing.conftest import issued
from tests.billing.payments.conftest import card
from tests.billing.subscriptions.conftest import kenyan_vat, starter
from tests.billing.subscriptions.world import subscribed
from tests.cast import client_of
from tests.factories import PlanFactory, PlanFamilyFactory

__all__ = ["kenyan_vat", "starter"]
pytestmark = pytest.mark.usefixtures("portal_site")
DASHBOARD = "/customer/dashboard/"
WIDGETS = ("billing_summary", "next_bill", "plans_and_limits")


@pytest.fixture
def begun_at(company: Company, owner: User, starter: Plan) -> datetime:
    """Savanna has ERP Starter since now: KES 3,100.00 a month, and owes KES 3,596.00 for it."""
    now = timezone.now()
    subscribed(company, starter, owner, at=now)
    return now


def address(client: Client, name: str) -> str:
    """Where this widget of the viewer's dashboard is asked for alone."""
    shown = client.get(DASHBOARD).context
    ids = [child.id for child in DashboardPage.objects.get(desk_kind="company").body if child.block_type == name]
    return f"{shown['live_url']}&only={ids[0]}"


def read(client: Client, name: str) -> str:
    answer = client.get(address(client, name))
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    return " ".join(answer.text.split())


def test_dashboard_holds_their_places_and_reads_none_of_them(begun_at: datetime, owner: User) -> None:
    client = client_of(owner)
    shown = client.get(DASHBOARD)
    assert shown.text.count("skeleton") >= len(WIDGETS)
    assert "3,596.00" not in shown.text
    later = client.get(f"{shown.context['live_url']}&later=1")
    assert "3,596.00" in later.text
    assert 'hx-swap-oob="true"' in later.text
    assert "Articles for you" not in later.text
    assert "3,596.00" in client.get(f"{DASHBOARD}?all=1").text


def test_each_shows_what_the_company_owes_and_has(begun_at: datetime, company: Company, owner: User) -> None:
    client = client_of(owner)
    assert "No card is kept" in read(client, "billing_summary")
    card(company)
    summary = read(client, "billing_summary")
    assert "KES 3,596.00" in summary
    assert "Visa ending in 4242 is charged when an invoice is issued." in summary
    assert "overdue" not in summary
    bill = read(client, "next_bill")
    for words in ("ERP Starter", "KES 3,100.00", "VAT 16 %", "KES 496.00", "KES 3,596.00"):
        assert words in bill
    plans = read(client, "plans_and_limits")
    for words in ("ERP Starter", "Active", "Seats", "of 5", "It renews on"):
        assert words in plans


def test_what_is_late_is_said_first(begun_at: datetime, company: Company, owner: User) -> None:
    at = timezone.now() - timedelta(days=40)
    late = drafts.create(company=company, items=[Item("Training", Money("1000.00", "KES"))], at=at)
    invoices.issue(invoice=late, today=timezone.localdate(at), at=at, by=None)
    summary = read(client_of(owner), "billing_summary")
    assert "An invoice is overdue" in summary
    assert "KES 1,160.00" in summary
    assert "KES 4,756.00" in summary


def test_company_with_nothing_is_led_on(company: Company, owner: User) -> None:
    client = client_of(owner)
    assert "KES 0.00" in read(client, "billing_summary")
    assert "No bill is coming" in read(client, "next_bill")
    assert "Choose a plan" in read(client, "plans_and_limits")


def test_viewer_sees_plans_and_no_money(begun_at: datetime, viewer: User) -> None:
    client = client_of(viewer)
    shown = client.get(f"{DASHBOARD}?all=1").text
    assert [title in shown for title in ("Billing</h2>", "Next bill", "Plans and limits")] == [False, False, True]
    assert [bool(read(client, name)) for name in WIDGETS] == [False, False, True]


def test_others_find_nothing(begun_at: datetime, stranger: User, developer: User, owner: User) -> None:
    assert "ERP Starter" not in read(client_of(stranger), "plans_and_limits")
    of_savanna = address(client_of(owner), "plans_and_limits")
    assert {client_of(person).get(of_savanna).status_code for person in (stranger, developer)} == {404}


def test_one_that_fails_says_so_alone(begun_at: datetime, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_named: Any) -> Any:
        raise RuntimeError("The ledger is away.")

    monkeypatch.setattr("billing.payments.services.owing.of", broken)
    client = client_of(owner)
    assert "What is due cannot be read just now." in read(client, "billing_summary")
    assert "ERP Starter" in read(client, "plans_and_limits")


def test_preview_shows_samples(begun_at: datetime) -> None:
    page = DashboardPage.objects.get(desk_kind="company")
    shown = {block.block_type: " ".join(block.render().split()) for block in page.body if block.block_type in WIDGETS}
    assert shown.keys() == set(WIDGETS)
    assert not any("skeleton" in each or "Savanna" in each for each in shown.values())
    assert "KES 13,920.00" in shown["next_bill"]


def test_each_asks_as_much_for_many_as_for_one(begun_at: datetime, company: Company, owner: User) -> None:
    client = client_of(owner)

    def asked() -> dict[str, int]:
        counts = {}
        for name in WIDGETS:
            asked_at = address(client, name)
            client.get(asked_at)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(asked_at).status_code == 200
            counts[name] = len(queries)
        return counts

    before = asked()
    for number in range(5):
        family = PlanFamilyFactory.create(slug=f"other-{number}")
        plan = PlanFactory.create(family=family, slug=f"other-{number}", month=100)
        subscribed(company, plan, owner, at=begun_at)
        issued(company, "10.00")
    assert asked() == before
    assert max(before.values()) <= 10, before
