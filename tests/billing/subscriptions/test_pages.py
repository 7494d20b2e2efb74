"""Companies see what they have, what a change costs, and confirm exactly that."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from billing.invoicing.models import Invoice
from billing.subscriptions.models import Quote, Subscription
from portal.core.money import words
from tests.billing.subscriptions.world import kes, subscribed
from tests.cast import client_of
from tests.factories import PlanFactory, PlanFamilyFactory

pytestmark = pytest.mark.django_db
PLACE = "/customer/subscriptions/"


@pytest.fixture
def mine(company, owner, starter) -> Subscription:
    """Savanna's ERP Starter since a moment ago."""
    return subscribed(company, starter, owner, at=timezone.now() - timedelta(days=3))


def quoted(client, address: str, **values: object) -> str:
    """Where somebody sees what it costs."""
    answer = client.post(address, values)
    assert answer.status_code == 302, answer.context["form"].errors
    return answer.url


def test_subscribing_is_chosen_shown_and_charged_exactly_so(owner, starter, company):
    client = client_of(owner)
    shown = client.get("/customer/plans/?interval=month").text
    assert f"{PLACE}new/starter/?interval=month" in shown
    page = quoted(client, f"{PLACE}new/starter/", interval="month")
    assert "3,596.00" in client.get(page).text
    assert not Invoice.objects.exists()
    assert client.post(page).url == PLACE
    assert Invoice.objects.get().total == kes(3596)
    overview = client.get(PLACE).text
    assert "ERP Starter" in overview
    assert "It renews on" in overview
    again = client.post(page)
    assert "Nothing was charged a second time." in again.text
    assert Invoice.objects.count() == 1


@pytest.mark.parametrize(("query", "chosen"), [("", "month"), ("?interval=year", "year"), ("?interval=week", "")])
def test_first_way_to_pay_is_chosen_unless_another_was(owner, starter, query, chosen):
    page = client_of(owner).get(f"{PLACE}new/starter/{query}").text
    radios = re.findall(r'<input type="radio" name="interval" value="(\w+)"[^>]*?( checked)?[ /]*>', page)
    assert [value for value, _checked in radios] == ["month", "year"]
    assert [value for value, checked in radios if checked] == ([chosen] if chosen else [])


def test_an_upgrade_is_two_lines_and_a_downgrade_waits(mine, owner, business, starter):
    client = client_of(owner)
    page = quoted(client, f"{PLACE}{mine.public_id}/change/", plan="business", interval="month")
    quote = Quote.objects.latest("pk")
    assert len(quote.lines.all()) == 2
    client.post(page)
    mine.refresh_from_db()
    assert mine.plan == business
    # In the same instant the way back would be no downgrade, but the change undone.
    Subscription.objects.update(changed_at=timezone.now() - timedelta(hours=1))
    client.post(quoted(client, f"{PLACE}{mine.public_id}/change/", plan="starter", interval="month"))
    mine.refresh_from_db()
    assert (mine.plan, mine.next_price.plan) == (business, starter)
    assert re.search(r"From \d+ \w+ \d+ on: ERP Starter, monthly\.", client.get(PLACE).text)
    client.post(f"{PLACE}{mine.public_id}/keep/")
    mine.refresh_from_db()
    assert mine.next_price is None


def plain(answer) -> str:
    """A page as it is read."""
    return answer.text.replace("\N{NO-BREAK SPACE}", " ")


def test_an_upgrade_charges_line_by_line_what_the_page_said(mine, owner, business):
    client = client_of(owner)
    page = quoted(client, f"{PLACE}{mine.public_id}/change/", plan="business", interval="month")
    shown = plain(client.get(page))
    client.post(page)
    invoice = Invoice.objects.latest("pk")
    lines = list(invoice.lines.all())
    assert (len(lines), invoice.total.amount > 0) == (2, True)
    for said in (*(line.net for line in lines), invoice.tax, invoice.total):
        assert words(said).replace("\N{NO-BREAK SPACE}", " ") in shown, said


def test_what_is_chosen_from_says_what_it_costs(mine, owner, business, team, starter):
    client = client_of(owner)
    page = plain(client.get(f"{PLACE}{mine.public_id}/change/"))
    assert "Starter (now): KES 3,100.00 a month / KES 31,000.00 a year" in page
    assert "Business: KES 6,200.00 a month / KES 62,000.00 a year" in page
    assert "Team: KES 1,000.00 a seat and month" in page
    wanted = f"{PLACE}{mine.public_id}/change/?plan=business&interval=year"
    assert wanted.replace("&", "&amp;") in client.get("/customer/plans/?interval=year").text
    chosen = client.get(wanted).context["form"]
    assert (chosen["plan"].value(), chosen["interval"].value()) == ("business", "year")
    family = PlanFamilyFactory.create(name="Payroll", slug="payroll")
    PlanFactory.create(family=family, name="Plus", slug="plus", month=100, year=1000)
    page = plain(client.get(f"{PLACE}new/plus/?interval=year"))
    assert "Monthly: KES 100.00 a month" in page
    assert "Yearly: KES 1,000.00 a year" in page
    assert 'href="/customer/plans/"' in page


def test_the_page_before_confirming_says_what_is_about_to_be_done(mine, owner, business):
    client, change = client_of(owner), f"{PLACE}{mine.public_id}/change/"
    for address, values, heading, button in (
        (change, {"plan": "business", "interval": "month"}, "Change to ERP Business", "Confirm the change"),
        (change, {"plan": "starter", "interval": "year"}, "Change ERP Starter", "Confirm the change"),
        (
            f"{PLACE}{mine.public_id}/cancel/",
            {"when": "end", "reason": "other"},
            "Cancel ERP Starter",
            "Cancel the subscription",
        ),
    ):
        page = plain(client.get(quoted(client, address, **values)))
        assert re.search(rf"<h1[^>]*>\s*{heading}\s*</h1>", page), heading
        assert button in page
    PlanFactory.create(family=PlanFamilyFactory.create(name="HR", slug="hr"), slug="hr", month=100, trial_days=14)
    assert "Start the trial" in plain(client.get(quoted(client, f"{PLACE}new/hr/", interval="month")))


def test_who_may_not_see_invoices_is_not_sent_there(mine, owner, viewer):
    Subscription.objects.update(status=Subscription.Status.PAST_DUE)
    due = "/customer/billing/invoices/?status=overdue"
    for person, expected in ((owner, True), (viewer, False)):
        page = client_of(person).get(PLACE).text
        assert "An invoice is overdue" in page
        assert (due in page) is expected


def test_cancelling_asks_why_and_can_be_taken_back(mine, owner):
    client, address = client_of(owner), f"{PLACE}{mine.public_id}/cancel/"
    refused = client.post(address, {"when": "end"})
    assert refused.context["form"].errors.keys() == {"reason"}
    client.post(quoted(client, address, when="end", reason="too_expensive", comment="Too much."))
    mine.refresh_from_db()
    assert (mine.cancels_at_period_end, mine.cancel_reason, mine.status) == (True, "too_expensive", "active")
    page = client.get(PLACE).text
    assert "It ends on" in page
    assert f"Ends on {date_format(timezone.localtime(mine.period_ends_at), 'j F Y')}" in page
    client.post(client.post(f"{PLACE}{mine.public_id}/resume/").url)
    mine.refresh_from_db()
    assert mine.cancels_at_period_end is False


def test_what_is_refused_is_said_at_the_form(mine, owner, starter):
    answer = client_of(owner).post(f"{PLACE}{mine.public_id}/change/", {"plan": "starter", "interval": "month"})
    assert "That is what you have." in answer.text
    second = client_of(owner).post(f"{PLACE}new/starter/", {"interval": "month"})
    assert second.status_code == 200
    assert second.context["form"].errors
    assert Quote.objects.filter(used_at=None).count() == 0


def test_a_quote_that_has_run_out_charges_nothing(owner, starter):
    client = client_of(owner)
    page = quoted(client, f"{PLACE}new/starter/", interval="month")
    Quote.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "are over" in client.get(page).text
    assert "are over" in client.post(page).text
    assert not Invoice.objects.exists()
    assert not Subscription.objects.exists()


def test_strangers_find_nothing_and_viewers_change_nothing(mine, owner, stranger, viewer, company_admin):
    page = quoted(client_of(owner), f"{PLACE}{mine.public_id}/cancel/", when="now", reason="other")
    for address in (f"{PLACE}{mine.public_id}/change/", f"{PLACE}{mine.public_id}/cancel/", page):
        assert client_of(stranger).get(address).status_code == 404
        assert client_of(stranger).post(address).status_code == 404
        for member in (viewer, company_admin):
            assert client_of(member).get(address).status_code == 403
    assert client_of(stranger).get(f"{PLACE}{uuid4()}/change/").status_code == 404
    seen = client_of(viewer).get(PLACE).text
    assert "ERP Starter" in seen
    assert "/cancel/" not in seen
    assert "ERP Starter" not in client_of(stranger).get(PLACE).text
    mine.refresh_from_db()
    assert mine.status == "active"


def test_plans_for_certain_companies_are_not_found_by_others(owner, starter, other_company):
    starter.is_public = False
    starter.save()
    starter.companies.add(other_company)
    starter.save()
    assert client_of(owner).get(f"{PLACE}new/starter/").status_code == 404


def test_more_subscriptions_ask_no_more(mine, company, owner):
    client = client_of(owner)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PLACE).status_code == 200
        return len(queries)

    client.get(PLACE)
    before = asked()
    for number in range(4):
        family = PlanFamilyFactory.create(name=f"Other {number}", slug=f"other-{number}")
        plan = PlanFactory.create(family=family, slug=f"other-{number}", month=100)
        subscribed(company, plan, owner, at=timezone.now() - timedelta(days=1))
    assert asked() == before
    assert before <= 15
