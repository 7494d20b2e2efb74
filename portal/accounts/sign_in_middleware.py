"""Keeps what is known of where people are signed in up to date, and gives each browser a word to know it by."""

import hashlib
import secrets
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from portal.accounts.devices import label_of
from portal.accounts.models import User
from portal.accounts.services import sign_ins

SESSION_KEY = "sign_in"
COOKIE = "browser"
COOKIE_SECONDS = 365 * 24 * 3600
SEEN_EVERY_SECONDS = 900


class SignInMiddleware:
    """Notes every quarter of an hour when and from where each browser was here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        note(request)
        response = self.get_response(request)
        word = vars(request).get("new_browser")
        if word:
            secure = bool(settings.SESSION_COOKIE_SECURE)
            response.set_cookie(COOKIE, word, COOKIE_SECONDS, httponly=True, samesite="Lax", secure=secure)
        return response


def note(request: HttpRequest) -> None:
    """Note that the browser was here, when that was last done long ago or the session has another key now."""
    known: dict[str, Any] | None = request.session.get(SESSION_KEY)
    key = request.session.session_key
    if known is None or key is None:
        return
    now = timezone.now()
    if known["key"] == digest_of(key) and now.timestamp() - known["seen"] < SEEN_EVERY_SECONDS:
        return
    sign_ins.seen(public_id=known["id"], session_key=key, address=address_of(request), at=now)
    request.session[SESSION_KEY] = {**known, "key": digest_of(key), "seen": now.timestamp()}


def begin(request: HttpRequest, user: User) -> None:
    """Write down that somebody signed in with this browser."""
    word = request.COOKIES.get(COOKIE, "")
    if len(word) != 32:
        word = secrets.token_hex(16)
        vars(request)["new_browser"] = word
    if not request.session.session_key:
        request.session.save()
    key, now = str(request.session.session_key), timezone.now()
    made = sign_ins.begin(
        user=user,
        session_key=key,
        browser=digest_of(word),
        device=label_of(request.headers.get("User-Agent", "")),
        address=address_of(request),
        at=now,
    )
    request.session[SESSION_KEY] = {"id": str(made.public_id), "key": digest_of(key), "seen": now.timestamp()}


def address_of(request: HttpRequest) -> str | None:
    """The address that the request came from, through as many proxies as are ours."""
    try:
        address: str = get_adapter(request).get_client_ip(request)
    except PermissionDenied:
        return None
    return address


def digest_of(word: str) -> str:
    """What is kept of a word that opens something."""
    return hashlib.sha256(word.encode()).hexdigest()
