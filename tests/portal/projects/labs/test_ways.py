"""The way to Labs and back: bound to one session, good once, for ten minutes."""

import base64
import logging
import time
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from portal.accounts.models import User
from portal.projects.labs import flow
from portal.projects.models import LabsAccount
from tests.billing.payments.gateways.servers import Answer
from tests.cast import client_of
from tests.portal.core.threads import race
from tests.portal.projects.labs.server import CLIENT, JANE, JOHN, Labs

PASSWORD = "a-long-password"
LINK, TOKEN, SIGN_IN, BACK = (f"/accounts/labs/{name}/" for name in ("link", "token", "sign-in", "callback"))
LOGIN = "/accounts/login/"


def left(client: Client, **posted: str) -> str:
    """Set out to link; the address at Labs."""
    response = client.post(LINK, {"proof": PASSWORD, **posted})
    assert response.status_code == 302
    return response["Location"]


def words(client: Client, page: str) -> str:
    return client.get(page).content.decode()


def test_the_way_to_labs_names_the_portal_its_own_address_and_a_challenge(
    labs: Labs, owner: User, settings: Any
) -> None:
    settings.BASE_URL = "https://portal.example"
    address = urlsplit(left(client_of(owner)))
    query = dict(parse_qsl(address.query))
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{labs.url}/oauth/authorize"
    assert {name: query[name] for name in ("client_id", "response_type", "redirect_uri", "scope")} == {
        "client_id": CLIENT,
        "response_type": "code",
        "redirect_uri": "https://portal.example/accounts/labs/callback/",
        "scope": "read",
    }
    assert len(base64.urlsafe_b64decode(query["code_challenge"] + "=")) == 32
    assert len(query["state"]) == 43


def test_the_state_is_good_once(labs: Labs, owner: User) -> None:
    client = client_of(owner)
    back = labs.agree(left(client), JOHN)
    client.get(BACK, back)
    LabsAccount.objects.all().delete()
    again = {**back, "code": labs.agree(left(client_of(owner)), JOHN)["code"]}
    client.get(BACK, again)
    assert not LabsAccount.objects.exists()
    assert labs.count("/oauth/token") == 1


def test_a_way_lasts_ten_minutes(labs: Labs, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(owner)
    back = labs.agree(left(client), JOHN)
    now = time.time()
    monkeypatch.setattr(flow.time, "time", lambda: now + 601)
    client.get(BACK, back)
    assert not LabsAccount.objects.exists()
    assert labs.count("/oauth/token") == 0


@pytest.mark.parametrize("change", [{"state": ""}, {"state": "x" * 43}, {"state": None}])
def test_another_state_is_none(labs: Labs, owner: User, change: dict[str, Any]) -> None:
    client = client_of(owner)
    back = {name: value for name, value in {**labs.agree(left(client), JOHN), **change}.items() if value is not None}
    response = client.get(BACK, back)
    assert response["Location"] == "/accounts/labs/"
    assert "Start again" in words(client, "/accounts/labs/")
    assert not LabsAccount.objects.exists()
    assert labs.count("/oauth/token") == 0


def test_the_state_of_another_session_links_nobody(labs: Labs, owner: User, stranger: User) -> None:
    mine, theirs = client_of(owner), client_of(stranger)
    back = labs.agree(left(mine), JOHN)
    left(theirs)
    theirs.get(BACK, back)
    Client().get(BACK, back)
    client_of(owner).get(BACK, back)
    assert not LabsAccount.objects.exists()
    assert labs.count("/oauth/token") == 0


def test_the_code_of_another_is_refused_by_its_challenge(labs: Labs, owner: User, stranger: User) -> None:
    mine, theirs = client_of(owner), client_of(stranger)
    stolen = labs.agree(left(theirs), JANE)["code"]
    back = labs.agree(left(mine), JOHN)
    mine.get(BACK, {**back, "code": stolen})
    assert "Labs did not accept this." in words(mine, "/accounts/labs/")
    assert not LabsAccount.objects.exists()


def test_a_way_that_another_person_ends_in_this_browser_links_nobody(labs: Labs, owner: User, viewer: User) -> None:
    client = client_of(owner)
    back = labs.agree(left(client), JOHN)
    session = dict(client.session)
    client.force_login(viewer)
    changed = client.session
    changed[flow.SESSION_KEY] = session[flow.SESSION_KEY]
    changed.save()
    client.get(BACK, back)
    assert not LabsAccount.objects.exists()


def test_who_does_not_agree_changes_nothing(labs: Labs, owner: User) -> None:
    client = client_of(owner)
    state = labs.agree(left(client), JOHN)["state"]
    client.get(BACK, {"error": "access_denied", "error_description": "<script>alert(1)</script>", "state": state})
    page = words(client, "/accounts/labs/")
    assert "you did not agree at Labs" in page
    assert "alert(1)" not in page
    assert not LabsAccount.objects.exists()


@pytest.mark.parametrize("path", ["/oauth/token", "/api/v1/me"])
@pytest.mark.parametrize(
    "answer", [Answer({}, 500), Answer(None), Answer(b"<html>"), Answer({}, 302, {"Location": "http://127.0.0.1:9/"})]
)
def test_an_outage_on_the_way_links_nobody_and_says_so(labs: Labs, owner: User, path: str, answer: Answer) -> None:
    client = client_of(owner)
    back = labs.agree(left(client), JOHN)
    labs.faults[path] = lambda asked: answer
    assert client.get(BACK, back).status_code == 302
    assert "Labs" in words(client, "/accounts/labs/")
    assert not LabsAccount.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_way_back_that_is_gone_twice_at_once_asks_labs_once(labs: Labs, owner: User) -> None:
    first = client_of(owner)
    back = labs.agree(left(first), JOHN)
    second = Client()
    second.cookies = first.cookies
    race(lambda number: (first, second)[number].get(BACK, back).status_code, threads=2)
    assert labs.count("/oauth/token") == 1


def test_neither_code_nor_state_nor_token_stands_in_a_log(
    labs: Labs, owner: User, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    client = client_of(owner)
    with caplog.at_level(logging.DEBUG):
        back = labs.agree(left(client), JOHN)
        client.get(BACK, back)
        refused = labs.agree(left(client), JOHN)
        labs.faults["/oauth/token"] = lambda asked: Answer({"error": "invalid_grant", "token": "echoed"}, 400)
        client.get(BACK, refused)
    account = LabsAccount.objects.get()
    written = caplog.text + "".join(capsys.readouterr())
    secrets = (account.access_token, account.refresh_token, back["code"], back["state"], "client-secret", "echoed")
    assert [word for word in secrets if word in written] == []
