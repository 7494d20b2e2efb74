"""Plans for other programs."""

import pytest
from djmoney.money import Money
from pytest_django import DjangoAssertNumQueries

from billing.catalog.models import Plan, PlanFeature, PlanLimit
from portal.accounts.models import Company, User
from tests.cast import client_of
from tests.factories import (
    MeteredComponentFactory,
    MetricFactory,
    PlanFactory,
    PlanFamilyFactory,
    PlanPriceFactory,
)

PLANS = "/api/business/v1/plans/"


@pytest.fixture
def plan(db: None) -> Plan:
    plan = PlanFactory.create(level=1, slug="erp-starter", name="Starter", month="4500", year="45000", seats_max=5)
    PlanPriceFactory.create(plan=plan, amount=Money(35, "USD"))
    PlanPriceFactory.create(plan=plan, amount=Money(4000, "KES"), replaced_at=plan.prices.first().created_at)
    PlanFeature.objects.create(plan=plan, group="Stock", label="Stores", value="1 store")
    PlanLimit.objects.create(plan=plan, metric=MetricFactory.create(slug="users"), quantity=5)
    MeteredComponentFactory.create(plan=plan, unit_price=Money("0.000125", "KES"))
    return plan


def test_a_plan_as_it_is_told(viewer: User, plan: Plan) -> None:
    answer = client_of(viewer).get(PLANS).json()
    assert (answer["count"], answer["next"], answer["previous"]) == (1, None, None)
    assert answer["results"] == [
        {
            "id": str(plan.public_id),
            "slug": "erp-starter",
            "name": "Starter",
            "description": "",
            "family": "erp",
            "level": 1,
            "products": ["erp"],
            "is_recommended": False,
            "needs_verification": False,
            "trial_days": 0,
            "seats_min": 1,
            "seats_max": 5,
            "prices": [
                {"interval": "month", "price": {"amount": "4500.00", "currency": "KES"}, "is_per_seat": False},
                {"interval": "year", "price": {"amount": "45000.00", "currency": "KES"}, "is_per_seat": False},
            ],
            "limits": [{"metric": "users", "quantity": 5}],
            "metered_components": [
                {
                    "metric": "payslips",
                    "included_quantity": 25,
                    "unit_price": {"amount": "0.000125", "currency": "KES"},
                }
            ],
            "features": [{"group": "Stock", "label": "Stores", "value": "1 store"}],
        }
    ]


def test_prices_are_in_the_currency_of_the_company_in_use(stranger: User, other_company: Company, plan: Plan) -> None:
    Company.objects.filter(pk=other_company.pk).update(currency="USD")
    row = client_of(stranger).get(PLANS).json()["results"][0]
    assert row["prices"] == [
        {"interval": "month", "price": {"amount": "35.00", "currency": "USD"}, "is_per_seat": False}
    ]
    assert row["metered_components"] == []


def test_only_what_the_company_may_have_is_told(owner: User, stranger: User, company: Company, plan: Plan) -> None:
    own = PlanFactory.create(level=2, slug="own", is_public=False)
    own.companies.set([company])
    own.save()
    PlanFactory.create(level=3, archived=True)
    told = [[row["slug"] for row in client_of(person).get(PLANS).json()["results"]] for person in (owner, stranger)]
    assert told == [["erp-starter", "own"], ["erp-starter"]]


def test_plans_are_narrowed_by_product_and_family(owner: User, plan: Plan) -> None:
    bundle = PlanFamilyFactory.create(slug="bundle")
    PlanFactory.create(family=bundle, slug="both", products=["erp", "payroll"])
    client = client_of(owner)
    for query, slugs in {
        "product=payroll": ["both"],
        "product=erp": ["both", "erp-starter"],
        "family=erp": ["erp-starter"],
        "product=nothing": [],
        "page_size=1&page=2": ["erp-starter"],
    }.items():
        assert [row["slug"] for row in client.get(f"{PLANS}?{query}").json()["results"]] == slugs, query


def test_refusals_are_problems_and_nothing_is_written(owner: User, developer: User) -> None:
    for person, method, status in ((None, "get", 401), (developer, "get", 404), (owner, "post", 405)):
        answer = getattr(client_of(person), method)(PLANS)
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
        assert answer.json()["status"] == status


def test_twenty_plans_take_as_many_queries_as_one(
    owner: User, plan: Plan, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(owner)
    client.get(PLANS)
    with django_assert_num_queries(20, exact=False) as one:
        client.get(PLANS)
    for level in range(2, 21):
        made = PlanFactory.create(level=level, month="100", products=["erp", "sacco"])
        PlanLimit.objects.create(plan=made, metric=MetricFactory.create(slug=f"m{level}"), quantity=1)
    with django_assert_num_queries(len(one)):
        assert client.get(PLANS).json()["count"] == 20
