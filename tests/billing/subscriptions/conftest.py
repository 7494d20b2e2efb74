"""Plans and companies that tests of subscriptions begin with."""

from datetime import date
from decimal import Decimal

import pytest

from billing.catalog.models import Metric, Plan, Product
from billing.invoicing.models import TaxRate
from billing.subscriptions import registry
from billing.subscriptions.models import Subscription
from portal.accounts.models import Company, User
from tests.billing.subscriptions.world import kes, report, subscribed
from tests.factories import MeteredComponentFactory, MetricFactory, PlanFactory, PlanPriceFactory


@pytest.fixture(autouse=True)
def kenyan_vat(db: None) -> None:
    """Kenya's rate: 16 %."""
    TaxRate.objects.create(country="KE", percent=Decimal(16), starts_on=date(2021, 1, 1))


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time does what subscriptions do themselves; nobody duns, which tests of payments ask for."""
    monkeypatch.setattr(registry.steps, "_entries", {})


@pytest.fixture
def starter(db: None) -> Plan:
    """ERP Starter: 3,100 KES a month, 31,000 a year, up to 5 seats; no trial."""
    return PlanFactory.create(level=10, name="Starter", slug="starter", month=3100, year=31000, seats_max=5)


@pytest.fixture
def business(starter: Plan) -> Plan:
    """ERP Business: 6,200 KES a month, 62,000 a year."""
    return PlanFactory.create(level=20, name="Business", slug="business", month=6200, year=62000)


@pytest.fixture
def team(starter: Plan) -> Plan:
    """ERP Team: 1,000 KES a seat and month, 2 to 40 seats."""
    plan = PlanFactory.create(level=30, name="Team", slug="team", seats_min=2, seats_max=40)
    PlanPriceFactory.create(plan=plan, amount=kes(1000), is_per_seat=True)
    return plan


@pytest.fixture
def subscription(company: Company, owner: User, starter: Plan) -> Subscription:
    """Savanna's ERP Starter, monthly from 1 March 2026, 9:00 in Nairobi."""
    return subscribed(company, starter, owner)


@pytest.fixture
def payslips(db: None) -> Metric:
    return MetricFactory.create(slug="payslips", kind="count")


@pytest.fixture
def metered_plan(company: Company, payslips: Metric) -> Plan:
    """ERP with 10 payslips a month in it, and 60 KES for each above; it reports storage too."""
    plan = PlanFactory.create(level=10, name="Metered", slug="metered", month=3100)
    MeteredComponentFactory.create(plan=plan, metric=payslips, included_quantity=10)
    report(Product.objects.get(slug="erp"), payslips, MetricFactory.create(slug="storage", kind="level"))
    return plan


@pytest.fixture
def metered_erp(metered_plan: Plan, company: Company, owner: User) -> Subscription:
    """Monthly from 1 March 2026, 9:00 in Nairobi."""
    return subscribed(company, metered_plan, owner)
