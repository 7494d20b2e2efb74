"""The invoice run: one for a day, shared by as many workers as there are."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from portal.core.models import Job


class InvoiceRunQuerySet(models.QuerySet["InvoiceRun"]):
    """Runs."""

    def with_counts(self) -> Self:
        """With `invoices` issued and `drawn`, the charges on them, so far."""
        return self.annotate(invoices=Coalesce(Sum("batches__invoices"), 0), drawn=Coalesce(Sum("batches__drawn"), 0))


class InvoiceRun(models.Model):
    """Issues what is due on a day or before, dated that day. One is under way at a time.

    When it is done, the run of the next day with charges follows, up to `until_on`, so that days which were missed are
    made up for one by one. `charges` is how many waited when it began.
    """

    # Read by `with_counts`.
    invoices: int
    drawn: int

    due_on = models.DateField("day")
    until_on = models.DateField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    charges = models.PositiveIntegerField(default=0)
    size = models.PositiveIntegerField(help_text="Companies in a batch, at most.")

    objects = InvoiceRunQuerySet.as_manager()

    class Meta:
        verbose_name = "invoice run"
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(finished_at=None), name="invoicing_invoicerun_one_under_way"
            ),
            models.CheckConstraint(condition=Q(until_on__gte=F("due_on")), name="invoicing_invoicerun_days"),
        ]
        indexes = [
            models.Index(fields=["-due_on", "-id"], name="invoicing_runs_newest"),
            models.Index(fields=["-started_at", "-id"], name="invoicing_runs_started"),
        ]

    def __str__(self) -> str:
        return f"Invoice run of {self.due_on:%Y-%m-%d}"

    @property
    def status(self) -> str:
        """Whether it is under way."""
        return "done" if self.finished_at else "running"

    @property
    def progress(self) -> str:
        """How far it is, of a run read by `with_counts`."""
        if self.finished_at:
            return "Done"
        return f"Running, {self.drawn / self.charges:.0%}" if self.charges else "Running"

    @property
    def speed(self) -> float | None:
        """Invoices a second, of a run read by `with_counts` that is done."""
        seconds = (self.finished_at - self.started_at).total_seconds() if self.finished_at else 0
        return self.invoices / seconds if seconds else None


class InvoiceBatch(Job):
    """The companies of one range of keys within a run, in one transaction, for which its row is locked: the job.

    `problems` says of whom nothing was issued, and why: {"company": key, "said": sentence}; their charges still wait.
    """

    task: ClassVar[str] = "billing.invoicing.tasks.issue_batches"
    drain: ClassVar[str] = task

    run = models.ForeignKey(InvoiceRun, on_delete=models.PROTECT, related_name="batches")
    first_company = models.BigIntegerField()
    last_company = models.BigIntegerField()
    invoices = models.PositiveIntegerField(default=0)
    drawn = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)

    class Meta(Job.Meta):
        verbose_name_plural = "invoice batches"
        constraints = [
            models.CheckConstraint(
                condition=Q(last_company__gte=F("first_company")), name="invoicing_invoicebatch_range"
            )
        ]

    def __str__(self) -> str:
        return f"{self.run}: companies {self.first_company}–{self.last_company}"
