"""Whole pages for anonymous readers, answered before logs, sessions, users and the database are touched.

A view marks its response with `cacheable`, which means: what anonymous readers get depends on the path alone, and on
PARAMETERS, with which nothing is kept. Pages
are kept under the current generation, a random word in the cache server. `expire()` changes it on commit; each process
looks at it at most every half second, so a change is seen everywhere within a second. Should a change be missed all the
same, pages are forgotten after PAGE_CACHE_SECONDS.
"""

import sys
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import ResponseHeaders
from django.middleware.gzip import re_accepts_gzip
from redis.exceptions import RedisError

GENERATION_KEY = "page-cache:generation"
LOOK_EVERY_SECONDS = 0.5
LOOK_AGAIN_AFTER_FAILURE_SECONDS = 5.0
PAGES_BYTES = 64 * 1024 * 1024
PARTS_BYTES = 32 * 1024 * 1024
# Headers, key and bookkeeping of a kept page, about.
BYTES_BESIDE_BODY = 2048
# Headers that belong to one answer, not to the page.
NOT_KEPT = ("X-Request-ID",)
# All that views of kept pages read of what follows the question mark.
PARAMETERS = frozenset({"page"})
T = TypeVar("T")


def cacheable(response: HttpResponse) -> HttpResponse:
    """Mark a response that is the same for every anonymous reader of its address."""
    vars(response)["is_cacheable"] = True
    return response


def expire() -> None:
    """Forget all kept pages once the running transaction is committed."""
    transaction.on_commit(generation.renew)


class Generation:
    """The current generation, looked up at most every half second; None while the cache server does not answer."""

    def __init__(self) -> None:
        self.value: str | None = None
        self.look_at = float("-inf")
        self.is_missed = False

    def current(self) -> str | None:
        """The generation under which pages are kept now."""
        now = time.monotonic()
        if now >= self.look_at:
            self.look_at = now + LOOK_EVERY_SECONDS
            self.value = self.look()
        return self.value

    def look(self) -> str | None:
        """Ask the cache server; after an outage start anew, since a change may have been missed."""
        if self.is_missed:
            self.renew()
        try:
            word = cache.get_or_set(GENERATION_KEY, lambda: uuid.uuid4().hex, None)
        except RedisError:
            self.is_missed = True
        if self.is_missed:
            self.look_at = time.monotonic() + LOOK_AGAIN_AFTER_FAILURE_SECONDS
            return None
        return f"{word}:{int(time.time() // settings.PAGE_CACHE_SECONDS)}"

    def renew(self) -> None:
        """Begin the next generation."""
        try:
            cache.set(GENERATION_KEY, uuid.uuid4().hex, None)
            self.is_missed = False
        except RedisError:
            self.is_missed = True


generation = Generation()


class ProcessStore:
    """What is kept in the memory of this process, the least recently read forgotten first; thread-safe."""

    def __init__(self, most_bytes: int = PAGES_BYTES) -> None:
        self.most_bytes = most_bytes
        self.size = 0
        self.generation: str | None = None
        self.entries: OrderedDict[Hashable, Any] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, generation: str, key: Hashable) -> Any:
        """What is kept under this key in this generation, or None."""
        with self.lock:
            if generation != self.generation or key not in self.entries:
                return None
            self.entries.move_to_end(key)
            return self.entries[key]

    def set(self, generation: str, key: Hashable, entry: Any) -> None:
        """Keep something; what belongs to other generations is dropped."""
        with self.lock:
            if generation != self.generation:
                self.generation, self.size = generation, 0
                self.entries.clear()
            if key in self.entries:
                self.size -= size_of(self.entries.pop(key))
            self.entries[key] = entry
            self.size += size_of(entry)
            while self.size > self.most_bytes:
                self.size -= size_of(self.entries.popitem(last=False)[1])


def size_of(entry: Any) -> int:
    """Memory that a page or a part of one takes, about, in bytes."""
    return sys.getsizeof(entry[0] if isinstance(entry, tuple) else entry) + BYTES_BESIDE_BODY


parts = ProcessStore(PARTS_BYTES)


def remembered(key: Hashable, make: Callable[[], T]) -> T:
    """What `make` returns, made once a generation in each process: for what is the same for all who may see it."""
    now = None if settings.PAGE_CACHE == "off" else generation.current()
    if now is None:
        return make()
    found: T | None = parts.get(now, key)
    if found is None:
        found = make()
        parts.set(now, key, found)
    return found


class SharedStore:
    """Pages in the cache server, for many small processes; nothing is kept while it does not answer.

    The few that are read most stay near, in a little memory of the process: asking costs more than Django itself does.
    """

    def __init__(self) -> None:
        self.near = ProcessStore(settings.PAGE_CACHE_NEAR_BYTES)

    def get(self, generation: str, key: Hashable) -> Any:
        """The page kept under this key in this generation."""
        entry = self.near.get(generation, key)
        if entry is None:
            with suppress(RedisError):
                entry = cache.get(f"page:{generation}:{key}")
            if entry is not None:
                self.near.set(generation, key, entry)
        return entry

    def set(self, generation: str, key: Hashable, entry: Any) -> None:
        """Keep a page for as long as settings say."""
        self.near.set(generation, key, entry)
        with suppress(RedisError):
            cache.set(f"page:{generation}:{key}", entry, settings.PAGE_CACHE_SECONDS)


def store_of(mode: str) -> "ProcessStore | SharedStore | None":
    """A store of the kind that PAGE_CACHE names."""
    stores = {"process": ProcessStore, "shared": SharedStore, "off": None}
    store = stores[mode]
    return store() if store else None


class AnonymousPageCacheMiddleware:
    """Answers anonymous readers from kept pages; first of all middleware, so that a hit costs next to nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.store = store_of(settings.PAGE_CACHE)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self.store is None or not is_anonymous_read(request):
            return self.get_response(request)
        now = generation.current()
        if now is None:
            return self.get_response(request)
        key = key_of(request)
        entry = self.store.get(now, key)
        if entry:
            return answer_of(*entry)
        response = self.get_response(request)
        if is_for_everyone(response):
            self.store.set(now, key, (response.content, kept_headers(response)))
        return response


def kept_headers(response: HttpResponse) -> ResponseHeaders:
    """The headers that belong to the page, not to one answer."""
    return ResponseHeaders({name: value for name, value in response.items() if name not in NOT_KEPT})


def answer_of(body: bytes, headers: ResponseHeaders) -> HttpResponse:
    """A kept page once more. All answers share the headers: setting them one by one would cost more than all the rest,
    and nothing that could change them stands before the middleware that keeps pages.
    """
    response = HttpResponse(body, content_type=headers["Content-Type"])
    response.headers = headers
    return response


def is_anonymous_read(request: HttpRequest) -> bool:
    """Whether the answer can be one that others got: no session, no messages, nothing asked for."""
    meta = request.META
    cookies = meta.get("HTTP_COOKIE", "")
    return (
        request.method == "GET"
        and not asks_for_more(request)
        and settings.SESSION_COOKIE_NAME not in cookies
        and "messages=" not in cookies
        and "HTTP_HX_REQUEST" not in meta
    )


def asks_for_more(request: HttpRequest) -> bool:
    """Whether the address names one of PARAMETERS; with any other, such as `utm_source`, it shares the kept page."""
    return bool(request.META.get("QUERY_STRING")) and not PARAMETERS.isdisjoint(request.GET)


def is_for_everyone(response: HttpResponse) -> bool:
    """Whether others may get this answer too."""
    return response.status_code == 200 and getattr(response, "is_cacheable", False) and not response.cookies


def key_of(request: HttpRequest) -> str:
    """What tells two kept pages apart: how it came, host, address, and whether it may be compressed."""
    meta = request.META
    packed = bool(re_accepts_gzip.search(meta.get("HTTP_ACCEPT_ENCODING", "")))
    return f"{packed}:{request.scheme}://{meta.get('HTTP_HOST')}{request.path}"
