"""Where the mail provider reports to."""

from http import HTTPStatus

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from portal.core.errors import DomainError
from portal.notifications.services import mail_events

LARGEST_BODY = 256 * 1024


class TooLarge(DomainError):
    """No report is that long."""

    code = "too_large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class MailerSendView(APIView):
    """Takes one report: 202 when it is new, 200 when it is kept already. Its signature stands for authentication."""

    authentication_classes: list[type] = []
    permission_classes = [AllowAny]
    throttle_classes: list[type] = []
    parser_classes: list[type[BaseParser]] = []

    def post(self, request: Request) -> HttpResponse:
        """Keep it; the worker acts on it."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
            raise TooLarge(_("This is longer than any report."))
        kept = mail_events.receive(
            body=request._request.body, signature=request.headers.get("Signature", ""), at=timezone.now()
        )
        return HttpResponse(status=HTTPStatus.ACCEPTED if kept else HTTPStatus.OK)
