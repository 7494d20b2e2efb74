"""Staff read all subscriptions; administrators cancel and resume in a company's place, with a reason."""

import csv
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing.invoicing.models import CreditNote
from billing.subscriptions.models import Subscription
from billing.subscriptions.services import changes
from billing.subscriptions.services.subscribing import SeatsOutOfRange
from portal.activity.models import ActivityEvent
from tests.billing.subscriptions.world import subscribed
from tests.cast import client_of
from tests.factories import PlanFactory, PlanFamilyFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/registers/subscriptions/"
REASON = "They closed the shop, and called us."


@pytest.fixture
def mine(company, owner, starter) -> Subscription:
    """Savanna's ERP Starter since three days ago."""
    return subscribed(company, starter, owner, at=timezone.now() - timedelta(days=3))


@pytest.fixture
def theirs(other_company, stranger, business) -> Subscription:
    """Ridgeline's ERP Business since two days ago."""
    return subscribed(other_company, business, stranger, at=timezone.now() - timedelta(days=2))


def test_list_says_when_the_period_ends(mine, support):
    Subscription.objects.update(period_ends_at=datetime(2090, 4, 14, 21, 30, tzinfo=UTC))
    page = client_of(support).get(LIST).content.decode()
    assert "15 April 2090" in page
    assert "Just now" not in page


def test_sheet_holds_amounts_as_numbers_beside_their_currency(mine, support):
    sheet = b"".join(client_of(support).get(f"{LIST}?export=csv").streaming_content).decode()
    head, row = csv.DictReader(sheet.splitlines()).fieldnames, next(csv.DictReader(sheet.splitlines()))
    assert head[5:8] == ["Status", "Currency", "Amount"]
    assert (row["Company"], row["Currency"], Decimal(row["Amount"])) == ("Savanna Foods", "KES", Decimal(3100))


def shown(user, query: str = "") -> list[Subscription]:
    return list(client_of(user).get(LIST + query).context["object_list"])


def test_staff_read_them_and_nobody_else(mine, support, finance, staff, editor, owner):
    page = f"{LIST}inspect/{mine.pk}/"
    for person in (support, finance, staff):
        assert "ERP Starter, monthly" in client_of(person).get(page).text
    for person in (editor, owner):
        for address in (LIST, page, f"{LIST}cancel/{mine.pk}/"):
            assert client_of(person).get(address).status_code in (302, 403)


def test_the_list_is_narrowed(mine, theirs, finance, starter):
    assert shown(finance) == [theirs, mine]
    assert shown(finance, "?company=savanna") == [mine]
    assert shown(finance, "?status=cancelled") == []
    assert shown(finance, f"?plan={starter.pk}") == [mine]


def test_a_longer_list_asks_no_more(mine, company, owner, finance):
    client = client_of(finance)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST).status_code == 200
        return len(queries)

    client.get(LIST)
    before = asked()
    for number in range(5):
        family = PlanFamilyFactory.create(slug=f"other-{number}")
        plan = PlanFactory.create(family=family, slug=f"other-{number}", month=100)
        subscribed(company, plan, owner, at=timezone.now() - timedelta(days=1))
    assert asked() == before


def test_support_acts_for_nobody(mine, support):
    client = client_of(support)
    assert "/cancel/" not in client.get(f"{LIST}inspect/{mine.pk}/").text
    client.post(f"{LIST}cancel/{mine.pk}/", {"why": "other", "override": REASON})
    mine.refresh_from_db()
    assert (mine.status, mine.cancels_at_period_end) == ("active", False)


def test_an_administrator_cancels_and_resumes_with_a_reason_that_the_company_reads(mine, staff):
    client = client_of(staff)
    refused = client.post(f"{LIST}cancel/{mine.pk}/", {"why": "other", "override": ""})
    assert refused.context["form"].errors.keys() == {"override"}
    client.post(f"{LIST}cancel/{mine.pk}/", {"why": "closing", "override": REASON})
    mine.refresh_from_db()
    assert (mine.cancels_at_period_end, mine.cancel_reason) == (True, "closing")
    assert ActivityEvent.objects.get(verb="subscription.cancelling").data["override"] == REASON
    client.post(f"{LIST}resume/{mine.pk}/", {"override": "They stay after all."})
    mine.refresh_from_db()
    assert mine.cancels_at_period_end is False


def test_what_is_unused_is_given_back_only_with_an_end_now(mine, staff):
    client = client_of(staff)
    form = {"why": "other", "override": REASON, "credits_unused": "on"}
    refused = client.post(f"{LIST}cancel/{mine.pk}/", form)
    assert refused.context["form"].errors.keys() == {"credits_unused"}
    assert not CreditNote.objects.exists()
    client.post(f"{LIST}cancel/{mine.pk}/", {**form, "at_once": "on"})
    mine.refresh_from_db()
    assert mine.status == "cancelled"
    note = CreditNote.objects.get()
    assert 0 < note.total.amount < note.invoice.total.amount


def test_seats_of_a_contract_are_set_with_a_reason_and_hold_for_the_next_change(mine, company, owner, staff, support):
    address = f"{LIST}seats/{mine.pk}/"
    client_of(support).post(address, {"fewest": "2", "most": "3", "override": REASON})
    client = client_of(staff)
    assert "Seats by contract" in client.get(f"{LIST}inspect/{mine.pk}/").text
    for form, field in (
        ({"fewest": "2", "most": "3", "override": ""}, "override"),
        ({"fewest": "0", "most": "3", "override": REASON}, "fewest"),
        ({"fewest": "4", "most": "3", "override": REASON}, "most"),
        # The plan allows five at most.
        ({"fewest": "6", "most": "", "override": REASON}, "most"),
    ):
        assert client.post(address, form).context["form"].errors.keys() == {field}
    mine.refresh_from_db()
    assert (mine.contract_seats_min, mine.contract_seats_max, mine.version) == (None, None, 1)
    assert client.post(address, {"fewest": "2", "most": "40", "override": REASON}).status_code == 302
    mine.refresh_from_db()
    assert (mine.seats_min, mine.seats_max, mine.seats, mine.version) == (2, 40, 1, 2)
    assert client.get(address).context["form"].initial == {"fewest": 2, "most": 40}
    assert "2 to 40" in client.get(f"{LIST}inspect/{mine.pk}/").text
    assert ActivityEvent.objects.get(verb="subscription.seats_agreed").data == {"seats": "2 to 40", "override": REASON}
    with pytest.raises(SeatsOutOfRange):
        changes.quote(subscription=mine, seats=41, by=owner, at=timezone.now())
    assert changes.quote(subscription=mine, seats=40, by=owner, at=timezone.now()).seats == 40


def test_seats_of_what_has_ended_are_not_agreed_on(mine, staff):
    client = client_of(staff)
    client.post(f"{LIST}cancel/{mine.pk}/", {"why": "other", "override": REASON, "at_once": "on"})
    refused = client.post(f"{LIST}seats/{mine.pk}/", {"fewest": "2", "most": "3", "override": REASON})
    assert refused.context["form"].non_field_errors() == ["This subscription has ended."]
