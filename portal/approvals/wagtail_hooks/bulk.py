"""Deciding up to two hundred at once, with one comment; the answer tells of each what came of it."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from wagtail import hooks
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from portal.approvals import addresses, services
from portal.approvals.forms import LONGEST_COMMENT
from portal.approvals.models import Approval
from portal.approvals.wagtail_hooks.filters import listed
from portal.core.http import StaffRequest

MOST_AT_ONCE = 200


class CommentForm(forms.Form):
    """One comment for all."""

    comment = forms.CharField(max_length=LONGEST_COMMENT, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class ReasonForm(forms.Form):
    """One reason for all."""

    comment = forms.CharField(label="Reason", max_length=LONGEST_COMMENT, widget=forms.Textarea(attrs={"rows": 3}))


class DecideBulkAction(SnippetBulkAction):
    """Decides what was selected, each in a transaction of its own.

    The confirmation carries the keys that it showed, so that nothing is decided that nobody has seen.
    """

    models = [Approval]
    template_name = "approvals/admin/confirm.html"
    decision: services.Decision
    request: StaffRequest

    def get_actionable_objects(self) -> tuple[list[Approval], dict[str, list[Approval]]]:
        """What was selected of what this person may decide. Raises Http404 when nothing of it exists."""
        chosen = self.request.POST.getlist("chosen") or self.request.GET.getlist("id")
        rows = Approval.objects.for_staff(self.request.user)
        if "all" in chosen:
            rows = listed(self.request).pending()
        else:
            rows = rows.filter(pk__in=[key for key in chosen if key.isdecimal()])
        found = list(rows.with_people().oldest()[:MOST_AT_ONCE])
        if not found:
            raise Http404
        return found, {"items_with_no_access": []}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what is decided, and how many fit at once."""
        added = {"decision": self.decision, "label": self.display_name, "most": MOST_AT_ONCE}
        return {**super().get_context_data(**kwargs), **added, "breadcrumbs_items": self.breadcrumbs()}

    def breadcrumbs(self) -> list[dict[str, str]]:
        """From the list, as it was narrowed."""
        return [{"url": self.next_url, "label": "Approvals"}, {"url": "", "label": self.display_name}]

    def object_context(self, snippet: Approval) -> dict[str, Any]:
        """The approval and where it is read."""
        return {"item": snippet, "url": addresses.staff_page(snippet)}

    def form_valid(self, form: Any) -> HttpResponse:
        """Decide each and tell of each."""
        rows, _no_access = self.get_actionable_objects()
        comment = form.cleaned_data["comment"]
        results = services.decide_many(
            approvals=rows, decision=self.decision, by=self.request.user, at=timezone.now(), comment=comment
        )
        refused = [result for result in results if result.refusal]
        context = {"results": results, "refused": len(refused), "stands": len(results) - len(refused)}
        shown = {**context, "next": self.next_url, "breadcrumbs_items": self.breadcrumbs()}
        return render(self.request, "approvals/admin/results.html", shown)


@hooks.register("register_bulk_action")
class ApproveBulkAction(DecideBulkAction):
    """Say yes to all."""

    display_name = "Approve"
    action_type = "approve"
    aria_label = "Approve selected"
    action_priority = 10
    form_class = CommentForm
    decision = "approve"


@hooks.register("register_bulk_action")
class RejectBulkAction(DecideBulkAction):
    """Say no to all."""

    display_name = "Reject"
    action_type = "reject"
    aria_label = "Reject selected"
    action_priority = 20
    classes = {"serious"}
    form_class = ReasonForm
    decision = "reject"
