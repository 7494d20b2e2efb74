"""The demo world's invoices: one in every state, and books that agree."""

from collections import Counter

import pytest

from billing.invoicing import demo
from billing.invoicing.models import CreditNote, Invoice
from portal.accounts.models import Company
from tests.billing.invoicing.books import difference
from tests.factories import CompanyFactory

pytestmark = pytest.mark.django_db


def test_demo_has_invoices_in_every_state_once(company: Company, other_company: Company) -> None:
    northwind = CompanyFactory.create(slug="northwind-labs", currency="USD", country="US")
    found = {row.slug: row for row in (company, other_company, northwind)}
    for _ in range(2):
        demo.create(found)
    states = Counter(Invoice.objects.values_list("status", flat=True))
    assert states == {"paid": 3, "open": 1, "void": 1, "draft": 1, "uncollectible": 1}
    assert (CreditNote.objects.count(), difference()) == (1, "")
