"""Lists of the admin."""

from collections.abc import Iterator
from typing import Any

import django_filters
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.functional import cached_property
from wagtail.admin.active_filters import ActiveFilter, BaseFilterAdapter, register_filter_adapter_class
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column
from wagtail.snippets.views.snippets import IndexView


class SparingIndexView(IndexView):
    """A list with boxes to tick only for those who may delete: there is nothing else to do to many at once."""

    @cached_property
    def columns(self) -> list[Any]:
        """The columns, without boxes that lead nowhere."""
        columns: list[Any] = super().columns
        if self.user_has_permission("delete"):
            return columns
        return [column for column in columns if not isinstance(column, BulkActionsCheckboxColumn)]


class FigureColumn(Column):
    """Amounts and counts: they end under one another (static/css/admin.css)."""

    def __init__(self, name: str, **options: Any) -> None:
        super().__init__(name, classname="figure", **options)

    def get_value(self, instance: Any) -> Any:
        """Whole numbers with separators; what is text already as it is."""
        value = super().get_value(instance)
        return intcomma(value) if isinstance(value, int) else value


class YesNoAdapter(BaseFilterAdapter):
    """A filter in use, above its list, as it was chosen: Wagtail writes True and False."""

    def get_active_filters(self) -> Iterator[ActiveFilter]:
        """The filter with its answer in words."""
        for active in super().get_active_filters():
            yield active._replace(value="Yes" if self.value else "No")


register_filter_adapter_class(django_filters.BooleanFilter, YesNoAdapter)
