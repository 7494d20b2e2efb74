"""Pages that lead on to where somebody was going lead to pages of ours alone."""

import re
from collections.abc import Callable
from urllib.parse import quote, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from portal.accounts.models import Authenticator, User
from portal.notifications.models import Notification
from portal.notifications.services import notices
from tests.cast import client_of
from tests.factories import UserFactory
from tests.portal.accounts.authenticators import code_of, with_app

pytestmark = pytest.mark.django_db
WICKED = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example/",
    "/\t/evil.example/",
    "\t//evil.example/",
    "/\n/evil.example/",
    " //evil.example/",
    "\x01//evil.example/",
    "https:evil.example",
    "https:///evil.example/",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
    "javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,x",
    "nowhere",
    "%09//evil.example/",
    "\x00",
]
# Browsers leave control characters out and read backslashes as slashes; two slashes begin the name of a site.
OURS = re.compile(r"/(?!/)[^\x00-\x20\\]*")
PASSWORD = {"password": "a-long-password"}
NEW = {
    "first_name": "Amina",
    "last_name": "Hassan",
    "consent": "on",
    **dict.fromkeys(("password1", "password2"), "correct horse battery"),
}
COMPANY = {"company_name": "Acacia", "country": "KE", "industry": "retail", "size": "11-50"}


def led(client: Client, address: str, body: dict[str, str]) -> str:
    """Where the answer to what was sent leads."""
    answer = client.post(address, body)
    assert answer.status_code == 302, (address, body, answer.status_code)
    return str(answer["Location"])


def password(address: str) -> Callable[[User, str], str]:
    return lambda person, wanted: led(Client(), address, {"login": person.email, **PASSWORD, "next": wanted})


def password_at_asked_address(person: User, wanted: str) -> str:
    return led(Client(), f"/accounts/login/?next={quote(wanted)}", {"login": person.email, **PASSWORD})


def signed_in_already(person: User, wanted: str) -> str:
    return str(client_of(person).get(f"/accounts/login/?next={quote(wanted)}")["Location"])


def sign_up(person: User, wanted: str) -> str:
    return led(Client(), "/accounts/signup/", {**NEW, "email": f"new-{person.email}", "next": wanted})


def register(person: User, wanted: str) -> str:
    return led(Client(), "/customer/register/", {**NEW, **COMPANY, "email": f"new-{person.email}", "next": wanted})


def password_and_code(person: User, wanted: str) -> str:
    device, client = with_app(person), Client()
    client.post("/accounts/login/", {"login": person.email, **PASSWORD, "next": wanted})
    return led(client, "/accounts/second-factor/step/", {"code": code_of(device)})


def code_alone(person: User, wanted: str) -> str:
    client, device = client_of(person), with_app(person)
    return led(client, "/accounts/second-factor/step/", {"code": code_of(device), "next": wanted})


def first_code(person: User, wanted: str) -> str:
    client, address = Client(), f"/accounts/second-factor/set-up/?next={quote(wanted)}"
    client.post("/accounts/login/", {"login": person.email, **PASSWORD})
    client.get(address)
    return str(client.post(address, {"code": code_of(Authenticator.objects.get(user=person))}).context["then"])


def password_again(person: User, wanted: str) -> str:
    return led(client_of(person), f"/accounts/reauthenticate/?next={quote(wanted)}", {**PASSWORD, "next": wanted})


def consent(person: User, wanted: str) -> str:
    return led(client_of(person), "/accounts/privacy/consents/", {"next": wanted})


def sign_out(person: User, wanted: str) -> str:
    return led(client_of(person), "/accounts/logout/", {"next": wanted})


def read_notification(person: User, wanted: str) -> str:
    notices.notify(kind="second_factor_on", people=[person], key="k", at=timezone.now())
    told = Notification.objects.get(recipient=person)
    return led(client_of(person), f"/customer/notifications/{told.public_id}/read/", {"next": wanted})


WAYS = [
    password("/accounts/login/"),
    password("/customer/login/"),
    password_at_asked_address,
    signed_in_already,
    sign_up,
    register,
    password_and_code,
    code_alone,
    first_code,
    password_again,
    consent,
    sign_out,
    read_notification,
]


@pytest.mark.parametrize("way", WAYS)
def test_nobody_is_led_away(way: Callable[[User, str], str]) -> None:
    for wanted in WICKED:
        assert OURS.fullmatch(way(UserFactory.create(), wanted)), repr(wanted)


@pytest.mark.parametrize("way", WAYS)
def test_everybody_is_led_on(way: Callable[[User, str], str]) -> None:
    assert way(UserFactory.create(), "/customer/notifications/?unread=1") == "/customer/notifications/?unread=1"


@pytest.mark.parametrize("who", ["viewer", "owner", "developer", "reseller"])
@pytest.mark.parametrize("address", ["/admin/", "/admin/pages/", "/admin/snippets/approvals/approval/?status=pending"])
def test_who_may_not_open_the_admin_is_led_to_the_own_desk_and_told(
    request: pytest.FixtureRequest, portal_site: None, who: str, address: str
) -> None:
    """Not to the sign-in and back, again and again."""
    person = request.getfixturevalue(who)
    signing_in = {"login": person.email, **PASSWORD, "next": address}
    for shown in (
        client_of(person).get(address, follow=True),
        Client().post("/accounts/login/", signing_in, follow=True),
    ):
        assert "/dashboard/" in [place for place, _status in shown.redirect_chain]
        assert (shown.status_code, "You do not have permission to access the admin" in shown.text) == (200, True)


@pytest.mark.parametrize("who", ["editor", "support", "staff"])
def test_who_may_open_the_admin_is_led_there(request: pytest.FixtureRequest, who: str) -> None:
    person = request.getfixturevalue(who)
    assert password("/accounts/login/")(person, "/admin/pages/") == "/admin/pages/"
    assert signed_in_already(person, "/admin/") == "/admin/"


@pytest.mark.parametrize("wanted", WICKED)
def test_signing_in_to_the_admin_leads_nobody_away(wanted: str) -> None:
    led_to = Client().get(f"/admin/login/?next={quote(wanted)}")["Location"]
    assert urlsplit(led_to)[:3] == ("", "", "/accounts/login/")
