"""Subscriptions that are to be renewed, and what became of them: called in processes of the portal."""

from datetime import date, timedelta
from io import StringIO

from django.core.management import CommandError, call_command
from django.utils import timezone

from billing.invoicing.models import InvoiceRun, TaxRate
from billing.invoicing.services import runs
from billing.subscriptions.models import Subscription
from billing.subscriptions.services import processing
from portal.accounts.models import Company
from tests.factories import PlanFactory

BATCH = 2000


def fill(number: int) -> None:
    """So many companies of which each owes the renewal of today."""
    TaxRate.objects.get_or_create(country="KE", starts_on=date(2021, 1, 1), defaults={"percent": 16})
    plan = PlanFactory.create(month=3100)
    price = plan.prices.get()
    rows = (Company(name=f"Company {place}", slug=f"company-{place}", country="KE") for place in range(number))
    companies = Company.objects.bulk_create(rows, batch_size=BATCH)
    now = timezone.now().replace(microsecond=0)
    began, ends = now - timedelta(days=31), now - timedelta(seconds=1)
    spans = {"period_starts_at": began, "period_ends_at": ends, "due_at": ends, "use_charged_until_at": began}
    Subscription.objects.bulk_create(
        (
            Subscription(
                company=company, family=plan.family, plan=plan, price=price, started_at=began, anchor_at=began, **spans
            )
            for company in companies
        ),
        batch_size=BATCH,
    )
    assert processing.process(until=now)["renewed"] == number


def begin(size: int) -> None:
    """Begin the invoice run of today, in batches of so many companies."""
    assert runs.start(until=timezone.localdate(), at=timezone.now(), size=size)


def report() -> dict[str, object]:
    """What the pages of staff say of the run, and `verify_ledger` of the books."""
    said = ""
    try:
        call_command("verify_ledger", verbosity=0, stdout=StringIO())
    except CommandError as error:
        said = str(error)
    run = InvoiceRun.objects.with_counts().get()
    return {"progress": run.progress, "charges": run.charges, "invoices": run.invoices, "difference": said}
