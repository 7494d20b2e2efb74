"""The register of invoices: all of them, drafts too, with what may be done about each."""

from collections.abc import Iterator
from typing import Any

import django_filters
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets import Button, HeaderButton

from billing.invoicing.models import Invoice, LedgerEntry, WriteOffRequest
from billing.invoicing.models.invoices import InvoiceQuerySet
from billing.invoicing.registry import settlements_of
from billing.invoicing.wagtail_hooks.actions import ACTIONS, NAME, STATES, DrawUpView
from billing.invoicing.wagtail_hooks.rights import InvoicePolicy
from portal.activity.registers import (
    DayColumn,
    DaysFilter,
    NamedFilter,
    Register,
    RegisterIndexView,
    RegisterInspectView,
    linked,
)
from portal.approvals import addresses
from portal.approvals.models import Approval
from portal.core.admin_lists import FigureColumn
from portal.core.money import words

MOST_MOVEMENTS = 50


class InvoiceFilters(WagtailFilterSet):
    """Number, company, state and day of issue."""

    number = django_filters.CharFilter(label="Number", lookup_expr="iexact")
    company = NamedFilter(label="Company")
    status = django_filters.ChoiceFilter(label="State", choices=Invoice.Status.choices)
    issued_on = DaysFilter(label="Issued")

    class Meta:
        model = Invoice
        fields = ["number", "company", "status", "issued_on"]


class InvoiceIndexView(RegisterIndexView):
    """Drafts first, then the last issued."""

    default_ordering = "-issued_on"

    def get_base_queryset(self) -> InvoiceQuerySet:
        """With companies and what is due at hand."""
        return Invoice.objects.select_related("company").with_due()

    @property
    def header_buttons(self) -> list[Any]:
        """The way to a new draft."""
        if not self.user_has_permission("manage"):
            return []
        return [HeaderButton("New draft", url=reverse(f"{NAME}:draw_up"), icon_name="plus")]


class InvoiceInspectView(RegisterInspectView):
    """One invoice with its lines and all movements of money, and what may be done about it."""

    page_title = "Invoice"
    related = ("company",)
    object: Invoice

    def get_page_subtitle(self) -> str:
        """Its number, and whose it is."""
        return f"{self.object}, {self.object.company}"

    @property
    def header_more_buttons(self) -> list[Button]:
        """What its state allows, for those who may."""
        buttons = []
        if self.object.number:
            buttons.append(Button("PDF", url=reverse(f"{NAME}:pdf", args=[self.object.pk]), icon_name="download"))
        if self.user_has_permission("manage") and not self.waiting():
            buttons += [
                Button(label, url=reverse(f"{NAME}:{name}", args=[self.object.pk]), icon_name=icon)
                for name, label, icon in STATES.get(str(self.object.status), ())
            ]
        return buttons

    def waiting(self) -> list[Approval]:
        """What is being decided about it."""
        asked = [self.object, *WriteOffRequest.objects.filter(invoice=self.object)]
        return [approval for row in asked for approval in Approval.objects.about(row).pending()]

    def facts(self) -> Iterator[tuple[str, Any]]:
        """What stands on it, and what became of it."""
        invoice = self.object
        yield "Company", invoice.company
        yield "State", invoice.get_status_display()
        if invoice.issued_on and invoice.due_on:
            yield "Issued", date_format(invoice.issued_on, "j F Y")
            yield "Due", date_format(invoice.due_on, "j F Y")
        yield "Net", words(invoice.net)
        for line in invoice.tax_lines:
            yield f"{line.name} {line.percent.normalize():f} %", line.reason or words(line.tax)
        yield "Total", words(invoice.total)
        if invoice.number:
            yield "Still to pay", words(invoice.due)
        if invoice.note:
            yield "Note", invoice.note
        if invoice.closed_at:
            yield "Closed", date_format(localtime(invoice.closed_at), "j F Y, H:i")
        if invoice.closing_reason:
            yield "Reason", invoice.closing_reason

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add lines, what was paid and credited, and movements."""
        invoice = self.object
        lines = list(invoice.lines.all())
        for line in lines:
            line.invoice = invoice
        moves = invoice.entries.filter(account=LedgerEntry.Account.RECEIVABLE).select_related("transaction")
        waiting = self.waiting()
        is_open_draft = invoice.status == Invoice.Status.DRAFT and not waiting
        return {
            **super().get_context_data(**kwargs),
            "facts": list(self.facts()),
            "lines": lines,
            "may_remove": is_open_draft and len(lines) > 1 and self.user_has_permission("manage"),
            "waiting": [(row, addresses.staff_page(row)) for row in waiting],
            "moves": moves.order_by("-transaction__at", "-pk")[:MOST_MOVEMENTS],
            "settlements": settlements_of(invoice),
        }


class InvoiceRegister(Register):
    """Invoices."""

    model = Invoice
    name = NAME
    icon = "doc-full"
    menu_label = "Invoices"
    index_view_class = InvoiceIndexView
    inspect_view_class = InvoiceInspectView
    inspect_template_name = "invoicing/admin/invoice.html"
    policy_class = InvoicePolicy
    filterset_class = InvoiceFilters
    export_filename = NAME
    list_export = ("number", "company", "status", "issued_on", "due_on", "currency", "net_amount", "tax_amount",
                   "total_amount", "due_amount")  # fmt: skip
    export_headings = {"due_amount": "To pay"}
    list_display = (
        linked("__str__", "Number", register=NAME),
        Column("company", label="Company"),
        Column("status", label="State", accessor="get_status_display"),
        DayColumn("issued_on", label="Issued", sort_key="issued_on"),
        DayColumn("due_on", label="Due"),
        FigureColumn("total", label="Total", accessor=lambda row: words(row.total)),
        FigureColumn("due", label="To pay", accessor=lambda row: words(row.due) if row.due.amount else "–"),
    )

    def get_urlpatterns(self) -> list[Any]:
        """The list, one invoice, and what may be done."""
        actions = [path(f"{name}/<int:pk>/", self.construct_view(view), name=name) for name, view in ACTIONS.items()]
        return [*super().get_urlpatterns(), path("new/", self.construct_view(DrawUpView), name="draw_up"), *actions]


InvoiceRegister.register()
