"""Programs sign in: tokens, their exchange, and what ends them."""

import base64
import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from django.utils.module_loading import import_string
from drf_spectacular.generators import EndpointEnumerator
from rest_framework.views import APIView

from billing.catalog.product_api import ByProduct
from portal.accounts.api.tokens import Anybody
from portal.accounts.models import Company, Membership, TokenFamily, User
from portal.activity.models import ActivityEvent
from portal.core.api.throttles import ByPerson, ByScope
from portal.notifications.models import Notification
from portal.settings import base
from tests.cast import client_of
from tests.factories import MembershipFactory
from tests.portal.accounts.authenticators import code_of, with_app
from tests.portal.core.threads import race

LOGIN, REFRESH, LOGOUT = "/api/auth/login/", "/api/auth/refresh/", "/api/auth/logout/"
PROFILE = "/api/customer/profile/"


def post(address: str, body: dict[str, Any], **headers: str) -> Any:
    return Client().post(address, body, content_type="application/json", headers=headers)


def login(user: User, **more: str) -> Any:
    return post(LOGIN, {"email": user.email, "password": "a-long-password", **more})


def pair(user: User, **more: str) -> dict[str, str]:
    answer = login(user, **more)
    assert answer.status_code == 200, answer.content
    return answer.json()


def ask(access: str, address: str = PROFILE, **headers: str) -> Any:
    return Client().get(address, headers={"Authorization": f"Bearer {access}", **headers})


def claims(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


def kind_of(answer: Any) -> tuple[int, str]:
    """Status and code of a refusal."""
    assert answer["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["type"].removeprefix("urn:portal:problem:")


def test_signing_in_gives_tokens_for_the_company(owner: User, company: Company) -> None:
    answer = login(owner)
    assert answer["Cache-Control"] == "no-store"
    assert set(answer.json()) == {"access", "refresh"}
    access = claims(answer.json()["access"])
    assert (access["sub"], access["company"]) == (str(owner.public_id), company.slug)
    assert access["exp"] - access["iat"] == 600
    shown = ask(answer.json()["access"])
    assert shown.status_code == 200
    assert ActivityEvent.objects.get().verb == "account.signed_in"


def test_nobody_learns_whether_an_address_has_an_account(owner: User) -> None:
    known = post(LOGIN, {"email": owner.email, "password": "wrong"})
    unknown = post(LOGIN, {"email": "nobody@example.com", "password": "wrong"})
    User.objects.update(is_active=False)
    closed = login(owner)
    assert kind_of(known) == (401, "invalid_credentials")
    assert known.json() == unknown.json() == closed.json()
    assert TokenFamily.objects.count() == 0


def test_tokens_come_after_the_second_factor_alone(owner: User, stranger: User) -> None:
    device, theirs = with_app(owner), with_app(stranger)
    assert kind_of(login(owner)) == (401, "otp_required")
    assert kind_of(login(owner, otp=code_of(theirs))) == (401, "invalid_otp")
    waiting = login(owner, otp=code_of(device))
    assert kind_of(waiting) == (429, "too_many_attempts")
    assert waiting["Retry-After"] == "1"
    assert TokenFamily.objects.count() == 0
    device.refresh_from_db()
    device.throttle_reset()
    code = code_of(device)
    assert ask(pair(owner, otp=code)["access"]).status_code == 200
    assert kind_of(login(owner, otp=code)) == (401, "invalid_otp")


def test_who_must_have_a_second_factor_gets_no_token_without(owner: User, settings: SimpleNamespace) -> None:
    old = pair(owner)
    settings.SECOND_FACTOR_REQUIRED = True
    assert kind_of(login(owner)) == (403, "second_factor_missing")
    assert kind_of(ask(old["access"])) == (403, "second_factor_missing")


def test_tokens_of_before_the_second_factor_are_worth_nothing(owner: User) -> None:
    old = pair(owner)
    with_app(owner)
    assert kind_of(ask(old["access"])) == (401, "invalid_token")
    assert kind_of(post(REFRESH, {"refresh": old["refresh"]})) == (401, "invalid_token")


def test_refreshing_gives_new_tokens(owner: User) -> None:
    old = pair(owner)
    new = post(REFRESH, {"refresh": old["refresh"]}).json()
    assert new["refresh"] != old["refresh"]
    assert ask(new["access"]).status_code == 200
    assert post(REFRESH, {"refresh": new["refresh"]}).status_code == 200


def test_a_stolen_refresh_token_ends_the_sign_in_of_both(owner: User) -> None:
    mine, other = pair(owner), pair(owner)
    stolen = post(REFRESH, {"refresh": mine["refresh"]}).json()
    assert kind_of(post(REFRESH, {"refresh": mine["refresh"]})) == (401, "token_reused")
    assert kind_of(ask(stolen["access"])) == (401, "invalid_token")
    assert kind_of(post(REFRESH, {"refresh": stolen["refresh"]})) == (401, "invalid_token")
    assert ask(other["access"]).status_code == 200
    assert Notification.objects.get().kind == "token_reused"
    assert ActivityEvent.objects.filter(verb="account.token_reused").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_refresh_at_once_one_gets_tokens_and_then_neither_has_any(viewer: User) -> None:
    old = pair(viewer)
    answers = race(lambda _number: post(REFRESH, {"refresh": old["refresh"]}), threads=2)
    assert sorted(answer.status_code for answer in answers) == [200, 401]
    won = next(answer for answer in answers if answer.status_code == 200)
    assert ask(won.json()["access"]).status_code == 401


def test_signing_out_ends_access_and_refresh(owner: User) -> None:
    mine = pair(owner)
    assert post(LOGOUT, {"refresh": mine["refresh"]}).status_code == 204
    assert kind_of(ask(mine["access"])) == (401, "invalid_token")
    assert kind_of(post(REFRESH, {"refresh": mine["refresh"]})) == (401, "invalid_token")
    assert kind_of(post(LOGOUT, {"refresh": mine["refresh"]})) == (401, "invalid_token")


def test_a_new_password_ends_all_tokens(owner: User) -> None:
    mine = pair(owner)
    owner.set_password("another long one")
    owner.save()
    assert kind_of(ask(mine["access"])) == (401, "invalid_token")
    assert kind_of(post(REFRESH, {"refresh": mine["refresh"]})) == (401, "invalid_token")


def test_a_closed_account_has_no_tokens(owner: User) -> None:
    mine = pair(owner)
    User.objects.update(is_active=False)
    assert kind_of(ask(mine["access"])) == (401, "invalid_token")
    assert kind_of(post(REFRESH, {"refresh": mine["refresh"]})) == (401, "invalid_token")


def test_tokens_for_a_company_end_with_the_membership(viewer: User, other_company: Company) -> None:
    mine = pair(viewer)
    MembershipFactory.create(user=viewer, company=other_company)
    Membership.objects.filter(company__slug="savanna-foods").delete()
    assert kind_of(ask(mine["access"])) == (401, "invalid_token")
    assert kind_of(post(REFRESH, {"refresh": mine["refresh"]})) == (401, "invalid_token")
    assert TokenFamily.objects.get().ended_at is None, "nothing was handed out, and nothing was reused"


@pytest.mark.parametrize("signed_in_by", ["token", "session"])
def test_the_header_chooses_among_the_companies_of_the_person(
    owner: User, company: Company, other_company: Company, signed_in_by: str
) -> None:
    MembershipFactory.create(user=owner, company=other_company)
    client = client_of(owner) if signed_in_by == "session" else Client()
    bearer = {} if signed_in_by == "session" else {"Authorization": f"Bearer {pair(owner)['access']}"}
    for slug in (company.slug, other_company.slug):
        shown = client.get("/api/business/v1/profile/", headers={"X-Company": slug, **bearer})
        assert shown.json()["slug"] == slug


@pytest.mark.parametrize("slug", ["ridgeline-sacco", "no-such-company"])
def test_the_header_opens_no_company_of_others(owner: User, other_company: Company, slug: str) -> None:
    mine = pair(owner)
    assert ask(mine["access"], **{"X-Company": slug}).status_code == 404
    assert client_of(owner).get(PROFILE, headers={"X-Company": slug}).status_code == 404
    wanted = post(LOGIN, {"email": owner.email, "password": "a-long-password"}, **{"X-Company": slug})
    assert wanted.status_code == 404
    assert TokenFamily.objects.count() == 1


def test_a_token_is_no_session_and_a_refresh_token_no_access(owner: User) -> None:
    mine = pair(owner)
    assert ask(mine["access"], "/customer/settings/").status_code == 302
    assert kind_of(ask(mine["refresh"])) == (401, "invalid_token")
    assert kind_of(post(REFRESH, {"refresh": mine["access"]})) == (401, "invalid_token")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "é"])
def test_what_is_no_token_opens_nothing(db: None, token: str) -> None:
    answer = ask(token)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'


def test_tokens_run_out(owner: User) -> None:
    mine = pair(owner)
    TokenFamily.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert kind_of(ask(mine["access"])) == (401, "invalid_token")


def test_too_many_failures_keep_an_address_out_of_api_and_page(owner: User, settings: SimpleNamespace) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/5m/key"}
    cache.clear()
    for _attempt in range(3):
        assert post(LOGIN, {"email": owner.email, "password": "wrong"}).status_code == 401
    locked = login(owner)
    assert kind_of(locked) == (429, "too_many_attempts")
    assert locked["Retry-After"] == "300"
    page = Client().post("/accounts/login/", {"login": owner.email, "password": "a-long-password"})
    assert page.context["form"].errors["__all__"] == ["Too many failed login attempts. Try again later."]
    assert TokenFamily.objects.count() == 0


def test_too_many_requests_have_to_wait(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    class Twice(ByScope):
        THROTTLE_RATES = {"sign-in": "2/min"}

    cache.clear()
    monkeypatch.setattr(Anybody, "throttle_classes", [Twice])
    answers = [post(LOGIN, {}, **{"X-Forwarded-For": f"10.0.0.{number}"}) for number in range(3)]
    assert [answer.status_code for answer in answers] == [400, 400, 429]
    assert 0 < int(answers[2]["Retry-After"]) <= 60


def test_a_program_that_asks_too_often_has_to_wait(
    owner: User, viewer: User, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a real site, but after three requests instead of 600: of token and session together, for each person."""
    assert base.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]["user"] == "600/min"
    limits = [import_string(name) for name in base.REST_FRAMEWORK["DEFAULT_THROTTLE_CLASSES"]]
    monkeypatch.setitem(ByPerson.THROTTLE_RATES, "user", "3/min")
    mine, other = pair(owner), pair(viewer)
    cache.clear()
    monkeypatch.setattr(APIView, "throttle_classes", limits)
    assert [ask(mine["access"]).status_code for _ in range(3)] == [200] * 3
    for waiting in (
        ask(mine["access"]),
        ask(mine["access"], "/api/customer/notifications/"),
        client_of(owner).get(PROFILE),
    ):
        assert kind_of(waiting) == (429, "throttled")
        assert 0 < int(waiting["Retry-After"]) <= 60
    assert ask(other["access"]).status_code == 200


def test_no_view_of_the_api_goes_without_a_limit(db: None) -> None:
    endpoints = EndpointEnumerator().get_api_endpoints()
    found = {callback.cls for path, _regex, _method, callback in endpoints if not path.startswith("/webhooks/")}
    assert len(found) > 40
    limits = (APIView.throttle_classes, [ByProduct])
    assert [view for view in found if view.throttle_classes not in limits] == []


def test_the_description_names_both_ways_of_signing_in(db: None) -> None:
    schema = Client().get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi+json"}).json()
    schemes = schema["components"]["securitySchemes"]
    assert (schemes["bearer"]["type"], schemes["bearer"]["scheme"]) == ("http", "bearer")
    assert schemes["cookieAuth"]["in"] == "cookie"
    assert schema["paths"][PROFILE]["get"]["security"] == [{"bearer": []}, {"cookieAuth": []}]
    assert not any(schema["paths"][LOGIN]["post"].get("security", []))
