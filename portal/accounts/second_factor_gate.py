"""One gate for portal, admin and API: without its second factor a sign-in opens nothing.

Signing in by page asks for the code before anybody is signed in. The gate is for what is left: browsers that were
signed in when the second factor was turned on elsewhere, and people who must have one and have none.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from portal.accounts.services import second_factor
from portal.core.api import problem
from portal.core.http import PortalRequest

SET_UP, STEP = "second-factor-set-up", "second-factor-step"
# What these pages themselves need, and the way out.
FREE = frozenset(
    {SET_UP, STEP, "account_logout", "account_reauthenticate", "brand-accent", "healthz", "readyz", "media"}
    | {"manifest", "service-worker", "offline"}
)
ANSWERS = {
    SET_UP: ("second_factor_missing", _("Set up a second factor first: your role asks for one.")),
    STEP: ("second_factor_required", _("Give a code of your second factor first.")),
}


def lacking(request: PortalRequest) -> str | None:
    """The page that has to come first, by name; None when nothing is lacking."""
    user: Any = request.user
    if not user.is_authenticated:
        return None
    if user.second_factor_at:
        return None if user.is_verified() else STEP
    return SET_UP if second_factor.required_of(user, request.membership) else None


class SecondFactorGate:
    """Leads people to what is lacking, wherever they wanted to go; programs get 403 with a code."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: PortalRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """Answer instead of the view when something is lacking."""
        match = request.resolver_match
        page = None if match is None or match.view_name in FREE else lacking(request)
        if page is None:
            return None
        if request.path.startswith("/api/"):
            code, words = ANSWERS[page]
            return problem(status=HTTPStatus.FORBIDDEN, detail=words, code=code)
        if request.htmx:
            return HttpResponseClientRedirect(reverse(page))
        after = request.get_full_path() if request.method == "GET" else "/"
        return redirect(f"{reverse(page)}?{urlencode({'next': after})}")
