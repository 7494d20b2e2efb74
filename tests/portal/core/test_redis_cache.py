"""A thread's connection to the cache server is kept, and given up after anything but a whole answer."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from django.core.cache import cache
from redis.exceptions import ConnectionError as Broken

from portal.core.redis_cache import KeptClient


@pytest.fixture
def client() -> KeptClient:
    """The client behind the cache."""
    found: KeptClient = cache._cache
    cache.set_many({"a": 1, "b": [2, None], "empty": b""})
    return found


def test_values_come_back_as_they_were_kept(client: KeptClient) -> None:
    assert [cache.get("a"), cache.get("b"), cache.get("empty"), cache.get("none", "nothing")] == [
        1,
        [2, None],
        b"",
        "nothing",
    ]
    assert cache.get_many(["b", "none", "a", "empty"]) == {"b": [2, None], "a": 1, "empty": b""}


def test_connection_is_kept_in_its_thread(client: KeptClient) -> None:
    assert client.connection() is client.connection()
    with ThreadPoolExecutor(1) as other:
        assert other.submit(client.connection).result() is not client.connection()


def test_broken_connection_is_replaced_within_the_question(client: KeptClient) -> None:
    before = client.answer("CLIENT", "ID")
    # This one alone: other processes of the tests have theirs at the same server.
    assert client.get_client().client_kill_filter(_id=str(before)) == 1
    assert cache.get("a") == 1
    assert client.answer("CLIENT", "ID") != before
    assert cache.get("b") == [2, None]


def fail(error: BaseException) -> Any:
    raise error


@pytest.mark.parametrize("error", [Broken("cut"), KeyboardInterrupt()])
def test_half_an_answer_is_never_read_by_the_next_question(
    client: KeptClient, error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = client.connection()

    whole, errors = connection.read_response, [error]
    monkeypatch.setattr(connection, "read_response", lambda **kw: fail(errors.pop()) if errors else whole(**kw))
    with suppress(KeyboardInterrupt):
        assert cache.get("a") == 1
    assert errors == []
    assert cache.get("b") == [2, None]
    assert cache.get("a") == 1


def test_child_process_opens_a_connection_of_its_own(client: KeptClient, monkeypatch: pytest.MonkeyPatch) -> None:
    before = client.connection()
    monkeypatch.setattr("portal.core.redis_cache.os.getpid", lambda: -1)
    assert client.connection() is not before
