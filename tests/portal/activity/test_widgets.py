"""The widget shows each desk what it may see."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string

from portal.activity import services as activity
from portal.activity.registry import Verb
from portal.activity.widgets import recent_activity
from portal.core.periods import start_of
from portal.core.widgets import Period, Scope

PERIOD = Period(date(2026, 3, 1), date(2026, 3, 8))


@pytest.fixture
def at(settings) -> datetime:
    """The first instant of the period."""
    return start_of(PERIOD.starts_on)


def scope(user, kind: str, company=None, membership=None) -> Scope:
    desk = SimpleNamespace(kind=kind)
    return Scope(SimpleNamespace(user=user, desk=desk, company=company, membership=membership), PERIOD)


@pytest.fixture
def events(amina, boss, savanna, northwind, at):
    activity.record(verb="page.published", actor=boss, company=savanna, label="ours", at=at)
    activity.record(verb="page.published", actor=boss, company=northwind, label="theirs", at=at)
    activity.record(verb="page.published", actor=amina, label="own", at=at)
    activity.record(verb="page.published", actor=amina, company=savanna, label="before", at=at - timedelta(seconds=1))
    activity.record(verb="page.published", actor=amina, company=savanna, label="after", at=at + timedelta(days=7))


def shown(found: Scope) -> list[str]:
    return [entry.text.rpartition(" ")[2] for entry in recent_activity(found)]


@pytest.mark.usefixtures("events")
class TestDesks:
    def test_company_desk_shows_the_company_in_the_period(self, amina, savanna, viewer_at_savanna):
        assert shown(scope(amina, "company", savanna, viewer_at_savanna)) == ["ours"]

    def test_staff_desk_shows_everything_in_the_period(self, boss):
        assert shown(scope(boss, "staff")) == ["own", "theirs", "ours"]

    def test_other_desks_show_what_the_person_did_even_to_staff(self, amina, boss):
        assert shown(scope(amina, "developer")) == ["own"]
        assert shown(scope(boss, "reseller")) == ["theirs", "ours"]

    def test_what_happens_all_the_time_is_no_news(self, boss, verbs, at):
        verbs.register("door.opened", Verb("{actor} opened a door", is_news=False))
        activity.record(verb="door.opened", actor=boss, at=at)
        assert shown(scope(boss, "staff")) == ["own", "theirs", "ours"]

    def test_preview_of_a_company_dashboard_shows_staff_no_company(self, boss):
        assert shown(scope(boss, "company")) == []


def render(**context) -> str:
    return render_to_string("activity/widgets/recent_activity.html", {"value": {"title": "Lately"}, **context})


@pytest.mark.usefixtures("events")
def test_widget_lists_entries_escaped(amina, at):
    activity.record(verb="page.published", actor=amina, label="<script>", at=at)
    html = render(data=recent_activity(scope(amina, "developer")), failed=False)
    assert html.count("timeline__item") == 2
    assert "Amina Otieno published &lt;script&gt;" in html
    assert "<script" not in html


def test_widget_says_when_there_is_nothing_or_it_failed():
    assert "Nothing happened in these days" in render(data=[], failed=False)
    failed = render(data=None, failed=True)
    assert "cannot be shown" in failed
    assert "Nothing happened" not in failed
