"""How often one address may ask for what costs much and keeps nobody out by itself."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from ipaddress import ip_address, ip_network
from time import time
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from redis.exceptions import RedisError

View = Callable[..., HttpResponse]
MINUTE = 60


def limited_for_anonymous(name: str) -> Callable[[View], View]:
    """Answer 429 where nobody is signed in and the address that the proxy saw asked too often this minute.

    ANONYMOUS_A_MINUTE says how often is meant by each name.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            most = None if request.user.is_authenticated else settings.ANONYMOUS_A_MINUTE.get(name)
            return _answer(view, request, name, most, args, kwargs)

        return limited

    return decorate


def limited_for_everybody(name: str, *methods: str) -> Callable[[View], View]:
    """Answer 429 where the address that the proxy saw asked too often this minute, whoever is signed in there.

    EVERYBODY_A_MINUTE says how often is meant by each name. Requests of other `methods` than these do not count.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            most = settings.EVERYBODY_A_MINUTE.get(name) if request.method in methods else None
            return _answer(view, request, name, most, args, kwargs)

        return limited

    return decorate


def _answer(view: View, request: HttpRequest, name: str, most: int | None, args: Any, kwargs: Any) -> HttpResponse:
    if most is None or asked(request, name) <= most:
        return view(request, *args, **kwargs)
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(MINUTE - int(time() % MINUTE))
    return response


def asked(request: HttpRequest, name: str) -> int:
    """How often the address has asked in this minute, this time included; 0 while the cache server does not answer."""
    return counted(f"limit:{name}:{int(time() // MINUTE)}:{place_of(get_adapter().get_client_ip(request))}", MINUTE)


def counted(key: str, seconds: int) -> int:
    """Count up what is kept for so long, exactly; 0 while the cache server does not answer."""
    try:
        cache.add(key, 0, seconds)
        return int(cache.incr(key))
    except (RedisError, ValueError):
        # Between two minutes the count may just have been forgotten.
        return 0


def place_of(address: str) -> str:
    """What is counted together: of IPv6 the network of 64 bits, within which one customer has any address at will."""
    found = ip_address(address)
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else address


@contextmanager
def place_at(request: HttpRequest, name: str, *, most: int, seconds: int) -> Iterator[bool]:
    """Hold one of `most` places for what costs much, wherever the portal runs; whether there was one.

    An address holds one at a time, so that it does not take all. What dies holds its own for `seconds` at the most.
    """
    address = place_of(get_adapter().get_client_ip(request))
    own = _held([f"place:{name}:of:{address}"], seconds)
    shared = _held([f"place:{name}:{number}" for number in range(most)], seconds) if own is not None else None
    try:
        yield shared is not None
    finally:
        _leave([key for key in (own, shared) if key])


def _held(keys: list[str], seconds: int) -> str | None:
    """The first of these that nobody held; "" while the cache server does not answer, which keeps nobody out."""
    try:
        return next((key for key in keys if cache.add(key, True, seconds)), None)
    except RedisError:
        return ""


def _leave(keys: list[str]) -> None:
    with suppress(RedisError):
        cache.delete_many(keys)
