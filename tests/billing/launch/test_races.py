"""What is done at the same instant: of two who bring one code or token, one is answered and the session ends."""

from functools import partial
from typing import Any

import pytest
from allauth.idp.oidc.models import Token
from django.utils import timezone

from billing.catalog.models import Product
from billing.launch.models import ProductSession
from billing.launch.services import sessions
from portal.accounts.models import Company, User
from tests.billing.launch.conftest import granted
from tests.billing.launch.flows import Flow, flow, signed_in, userinfo
from tests.portal.core.threads import race

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4


@pytest.fixture
def product(payroll: Product) -> Flow:
    return flow(payroll)


@pytest.fixture
def browser(viewer: User, company: Company, payroll: Product) -> Any:
    granted(viewer, company, payroll)
    return signed_in(viewer)


def assert_one_was_answered(answers: list[Any]) -> None:
    """One got tokens, which were worth nothing soon after; the others were told why not."""
    assert not [answer for answer in answers if isinstance(answer, BaseException)]
    good = [answer.json() for answer in answers if answer.status_code == 200]
    refused = [answer for answer in answers if answer.status_code != 200]
    assert len(good) == 1, [answer.content for answer in answers]
    assert {answer.json()["error"] for answer in refused} == {"invalid_grant"}
    assert ProductSession.objects.latest("pk").ended_reason == "reused"
    assert userinfo(good[0]["access_token"]).status_code == 401
    assert not Token.objects.exclude(type="ac").exists()


@pytest.mark.parametrize("number", [2, 5])
def test_one_code_is_exchanged_once_by_however_many(product: Flow, browser: Any, number: int) -> None:
    for _round in range(ROUNDS):
        exchange = partial(product.exchange, product.code(browser))
        assert_one_was_answered(race(lambda _number, exchange=exchange: exchange(), threads=number))


@pytest.mark.parametrize("number", [2, 5])
def test_one_refresh_token_is_exchanged_once_by_however_many(product: Flow, browser: Any, number: int) -> None:
    for _round in range(ROUNDS):
        refresh = partial(product.refresh, product.tokens(browser)["refresh_token"])
        assert_one_was_answered(race(lambda _number, refresh=refresh: refresh(), threads=number))


def close_or_refresh(number: int, product: Flow, token: str, session: int) -> Any:
    """The sweep's part, or the product's."""
    if number:
        return product.refresh(token)
    return sessions.end(sessions=[session], reason=sessions.Reason.TAKEN, at=timezone.now())


def test_whoever_closes_meets_whoever_refreshes(product: Flow, browser: Any) -> None:
    """Neither waits for what the other holds, and nothing that was given out in between is good."""
    for _round in range(ROUNDS * 2):
        tokens = product.tokens(browser)
        session = ProductSession.objects.latest("pk").pk
        work = partial(close_or_refresh, product=product, token=tokens["refresh_token"], session=session)
        ended, answer = race(work, threads=2)
        assert ended == 1
        assert answer.status_code in (200, 400), answer.content
        given = answer.json().get("access_token", tokens["access_token"])
        assert userinfo(given).status_code == 401


def test_two_codes_of_one_browser_leave_the_later_session(product: Flow, browser: Any) -> None:
    """Each exchange ends what the browser opened before; at the same moment they wait for each other in one order."""
    for _round in range(ROUNDS * 2):
        codes = [product.code(browser) for _time in range(2)]
        answers = race(lambda number, codes=codes: product.exchange(codes[number]), threads=2)
        assert [answer.status_code for answer in answers] in ([200, 200], [400, 200])
        assert ProductSession.objects.open().get() == ProductSession.objects.latest("pk")
