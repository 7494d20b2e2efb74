"""Staff work with developers in the Wagtail admin: buttons call services, and no form edits a state."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from pytest_django import DjangoAssertNumQueries

from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from portal.notifications.registry import kinds
from portal.teams.models import Agency, Assignment, Developer
from tests.cast import client_of
from tests.factories import AgencyFactory, AssignmentFactory, DeveloperFactory
from tests.portal.accounts.papers import PDF, pdf


def address(model: str, name: str, *args: int) -> str:
    """An address of the admin."""
    return reverse(f"wagtailsnippets_teams_{model}:{name}", args=args)


def test_support_proposes_a_developer(company: Company, owner: User, amina: Developer, support: User) -> None:
    client, url = client_of(support), address("developer", "propose", amina.pk)
    assert "Propose to a company" in client.get(address("developer", "list")).content.decode()
    form = client.get(url).content.decode()
    assert ("company_chooser" in form, "chooser-widget.js" in form, "Savanna Foods" in form) == (True, True, False)
    assert client.post(url, {"company": company.pk, "note": "Good."}).status_code == 302
    made = Assignment.objects.get()
    assert (made.developer, made.company, made.status, made.proposed_by) == (amina, company, "proposed", support)
    again = client.post(url, {"company": company.pk})
    assert "in its team already" in again.content.decode()
    assert "Savanna Foods" in again.content.decode(), "what was chosen stays chosen"
    assert Assignment.objects.count() == 1
    assert client.post(address("assignment", "take_back", made.pk)).status_code == 302
    made.refresh_from_db()
    assert made.status == "rejected"


def test_buttons_are_what_the_state_allows(staff: User) -> None:
    AssignmentFactory.create(notice=True)
    page = client_of(staff).get(address("assignment", "list")).content.decode()
    assert "Shorten the notice" in page
    assert "Withdraw the notice" in page
    assert "Take the proposal back" not in page


def test_support_changes_a_notice_with_a_reason(support: User) -> None:
    today = timezone.localdate()
    row = AssignmentFactory.create(notice=True, ends_on=today + timedelta(days=20))
    client = client_of(support)
    for name in ("shorten_notice", "withdraw_notice"):
        page = client.get(address("assignment", name, row.pk)).text
        assert f"The first day without access is {date_format(row.ends_on)} now." in page
    assert client.post(address("assignment", "shorten_notice", row.pk), {"ends_on": today}).status_code == 200
    sooner = {"ends_on": today + timedelta(days=5), "reason": "Handed over."}
    assert client.post(address("assignment", "shorten_notice", row.pk), sooner).status_code == 302
    row.refresh_from_db()
    assert (row.status, row.ends_on) == ("notice", sooner["ends_on"])
    assert client.post(address("assignment", "withdraw_notice", row.pk), {"reason": "They agreed."}).status_code == 302
    row.refresh_from_db()
    assert (row.status, row.ends_on, row.notice_reason) == ("active", None, "They agreed.")


def test_refusals_that_no_field_is_to_blame_for_show_above_the_form(support: User) -> None:
    row = AssignmentFactory.create(active=True)
    page = client_of(support).post(address("assignment", "withdraw_notice", row.pk), {"reason": "They agreed."})
    (refusal,) = page.context["form"].non_field_errors()
    assert (page.status_code, page.text.count(f'<li class="error">{refusal}')) == (200, 1)
    row.refresh_from_db()
    assert row.status == "active"


@pytest.mark.parametrize("kind", ["community_approval", "team_approval"])
def test_what_a_developer_waits_for_comes_by_mail_at_once(kind: str) -> None:
    assert (kinds.get(kind).urgent, kinds.get(kind).email) == (True, True)


def test_support_takes_a_developer_out_of_the_community(amina: Developer, support: User) -> None:
    url = address("developer", "exclude", amina.pk)
    assert client_of(support).post(url, {"reason": "No answer."}).status_code == 302
    amina.refresh_from_db()
    assert amina.status == "rejected"


@pytest.mark.parametrize("person", ["finance", "editor", "owner", "developer"])
def test_others_of_the_admin_see_and_do_nothing(
    person: str, company: Company, amina: Developer, request: pytest.FixtureRequest
) -> None:
    client = client_of(request.getfixturevalue(person))
    row = AssignmentFactory.create(notice=True)
    for url in (address("developer", "list"), address("assignment", "list"), address("agency", "list")):
        assert client.get(url).status_code == 302
    assert client.post(address("developer", "propose", amina.pk), {"company": company.pk}).status_code == 302
    assert client.post(address("assignment", "withdraw_notice", row.pk), {"reason": "x"}).status_code == 302
    row.refresh_from_db()
    assert (Assignment.objects.count(), row.status) == (1, "notice")


def test_no_form_edits_states(amina: Developer, staff: User) -> None:
    client, agency = client_of(staff), AgencyFactory.create()
    changed = {"agency": agency.pk, "status": "rejected", "headline": "Hacked"}
    assert client.post(address("developer", "edit", amina.pk), changed).status_code == 302
    amina.refresh_from_db()
    assert (amina.agency, amina.status, amina.headline) == (agency, "approved", "Django and PostgreSQL")
    row = AssignmentFactory.create(active=True)
    for name in ("edit", "delete"):
        assert client.post(address("assignment", name, row.pk), {"status": "ended"}).status_code == 302
    row.refresh_from_db()
    assert row.status == "active"
    assert client.get(address("assignment", "inspect", row.pk)).status_code == 200


def test_support_makes_an_agency(support: User, viewer: User) -> None:
    values = {"name": "Codeworks", "slug": "codeworks", "admins": [viewer.pk]}
    assert client_of(support).post(address("agency", "add"), values).status_code == 302
    assert list(Agency.objects.get().admins.all()) == [viewer]


def test_boxes_are_there_only_where_many_can_be_deleted_at_once(support: User, staff: User, company: Company) -> None:
    AssignmentFactory.create(active=True, developer__of_agency=True)
    lists = {
        "company": "/admin/snippets/accounts/company/",
        "retention": "/admin/snippets/accounts/retentionperiod/",
        **{model: address(model, "list") for model in ("developer", "agency", "assignment")},
    }
    boxes = {
        (user.email.partition("@")[0], name)
        for user in (support, staff)
        for name, url in lists.items()
        if "data-bulk-action-checkbox" in client_of(user).get(url).content.decode()
    }
    assert boxes == {("staff", "agency")}


@pytest.mark.parametrize("model", ["developer", "assignment"])
def test_lists_take_as_many_queries_for_twenty_as_for_one(
    model: str, staff: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client, url = client_of(staff), address(model, "list")
    AssignmentFactory.create(active=True, developer__of_agency=True)
    client.get(url)
    with django_assert_num_queries(30, exact=False) as one:
        client.get(url)
    for _ in range(19):
        AssignmentFactory.create(active=True, developer=DeveloperFactory.create(of_agency=True))
    with django_assert_num_queries(len(one)):
        client.get(url)


def test_staff_read_a_cv_and_it_is_written_down(amina: Developer, support: User, finance: User, editor: User) -> None:
    amina.cv.save("cv.pdf", pdf())
    url = address("developer", "cv", amina.pk)
    assert url in client_of(support).get(address("developer", "list")).content.decode()
    answer = client_of(support).get(url)
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, PDF)
    event = ActivityEvent.objects.get(verb="file.downloaded")
    assert (event.actor, event.object_id) == (support, str(amina.user_id))
    assert [client_of(person).get(url).status_code for person in (finance, editor)] == [302, 302]
    assert ActivityEvent.objects.filter(verb="file.downloaded").count() == 1


def test_days_to_come_are_shown_as_days(staff: User) -> None:
    AssignmentFactory.create(notice=True)
    page = client_of(staff).get(address("assignment", "list")).content.decode()
    assert "31 March 2026" in page
