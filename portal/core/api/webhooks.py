"""What other systems report to us: one way in, whose proof is the signature of each request."""

from http import HTTPStatus
from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from portal.core.errors import DomainError


class TooLarge(DomainError):
    """No report is that long."""

    code = "too_large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class WebhookView(APIView):
    """Takes one report: 202 when it is new, 200 when it is known already. Its signature stands for authentication."""

    authentication_classes: list[type] = []
    permission_classes = [AllowAny]
    throttle_classes: list[type] = []
    parser_classes: list[type[BaseParser]] = []
    largest_body: ClassVar[int] = 256 * 1024

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Keep it; the worker acts on it."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > self.largest_body:
            raise TooLarge(_("This is longer than any report."))
        is_new = self.keep(request, request._request.body, **kwargs)
        return HttpResponse(status=HTTPStatus.ACCEPTED if is_new else HTTPStatus.OK)

    def keep(self, request: Request, body: bytes, **kwargs: Any) -> bool:
        """Check and keep it; whether it is new. What it raises becomes the answer."""
        raise NotImplementedError
