"""What was tried in vain stands on the first page of the admin, with a button that has it tried again."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from billing.invoicing.models import Invoice, InvoiceBatch, InvoiceRun, PaperFile
from billing.invoicing.services import charges, runs
from billing.invoicing.services.charges import NewCharge
from billing.invoicing.services.drafts import Item
from billing.payments.models import DunningTask
from billing.payments.services import dunning
from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from tests.billing.invoicing.books import AT, TODAY, difference, kes
from tests.billing.invoicing.charging import owe
from tests.billing.payments.conftest import card, issued
from tests.cast import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal_site")]


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def test_home_offers_to_try_again_what_was_given_up(finance: User, invoice: Invoice, support: User) -> None:
    desk = client_of(finance)
    assert "could not be made" not in text(desk.get("/admin/"))
    PaperFile.objects.update(state="failed", attempts=5, error="MemoryError", finished_at=AT)
    page = text(desk.get("/admin/"))
    assert re.search(r'<a href="/admin/failed-work/papers/">PDFs that could not be made: <strong>1</strong></a>', page)
    asked = text(desk.get("/admin/failed-work/papers/"))
    assert "PDFs that could not be made: 1" in asked
    assert PaperFile.objects.get().state == "failed"
    assert client_of(support).post("/admin/failed-work/papers/").status_code == 302
    assert PaperFile.objects.get().state == "failed"
    assert desk.post("/admin/failed-work/papers/").url == "/admin/"
    paper = PaperFile.objects.get()
    assert (paper.state, paper.attempts, paper.error, paper.finished_at) == ("queued", 0, "", None)
    assert ActivityEvent.objects.get(verb="failed_work.retried").data == {"work": "pdfs that could not be made"}
    assert desk.get("/admin/failed-work/nonsense/").status_code == 404


def test_charges_that_a_run_left_out_go_with_a_run_of_today(finance: User, company: Company) -> None:
    desk = client_of(finance)
    owe(company, "a")
    run = runs.start(until=TODAY, at=AT)
    assert run
    assert runs.left_out().count() == 0, "it is under way"
    InvoiceBatch.objects.update(state="failed", error="The worker stopped in the middle.")
    runs.end(run=run, at=AT)
    later = [NewCharge(company.pk, TODAY, Item("SACCO", kes(5), source="b"))]
    charges.add(later, at=AT + timedelta(hours=1))
    assert runs.left_out().get().source == "a"
    assert "Charges that the invoice run left out: <strong>1</strong>" in text(desk.get("/admin/"))
    assert desk.post("/admin/failed-work/invoice-run/").status_code == 302
    again = InvoiceRun.objects.get(finished_at=None)
    assert runs.issue_next(run=again, at=timezone.now())
    assert (Invoice.objects.get().lines.count(), runs.left_out().count()) == (2, 0)


def test_step_that_is_tried_again_charges_once(finance: User, company: Company) -> None:
    card(company)
    invoice = issued(company, "1000")
    task = DunningTask.objects.get()
    dunning.do(task.pk, at=AT)
    DunningTask.objects.update(state="failed")
    assert client_of(finance).post("/admin/failed-work/dunning/").status_code == 302
    assert dunning.do(task.pk, at=AT)
    invoice.refresh_from_db()
    assert (invoice.status, invoice.payments.count(), difference()) == ("paid", 1, "")
