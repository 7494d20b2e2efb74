"""Middleware that concerns every app."""

import re
from collections.abc import Callable
from typing import cast

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django_structlog.middlewares import RequestMiddleware

from portal.core.errors import DomainError

# Addresses that end in a key: who has one sets a password, proves an address, or joins a company.
WITH_KEY = re.compile(
    r"^(/accounts/(?:password/reset/key|confirm-email)/|/customer/invitations/(?=[0-9a-f]{64}/)).+", re.DOTALL
)


class RequestLogMiddleware(RequestMiddleware):
    """Logs each request by its address without keys, and without what people ask for."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Method and path; everything after the question mark stays out."""
        path = WITH_KEY.sub(r"\1…", request.path)
        return f"{request.method} {path}"


class AdminContentSecurityPolicyMiddleware:
    """Loosens the policy for Wagtail's admin alone, whose date pickers and previews need inline script and style."""

    POLICY = {
        "script-src": [SELF, UNSAFE_INLINE],
        "style-src": [SELF, UNSAFE_INLINE],
        "frame-src": [SELF],
        # Pictures are shown while they are uploaded.
        "img-src": [SELF, "data:", "blob:"],
    }

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.get_admin_response = csp_replace(self.POLICY)(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_admin = request.path.startswith("/admin/")
        return cast("HttpResponse", self.get_admin_response(request)) if is_admin else self.get_response(request)


class TextPathMiddleware:
    """Answers 404 to addresses with a NUL, which no text of the database can hold: to ask for one would be a fault."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path:
            raise Http404("There is no such address.")
        return self.get_response(request)


class DomainErrorMiddleware:
    """Shows a refusal that no form took up as a page with the error's own status: a button pressed too late, say."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for a DomainError; leave every other exception to Django."""
        if not isinstance(exception, DomainError):
            return None
        back = request.headers.get("Referer", "")
        if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
            back = "/"
        context = {"error": exception, "back": back}
        return render(request, "core/refused.html", context, status=exception.status)
