"""Where products report use, a thousand events at a time."""

from http import HTTPStatus
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from billing.catalog.product_api import ProductView, ReceiptSerializer, product_of
from billing.usage.services import checking, recording
from portal.core.api.described import refusals
from portal.core.errors import DomainError

# A thousand events whose names are all as long as they may be.
LARGEST_BODY = 2**20
ONLY_PERSON = "The member by the `sub` of the ID token; left out or null where nobody in particular did it."
WHEN = f"By RFC 3339, with an offset: up to {checking.LATE.days} days ago, up to 10 minutes ahead."


class TooLarge(DomainError):
    """No batch is that long."""

    code = "too_large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class BatchParser(JSONParser):
    """JSON of a size that a batch may have."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """Read it. Raises TooLarge; ParseError for what is no JSON."""
        request = (parser_context or {})["request"]
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
            raise TooLarge(_("A batch has at most {most:,} bytes.").format(most=LARGEST_BODY))
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError(_("The body is no list of events.")) from None


class EventSerializer(serializers.Serializer[Any]):
    """One thing that the product counted, for the description; batches are read by `services.checking`."""

    id = serializers.CharField(
        max_length=checking.LONGEST_ID, help_text="Yours, and counted once: of two events with it the first stands."
    )
    company = serializers.CharField(max_length=checking.LONGEST_NAME, help_text="Its id, or its slug.")
    product = serializers.SlugField(required=False, help_text="Your own slug, as the credentials say it already.")
    member = serializers.CharField(required=False, allow_null=True, help_text=ONLY_PERSON)
    metric = serializers.SlugField(help_text="One that the product reports.")
    value = serializers.IntegerField(
        default=1, min_value=0, max_value=checking.MOST, help_text="In whole units; durations in milliseconds."
    )
    occurred_at = serializers.DateTimeField(help_text=WHEN)


class Events(ProductView):
    """Events of use."""

    parser_classes = [BatchParser]

    @extend_schema(
        request=EventSerializer(many=True),
        responses={HTTPStatus.ACCEPTED: ReceiptSerializer, **refusals(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)},
        summary="Report use",
    )
    def post(self, request: Request) -> Response:
        """Count 1 to 1,000 events, once each by their id; those that are wrong are named, and keep no other from it.

        The answer comes once they are safe: a batch without an answer may be sent again.
        """
        events = request.data
        if not isinstance(events, list) or not events:
            raise ValidationError(_("Send a list of 1 to 1,000 events."))
        receipt = recording.record(product=product_of(request), events=events, at=timezone.now())
        return Response(ReceiptSerializer(receipt).data, status=HTTPStatus.ACCEPTED)
