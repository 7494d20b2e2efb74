"""Companies of which each has something else before it, and `process_subscriptions` killed where a test says."""

import os
import signal
from datetime import date
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from billing.catalog.models import Plan
from billing.invoicing.models import Invoice, InvoiceBatch, TaxRate
from billing.payments.models import DunningStep, DunningTask
from billing.subscriptions.models import ProductAccess, Subscription
from billing.subscriptions.services import cancelling, processing, quotes
from portal.activity.models import ActivityEvent
from portal.notifications.models import Notification
from tests.billing.subscriptions.world import changed, charges, on, periods, subscribed
from tests.factories import CompanyFactory, MembershipFactory, PlanFactory

# One of each thing that time does, and some more renewals, so that there are several batches.
STORIES = ("plain", "down", "ending", "trial", "trial ending soon", "plain 2", "plain 3")
DAY = date(2026, 5, 2)
# The day before, on which the clock stands.
NOW = on(2026, 5, 1, 12)
# So many days are left to pay the first invoice, which is dunned on the last day.
LATE = (DAY - date(2026, 2, 15)).days


def tell_stories() -> None:
    """Companies of which each has something else before it."""
    TaxRate.objects.get_or_create(country="KE", starts_on=date(2021, 1, 1), defaults={"percent": 16})
    DunningStep.objects.all().delete()
    for action in ("remind", "suspend"):
        DunningStep.objects.create(days=LATE, action=action)
    starter = PlanFactory.create(level=10, name="Starter", month=3100)
    business = PlanFactory.create(level=20, name="Business", month=6200)
    for number, name in enumerate(STORIES):
        company = CompanyFactory.create(name=name, slug=name.replace(" ", "-"))
        owner = MembershipFactory.create(company=company, role="owner", user__email=f"{company.slug}@example.com").user
        Plan.objects.update(trial_days={"trial": 20, "trial ending soon": 91}.get(name, 0))
        subscription = subscribed(company, business, owner, at=on(2026, 2, 1 + number))
        if name == "down":
            changed(subscription, owner, at=on(2026, 2, 10), plan=starter)
        elif name == "ending":
            at = on(2026, 2, 10)
            quotes.confirm(
                quote=cancelling.quote(subscription=subscription, reason="not_used", by=owner, at=at), by=owner, at=at
            )


def outcome() -> list[object]:
    """What stands in the books and in the bells, by company."""
    fields = ("status", "period_starts_at", "period_ends_at", "anchor_at", "ended_at", "due_at")
    found: list[object] = []
    for row in Subscription.objects.select_related("company", "plan").order_by("pk"):
        about = {"company": row.company}
        events = ActivityEvent.objects.filter(**about).order_by("at", "verb").values_list("verb", "at")
        told = Notification.objects.filter(**about).order_by("kind", "subject").values_list("kind", "subject")
        open_ones = ProductAccess.objects.filter(**about).values_list("is_open", "closed_reason")
        own = [row.plan.name, *(str(getattr(row, name)) for name in fields)]
        heard = [[verb, str(at)] for verb, at in events]
        issued = [f"{invoice} {invoice.issued_on}" for invoice in Invoice.objects.filter(**about).order_by("pk")]
        done = DunningTask.objects.filter(invoice__company=row.company).order_by("pk").values_list("action", "state")
        books = [charges(row.company), periods(row), issued, list(done)]
        found.append([row.company.name, own, books, heard, list(told), list(open_ones)])
    return found


def unbroken() -> list[object]:
    """The outcome of one run that nobody kills, of which nothing stays."""
    with transaction.atomic():
        tell_stories()
        assert "renewed" in process(0)
        found = outcome()
        transaction.set_rollback(True)
    return found


def process(fatal: int) -> str:
    """Run the command, and be killed before statement or commit number `fatal`, or after the commit; what it said."""
    processing.BATCH = 3
    timezone.now = lambda: NOW
    for jobs in (InvoiceBatch.objects, DunningTask.objects):
        # What killed its worker so often would be given up.
        jobs.filter(state="queued").update(attempts=0, available_at=NOW)
    passed = 0

    def step() -> None:
        nonlocal passed
        passed += 1
        if passed == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def execute(call: Any, *arguments: Any) -> Any:
        step()
        return call(*arguments)

    def commit() -> None:
        step()
        committed()
        step()

    out, committed = StringIO(), connection._commit
    connection._commit = commit
    with connection.execute_wrapper(execute):
        call_command("process_subscriptions", "--date", DAY.isoformat(), stdout=out)
    return out.getvalue()
