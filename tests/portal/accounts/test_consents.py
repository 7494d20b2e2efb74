"""What people agreed to: shown with version and time, asked anew for a new version, taken back where optional."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from portal.accounts.models import Company, Consent, ConsentText, User
from portal.accounts.services import consents
from portal.activity.models import ActivityEvent
from tests.cast import client_of

NOW = timezone.now()
PAGE, AGREE = "/accounts/privacy/", "/accounts/privacy/consents/"


@pytest.fixture
def agreed(owner: User, company: Company) -> User:
    consents.give(user=owner, at=NOW - timedelta(days=9), company=company)
    return owner


def publish(kind: str = "terms", version: str = "2027-01", days: int = -1) -> ConsentText:
    return ConsentText.objects.create(
        kind=kind, version=version, body="Everything is new.", published_at=NOW + timedelta(days=days)
    )


def signed_in(user: User) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": "a-long-password"})
    return client


def test_the_page_shows_version_and_time(agreed: User, portal_site: None) -> None:
    page = client_of(agreed).get(PAGE).content.decode()
    given = timezone.localtime(NOW - timedelta(days=9))
    assert "Terms of service, version 2026-11" in page
    assert f"{given:%H:%M}, for Savanna Foods" in page


def test_a_new_version_is_asked_for_at_the_next_sign_in_and_once(agreed: User, portal_site: None) -> None:
    text = publish()
    client = signed_in(agreed)
    led = client.get("/customer/settings/?x=1")
    assert led["Location"] == f"{AGREE}?next=%2Fcustomer%2Fsettings%2F%3Fx%3D1"
    page = client.get(led["Location"]).content.decode()
    assert "Everything is new." in page
    assert "Privacy notice, version" not in page
    for free in (PAGE, "/legal/terms/", f"{PAGE}archive/", f"{PAGE}erasure/"):
        assert client.get(free).status_code == 200
    assert client.post(AGREE, {"next": "/customer/settings/", "text": text.pk})["Location"] == "/customer/settings/"
    assert client.get("/customer/settings/").status_code == 200
    assert list(Consent.objects.filter(user=agreed).values_list("text__version", flat=True).order_by("pk")) == [
        *("2026-11", "2026-11"),
        "2027-01",
    ]
    assert signed_in(agreed).get("/customer/settings/").status_code == 200


def test_what_was_not_shown_is_not_agreed_to(agreed: User, portal_site: None) -> None:
    shown = publish()
    client = signed_in(agreed)
    newer = publish(version="2027-02", days=0)
    ConsentText.objects.filter(pk=newer.pk).update(published_at=timezone.now())
    for keys in ([shown.pk], [], ["x"], [ConsentText.objects.get(kind="news").pk]):
        answer = client.post(AGREE, {"next": "/customer/settings/", "text": keys})
        assert (answer.status_code, "Terms of service, version 2027-02" in answer.content.decode()) == (200, True), keys
        assert client.get("/customer/settings/").status_code == 302
    assert Consent.objects.filter(user=agreed).count() == 2
    assert client.post(AGREE, {"next": "https://evil.example/", "text": [newer.pk]})["Location"].startswith("/")
    assert Consent.objects.filter(user=agreed, text=newer).count() == 1


@pytest.mark.parametrize("days", [1, 30])
def test_a_version_that_is_not_in_force_is_not_asked_for(agreed: User, portal_site: None, days: int) -> None:
    publish(days=days)
    assert signed_in(agreed).get("/customer/settings/").status_code == 200


def test_programs_are_not_held_up_and_nobody_is_who_never_agreed(agreed: User, viewer: User, portal_site: None) -> None:
    publish()
    assert signed_in(agreed).get("/api/customer/profile/").status_code == 200
    assert signed_in(viewer).get("/customer/settings/").status_code == 200


def test_what_is_optional_is_agreed_to_taken_back_and_agreed_to_again(agreed: User, portal_site: None) -> None:
    client = client_of(agreed)
    for data, holds in (({}, True), ({"withdraw": "1"}, False), ({}, True)):
        client.post(f"{AGREE}news/", data)
        assert consents.holds(agreed, "news") is holds
    assert Consent.objects.filter(text__kind="news").count() == 1
    verbs = ActivityEvent.objects.filter(verb__startswith="consent", data__text__startswith="News").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["consent.given", "consent.withdrawn", "consent.given"]


@pytest.mark.parametrize("data", [{}, {"withdraw": "1"}])
def test_what_is_not_optional_is_not_taken_back(agreed: User, data: dict[str, str]) -> None:
    before = list(Consent.objects.values())
    assert client_of(agreed).post(f"{AGREE}terms/", data).status_code == 422
    assert list(Consent.objects.values()) == before


def test_staff_publish_versions_and_nobody_changes_one(staff: User, editor: User, portal_site: None) -> None:
    start = "/admin/snippets/accounts/consenttext/"
    new = {"kind": "terms", "version": "2027-02", "body": "New.", "published_at": "2027-02-01 00:00"}
    assert client_of(editor).post(f"{start}add/", new).status_code == 302
    assert ConsentText.objects.filter(version="2027-02").count() == 0
    client_of(staff).post(f"{start}add/", new)
    made = ConsentText.objects.get(version="2027-02")
    client_of(staff).post(f"{start}edit/{made.pk}/", {**new, "body": "Changed."})
    client_of(staff).post(f"{start}delete/{made.pk}/")
    made.refresh_from_db()
    assert made.body == "New."
