"""Archiving a plan, and offering it again."""

from typing import Any, ClassVar, cast

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic import PermissionCheckedMixin, WagtailAdminTemplateMixin

from billing.catalog.models import Plan
from billing.catalog.services import plans
from portal.accounts.models import User

PLANS = "wagtailsnippets_catalog_plan:list"


class PlanActionView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """Asks before it does something to a plan."""

    model = Plan
    template_name = "core/admin/action.html"
    header_icon = "tag"
    form_class: Any = Form
    permission_required = "change"
    intro: ClassVar[str] = ""
    done: ClassVar[str] = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the plan."""
        super().setup(request, *args, **kwargs)
        self.object = get_object_or_404(Plan.objects.select_related("family"), pk=kwargs["pk"])

    def get_page_subtitle(self) -> str:
        """Which plan it is about."""
        return str(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what will happen."""
        shown = {"intro": self.intro, "submit_button_label": self.page_title, "back_url": reverse(PLANS)}
        return {**super().get_context_data(**kwargs), **shown}

    def form_valid(self, form: Form) -> HttpResponse:
        """Do it."""
        self.act(cast("User", self.request.user))
        messages.success(self.request, self.done)
        return redirect(PLANS)

    def act(self, by: User) -> None:
        """Call the service."""
        raise NotImplementedError


class ArchiveView(PlanActionView):
    """Offers a plan no more."""

    page_title = "Archive this plan"
    intro = "Nobody can choose the plan any more. Subscriptions that have it go on as before, at their price."
    done = "The plan is archived."

    def act(self, by: User) -> None:
        """Archive."""
        plans.archive(plan=self.object, by=by, at=timezone.now())


class RestoreView(PlanActionView):
    """Offers an archived plan again."""

    page_title = "Offer this plan again"
    intro = "Companies that may see the plan can choose it again, at the prices that it has."
    done = "The plan is offered again."

    def act(self, by: User) -> None:
        """Restore."""
        plans.restore(plan=self.object, by=by, at=timezone.now())
