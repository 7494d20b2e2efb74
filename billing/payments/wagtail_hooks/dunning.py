"""The steps of dunning, which staff edit."""

from typing import Any, ClassVar

from wagtail.admin.ui.tables import Column
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from billing.payments.models import DunningStep
from portal.core.policies import StaffRows


class StepRows(StaffRows):
    """Staff add, change and delete them."""

    refused = frozenset()


def channel_of(step: DunningStep) -> str:
    """The channel of a reminder, which alone has one."""
    return step.get_channel_display() if step.action == DunningStep.Action.REMIND else "–"


class DunningStepViewSet(SnippetViewSet):
    """What happens how many days after an invoice is due."""

    model = DunningStep
    icon = "time"
    menu_label = "Dunning"
    add_to_admin_menu = False
    copy_view_enabled = False
    list_display: ClassVar[list[Any]] = [
        "__str__",
        Column("channel", label="How people hear of it", accessor=channel_of),
        Column("is_active", label="Active", accessor=lambda row: "Yes" if row.is_active else "No"),
    ]


register_permission_policy(DunningStep, StepRows(DunningStep))
register_snippet(DunningStepViewSet)
