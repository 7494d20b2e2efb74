"""What the provider refuses, and what a refusal leaves: nothing told, nobody signed in, no session more."""

from collections.abc import Callable
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from allauth.idp.oidc.models import Token
from django.test import Client
from django.utils import timezone

from billing.catalog.models import Product
from billing.launch import keys
from billing.launch.models import LogoutMessage, ProductSession
from billing.launch.services import clients, logouts, sessions
from billing.subscriptions.models import ProductAccess, ProductGrant
from portal.accounts.models import Company, Membership, SignIn, User
from tests.billing.launch.conftest import granted
from tests.billing.launch.flows import AUTHORIZE, TOKEN, Flow, flow, signed_in, told_in, userinfo
from tests.cast import client_of
from tests.factories import MembershipFactory, ProductFactory

LAUNCH = "/customer/products/payroll/launch/"


@pytest.fixture
def product(payroll: Product) -> Flow:
    return flow(payroll)


@pytest.fixture
def member(viewer: User, company: Company, payroll: Product) -> User:
    granted(viewer, company, payroll)
    return viewer


@pytest.fixture
def browser(member: User) -> Client:
    return signed_in(member)


@pytest.mark.parametrize(
    "change",
    [
        lambda uri: uri + "/",
        lambda uri: uri.replace("callback", "Callback"),
        lambda uri: uri + "&more=1",
        lambda uri: uri.partition("?")[0],
        lambda uri: uri.replace("payroll.example", "payroll.example:444"),
        lambda uri: uri.replace("https://", "http://"),
        lambda uri: uri.replace("payroll.example", "payroll.example.evil.example"),
        lambda uri: None,
    ],
)
def test_other_address_is_told_nothing(product: Flow, browser: Client, change: Callable[[str], str | None]) -> None:
    answer = product.ask(browser, redirect_uri=change(product.callback))
    assert answer.status_code == 400
    assert "Location" not in answer
    assert ProductSession.objects.count() == Token.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"scope": "openid admin"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unauthorized_client"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"request": "e30.e30."}, "request_not_supported"),
        ({"request_uri": "https://payroll.example/r"}, "request_uri_not_supported"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"prompt": "select_account"}, "account_selection_required"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "none", "id_token_hint": "e30.e30."}, "login_required"),
    ],
)
def test_product_is_told_what_is_wrong(product: Flow, browser: Client, changes: dict[str, Any], error: str) -> None:
    told = told_in(product.ask(browser, **changes))
    assert (told["error"], told["state"], told["iss"]) == (error, "xyz", "http://127.0.0.1:8000")
    assert "code" not in told
    assert ProductSession.objects.count() == 0


def test_head_makes_no_code_and_post_is_a_get(product: Flow, browser: Client) -> None:
    assert browser.head(AUTHORIZE, {"client_id": product.client_id}).status_code == 405
    answer = browser.post(AUTHORIZE, {"client_id": product.client_id, "scope": "openid"})
    assert answer["Location"] == f"{AUTHORIZE}?client_id={product.client_id}&scope=openid"
    assert Client().get(TOKEN).status_code == 405
    assert ProductSession.objects.count() == 0


def test_nobody_is_sent_to_sign_in_first(product: Flow) -> None:
    answer = product.ask(Client())
    assert answer["Location"].startswith("/accounts/login/?next=%2Fidentity%2Fo%2Fauthorize%3F")
    assert told_in(product.ask(Client(), prompt="none"))["error"] == "login_required"


def test_fresh_proof_is_asked_for_once_and_not_believed_before(product: Flow, browser: Client) -> None:
    for changes in ({"prompt": "login"}, {"max_age": "0"}):
        answer = product.ask(browser, **changes)
        assert answer["Location"].startswith("/accounts/reauthenticate/?next=%2Fidentity%2Fo%2Fauthorize")
        assert product.ask(browser, **changes)["Location"] == answer["Location"]
        assert browser.post(answer["Location"], {"password": "a-long-password"}).status_code == 302
        assert "code" in told_in(product.ask(browser, **changes))
    assert told_in(product.ask(browser, prompt="none", max_age="0"))["error"] == "login_required"
    assert "code" in told_in(product.ask(browser, prompt="none", max_age="3600"))


def suspend(company: Company, payroll: Product, member: User) -> None:
    row = ProductAccess.objects.get(company=company, product=payroll)
    row.close(reason="suspended", at=timezone.now())
    row.save()


def take(company: Company, payroll: Product, member: User) -> None:
    ProductGrant.objects.filter(membership__user=member).delete()


def demand_papers(company: Company, payroll: Product, member: User) -> None:
    Product.objects.filter(pk=payroll.pk).update(needs_verification=True)


def close_company(company: Company, payroll: Product, member: User) -> None:
    Company.objects.filter(pk=company.pk).update(is_active=False)


def stop_offering(company: Company, payroll: Product, member: User) -> None:
    Product.objects.filter(pk=payroll.pk).update(is_active=False)


def unsubscribe(company: Company, payroll: Product, member: User) -> None:
    ProductAccess.objects.filter(product=payroll).delete()


def remove(company: Company, payroll: Product, member: User) -> None:
    Membership.objects.filter(user=member).delete()


def promote(company: Company, payroll: Product, member: User) -> None:
    Membership.objects.filter(user=member).update(role="admin")


def deactivate(company: Company, payroll: Product, member: User) -> None:
    User.objects.filter(pk=member.pk).update(is_active=False)


def sign_out(company: Company, payroll: Product, member: User) -> None:
    SignIn.objects.filter(user=member).update(ended_at=timezone.now())


CLOSING = {
    suspend: "closed",
    take: "taken",
    demand_papers: "closed",
    close_company: "left",
    stop_offering: "closed",
    unsubscribe: "closed",
    remove: "left",
    promote: "role",
    deactivate: "left",
    sign_out: "signed_out",
}
Change = Callable[[Company, Product, User], None]


@pytest.mark.parametrize("change", [suspend, take, demand_papers, stop_offering, unsubscribe, close_company, remove])
def test_closed_product_gives_a_page_and_never_a_code(
    product: Flow, browser: Client, company: Company, payroll: Product, member: User, change: Change
) -> None:
    assert browser.get(LAUNCH).status_code == 302
    change(company, payroll, member)
    answer = product.ask(browser)
    assert answer.status_code == 403
    assert "Payroll" in answer.content.decode()
    launched = browser.get(LAUNCH)
    # Whoever acts for no company any more finds nothing there.
    assert launched.status_code == (404 if change in (close_company, remove) else 403)
    error = "interaction_required" if change in (close_company, remove) else "access_denied"
    assert told_in(product.ask(browser, prompt="none"))["error"] == error
    assert ProductSession.objects.count() == Token.objects.count() == 0


@pytest.mark.parametrize("change", list(CLOSING))
def test_every_way_of_closing_ends_session_and_tokens(
    product: Flow, browser: Client, company: Company, payroll: Product, member: User, change: Change
) -> None:
    """At the next use, whatever is used; between code and token too; and by the sweep without any use."""
    for use in ("userinfo", "refresh", "code", "sweep"):
        tokens, code = product.tokens(browser), product.code(browser)
        before = ProductSession.objects.order_by("-pk")[:2]
        memberships = list(Membership.objects.values())
        grants, accesses = list(ProductGrant.objects.values()), list(ProductAccess.objects.values())
        change(company, payroll, member)
        if use == "userinfo":
            assert userinfo(tokens["access_token"]).status_code == 401
        elif use == "refresh":
            assert product.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
        elif use == "code":
            assert product.exchange(code).json()["error"] == "invalid_grant"
        else:
            assert sessions.end_closed(at=timezone.now()) == ProductSession.objects.count()
        sessions.end_closed(at=timezone.now())
        assert {session.ended_reason for session in before.all()} == {CLOSING[change]}
        assert Token.objects.exclude(type="ac").count() == 0
        assert userinfo(tokens["access_token"]).status_code == 401
        ProductSession.objects.all().delete()
        restore(memberships, grants, accesses)
        browser = signed_in(member)


def restore(memberships: list[Any], grants: list[Any], accesses: list[Any]) -> None:
    """As it was before access was closed."""
    Company.objects.update(is_active=True)
    User.objects.update(is_active=True)
    Product.objects.update(is_active=True, needs_verification=False)
    for model, rows in ((ProductAccess, accesses), (Membership, memberships), (ProductGrant, grants)):
        model._default_manager.all().delete()
        model._default_manager.bulk_create([model(**row) for row in rows])


def test_code_is_good_once_and_its_second_use_ends_the_session(product: Flow, browser: Client) -> None:
    code = product.code(browser)
    tokens = product.exchange(code).json()
    assert userinfo(tokens["access_token"]).status_code == 200
    assert product.exchange(code).json()["error"] == "invalid_grant"
    assert ProductSession.objects.get().ended_reason == "reused"
    assert userinfo(tokens["access_token"]).status_code == 401
    assert product.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_refresh_token_is_good_once_and_its_second_use_ends_the_session(product: Flow, browser: Client) -> None:
    first = product.tokens(browser)
    second = product.refresh(first["refresh_token"]).json()
    assert userinfo(second["access_token"]).status_code == 200
    told = keys.read(second["id_token"], audience=product.client_id)
    assert told is not None
    assert "nonce" not in told
    assert told["sid"] == str(ProductSession.objects.get().public_id)
    assert product.refresh(first["refresh_token"]).json()["error"] == "invalid_grant"
    assert ProductSession.objects.get().ended_reason == "reused"
    assert userinfo(second["access_token"]).status_code == 401
    assert product.refresh(second["refresh_token"]).status_code == 400


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_verifier": "w" * 43}, "invalid_grant"),
        ({"code_verifier": None}, "invalid_request"),
        ({"redirect_uri": "https://payroll.example/callback"}, "invalid_request"),
        ({"redirect_uri": None}, "invalid_request"),
        ({"client_id": "another"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_code_is_bound_to_how_it_was_asked_for(
    product: Flow, browser: Client, changes: dict[str, Any], error: str
) -> None:
    assert product.exchange(product.code(browser), **changes).json()["error"] == error
    assert not Token.objects.exclude(type="ac").exists()


def test_nothing_of_one_product_is_good_for_another(product: Flow, browser: Client, company: Company) -> None:
    other = flow(ProductFactory.create(slug="erp", name="ERP"))
    tokens = product.tokens(browser)
    code = product.code(browser)
    assert other.exchange(code, redirect_uri=product.callback).json()["error"] == "invalid_grant"
    assert other.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert other.revoke(tokens["refresh_token"]).status_code == 200
    assert userinfo(tokens["access_token"]).status_code == 200
    assert keys.read(tokens["id_token"], audience=other.client_id) is None
    assert product.exchange(code).status_code == 200


def test_secret_that_was_replaced_opens_nothing_and_ends_nothing(
    product: Flow, browser: Client, payroll: Product
) -> None:
    tokens = product.tokens(browser)
    old, product.secret = product.secret, clients.renew_secret(product=payroll, by=None)
    assert Flow(product.client_id, old, product.callback).refresh(tokens["refresh_token"]).status_code == 401
    assert product.refresh(tokens["refresh_token"]).status_code == 200


def test_given_back_tokens_are_worth_nothing(product: Flow, browser: Client) -> None:
    tokens = product.tokens(browser)
    assert product.revoke(tokens["access_token"]).status_code == 200
    assert userinfo(tokens["access_token"]).status_code == 401
    tokens = product.refresh(tokens["refresh_token"]).json()
    assert product.revoke(tokens["refresh_token"]).status_code == 200
    assert userinfo(tokens["access_token"]).status_code == 401
    assert ProductSession.objects.get().ended_reason == "signed_out"


def test_token_of_a_product_is_nobodys(product: Flow, browser: Client) -> None:
    own = product.post(TOKEN, {"grant_type": "client_credentials"}).json()
    assert own["expires_in"] == 600
    assert "refresh_token" not in own
    assert userinfo(own["access_token"]).status_code == 401
    asked = product.post(TOKEN, {"grant_type": "client_credentials", "scope": "openid"})
    assert asked.json()["error"] == "invalid_scope"


def test_stranger_gets_nothing_of_a_company_that_is_not_theirs(
    product: Flow, stranger: User, company: Company, payroll: Product
) -> None:
    browser = client_of(stranger)
    session = browser.session
    session["desk"] = f"company:{company.slug}"
    session.save()
    assert product.ask(browser).status_code == 403
    assert browser.get(LAUNCH).status_code == 403
    assert ProductSession.objects.count() == 0


def test_session_is_of_the_company_acted_for_when_it_began(
    product: Flow, browser: Client, member: User, company: Company, other_company: Company, payroll: Product
) -> None:
    MembershipFactory.create(company=other_company, user=member)
    browser.post("/desks/switch/", {"desk": f"company:{company.slug}"})
    code = product.code(browser)
    browser.post("/desks/switch/", {"desk": f"company:{other_company.slug}"})
    told = keys.read(product.exchange(code).json()["id_token"])
    assert told is not None
    assert told["company"]["slug"] == company.slug
    assert product.ask(browser).status_code == 403


def test_product_is_told_that_a_session_ended(
    product: Flow, browser: Client, company: Company, payroll: Product, member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = {"redirect_uris": [product.callback], "post_logout_redirect_uris": [], "by": None}
    clients.keep(product=payroll, backchannel_logout_uri="https://payroll.example/logout", **keep)
    product.tokens(browser)
    suspend(company, payroll, member)
    sessions.end_closed(at=timezone.now())
    message = LogoutMessage.objects.get()
    sent: list[tuple[str, dict[str, str]]] = []
    answers = iter([503, 200])

    def post(web: Any, url: str, data: dict[str, str], **options: Any) -> Any:
        assert options["allow_redirects"] is False
        sent.append((url, data))
        return nullcontext(SimpleNamespace(status_code=next(answers)))

    monkeypatch.setattr(requests.Session, "post", post)
    assert logouts.send(message.pk)
    message.refresh_from_db()
    assert (message.state, message.error) == ("queued", "NotTaken: payroll answered 503.")
    LogoutMessage.objects.update(available_at=timezone.now())
    assert logouts.send(message.pk)
    assert LogoutMessage.objects.get().state == "done"
    first, second = (keys.read(data["logout_token"], audience=product.client_id) for _url, data in sent)
    assert first is not None
    assert second is not None
    assert first["jti"] != second["jti"]
    assert sent[0][0] == "https://payroll.example/logout"
    assert set(second) == {"iss", "sub", "aud", "iat", "exp", "jti", "events", "sid"}
    assert second["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
    assert second["sub"] == str(member.public_id)


def test_password_change_ends_all_sessions(product: Flow, browser: Client, member: User) -> None:
    product.tokens(browser)
    browser.post(
        "/accounts/password/change/",
        {"oldpassword": "a-long-password", "password1": "quite-another-one", "password2": "quite-another-one"},
    )
    assert ProductSession.objects.get().ended_reason == "changed"


def test_sweep_asks_as_often_for_twenty_as_for_one(
    product: Flow, browser: Client, company: Company, payroll: Product, django_assert_num_queries: Any
) -> None:
    for _number in range(20):
        product.code(browser)
    with django_assert_num_queries(1):
        assert sessions.end_closed(at=timezone.now()) == 0
    assert ProductSession.objects.open().count() == 20
