"""The register of invoice runs, with how far the one under way has come."""

from collections.abc import Iterator
from typing import Any

from django.utils.html import format_html_join
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn

from billing.invoicing.models import InvoiceBatch, InvoiceRun
from billing.invoicing.models.runs import InvoiceRunQuerySet
from portal.accounts.models import Company
from portal.activity.registers import DaysFilter, Register, RegisterIndexView, RegisterInspectView, linked
from portal.core.admin_lists import FigureColumn
from portal.core.models import Job

NAME = "invoice-runs"
MOST_PROBLEMS = 50


class RunFilters(WagtailFilterSet):
    """Days."""

    due_on = DaysFilter(label="Day")

    class Meta:
        model = InvoiceRun
        fields = ["due_on"]


class RunIndexView(RegisterIndexView):
    """The newest first."""

    default_ordering = "-due_on"
    list_export = ("due_on", "status", "started_at", "finished_at", "charges", "drawn", "invoices")

    def get_base_queryset(self) -> InvoiceRunQuerySet:
        """With what they have issued."""
        return InvoiceRun.objects.with_counts()


class RunInspectView(RegisterInspectView):
    """One run: how far it is, how fast it was, and what could not be invoiced."""

    page_title = "Invoice run"
    object: InvoiceRun

    def get_object(self, queryset: Any = None) -> Any:
        """With its counts."""
        found = super().get_object(queryset)
        return InvoiceRun.objects.with_counts().get(pk=found.pk)

    def facts(self) -> Iterator[tuple[str, Any]]:
        """Progress in words."""
        run = self.object
        yield "Day", run.due_on
        yield "State", run.progress
        yield "Started", run.started_at
        yield "Done", run.finished_at or "–"
        yield "Invoices", f"{run.invoices:,} of {run.drawn:,} charges"
        yield "Speed", f"{run.speed:,.0f} invoices a second" if run.speed else "–"
        yield "Batches", ", ".join(self.batches()) or "–"
        yield "Could not be invoiced", self.problems() or "Nothing"

    def batches(self) -> Iterator[str]:
        """How many are in which state."""
        for state, label in Job.State.choices:
            count = InvoiceBatch.objects.filter(run=self.object, state=state).count()
            if count:
                yield f"{count:,} {label.lower()}"

    def problems(self) -> str:
        """Whom nothing was issued, and why; and batches that were given up."""
        batches = InvoiceBatch.objects.filter(run=self.object)
        found = [row for batch in batches.exclude(problems=[]) for row in batch.problems][:MOST_PROBLEMS]
        names = dict(Company.objects.filter(pk__in=[row["company"] for row in found]).values_list("pk", "name"))
        said = [(f"{names.get(row['company'], row['company'])}: {row['said']}",) for row in found]
        said += [(f"{batch}: {batch.error}",) for batch in batches.filter(state=Job.State.FAILED)[:MOST_PROBLEMS]]
        return format_html_join("", "<p>{}</p>", said)


class RunRegister(Register):
    """All runs."""

    model = InvoiceRun
    name = NAME
    icon = "calendar-alt"
    menu_label = "Invoice runs"
    index_view_class = RunIndexView
    inspect_view_class = RunInspectView
    filterset_class = RunFilters
    export_filename = NAME
    list_export = RunIndexView.list_export
    list_display = (
        linked("due_on", "Day", register=NAME),
        Column("progress", label="State"),
        FigureColumn("invoices", label="Invoices"),
        FigureColumn("drawn", label="Charges"),
        DateColumn("started_at", label="Started", sort_key="started_at"),
        DateColumn("finished_at", label="Done"),
    )


RunRegister.register()
