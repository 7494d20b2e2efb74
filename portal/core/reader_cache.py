"""Whole pages for signed-in readers, each kept for one session alone and only while all that it shows is as it was.

A view marks its response with `kept_for_reader`, which means: what a signed-in reader gets depends on the address, the
session, what the database holds of the person, and what `page_cache.expire()` tells of. A kept page is given again if

- the generation of kept pages is the same, looked up at most every half second (portal.core.page_cache);
- the session holds what it held, asked each time: signing out and choosing another desk are seen at once;
- the person's word is the same, asked together with the session: `watch` changes it when anything of the person is
  saved or deleted, be it by a service, the admin or allauth.

A page belongs to its session and CSRF cookie, as it holds a token that goes with both.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from http.cookies import SimpleCookie
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.cache import KEY_PREFIX
from django.core.cache import cache
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import ResponseHeaders
from django.middleware.gzip import re_accepts_gzip
from django.utils.cache import patch_cache_control
from redis.exceptions import RedisError

from portal.core import page_cache

# Longer than any kept page: a word that is forgotten only makes pages anew.
WORD_SECONDS = 3600


def kept_for_reader(response: HttpResponse) -> HttpResponse:
    """Mark a response for a signed-in reader that the same reader may get again."""
    patch_cache_control(response, private=True, no_cache=True)
    vars(response)["is_kept_for_reader"] = True
    return response


def expire_for(user_ids: Iterable[int]) -> None:
    """Forget the pages kept for these people once the running transaction is committed."""
    words = [word_key(pk) for pk in user_ids]
    if words:
        transaction.on_commit(partial(forget, words))


def forget(words: list[str]) -> None:
    """Forget words; if the cache server does not answer, begin a new generation as soon as it does."""
    try:
        cache.delete_many(words)
    except RedisError:
        page_cache.generation.is_missed = True


def watch(model: type[models.Model], whose: Callable[[Any], Iterable[int]]) -> None:
    """Forget the pages of the people of each row of a model that is saved or deleted; `whose` names their ids."""

    def changed(instance: models.Model, **kwargs: Any) -> None:
        expire_for(whose(instance))

    for signal in (models.signals.post_save, models.signals.pre_delete):
        signal.connect(changed, sender=model, weak=False)


def watch_links(through: type[models.Model], name: str) -> None:
    """Forget the pages of people who are linked to a row, or no longer, by the many-to-many field of this name."""

    def changed(instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **kwargs: Any) -> None:
        if reverse:
            expire_for([instance.pk])
        elif pk_set is not None:
            expire_for(pk_set)
        elif action == "pre_clear":
            expire_for(getattr(instance, name).values_list("pk", flat=True))

    models.signals.m2m_changed.connect(changed, sender=through, weak=False)


def word_key(user_id: object) -> str:
    """Where the person's word is kept."""
    return f"page-cache:person:{user_id}"


@dataclass(frozen=True, slots=True)
class Proof:
    """What a page was made of: the session, and the word of the person who is signed in to it."""

    person: str
    session: dict[str, Any]
    word: str | None


def proof_of(session_key: str) -> Proof | None:
    """What a page is made of from now on; None for a session that nobody is signed in to."""
    session = cache.get(KEY_PREFIX + session_key)
    person = session.get(SESSION_KEY) if session else None
    if person is None:
        return None
    return Proof(person, session, cache.get_or_set(word_key(person), lambda: uuid.uuid4().hex, WORD_SECONDS))


def holds(proof: Proof, session_key: str) -> bool:
    """Whether everything is as it was: one question to the cache server."""
    session, word = KEY_PREFIX + session_key, word_key(proof.person)
    found = cache.get_many([session, word])
    return proof.word is not None and found.get(word) == proof.word and found.get(session) == proof.session


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page as one reader got it."""

    body: bytes
    headers: ResponseHeaders
    cookies: SimpleCookie | None
    proof: Proof

    def __sizeof__(self) -> int:
        """Memory that it takes, about."""
        return len(self.body)

    def response(self) -> HttpResponse:
        """The page once more."""
        response = page_cache.answer_of(self.body, self.headers)
        if self.cookies:
            response.cookies = self.cookies
        return response


class ReaderPageCacheMiddleware:
    """Answers signed-in readers from pages kept for them; stands next to that for anonymous readers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.store = page_cache.store_of(settings.PAGE_CACHE)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session_key = request.COOKIES.get(settings.SESSION_COOKIE_NAME) if is_read(request) else None
        now = page_cache.generation.current() if self.store and session_key else None
        if self.store is None or session_key is None or now is None:
            return self.get_response(request)
        key = key_of(request, session_key)
        try:
            kept: KeptPage | None = self.store.get(now, key)
            if kept and holds(kept.proof, session_key):
                return kept.response()
            proof = proof_of(session_key)
        except RedisError:
            proof = None
        response = self.get_response(request)
        if proof and is_for_reader(response) and is_made_of(proof, request):
            self.store.set(now, key, kept_page(response, proof))
        return response


def is_made_of(proof: Proof, request: HttpRequest) -> bool:
    """Whether the page was made with the session of the proof; another tab may have changed desks in between."""
    return dict(request.session.items()) == proof.session


def kept_page(response: HttpResponse, proof: Proof) -> KeptPage:
    """What is kept of a response."""
    return KeptPage(response.content, page_cache.kept_headers(response), response.cookies or None, proof)


def is_read(request: HttpRequest) -> bool:
    """Whether the answer can be one that the reader got before."""
    meta = request.META
    cookies = meta.get("HTTP_COOKIE", "")
    return (
        request.method == "GET"
        and settings.SESSION_COOKIE_NAME in cookies
        and "messages=" not in cookies
        and not page_cache.asks_for_more(request)
        and "HTTP_HX_REQUEST" not in meta
    )


def is_for_reader(response: HttpResponse) -> bool:
    """Whether the reader may get this answer again: it was marked, and changed nothing of the session."""
    cookies = response.cookies.keys() - {settings.CSRF_COOKIE_NAME}
    return response.status_code == 200 and getattr(response, "is_kept_for_reader", False) and not cookies


def key_of(request: HttpRequest, session_key: str) -> str:
    """What tells two kept pages apart; a digest, as nothing that opens a session belongs among addresses."""
    meta = request.META
    packed = bool(re_accepts_gzip.search(meta.get("HTTP_ACCEPT_ENCODING", "")))
    token = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
    parts = (session_key, token, str(packed), request.scheme or "", meta.get("HTTP_HOST", ""), request.path)
    return "reader:" + hashlib.sha256("\n".join(parts).encode()).hexdigest()
