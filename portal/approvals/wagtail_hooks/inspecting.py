"""One approval in the admin: what is asked, what happened to its subject before, and the decision."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from wagtail.admin import messages
from wagtail.admin.views import generic

from portal.activity.feeds import Entry, entries
from portal.activity.models import ActivityEvent
from portal.approvals import addresses, services
from portal.approvals.forms import DecisionForm
from portal.approvals.models import Approval, ApprovalQuerySet
from portal.core.forms import refusals_on
from portal.core.http import StaffRequest

MOST_EVENTS = 15
MOST_EARLIER = 10


class ApprovalInspectView(generic.InspectView):
    """Shows it; a POST decides it."""

    any_permission_required = ["view"]
    page_title = "Approval"
    object: Approval
    request: StaffRequest

    def get_object(self, queryset: Any = None) -> Approval:
        """Find it among those that this person may decide."""
        return get_object_or_404(Approval.objects.for_staff(self.request.user).with_people(), pk=self.pk)

    def get_fields_context(self) -> list[Any]:
        """None: the template says what there is to say."""
        return []

    def post(self, request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Decide, or show what speaks against it."""
        form = DecisionForm(request.POST)
        if form.is_valid():
            with refusals_on(form):
                decided = services.decide(approval=self.object, by=request.user, at=timezone.now(), **form.answer)
                messages.success(request, f"{decided.subject_label}: {decided.get_status_display().lower()}.")
                return redirect(addresses.staff_waiting())
            self.object = self.get_object()
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the form, where this person may decide, and the histories."""
        may_decide = services.may_decide(approval=self.object, by=self.request.user)
        return {
            "form": DecisionForm(),
            "may_decide": may_decide and self.object.is_pending,
            "overrides": self.object.rules.member_may is not None,
            "events": self.events(),
            "earlier": self.earlier(),
            **super().get_context_data(**kwargs),
        }

    def events(self) -> list[Entry]:
        """What happened to the subject, or to the person whom it is about."""
        about = self.object.concerns or self.object.subject
        return entries(ActivityEvent.objects.about(about), limit=MOST_EVENTS) if about else []

    def earlier(self) -> ApprovalQuerySet:
        """What else was asked about the same subject, as far as this person may see it."""
        same = Approval.objects.filter(content_type=self.object.content_type_id, object_id=self.object.object_id)
        others = same.for_staff(self.request.user).exclude(pk=self.object.pk)
        return others.with_people().order_by("-asked_at")[:MOST_EARLIER]
