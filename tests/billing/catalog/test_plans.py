"""Who may have a plan, where it may go, and what is refused."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from djmoney.money import Money
from hypothesis import given
from hypothesis import strategies as st

from billing.catalog import comparison
from billing.catalog.models import Plan, PlanFamily, PlanFeature, PlanLimit, PlanPrice, Product
from billing.catalog.services import plans
from billing.catalog.services.plans import InUse
from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from tests.factories import MetricFactory, PlanFactory, PlanFamilyFactory, PlanPriceFactory, ProductFactory

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moves", "start", "end", "allowed"),
    [
        ("any", 1, 2, True),
        ("any", 2, 1, True),
        ("any", 1, 1, False),
        ("up", 1, 2, True),
        ("up", 1, 3, True),
        ("up", 2, 1, False),
        ("none", 1, 2, False),
        ("none", 2, 1, False),
    ],
)
def test_a_plan_becomes_what_its_family_allows(moves: str, start: int, end: int, allowed: bool) -> None:
    family = PlanFamily(pk=1, moves=moves)
    assert Plan(family=family, level=start).may_become(Plan(family=family, level=end)) is allowed


def test_a_plan_becomes_no_archived_one_and_none_of_another_family() -> None:
    family, other = PlanFamily(pk=1), PlanFamily(pk=2)
    plan = Plan(family=family, level=1)
    assert not plan.may_become(Plan(family=other, level=2))
    assert not plan.may_become(Plan(family=family, level=2, archived_at=AT))
    assert Plan(family=family, level=2, archived_at=AT).may_become(plan)
    assert Plan(family=family, level=2).is_above(plan)
    assert not Plan(family=other, level=2).is_above(plan)


@pytest.mark.parametrize(
    ("fewest", "most", "seats", "allowed"),
    [
        (1, None, 1, True),
        (1, None, 0, False),
        (5, 10, 4, False),
        (5, 10, 5, True),
        (5, 10, 10, True),
        (5, 10, 11, False),
    ],
)
def test_seats_stay_between_the_fewest_and_the_most(fewest: int, most: int | None, seats: int, allowed: bool) -> None:
    assert Plan(seats_min=fewest, seats_max=most).allows_seats(seats) is allowed


@pytest.mark.parametrize(
    ("month", "year", "saving"),
    [
        ("4500", "45000", "9000"),
        ("4500", "54000", None),
        ("4500", "60000", None),
        ("4500", None, None),
        (None, "45000", None),
    ],
)
def test_a_year_saves_what_twelve_months_cost_more(
    db: None, month: str | None, year: str | None, saving: str | None
) -> None:
    plan = PlanFactory.create(month=month, year=year)
    assert plan.yearly_saving("KES") == (Money(saving, "KES") if saving else None)
    assert plan.yearly_saving("USD") is None


def test_a_price_by_the_seat_is_not_compared_with_one_in_all(db: None) -> None:
    plan = PlanFactory.create(month="4500")
    PlanPriceFactory.create(plan=plan, interval="year", amount=Money(9000, "KES"), is_per_seat=True)
    assert plan.yearly_saving("KES") is None


@given(cents=st.integers(0, 10**12))
def test_twelve_times_what_a_year_comes_to_a_month_is_the_year(cents: int) -> None:
    year = Money(Decimal(cents) / 100, "KES")
    column = comparison.by_month(PlanPrice(interval="year", amount=year))
    assert abs(column.amount * 12 - year.amount) <= Decimal("0.06")


def test_a_company_sees_public_plans_and_its_own(company: Company, other_company: Company) -> None:
    public = PlanFactory.create(level=1)
    own = PlanFactory.create(level=2, is_public=False)
    own.companies.set([company, other_company])
    own.save()
    public.companies.set([company, other_company])
    public.save()
    PlanFactory.create(level=3, is_public=False)
    for_other = PlanFactory.create(level=4, is_public=False)
    for_other.companies.set([other_company])
    for_other.save()
    assert list(Plan.objects.offered().visible_to(company)) == [public, own]
    assert list(Plan.objects.offered().visible_to(other_company)) == [public, own, for_other]


def test_archived_plans_and_bundles_with_a_product_that_is_off_are_not_offered(db: None) -> None:
    PlanFactory.create(level=1, archived=True)
    PlanFactory.create(level=2, products=["erp", "payroll"])
    kept = PlanFactory.create(level=3)
    Product.objects.filter(slug="payroll").update(is_active=False)
    assert list(Plan.objects.offered()) == [kept]


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        ("level", {"level": 1}),
        ("recommended_once", {"is_recommended": True}),
        ("recommended_is_offered", {"is_recommended": True, "archived_at": AT, "family__slug": "other"}),
        ("seats", {"seats_min": 0}),
        ("seats", {"seats_min": 5, "seats_max": 4}),
        ("trial_days", {"trial_days": 366}),
    ],
)
def test_the_database_refuses(db: None, rule: str, values: dict[str, object]) -> None:
    PlanFactory.create(level=1, is_recommended=True)
    with pytest.raises(IntegrityError, match=f"catalog_plan_{rule}"), transaction.atomic():
        PlanFactory.create(**{"level": 2, "slug": "another", **values})
    assert Plan.objects.count() == 1


def test_a_feature_and_a_limit_stand_once_on_a_plan(db: None) -> None:
    plan, metric = PlanFactory.create(), MetricFactory.create()
    for make in (
        lambda: PlanFeature.objects.create(plan=plan, group="Stock", label="Barcodes"),
        lambda: PlanLimit.objects.create(plan=plan, metric=metric, quantity=5),
    ):
        make()
        with pytest.raises(IntegrityError), transaction.atomic():
            make()


def test_archiving_ends_the_offer_and_can_be_taken_back(finance: User) -> None:
    plan = PlanFactory.create(is_recommended=True)
    for _twice in range(2):
        plans.archive(plan=plan, by=finance, at=AT)
    plan = Plan.objects.get()
    assert (plan.archived_at, plan.is_recommended, plan.state) == (AT, False, "Archived")
    for _twice in range(2):
        plans.restore(plan=plan, by=finance, at=AT)
    assert (Plan.objects.get().is_archived, Plan.objects.get().state) == (False, "For everyone")
    assert [event.verb for event in ActivityEvent.objects.order_by("pk")] == ["plan.archived", "plan.restored"]


def test_what_is_used_is_not_deleted_and_why_is_said(company: Company) -> None:
    plan = PlanFactory.create()
    PlanLimit.objects.create(plan=plan, metric=MetricFactory.create(), quantity=5)
    erp = Product.objects.get(slug="erp")
    said = {}
    for record in (erp, plan.family, MetricFactory.create()):
        with pytest.raises(InUse) as refused:
            plans.demand_unused(record)
        said[type(record).__name__] = refused.value.message
    assert said == {
        "Product": "“ERP” cannot be deleted: it is used by 1 product access, 1 plan."
        " Switch it off to offer it no more.",
        "PlanFamily": "“ERP” cannot be deleted: it is used by 1 plan. Take it out there first.",
        "Metric": "“Users” cannot be deleted: it is used by 1 plan limit. Take it out there first.",
    }


def test_what_nobody_uses_may_be_deleted_with_all_its_prices(db: None) -> None:
    plan = PlanPriceFactory.create().plan
    for unused in (plan, ProductFactory.create(slug="crm"), PlanFamilyFactory.create(slug="empty")):
        plans.demand_unused(unused)
    plan.delete()
    assert PlanPrice.objects.count() == 0
