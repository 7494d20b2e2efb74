"""A member opens Payroll with one click, the bill goes unpaid, the click explains, the owner pays, the click works."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from billing.catalog.models import Product
from billing.invoicing.models import Invoice, TaxRate
from billing.launch import tasks
from billing.payments.services import dunning
from billing.subscriptions.models import Subscription
from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from tests.billing.launch.sample_product import process
from tests.billing.launch.sample_product.process import Sample
from tests.billing.payments.conftest import first_steps
from tests.billing.subscriptions.world import subscribed
from tests.browser.acting import press
from tests.factories import PlanFactory

pytestmark = pytest.mark.browser
CARD = "5555555555554444"
# The invoice was due a fortnight after this, and that long ago again access is suspended.
BEGAN = timedelta(days=29)


@pytest.fixture
def subscription(portal_site: None, transactional_db: None, company: Company, owner: User) -> Subscription:
    """The company has had Payroll for four weeks, and no card is kept."""
    TaxRate.objects.create(country="KE", percent=Decimal(16), starts_on=date(2021, 1, 1))
    first_steps()
    plan = PlanFactory.create(level=10, name="Plus", slug="plus", month=3100, products=["payroll"])
    return subscribed(company, plan, owner, at=timezone.now() - BEGAN)


@pytest.fixture
def payroll(subscription: Subscription, live_server: LiveServer, settings: Any, tmp_path: Path) -> Iterator[Sample]:
    """Payroll itself, which takes the portal's word for an hour: what ends sooner, the portal has told it."""
    settings.BASE_URL = live_server.url
    product = Product.objects.get(slug="payroll")
    product.name = "Payroll"
    product.save()
    started = process.start(product, portal=live_server.url, folder=tmp_path, check=3600)
    yield started
    started.process.kill()
    started.process.wait()


def grant(owner: Page, member: User) -> None:
    """On the member's page."""
    owner.goto(f"/customer/members/{member.public_id}/")
    owner.get_by_label("Payroll").check()
    press(owner, "Save")
    expect(owner).to_have_url(f"{owner.url.partition('/customer/')[0]}/customer/members/")


def open_payroll(page: Page, payroll: Sample) -> None:
    """By its card."""
    page.goto("/customer/products/")
    press(page, "Open Payroll", "link")
    expect(page).to_have_url(f"{payroll.url}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")


def leave_unpaid(invoice: Invoice) -> None:
    """Each day's steps, until the day after access is suspended; then what the scheduler does all the time."""
    noon = datetime.combine(invoice.due_on, datetime.min.time(), tzinfo=timezone.get_current_timezone())
    for days in range(-3, 15):
        dunning.run(noon + timedelta(days=days, hours=12))
    assert Subscription.objects.get().status == "suspended"
    tasks.end_closed_sessions()


def pay(owner: Page) -> None:
    """From the page that explains, with a card at the sandbox."""
    press(owner, "Pay the invoice", "link")
    owner.get_by_role("link", name="Pay", exact=False).filter(has_text="Pay").last.press("Enter")
    press(owner, "Pay")
    owner.locator("input[name=number]").fill(CARD)
    owner.locator("input[name=expires_on]").fill("12/95")
    press(owner, "Pay")
    expect(owner.get_by_text("The payment has arrived.")).to_be_visible()


def test_click_works_explains_and_works_again(
    payroll: Sample, worker: None, owner: User, viewer: User, open_as: Callable[..., Page]
) -> None:
    boss, member, late = open_as(owner), open_as(viewer), open_as(viewer)
    member.goto("/customer/products/")
    expect(member.get_by_role("link", name="Open Payroll")).to_have_count(0)
    grant(boss, viewer)
    open_payroll(member, payroll)
    press(member, "Add 5 employees")
    expect(member.get_by_text("5 employees added.")).to_be_visible()
    late.goto("/customer/products/")

    leave_unpaid(Invoice.objects.get())
    member.goto(payroll.url)
    expect(member.get_by_text("Sign in with the portal")).to_be_visible()
    press(late, "Open Payroll", "link")
    expect(late.get_by_text("Payroll is suspended")).to_be_visible()
    expect(late.get_by_text("Ask an owner or whoever pays the invoices of your company.")).to_be_visible()

    boss.goto("/customer/products/payroll/launch/")
    expect(boss.get_by_text("Payroll is suspended")).to_be_visible()
    pay(boss)
    assert Subscription.objects.get().status == "active"
    open_payroll(member, payroll)
    expect(member.locator(".figures")).to_contain_text("140 Employees")
    assert ActivityEvent.objects.filter(verb="product.member_reported", actor=viewer).count() == 1
