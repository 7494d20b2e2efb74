"""An editor arranges the dashboard of each audience and the home page."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page
from wagtail.test.utils.form_data import rich_text

from home.models import Announcement, DashboardPage, HomePage
from portal.accounts.models import User
from tests.cast import client_of
from tests.helpcenter.knowledge.editing import forms

pytestmark = pytest.mark.usefixtures("portal_site")
DESKS = {
    "company": "owner",
    "developer": "developer",
    "agency": "agency_admin",
    "reseller": "reseller",
    "staff": "support",
}


def words(title: str) -> forms.Row:
    return "text", {"title": title, "text": rich_text("<p>Good to see you.</p>")}


def stats(*keys: str) -> forms.Row:
    return "stat_cards", {"title": "In figures", "statistics": forms.listed(*keys)}


ACTIONS: forms.Row = (
    "quick_actions",
    {"title": "Do it", "actions": forms.listed({"icon": "search", "label": "Search", "link": "/help/search/"})},
)
ARTICLES: forms.Row = ("articles", {"title": "To read"})
ACTIVITY: forms.Row = ("activity", {"title": "What happened"})
NEWS: forms.Row = ("announcements", {})


def layout(kind: str, *widgets: forms.Row, **values: Any) -> dict[str, Any]:
    """The form of a dashboard."""
    known = {
        "title": "My desk",
        "slug": f"desk-{kind}",
        "desk_kind": kind,
        "greeting": "Welcome",
        "comments": forms.inline_formset([]),
    }
    return {**known, "body": forms.stream(*widgets), **values}


def action_to(link: str, icon: str = "search") -> forms.Row:
    """One quick action that leads somewhere."""
    return "quick_actions", {"title": "Do", "actions": forms.listed({"icon": icon, "label": "Go", "link": link})}


def order(html: str, *titles: str) -> list[str]:
    """Titles in the order in which they stand."""
    return sorted((title for title in titles if title in html), key=html.index)


@pytest.mark.parametrize("kind", DESKS)
def test_a_dashboard_for_each_audience_is_previewed_published_and_reordered(
    editor: User, kind: str, request: pytest.FixtureRequest
) -> None:
    DashboardPage.objects.filter(desk_kind=kind).delete()
    client, viewer = client_of(editor), client_of(request.getfixturevalue(DESKS[kind]))
    home = HomePage.objects.get()
    values = layout(kind, words("First"), ACTIONS, ARTICLES, ACTIVITY, NEWS, stats("new-help-pages"))
    preview = f"/admin/pages/add/home/dashboardpage/{home.pk}/preview/"
    assert client.post(preview, forms.posted(values)).json() == {"is_valid": True, "is_available": True}
    shown = client.get(preview).text
    titles = ("First", "Do it", "To read", "What happened")
    assert order(shown, *titles) == list(titles)
    assert "The month-end guides are complete." in shown
    assert not DashboardPage.objects.filter(desk_kind=kind).exists()

    assert forms.add(client, "home/dashboardpage", values, home, "publish").status_code == 302
    page = DashboardPage.objects.get(desk_kind=kind)
    assert order(viewer.get(f"/{kind_path(kind)}/dashboard/").text, *titles) == list(titles)
    turned = layout(kind, ACTIVITY, words("First"), ARTICLES, ACTIONS)
    assert forms.edit(client, page, turned, "publish").status_code == 302
    moved = order(viewer.get(f"/{kind_path(kind)}/dashboard/").text, *titles)
    assert moved == ["What happened", "First", "To read", "Do it"]


def kind_path(kind: str) -> str:
    """First part of the address of a desk."""
    return {"company": "customer"}.get(kind, kind)


def test_a_draft_changes_nothing_for_viewers(editor: User, owner: User) -> None:
    page = DashboardPage.objects.get(desk_kind="company")
    before = client_of(owner).get("/customer/dashboard/").text
    assert forms.edit(client_of(editor), page, layout("company", words("Not yet"))).status_code == 302
    assert "Not yet" not in client_of(owner).get("/customer/dashboard/").text
    assert "Not yet" not in before


def test_the_preview_shows_samples_and_nobodys_figures(editor: User, owner: User) -> None:
    Announcement.objects.create(title="For companies", desks=["company"], starts_at=timezone.now())
    page = DashboardPage.objects.get(desk_kind="company")
    client = client_of(editor)
    address = f"/admin/pages/{page.pk}/edit/preview/"
    client.post(address, forms.posted(layout("company", NEWS, stats("members"))))
    shown = client.get(address).text
    assert "New guides" in shown
    assert "For companies" not in shown
    assert "Savanna" not in shown
    assert "For companies" in client_of(owner).get("/customer/dashboard/").text


def test_one_broken_widget_shows_so_alone(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(scope: Any) -> Any:
        raise RuntimeError("The source is away.")

    monkeypatch.setattr("helpcenter.knowledge.widgets.ArticlesForYou.needs", (broken,))
    answer = client_of(owner).get("/customer/dashboard/")
    assert answer.status_code == 200
    assert answer.text.count("could not be read just now") == 1
    assert "Recent activity" in answer.text
    assert "The source is away." not in answer.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"desk_kind": "martians"},
        {"body": forms.stream(stats("no-such-figure"))},
        {"body": forms.stream(action_to("javascript:alert(1)"))},
        {"body": forms.stream(action_to("//evil.example/"))},
        {"body": forms.stream(action_to("/help/", icon="no-such-icon"))},
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_the_dashboard_stays(editor: User, owner: User, wrong: dict[str, Any]) -> None:
    page = DashboardPage.objects.get(desk_kind="company")
    answer = forms.edit(client_of(editor), page, layout("company", **wrong), "publish")
    assert answer.status_code == 200
    assert list(forms.errors_of(answer)) == list(wrong)
    page.refresh_from_db()
    assert page.title != "My desk"


@pytest.mark.parametrize("name", ["support", "finance", "owner", "anonymous"])
def test_others_arrange_nothing(name: str, request: pytest.FixtureRequest) -> None:
    page = DashboardPage.objects.get(desk_kind="company")
    client = client_of(request.getfixturevalue(name))
    assert forms.edit(client, page, layout("company", words("Mine")), "publish").status_code in {302, 403}
    page.refresh_from_db()
    assert page.title != "My desk"


def test_the_home_page_is_edited_previewed_and_published(editor: User) -> None:
    page, client = HomePage.objects.get(), client_of(editor)
    card = {"icon": "erp", "title": "The new card", "text": "Good.", "link": "/help/erp/", "link_text": ""}
    values = {
        "title": page.title, "slug": page.slug, "headline": "A new headline", "introduction": "Hello.",
        "products": forms.stream(("feature", card)), "features": forms.stream(),
        "comments": forms.inline_formset([]),
    }  # fmt: skip
    client.post(f"/admin/pages/{page.pk}/edit/preview/", forms.posted(values))
    for words_shown in ("A new headline", "The new card"):
        assert words_shown in client.get(f"/admin/pages/{page.pk}/edit/preview/").text
        assert words_shown not in Client().get("/").text
    assert forms.edit(client, page, values, "publish").status_code == 302
    assert "A new headline" in Client().get("/").text
    bad = {**values, "products": forms.stream(("feature", {**card, "link": "javascript:alert(1)"}))}
    assert list(forms.errors_of(forms.edit(client, page, bad, "publish"))) == ["products"]
    answer = forms.add(client, "home/homepage", values, Page.objects.get(depth=1), "publish")
    assert answer.status_code in {302, 403}
    assert HomePage.objects.count() == 1


@pytest.mark.parametrize("link", ["javascript:alert(1)", "//evil.example/", "data:text/html,x"])
def test_an_announcement_links_to_addresses_alone(editor: User, link: str) -> None:
    values = {
        "title": "News",
        "text": "",
        "level": "info",
        "link": link,
        "desks": [],
        "starts_at": "2026-01-01 00:00",
        "ends_at": "",
    }
    client = client_of(editor)
    refused = client.post("/admin/snippets/home/announcement/add/", values)
    assert list(forms.errors_of(refused)) == ["link"]
    assert not Announcement.objects.exists()
    assert client.post("/admin/snippets/home/announcement/add/", {**values, "link": "/help/"}).status_code == 302
    assert Announcement.objects.get().link == "/help/"


def test_an_announcement_starts_now_and_ends_later(editor: User) -> None:
    client = client_of(editor)
    form = client.get("/admin/snippets/home/announcement/add/").context["form"]
    assert abs((timezone.now() - form.instance.starts_at).total_seconds()) < 60
    assert form["starts_at"].value()
    values = {"title": "News", "text": "", "level": "info", "link": "", "desks": [], "starts_at": "2026-01-02 00:00"}
    refused = client.post("/admin/snippets/home/announcement/add/", {**values, "ends_at": "2026-01-01 00:00"})
    assert "The announcement must end after it starts." in refused.context["form"].non_field_errors()
    assert not Announcement.objects.exists()
    client.post("/admin/snippets/home/announcement/add/", {**values, "ends_at": "2026-01-03 00:00"})
    assert Announcement.objects.count() == 1


def test_samples_of_a_team_are_people(editor: User) -> None:
    page = DashboardPage.objects.get(desk_kind="company")
    client = client_of(editor)
    client.post(f"/admin/pages/{page.pk}/edit/preview/", forms.posted(layout("company", ("team", {"title": "Team"}))))
    shown = client.get(f"/admin/pages/{page.pk}/edit/preview/").text
    assert "Amina Hassan" in shown
    assert "Northwind Labs" not in shown
