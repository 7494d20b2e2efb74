"""A review in the page's form: who approves there has read what stands there, and is told what becomes of it."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import Page, TaskState

from helpcenter.knowledge.models.reviewing import has_read


@hooks.register("after_edit_page")
def approved(request: HttpRequest, page: Page) -> None:
    """Let an approval hold for the version in the form, and say what follows from it.

    Wagtail takes it for the version that was handed in: after a change since, be it of the day of publication, the
    same person would be asked again without a word. Whoever changed its words while approving is no second reader.
    """
    is_review = "action-workflow-action" in request.POST
    if not is_review or request.POST.get("workflow-action-name") != "approve":
        return
    waiting, given = page.current_workflow_task_state, last_approval(page, request.user)
    if waiting and given and waiting.task_id == given.task_id:
        latest = page.get_latest_revision()
        if latest and has_read(given, request.user, latest):
            waiting.approve(user=request.user, comment=given.comment)
    messages.success(request, consequence(Page.objects.get(pk=page.pk)))


def last_approval(page: Page, user: Any) -> TaskState | None:
    """What this person approved of the page last."""
    given = TaskState.objects.filter(finished_by=user, status=TaskState.STATUS_APPROVED, revision__object_id=page.pk)
    found: TaskState | None = given.order_by("-finished_at").first()
    return found


def consequence(page: Page) -> str:
    """What follows from an approval."""
    if page.workflow_in_progress:
        return "You approved it. It waits for a colleague's approval of its newest version."
    revision = page.scheduled_revision
    if revision:
        moment = date_format(timezone.localtime(revision.approved_go_live_at), "j F Y, H:i")
        return f"You approved it. Readers get it on {moment}."
    return "You approved it. Readers have it now."
