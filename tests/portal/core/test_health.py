"""Liveness and readiness, as a load balancer asks for them."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisAway

from portal.core.services import health
from portal.core.tasks import heartbeat

pytestmark = pytest.mark.urls("portal.core.urls")


@pytest.fixture(autouse=True)
def silence():
    """No worker has been seen."""
    cache.delete(health.HEARTBEAT_KEY)
    yield
    cache.delete(health.HEARTBEAT_KEY)


def test_healthz_answers_without_asking_anybody(client, monkeypatch):
    monkeypatch.setattr(cache, "get", lambda key: pytest.fail("the cache was asked"))
    response = client.get("/healthz")  # the database is closed to this test
    assert (response.status_code, response.content, response["Content-Type"]) == (200, b"ok\n", "text/plain")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_ready_when_every_part_works(client):
    heartbeat()
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "cache": "ok", "worker": "ok"}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_not_ready_before_a_worker_was_seen(client):
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"database": "ok", "cache": "ok", "worker": "has not been seen"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("seconds", "said"), [(89, "ok"), (90, "silent for 90 seconds"), (300, "silent for 300 seconds")]
)
def test_worker_counts_as_silent_after_a_minute_and_a_half(seconds, said):
    now = timezone.now()
    health.beat(at=now - timedelta(seconds=seconds))
    assert health.readiness(at=now)["worker"] == said


@pytest.mark.django_db
def test_not_ready_while_the_database_cannot_be_reached(client, monkeypatch):
    def refuse():
        raise DatabaseError

    heartbeat()
    monkeypatch.setattr(connection, "ensure_connection", refuse)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"database": "cannot be reached", "cache": "ok", "worker": "ok"}


@pytest.mark.django_db
def test_not_ready_while_the_database_does_not_answer(client, monkeypatch):
    heartbeat()
    monkeypatch.setattr(connection, "is_usable", lambda: False)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["database"]) == (503, "does not answer")


@pytest.mark.django_db
def test_not_ready_while_the_cache_cannot_be_reached(client, settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"}
    }
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {
        "database": "ok",
        "cache": "cannot be reached",
        "worker": "unknown while the cache cannot be reached",
    }


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_only_reading_is_allowed(client, address):
    assert client.post(address).status_code == 405


def test_away_cache_is_the_kind_of_error_that_is_caught():
    assert issubclass(RedisAway, health.RedisError)
