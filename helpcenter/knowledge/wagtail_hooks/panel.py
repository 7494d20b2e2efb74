"""What waits for the editor, on the first page of the admin."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.ui.components import Component

from helpcenter.knowledge.models import BrokenLink, Feedback, HelpDocument
from helpcenter.knowledge.wagtail_hooks.rights import SEE_REPORTS


class WaitingPanel(Component):
    """Counts of what an editor of the help center should look at, each with the way there."""

    name = "help_waiting"
    template_name = "knowledge/admin/waiting.html"
    order = 90

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """One query a count."""
        user, today = parent_context["request"].user, timezone.localdate()
        mine = HelpDocument.objects.stale(today=today).filter(owner=user)
        comments = reverse("wagtailsnippets_knowledge_feedback:list")
        return {
            "rows": [
                ("pages of yours to read again", mine.count(), f"{reverse('help-stale')}?owner={user.pk}"),
                ("comments without an answer", Feedback.objects.unanswered().count(), f"{comments}?waits=true"),
                ("broken links", BrokenLink.objects.count(), reverse("help-broken-links")),
            ]
        }


@hooks.register("construct_homepage_panels")
def waiting_panel(request: HttpRequest, panels: list[Any]) -> None:
    """For those who may see the reports."""
    if request.user.has_perm(SEE_REPORTS):
        panels.append(WaitingPanel())
