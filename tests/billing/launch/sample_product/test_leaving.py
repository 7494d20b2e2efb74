"""Members leave the sample product when access is closed, when the portal says so, and when they want to."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa

from billing.catalog.models import Product
from billing.launch import keys, tasks
from billing.launch.models import LogoutMessage, ProductSession
from billing.launch.services import logouts
from billing.subscriptions.models import ProductAccess, ProductGrant
from portal.accounts.models import User
from tests.billing.launch.relying_party import browser_of
from tests.billing.launch.sample_product.process import Sample

pytestmark = pytest.mark.django_db(transaction=True)


def claims_of(session: ProductSession, sample: Sample, **changed: Any) -> dict[str, Any]:
    """What a logout token says; what is None is left out."""
    now = int(time.time())
    told = {
        "iss": sample.portal,
        "aud": sample.client_id,
        "sub": str(session.user.public_id),
        "sid": str(session.public_id),
        "iat": now,
        "exp": now + 120,
        "jti": f"{now}-{len(changed)}-{'-'.join(changed)}",
        "events": {logouts.EVENT: {}},
    } | changed
    return {name: value for name, value in told.items() if value is not None}


def suspend(product: Product) -> None:
    """The company's access is closed, as for an invoice that is overdue."""
    ProductAccess.objects.filter(product=product).update(
        is_open=False, closed_reason="suspended", closed_at=datetime.now(UTC)
    )


def test_suspension_ends_the_session_by_the_portals_message(
    sample: Sample, window: requests.Session, payroll: Product
) -> None:
    sample.launch(window)
    suspend(payroll)
    assert sample.has(window), "it takes the portal's word for an hour here"
    tasks.end_closed_sessions()
    logouts.send(LogoutMessage.objects.get().pk)
    assert not sample.has(window)
    assert "Payroll is suspended" in sample.launch(window).text


@pytest.mark.parametrize("check", [0])
def test_suspension_ends_the_session_without_a_message(
    sample: Sample, window: requests.Session, payroll: Product
) -> None:
    sample.launch(window)
    assert sample.has(window)
    suspend(payroll)
    assert not sample.has(window)


@pytest.mark.parametrize("check", [0])
def test_member_from_whom_the_product_was_taken_is_out(
    sample: Sample, window: requests.Session, payroll: Product
) -> None:
    sample.launch(window)
    ProductGrant.objects.filter(product=payroll).delete()
    assert not sample.has(window)


def test_forged_expired_and_other_tokens_end_nothing(sample: Sample, window: requests.Session) -> None:
    sample.launch(window)
    session, now = ProductSession.objects.get(), int(time.time())
    other_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    right = claims_of(session, sample)
    ours = {"kid": keys.published()[0].kid, "typ": "logout+jwt"}
    wrong = {
        "nothing": "",
        "no token": "a.b.c",
        "another key": jwt.encode(right, other_key, algorithm="RS256", headers=ours),
        "an unknown key": jwt.encode(right, other_key, algorithm="RS256", headers=ours | {"kid": "none"}),
        "no signature": jwt.encode(right, None, algorithm="none", headers=ours),
        "the id as a secret": jwt.encode(right, sample.client_id * 2, algorithm="HS256", headers=ours),
        "another kind": keys.sign(right, kind="JWT"),
    }
    changes: dict[str, dict[str, Any]] = {
        "expired": {"iat": now - 900, "exp": now - 600},
        "from the future": {"iat": now + 600, "exp": now + 900},
        "without an end": {"exp": None},
        "without a beginning": {"iat": None},
        "another issuer": {"iss": "https://evil.example"},
        "another product": {"aud": "sacco"},
        "with a nonce": {"nonce": "n"},
        "without events": {"events": None},
        "other events": {"events": {"https://evil.example": {}}},
        "events of another shape": {"events": [logouts.EVENT]},
        "of nobody": {"sid": None, "sub": None},
        "without a number": {"jti": None},
    }
    wrong |= {name: keys.sign(claims_of(session, sample, **to), kind="logout+jwt") for name, to in changes.items()}
    answers = {name: sample.send_logout(token) for name, token in wrong.items()}
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(wrong, 400)
    assert all(answer.headers["Cache-Control"].count("no-store") for answer in answers.values())
    assert sample.has(window)


def test_logout_token_ends_its_session_once(sample: Sample, window: requests.Session, viewer: User) -> None:
    sample.launch(window)
    session, other = ProductSession.objects.get(), browser_of(viewer)
    sample.launch(other)
    token = keys.sign(claims_of(session, sample), kind="logout+jwt")
    assert sample.send_logout(token).status_code == 200
    assert (sample.has(window), sample.has(other)) == (False, True)
    assert sample.send_logout(token).status_code == 400
    everything = keys.sign(claims_of(session, sample, sid=None), kind="logout+jwt")
    assert sample.send_logout(everything).status_code == 200
    assert not sample.has(other)


def test_signing_out_ends_the_session_at_the_portal_too(sample: Sample, window: requests.Session) -> None:
    sample.launch(window)
    refused = window.post(f"{sample.url}/logout", timeout=60)
    assert (refused.status_code, sample.has(window)) == (403, True)
    answer = sample.press(window, "/logout")
    assert answer.url.startswith(f"{sample.url}/")
    assert not sample.has(window)
    session = ProductSession.objects.get()
    assert (session.ended_reason, session.ended_at is not None) == ("signed_out", True)
    assert session.ended_at
    assert session.ended_at - session.started_at < timedelta(minutes=10)


@pytest.mark.parametrize("check", [0])
def test_tokens_are_refreshed_before_they_run_out(
    sample: Sample, window: requests.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("billing.launch.services.tokens.ACCESS_LIFETIME", timedelta(seconds=30))
    sample.launch(window)
    for _time in range(3):
        assert sample.has(window)
