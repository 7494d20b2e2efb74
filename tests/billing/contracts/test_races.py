"""Several at one billed contract at the same instant. Real threads, each with a connection of its own."""

from collections import Counter
from datetime import timedelta

import pytest

from billing.invoicing.models import Charge, Invoice, InvoiceLine
from billing.invoicing.services import runs
from portal.accounts.models import Company, User
from portal.approvals import services as approvals
from portal.approvals.models import Approval
from portal.contracts.models import BillingPeriod, BillingPeriodLine, Contract
from portal.contracts.services import billing, ending, pausing
from portal.core.errors import InvalidTransition
from tests.billing.contracts.billed import AT, FIRST, at, billed, item_of, run, states
from tests.billing.invoicing.books import difference
from tests.factories import CompanyFactory
from tests.portal.contracts.charges.made import contract, item, put_in_force
from tests.portal.core.threads import race

pytestmark = pytest.mark.django_db(transaction=True)


def agreed(company: Company) -> Contract:
    made = contract(company)
    item(made, "100.00")
    item(made, "300.00", schedule="instalments")
    return made


def drain() -> None:
    """What a worker does until nothing is left of the run."""
    runs.start(until=FIRST, at=at(FIRST))
    while runs.work(at=at(FIRST)):
        pass


def test_enabling_twice_at_once_creates_periods_once(company: Company, asker: User, decider: User) -> None:
    approval = billing.ask(contract=put_in_force(agreed(company)), by=asker, at=AT)
    results = race(lambda number: approvals.approve(approval=approval, by=decider, at=AT), threads=4)
    assert Counter(type(result) for result in results) == {Approval: 1, approvals.AlreadyDecided: 3}
    assert (BillingPeriod.objects.count(), BillingPeriodLine.objects.count(), Charge.objects.count()) == (3, 6, 6)
    assert difference() == ""


def test_asking_twice_at_once_asks_once(company: Company, asker: User) -> None:
    made = put_in_force(agreed(company))
    results = race(lambda number: billing.ask(contract=made, by=asker, at=AT), threads=3)
    assert Counter(type(result) for result in results) == {Approval: 1, approvals.AlreadyAsked: 2}


def test_several_workers_draw_each_period_once(asker: User, decider: User) -> None:
    made = [billed(agreed(CompanyFactory.create()), asker, decider) for _ in range(4)]
    race(lambda number: drain(), threads=4)
    while runs.work(at=at(FIRST)):
        pass
    assert Invoice.objects.count() == 4
    assert InvoiceLine.objects.count() == 8
    assert [states(one) for one in made] == [["invoiced", "pending", "pending"]] * 4
    assert difference() == ""


def test_pause_that_meets_the_run_comes_before_it_or_after(asker: User, decider: User) -> None:
    for _ in range(4):
        made = billed(agreed(CompanyFactory.create()), asker, decider)
        one = item_of(made)

        def act(number: int, one: object = one) -> object:
            return pausing.pause(item=one, by=asker, at=at(FIRST)) if number else drain()

        race(act, threads=2)
        while runs.work(at=at(FIRST)):
            pass
        run(FIRST + timedelta(days=1))
        lines = InvoiceLine.objects.filter(invoice__company=made.company).count()
        withdrawn = BillingPeriodLine.objects.filter(item=one, is_withdrawn=True).count()
        # Either the run was first, and has both items, or the pause was, and the invoice is of the other one alone.
        assert (lines, withdrawn) in ((2, 2), (1, 3))
        assert difference() == ""


def test_end_that_meets_the_run_leaves_no_half_period(asker: User, decider: User) -> None:
    for _ in range(4):
        made = billed(agreed(CompanyFactory.create()), asker, decider)

        def act(number: int, made: Contract = made) -> object:
            return ending.terminate(contract=made, by=asker, at=at(FIRST), reason="Over.") if number else drain()

        results = race(act, threads=2)
        assert not [one for one in results if isinstance(one, Exception)]
        while runs.work(at=at(FIRST)):
            pass
        assert InvoiceLine.objects.filter(invoice__company=made.company).count() in (0, 2)
        assert states(made) in (["invoiced", "cancelled", "cancelled"], ["cancelled"] * 3)
        assert difference() == ""


def test_two_who_pause_pause_once(company: Company, asker: User, decider: User) -> None:
    made = billed(agreed(company), asker, decider)
    one = item_of(made)
    results = race(lambda number: pausing.pause(item=one, by=asker, at=AT), threads=3)
    assert Counter(type(result) for result in results)[InvalidTransition] == 2
    assert BillingPeriodLine.objects.filter(is_withdrawn=True).count() == 3
    assert difference() == ""
