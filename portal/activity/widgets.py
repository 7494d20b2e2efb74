"""The recent activity of whoever looks at a dashboard."""

from typing import Any, ClassVar

from wagtail import blocks

from portal.activity.feeds import Entry, entries
from portal.activity.models import ActivityEvent
from portal.activity.registry import routine
from portal.core.periods import start_of
from portal.core.widgets import Scope, WidgetBlock

MOST = 10


def recent_activity(scope: Scope) -> list[Entry]:
    """The newest events of the period at the viewer's desk: the company's, for staff all, for others their own."""
    request, period = scope.request, scope.period
    events = ActivityEvent.objects.between(start_of(period.starts_on), start_of(period.ends_on))
    events = events.exclude(verb__in=routine())
    kind = request.desk.kind if request.desk else ""
    if not request.user.is_authenticated or (kind == "company" and request.company is None):
        return []
    if kind in ("company", "staff"):
        events = events.visible_to(request.user, company=request.company, membership=request.membership)
    else:
        events = events.by(request.user)
    return entries(events, limit=MOST)


class RecentActivity(WidgetBlock):
    """What happened lately."""

    title = blocks.CharBlock(default="Recent activity", max_length=80)
    needs = (recent_activity,)
    samples = (
        [
            {"text": "Amina Otieno joined the company", "icon": "user-plus", "kind": "success"},
            {"text": "The invoice for October was paid", "icon": "circle-check", "kind": "info"},
        ],
    )

    class Meta:
        icon = "history"
        template = "activity/widgets/recent_activity.html"
        description = "What happened lately: in the company, for staff everywhere, for others what they did."
        preview_value: ClassVar[dict[str, Any]] = {"title": "Recent activity"}
