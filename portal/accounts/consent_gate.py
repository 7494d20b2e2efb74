"""Asks people who sign in to agree to what has a newer version than the one they agreed to.

Whether anything is outstanding is looked up at sign-in alone: a page costs nothing, and nobody is held up at work.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from portal.core.http import PortalRequest

SESSION_KEY = "consents_due"
PAGE = "consents"
# Reading, agreeing, leaving, and taking one's data along or having it erased; and what pages themselves need.
FREE = frozenset(
    {PAGE, "consent-text", "account_logout", "privacy", "archive-ask", "archive", "erasure", "erasure-withdraw"}
    | {"second-factor-set-up", "second-factor-step", "account_reauthenticate"}
    | {"brand-accent", "media", "manifest", "service-worker", "offline", "healthz", "readyz"}
)


class ConsentGate:
    """Leads to the new texts first, whatever page was asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: PortalRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """Answer instead of the view while texts wait; parts of pages and programs are let through."""
        match = request.resolver_match
        is_page = request.method == "GET" and not request.htmx and not request.path.startswith("/api/")
        if not is_page or match is None or match.view_name in FREE or not request.session.get(SESSION_KEY):
            return None
        return redirect(f"{reverse(PAGE)}?{urlencode({'next': request.get_full_path()})}")
