"""From the day on which a page goes live to the day on which it is gone: everything readers see follows."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageLogEntry

from helpcenter.knowledge.models import HelpDocument, HelpPage
from helpcenter.knowledge.tasks import publish_scheduled
from portal.accounts.models import User
from tests.cast import client_of
from tests.helpcenter.knowledge import pages
from tests.helpcenter.knowledge.editing import forms

pytestmark = pytest.mark.usefixtures("portal_site")


def seen(title: str, path: str) -> list[str]:
    """Where a visitor finds the page."""
    visitor = Client()
    places = {
        "page": path, "topic": "/help/payroll/", "search": "/help/search/?q=overtime", "sitemap": "/sitemap-help.xml",
        "suggestions": "/help/search/suggest/?q=overt", "api": "/api/help/v1/search/?q=overtime",
        "feed": "/help/feed/", "llms": "/llms.txt", "pdf": f"{path.rstrip('/')}.pdf",
    }  # fmt: skip
    found = []
    for place, address in places.items():
        answer = visitor.get(address)
        words = answer.content if place == "pdf" else answer.text
        if answer.status_code == 200 and (place == "pdf" or title in words or path in words):
            found.append(place)
    return found


EVERYWHERE = ["page", "topic", "search", "sitemap", "suggestions", "api", "feed", "llms", "pdf"]


def at(moment: datetime) -> str:
    """As the date picker posts it."""
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


def later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """Let time pass, and the scheduler do its work."""
    now = timezone.now() + by
    monkeypatch.setattr(timezone, "now", lambda: now)
    publish_scheduled()


def test_a_page_comes_and_goes_on_its_days(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    topic = pages.topic("Payroll")
    now = timezone.now()
    values = forms.fields(
        "Overtime rules",
        body=forms.stream(forms.text("<p>Hours above 45.</p>")),
        go_live_at=at(now + timedelta(hours=2)),
        expire_at=at(now + timedelta(hours=10)),
    )
    assert forms.add(client_of(editor), "knowledge/articlepage", values, topic, "publish").status_code == 302
    page = HelpPage.objects.get(slug="overtime-rules")
    assert (page.live, page.approved_schedule) == (False, True)
    publish_scheduled()
    assert seen("Overtime rules", "/help/payroll/overtime-rules/") == []
    later(monkeypatch, timedelta(hours=3))
    assert seen("Overtime rules", "/help/payroll/overtime-rules/") == EVERYWHERE
    later(monkeypatch, timedelta(hours=8))
    assert seen("Overtime rules", "/help/payroll/overtime-rules/") == []
    page.refresh_from_db()
    assert (page.live, page.expired) == (False, True)


def test_a_new_version_of_a_live_page_waits_for_its_day(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    page = pages.article("Overtime rules", body=[pages.text("<p>Above 45 hours.</p>")])
    values = forms.fields(
        "Overtime rules",
        body=forms.stream(forms.text("<p>Above 40 hours.</p>")),
        go_live_at=at(timezone.now() + timedelta(hours=2)),
        expire_at="",
    )
    assert forms.edit(client_of(editor), page, values, "publish").status_code == 302
    assert "Above 45 hours." in Client().get("/help/overtime-rules/").text
    later(monkeypatch, timedelta(hours=3))
    assert "Above 40 hours." in Client().get("/help/overtime-rules/").text


def test_a_schedule_that_ends_before_it_starts_is_refused(editor: User) -> None:
    now = timezone.now()
    dates = {"go_live_at": at(now + timedelta(days=2)), "expire_at": at(now + timedelta(days=1))}
    answer = forms.add(client_of(editor), "knowledge/articlepage", forms.fields("Never", **dates), action="publish")
    assert set(forms.errors_of(answer)) == {"go_live_at", "expire_at"}
    assert not HelpPage.objects.exists()


class TestMoving:
    def test_old_addresses_of_a_page_and_all_below_lead_on(self, editor: User) -> None:
        one, two = pages.topic("Payroll"), pages.topic("Archive")
        inner = pages.topic("Overtime", one)
        pages.article("Overtime rules", inner)
        address = f"/admin/pages/{inner.pk}/move/{two.pk}/confirm/"
        assert client_of(editor).post(address).status_code == 302
        for rest in ("overtime/", "overtime/overtime-rules/"):
            answer = Client().get(f"/help/payroll/{rest}")
            assert (answer.status_code, answer["Location"]) == (301, f"/help/archive/{rest}")
            assert Client().get(f"/help/archive/{rest}").status_code == 200

    def test_a_new_slug_keeps_the_old_address_too(self, editor: User, django_capture_on_commit_callbacks: Any) -> None:
        page = pages.article("Overtime rules")
        values = forms.fields("Overtime rules", slug="overtime")
        with django_capture_on_commit_callbacks(execute=True):
            assert forms.edit(client_of(editor), page, values, "publish").status_code == 302
        answer = Client().get("/help/overtime-rules/")
        assert (answer.status_code, answer["Location"]) == (301, "/help/overtime/")
        assert Redirect.objects.count() == 1


class TestWithdrawing:
    def test_an_unpublished_page_is_gone_and_comes_back(self, editor: User) -> None:
        page = pages.article("Overtime rules", pages.topic("Payroll"))
        path, client = "/help/payroll/overtime-rules/", client_of(editor)
        assert seen("Overtime rules", path) == EVERYWHERE
        assert client.post(f"/admin/pages/{page.pk}/unpublish/").status_code == 302
        assert seen("Overtime rules", path) == []
        assert forms.edit(client, page, forms.fields("Overtime rules"), "publish").status_code == 302
        assert seen("Overtime rules", path) == EVERYWHERE

    def test_a_deleted_page_is_gone_with_all_below(self, editor: User) -> None:
        topic = pages.topic("Payroll")
        page = pages.article("Overtime rules", topic)
        assert client_of(editor).post(f"/admin/pages/{topic.pk}/delete/").status_code == 302
        assert seen("Overtime rules", "/help/payroll/overtime-rules/") == []
        assert not HelpPage.objects.filter(pk__in=[topic.pk, page.pk]).exists()

    def test_the_help_center_itself_stays(self, editor: User) -> None:
        pages.article("Overtime rules")
        index = Page.objects.get(slug="help")
        for action in ("delete", "unpublish"):
            assert client_of(editor).post(f"/admin/pages/{index.pk}/{action}/").status_code == 302
        assert Client().get("/help/overtime-rules/").status_code == 200


class TestHistory:
    def two_versions(self, editor: User) -> tuple[Client, HelpPage, list[int]]:
        client = client_of(editor)
        for number, word in enumerate(["First", "Second"]):
            values = forms.fields("Overtime rules", body=forms.stream(forms.text(f"<p>{word} words.</p>")))
            if number == 0:
                forms.add(client, "knowledge/articlepage", values, action="publish")
            else:
                forms.edit(client, HelpPage.objects.get(), values, "publish")
        page = HelpPage.objects.get()
        return client, page, list(page.revisions.order_by("pk").values_list("pk", flat=True))

    def test_versions_are_listed_compared_and_looked_at(self, editor: User) -> None:
        client, page, (first, second) = self.two_versions(editor)
        history = client.get(f"/admin/pages/{page.pk}/history/").text
        assert str(editor) in history
        compared = client.get(f"/admin/pages/{page.pk}/revisions/compare/{first}...{second}/").text
        assert '<div class="comparison__child-object deletion">First words.</div>' in compared
        assert '<div class="comparison__child-object addition">Second words.</div>' in compared
        assert "First words." in client.get(f"/admin/pages/{page.pk}/revisions/{first}/view/").text
        actions = list(
            PageLogEntry.objects.filter(page=page.pk, action="wagtail.publish").values_list("user", flat=True)
        )
        assert actions == [editor.pk] * 2

    def test_an_older_version_is_published_again(self, editor: User) -> None:
        client, page, (first, _) = self.two_versions(editor)
        form = client.get(f"/admin/pages/{page.pk}/revisions/{first}/revert/")
        assert "First words." in form.text
        body: Any = forms.stream(forms.text("<p>First words.</p>"))
        values = forms.fields("Overtime rules", body=body, revision=first)
        assert forms.edit(client, page, values, "publish").status_code == 302
        assert "First words." in HelpDocument.objects.get().body_html
        assert page.revisions.count() == 3
