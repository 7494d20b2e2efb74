"""What happens when an invoice is not paid: the steps that staff keep, each once for each invoice.

Everything stops at once when nothing is due any more: each task looks again, under the company's lock, before it acts.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.invoicing.models import Invoice, LedgerEntry, LedgerTransaction
from billing.invoicing.services import invoices as invoicing
from billing.payments.models import DunningSettings, DunningStep, DunningTask, Payment
from billing.payments.models.dunning import BY_ITSELF, CHARGES
from billing.payments.services import consequences, methods, payments, telling
from billing.payments.services.payments import METHOD_EXPIRED, Way
from portal.core.errors import DomainError
from portal.core.periods import start_of
from portal.core.services import jobs

Action = DunningTask.Action
# Of these only the last that is due is done: nobody is reminded of four weeks in one day.
LAST_ONLY = (Action.REMIND, Action.RETRY)
DISTURBING = frozenset({Action.REMIND, Action.RETRY})
CONSEQUENCES = frozenset({Action.PAST_DUE, Action.SUSPEND, Action.CANCEL})
# A consequence comes so many days after people heard of the step before it, however late a run is.
NOTICE_DAYS = 3
EARLIEST = timedelta(days=60)
BATCH = 500


def run(until: datetime) -> int:
    """Do what is due before an instant, for all invoices; may be stopped and run again. Returns how much that is.

    What waits until the morning, or was begun and not ended, is done by the worker.
    """
    planned = 0
    for batch in _batches(until):
        rows = _plan(batch, until)
        planned += len(rows)
        for task in sorted(rows, key=lambda row: (row.due_on, row.pk)):
            if task.available_at <= until:
                do(task.pk, at=until)
    return planned


def first_day(last: date) -> date | None:
    """The first day up to `last` on which a step is due that is not written down yet; None without any."""
    until = start_of(last + timedelta(days=1))
    steps = list(DunningStep.objects.filter(is_active=True))
    days = (
        task.due_on
        for batch in _batches(until)
        for invoice, known in _with_known(batch)
        for task in _unknown(_due(invoice, steps, until), known)
    )
    return min(days, default=None)


def do(pk: int, *, at: datetime) -> bool:
    """Do one task if it waits; return whether it did. The gateway is called in no transaction.

    What calls no gateway is one transaction: whoever dies in it has not begun.
    """
    charges = DunningTask.objects.filter(pk=pk, action__in=CHARGES).exists()
    return jobs.perform(
        job_type=DunningTask,
        pk=pk,
        outside=(lambda task: _charge(task, at)) if charges else None,
        record=lambda task, result: _record(task, result or "", at),
    )


@transaction.atomic
def charge_on_issue(*, invoices: Iterable[Invoice], at: datetime) -> None:
    """Plan that the default methods of these companies are charged, where their gateways can."""
    rows = [invoice for invoice in invoices if invoice.total_amount > 0]
    default = methods.companies_with_default({invoice.company_id for invoice in rows})
    jobs.enqueue_many(
        job_type=DunningTask,
        names=("invoice_id", "starts_on"),
        rows=[
            (invoice.pk, invoice.issued_on or timezone.localdate(at))
            for invoice in rows
            if invoice.company_id in default
        ],
        at=at,
        action=Action.CHARGE,
        days=0,
    )


def after_quiet_hours(at: datetime, settings: DunningSettings) -> datetime:
    """The next moment at which somebody may be disturbed: now, or when the quiet hours end."""
    begin, end = settings.quiet_from, settings.quiet_until
    local = timezone.localtime(at)
    is_quiet = begin <= local.hour < end if begin < end else (local.hour >= begin or local.hour < end) and begin != end
    if not is_quiet:
        return at
    opened = local.replace(hour=end, minute=0, second=0, microsecond=0)
    return opened if opened > local else opened + timedelta(days=1)


def _batches(until: datetime) -> Iterator[list[Invoice]]:
    """Open invoices that are due, or soon will be, with the day on which they last became due again."""
    steps = list(DunningStep.objects.filter(is_active=True).values_list("days", flat=True))
    if not steps:
        return
    latest = timezone.localdate(until) - timedelta(days=min(steps))
    again = LedgerEntry.objects.filter(
        invoice=OuterRef("pk"),
        account=LedgerEntry.Account.RECEIVABLE,
        transaction__kind=LedgerTransaction.Kind.REVERSAL,
    )
    last = again.order_by().values("invoice").annotate(last=Max("transaction__at")).values("last")
    rows = Invoice.objects.filter(status=Invoice.Status.OPEN, due_on__lte=latest).order_by("pk")
    after = 0
    while batch := list(rows.filter(pk__gt=after).annotate(again_at=Subquery(last))[:BATCH]):
        yield batch
        after = batch[-1].pk


@transaction.atomic
def _plan(batch: list[Invoice], until: datetime) -> list[DunningTask]:
    """Write down what is due of these invoices and was not yet; of missed reminders and retries the last alone."""
    settings, steps = DunningSettings.load(), list(DunningStep.objects.filter(is_active=True))
    wanted = [
        task
        for invoice, known in _with_known(batch)
        for task in _in_good_time(list(_due(invoice, steps, until)), known, timezone.localdate(until))
    ]
    for task in wanted:
        opened = after_quiet_hours(until, settings)
        if task.action in DISTURBING and opened > until:
            task.available_at = opened
    # Another run may be at the same invoices: the constraint lets each step in once.
    DunningTask.objects.bulk_create(wanted, ignore_conflicts=True)
    keys = {(task.invoice_id, task.action, task.days, task.starts_on) for task in wanted}
    made = DunningTask.objects.filter(invoice__in=batch, state=DunningTask.State.QUEUED)
    return [task for task in made if (task.invoice_id, task.action, task.days, task.starts_on) in keys]


def _with_known(batch: list[Invoice]) -> Iterator[tuple[Invoice, list[DunningTask]]]:
    """Each invoice with the steps of it that are written down."""
    known: dict[int, list[DunningTask]] = defaultdict(list)
    for task in DunningTask.objects.filter(invoice__in=batch).exclude(action__in=BY_ITSELF):
        known[task.invoice_id].append(task)
    return ((invoice, known[invoice.pk]) for invoice in batch)


def _unknown(due: Iterable[DunningTask], known: list[DunningTask]) -> list[DunningTask]:
    places = {(task.action, task.days, task.starts_on) for task in known}
    return [task for task in due if (task.action, task.days, task.starts_on) not in places]


def _due(invoice: Invoice, steps: list[DunningStep], until: datetime) -> Iterator[DunningTask]:
    starts_on = _starts_on(invoice)
    today = timezone.localdate(until - timedelta(microseconds=1))
    due = [step for step in steps if starts_on + timedelta(days=step.days) <= today]
    for step in due:
        is_missed = step.action in LAST_ONLY and any(
            later.action == step.action and later.days > step.days for later in due
        )
        yield DunningTask(
            invoice=invoice,
            action=step.action,
            days=step.days,
            starts_on=starts_on,
            channel=step.channel,
            created_at=until,
            # A run for a day to come is done today.
            available_at=min(until, timezone.now()),
            queued_at=min(until, timezone.now()),
            state=DunningTask.State.DONE if is_missed else DunningTask.State.QUEUED,
            finished_at=until if is_missed else None,
            result=_("A later one was due as well.") if is_missed else "",
        )


def _in_good_time(due: list[DunningTask], known: list[DunningTask], today: date) -> Iterator[DunningTask]:
    """Those due that are not known, without consequences of which people have not been warned for long enough."""
    new = _unknown(due, known)
    told = [task for task in known if task.starts_on == due[0].starts_on and not task.is_missed] if due else []
    told += [task for task in new if task.action not in CONSEQUENCES and not task.is_missed]
    for task in sorted(new, key=lambda row: row.days):
        if task.action in CONSEQUENCES:
            last = max((row for row in told if row.days < task.days), key=lambda row: row.days, default=None)
            notice = min(NOTICE_DAYS, task.days - last.days) if last else 0
            if last and timezone.localdate(last.created_at) + timedelta(days=notice) > today:
                continue
            told.append(task)
        yield task


def _starts_on(invoice: Invoice) -> date:
    """The day from which days are counted; `again_at` is when the invoice became due again, where it did."""
    again_at: datetime | None = getattr(invoice, "again_at", None)
    due_on = invoice.due_on or timezone.localdate(invoice.created_at)
    return max(due_on, timezone.localdate(again_at)) if again_at else due_on


def _charge(task: DunningTask, at: datetime) -> str:
    """Charge the default method; what came of it in words."""
    invoice = Invoice.objects.select_related("company").get(pk=task.invoice_id)
    method = methods.charged_alone(invoice.company)
    if method is None or task.method_id not in (None, method.pk):
        return _("No method that can be charged.")
    last = Payment.objects.filter(invoice=invoice, method=method).newest().first()
    is_refused = last and last.status == Payment.Status.FAILED and not last.can_retry
    if last and is_refused and (method.renewed_at is None or last.created_at > method.renewed_at):
        return _("The method cannot be charged again: %(why)s") % {"why": last.failure_message}
    try:
        begun = payments.begin(
            invoice=invoice, way=Way(method=method), at=at, by=None, is_automatic=True, key=f"d-{task.pk}"
        )
    except DomainError as refusal:
        if refusal.code == METHOD_EXPIRED:
            telling.not_charged(invoice, method, reason=refusal.message, at=at)
        return refusal.message
    payment = payments.carry_out(payment=begun, at=at)
    return f"{payment}: {payment.get_status_display().lower()}"


def _record(task: DunningTask, result: str, at: datetime) -> None:
    """Do what the database and people's bells need, if the invoice is still open."""
    company_id = Invoice.objects.values_list("company_id", flat=True).get(pk=task.invoice_id)
    invoicing.lock_company(company_id)
    invoice = Invoice.objects.select_related("company").get(pk=task.invoice_id)
    if invoice.status != Invoice.Status.OPEN:
        result = result or _("Nothing is due any more.")
    elif task.action == Action.REMIND:
        telling.remind(invoice, days=task.days, starts_on=task.starts_on, channel=task.channel, at=at)
        result = _("Reminded.")
    elif task.action not in CHARGES:
        result = consequences.follow(task.action, invoice, at=at)
    DunningTask.objects.filter(pk=task.pk).update(result=result[:300])
