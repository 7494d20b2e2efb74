"""Moments in the API: RFC 3339 in UTC when written; any offset when read."""

from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django_filters import IsoDateTimeFilter
from django_filters.fields import IsoDateTimeField
from rest_framework.renderers import JSONRenderer
from rest_framework.utils.encoders import JSONEncoder


class UtcEncoder(JSONEncoder):
    """Writes every moment in UTC, with Z."""

    def default(self, obj: Any) -> Any:
        """Answer what JSON has for the object."""
        return super().default(obj.astimezone(UTC) if isinstance(obj, datetime) else obj)


class PortalJSONRenderer(JSONRenderer):
    """JSON; serializers leave moments to it (`DATETIME_FORMAT` is None)."""

    encoder_class = UtcEncoder


class MomentField(IsoDateTimeField):
    """A moment as the database takes it: PostgreSQL knows no offset of 16 hours or more, UTC fits always."""

    def to_python(self, value: Any) -> datetime | None:
        """Read it. Raises ValidationError for what is no moment of the calendar."""
        moment: datetime | None = super().to_python(value)
        try:
            return moment.astimezone(UTC) if moment else None
        except OverflowError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class MomentFilter(IsoDateTimeFilter):
    """Narrows a list by a moment."""

    field_class = MomentField
