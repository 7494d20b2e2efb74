"""Numbers without gaps while many issue at once and some fail; books that balance whatever is done."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from billing.invoicing.models import Invoice, LedgerTransaction
from billing.invoicing.services import credit_notes, drafts, invoices, settlement
from billing.invoicing.services.drafts import Item
from portal.accounts.models import Company
from portal.core.errors import DomainError
from portal.core.models import NumberSeries
from tests.billing.invoicing.books import AT, TODAY, difference, kes
from tests.billing.invoicing.conftest import draft
from tests.factories import CompanyFactory

ISSUES, WORKERS = 200, 16


class Stopped(Exception):
    """The transaction is given up after the number was taken."""


@pytest.mark.django_db(transaction=True)
def test_two_hundred_issues_at_once_with_random_rollbacks_leave_no_gap() -> None:
    companies = [CompanyFactory.create() for _ in range(10)]
    waiting = [draft(companies[number % 10], "1000") for number in range(ISSUES)]
    fate = random.Random(4)
    fails = {invoice.pk for invoice in waiting if fate.random() < 0.3}

    def issue(invoice: Invoice) -> str:
        try:
            with transaction.atomic():
                made = invoices.issue(invoice=invoice, today=TODAY, at=AT, by=None)
                if invoice.pk in fails:
                    raise Stopped
            return str(made.number)
        except Stopped:
            return ""
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        numbers = list(pool.map(issue, waiting))
    whole = ISSUES - len(fails)
    assert 20 < len(fails) < 100
    assert sorted(filter(None, numbers)) == [f"INV-2026-{number:06d}" for number in range(1, whole + 1)]
    assert Counter(Invoice.objects.values_list("status", flat=True)) == {"open": whole, "draft": len(fails)}
    assert (NumberSeries.objects.get().last, LedgerTransaction.objects.count()) == (whole, whole)
    assert difference() == ""


def act(company: Company, name: str, cents: int, pick: int) -> None:
    """One thing that staff or money may do; what the rules refuse changes nothing."""
    amount = kes(cents) / 100
    found = list(Invoice.objects.filter(company=company).order_by("pk"))
    invoice = found[pick % len(found)] if found else None
    if name == "draft":
        drafts.create(company=company, items=[Item("ERP", amount), Item("Discount", -amount / 7)], at=AT)
    elif name in ("receive", "give_back"):
        move = getattr(settlement, name)
        move(company=company, amount=amount, gateway="sandbox", reference=f"{pick}", at=AT)
    elif invoice is None:
        return
    elif name == "issue":
        invoices.issue(invoice=invoice, today=TODAY, at=AT, by=None)
    elif name in ("void", "write_off"):
        getattr(invoices, name)(invoice=invoice, reason="x", at=AT, by=None)
    else:
        part = None if name == "credit_all" else amount
        credit_notes.issue(invoice=invoice, reason="x", today=TODAY, at=AT, by=None, amount=part)


ACTS = ("draft", "draft", "issue", "issue", "receive", "give_back", "void", "write_off", "credit", "credit_all")
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(1, 10**7), st.integers(0, 12)), min_size=1, max_size=100)


@pytest.mark.usefixtures("kenyan_vat", "vendor")
class TestAnySequence(TestCase):
    """Whatever is done in whatever order, the books agree."""

    @settings(max_examples=20)
    @given(steps=STEPS)
    def test_books_agree(self, steps: list[tuple[str, int, int]]) -> None:
        company = CompanyFactory.create()
        for name, cents, pick in steps:
            try:
                with transaction.atomic():
                    act(company, name, cents, pick)
            except DomainError:
                continue
        assert difference() == ""
