"""The ledger: balanced, booked once, and never changed."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from djmoney.money import Money
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from billing.invoicing.models import LedgerEntry, LedgerTransaction
from billing.invoicing.services import ledger
from billing.invoicing.services.ledger import Entry
from portal.accounts.models import Company
from portal.core.errors import DomainError
from portal.core.money import CurrencyMismatch, split
from tests.billing.invoicing.books import AT, accounts, difference, kes, unguarded
from tests.factories import CompanyFactory
from tests.portal.core.threads import race

pytestmark = pytest.mark.django_db
Account = LedgerEntry.Account


def book(company: Company, *entries: Entry, reference: str = "payment sandbox ch_1") -> LedgerTransaction:
    return ledger.post(
        kind=LedgerTransaction.Kind.PAYMENT,
        company=company,
        reference=reference,
        at=AT,
        entries=entries,
        subject=company,
    )


def paid(amount: Money) -> tuple[Entry, Entry]:
    return Entry(Account.CASH, amount, "sandbox"), Entry(Account.CUSTOMER_BALANCE, -amount)


def test_movement_is_booked_with_its_entries(company: Company) -> None:
    booked = book(company, *paid(kes("1160.00")), Entry(Account.REVENUE, kes(0)))
    assert [(row.account, row.detail, row.money) for row in booked.entries.order_by("pk")] == [
        ("cash", "sandbox", kes("1160.00")),
        ("customer_balance", "", kes("-1160.00")),
    ]
    assert (booked.subject, booked.subject_label, booked.currency) == (company, "Savanna Foods", "KES")
    assert ledger.balance_of(company, "KES") == kes("1160.00")
    assert ledger.balance_of(company, "USD") == Money(0, "USD")
    assert LedgerTransaction.objects.about(company).get() == booked == ledger.find("payment sandbox ch_1")


def test_reference_is_booked_once(company: Company) -> None:
    book(company, *paid(kes(100)))
    with pytest.raises(ledger.AlreadyBooked):
        book(company, *paid(kes(100)))
    assert LedgerEntry.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_reference_is_booked_once_however_many_try(company: Company) -> None:
    results = race(lambda number: book(company, *paid(kes(100))), threads=8)
    assert sum(isinstance(result, LedgerTransaction) for result in results) == 1
    assert sum(isinstance(result, ledger.AlreadyBooked) for result in results) == 7
    assert LedgerEntry.objects.count() == 2


@pytest.mark.parametrize(
    ("entries", "error"),
    [
        ([], ledger.NotBalanced),
        ([Entry("cash", kes(0)), Entry("revenue", kes(0))], ledger.NotBalanced),
        ([Entry("cash", kes("100.00")), Entry("revenue", kes("-99.99"))], ledger.NotBalanced),
        ([Entry("cash", kes(100)), Entry("revenue", Money(-100, "USD"))], CurrencyMismatch),
        ([Entry("cash", kes("0.005")), Entry("revenue", kes("-0.005"))], DomainError),
        ([Entry("cash", Money("0.5", "UGX")), Entry("revenue", Money("-0.5", "UGX"))], DomainError),
    ],
)
def test_what_does_not_add_up_is_not_booked(company: Company, entries: list[Entry], error: type[Exception]) -> None:
    with pytest.raises(error):
        book(company, *entries)
    assert not LedgerTransaction.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda: LedgerEntry.objects.update(amount=1),
        lambda: LedgerEntry.objects.all()._raw_delete("default"),
        lambda: LedgerTransaction.objects.update(reference="another"),
        lambda: LedgerTransaction.objects.all()._raw_delete("default"),
    ],
)
def test_database_refuses_to_change_what_is_booked(company: Company, change: object) -> None:
    book(company, *paid(kes(100)))
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        change()
    assert accounts() == {"cash sandbox": "100.00", "customer_balance": "-100.00"}


@pytest.mark.django_db(transaction=True)
def test_database_refuses_at_commit_what_is_not_balanced(company: Company) -> None:
    booked = book(company, *paid(kes(100)))
    for currency, amount in (("KES", "0.01"), ("USD", "5")):
        row = {"transaction": booked, "company": company, "account": "cash", "currency": currency}
        with pytest.raises(IntegrityError, match="not balanced"), transaction.atomic():
            LedgerEntry.objects.create(**row, amount=Decimal(amount))
    assert LedgerEntry.objects.count() == 2


@pytest.mark.parametrize(("field", "value"), [("amount", Decimal(0)), ("account", "sugar")])
def test_database_refuses_entries_that_mean_nothing(company: Company, field: str, value: object) -> None:
    booked = book(company, *paid(kes(100)))
    row = {"transaction": booked, "company": company, "account": "cash", "currency": "KES", "amount": Decimal(5)}
    with pytest.raises(IntegrityError, match="invoicing_ledgerentry_"), transaction.atomic():
        LedgerEntry.objects.create(**{**row, field: value})


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE invoicing_ledgerentry SET amount = 90 WHERE amount = 100", "leave KES -10.0000"),
        ("DELETE FROM invoicing_ledgerentry", "has no entries"),
        ("UPDATE invoicing_ledgerentry SET currency = 'USD'", "another company or currency"),
        ("UPDATE invoicing_ledgerentry SET amount = -amount", "the balance of savanna-foods is -100.0000 KES"),
    ],
)
def test_proof_finds_what_somebody_changed_behind_its_back(company: Company, statement: str, says: str) -> None:
    book(company, *paid(kes(100)))
    assert difference() == ""
    unguarded(statement)
    assert says in difference()


def test_proof_says_that_the_books_agree() -> None:
    out = StringIO()
    call_command("verify_ledger", stdout=out)
    assert "The books agree" in out.getvalue()


class TestAnyMovements(TestCase):
    """Whatever is split and booked, every account's rest adds up to zero."""

    @settings(max_examples=15)
    @given(amounts=st.lists(st.integers(1, 10**12), min_size=1, max_size=8), parts=st.integers(1, 7))
    def test_everything_adds_up(self, amounts: list[int], parts: int) -> None:
        company = CompanyFactory.create()
        for number, amount in enumerate(amounts):
            whole = kes(Decimal(amount) / 100)
            shares = [Entry(Account.REVENUE, -share) for share in split(whole, parts)]
            book(company, Entry(Account.CASH, whole), *shares, reference=f"{number}")
        assert LedgerEntry.objects.total() == 0
        assert difference() == ""
