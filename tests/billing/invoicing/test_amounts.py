"""Worked examples, reckoned by hand: tax of the day, exemptions, currencies without decimals, halves."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from djmoney.money import Money

from billing.invoicing.models import Invoice, TaxExemption, TaxRate
from billing.invoicing.services import drafts, invoices
from billing.invoicing.services.drafts import Item
from billing.invoicing.services.taxes import UnknownRate, taxes_of
from portal.accounts.models import Company
from tests.billing.invoicing.books import AT, TODAY, accounts, difference, kes
from tests.billing.invoicing.conftest import draft, issued
from tests.factories import CompanyFactory

pytestmark = pytest.mark.django_db


def amounts(invoice: Invoice) -> tuple[str, str, str]:
    """Net, tax and total as plain numbers."""
    return f"{invoice.net.amount:f}", f"{invoice.tax.amount:f}", f"{invoice.total.amount:f}"


def test_kenyan_invoice_with_three_lines(company: Company) -> None:
    # ERP 24,999.00; 7 users at 450.00 = 3,150.00; 1,234.5 SMS at 0.85 = 1,049.325, a half: 1,049.33.
    # VAT: 3,999.84; 504.00; 167.8928, so 167.89. Together 29,198.33 + 4,671.73 = 33,870.06.
    invoice = issued(
        company,
        Item("ERP", kes("24999.00"), starts_on=date(2026, 11, 21), ends_on=date(2026, 12, 21)),
        Item("Users", kes("450"), quantity=Decimal(7)),
        Item("SMS", kes("0.85"), quantity=Decimal("1234.5")),
    )
    assert amounts(invoice) == ("29198.33", "4671.73", "33870.06")
    assert [f"{line.net_amount:.2f} {line.tax_amount:.2f}" for line in invoice.lines.all()] == [
        "24999.00 3999.84",
        "3150.00 504.00",
        "1049.33 167.89",
    ]
    assert (invoice.number, invoice.issued_on, invoice.due_on) == ("INV-2026-000001", TODAY, date(2026, 12, 5))
    assert invoice.lines.all()[0].period == "21 Nov 2026 – 20 Dec 2026"
    assert accounts() == {"receivable": "33870.06", "revenue": "-29198.33", "tax_payable VAT 16 %": "-4671.73"}


@pytest.mark.parametrize(
    ("price", "net", "tax"),
    [
        ("0.005", "0.01", "0.00"),  # a half goes up, and its tax of 0.0016 is nothing
        ("0.004", "0.00", "0.00"),
        ("3.125", "3.13", "0.50"),  # 0.5008
        ("0.03125", "0.03", "0.00"),
        ("-3.125", "-3.13", "-0.50"),  # a credit mirrors its charge
        ("1.59", "1.59", "0.25"),  # 0.2544
        ("1.60", "1.60", "0.26"),  # 0.256
    ],
)
def test_halves_go_away_from_zero(company: Company, price: str, net: str, tax: str) -> None:
    line = draft(company, Item("Something", kes(price)), "100").lines.all()[0]
    assert (f"{line.net_amount:.2f}", f"{line.tax_amount:.2f}") == (net, tax)


def test_tax_is_reckoned_by_line_and_shown_by_rate(company: Company) -> None:
    # Three lines of 0.03: tax of each 0.0048, so nothing; 16 % of 0.09 would be 0.0144, and one cent.
    TaxRate.objects.create(country="KE", category="reduced", percent=Decimal(8), starts_on=date(2020, 1, 1))
    TaxRate.objects.create(country="KE", category="zero", percent=Decimal(0), starts_on=date(2020, 1, 1))
    small = [Item("SMS", kes("0.03")) for _ in range(3)]
    invoice = issued(
        company, *small, Item("Fuel", kes("500"), tax_category="reduced"), Item("Maize", kes("70"), tax_category="zero")
    )
    assert [(f"{row.percent.normalize():f}", row.code, row.net, row.tax) for row in invoice.tax_lines] == [
        ("16", "S", kes("0.09"), kes("0.00")),
        ("8", "S", kes("500"), kes("40")),
        ("0", "Z", kes("70"), kes("0")),
    ]


@pytest.mark.parametrize(
    ("day", "percent", "tax"),
    [
        (date(2020, 4, 1), "14.000", "140.00"),
        (date(2020, 12, 31), "14.000", "140.00"),
        (date(2021, 1, 1), "16.000", "160.00"),
    ],
)
def test_rate_is_that_of_the_day_of_issue(company: Company, day: date, percent: str, tax: str) -> None:
    at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    invoice = invoices.issue(invoice=draft(company, "1000"), today=day, at=at, by=None)
    line = invoice.lines.get()
    assert (str(line.tax_percent), f"{invoice.tax_amount:.2f}") == (percent, tax)
    assert invoice.number == f"INV-{day.year}-000001"


def test_exempt_company_pays_no_tax_and_reads_why(company: Company) -> None:
    TaxExemption.objects.create(
        company=company,
        reason="Exempt under section 5 of the VAT Act",
        certificate="KRA/2026/118",
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 11, 22),
    )
    last = issued(company, "1000.00")
    assert amounts(last) == ("1000.00", "0.00", "1000.00")
    assert last.tax_lines[0].reason == "Exempt under section 5 of the VAT Act (KRA/2026/118)"
    assert last.tax_lines[0].code == "E"
    after = invoices.issue(invoice=draft(company, "1000.00"), today=TODAY + timedelta(days=1), at=AT, by=None)
    assert amounts(after) == ("1000.00", "160.00", "1160.00")


def test_country_without_a_rate_is_abroad() -> None:
    company = CompanyFactory.create(country="US", currency="USD")
    invoice = issued(company, Item("Training", Money("1666.67", "USD")))
    assert (invoice.total, invoice.tax_lines[0].code) == (Money("1666.67", "USD"), "G")
    assert invoice.tax_lines[0].reason == "No VAT is charged on services to United States of America"
    assert accounts() == {"receivable": "1666.67", "revenue": "-1666.67"}


@pytest.mark.parametrize(("country", "currency"), [("JP", "JPY"), ("UG", "UGX")])
def test_currency_without_decimals(country: str, currency: str) -> None:
    # 3 × 1,234.5 = 3,703.5, a half: 3,704. Tax of 18 %: 666.72, so 667.
    TaxRate.objects.create(country=country, percent=Decimal(18), starts_on=date(2020, 1, 1))
    company = CompanyFactory.create(country=country, currency=currency)
    invoice = issued(company, Item("Users", Money("1234.5", currency), quantity=Decimal(3)))
    assert amounts(invoice) == ("3704", "667", "4371")
    assert difference() == ""


def test_category_that_the_country_does_not_have_is_refused(company: Company) -> None:
    with pytest.raises(UnknownRate), transaction.atomic():
        draft(company, Item("Fuel", kes(1), tax_category="reduced"))
    assert not Invoice.objects.exists()


def test_taxes_before_the_first_rate_are_none(company: Company) -> None:
    assert taxes_of(company, day=date(2020, 3, 31))["standard"].code == "G"


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"percent": Decimal(101)}, "percent_in_range"),
        ({"percent": Decimal(-1)}, "percent_in_range"),
        ({"starts_on": date(2021, 1, 1)}, "once"),
    ],
)
def test_database_refuses_rates_that_make_no_sense(values: dict[str, object], constraint: str) -> None:
    row = {"country": "KE", "percent": Decimal(16), "starts_on": date(2030, 1, 1), **values}
    with pytest.raises(IntegrityError, match=f"invoicing_taxrate_{constraint}"), transaction.atomic():
        TaxRate.objects.create(**row)


def test_discount_is_a_line_of_its_own(company: Company) -> None:
    invoice = issued(company, "1000.00", Item("Labs discount, 10 %", kes("-100.00")))
    assert amounts(invoice) == ("900.00", "144.00", "1044.00")


def test_line_in_another_currency_is_refused(company: Company) -> None:
    with pytest.raises(drafts.money.CurrencyMismatch), transaction.atomic():
        draft(company, Item("ERP", Money(10, "USD")))
    assert not Invoice.objects.exists()
