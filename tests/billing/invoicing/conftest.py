"""Companies and invoices that tests of money begin with."""

from datetime import date
from decimal import Decimal

import pytest

from billing.invoicing.models import BillingSettings, Invoice, TaxRate
from billing.invoicing.services import drafts, invoices
from billing.invoicing.services.drafts import Item
from portal.accounts.models import Company
from tests.billing.invoicing.books import AT, TODAY, kes


@pytest.fixture(autouse=True)
def kenyan_vat(db: None) -> None:
    """Kenya's rates: 14 % from 1 April 2020, 16 % again from 1 January 2021."""
    for percent, day in (("14", date(2020, 4, 1)), ("16", date(2021, 1, 1))):
        TaxRate.objects.create(country="KE", percent=Decimal(percent), starts_on=day)


@pytest.fixture(autouse=True)
def vendor(db: None) -> BillingSettings:
    """The vendor with all that invoices name."""
    settings = BillingSettings.load()
    settings.tax_id, settings.street, settings.city, settings.postal_code = (
        "P051999888K",
        "Riverside Drive 8",
        "Nairobi",
        "00100",
    )
    settings.save()
    return settings


def draft(company: Company, *items: Item | str) -> Invoice:
    """A draft with these lines; an amount alone is a line in the company's currency."""
    lines = [item if isinstance(item, Item) else Item("ERP", kes(item)) for item in items]
    return drafts.create(company=company, items=lines, at=AT)


def issued(company: Company, *items: Item | str) -> Invoice:
    """An issued invoice with these lines."""
    return invoices.issue(invoice=draft(company, *items), today=TODAY, at=AT, by=None)


@pytest.fixture
def invoice(company: Company) -> Invoice:
    """KES 1,000.00 and 16 % VAT: 1,160.00, open."""
    return issued(company, "1000.00")
