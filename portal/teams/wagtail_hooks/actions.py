"""Pages of the admin on which staff do one thing about a developer or an assignment."""

from typing import Any, ClassVar, cast

from django import forms
from django.db.models import Model
from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.formats import date_format
from django.views.generic import View
from wagtail.admin.views.generic import PermissionCheckedMixin

from portal.accounts import downloads
from portal.accounts.models import User
from portal.accounts.wagtail_hooks.choosers import COMPANY_CHOOSER
from portal.core.admin_actions import ActionView
from portal.teams.forms import ProposalForm, ShortenForm, StaffReasonForm
from portal.teams.models import Assignment, Developer
from portal.teams.services import assignments, community, removals


class DeveloperAction(ActionView):
    """Something about a developer."""

    model = Developer
    form_class: Any = StaffReasonForm
    back = "wagtailsnippets_teams_developer:list"

    def records(self) -> Any:
        """All developers."""
        return Developer.objects.with_person()


class ProposeView(DeveloperAction):
    """Proposes a developer to a company."""

    page_title = "Propose to a company"
    permission_required = "assign"
    form_class = ProposalForm
    intro = "Members who may approve developers are told, and decide."
    done = "The company has been asked."

    def get_form(self, form_class: Any = None) -> Any:
        """Let the company be looked up among many."""
        form = super().get_form(form_class)
        form.fields["company"].widget = COMPANY_CHOOSER.widget_class()
        return form

    def act(self, record: Developer, by: User, values: dict[str, Any]) -> Model:
        """Propose."""
        return assignments.propose(developer=record, by=by, at=timezone.now(), **values)


class ExcludeView(DeveloperAction):
    """Takes a developer out of the community."""

    page_title = "Take out of the community"
    permission_required = "exclude"
    intro = "The developer is told why. Proposals that companies have not decided are taken back."
    done = "The developer is no member of the community any more."

    def act(self, record: Developer, by: User, values: dict[str, Any]) -> Model:
        """Exclude."""
        return community.exclude(developer=record, by=by, at=timezone.now(), **values)


class CvView(PermissionCheckedMixin, View):
    """Hands a developer's CV to those who decide on developers or propose them."""

    model = Developer
    any_permission_required: ClassVar[list[str]] = ["exclude", "assign"]

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        """The file, and a line in the history of the developer."""
        developer = get_object_or_404(Developer.objects.with_person().exclude(cv=""), pk=pk)
        return downloads.hand_out(
            file=developer.cv,
            name=developer.cv_name,
            content_type="application/pdf",
            by=cast("User", request.user),
            subject=developer.user,
            company=None,
        )


class AssignmentAction(ActionView):
    """Something about an assignment."""

    model = Assignment
    permission_required = "assign"
    form_class: Any = StaffReasonForm
    back = "wagtailsnippets_teams_assignment:list"

    def records(self) -> Any:
        """All assignments."""
        return Assignment.objects.with_people()

    def name_of(self, record: Assignment) -> str:
        """Developer and company."""
        return f"{record.developer} at {record.company}"


class TakeBackView(AssignmentAction):
    """Takes a proposal back."""

    page_title = "Take the proposal back"
    form_class = forms.Form
    intro = "The company is not asked any more."
    done = "The proposal was taken back."

    def act(self, record: Assignment, by: User, values: dict[str, Any]) -> Model:
        """Withdraw."""
        return assignments.withdraw(assignment=record, by=by, at=timezone.now())


class WithdrawNoticeView(AssignmentAction):
    """Withdraws a notice."""

    page_title = "Withdraw the notice"
    intro = "The developer stays in the team as before. Both sides are told."
    done = "The notice was withdrawn."

    def intro_of(self, record: Assignment) -> str:
        """With the day until which it runs."""
        return f"{running(record)} {self.intro}"

    def act(self, record: Assignment, by: User, values: dict[str, Any]) -> Model:
        """Withdraw."""
        return removals.withdraw_notice(assignment=record, by=by, at=timezone.now(), **values)


class ShortenNoticeView(AssignmentAction):
    """Shortens a notice."""

    page_title = "Shorten the notice"
    form_class = ShortenForm
    intro = "Choose an earlier day. Both sides are told."
    done = "The notice was shortened."

    def intro_of(self, record: Assignment) -> str:
        """With the day until which it runs."""
        return f"{running(record)} {self.intro}"

    def act(self, record: Assignment, by: User, values: dict[str, Any]) -> Model:
        """Shorten."""
        return removals.shorten_notice(assignment=record, by=by, at=timezone.now(), **values)


def running(record: Assignment) -> str:
    """Until when the developer has access; nothing without a notice."""
    return f"The first day without access is {date_format(record.ends_on)} now." if record.ends_on else ""
