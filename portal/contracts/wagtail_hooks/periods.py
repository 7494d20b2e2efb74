"""The register of billing periods: what contracts charge on which day, and how far that is."""

from collections.abc import Iterator
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html_join
from djmoney.money import Money
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets import HeaderButton

from portal.activity.registers import DayColumn, DaysFilter, Register, RegisterIndexView, RegisterInspectView, linked
from portal.contracts.models import BillingPeriod
from portal.contracts.wagtail_hooks.charge_actions import ChargeAgainView
from portal.contracts.wagtail_hooks.charges import ChargePolicy, charges_url
from portal.core.admin_lists import FigureColumn
from portal.core.money import words

NAME = "billing-periods"
Status = BillingPeriod.Status


class PeriodFilters(WagtailFilterSet):
    """State and day."""

    status = django_filters.ChoiceFilter(label="State", choices=Status.choices)
    due_on = DaysFilter(label="Invoiced on")

    class Meta:
        model = BillingPeriod
        fields = ["status", "due_on"]


class PeriodIndexView(RegisterIndexView):
    """What is due last comes first."""

    default_ordering = "-due_on"

    def get_base_queryset(self) -> QuerySet[BillingPeriod]:
        """With contracts and companies at hand."""
        return BillingPeriod.objects.select_related("contract__company")


class PeriodInspectView(RegisterInspectView):
    """One period with its lines."""

    page_title = "Billing period"
    related = ("contract__company",)
    object: BillingPeriod

    @property
    def header_more_buttons(self) -> list[HeaderButton]:
        """The way to all of the contract, and to charging it again where it may be."""
        period = self.object
        charges = HeaderButton("Charges of the contract", url=charges_url(period.contract), icon_name="list-ul")
        is_void = period.status == Status.CANCELLED and period.invoice_number
        if not is_void or not self.user_has_permission("keep"):
            return [charges]
        again = reverse(f"{NAME}:charge_again", args=[period.pk])
        return [charges, HeaderButton("Charge again", url=again, icon_name="resubmit")]

    def facts(self) -> Iterator[tuple[str, Any]]:
        """What it charges, and how far it is."""
        period = self.object
        yield "Company", period.contract.company
        yield "Contract", period.contract
        yield "Days", f"{date_format(period.starts_on, 'j F Y')} – {date_format(period.last_day, 'j F Y')}"
        yield "Invoiced on", date_format(period.due_on, "j F Y")
        yield "State", period.get_status_display()
        yield "Invoice", period.invoice_number or "–"
        yield "Lines", self.lines()
        yield "In all", words(period.total)

    def lines(self) -> str:
        """What it charges, line by line; what was withdrawn says so."""
        currency = self.object.contract.currency
        rows = self.object.lines.in_order()
        told = [(row.description, words(Money(row.amount, currency)), _note(row.is_withdrawn)) for row in rows]
        return format_html_join("", "<p>{}: {}{}</p>", told)


class PeriodRegister(Register):
    """Billing periods."""

    model = BillingPeriod
    name = NAME
    icon = "calendar-alt"
    menu_label = "Billing periods"
    index_view_class = PeriodIndexView
    inspect_view_class = PeriodInspectView
    policy_class = ChargePolicy
    filterset_class = PeriodFilters
    export_filename = NAME
    list_export = ("contract", "contract__company", "sequence", "starts_on", "ends_on", "due_on", "amount", "status",
                   "invoice_number")  # fmt: skip
    list_display = (
        linked("__str__", "Period", register=NAME),
        Column("company", label="Company", accessor="contract.company"),
        Column("status", label="State", accessor="get_status_display"),
        DayColumn("due_on", label="Invoiced on", sort_key="due_on"),
        FigureColumn("total", label="Amount", accessor=lambda row: words(row.total)),
        Column("invoice_number", label="Invoice"),
    )

    def get_urlpatterns(self) -> list[Any]:
        """The list, one period, and charging it again."""
        again = path("charge-again/<int:pk>/", self.construct_view(ChargeAgainView), name="charge_again")
        return [*super().get_urlpatterns(), again]


def _note(is_withdrawn: bool) -> str:
    return " (withdrawn)" if is_withdrawn else ""


PeriodRegister.register()
