"""Registers of credit notes and of the ledger."""

from collections.abc import Iterator
from typing import Any

import django_filters
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn

from billing.invoicing.models import CreditNote, LedgerTransaction
from portal.activity.registers import (
    DayColumn,
    DaysFilter,
    NamedFilter,
    Register,
    RegisterIndexView,
    RegisterInspectView,
    linked,
)
from portal.core.admin_lists import FigureColumn
from portal.core.money import words

LEDGER, CREDIT_NOTES = "ledger", "credit_notes"


class MovementFilters(WagtailFilterSet):
    """Company, kind and days."""

    company = NamedFilter(label="Company")
    kind = django_filters.ChoiceFilter(label="Kind", choices=LedgerTransaction.Kind.choices)
    at = DaysFilter(label="When")

    class Meta:
        model = LedgerTransaction
        fields = ["company", "kind", "at"]


class MovementIndexView(RegisterIndexView):
    """The last movement first."""

    default_ordering = "-at"

    def get_base_queryset(self) -> Any:
        """With companies and amounts at hand."""
        return LedgerTransaction.objects.select_related("company").with_moved()


class MovementInspectView(RegisterInspectView):
    """One movement with its entries, debits and credits side by side."""

    page_title = "Movement"
    related = ("company",)
    object: LedgerTransaction

    def facts(self) -> Iterator[tuple[str, Any]]:
        """What moved, where and when."""
        movement = self.object
        yield "What", str(movement)
        yield "Company", movement.company
        yield "When", date_format(localtime(movement.at), "j F Y, H:i:s")
        yield "Booked", date_format(localtime(movement.booked_at), "j F Y, H:i:s")
        yield "Reference", movement.reference

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add its entries."""
        rows = self.object.entries.select_related("invoice").order_by("pk")
        entries = [
            (row, words(row.money) if row.amount > 0 else "", words(-row.money) if row.amount < 0 else "")
            for row in rows
        ]
        return {**super().get_context_data(**kwargs), "facts": list(self.facts()), "entries": entries}


class MovementRegister(Register):
    """The ledger."""

    model = LedgerTransaction
    name = LEDGER
    icon = "list-ul"
    menu_label = "Ledger"
    index_view_class = MovementIndexView
    inspect_view_class = MovementInspectView
    inspect_template_name = "invoicing/admin/movement.html"
    filterset_class = MovementFilters
    export_filename = LEDGER
    list_export = ("at", "kind", "company", "subject_label", "currency", "moved", "reference")
    export_headings = {"moved": "Amount"}
    list_display = (
        linked("__str__", "What", register=LEDGER),
        Column("company", label="Company"),
        FigureColumn("moved", label="Amount", accessor=lambda row: words(row.moved_money)),
        DateColumn("at", label="When", sort_key="at"),
    )


class CreditNoteFilters(WagtailFilterSet):
    """Number, company and day of issue."""

    number = django_filters.CharFilter(label="Number", lookup_expr="iexact")
    company = NamedFilter(label="Company")
    issued_on = DaysFilter(label="Issued")

    class Meta:
        model = CreditNote
        fields = ["number", "company", "issued_on"]


class CreditNoteIndexView(RegisterIndexView):
    """The last issued first."""

    default_ordering = "-issued_on"

    def get_base_queryset(self) -> Any:
        """With companies and invoices at hand."""
        return CreditNote.objects.select_related("company", "invoice")


class CreditNoteInspectView(RegisterInspectView):
    """One credit note."""

    page_title = "Credit note"
    related = ("company", "invoice")
    object: CreditNote

    def facts(self) -> Iterator[tuple[str, Any]]:
        """What it takes back, and why."""
        note = self.object
        yield "Number", note.number
        yield "Company", note.company
        url = reverse("invoices:inspect", args=[note.invoice.pk])
        yield "Invoice", format_html('<a href="{}">{}</a>', url, note.invoice)
        if note.issued_on:
            yield "Issued", date_format(note.issued_on, "j F Y")
        yield "Net", words(note.net)
        yield "Tax", words(note.tax)
        yield "Total", words(note.total)
        yield "Reason", note.reason
        for line in note.lines.all():
            line.credit_note = note
            yield line.description, words(line.net)


class CreditNoteRegister(Register):
    """Credit notes."""

    model = CreditNote
    name = CREDIT_NOTES
    icon = "resubmit"
    menu_label = "Credit notes"
    index_view_class = CreditNoteIndexView
    inspect_view_class = CreditNoteInspectView
    filterset_class = CreditNoteFilters
    export_filename = CREDIT_NOTES
    list_export = ("number", "company", "invoice", "issued_on", "currency", "net_amount", "tax_amount", "total_amount",
                   "reason")  # fmt: skip
    list_display = (
        linked("number", "Number", register=CREDIT_NOTES),
        Column("company", label="Company"),
        Column("invoice", label="Invoice"),
        DayColumn("issued_on", label="Issued", sort_key="issued_on"),
        FigureColumn("total", label="Total", accessor=lambda row: words(row.total)),
    )


MovementRegister.register()
CreditNoteRegister.register()
