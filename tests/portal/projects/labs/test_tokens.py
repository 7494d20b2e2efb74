"""Tokens over HTTP: whose they are, and what Labs says when it is asked for new ones."""

from typing import Any

import pytest

from portal.projects.labs import client, oauth
from portal.projects.labs.errors import Refused, Unreachable
from tests.billing.payments.gateways.servers import Answer, serving
from tests.portal.projects.labs.server import BARN, JOHN, Labs, person

ME, PRODUCTS, TOKEN = "/api/v1/me", "/api/v1/products", "/oauth/token"


def asked_by(labs: Labs, who: str = JOHN) -> Any:
    return client.asking(token=labs.give(who)["access_token"], header="bearer", seconds=3)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_token_follows_a_redirect(labs: Labs, status: int) -> None:
    led: list[Any] = []
    with serving(lambda asked: (led.append(asked), Answer(person(JOHN)))[1]) as elsewhere:
        for path in (ME, TOKEN):
            labs.faults[path] = lambda asked: Answer({}, status, {"Location": f"{elsewhere}{asked.path}"})
        with asked_by(labs) as asked, pytest.raises(Unreachable):
            asked.me()
        for ask in (
            lambda: oauth.exchange(code="c", verifier="v" * 43),
            lambda: oauth.renew(refresh_token="refresh-1"),
        ):
            with pytest.raises(Unreachable):
                ask()
    assert led == []


@pytest.mark.parametrize("header", ["x-api-token", "authorization", "x-api-key"])
def test_the_header_that_works_for_an_api_token_is_found(labs: Labs, header: str) -> None:
    labs.api_header = header
    names = {"x-api-token": "api_token", "authorization": "bearer", "x-api-key": "api_key"}
    identity, found = client.recognise(labs.key(JOHN))
    assert (identity.subject, found) == (JOHN, names[header])


def test_an_api_token_that_no_header_makes_work_is_refused(labs: Labs) -> None:
    with pytest.raises(Refused):
        client.recognise("key-of-nobody")
    assert labs.count(ME) == 3


def test_an_outage_says_nothing_of_an_api_token(labs: Labs) -> None:
    labs.faults[ME] = lambda asked: Answer({}, 502)
    with pytest.raises(Unreachable):
        client.recognise(labs.key(JOHN))


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer({"error": "invalid_grant"}, 400), Refused),
        (Answer({"detail": "Invalid token"}, 401), Refused),
        (Answer({"error": "invalid_grant"}, 200), Refused),
        # The portal's own secret is wrong: no word about the person.
        (Answer({"error": "invalid_client"}, 401), Unreachable),
        (Answer({"error": "unauthorized_client"}, 400), Unreachable),
        (Answer({}, 429), Unreachable),
        (Answer({}, 500), Unreachable),
        (Answer(b"<html>", 200), Unreachable),
        (Answer([], 200), Unreachable),
        (Answer({}, 200), Unreachable),
        (Answer({"access_token": 7}, 200), Unreachable),
        (Answer({"access_token": "a b\r\nX: y"}, 200), Unreachable),
        (Answer({"access_token": "a", "expires_in": "soon"}, 200), Unreachable),
        (Answer({"access_token": "a", "expires_in": [1]}, 200), Unreachable),
        (Answer(None), Unreachable),
        (Answer(b'"' + b"x" * (3 * 1024 * 1024) + b'"'), Unreachable),
    ],
)
def test_bad_answers_for_tokens_are_refusals_or_nothing(labs: Labs, answer: Answer, error: type[Exception]) -> None:
    labs.faults[TOKEN] = lambda asked: answer
    for ask in (
        lambda: oauth.exchange(code="c", verifier="v" * 43),
        lambda: oauth.renew(refresh_token="refresh-1"),
    ):
        with pytest.raises(error):
            ask()


def test_tokens_say_when_they_end_and_show_themselves_to_nobody(labs: Labs) -> None:
    labs.faults[TOKEN] = lambda asked: Answer({"access_token": "a1", "refresh_token": "r1", "expires_in": 10**12})
    tokens = oauth.renew(refresh_token="refresh-1")
    assert (tokens.access_token, tokens.refresh_token) == ("a1", "r1")
    assert tokens.expires_at is not None
    assert tokens.expires_at.year < 2040
    assert "a1" not in repr(tokens)
    assert "r1" not in repr(tokens)


def test_a_renewal_sends_the_refresh_token_and_who_asks(labs: Labs) -> None:
    given = labs.give(JOHN)
    oauth.renew(refresh_token=given["refresh_token"])
    form = dict(labs.asked[-1].form)
    assert form == {
        "grant_type": "refresh_token",
        "refresh_token": given["refresh_token"],
        "client_id": "portal",
        "client_secret": "client-secret-never-told",
    }
    assert BARN not in form.values()
