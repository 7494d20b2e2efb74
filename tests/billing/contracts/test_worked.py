"""Worked examples, reckoned by hand: what contracts charge with tax, to the cent, and what is left of it."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from billing.invoicing.models import Invoice, TaxExemption
from billing.invoicing.services import credit_notes, ledger, settlement
from billing.invoicing.services.statements import Statement
from portal.accounts.models import Company, User
from portal.contracts.models import Contract
from tests.billing.contracts.billed import FIRST, at, billed, periods, run, states
from tests.billing.invoicing.books import accounts, difference
from tests.billing.invoicing.charging import owe
from tests.portal.contracts.charges.made import contract, item

LAST = date(2026, 3, 31)
AGENCY = {"kind": "agency_training", "description": "Training of Amina", "schedule": "instalments"}
Row = tuple[str, str, str, str, str]


def rows(company: Company) -> list[Row]:
    """Its invoices: number, day, net, tax and total."""
    found = Invoice.objects.for_company(company).order_by("pk")
    return [
        (one.number or "draft", f"{one.issued_on}", *(f"{part.amount}" for part in (one.net, one.tax, one.total)))
        for one in found
    ]


def pay(company: Company, amount: str, reference: str, currency: str = "USD") -> None:
    money = Invoice(currency=currency).money(Decimal(amount))
    settlement.receive(company=company, amount=money, gateway="manual", reference=reference, at=at(LAST))


def owed(company: Company, currency: str = "USD") -> str:
    """The last line of the statement of the year."""
    year = Statement(company, currency, at(date(2026, 1, 1)), at(date(2026, 12, 31)))
    assert [one.balance for one in year.rows()][-1] == year.closing
    return f"{year.closing.amount}"


def test_training_of_an_independent_developer(training: Contract, company: Company) -> None:
    """16 % of 1,666.67 are 266.6672, of 1,666.66 they are 266.6656: 266.67 each."""
    run(LAST)
    assert rows(company) == [
        ("INV-2026-000001", "2026-01-31", "1666.67", "266.67", "1933.34"),
        ("INV-2026-000002", "2026-02-28", "1666.67", "266.67", "1933.34"),
        ("INV-2026-000003", "2026-03-31", "1666.66", "266.67", "1933.33"),
    ]
    assert owed(company) == "5800.01"
    pay(company, "5800.01", "whole")
    assert (states(training), owed(company), difference()) == (["paid"] * 3, "0.00", "")
    assert accounts() == {"cash manual": "5800.01", "revenue": "-5000.00", "tax_payable VAT 16 %": "-800.01"}


def test_training_of_an_agencys_developer(company: Company, asker: User, decider: User) -> None:
    """16 % of 833.34 are 133.3344, of 833.33 they are 133.3328: 133.33 each."""
    made = contract(company)
    item(made, "2500.00", **AGENCY)
    billed(made, asker, decider)
    run(LAST)
    assert [row[2:] for row in rows(company)] == [
        ("833.34", "133.33", "966.67"),
        ("833.33", "133.33", "966.66"),
        ("833.33", "133.33", "966.66"),
    ]
    assert owed(company) == "2899.99"


def test_labs_discount_lowers_the_tax_as_well(company: Company, asker: User, decider: User) -> None:
    """15 % of 1,666.67 are 250.0005 and of 1,666.66 they are 249.999: 250.00 each, with 40.00 of tax."""
    labs = contract(company, discount_percent=Decimal(15))
    item(labs, "5000.00", description="Training", schedule="instalments")
    billed(labs, asker, decider)
    run(LAST)
    assert [row[2:] for row in rows(company)] == [
        ("1416.67", "226.67", "1643.34"),
        ("1416.67", "226.67", "1643.34"),
        ("1416.66", "226.67", "1643.33"),
    ]
    lines = Invoice.objects.earliest("pk").lines.values_list("net_amount", "tax_amount")
    assert [(f"{net:.2f}", f"{tax:.2f}") for net, tax in lines] == [("1666.67", "266.67"), ("-250.00", "-40.00")]
    assert accounts()["revenue"] == "-4250.00"


def test_engagement_of_twelve_months(company: Company, asker: User, decider: User) -> None:
    """USD 1,000.00 in all over twelve months: four cents more than twelve times 83.33, in the first four months."""
    made = contract(company, type="engagement", starts_on=date(2025, 1, 31), ends_on=date(2026, 1, 31))
    item(made, "1000.00", schedule="instalments", months=12)
    billed(made, asker, decider, on=at(date(2025, 1, 30)))
    run(date(2026, 1, 30))
    assert [f"{period.amount:.2f}" for period in periods(made)] == ["83.34"] * 4 + ["83.33"] * 8
    assert [str(period.due_on) for period in periods(made)][-3:] == ["2025-10-31", "2025-11-30", "2025-12-31"]
    assert (len(rows(company)), accounts()["revenue"], difference()) == (12, "-1000.00", "")


def test_two_contracts_and_a_subscription_of_one_day_are_one_invoice(
    training: Contract, company: Company, other_company: Company, asker: User, decider: User
) -> None:
    labs = contract(company, discount_percent=Decimal("12.50"))
    item(labs, "100.20", months=1, description="Support")
    labs = billed(labs, asker, decider)
    owe(company, "subscription 1", "49.99", FIRST, currency="USD")
    owe(other_company, "subscription 2", "1000.00", FIRST)
    run(FIRST)
    # 12.5 % of 100.20 are 12.525. Tax: 266.67, 16.03 (16.032), −2.00 (2.0048) and 8.00 (7.9984).
    assert rows(company) == [("INV-2026-000001", "2026-01-31", "1804.33", "288.70", "2093.03")]
    assert rows(other_company) == [("INV-2026-000002", "2026-01-31", "1000.00", "160.00", "1160.00")]
    invoice = Invoice.objects.get(company=company)
    assert [(line.description, f"{line.net_amount:.2f}", f"{line.tax_amount:.2f}") for line in invoice.lines.all()] == [
        (f"Training, 1 of 3 ({training.number})", "1666.67", "266.67"),
        (f"Support ({labs.number})", "100.20", "16.03"),
        (f"Labs discount, 12.5 % ({labs.number})", "-12.53", "-2.00"),
        ("ERP", "49.99", "8.00"),
    ]
    pay(company, "2093.03", "whole")
    assert (states(training)[0], states(labs), difference()) == ("paid", ["paid"], "")


def test_contract_in_another_currency_than_the_subscription_has_an_invoice_of_its_own(
    training: Contract, company: Company
) -> None:
    owe(company, "subscription 1", "1000.00", FIRST)
    run(FIRST)
    assert [(one.currency, one.number, f"{one.total.amount}") for one in Invoice.objects.order_by("sequence")] == [
        ("KES", "INV-2026-000001", "1160.00"),
        ("USD", "INV-2026-000002", "1933.34"),
    ]
    # Shillings pay no dollars, however many there are.
    pay(company, "500000.00", "shillings", "KES")
    assert (owed(company, "KES"), owed(company), states(training)[0]) == ("-498840.00", "1933.34", "invoiced")
    assert difference() == ""


@pytest.mark.parametrize(
    ("fields", "exempt", "expected"),
    [
        ({"billing_country": ""}, "", ("S", "266.67", "KE")),
        ({"billing_country": ""}, "Diplomatic mission", ("E", "0.00", "KE")),
        ({"country": "US", "billing_country": ""}, "", ("G", "0.00", "US")),
    ],
)
def test_customer_without_billing_country_is_taxed_where_it_is(
    training: Contract, company: Company, fields: dict[str, str], exempt: str, expected: tuple[str, str, str]
) -> None:
    Company.objects.filter(pk=company.pk).update(**fields)
    if exempt:
        TaxExemption.objects.create(company=company, reason=exempt, starts_on=FIRST)
    run(FIRST)
    invoice = Invoice.objects.get()
    line = invoice.lines.get()
    assert (line.tax_code, f"{invoice.tax.amount}", invoice.bill_to["country"]) == expected
    assert bool(line.tax_reason) is (line.tax_code != "S")


def test_credit_note_over_part_of_a_period_and_then_the_rest(training: Contract, company: Company) -> None:
    """A third of 1,933.34: of net 1,666.67 and tax 266.67 in proportion, 555.56 and 88.89."""
    run(FIRST)
    invoice = Invoice.objects.get()
    same = {"invoice": invoice, "reason": "A third of the month.", "today": LAST, "at": at(LAST), "by": None}
    part = credit_notes.issue(**same, amount=invoice.money(Decimal("644.45")))
    assert (f"{part.net.amount}", f"{part.tax.amount}", f"{invoice.due.amount}") == ("555.56", "88.89", "1288.89")
    assert states(training)[0] == "invoiced"
    pay(company, "1000.00", "some")
    whole = credit_notes.issue(**same)
    assert (f"{whole.net.amount}", f"{whole.tax.amount}", whole.number) == ("1111.11", "177.78", "CN-2026-000002")
    # Of what was paid nothing is owed any more: it is the company's.
    balance = ledger.balance_of(company, "USD").amount
    assert (states(training)[0], f"{balance}", owed(company)) == ("paid", "1000.00", "-1000.00")
    assert difference() == ""


def test_credit_note_over_a_discounted_period_takes_the_discount_back(
    company: Company, asker: User, decider: User
) -> None:
    """100.00 less 20.00 are 80.00 and 12.80 of tax: half of it is 50.00 less 10.00, and 8.00 less 1.60."""
    labs = contract(company, discount_percent=Decimal(20))
    item(labs, "100.00", months=1)
    billed(labs, asker, decider)
    run(FIRST)
    invoice = Invoice.objects.get()
    note = credit_notes.issue(
        invoice=invoice, reason="Half.", today=FIRST, at=at(FIRST), by=None, amount=invoice.money(Decimal("46.40"))
    )
    lines = note.lines.values_list("net_amount", "tax_amount")
    assert [(f"{net:.2f}", f"{tax:.2f}") for net, tax in lines] == [("50.00", "8.00"), ("-10.00", "-1.60")]
    assert (f"{invoice.due.amount}", states(labs), difference()) == ("46.40", ["invoiced"], "")


def test_in_one_go_is_as_day_by_day_and_as_twice(company: Company, asker: User, decider: User) -> None:
    made = contract(company, discount_percent=Decimal("7.50"))
    item(made, "99.99", months=3, description="Support")
    item(made, "1000.00", schedule="instalments", starts_on=date(2026, 2, 10), description="Training")
    billed(made, asker, decider)
    days = [date.fromordinal(day) for day in range(FIRST.toordinal(), date(2026, 4, 11).toordinal())]
    found = []
    for asked in (days, [days[-1]], [day for day in days for _ in range(2)]):
        with transaction.atomic():
            for day in asked:
                run(day)
            found.append([row[1:] for row in rows(company)])
            assert difference() == ""
            transaction.set_rollback(True)
    assert found[0] == found[1] == found[2]
    assert [(day, net) for day, net, _tax, _total in found[0]] == [
        ("2026-01-31", "92.49"),
        ("2026-02-10", "308.34"),
        ("2026-02-28", "92.49"),
        ("2026-03-10", "308.33"),
        ("2026-03-31", "92.49"),
        ("2026-04-10", "308.33"),
    ]
