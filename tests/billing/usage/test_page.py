"""The page of use: who sees it, what it shows of the chosen days, and nothing of another company."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.accounts.models import Company, User
from tests.billing.usage.figures import each_day, metric, product, used
from tests.cast import client_of
from tests.factories import MembershipFactory, ProductAccessFactory, UserFactory

pytestmark = pytest.mark.django_db
PAGE = "/customer/usage/"
MEMBERS = "/customer/usage/parts/members/"
HTMX: dict[str, Any] = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def client(viewer: User) -> Client:
    return client_of(viewer)


@pytest.fixture
def reported(company: Company, owner: User, viewer: User) -> None:
    """Ten days of use by two members, and something of a third who was erased."""
    first = timezone.localdate() - timedelta(days=9)
    each_day(company, metric("payslips"), first, [3] * 10, by=owner)
    each_day(company, metric("payslips"), first, [1] * 5, by=viewer)
    each_day(company, metric("exports", "feature"), first, [2] * 10, by=owner)
    each_day(company, metric("imports", "feature"), first, [1] * 10, by=viewer)
    each_day(company, metric("waiting", "duration"), first, [1500] * 10, events=3, highest=900)


def shown(client: Client, address: str = PAGE, **more: Any) -> Any:
    """The context of a page."""
    answer = client.get(address, **more)
    assert answer.status_code == 200
    return answer.context


def test_cards_say_the_period_against_the_one_before(client: Client, reported: None) -> None:
    cards = {card["label"]: card for card in shown(client, f"{PAGE}?range=7")["cards"]}
    assert "Active members" not in cards
    # Seven days of three payslips, two exports and one import, and two days of one payslip more; no time.
    assert cards["Activity"]["value"] == f"{7 * (3 + 2 + 1) + 2}"
    assert (cards["Features used"]["value"], cards["Features used"]["change"]) == ("2", "0 %")
    assert (cards["Response time"]["value"], cards["Response time"]["good"]) == ("500 ms", "down")


def test_active_members_come_later_with_their_course(client: Client, reported: None) -> None:
    assert "/customer/usage/parts/active/?" in client.get(PAGE).text
    part = shown(client, f"{PAGE}parts/active/?range=7")
    assert (part["card"]["value"], part["card"]["change"], part["chart"].kind) == ("2", "0 %", "line")
    fragment = client.get(f"{PAGE}parts/active/?range=7", headers={"HX-Request": "true"})
    assert "Members of whom a product reported anything." in fragment.text
    assert "<html" not in fragment.text


def test_the_page_reads_no_rows_of_members(client: Client, reported: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        client.get(PAGE)
    assert not [query for query in queries if "usage_dailyusage" in query["sql"]]


def test_features_stand_in_the_order_of_their_use(client: Client, reported: None) -> None:
    features = [(row["name"], row["uses"], row["percent"]) for row in shown(client)["features"]]
    assert features == [("Exports", "20", 100), ("Imports", "10", 50)]


def test_response_times_have_mean_and_highest(client: Client, reported: None) -> None:
    (time,) = shown(client)["times"]
    assert (time["mean"], time["highest"]) == ("500 ms", "900 ms")


def test_charts_are_by_day_or_by_month_as_asked(client: Client, reported: None) -> None:
    (by_day,) = shown(client, f"{PAGE}?range=30")["charts"]
    assert (by_day.kind, len(by_day.hits), by_day.before is not None) == ("line", 30, True)
    (by_month,) = shown(client, f"{PAGE}?range=30&by=month")["charts"]
    assert (by_month.kind, len(by_month.hits) <= 2) == ("bars", True)
    (long,) = shown(client, f"{PAGE}?range=365&by=day")["charts"]
    assert len(long.hits) <= 13


def test_one_product_can_be_chosen_and_is_kept_in_every_address(
    client: Client, company: Company, reported: None
) -> None:
    ProductAccessFactory.create(company=company, product=product("payroll"))
    used(company, metric("runs"), timezone.localdate(), 4, in_product="payroll")
    context = shown(client)
    assert [tab["label"] for tab in context["tabs"]] == ["All products", "ERP", "PAYROLL"]
    assert [row["name"] for row in context["compared"]] == ["ERP", "PAYROLL"]
    assert context["activity_chart"] is not None
    alone = shown(client, f"{PAGE}?range=7&product=payroll")
    assert [chart.title for chart in alone["charts"]] == ["Runs"]
    assert (alone["compared"], alone["activity_chart"]) == ([], None)
    assert ("product", "payroll") in alone["hidden"]
    assert all("product=payroll" in part["url"] and "range=7" in part["url"] for part in alone["parts"])
    assert all("product=payroll" in file["url"] for file in alone["files"])


def test_a_product_that_the_company_does_not_have_is_not_chosen(client: Client, reported: None) -> None:
    product("sacco")
    assert shown(client, f"{PAGE}?product=sacco")["choice"].product is None


@pytest.mark.parametrize("query", ["range=never", "from=2026-13-01&to=x", "by=hour", "product=%00", "page=-1"])
def test_nonsense_in_the_address_is_left_out(client: Client, reported: None, query: str) -> None:
    assert shown(client, f"{PAGE}?{query}")["shown"] == "Last 30 days"


def test_without_a_product_the_page_leads_to_the_plans(client: Client, company: Company) -> None:
    company.product_accesses.all().delete()
    body = client.get(PAGE).content.decode()
    assert "No product yet" in body
    assert "hx-get" not in body.split("<main")[1].split("</main")[0]


def test_before_anything_was_reported_the_page_says_so(client: Client) -> None:
    assert "Nothing was reported in these days" in client.get(PAGE).content.decode()


def test_another_companys_use_is_not_seen(
    client: Client, reported: None, other_company: Company, stranger: User
) -> None:
    used(other_company, metric("secrets", "feature"), timezone.localdate(), 77, by=stranger, in_product="sacco")
    body = client.get(PAGE).content.decode() + client.get(MEMBERS, **HTMX).content.decode()
    assert "Secrets" not in body
    assert stranger.get_full_name() not in body


def test_members_are_listed_with_what_they_did(
    client: Client, company: Company, reported: None, owner: User, viewer: User
) -> None:
    context = shown(client, f"{MEMBERS}?range=7", **HTMX)
    cells = [[cell["value"] for cell in row["cells"]] for row in context["rows"]]
    assert [(row[0], row[2], row[3]) for row in cells] == [(str(owner), "7", "35"), (str(viewer), "7", "9")]


def test_who_was_erased_is_a_former_member_and_who_left_no_longer_one(
    client: Client, company: Company, viewer: User
) -> None:
    today = timezone.localdate()
    gone, erased = UserFactory.create(), UserFactory.create(erased_at=timezone.now())
    used(company, metric("payslips"), today, 5, by=gone)
    used(company, metric("payslips"), today, 3, by=erased)
    used(company, metric("payslips"), today, 2, by=viewer)
    rows = shown(client, MEMBERS, **HTMX)["rows"]
    assert [(row["cells"][0]["value"], row["cells"][0]["sub"]) for row in rows] == [
        (str(gone), "No longer a member"),
        ("Former member", ""),
        (str(viewer), "Viewer"),
    ]


def test_a_slow_part_is_a_page_of_its_own_without_htmx(client: Client, reported: None) -> None:
    assert "<!doctype html>" in client.get(MEMBERS).content.decode().lower()
    assert "<html" not in client.get(MEMBERS, **HTMX).content.decode()
    assert client.get("/customer/usage/parts/nothing/").status_code == 404


def test_page_and_members_ask_as_much_for_two_members_as_for_twenty(
    client: Client, company: Company, reported: None, django_assert_max_num_queries: Any
) -> None:
    client.get(PAGE)
    for number in range(20):
        person = MembershipFactory.create(company=company).user
        each_day(company, metric(f"metric-{number % 6}"), timezone.localdate(), [2], by=person)
    with django_assert_max_num_queries(15) as asked:
        heavy = client.get(PAGE)
    assert len(asked) <= 15
    assert len(heavy.content) < 200_000
    with django_assert_max_num_queries(12):
        client.get(MEMBERS, **HTMX)


def test_three_years_weigh_no_more_than_three_months(client: Client, company: Company, owner: User) -> None:
    for months in range(36):
        used(company, metric("payslips"), timezone.localdate() - timedelta(days=30 * months), 5, by=owner)
    today = timezone.localdate()
    long = client.get(f"{PAGE}?from={today - timedelta(days=1090)}&to={today}")
    quarter = client.get(f"{PAGE}?range=90")
    assert len(long.content) < len(quarter.content)


def test_who_takes_the_file_is_written_down_and_formulas_are_text(
    client: Client, company: Company, viewer: User
) -> None:
    used(company, metric("formula"), timezone.localdate(), 2)
    metric("formula").__class__.objects.filter(slug="formula").update(name="=1+1")
    answer = client.get("/customer/usage/file.csv?range=7")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[0].startswith('"from","product","metric"')
    assert len(lines) == 1 + 7 + 7
    assert lines[7].startswith(f'"{timezone.localdate()}","ERP","\'=1+1","count","2"')
    assert company.slug in answer["Content-Disposition"]
    event = company.activity_events.latest("pk") if hasattr(company, "activity_events") else None
    assert event is None or event.verb == "usage.exported"
    assert client.get("/customer/usage/file.exe").status_code == 404
