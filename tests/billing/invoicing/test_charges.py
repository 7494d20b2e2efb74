"""Charges: written down once, never changed, drawn once."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DataError, IntegrityError, transaction

from billing.invoicing.models import Charge
from billing.invoicing.services import charges, drafts
from billing.invoicing.services.charges import NewCharge
from billing.invoicing.services.drafts import Item
from portal.accounts.models import Company
from tests.billing.invoicing.books import AT, TODAY, kes
from tests.billing.invoicing.conftest import draft, issued
from tests.portal.core.threads import race

pytestmark = pytest.mark.django_db


def new(company: Company, source: str, amount: str = "100.00", due_on: date = TODAY) -> NewCharge:
    return NewCharge(company.pk, due_on, Item("ERP", kes(amount), source=source))


def test_charge_is_written_down_as_it_was_handed_over(company: Company, other_company: Company) -> None:
    item = Item(
        "Payroll",
        kes("0.125"),
        Decimal("84.5"),
        date(2026, 11, 1),
        date(2026, 12, 1),
        "subscription 1, 2026-11-01",
        "reduced",
    )
    assert charges.add([NewCharge(company.pk, TODAY, item), new(other_company, "b")], at=AT) == 2
    row = Charge.objects.for_company(company).values().get()
    assert {name: value for name, value in row.items() if name != "id"} == {
        "company_id": company.pk,
        "currency": "KES",
        "due_on": TODAY,
        "description": "Payroll",
        "quantity": Decimal("84.500000"),
        "unit_price": Decimal("0.125000"),
        "tax_category": "reduced",
        "starts_on": date(2026, 11, 1),
        "ends_on": date(2026, 12, 1),
        "source": "subscription 1, 2026-11-01",
        "created_at": AT,
        "invoice_id": None,
    }


def test_known_sources_are_left_out(company: Company) -> None:
    assert charges.add([new(company, "a"), new(company, "b"), new(company, "a", "999")], at=AT) == 2
    assert charges.add([new(company, "b", "999"), new(company, "c")], at=AT) == 1
    assert charges.add([], at=AT) == 0
    assert list(Charge.objects.order_by("source").values_list("source", "unit_price")) == [
        ("a", 100),
        ("b", 100),
        ("c", 100),
    ]


def test_many_charges_take_a_statement_for_each_two_thousand(
    company: Company, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(2 + 2):  # savepoint, two statements, release
        assert charges.add((new(company, str(number)) for number in range(4000)), at=AT) == 4000


@pytest.mark.parametrize("source", [None, ""])
def test_charge_without_source_is_refused(company: Company, source: str | None) -> None:
    with pytest.raises(ValueError, match="what it is for"), transaction.atomic():
        charges.add([new(company, "a"), NewCharge(company.pk, TODAY, Item("ERP", kes(1), source=source))], at=AT)
    assert not Charge.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_charges_added_at_once_are_counted_once(company: Company) -> None:
    rows = [new(company, str(number)) for number in range(50)]
    assert sum(race(lambda number: charges.add(rows, at=AT), threads=6)) == 50
    assert Charge.objects.count() == 50


def test_what_is_not_drawn_can_be_withdrawn_and_added_anew(company: Company) -> None:
    charges.add([new(company, "a"), new(company, "b"), new(company, "c")], at=AT)
    Charge.objects.filter(source="a").update(invoice=issued(company, "100"))
    assert charges.withdraw(["a", "b", "x"]) == 1
    assert set(Charge.objects.values_list("source", flat=True)) == {"a", "c"}
    assert charges.add([new(company, "a"), new(company, "b", "50")], at=AT) == 1


def test_due_are_those_of_the_day_and_before_that_wait(company: Company) -> None:
    days = {"early": date(2026, 11, 1), "today": TODAY, "later": date(2026, 11, 22)}
    charges.add([new(company, source, due_on=day) for source, day in days.items()], at=AT)
    assert set(Charge.objects.due(TODAY).values_list("source", flat=True)) == {"early", "today"}
    Charge.objects.filter(source="early").update(invoice=issued(company, "100"))
    assert Charge.objects.due(TODAY).get().source == "today"


@pytest.mark.parametrize(
    "change",
    [
        lambda: Charge.objects.update(unit_price=1),
        lambda: Charge.objects.update(source="another"),
        lambda: Charge.objects.filter(source="drawn").update(invoice=None),
        lambda: Charge.objects.filter(source="drawn").update(invoice=draft(Company.objects.get(), "5")),
        lambda: Charge.objects.filter(source="drawn").delete(),
        lambda: Charge.objects.filter(source="waits").update(due_on=date(2026, 11, 1)),
    ],
)
def test_database_refuses_to_change_a_charge(company: Company, change: object) -> None:
    charges.add([new(company, "drawn"), new(company, "waits")], at=AT)
    Charge.objects.filter(source="drawn").update(invoice=issued(company, "100"))
    before = list(Charge.objects.order_by("pk").values())
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        change()
    assert list(Charge.objects.order_by("pk").values()) == before


def test_discarded_draft_gives_its_charges_back(company: Company) -> None:
    charges.add([new(company, "a")], at=AT)
    open_draft = draft(company, "100")
    Charge.objects.update(invoice=open_draft)
    assert not Charge.objects.waiting().exists()
    drafts.discard(invoice=open_draft)
    assert Charge.objects.waiting().get().source == "a"


@pytest.mark.parametrize(("starts", "ends"), [(TODAY, TODAY), (TODAY, date(2026, 11, 1))])
def test_period_ends_after_it_starts(company: Company, starts: date, ends: date) -> None:
    item = Item("ERP", kes(1), starts_on=starts, ends_on=ends, source="a")
    with pytest.raises(IntegrityError, match="invoicing_charge_period"), transaction.atomic():
        charges.add([NewCharge(company.pk, TODAY, item)], at=AT)


def test_description_that_is_too_long_is_refused_and_not_cut(company: Company) -> None:
    item = Item("x" * 401, kes(1), source="a")
    with pytest.raises(DataError), transaction.atomic():
        charges.add([NewCharge(company.pk, TODAY, item)], at=AT)
    assert not Charge.objects.exists()
