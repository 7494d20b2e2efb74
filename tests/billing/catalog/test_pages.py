"""The comparison of plans at a company's desk."""

import pytest
from django.test import Client
from djmoney.money import Money
from pytest_django import DjangoAssertNumQueries

from billing.catalog.models import Plan, PlanFamily, PlanFeature, PlanLimit
from billing.catalog.registry import Standing, standings
from portal.accounts.models import Company, User
from tests.cast import client_of
from tests.factories import MeteredComponentFactory, MetricFactory, PlanFactory, PlanFamilyFactory, PlanPriceFactory

PAGE = "/customer/plans/"
SPACE = "\N{NO-BREAK SPACE}"
ASK = "Ask for this plan"


def read(client: Client, query: str = "") -> str:
    """The page as text."""
    answer = client.get(PAGE + query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture(autouse=True)
def nobody_above(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page as the catalog draws it, without what apps above say."""
    monkeypatch.setattr(standings, "_entries", {})


@pytest.fixture
def starter(db: None) -> Plan:
    plan = PlanFactory.create(level=1, name="Starter", month="4500", year="45000", trial_days=14, seats_max=5)
    PlanFeature.objects.create(plan=plan, group="Stock", label="Stores", value="1 store", sort_order=0)
    return plan


@pytest.fixture
def business(starter: Plan) -> Plan:
    plan = PlanFactory.create(level=2, name="Business", month="14500", is_recommended=True)
    PlanFeature.objects.create(plan=plan, group="Stock", label="Stores", value="10 stores", sort_order=0)
    PlanFeature.objects.create(plan=plan, group="Accounts", label="Budgets", sort_order=1)
    PlanLimit.objects.create(plan=plan, metric=MetricFactory.create(slug="users"), quantity=4000)
    MeteredComponentFactory.create(plan=plan)
    return plan


def test_prices_are_in_the_companys_currency_by_month_or_by_year(owner: User, starter: Plan) -> None:
    PlanPriceFactory.create(plan=starter, amount=Money(35, "USD"))
    by_month, by_year = read(client_of(owner)), read(client_of(owner), "?interval=year")
    assert f"KES{SPACE}4,500.00" in by_month
    assert f"KES{SPACE}45,000.00" in by_year
    assert f"KES{SPACE}3,750.00 a month" in by_year
    assert f"You save KES{SPACE}9,000.00 a year" in by_year
    assert "USD" not in by_month + by_year
    assert "14 days to try it without paying" in by_month
    assert read(client_of(owner), "?interval=decade&product=nothing").count("plan-card__price") == 1


def test_a_plan_without_a_price_says_so_and_what_to_do(owner: User, company: Company, business: Plan) -> None:
    Company.objects.filter(pk=company.pk).update(currency="UGX")
    page = read(client_of(owner))
    assert page.count("This plan has no monthly price in UGX. Write to us, and we will make you an offer.") == 2
    assert page.count("mailto:help@portal.example?subject=ERP%20Starter,%20by%20the%20month") == 1


def test_the_table_has_each_line_once_with_a_cell_for_each_plan(owner: User, business: Plan) -> None:
    page = " ".join(read(client_of(owner)).split())
    assert [page.count(f'<th scope="row">{label}</th>') for label in ("Stores", "Budgets", "Users", "Payslips")] == [
        1
    ] * 4
    assert '<td data-label="Starter"><span>1 store</span></td><td data-label="Business"><span>10 stores</span>' in page
    assert '<td data-label="Starter"><span>No limit</span></td><td data-label="Business"><span>4,000</span>' in page
    assert (page.count('aria-label="Included"'), page.count('aria-label="Not included"')) == (1, 2)
    assert "KES 60.00 for each payslip above 25 a month" in page
    assert page.index("Stock</th>") < page.index("Accounts</th>") < page.index("Limits</th>")


def test_who_pays_gets_the_button_and_others_read(
    owner: User, company_admin: User, billing_member: User, viewer: User, starter: Plan
) -> None:
    pages = [read(client_of(person)) for person in (owner, billing_member, company_admin, viewer)]
    assert [ASK in page for page in pages] == [True, True, False, False]
    assert ["Members who manage billing choose the plan" in page for page in pages] == [False, False, True, True]
    assert all(f"KES{SPACE}4,500.00" in page for page in pages)


def test_a_plan_for_certain_companies_is_seen_by_them_alone(
    owner: User, stranger: User, company: Company, starter: Plan
) -> None:
    own = PlanFactory.create(level=9, name="Made for Savanna", is_public=False)
    own.companies.set([company])
    own.save()
    PlanFactory.create(level=10, name="Gone", archived=True)
    assert "Made for Savanna" in read(client_of(owner))
    assert "Made for Savanna" not in read(client_of(stranger))
    assert "Gone" not in read(client_of(owner))


def test_one_product_shows_its_plans_and_its_bundles(owner: User, starter: Plan) -> None:
    PlanFactory.create(name="Pay only", family=PlanFamilyFactory.create(slug="payroll"), products=["payroll"])
    bundle = PlanFamilyFactory.create(slug="bundle")
    PlanFactory.create(name="Both at once", family=bundle, products=["erp", "payroll"])
    page = read(client_of(owner), "?product=payroll")
    assert ("Pay only" in page, "Both at once" in page, "Starter" in page) == (True, True, False)
    assert "ERP and PAYROLL together" in page


def test_without_plans_the_page_says_so(owner: User) -> None:
    assert "There are no plans to choose from yet" in read(client_of(owner))


@pytest.fixture
def subscribed(starter: Plan) -> None:
    """An app above that knows that Savanna has Starter, and where its other plans are chosen."""

    def stand(company: Company, membership: object, plans: list[Plan], interval: str) -> dict[int, Standing]:
        has = Standing(is_current=True, url="/change/", label="Change seats")
        other = Standing(url=f"/choose/?by={interval}", label="Choose")
        return {plan.pk: has if plan.level == 1 else other for plan in plans if company.slug == "savanna-foods"}

    standings.register("test", stand)


def test_apps_above_say_which_plan_is_current_and_where_choosing_leads(
    owner: User, viewer: User, stranger: User, business: Plan, subscribed: None
) -> None:
    page, read_only = read(client_of(owner), "?interval=year"), read(client_of(viewer))
    assert (page.count("Your plan"), page.count('href="/choose/?by=year"'), ASK in page) == (1, 1, False)
    assert (read_only.count("Your plan"), "/choose/" in read_only) == (1, False)
    assert ("Your plan" in read(client_of(stranger)), ASK in read(client_of(stranger))) == (False, True)


def test_twenty_plans_take_as_many_queries_as_one(
    owner: User, business: Plan, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(owner)
    read(client)
    with django_assert_num_queries(30, exact=False) as one:
        read(client)
    for number in range(20):
        family = PlanFamily.objects.create(slug=f"family-{number}", name=f"Family {number}")
        plan = PlanFactory.create(family=family, month="100", products=["erp", "sacco"])
        PlanFeature.objects.create(plan=plan, group="Stock", label="Stores", sort_order=0)
        PlanLimit.objects.create(plan=plan, metric=MetricFactory.create(slug=f"m{number}"), quantity=1)
        MeteredComponentFactory.create(plan=plan)
    with django_assert_num_queries(len(one)):
        read(client)


def test_the_page_is_in_the_navigation_of_companies(owner: User, developer: User) -> None:
    assert f'href="{PAGE}"' in client_of(owner).get("/customer/notifications/").content.decode()
    assert f'href="{PAGE}"' not in client_of(developer).get("/customer/notifications/").content.decode()
