"""Charging what could not be charged, as soon as there is a new default method or its bank has renewed it."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from billing.invoicing.models import Invoice
from billing.invoicing.models.invoices import InvoiceQuerySet
from billing.payments.models import DunningTask, PaymentMethod
from billing.payments.models.dunning import CHARGES
from portal.core.services import jobs

if TYPE_CHECKING:
    from portal.accounts.models import Company


def unpaid(company: "Company") -> InvoiceQuerySet:
    """Open invoices that were to be charged by themselves, and were not."""
    tried = DunningTask.objects.filter(action__in=CHARGES).exclude(state=DunningTask.State.QUEUED)
    return Invoice.objects.for_company(company).filter(status=Invoice.Status.OPEN, pk__in=tried.values("invoice"))


@transaction.atomic
def plan(*, method: PaymentMethod, at: datetime) -> None:
    """Have a method charged for these at once, each once a day; its company is locked."""
    day = timezone.localdate(at)
    planned = DunningTask.objects.filter(action=DunningTask.Action.RECHARGE, method=method, starts_on=day)
    rows = unpaid(method.company).exclude(pk__in=planned.values("invoice")).order_by("pk")
    jobs.enqueue_many(
        job_type=DunningTask,
        names=("invoice_id",),
        rows=[(key,) for key in rows.values_list("pk", flat=True)],
        at=at,
        action=DunningTask.Action.RECHARGE,
        days=0,
        starts_on=day,
        method_id=method.pk,
    )
