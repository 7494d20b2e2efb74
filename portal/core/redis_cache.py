"""The cache server, asked through one client: Django makes a new one for each question, at the cost of the answer."""

from typing import Any

from django.core.cache.backends.redis import RedisCache as DjangoRedisCache
from django.core.cache.backends.redis import RedisCacheClient


class KeptClient(RedisCacheClient):
    """Keeps a client to read with and one to write with; clients of redis-py may be shared by threads."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clients: dict[bool, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        """The client for this use."""
        if write not in self.clients:
            self.clients[write] = super().get_client(key, write=write)
        return self.clients[write]


class RedisCache(DjangoRedisCache):
    """Django's cache in Redis or Valkey, with the client kept."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = KeptClient
