"""The register of use: what each company used of each product, day by day."""

from collections.abc import Iterator
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import path, reverse
from django.utils import timezone
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button

from billing.catalog.models import Product
from billing.usage.models import DailyUsage, StaleDay
from billing.usage.services import rebuilding
from portal.accounts.models import User
from portal.activity.registers import (
    DayColumn,
    DaysFilter,
    NamedFilter,
    Register,
    RegisterIndexView,
    RegisterInspectView,
    linked,
)
from portal.core.admin_actions import ActionView
from portal.core.admin_lists import FigureColumn

NAME = "usage"


class UsageFilters(WagtailFilterSet):
    """Company, product and days."""

    company = NamedFilter(label="Company")
    product = django_filters.ModelChoiceFilter(label="Product", queryset=Product.objects.order_by("position", "name"))
    used_on = DaysFilter(label="Days")

    class Meta:
        model = DailyUsage
        fields = ["company", "product", "used_on"]


class UsageIndexView(RegisterIndexView):
    """The latest day first."""

    default_ordering = "-used_on"

    def get_base_queryset(self) -> QuerySet[DailyUsage]:
        """With companies, products and metrics at hand."""
        return DailyUsage.objects.select_related("company", "product", "metric")


class RebuildView(ActionView):
    """Has the day of a figure reckoned anew; for whoever reads figures, as events say what they are."""

    model = DailyUsage
    permission_required = "view"
    page_title = "Count the day anew"
    header_icon = "rotate"
    back = f"{NAME}:index"
    done = "The day is counted anew within a minute."
    intro = "All figures of this day, company and product are made again from the events that the product reported."

    def records(self) -> Any:
        """All figures."""
        return DailyUsage.objects.select_related("company", "product", "metric")

    def name_of(self, record: Any) -> str:
        """The day, and whose it is."""
        return f"{DayColumn('used_on').get_value(record)}: {record.company}, {record.product}"

    def act(self, record: DailyUsage, by: User, values: dict[str, Any]) -> StaleDay:
        """Let it wait for the worker."""
        return rebuilding.rebuild_day(
            company=record.company, product=record.product, used_on=record.used_on, by=by, at=timezone.now()
        )


class UsageInspectView(RegisterInspectView):
    """One figure."""

    page_title = "Use"
    related = ("company", "product", "metric", "user")
    object: DailyUsage

    def get_page_subtitle(self) -> str:
        """Whose it is, and of what."""
        return f"{self.object.company}, {self.object.metric}"

    @property
    def header_more_buttons(self) -> list[Button]:
        """Counting its day anew."""
        address = reverse(f"{NAME}:rebuild", args=[self.object.pk])
        return [Button("Count the day anew", url=address, icon_name="rotate", priority=10)]

    def facts(self) -> Iterator[tuple[str, Any]]:
        """All that is known of it."""
        row = self.object
        yield "Company", row.company
        yield "Product", row.product
        yield "Metric", f"{row.metric} ({row.metric.get_kind_display()})"
        yield "Day", DayColumn("used_on").get_value(row)
        yield "Member", row.user or "–"
        yield "Sum", f"{row.total:,}"
        yield "Events", f"{row.events:,}"
        yield "Highest", f"{row.highest:,}"
        yield "Last", f"{row.last:,}"
        yield "Last at", row.last_at


class UsageRegister(Register):
    """Daily figures of use."""

    model = DailyUsage
    name = NAME
    icon = "history"
    menu_label = "Usage"
    index_view_class = UsageIndexView
    inspect_view_class = UsageInspectView
    filterset_class = UsageFilters
    export_filename = NAME
    list_export = ("used_on", "company", "product", "metric", "total", "events", "highest", "last")
    export_headings = {"used_on": "Day", "total": "Sum"}
    list_display = (
        linked("metric", "Metric", register=NAME),
        Column("company", label="Company"),
        Column("product", label="Product"),
        DayColumn("used_on", label="Day", sort_key="used_on"),
        FigureColumn("total", label="Sum", accessor=lambda row: f"{row.total:,}"),
        FigureColumn("last", label="Last", accessor=lambda row: f"{row.last:,}"),
        FigureColumn("events", label="Events", accessor=lambda row: f"{row.events:,}"),
    )

    def get_urlpatterns(self) -> list[Any]:
        """With counting anew."""
        rebuild = path("rebuild/<int:pk>/", self.construct_view(RebuildView), name="rebuild")
        return [*super().get_urlpatterns(), rebuild]


UsageRegister.register()
