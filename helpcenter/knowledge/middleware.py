"""Middleware of the help center: pages change in one transaction, and old addresses lead only where one may go."""

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlsplit

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from wagtail.contrib.redirects.middleware import RedirectMiddleware

from helpcenter.knowledge.models import HelpDocument
from helpcenter.knowledge.readers import reader_of
from portal.core.http import PortalRequest

PAGE_CHANGES = "/admin/pages/"


class PageChangeMiddleware:
    """Runs what editors do to pages in one transaction: Wagtail moves and withdraws before it tells what follows."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Call the view in a transaction; every other middleware has had its say, as this one stands last."""
        if request.method != "POST" or not request.path.startswith(PAGE_CHANGES):
            return None
        with transaction.atomic():
            return view(request, *args, **kwargs)


class ReadableRedirectMiddleware(RedirectMiddleware):
    """Wagtail's redirects, but none to a help page that the reader may not know of."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Answer with the redirect, or leave the response as it was."""
        answer: HttpResponse = super().process_response(request, response)
        if answer is response:
            return response
        documents = HelpDocument.objects.filter(path=urlsplit(answer["Location"]).path)
        hidden = documents.exists() and not documents.readable_by(reader_of(cast("PortalRequest", request))).exists()
        return response if hidden else answer
