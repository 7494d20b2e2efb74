"""Cards say how it stands with each product of the company, and what this member can do about it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from billing.launch.models import (
    Incident,
    ProductFigure,
    ProductHealth,
    ProductSession,
    ProductSync,
    State,
)
from billing.launch.services import access, asking_for_access, clients, state_reports
from billing.launch.services.state_reports import Figure
from billing.subscriptions.models import ProductAccess, ProductGrant, Subscription
from portal.accounts.models import Membership
from portal.approvals import services as approvals
from tests.billing.subscriptions.world import subscribed
from tests.cast import client_of
from tests.factories import PlanFactory, ProductAccessFactory, ProductFactory

pytestmark = pytest.mark.django_db
PLACE = "/customer/products/"


@pytest.fixture
def erp(company, other_company):
    """ERP, which Savanna has; Ridgeline has SACCO."""
    product = ProductFactory.create(slug="erp")
    product.launch_url = "https://erp.example/sign-in/"
    product.save()
    clients.keep(product=product, redirect_uris=[], post_logout_redirect_uris=[], backchannel_logout_uri="", by=None)
    return product


def grant(user, product) -> None:
    """Let a member open a product."""
    ProductGrant.objects.create(membership=Membership.objects.get(user=user), product=product)


def close(product, reason: str) -> None:
    """Close the product for every company that has it."""
    ProductAccess.objects.filter(product=product).update(is_open=False, closed_reason=reason, closed_at=timezone.now())


def cards(client, query: str = ""):
    """The cards of the page of products."""
    return {card.slug: card for card in client.get(f"{PLACE}{query}").context["cards"]}


def test_members_see_what_their_company_has_and_what_else_there_is(erp, owner, stranger):
    context = client_of(owner).get(PLACE).context
    assert [card.slug for card in context["cards"]] == ["erp"]
    assert [other.slug for other, _url in context["others"]] == ["sacco"]
    assert list(cards(client_of(stranger))) == ["sacco"]


def test_a_granted_product_is_opened_with_one_click(erp, viewer):
    grant(viewer, erp)
    card = cards(client_of(viewer))["erp"]
    assert (card.note, card.launch_url, card.settings_url) == (None, "/customer/products/erp/launch/", "")
    assert 'href="/customer/products/erp/launch/"' in client_of(viewer).get(PLACE).text


@pytest.mark.parametrize(
    ("who", "label", "is_form"), [("viewer", "Ask for access", True), ("owner", "Give access", False)]
)
def test_who_was_not_given_it_reads_what_to_do(request, erp, who, label, is_form):
    client = client_of(request.getfixturevalue(who))
    card = cards(client)["erp"]
    assert card.launch_url == ""
    assert (card.note.way.label, card.note.way.is_form) == (label, is_form)
    assert "/customer/products/erp/launch/" not in client.get(PLACE).text


def test_who_asked_reads_since_when_and_whom_it_waits_for(erp, viewer, company, other_company, company_admin):
    client = client_of(viewer)
    asked = asking_for_access.ask(
        membership=Membership.objects.get(user=viewer), product=erp, at=datetime(2026, 5, 3, 9, tzinfo=UTC)
    )
    note = cards(client)["erp"].note
    assert (note.text, note.way) == ("Asked on 3 May, waiting for owners and admins of Savanna Foods.", None)
    assert note.text in client.get(f"{PLACE}erp/").text
    assert cards(client_of(company_admin))["erp"].note.way.label == "Ask for access"
    approvals.reject(approval=asked, by=company_admin, at=timezone.now(), comment="Not now.")
    assert cards(client)["erp"].note.way.url == "/customer/products/erp/ask/"


@pytest.mark.parametrize(
    ("who", "reason", "label", "way"),
    [
        ("owner", "suspended", "Suspended", "/customer/billing/invoices/?status=overdue"),
        ("viewer", "suspended", "Suspended", None),
        ("billing_member", "cancelled", "Cancelled", "/customer/plans/?product=erp"),
        ("company_admin", "expired", "Expired", None),
        ("owner", "not_in_plan", "Not in the plan", "/customer/plans/?product=erp"),
    ],
)
def test_a_closed_product_says_why_and_what_this_member_can_do(request, erp, who, reason, label, way):
    user = request.getfixturevalue(who)
    grant(user, erp)
    close(erp, reason)
    client = client_of(user)
    card = cards(client)["erp"]
    assert (card.status, card.status_label, card.launch_url) == (reason, label, "")
    assert (card.note.way.url if card.note.way else None) == way
    assert ProductAccess.WHY[reason][0] in card.note.text
    page = client.get(f"{PLACE}erp/").text
    assert ProductAccess.WHY[reason][0].replace("'", "&#x27;") in page
    assert "/launch/" not in page


@pytest.mark.parametrize("change", ["", "granted", "suspended", "unverified", "withdrawn", "no client"])
def test_a_card_opens_exactly_what_launching_lets_in(erp, company, viewer, change):
    if change:
        grant(viewer, erp)
    if change == "suspended":
        close(erp, "suspended")
    product = {
        "unverified": {"needs_verification": True},
        "withdrawn": {"is_active": False},
        "no client": {"client": None},
    }
    for name, value in product.get(change, {}).items():
        setattr(erp, name, value)
    erp.save()
    decision = access.decide(user=viewer, company=company, product=erp)
    assert bool(cards(client_of(viewer))["erp"].launch_url) is decision.is_open is (change == "granted")


def test_a_trial_and_what_is_past_due_are_named(erp, company, owner):
    plan = PlanFactory.create(month=3100, trial_days=14)
    subscription = subscribed(company, plan, owner, at=timezone.now() - timedelta(days=1))
    card = cards(client_of(owner))["erp"]
    assert card.status == "trialing"
    assert card.status_label.startswith("Trial until ")
    Subscription.objects.filter(pk=subscription.pk).update(status="past_due")
    assert cards(client_of(owner))["erp"].status_label == "Past due"


def test_products_for_verified_companies_lead_to_verification(erp, owner, viewer):
    erp.needs_verification = True
    erp.save()
    grant(owner, erp)
    assert cards(client_of(owner))["erp"].note.way.url == "/customer/settings/verification/"
    assert cards(client_of(viewer))["erp"].note.way is None


def test_last_access_is_the_members_own(erp, owner, viewer, company):
    at = timezone.now() - timedelta(hours=3)
    began = {"started_at": at, "authenticated_at": at, "expires_at": at + timedelta(days=1)}
    ProductSession.objects.create(user=owner, company=company, product=erp, role="owner", **began)
    assert "Opened 3" in cards(client_of(owner))["erp"].last_used
    assert cards(client_of(viewer))["erp"].last_used == "Not opened by you yet"


def test_what_does_not_work_is_said_with_the_note(erp, owner):
    ProductHealth.objects.create(product=erp, state=State.DOWN, observed=State.DOWN)
    Incident.objects.create(product=erp, started_at=timezone.now(), note="Back at noon.")
    for page in (PLACE, f"{PLACE}erp/"):
        shown = client_of(owner).get(page).text
        assert "Not working" in shown
        assert "Back at noon." in shown


def test_quick_statistics_and_synchronisation_are_the_companys_own(erp, company, other_company, owner):
    at = timezone.now() - timedelta(minutes=7)
    for place, value in ((company, 1480), (other_company, 99)):
        row = {"company": place, "product": erp, "key": "records", "label": "Records", "position": 0}
        ProductFigure.objects.create(value=value, reported_at=at, **row)
        ProductSync.objects.create(company=place, product=erp, state="failed", synced_at=at, detail=f"{value} refused")
    card = cards(client_of(owner))["erp"]
    assert [(stat.label, stat.value) for stat in card.stats] == [("Records", "1,480")]
    assert (card.sync.label, card.sync.detail) == ("Synchronisation failed 7\xa0minutes ago", "1480 refused")
    assert "1,480" in client_of(owner).get(f"{PLACE}erp/").text


def test_quick_statistics_change_against_the_last_value_of_an_earlier_day(erp, company, other_company, owner):
    def tell(value, place, at):
        figures = [Figure("records", "Records", value)]
        state_reports.set_figures(product=erp, company=place, figures=figures, reported_at=at, at=at)
        stat = cards(client_of(owner))["erp"].stats[0]
        return stat.value, stat.change, stat.direction, stat.compared

    # Nairobi's midnight is 21:00 UTC.
    first = datetime(2026, 5, 3, 20, 59, tzinfo=UTC)
    assert tell(1200, company, first) == ("1,200", "", "flat", "")
    assert tell(1250, company, first + timedelta(minutes=1)) == ("1,250", "50", "up", "since 3 May")
    assert tell(1190, company, first + timedelta(hours=2)) == ("1,190", "10", "down", "since 3 May")
    assert tell(7, other_company, first + timedelta(days=2)) == ("1,190", "10", "down", "since 3 May")
    assert tell(1190, company, first + timedelta(days=2)) == ("1,190", "0", "flat", "since 4 May")
    assert "since 4 May" in client_of(owner).get(PLACE).text


def test_search_finds_by_name_text_and_state(erp, company, owner):
    ProductAccessFactory.create(company=company, product=ProductFactory.create(slug="payroll", description="Payslips"))
    client = client_of(owner)
    assert list(cards(client, "?q=paysl")) == ["payroll"]
    assert list(cards(client, "?q=ERP+open")) == ["erp"]
    assert list(cards(client, "?q=nothing+such")) == []
    assert "No product matches" in client.get(f"{PLACE}?q=nothing+such").text
    assert client.get(f"{PLACE}?q=%3Cb%3E").text.count("<b>") == 0


def test_list_or_grid_is_remembered(erp, owner):
    client = client_of(owner)
    assert client.get(PLACE).context["is_list"] is False
    assert client.get(f"{PLACE}?view=list&q=e").context["is_list"] is True
    assert client.get(PLACE).context["is_list"] is True
    client.get(f"{PLACE}?view=nonsense")
    assert client.get(PLACE).context["is_list"] is True
    client.get(f"{PLACE}?view=grid")
    assert client.get(PLACE).context["is_list"] is False
