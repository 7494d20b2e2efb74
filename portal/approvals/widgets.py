"""What waits for the viewer's decision, on dashboards."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import blocks

from portal.approvals import addresses
from portal.approvals.models import Approval, ApprovalQuerySet
from portal.approvals.rows import waiting_time
from portal.core.widgets import Scope, WidgetBlock

MOST_LISTED = 5
MOST_COUNTED = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """The oldest, as items of components/link_list.html, how many there are (100 for more), and where all are."""

    items: list[dict[str, str]]
    count: int
    url: str = ""

    @property
    def count_text(self) -> str:
        """The number in a word."""
        return _("99+") if self.count >= MOST_COUNTED else str(self.count)


NOTHING = Waiting([], 0)


def waiting_for_decision(scope: Scope) -> Waiting:
    """What the viewer may decide: at a company's desk for the company, at the staff's for all."""
    request = scope.request
    user: Any = request.user
    if request.membership is not None:
        rows = Approval.objects.waiting_for_member(request.membership)
        return _waiting(rows, addresses.member_page, reverse("team-approvals"))
    if request.desk and request.desk.kind == "staff":
        return _waiting(Approval.objects.waiting_for_staff(user), addresses.staff_page, addresses.staff_waiting())
    return NOTHING


def _waiting(rows: ApprovalQuerySet, page: Callable[[Approval], str], url: str) -> Waiting:
    """Two queries: the oldest, and their number as far as it matters."""
    oldest = list(rows.oldest().select_related("company")[:MOST_LISTED])
    count = len(oldest) if len(oldest) < MOST_LISTED else rows[:MOST_COUNTED].count()
    return Waiting([_item(row, page(row)) for row in oldest], count, url)


def _item(row: Approval, url: str) -> dict[str, str]:
    return {
        "title": row.subject_label,
        "note": f"{row.label} · {row.company}" if row.company else row.label,
        "icon": row.rules.icon,
        "url": url,
        "time": waiting_time(row),
    }


SAMPLE = Waiting(
    [{"title": "Amina Hassan", "note": "Team assignment · Savanna Foods", "icon": "circle-check", "time": "3 days"}], 1
)


class ApprovalsWaiting(WidgetBlock):
    """What waits for the viewer's decision."""

    title = blocks.CharBlock(default="Approvals waiting", max_length=80)
    needs = (waiting_for_decision,)
    is_live = True
    is_later = True
    samples = (SAMPLE,)
    kinds = frozenset({"company", "staff"})

    class Meta:
        icon = "circle-check"
        template = "approvals/widgets/waiting.html"
        description = "What waits for the viewer's decision, the oldest first: of the company, for staff of all."
        preview_value: ClassVar[dict[str, Any]] = {"title": "Approvals waiting"}
