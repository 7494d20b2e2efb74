"""Whether a session and the person signed in to it are still what a page was made of."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.cache import KEY_PREFIX
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

# Longer than any kept page: a word that is forgotten only makes pages anew.
WORD_SECONDS = 3600
T = TypeVar("T")


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


def is_made_of(proof: Proof, request: HttpRequest) -> bool:
    """Whether the page was made with the session of the proof; another tab may have changed desks in between."""
    return dict(request.session.items()) == proof.session


def remembered_for(user_id: int, name: str, make: Callable[[], T]) -> T:
    """What `make` gave for this person, until something of theirs changes that is watched; asks the cache server once.

    What nobody watches is seen PAGE_CACHE_SECONDS later at the latest.
    """
    word_at, place = word_key(user_id), f"{word_key(user_id)}:{name}"
    try:
        found = cache.get_many([word_at, place])
        word = found.get(word_at) or cache.get_or_set(word_at, lambda: uuid.uuid4().hex, WORD_SECONDS)
        kept = found.get(place)
        if kept is not None and kept[0] == word:
            return cast("T", kept[1])
        made = make()
        cache.set(place, (word, made), settings.PAGE_CACHE_SECONDS)
    except RedisError:
        return make()
    return made
