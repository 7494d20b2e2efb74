"""Times when products did not work: health opens and closes them, staff write what customers read."""

from datetime import datetime
from typing import Any, ClassVar

from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from billing.launch.models import Incident
from portal.core.admin_choosers import Unchosen
from portal.core.admin_lists import SparingIndexView
from portal.core.policies import StaffRows


class IncidentRows(StaffRows):
    """Health makes them; staff change the note."""

    refused = frozenset({"add", "delete"})


def is_over(incident: Incident) -> datetime | str:
    """When it was over; the list shows it in the portal's time, as it does when it began."""
    return incident.ended_at or "Still going on"


class IncidentViewSet(Unchosen, SnippetViewSet):
    """Incidents, with their notes."""

    model = Incident
    icon = "warning"
    menu_label = "Incidents of products"
    menu_order = 171
    add_to_admin_menu = True
    copy_view_enabled = False
    add_to_reference_index = False
    index_view_class = SparingIndexView
    list_display: ClassVar[list[Any]] = [
        "product",
        "started_at",
        Column("ended_at", label="Ended", accessor=is_over),
        "cause",
        "note",
    ]
    list_filter: ClassVar[list[str]] = ["product"]
    ordering: ClassVar[list[str]] = ["-started_at"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("product", read_only=True), FieldPanel("cause", read_only=True)]),
            FieldRowPanel([FieldPanel("started_at", read_only=True), FieldPanel("ended_at", read_only=True)]),
            FieldPanel("note"),
        ]
    )


register_permission_policy(Incident, IncidentRows(Incident))
register_snippet(IncidentViewSet)
