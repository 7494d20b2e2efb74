"""Notifications for other programs."""

import pytest
from django.test import Client

from portal.accounts.models import Company, User
from portal.notifications.models import Notification
from tests.cast import client_of
from tests.portal.notifications.telling import tell

LIST = "/api/customer/notifications/"


def test_list_has_the_promised_shape(owner: User, company: Company) -> None:
    (notification,) = tell(owner, company=company)
    body = client_of(owner).get(LIST).json()
    assert (body["count"], body["next"], body["previous"]) == (1, None, None)
    assert body["results"] == [
        {
            "id": str(notification.public_id),
            "status": "unread",
            "kind": "team_approval",
            "group": "Team",
            "subject": "Amina Hassan wants to join Savanna Foods",
            "body": "Amina Hassan was proposed for your team.\n\nDecide when you can.",
            "url": "/customer/team/",
            "company": "savanna-foods",
            "created_at": "2026-03-02T06:30:00Z",
            "read_at": None,
        }
    ]


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("", ["urgent", "team"]),
        ("?unread=true", ["urgent"]),
        ("?unread=false", ["team"]),
        ("?kind=team_approval", ["team"]),
        ("?group=Billing", ["urgent"]),
        ("?group=Nothing", []),
        ("?company=savanna-foods", ["team"]),
        ("?company=ridgeline-sacco", []),
        ("?created_after=2030-01-01T00:00:00Z", []),
    ],
)
def test_list_is_filtered(owner: User, company: Company, query: str, keys: list[str]) -> None:
    tell(owner, key="team", company=company)
    Notification.objects.update(read_at="2026-03-03T00:00:00Z")
    tell(owner, key="urgent", kind="payment_failed")
    results = client_of(owner).get(LIST + query).json()["results"]
    ids = {str(row.public_id): row.key for row in Notification.objects.all()}
    assert [ids[row["id"]] for row in results] == keys


def test_bad_filter_is_a_problem(owner: User) -> None:
    answer = client_of(owner).get(f"{LIST}?created_after=yesterday")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert list(answer.json()["errors"]) == ["created_after"]


def test_marking_counts_down_and_again_changes_nothing(owner: User, company: Company) -> None:
    (first,) = tell(owner, key="1", company=company)
    tell(owner, key="2", company=company)
    client = client_of(owner)
    answers = [client.patch(f"{LIST}{first.public_id}/read/").json() for _ in range(2)]
    assert (answers[0]["status"], answers[0]) == ("read", answers[1])
    assert client.get(f"{LIST}unread/").json() == {"unread": 1}
    assert client.post(f"{LIST}read/").json() == {"marked": 1}


@pytest.mark.parametrize("who", ["stranger", "company_admin", "developer", "staff"])
def test_anothers_notification_does_not_exist(
    request: pytest.FixtureRequest, who: str, owner: User, company: Company
) -> None:
    (notification,) = tell(owner, company=company)
    client = client_of(request.getfixturevalue(who))
    assert client.get(LIST).json()["results"] == []
    for answer in (
        client.get(f"{LIST}{notification.public_id}/"),
        client.patch(f"{LIST}{notification.public_id}/read/"),
    ):
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert client.post(f"{LIST}read/").json() == {"marked": 0}
    notification.refresh_from_db()
    assert notification.status == "unread"


def test_anonymous_is_refused(db: None) -> None:
    assert Client().get(LIST)["Content-Type"] == "application/problem+json"


def test_addresses_are_described(db: None) -> None:
    paths = Client().get("/api/schema/?format=json").json()["paths"]
    assert {
        path: sorted(set(methods) - {"parameters"}) for path, methods in paths.items() if "/customer/notif" in path
    } == {
        LIST: ["get"],
        f"{LIST}read/": ["post"],
        f"{LIST}unread/": ["get"],
        f"{LIST}{{public_id}}/": ["get"],
        f"{LIST}{{public_id}}/read/": ["patch"],
    }
