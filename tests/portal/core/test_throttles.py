"""The API's limits are kept by requests that come at once, and told with the time to wait."""

from types import SimpleNamespace

import pytest
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.test import APIRequestFactory

from portal.core import limits
from portal.core.api import throttles
from tests.portal.core.threads import race


class Five(throttles.ByAddress):
    """Five a minute."""

    rate = "5/min"


@pytest.fixture(autouse=True)
def minute(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A clock that stands, twenty seconds after a minute began."""
    cache.clear()
    clock = SimpleNamespace(now=60_000_020.0)
    monkeypatch.setattr(throttles, "time", lambda: clock.now)
    return clock


def allowed(address: str = "203.0.113.7") -> bool:
    request = APIRequestFactory().get("/api/", REMOTE_ADDR=address)
    request.user = SimpleNamespace(is_authenticated=False)
    return bool(Five().allow_request(request, None))


@pytest.mark.django_db(transaction=True)
def test_requests_at_once_are_each_counted() -> None:
    found = race(lambda _number: [allowed() for _ in range(3)].count(True), threads=12)
    assert sum(one for one in found if isinstance(one, int)) == 5
    assert allowed() is False
    assert allowed("203.0.113.8") is True


def test_limit_begins_anew_with_the_minute(minute: SimpleNamespace) -> None:
    assert [allowed() for _ in range(6)] == [True] * 5 + [False]
    waiting = Five()
    request = APIRequestFactory().get("/api/", REMOTE_ADDR="203.0.113.7")
    request.user = SimpleNamespace(is_authenticated=False)
    assert (waiting.allow_request(request, None), waiting.wait()) == (False, 40.0)
    minute.now += 40
    assert allowed() is True


def test_nobody_is_kept_out_while_the_cache_server_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*args: object) -> None:
        raise RedisError

    monkeypatch.setattr(limits.cache, "add", down)
    assert [allowed() for _ in range(9)] == [True] * 9
