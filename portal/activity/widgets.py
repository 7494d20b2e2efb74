"""The recent activity of whoever looks at a dashboard."""

from typing import Any, ClassVar

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
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


def mark(scope: Scope) -> "QuerySet[Any] | None":
    """The last event at the viewer's desk: nearly all that changes is told by one."""
    request, events = scope.request, ActivityEvent.objects.all()
    if request.company is not None:
        events = events.filter(company=request.company)
    elif not request.user.is_authenticated:
        return None
    elif not request.desk or request.desk.kind != "staff":
        events = events.by(request.user)
    return events.order_by("-at", "-id").annotate(mark=Cast("pk", TextField()))[:1]


class RecentActivity(WidgetBlock):
    """What happened lately."""

    title = blocks.CharBlock(default="Recent activity", max_length=80)
    needs = (recent_activity,)
    is_live = True
    is_later = True
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
