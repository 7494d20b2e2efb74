"""An open dashboard: asked again in one request, answered 304 while nothing changed, never down as a whole."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from home.models import DashboardPage
from portal.accounts.models import Company, User
from portal.activity import services as activity
from portal.activity.models import ActivityEvent
from portal.core.widgets import Scope, WidgetBlock
from tests.cast import client_of
from tests.factories import CompanyFactory, MembershipFactory

pytestmark = pytest.mark.usefixtures("portal_site")
DASHBOARD = "/customer/dashboard/"
MOST_QUERIES_UNCHANGED = 5


def live_url(client: Client, query: str = "") -> str:
    """Where the dashboard that this client opens is asked for again."""
    found: str = client.get(f"{DASHBOARD}{query}").context["live_url"]
    return found


def happens(company: Company, actor: User) -> None:
    """Something that the company's activity tells."""
    newcomer = MembershipFactory.create(company=company).user
    activity.record(
        verb="member.joined", subject=newcomer, actor=actor, company=company, data={"role": "Owner"}, at=timezone.now()
    )


@pytest.fixture
def same_slot(monkeypatch: pytest.MonkeyPatch) -> None:
    """No five minutes end while a test runs."""
    monkeypatch.setattr("home.live.LONGEST_SECONDS", 10**10)


def test_nothing_is_sent_while_nothing_changed(
    same_slot: None, company: Company, owner: User, stranger: User, settings: Any
) -> None:
    settings.PAGE_CACHE = "process"
    client = client_of(owner)
    address = live_url(client)
    first = client.get(address)
    assert (first.status_code, first["Cache-Control"]) == (200, "private, no-store")
    assert first.text.count('hx-swap-oob="true"') == first.text.count('id="widget-') > 3
    etag = first["ETag"]
    happens(CompanyFactory.create(), stranger)
    client.get(address, headers={"If-None-Match": etag})
    with CaptureQueriesContext(connection) as queries:
        again = client.get(address, headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert len(queries) <= MOST_QUERIES_UNCHANGED

    happens(company, owner)
    changed = client.get(address, headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert changed["ETag"] != etag
    assert "joined" in changed.text


def test_other_days_other_rights_and_another_layout_are_something_else(
    same_slot: None, company: Company, owner: User, viewer: User
) -> None:
    client = client_of(owner)
    etags = [client.get(live_url(client, query))["ETag"] for query in ("", "?range=7")]
    other = client_of(viewer)
    etags.append(other.get(live_url(other))["ETag"])
    page = DashboardPage.objects.get(desk_kind="company")
    page.save_revision().publish()
    etags.append(client.get(live_url(client))["ETag"])
    assert len(set(etags)) == 4


def test_a_page_made_for_another_desk_is_told_nothing(company: Company, owner: User, stranger: User) -> None:
    address = live_url(client_of(owner))
    assert client_of(stranger).get(address).status_code == 404
    assert client_of(owner).get("/dashboard/live/").status_code == 404
    assert Client().get(address).status_code == 302


def broken(scope: Scope) -> Any:
    """Asks the database for what is not there."""
    return ActivityEvent.objects.extra(where=["no_such_column = 1"]).count()


def blocks_with_readers() -> dict[str, Any]:
    """Widgets of the company's desk that read something, by name."""
    known = DashboardPage(desk_kind="company").body.stream_block.child_blocks
    return {name: block for name, block in known.items() if block.needs and block.shown_at("company")}


@pytest.mark.django_db(transaction=True)
def test_each_widget_fails_alone_also_in_the_database(
    monkeypatch: pytest.MonkeyPatch, company: Company, owner: User
) -> None:
    client = client_of(owner)
    page = DashboardPage.objects.get(desk_kind="company")
    names = blocks_with_readers()
    page.body = [{"type": name, "value": {"title": name}} for name in names]
    page.save_revision().publish()
    for name, block in names.items():
        with monkeypatch.context() as patched:
            patched.setattr(type(block), "needs", (broken,))
            answer = client.get(f"{DASHBOARD}?all=1")
        assert (name, answer.status_code) == (name, 200)
        assert (name, answer.text.count(">Try again")) == (name, 1)
        assert "no_such_column" not in answer.text


def test_a_widget_that_cannot_be_drawn_is_the_only_one(
    monkeypatch: pytest.MonkeyPatch, company: Company, owner: User
) -> None:
    def breaks(*_args: Any, **_named: Any) -> Any:
        raise LookupError("The template is away.")

    monkeypatch.setattr("portal.activity.widgets.RecentActivity.get_context", breaks)
    client = client_of(owner)
    answer = client.get(DASHBOARD)
    assert answer.text.count("This could not be shown just now.") == 1
    assert "Articles for you" in answer.text
    assert "The template is away." not in answer.text
    ids = [child.id for child in DashboardPage.objects.get(desk_kind="company").body if child.block_type == "activity"]
    monkeypatch.undo()
    alone = client.get(f"{answer.context['live_url']}&only={ids[0]}")
    assert "Recent activity" in alone.text
    assert "hx-swap-oob" not in alone.text


def test_a_mark_that_fails_costs_no_figures(monkeypatch: pytest.MonkeyPatch, company: Company, owner: User) -> None:
    client = client_of(owner)
    address = live_url(client)

    def breaks(scope: Scope) -> Any:
        raise LookupError("No mark.")

    monkeypatch.setattr("home.live.read", breaks)
    answer = client.get(address)
    again = client.get(address, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again["ETag"] == answer["ETag"]) == (200, False)
    assert "Recent activity" in again.text


def test_samples_need_no_reader() -> None:
    assert all(len(block.samples) == len(block.needs) for block in blocks_with_readers().values())
    assert issubclass(type(blocks_with_readers()["activity"]), WidgetBlock)
