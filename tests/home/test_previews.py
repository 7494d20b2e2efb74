"""Dashboards previewed as companies for show, and as no other."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from home.models import DashboardPage, PreviewCompany, PreviewSettings
from portal.accounts.models import Company, Membership, User
from portal.activity.models import ActivityEvent
from tests.cast import client_of
from tests.helpcenter.knowledge.editing import forms
from tests.home.test_arranging import layout, stats

pytestmark = pytest.mark.usefixtures("portal_site")


@pytest.fixture
def for_show(company: Company, owner: User) -> Company:
    """Savanna Foods is for show."""
    PreviewCompany.objects.create(settings=PreviewSettings.load(), company=company)
    return company


def preview(editor: User, mode: str) -> tuple[int, str]:
    """What an editor sees of a draft in this mode."""
    page, client = DashboardPage.objects.get(desk_kind="company"), client_of(editor)
    address = f"/admin/pages/{page.pk}/edit/preview/"
    values = layout("company", stats("members"), ("team", {"title": "Team"}), ("activity", {"title": "Lately"}))
    assert client.post(f"{address}?mode={mode}", forms.posted(values)).json()["is_valid"]
    answer = client.get(f"{address}?mode={mode}")
    return answer.status_code, answer.text


def test_editor_sees_a_company_for_show_and_nothing_is_written(
    for_show: Company, editor: User, owner: User, viewer: User
) -> None:
    before = (ActivityEvent.objects.count(), list(Membership.objects.values_list("pk", "last_seen_at")))
    with CaptureQueriesContext(connection) as queries:
        status, shown = preview(editor, f"company-{for_show.pk}")
    assert status == 200
    assert "Savanna" in shown
    assert "Amina Hassan" not in shown
    assert "data-live" not in shown
    changed = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    # The editor's own sign-in is noted, settings are made where there are none, and the admin keeps its forms.
    expected = ('UPDATE "accounts_user" SET "last_login"', 'INSERT INTO "home_brandsettings"')
    assert [one for one in changed if "wagtail" not in one and not one.startswith(expected)] == []
    assert before == (ActivityEvent.objects.count(), list(Membership.objects.values_list("pk", "last_seen_at")))


def test_no_other_company_is_shown(for_show: Company, editor: User, stranger: User) -> None:
    theirs = stranger.memberships.get().company
    status, shown = preview(editor, f"company-{theirs.pk}")
    assert status in {200, 403}
    assert theirs.name not in shown
    modes = dict(DashboardPage.objects.get(desk_kind="company").preview_modes)
    assert modes == {"": "Sample data", f"company-{for_show.pk}": f"As {for_show.name}"}
    assert DashboardPage.objects.get(desk_kind="staff").preview_modes == [("", "Sample data")]


def test_a_company_that_is_closed_is_shown_no_more(for_show: Company, editor: User) -> None:
    Company.objects.filter(pk=for_show.pk).update(is_active=False)
    assert for_show.name not in preview(editor, f"company-{for_show.pk}")[1]


@pytest.mark.parametrize("name", ["editor", "support", "finance"])
def test_administrators_alone_name_companies(for_show: Company, name: str, request: pytest.FixtureRequest) -> None:
    client = client_of(request.getfixturevalue(name))
    assert client.get("/admin/settings/home/previewsettings/").status_code == 302
