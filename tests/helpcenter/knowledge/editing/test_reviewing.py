"""A page goes from an editor to a colleague and back, and what they say of it stays with it."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.models import Comment, PageLogEntry, TaskState, WorkflowState
from wagtail.test.utils.form_data import inline_formset

from helpcenter.knowledge.models import HelpPage
from portal.accounts.models import User
from tests.cast import client_of
from tests.factories import UserFactory
from tests.helpcenter.knowledge import pages
from tests.helpcenter.knowledge.editing import forms

pytestmark = pytest.mark.usefixtures("portal_site")


@pytest.fixture
def colleague(portal_groups: None) -> User:
    user = UserFactory.create(email="colleague@portal.example")
    user.groups.add(Group.objects.get(name="Content editors"))
    return user


def submitted(editor: User) -> HelpPage:
    """A page that an editor wrote and handed in."""
    values = forms.fields("Close the month", body=forms.stream(forms.text("<p>First version.</p>")))
    assert forms.add(client_of(editor), "knowledge/articlepage", values, action="submit").status_code == 302
    return HelpPage.objects.get(slug="close-the-month")


def decide(client: Client, page: HelpPage, action: str, comment: str) -> Any:
    """Press a button of the review and say why."""
    state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    address = f"/admin/pages/workflow/action/{page.pk}/{action}/{state.pk}/"
    return client.post(address, {"comment": comment})


def test_a_colleague_approves_and_readers_get_the_page(
    editor: User, colleague: User, mailoutbox: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    page = submitted(editor)
    assert Client().get("/help/close-the-month/").status_code == 404
    assert [mail.to for mail in mailoutbox] == [[colleague.email]]
    assert "Close the month" in client_of(colleague).get("/admin/").text
    assert decide(client_of(colleague), page, "approve", "Reads well.").status_code in {200, 302}
    assert "First version." in Client().get("/help/close-the-month/").text
    assert WorkflowState.objects.get().status == WorkflowState.STATUS_APPROVED
    assert TaskState.objects.get().finished_by == colleague
    assert [mail.to for mail in mailoutbox[1:]] == [[editor.email]]


def test_a_rejected_page_comes_back_with_the_reason(editor: User, colleague: User, mailoutbox: list[Any]) -> None:
    page = submitted(editor)
    assert decide(client_of(colleague), page, "reject", "Name the report.").status_code in {200, 302}
    assert Client().get("/help/close-the-month/").status_code == 404
    state = TaskState.objects.get()
    assert (state.status, state.comment) == (TaskState.STATUS_REJECTED, "Name the report.")
    assert "Name the report." in mailoutbox[-1].body
    assert mailoutbox[-1].to == [editor.email]
    assert "Name the report." in client_of(editor).get(f"/admin/pages/{page.pk}/edit/").text

    values = forms.fields("Close the month", body=forms.stream(forms.text("<p>Second version.</p>")))
    assert forms.edit(client_of(editor), page, values, "submit").status_code == 302
    assert decide(client_of(colleague), page, "approve", "").status_code in {200, 302}
    assert "Second version." in Client().get("/help/close-the-month/").text


def test_what_was_changed_after_handing_in_is_read_again(editor: User, colleague: User) -> None:
    page = submitted(editor)
    values = forms.fields("Close the month", body=forms.stream(forms.text("<p>Changed meanwhile.</p>")))
    assert forms.edit(client_of(editor), page, values).status_code == 302
    # The colleague approves what was handed in; nobody has read the newer version, so it waits in turn.
    assert decide(client_of(colleague), page, "approve", "").status_code in {200, 302}
    assert Client().get("/help/close-the-month/").status_code == 404
    assert decide(client_of(colleague), page, "approve", "").status_code in {200, 302}
    assert "Changed meanwhile." in Client().get("/help/close-the-month/").text


def handed_in(editor: User) -> HelpPage:
    """A page without a text block, which would get another key each time that a test posts it."""
    assert forms.add(client_of(editor), "knowledge/articlepage", forms.fields("Close the month"), action="submit")
    return HelpPage.objects.get(slug="close-the-month")


def approve_in_the_form(client: Client, page: HelpPage, **values: Any) -> str:
    """Press “Approve” above the page as it is, or as this person changes it; what the admin says then."""
    pressed = {"action-workflow-action": "1", "workflow-action-name": "approve"}
    posted = forms.fields("Close the month", **values) | pressed
    answer = client.post(f"/admin/pages/{page.pk}/edit/", forms.posted(posted), follow=True)
    return unescape(" ".join(str(message) for message in answer.context["messages"]))


def test_who_approves_in_the_form_approves_what_stands_there(editor: User, colleague: User) -> None:
    page = handed_in(editor)
    moment = timezone.localtime(timezone.now() + timedelta(days=2)).replace(hour=9, minute=30)
    day = {"go_live_at": moment.strftime("%Y-%m-%d %H:%M"), "expire_at": ""}
    assert forms.edit(client_of(editor), page, forms.fields("Close the month", **day)).status_code == 302
    said = approve_in_the_form(client_of(colleague), page, **day)
    assert f"Readers get it on {date_format(moment, 'j F Y')}, 09:30." in said
    page.refresh_from_db()
    assert (page.live, page.approved_schedule, page.workflow_in_progress) == (False, True, False)
    assert list(TaskState.objects.values_list("finished_by", flat=True).distinct()) == [colleague.pk]


def test_what_was_handed_in_and_approved_in_the_form_is_live(editor: User, colleague: User) -> None:
    page = handed_in(editor)
    assert "Readers have it now." in approve_in_the_form(client_of(colleague), page)
    assert "Close the month in a sentence." in Client().get("/help/close-the-month/").text
    assert TaskState.objects.count() == 1


def test_who_changes_the_page_while_approving_is_no_second_reader(editor: User, colleague: User) -> None:
    page = handed_in(editor)
    said = approve_in_the_form(client_of(colleague), page, summary="Changed by the reader.")
    assert "It waits for a colleague's approval of its newest version." in said
    assert Client().get("/help/close-the-month/").status_code == 404
    assert "Readers have it now." in approve_in_the_form(client_of(editor), page, summary="Changed by the reader.")


def test_a_reader_who_sets_the_day_has_read_the_page(editor: User, colleague: User) -> None:
    page = handed_in(editor)
    moment = timezone.localtime(timezone.now() + timedelta(days=2)).replace(hour=9, minute=30)
    said = approve_in_the_form(client_of(colleague), page, go_live_at=moment.strftime("%Y-%m-%d %H:%M"), expire_at="")
    assert f"Readers get it on {date_format(moment, 'j F Y')}, 09:30." in said
    page.refresh_from_db()
    assert (page.live, page.approved_schedule, page.workflow_in_progress) == (False, True, False)


def test_writers_are_not_asked_to_approve_their_own_page(editor: User, colleague: User, staff: User) -> None:
    page = submitted(editor)
    assert "Awaiting your review" not in client_of(editor).get("/admin/").text
    decide(client_of(editor), page, "approve", "")
    assert TaskState.objects.get().status == TaskState.STATUS_IN_PROGRESS
    assert Client().get("/help/close-the-month/").status_code == 404
    assert 'data-workflow-action-name="approve"' not in client_of(editor).get(f"/admin/pages/{page.pk}/edit/").text
    for other in (colleague, staff):
        assert "Awaiting your review" in client_of(other).get("/admin/").text
        assert 'data-workflow-action-name="approve"' in client_of(other).get(f"/admin/pages/{page.pk}/edit/").text


@pytest.mark.parametrize("name", ["support", "viewer", "anonymous"])
def test_others_decide_nothing(editor: User, name: str, request: pytest.FixtureRequest) -> None:
    page = submitted(editor)
    client = client_of(request.getfixturevalue(name))
    assert decide(client, page, "approve", "").status_code in {302, 403}
    assert TaskState.objects.get().status == TaskState.STATUS_IN_PROGRESS
    assert Client().get("/help/close-the-month/").status_code == 404


def test_comments_stand_at_their_field_until_they_are_resolved(editor: User, colleague: User) -> None:
    page = pages.article("Close the month")
    comment = {
        "id": "", "contentpath": "summary", "text": "Too long", "position": "", "DELETE": "", "resolved": "",
        "replies": inline_formset([]),
    }  # fmt: skip
    values = forms.fields("Close the month", comments=inline_formset([comment]))
    assert forms.edit(client_of(colleague), page, values).status_code == 302
    made = Comment.objects.get()
    assert (made.user, made.contentpath, made.text) == (colleague, "summary", "Too long")
    assert "Too long" in client_of(editor).get(f"/admin/pages/{page.pk}/edit/").text
    assert "Too long" not in Client().get("/help/close-the-month/").text

    resolved = {**comment, "id": made.pk, "resolved": "1"}
    values["comments"] = inline_formset([resolved], initial=1)
    assert forms.edit(client_of(editor), page, values).status_code == 302
    made.refresh_from_db()
    assert made.resolved_by == editor
    actions = set(PageLogEntry.objects.filter(page=page.pk).values_list("action", flat=True))
    assert {"wagtail.comments.create", "wagtail.comments.resolve"} <= actions
