"""Lets forms lead on to Labs."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portal.projects.labs import oauth

PAGES = frozenset({"account_login", "customer-login", "labs-link"})


class FormsThatLeadToLabs:
    """Adds the place where people agree at Labs to where forms of a few pages may lead.

    Browsers hold redirects of a form to the policy of its page (CSP Level 3, 6.4.1, form-action). It stands outside of
    the middleware that does the same for products, and keeps what that has added.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        is_page = match is not None and match.view_name in PAGES and response.status_code == HTTPStatus.OK
        if is_page and oauth.is_configured():
            update = dict(vars(response).get("_csp_update") or {})
            update["form-action"] = [*update.get("form-action", []), origin()]
            vars(response)["_csp_update"] = update
        return response


def origin() -> str:
    """Where people agree at Labs."""
    parts = urlsplit(settings.LABS_AUTHORIZE_URL)
    return f"{parts.scheme}://{parts.netloc}"
