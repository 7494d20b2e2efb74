"""The cache server, asked through few clients: Django makes a new one for each question, at the cost of the answer.

Reading goes further: each thread keeps a connection, so that a question is one write and one read. It is given up after
anything but a whole answer, so that no question gets the answer of another.
"""

import os
import threading
from collections.abc import Iterable
from typing import Any

from django.core.cache.backends.redis import RedisCache as DjangoRedisCache
from django.core.cache.backends.redis import RedisCacheClient
from redis.exceptions import RedisError, ResponseError


class KeptClient(RedisCacheClient):
    """Keeps a client to read with and one to write with; clients of redis-py may be shared by threads."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clients: dict[bool, Any] = {}
        self.kept = threading.local()
        self.serializer = vars(self)["_serializer"]

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        """The client for this use."""
        if write not in self.clients:
            self.clients[write] = super().get_client(key, write=write)
        return self.clients[write]

    def get(self, key: Any, default: Any) -> Any:
        """What is kept under a key."""
        value = self.answer("GET", key)
        return default if value is None else self.serializer.loads(value)

    def get_many(self, keys: Iterable[Any]) -> dict[Any, Any]:
        """What is kept under those of these keys that are known."""
        names = list(keys)
        values = self.answer("MGET", *names)
        return {
            name: self.serializer.loads(value) for name, value in zip(names, values, strict=True) if value is not None
        }

    def answer(self, *question: str) -> Any:
        """The answer on this thread's connection; by the client, which knows how to try again, where that is broken."""
        connection, is_whole = self.connection(), False
        try:
            connection.send_command(*question, check_health=False)
            found = connection.read_response()
            is_whole = True
        except ResponseError:
            is_whole = True
            raise
        except (RedisError, OSError):
            found = None
        finally:
            if not is_whole:
                self.give_up(connection)
        return found if is_whole else self.get_client().execute_command(*question)

    def connection(self) -> Any:
        """This thread's connection, not one that a parent process had."""
        if getattr(self.kept, "process", None) != os.getpid():
            self.kept.connection = self.get_client().connection_pool.get_connection()
            self.kept.process = os.getpid()
        return self.kept.connection

    def give_up(self, connection: Any) -> None:
        """Close a connection that may hold half an answer."""
        self.kept.process = None
        connection.disconnect()
        self.get_client().connection_pool.release(connection)


class RedisCache(DjangoRedisCache):
    """Django's cache in Redis or Valkey, with clients and connections kept."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = KeptClient
