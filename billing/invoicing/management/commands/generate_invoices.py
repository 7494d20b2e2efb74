"""Issue everything that is due."""

import time
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from billing.invoicing.models import InvoiceBatch, InvoiceRun
from billing.invoicing.services import runs
from portal.core.models import Job

WIDTH = 30


class Command(BaseCommand):
    """Begins the run or joins the one under way, and works on it beside the workers until all is issued."""

    help = (
        "Issue the invoices of everything due by a day, beside the workers; may be stopped and run again at any moment."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the day."""
        parser.add_argument("--date", type=date.fromisoformat, help="YYYY-MM-DD; today without it")
        parser.add_argument("--size", type=int, default=runs.SIZE, help="companies in a batch")

    def handle(self, *args: Any, date: date | None, size: int, **options: Any) -> None:
        """Work until nothing is due any more; exit status 1 where something could not be invoiced."""
        day = date or timezone.localdate()
        run = runs.start(until=day, at=timezone.now(), size=size)
        if run is None:
            self.stdout.write(f"Nothing is due by {day:%Y-%m-%d}.")
        problems = 0
        while run:
            self.work(run)
            problems += self.tell(run)
            run = runs.following(run=run, until=day)
        if problems:
            raise CommandError(f"{problems} could not be invoiced; what they owe still waits.")

    def work(self, run: InvoiceRun) -> None:
        """Do batches until the run is done, by whomever."""
        began, before = time.monotonic(), InvoiceRun.objects.with_counts().get(pk=run.pk).invoices
        for _batch in runs.complete(run=run):
            self.show(run, before, time.monotonic() - began)

    def show(self, run: InvoiceRun, before: int, seconds: float) -> None:
        """Draw the bar, where somebody looks."""
        if not self.stdout.isatty():
            return
        now = InvoiceRun.objects.with_counts().get(pk=run.pk)
        share = now.drawn / now.charges if now.charges else 1
        bar = "█" * round(WIDTH * share)
        rate = (now.invoices - before) / max(seconds, 0.001)
        text = (
            f"\r{bar:░<{WIDTH}} {share:4.0%}  {now.invoices:,} invoices of {now.drawn:,} charges, {rate:,.0f} a second "
        )
        self.stdout.write(text, ending="")
        self.stdout.flush()

    def tell(self, run: InvoiceRun) -> int:
        """Say what the run has done; return of how many companies nothing was issued."""
        done = InvoiceRun.objects.with_counts().get(pk=run.pk)
        seconds = ((done.finished_at or timezone.now()) - done.started_at).total_seconds()
        end = "\n" if self.stdout.isatty() else ""
        self.stdout.write(f"{end}{done}: {done.invoices:,} invoices of {done.drawn:,} charges in {seconds:,.1f} s.")
        problems = [row for batch in run.batches.exclude(problems=[]) for row in batch.problems]
        for row in problems:
            self.stderr.write(f"Company {row['company']}: {row['said']}")
        failed = InvoiceBatch.objects.filter(run=run, state=Job.State.FAILED)
        for batch in failed:
            self.stderr.write(f"{batch}: {batch.error}")
        return len(problems) + len(failed)
