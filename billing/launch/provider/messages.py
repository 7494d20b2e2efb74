"""Requests and answers between Django and oauthlib."""

from typing import Any
from urllib.parse import urlencode

from allauth.idp.oidc.internal.oauthlib.utils import extract_headers, get_uri
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from oauthlib.common import add_params_to_uri
from oauthlib.oauth2.rfc6749.errors import OAuth2Error

Parameters = tuple[str, str, str, dict[str, Any]]


def parameters(request: HttpRequest) -> Parameters:
    """What was asked, with parameters that came twice, as they are refused (RFC 6749, 3.1 and 3.2)."""
    body = urlencode([(name, value) for name, values in request.POST.lists() for value in values])
    return get_uri(request), str(request.method), body, extract_headers(request)


def answer(headers: dict[str, str], body: Any, status: int) -> HttpResponse:
    """An answer to a product."""
    return _unkept(HttpResponse(body or "", status=status, headers=headers))


def problem(error: OAuth2Error) -> HttpResponse:
    """A refusal to a product (RFC 6749, 5.2; RFC 6750, 3)."""
    return _unkept(JsonResponse(dict(error.twotuples), status=error.status_code, headers=error.headers))


def back(address: str) -> HttpResponse:
    """Lead the browser back to the product, with the issuer, so that no answer is taken for another's (RFC 9207)."""
    location = add_params_to_uri(address, [("iss", settings.BASE_URL)])
    return _unkept(HttpResponse(status=302, headers={"Location": location}))


def leave(address: str, *, state: str) -> HttpResponse:
    """Lead the browser to where the product wants it after signing out (RP-Initiated Logout 1.0, 3)."""
    location = add_params_to_uri(address, [("state", state)]) if state else address
    return _unkept(HttpResponse(status=302, headers={"Location": location}))


def _unkept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"], response["Pragma"] = "no-store", "no-cache"
    return response
