"""What holds for every list of the Wagtail admin."""

from typing import Any

from django.http import Http404
from wagtail import hooks
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction


@hooks.register("register_bulk_action", order=50)
class DeleteOwnReach(DeleteBulkAction):
    """Takes the place of Wagtail's deletion, whose confirmation names to everybody what they may not delete, or see."""

    def get_actionable_objects(self) -> tuple[list[Any], dict[str, list[Any]]]:
        """What was selected of what this person may delete. Raises Http404 when there is nothing of it."""
        objects, _refused = super().get_actionable_objects()
        if not objects:
            raise Http404
        return objects, {"items_with_no_access": []}
