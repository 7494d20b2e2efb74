"""Whether the parts that the portal needs do their work."""

from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import DatabaseError, connection
from redis.exceptions import RedisError

HEARTBEAT_KEY = "core:heartbeat"
# Four beats of the scheduler: one may be late behind a long task.
WORKER_SILENT_AFTER = timedelta(seconds=90)
OK = "ok"


def beat(*, at: datetime) -> None:
    """Leave the worker's sign of life."""
    cache.set(HEARTBEAT_KEY, at.isoformat(), None)


def readiness(*, at: datetime) -> dict[str, str]:
    """Ask database, cache and worker; "ok" or what is wrong with it, for each."""
    return {"database": _database(), "cache": _cache(), "worker": _worker(at)}


def _database() -> str:
    try:
        connection.ensure_connection()
    except DatabaseError:
        return "cannot be reached"
    return OK if connection.is_usable() else "does not answer"


def _cache() -> str:
    try:
        cache.set("core:readiness", OK, 10)
        return OK if cache.get("core:readiness") == OK else "forgets at once"
    except RedisError:
        return "cannot be reached"


def _worker(at: datetime) -> str:
    try:
        seen = cache.get(HEARTBEAT_KEY)
    except RedisError:
        return "unknown while the cache cannot be reached"
    if seen is None:
        return "has not been seen"
    silence = at - datetime.fromisoformat(seen)
    return OK if silence < WORKER_SILENT_AFTER else f"silent for {int(silence.total_seconds())} seconds"
