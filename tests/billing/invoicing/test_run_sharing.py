"""Who works on a run, and what becomes of it when somebody stops."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing.invoicing import tasks
from billing.invoicing.models import (
    Charge,
    Invoice,
    InvoiceBatch,
    InvoiceLine,
    InvoiceRun,
)
from billing.invoicing.services import runs, settlement
from portal.accounts.models import Company
from portal.core.models import Job, NumberSeries
from portal.core.services import jobs
from tests.billing.invoicing.books import AT, TODAY, difference, kes
from tests.billing.invoicing.charging import counts, owe, run
from tests.factories import CompanyFactory, MembershipFactory
from tests.portal.core.threads import race

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)


def test_run_is_cut_into_batches_of_companies() -> None:
    for number in range(7):
        owe(CompanyFactory.create(), str(number))
    run(size=3)
    assert list(InvoiceBatch.objects.order_by("pk").values_list("invoices", "drawn", "state")) == [
        (3, 3, "done"), (3, 3, "done"), (1, 1, "done"),
    ]  # fmt: skip
    found = InvoiceRun.objects.with_counts().get()
    assert (found.charges, found.invoices, found.drawn, found.status) == (7, 7, 7, "done")


def test_batch_costs_as_many_queries_for_many_companies_as_for_one() -> None:
    for number in range(21):
        who = MembershipFactory.create(role="owner").company
        owe(who, str(number))
        if number:
            settlement.receive(company=who, amount=kes(500), gateway="manual", reference=str(number), at=AT)
    settlement.receive(
        company=Company.objects.get(pk=Charge.objects.first().company_id),
        amount=kes(5),
        gateway="manual",
        reference="0",
        at=AT,
    )
    first = runs.start(until=TODAY, at=AT, size=1)
    batches = list(InvoiceBatch.objects.order_by("pk"))
    InvoiceBatch.objects.filter(pk=batches[1].pk).update(last_company=batches[-1].last_company)
    InvoiceBatch.objects.filter(pk__gt=batches[1].pk).delete()
    # Hold the run open, so that neither batch is the last.
    InvoiceBatch.objects.create(run=first, first_company=1, last_company=1)
    numbers = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            assert runs.issue_next(run=first, at=AT)
        numbers.append(len(captured))
    assert (Invoice.objects.count(), Invoice.objects.with_due().filter(due_amount=1160 - 500).count()) == (21, 20)
    assert numbers[0] == numbers[1] <= 70


@pytest.mark.django_db(transaction=True)
def test_workers_share_a_run() -> None:
    for number in range(30):
        owe(CompanyFactory.create(), str(number))

    def work(number: int) -> None:
        found = runs.start(until=TODAY, at=AT, size=2)
        assert found is not None
        while InvoiceRun.objects.filter(pk=found.pk, finished_at=None).exists():
            runs.issue_next(run=found, at=AT)

    results = race(work, threads=6)
    assert [result for result in results if isinstance(result, BaseException)] == []
    assert list(InvoiceBatch.objects.values_list("state", "drawn")) == [("done", 2)] * 15
    assert InvoiceRun.objects.count() == 1
    assert list(Invoice.objects.order_by("sequence").values_list("sequence", flat=True)) == list(range(1, 31))
    assert InvoiceLine.objects.count() == Charge.objects.exclude(invoice=None).count() == 30
    assert difference() == ""


def test_worker_does_a_batch_and_asks_for_the_next(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    messages: list[str] = []
    monkeypatch.setattr(tasks.issue_batches, "apply_async", lambda *args, **rest: messages.append("batch"))
    monkeypatch.setattr(tasks.make_papers, "apply_async", lambda *args, **rest: messages.append("papers"))
    for number in range(3):
        owe(CompanyFactory.create(), str(number))
    with django_capture_on_commit_callbacks(execute=True):
        runs.start(until=TODAY, at=AT, size=2)
    assert messages == ["batch", "batch"]
    for _ in range(3):
        with django_capture_on_commit_callbacks(execute=True):
            tasks.issue_batches()
    assert sorted(messages) == ["batch"] * 4 + ["papers"] * 4
    assert (Invoice.objects.count(), InvoiceRun.objects.get().status) == (3, "done")
    with django_capture_on_commit_callbacks(execute=True):
        jobs.sweep(at=timezone.now())
    assert messages[8:] == ["papers"], "no batch waits, PDFs do"


def test_one_run_is_under_way_at_a_time(company: Company) -> None:
    owe(company, "a")
    first = runs.start(until=TODAY, at=AT)
    assert runs.start(until=TOMORROW, at=AT) == first
    assert InvoiceRun.objects.get().until_on == TOMORROW
    with pytest.raises(IntegrityError, match="one_under_way"), transaction.atomic():
        InvoiceRun.objects.create(due_on=TODAY, until_on=TODAY, started_at=AT, size=1)


def test_run_whose_last_batch_was_given_up_ends_and_its_charges_go_with_the_next(company: Company) -> None:
    owe(company, "a")
    first = runs.start(until=TODAY, at=AT)
    InvoiceBatch.objects.update(state=Job.State.FAILED)
    runs.end(run=first, at=AT)
    assert InvoiceRun.objects.get().finished_at == AT
    assert run() is not None
    assert Invoice.objects.get().lines.get().source == "a"


def test_batch_that_breaks_off_leaves_nothing(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    owe(company, "a")
    found = runs.start(until=TODAY, at=AT)
    before = counts()
    monkeypatch.setattr("billing.invoicing.services.papers.archive.ask_for", lambda *args, **rest: 1 / 0)
    assert runs.issue_next(run=found, at=AT)
    assert (counts(), NumberSeries.objects.count()) == (before, 0)
    batch = InvoiceBatch.objects.get()
    assert (batch.state, batch.error) == (Job.State.QUEUED, "ZeroDivisionError: division by zero")


def test_command_issues_everything_and_says_so(company: Company, other_company: Company) -> None:
    owe(company, "a")
    owe(other_company, "b", due_on=TOMORROW)
    out = StringIO()
    call_command("generate_invoices", date=TOMORROW, stdout=out)
    assert out.getvalue().splitlines()[0].startswith("Invoice run of 2026-11-21: 1 invoices of 1 charges in ")
    assert out.getvalue().splitlines()[1].startswith("Invoice run of 2026-11-22: 1 invoices of 1 charges in ")
    again = StringIO()
    call_command("generate_invoices", date=TOMORROW, stdout=again)
    assert again.getvalue() == "Nothing is due by 2026-11-22.\n"
    assert Invoice.objects.count() == 2


def test_command_tells_what_could_not_be_invoiced(company: Company) -> None:
    owe(company, "a", tax_category="zero")
    err = StringIO()
    with pytest.raises(CommandError, match="1 could not be invoiced"):
        call_command("generate_invoices", date=TODAY, stdout=StringIO(), stderr=err)
    assert "No rate of tax is known for zero lines there." in err.getvalue()
