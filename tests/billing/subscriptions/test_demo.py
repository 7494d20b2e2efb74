"""The demo world's subscriptions: as interface.md says, with invoices that belong to them, and books that agree."""

import pytest
from django.utils import timezone

from billing.catalog import demo as catalog
from billing.invoicing import demo as invoicing
from billing.invoicing.models import Invoice
from billing.subscriptions import demo
from billing.subscriptions.models import ProductAccess, ProductGrant, Subscription
from billing.subscriptions.services import standing
from portal.accounts.models import Company, User
from tests.billing.invoicing.books import difference
from tests.cast import member
from tests.factories import CompanyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(owner: User, company_admin: User, billing_member: User, viewer: User, stranger: User) -> dict[str, User]:
    northwind = CompanyFactory.create(slug="northwind-labs", currency="USD", country="US")
    everybody = (
        owner,
        company_admin,
        billing_member,
        viewer,
        stranger,
        member(northwind, "owner", "owner@northwind.example"),
    )
    return {user.email: user for user in everybody}


def test_demo_subscriptions_are_as_promised_once(people: dict[str, User]) -> None:
    catalog.create()
    companies = {company.slug: company for company in Company.objects.all()}
    invoicing.create(companies)
    for _ in range(2):
        demo.create(people, companies)
    today = timezone.localdate()
    found = [
        (
            row.company.slug,
            row.plan.slug,
            row.interval,
            row.status,
            standing.invoices_of(row).filter(status="paid").count(),
            standing.invoices_of(row).filter(status="open").count(),
            standing.invoices_of(row).overdue(today=today).count(),
        )
        for row in Subscription.objects.select_related("company", "plan", "price").order_by("pk")
    ]
    assert found == [
        ("savanna-foods", "erp-business", "year", "active", 1, 0, 0),
        ("savanna-foods", "payroll-plus", "month", "active", 2, 1, 0),
        ("ridgeline-sacco", "sacco-growth", "month", "past_due", 2, 1, 1),
        ("northwind-labs", "erp-business", "month", "active", 2, 1, 0),
    ]
    assert ProductAccess.objects.filter(is_open=True).exclude(subscription=None).count() == 4
    assert ProductGrant.objects.filter(product__slug="erp").count() == 5
    assert not Invoice.objects.filter(issued_on__gt=today).exists()
    assert (Subscription.objects.filter(period_ends_at__lte=timezone.now()).count(), difference()) == (0, "")
