"""Amounts of money in answers of the API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.core.money import as_json


class AmountSerializer(serializers.Serializer[Any]):
    """An amount of money."""

    amount = serializers.CharField()
    currency = serializers.CharField()


@extend_schema_field(AmountSerializer)
class MoneyField(serializers.Field[Any, Any, Any, Any]):
    """{"amount": "1234.50", "currency": "KES"}."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, **options)

    def to_representation(self, value: Any) -> dict[str, str]:
        """Write an amount."""
        return as_json(value)
