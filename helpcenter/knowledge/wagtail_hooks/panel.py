"""What waits for the editor, on the first page of the admin."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.ui.components import Component

from helpcenter.knowledge.models import BrokenLink, Feedback, HelpDocument, SearchEvent
from helpcenter.knowledge.wagtail_hooks.rights import KEEP_PAGES, SEE_REPORTS

PERIOD = timedelta(days=90)
SHOWN = 5


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
                (
                    "page of yours to read again,pages of yours to read again",
                    mine.count(),
                    f"{reverse('help-stale')}?owner={user.pk}",
                ),
                (
                    "comment without an answer,comments without an answer",
                    Feedback.objects.unanswered().count(),
                    f"{comments}?waits=true",
                ),
                ("broken link,broken links", BrokenLink.objects.count(), reverse("help-broken-links")),
            ]
        }


class MissedPanel(Component):
    """What readers looked for in vain, what they found and did not open, and what did not help them."""

    name = "help_missed"
    template_name = "knowledge/admin/missed.html"
    # Below what awaits one's review (Wagtail's 220).
    order = 230

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """The first few rows of three reports, each with its title and address; one query each."""
        lately = SearchEvent.objects.since(timezone.now() - PERIOD)
        missed = [(row["query"], row["searches"]) for row in lately.nothing_found()[:SHOWN]]
        ignored = [(row["query"], row["searches"]) for row in lately.low_clicks()[:SHOWN]]
        unhelpful = [(row.title, row.no_votes) for row in HelpDocument.objects.listed().unhelpful()[:SHOWN]]
        return {
            "lists": [
                ("Searches that found nothing", reverse("help-nothing-found"), missed),
                ("Searches that few readers follow", reverse("help-low-clicks"), ignored),
                ("Pages that do not help", reverse("help-unhelpful"), unhelpful),
            ]
        }


@hooks.register("construct_homepage_panels")
def help_panels(request: HttpRequest, panels: list[Any]) -> None:
    """Work for those who keep pages; what readers missed for those who may see the reports."""
    if request.user.has_perm(KEEP_PAGES):
        panels.append(WaitingPanel())
    if request.user.has_perm(SEE_REPORTS):
        panels.append(MissedPanel())
