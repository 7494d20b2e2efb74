"""What waits for whoever opens the admin, on its first page."""

from typing import Any

from django.db.models import Count, Min
from wagtail import hooks
from wagtail.admin.ui.components import Component

from portal.approvals import addresses
from portal.approvals.models import Approval, staff_kinds
from portal.approvals.registry import kinds
from portal.core.http import StaffRequest

MOST = 5


class WaitingPanel(Component):
    """How many of each kind wait for this person, and those that have waited longest: two queries."""

    name = "approvals_waiting"
    template_name = "approvals/admin/panel.html"
    order = 50

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Counts by kind with the way to each, and the oldest."""
        waiting = Approval.objects.waiting_for_staff(parent_context["request"].user)
        counts = waiting.order_by().values("kind").annotate(count=Count("pk"), since=Min("asked_at"))
        return {
            "counts": [
                {
                    **row,
                    "label": kinds.get(row["kind"]).label,
                    "url": f"{addresses.staff_list()}?status=pending&kind={row['kind']}&ordering=asked_at",
                }
                for row in counts.order_by("since")
            ],
            "oldest": [(row, addresses.staff_page(row)) for row in waiting.select_related("company").oldest()[:MOST]],
        }


@hooks.register("construct_homepage_panels")
def waiting_panel(request: StaffRequest, panels: list[Any]) -> None:
    """For those who may decide something."""
    if staff_kinds(request.user):
        panels.append(WaitingPanel())
