"""Where people are signed in: the list, ending sign-ins, alerts for new devices, and lock-out."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from portal.accounts.devices import label_of
from portal.accounts.models import SignIn, TokenFamily, User
from portal.notifications.models import Notification
from tests.cast import client_of

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
CHROME = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537.36"
SESSIONS, OTHERS = "/accounts/sessions/", "/accounts/sessions/others/revoke/"


def signed_in(user: User, agent: str = FIREFOX, address: str = "197.248.10.20") -> Client:
    """A browser of its own in which somebody has signed in."""
    client = Client(headers={"User-Agent": agent}, REMOTE_ADDR=address)
    assert client.post("/accounts/login/", {"login": user.email, "password": "a-long-password"}).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get("/accounts/second-factor/").status_code == 200


def revoke(client: Client, sign_in: Any) -> int:
    return client.post(f"{SESSIONS}{sign_in.public_id}/revoke/").status_code


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        (FIREFOX, "Firefox on Windows"),
        (CHROME, "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) AppleWebKit/605 Version/18 Safari/605", "Safari on Mac"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/142.0 Safari/537.36 Edg/142.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/142.0 Safari/604", "Chrome on iPhone"),
        ("curl/8.0", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)
def test_devices_are_named_for_people(agent: str, label: str) -> None:
    assert label_of(agent) == label


def test_the_list_shows_each_with_place_and_marks_this_one(viewer: User, stranger: User) -> None:
    here = signed_in(viewer)
    signed_in(viewer, CHROME, "41.90.1.2")
    signed_in(stranger, CHROME, "10.0.0.9")
    page = here.get(SESSIONS)
    assert [(one.device, one.address) for one in page.context["here"]] == [("Firefox on Windows", "197.248.10.20")]
    assert [(one.device, one.address) for one in page.context["others"]] == [("Chrome on Android", "41.90.1.2")]
    assert b"This browser" in page.content


def test_revoking_one_signs_it_out_and_no_other(viewer: User) -> None:
    here, there = signed_in(viewer), signed_in(viewer, CHROME)
    assert is_in(there)
    assert revoke(here, SignIn.objects.get(device="Chrome on Android")) == 302
    assert not is_in(there)
    assert is_in(here)
    assert here.get(SESSIONS).context["others"] == []


def test_a_page_kept_for_a_revoked_browser_is_not_given_again(viewer: User, settings: SimpleNamespace) -> None:
    settings.PAGE_CACHE = "process"
    here, there = signed_in(viewer), signed_in(viewer, CHROME)
    assert there.get("/customer/settings/").status_code == 200
    assert there.get("/customer/settings/").status_code == 200
    revoke(here, SignIn.objects.get(device="Chrome on Android"))
    assert there.get("/customer/settings/").status_code == 302


def test_revoking_all_others_spares_this_one_and_ends_programs(viewer: User, stranger: User) -> None:
    here, *others = signed_in(viewer), signed_in(viewer, CHROME), signed_in(viewer, CHROME)
    body = {"email": viewer.email, "password": "a-long-password"}
    access = Client().post("/api/auth/login/", body, content_type="application/json").json()["access"]
    theirs = signed_in(stranger)
    assert here.post(OTHERS).status_code == 302
    assert [is_in(client) for client in (here, theirs, *others)] == [True, True, False, False]
    bearer = {"Authorization": f"Bearer {access}"}
    assert Client().get("/api/customer/profile/", headers=bearer).status_code == 401
    assert TokenFamily.objects.get().ending == "revoked"


def test_nobody_ends_the_sign_in_of_another_person(viewer: User, stranger: User) -> None:
    mine, theirs = signed_in(viewer), signed_in(stranger)
    assert revoke(mine, SignIn.objects.get(user=stranger)) == 404
    assert is_in(theirs)
    assert SignIn.objects.filter(ended_at=None).count() == 2


def test_signing_out_takes_it_off_the_list(viewer: User) -> None:
    here, there = signed_in(viewer), signed_in(viewer, CHROME)
    there.post("/accounts/logout/")
    assert here.get(SESSIONS).context["others"] == []
    assert SignIn.objects.filter(ended_at=None).count() == 1


def test_a_session_with_a_new_key_is_still_revoked(viewer: User) -> None:
    here, there = signed_in(viewer), signed_in(viewer, CHROME)
    session = there.session
    session.cycle_key()
    there.cookies["sessionid"] = session.session_key
    assert is_in(there)
    revoke(here, SignIn.objects.get(device="Chrome on Android"))
    assert not is_in(there)


def test_a_new_device_is_told_of_and_a_known_one_is_not(viewer: User) -> None:
    here = signed_in(viewer)
    assert Notification.objects.count() == 0
    here.post("/accounts/logout/")
    here.post("/accounts/login/", {"login": viewer.email, "password": "a-long-password"})
    assert Notification.objects.count() == 0
    signed_in(viewer, FIREFOX, "41.90.1.2")
    told = Notification.objects.get()
    assert (told.kind, told.subject) == ("new_device", "New sign-in: Firefox on Windows")
    assert "41.90.1.2" in told.body


def test_the_cookie_of_a_browser_is_hidden_from_scripts(viewer: User) -> None:
    cookie = signed_in(viewer).cookies["browser"]
    assert (cookie["httponly"], cookie["samesite"], len(cookie.value)) == (True, "Lax", 32)
    assert cookie.value not in SignIn.objects.get().browser


def test_browsers_signed_in_before_have_an_empty_list(viewer: User) -> None:
    assert b"Nothing is known" in client_of(viewer).get(SESSIONS).content


def test_failures_lock_an_address_out_with_a_clear_message(viewer: User, settings: SimpleNamespace) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,3/5m/key"}
    cache.clear()
    wrong = {"login": viewer.email, "password": "wrong"}
    answers = [Client().post("/accounts/login/", wrong) for _attempt in range(4)]
    words = [answer.context["form"].errors["__all__"][0] for answer in answers]
    assert words[3] == "Too many failed login attempts. Try again later."
    assert words[3] not in words[:3]
    right = Client().post("/accounts/login/", {"login": viewer.email, "password": "a-long-password"})
    assert right.context["form"].errors["__all__"] == [words[3]]


def test_failures_lock_a_place_out_whatever_address_they_try(viewer: User, settings: SimpleNamespace) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/m/ip,50/5m/key"}
    cache.clear()
    for number in range(3):
        body = {"login": f"person{number}@example.com", "password": "wrong"}
        spoofed = {"X-Forwarded-For": f"10.0.0.{number}"}
        Client().post("/accounts/login/", body, headers=spoofed)
    right = {"login": viewer.email, "password": "a-long-password"}
    assert Client().post("/accounts/login/", right).status_code == 200
    assert Client(REMOTE_ADDR="41.90.1.2").post("/accounts/login/", right).status_code == 302
