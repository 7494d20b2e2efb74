"""How OpenAPI describes what every app's API shares."""

from typing import Any

from rest_framework import serializers


class ProblemSerializer(serializers.Serializer[Any]):
    """RFC 9457: `type` names the rule that refused, `errors` are messages by field."""

    type = serializers.CharField(help_text="`urn:portal:problem:` and a word for programs, or `about:blank`")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="a sentence for people")
    errors: Any = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), required=False)


def refusals(*statuses: int) -> dict[tuple[int, str], type[ProblemSerializer]]:
    """The answers with these statuses, for `responses` of extend_schema."""
    return {(status, "application/problem+json"): ProblemSerializer for status in statuses}
