"""What a product is told of a member, by what the company has and by what was asked for."""

from typing import Any

import pytest
from djmoney.money import Money

from billing.catalog.models import Plan, PlanFeature, PlanLimit, Product
from billing.launch import keys
from billing.launch.services import claims
from billing.subscriptions.models import ProductAccess, ProductGrant, Subscription
from portal.accounts.models import Company, User
from tests.billing.launch.conftest import granted
from tests.billing.launch.flows import Flow, flow, signed_in, userinfo
from tests.billing.subscriptions.world import subscribed
from tests.factories import MetricFactory, PlanFactory, PlanPriceFactory

pytestmark = pytest.mark.django_db
ALL = "openid profile email company"


@pytest.fixture
def product(payroll: Product) -> Flow:
    return flow(payroll)


@pytest.fixture
def plan(company: Company, payroll: Product) -> Plan:
    """Payroll for 3 to 20 seats, with a limit and a feature."""
    made = PlanFactory.create(
        level=10, slug="payroll-plus", name="Plus", products=["payroll"], seats_min=3, seats_max=20
    )
    PlanPriceFactory.create(plan=made, amount=Money(100, "KES"), is_per_seat=True)
    PlanLimit.objects.create(plan=made, metric=MetricFactory.create(slug="employees"), quantity=50)
    PlanFeature.objects.create(plan=made, group="Pay", label="Payslips by e-mail", value="")
    return made


def told(product: Flow, member: User, scope: str = ALL) -> dict[str, Any]:
    """By userinfo and by the ID token alike."""
    browser = signed_in(member)
    tokens = product.exchange(product.code(browser, scope=scope)).json()
    said: dict[str, Any] = userinfo(tokens["access_token"]).json()
    signed = keys.read(tokens["id_token"], audience=product.client_id)
    assert signed is not None
    assert signed.items() >= said.items()
    assert said.keys() <= set(claims.SUPPORTED)
    return said


def test_company_without_plan_was_given_the_product_by_staff(
    product: Flow, company: Company, viewer: User, payroll: Product
) -> None:
    """No plan, nothing of features, and no limit: not even of seats, which is none of 0."""
    granted(viewer, company, payroll)
    assert not Subscription.objects.exists()
    said = told(product, viewer)
    assert (said["plan"], said["features"], said["limits"]) == (None, [], {})
    assert said["company"] == {"id": str(company.public_id), "slug": company.slug, "name": company.name}
    assert (said["role"], said["product"]) == ("viewer", "payroll")


def test_plan_of_another_product_is_not_told(product: Flow, company: Company, owner: User, payroll: Product) -> None:
    """The company pays for ERP; Payroll it was given."""
    subscribed(company, PlanFactory.create(level=10, month=3100), owner)
    granted(owner, company, payroll)
    said = told(product, owner)
    assert (said["plan"], said["features"], said["limits"]) == (None, [], {})


def test_plan_features_and_limits(product: Flow, company: Company, owner: User, plan: Plan) -> None:
    ProductAccess.objects.all().delete()
    subscribed(company, plan, owner, seats=4)
    said = told(product, owner)
    assert said["plan"] == {"slug": "payroll-plus", "name": "Plus"}
    assert said["features"] == [{"group": "Pay", "label": "Payslips by e-mail", "value": ""}]
    assert said["limits"] == {"employees": 50, "seats": 4}
    assert ProductGrant.objects.get().membership.user == owner


def test_seats_without_a_limit_are_null(product: Flow, company: Company, owner: User) -> None:
    ProductAccess.objects.all().delete()
    subscribed(company, PlanFactory.create(level=10, month=3100, products=["payroll"]), owner)
    assert told(product, owner)["limits"] == {"seats": None}


@pytest.mark.parametrize(
    ("scope", "names"),
    [
        ("openid", {"sub"}),
        ("openid profile", {"sub", "name", "given_name", "family_name"}),
        ("openid email", {"sub", "email", "email_verified"}),
        ("openid company", {"sub", "company", "role", "product", "plan", "features", "limits"}),
    ],
)
def test_nothing_is_told_that_was_not_asked_for(
    product: Flow, company: Company, viewer: User, payroll: Product, scope: str, names: set[str]
) -> None:
    granted(viewer, company, payroll)
    assert told(product, viewer, scope).keys() == names


def test_whoever_has_no_name_is_told_without_one(
    product: Flow, company: Company, viewer: User, payroll: Product
) -> None:
    User.objects.filter(pk=viewer.pk).update(first_name="", last_name="")
    granted(viewer, company, payroll)
    assert told(product, viewer, "openid profile").keys() <= {"sub", "name"}
