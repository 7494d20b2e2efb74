"""Lists of snippets in the admin."""

from typing import Any

from django.utils.functional import cached_property
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn
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
