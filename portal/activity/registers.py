"""Registers: records that staff read in the Wagtail admin, and that nobody adds, edits or deletes there.

An app that has one subclasses `Register` in its wagtail_hooks and registers it; docs/architecture.md tells how.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

import django_filters
from django import forms
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Model, Q, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from wagtail import hooks
from wagtail.admin.filters import DateRangePickerWidget
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from portal.activity import services as activity
from portal.core import sheets
from portal.core.http import StaffRequest
from portal.core.paging import CappedCountMixin
from portal.core.policies import StaffRows

MOST_NAMED = 50


class RegisterPaginator(CappedCountMixin, WagtailPaginator):
    """Pages of a register, however long it is."""

    @property
    def items_count_label(self) -> str:
        """How many there are, or about how many."""
        names = self.object_list.model._meta
        name = names.verbose_name if self.count == 1 else names.verbose_name_plural
        return f"{'about ' if self.is_estimated else ''}{intcomma(self.count)} {name}"


class RegisterIndexView(generic.IndexView):
    """A list whose pages cost the same however long it is; sheets of it are recorded and hold no formulas."""

    request: StaffRequest
    any_permission_required: ClassVar[list[str]] = ["view"]
    paginator_class = RegisterPaginator
    sheet_verb = "register.exported"

    def get_list_more_buttons(self, instance: Model) -> list[Any]:
        """None beside the link of the row."""
        return []

    def order_queryset(self, queryset: Any) -> Any:
        """As asked for, and equal ones in their order."""
        sign = "-" if self.ordering.startswith("-") else ""
        return queryset.order_by(self.ordering, f"{sign}pk")

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        """Put an apostrophe before what a program for sheets would take for a formula."""
        told = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value
        shown = super().preprocess_field_value(field, told, export_format)
        return sheets.plain(str(shown)) if export_format == self.FORMAT_CSV else shown

    def as_spreadsheet(self, queryset: Any, spreadsheet_format: str) -> HttpResponseBase:
        """Record who took a sheet with them."""
        data = {"format": spreadsheet_format, "register": str(self.model._meta.verbose_name_plural)}
        activity.record(verb=self.sheet_verb, actor=self.request.user, label="", data=data)
        sheet: HttpResponseBase = super().as_spreadsheet(queryset, spreadsheet_format)
        return sheet


class RegisterInspectView(generic.InspectView):
    """One record: `facts` says what there is to read of it."""

    request: StaffRequest
    any_permission_required: ClassVar[list[str]] = ["view"]
    related: ClassVar[tuple[str, ...]] = ()

    def facts(self) -> Iterable[tuple[str, Any]]:
        """Labels and values, in their order; a value is escaped unless it is safe already."""
        raise NotImplementedError

    def get_object(self, queryset: Any = None) -> Any:
        """Find it with what belongs to it."""
        return get_object_or_404(self.model._default_manager.select_related(*self.related), pk=self.pk)

    def get_fields(self) -> list[str]:
        """None: `facts` has them."""
        return []

    def get_fields_context(self) -> list[dict[str, Any]]:
        """The facts as Wagtail's template takes them."""
        return [{"label": label, "value": shown(value), "component": None} for label, value in self.facts()]


def shown(value: Any) -> Any:
    """An instant in the reader's time zone, which Wagtail's template would show in UTC; anything else as it is."""
    return date_format(localtime(value), "j F Y, H:i") if isinstance(value, datetime) else value


class Register(ModelViewSet):
    """List and inspect view of a model, under Reports, for staff who hold the right to view it.

    A subclass says `model`, `name`, `icon`, `menu_label`, `list_display` (the first column is `linked(…)`),
    `filterset_class`, `list_export` with `export_headings`, and its two view classes. Each way in which the list is
    narrowed and ordered needs an index of the model.
    """

    menu_hook = "register_reports_menu_item"
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = RegisterIndexView
    policy_class: type[StaffRows] = StaffRows
    list_per_page = 50

    @property
    def url_prefix(self) -> str:
        """All registers stand together."""
        return f"registers/{self.name}"

    def get_urlpatterns(self) -> list[Any]:
        """List and inspect view; there is nothing to add, edit or delete."""
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path(f"inspect/<{self.pk_path_converter}:pk>/", self.inspect_view, name="inspect"),
        ]

    def get_permissions_to_register(self) -> Any:
        """The right to view alone: there is no other."""
        return super().get_permissions_to_register().filter(codename__startswith="view_")

    def register_admin_url_finder(self) -> None:
        """No place where it is edited."""

    @classmethod
    def register(cls) -> None:
        """Add it to the admin; to be called in wagtail_hooks."""
        register_permission_policy(cls.model, cls.policy_class(cls.model))
        hooks.register("register_admin_viewset", cls)


def linked(name: str, label: str, *, register: str) -> TitleColumn:
    """A column that leads to the record."""
    return TitleColumn(name, label=label, get_url=lambda row: reverse(f"{register}:inspect", args=[row.pk]))


class DayColumn(Column):
    """A day by its date: Wagtail's own column says "Just now" of every day to come."""

    def __init__(self, name: str, **options: Any) -> None:
        super().__init__(name, classname="tight", **options)

    def get_value(self, instance: Model) -> str:
        """Such as "5 Dec 2026"."""
        day = super().get_value(instance)
        return date_format(day, "j M Y") if day else "–"


class NamedFilter(django_filters.CharFilter):
    """Rows whose related record, of the filter's name, has all these words in `columns`: up to fifty such records.

    Keys let the database use an index where a join would not.
    """

    def __init__(self, *, label: str, columns: tuple[str, ...] = ("name",)) -> None:
        super().__init__(label=label)
        self.columns = columns

    def filter(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Narrow the rows; no word, no filter."""
        words = text.split()
        if not words:
            return rows
        related: Any = rows.model._meta.get_field(self.field_name).related_model
        found = related._default_manager.order_by()
        for word in words:
            found = found.filter(Q(*((f"{column}__icontains", word) for column in self.columns), _connector=Q.OR))
        keys = list(found.values_list("pk", flat=True)[:MOST_NAMED])
        return rows.filter(**{f"{self.field_name}__in": keys})


class DaysWidget(DateRangePickerWidget):
    """First and last day in the browser's own fields: Wagtail's come with a script in the page, which is refused."""

    def __init__(self) -> None:
        days = [
            forms.DateInput(attrs={"type": "date", "aria-label": label}, format="%Y-%m-%d")
            for label in ("First day", "Last day")
        ]
        super(DateRangePickerWidget, self).__init__(days)


class DaysFilter(django_filters.DateFromToRangeFilter):
    """Rows of these days, both included."""

    def __init__(self, *, label: str) -> None:
        super().__init__(label=label, widget=DaysWidget)
