"""Whole pages for signed-in readers, each kept for one session alone and only while all that it shows is as it was.

A view marks its response with `kept_for_reader`, which means: what a signed-in reader gets depends on the address, the
session, what the database holds of the person, and what `page_cache.expire()` tells of. A kept page is given again if

- the generation of kept pages is the same, looked up at most every half second (portal.core.page_cache);
- the session holds what it held, asked each time: signing out and choosing another desk are seen at once;
- the person's word is the same, asked together with the session: `watch` changes it when anything of the person is
  saved or deleted, be it by a service, the admin or allauth.

What the database tells of more than the person, such as figures of a company, a view marks with `kept_while`: the page
is given again only for the same address with all that follows the question mark, and while a question to the database
is answered as it was before the page was made (portal.core.questions).

A page belongs to its session and CSRF cookie, as it holds a token that goes with both.

A page that a session opens for the first time is put together, if another got it already to whom the same is open: from
the pieces of that page, and from what this session was shown as its own on a page before (portal.core.shared_pages).
The rules for giving a page again hold for both. `{% personal %}` marks what is a reader's own.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import re_accepts_gzip
from django.utils.cache import patch_cache_control
from redis.exceptions import RedisError

from portal.core import page_cache
from portal.core.compression import piece_of
from portal.core.questions import Question
from portal.core.session_proof import Proof, holds, is_made_of, proof_of, word_key
from portal.core.shared_pages import KeptPage, SharedPage, Sharing, Visit, parts_of, shared_page

NOT_SHARED = Sharing(readers=None)


def kept_for_reader(response: HttpResponse, sharing: Sharing = NOT_SHARED) -> HttpResponse:
    """Mark a response for a signed-in reader that the same reader may get again, and others but for personal parts."""
    patch_cache_control(response, private=True, no_cache=True)
    vars(response)["kept_for_reader"] = Marked(sharing, response.content)
    return response


def kept_while(response: HttpResponse, question: Question) -> HttpResponse:
    """Mark a response that the same reader may get again while the question is answered as it was."""
    vars(response)["kept_for_reader"] = Marked(NOT_SHARED, response.content, question)
    return response


@dataclass(frozen=True, slots=True)
class Marked:
    """What a view said of its response, and the body as it left the view."""

    sharing: Sharing
    body: bytes
    question: Question | None = None


def expire_for(user_ids: Iterable[int]) -> None:
    """Forget the pages kept for these people once the running transaction is committed."""
    words = [word_key(pk) for pk in user_ids]
    if words:
        transaction.on_commit(partial(forget, words))


def forget_for(user_ids: Iterable[int]) -> None:
    """Forget the pages kept for these people now."""
    forget([word_key(pk) for pk in user_ids])


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
        shelf = Shelf(self.store, now, request, session_key)
        try:
            kept = shelf.page() or shelf.page_put_together()
            if kept:
                return kept.response()
            proof = proof_of(session_key)
        except RedisError:
            proof = None
        response = self.get_response(request)
        if proof and is_for_reader(response) and is_made_of(proof, request):
            shelf.keep(response, proof)
        return response


class Shelf:
    """What is kept in a generation for one session that asks for one address."""

    def __init__(self, store: Any, generation: str, request: HttpRequest, session_key: str) -> None:
        self.store, self.generation, self.request, self.session_key = store, generation, request, session_key
        self.key = key_of(request, session_key, request.path)

    def get(self, key: str) -> Any:
        """What stands under a key."""
        return self.store.get(self.generation, key)

    def set(self, key: str, entry: Any) -> None:
        """Put something under a key."""
        self.store.set(self.generation, key, entry)

    def page(self) -> KeptPage | None:
        """The page as this session got it, while that still holds."""
        kept: KeptPage | None = self.get(self.key)
        return kept if kept and kept.holds(self.request, self.session_key) else None

    def visit(self) -> Visit | None:
        """What this session was shown as its own, on any page, whether it still holds or not."""
        found: Visit | None = self.get(self.visit_key)
        return found

    @property
    def visit_key(self) -> str:
        """Where that is kept."""
        return key_of(self.request, self.session_key, "")

    def shared_key(self, readers: str) -> str:
        """Where the page stands that these readers share."""
        return f"shared:{readers}:{page_cache.key_of(self.request)}"

    def page_put_together(self) -> KeptPage | None:
        """The page that others got, with the parts of this session, if it gets the same; kept from now on."""
        visit = self.visit()
        shared: SharedPage | None = self.get(self.shared_key(visit.readers)) if visit else None
        if not (visit and shared and visit.gets(shared) and holds(visit.proof, self.session_key)):
            return None
        page = visit.page(shared)
        self.set(self.key, page)
        return page

    def keep(self, response: HttpResponse, proof: Proof) -> None:
        """Keep the page for this session, and what it tells of other sessions' pages and of this session's others."""
        cookies = response.cookies or None
        marked, parts = marked_of(response), parts_of(self.request)
        headers, question = page_cache.kept_headers(response), marked.question if marked else None
        self.set(self.key, KeptPage(response.content, headers, cookies, proof, question))
        if marked is None or marked.sharing.readers is None:
            return
        readers, subject, apart = marked.sharing.digest, marked.sharing.subject, marked.sharing.apart
        if apart is not None:
            self.keep_visit(Visit(readers, apart, {name: piece_of(text) for name, text in parts}, cookies, proof))
        if subject is None or (apart is not None and subject not in apart):
            shared = shared_page(response, body=marked.body, parts=parts, subject=subject)
            if shared:
                self.set(self.shared_key(readers), shared)

    def keep_visit(self, visit: Visit) -> None:
        """Keep what this session was shown as its own, with what it was shown before where that still holds."""
        before = self.visit()
        if before and before.proof == visit.proof:
            visit = replace(visit, parts={**before.parts, **visit.parts})
        self.set(self.visit_key, visit)


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
    return response.status_code == 200 and marked_of(response) is not None and not cookies


def marked_of(response: HttpResponse) -> Marked | None:
    """What the view said of its response."""
    marked: Marked | None = getattr(response, "kept_for_reader", None)
    return marked


def key_of(request: HttpRequest, session_key: str, path: str) -> str:
    """What tells two kept pages apart; a digest, as nothing that opens a session belongs among addresses."""
    meta = request.META
    packed = bool(re_accepts_gzip.search(meta.get("HTTP_ACCEPT_ENCODING", "")))
    token = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
    parts = (session_key, token, str(packed), request.scheme or "", meta.get("HTTP_HOST", ""), path)
    return "reader:" + hashlib.sha256("\n".join(parts).encode()).hexdigest()
