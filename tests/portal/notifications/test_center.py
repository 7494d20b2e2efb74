"""The center, the bell and its panel: one's own, at the desk in use, at a cost that does not grow."""

import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import Company, User
from portal.notifications.models import Notification
from portal.notifications.services import reading, retention
from tests.cast import client_of
from tests.factories import MembershipFactory
from tests.portal.notifications.conftest import AT
from tests.portal.notifications.telling import tell

CENTER, BELL, PANEL = (f"/customer/notifications/{part}" for part in ("", "bell/", "panel/"))
HTMX = {"HX-Request": "true"}


def subjects(client: Client, query: str = "") -> list[str]:
    return [row.key for row in client.get(CENTER + query).context["rows"]]


@pytest.fixture
def told(owner: User, company: Company) -> Notification:
    return tell(owner, company=company)[0]


def test_center_lists_the_newest_first_and_leads_on(owner: User, company: Company, told: Notification) -> None:
    tell(owner, key="later", at=AT + timedelta(hours=1), company=company)
    client = client_of(owner)
    assert subjects(client) == ["later", "approval 1"]
    answer = client.get(f"{CENTER}{told.public_id}/")
    assert (answer.status_code, answer["Location"]) == (302, "/customer/team/")
    told.refresh_from_db()
    assert told.status == "read"
    assert subjects(client, "?state=unread") == ["later"]


def test_center_is_filtered_by_group(owner: User) -> None:
    tell(owner, key="team")
    tell(owner, key="billing", kind="payment_failed")
    client = client_of(owner)
    assert subjects(client, "?group=Billing") == ["billing"]
    assert subjects(client, "?group=Nonsense") == ["billing", "team"]


def test_company_of_the_desk_decides_what_is_seen(owner: User, company: Company, other_company: Company) -> None:
    MembershipFactory.create(user=owner, company=other_company, role="viewer")
    tell(owner, key="savanna", company=company)
    tell(owner, key="ridgeline", company=other_company)
    tell(owner, key="own")
    client = client_of(owner)
    assert subjects(client) == ["own", "savanna"] or subjects(client) == ["own", "ridgeline"]
    client.post("/desks/switch/", {"desk": f"company:{company.slug}"})
    assert subjects(client) == ["own", "savanna"]
    client.post("/desks/switch/", {"desk": f"company:{other_company.slug}"})
    assert subjects(client) == ["own", "ridgeline"]


def test_link_in_a_mail_leads_to_the_company_that_it_is_about(
    owner: User, company: Company, other_company: Company
) -> None:
    MembershipFactory.create(user=owner, company=other_company, role="viewer")
    (notification,) = tell(owner, company=other_company)
    client = client_of(owner)
    client.post("/desks/switch/", {"desk": f"company:{company.slug}"})
    assert client.get(f"{CENTER}{notification.public_id}/").status_code == 302
    assert client.get(CENTER).context["request"].company == other_company


def test_developers_read_at_their_desk_what_concerns_companies(
    developer: User, company: Company, other_company: Company
) -> None:
    tell(developer, key="savanna", company=company)
    tell(developer, key="ridgeline", company=other_company)
    client = client_of(developer)
    assert subjects(client) == ["ridgeline", "savanna"]
    assert subjects(client, "?company=savanna-foods") == ["savanna"]


def test_what_a_member_was_told_is_gone_with_the_membership(owner: User, developer: User, company: Company) -> None:
    MembershipFactory.create(user=developer, company=company, role="viewer")
    (notification,) = tell(developer, company=company)
    developer.memberships.all().delete()
    client = client_of(developer)
    assert subjects(client) == []
    assert client.get(f"{CENTER}{notification.public_id}/").status_code == 404
    assert client.get(f"/api{CENTER}{notification.public_id}/").status_code == 404
    notification.refresh_from_db()
    assert notification.status == "unread"


@pytest.mark.parametrize("who", ["stranger", "company_admin", "developer", "staff"])
def test_nobody_else_opens_or_marks_it(request: pytest.FixtureRequest, who: str, told: Notification) -> None:
    client = client_of(request.getfixturevalue(who))
    address = f"{CENTER}{told.public_id}/"
    assert [client.get(address).status_code, client.post(f"{address}read/").status_code] == [404, 404]
    client.post(f"{CENTER}read/")
    told.refresh_from_db()
    assert told.status == "unread"


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "", "/\\evil.example"]
)
def test_nothing_leads_out_of_the_portal(owner: User, url: str) -> None:
    (notification,) = tell(owner, url=url)
    assert client_of(owner).get(f"{CENTER}{notification.public_id}/")["Location"] == CENTER


def test_one_is_marked_with_and_without_htmx(
    owner: User, told: Notification, django_capture_on_commit_callbacks
) -> None:
    (second,) = tell(owner, key="second")
    client = client_of(owner)
    answer = client.post(f"{CENTER}{told.public_id}/read/", {"next": "https://evil.example/"})
    assert (answer.status_code, answer["Location"]) == (302, CENTER)
    fragment = client.post(f"{CENTER}{second.public_id}/read/", headers=HTMX).text
    assert (f'id="notice-{second.public_id}"' in fragment, "Mark read" in fragment) == (True, False)
    assert 'hx-swap-oob="true"' in fragment
    assert Notification.objects.unread().count() == 0


def test_all_of_this_desk_are_marked(owner: User, company: Company, other_company: Company) -> None:
    MembershipFactory.create(user=owner, company=other_company, role="viewer")
    tell(owner, key="savanna", company=company)
    tell(owner, key="ridgeline", company=other_company)
    client = client_of(owner)
    client.post("/desks/switch/", {"desk": f"company:{company.slug}"})
    client.post(f"{CENTER}read/")
    assert list(Notification.objects.unread().values_list("key", flat=True)) == ["ridgeline"]


class TestBell:
    def test_count_is_on_every_page(self, owner: User, told: Notification, portal_site: None) -> None:
        assert "(1 unread)" in client_of(owner).get("/customer/dashboard/").text

    def test_nothing_new_costs_nothing(self, owner: User, told: Notification) -> None:
        client = client_of(owner)
        assert client.get(f"{BELL}?known=1", headers=HTMX).status_code == 204

    def test_more_is_said_aloud_and_less_is_not(self, owner: User, told: Notification) -> None:
        client = client_of(owner)
        more = client.get(f"{BELL}?known=0", headers=HTMX).text
        assert "You have 1 unread notification." in more
        assert f'hx-get="{BELL}?known=1"' in more
        assert "You have" not in client.get(f"{BELL}?known=5", headers=HTMX).text

    def test_count_is_kept_for_some_seconds_and_forgotten_when_something_is_told(
        self, owner: User, company: Company, django_assert_num_queries, django_capture_on_commit_callbacks
    ) -> None:
        with django_assert_num_queries(1):
            counts = [reading.unread_count(user=owner, company=company) for _ in range(3)]
        with django_capture_on_commit_callbacks(execute=True):
            tell(owner, company=company)
        assert [*counts, reading.unread_count(user=owner, company=company)] == [0, 0, 0, 1]

    def test_panel_shows_the_last_eight(self, owner: User) -> None:
        for number in range(10):
            tell(owner, key=str(number))
        client = client_of(owner)
        fragment = client.get(PANEL, headers=HTMX)
        assert [row.key for row in fragment.context["rows"]] == ["9", "8", "7", "6", "5", "4", "3", "2"]
        assert "<html" not in fragment.text
        assert "<html" in client.get(PANEL).text


def many(owner: User, company: Company, count: int, start: int = 0) -> None:
    Notification.objects.bulk_create(
        [
            Notification(
                recipient=owner, company=company, is_for_member=True, kind="team_news", key=str(n), subject="x"
            )
            for n in range(start, count)
        ],
        batch_size=10_000,
    )


def test_pages_follow_one_another_without_gaps(owner: User, company: Company) -> None:
    many(owner, company, 60)
    client, seen, query = client_of(owner), [], ""
    while True:
        answer = client.get(CENTER + query)
        seen += [row.key for row in answer.context["rows"]]
        query = answer.context["older_url"]
        if not query:
            break
    assert seen == [str(n) for n in reversed(range(60))]


def test_list_costs_the_same_with_one_and_with_twenty(owner: User, company: Company) -> None:
    def queries() -> int:
        cache.delete(f"notifications:unread:{owner.pk}:{company.pk}")
        with CaptureQueriesContext(connection) as captured:
            client.get(CENTER)
        return len(captured)

    client = client_of(owner)
    tell(owner, company=company)
    client.get(CENTER)
    counts = [queries()]
    many(owner, company, 20)
    assert [*counts, queries()] == [5, 5]


def test_a_hundred_thousand_do_not_slow_bell_or_list(owner: User, company: Company) -> None:
    def took() -> float:
        times = []
        for _ in range(5):
            cache.delete(f"notifications:unread:{owner.pk}:{company.pk}")
            started = time.perf_counter()
            client.get(f"{BELL}?known=x")
            client.get(CENTER)
            times.append(time.perf_counter() - started)
        return min(times)

    client = client_of(owner)
    many(owner, company, 60)
    client.get(CENTER)
    before = took()
    many(owner, company, 100_000, start=60)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE notifications_notification")  # as the server does by itself within a minute
    assert took() < before * 1.5 + 0.01
    assert reading.unread_count(user=owner, company=company) == 100


def test_what_was_read_long_ago_is_forgotten(owner: User) -> None:
    for key, read_at in (("old", AT), ("fresh", AT + timedelta(days=2)), ("unread", None)):
        tell(owner, key=key)
        Notification.objects.filter(key=key).update(read_at=read_at)
    (expired,) = retention.read_before(AT + timedelta(days=1))
    assert [row.key for row in expired] == ["old"]
