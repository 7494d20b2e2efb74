"""Requests and answers of Stripe, held against its OpenAPI description (version 2020-08-27 of the API)."""

import re
from functools import cache
from typing import Any

import jsonschema

from tests.billing.payments.gateways import data
from tests.billing.payments.gateways.servers import Asked

FORM = "application/x-www-form-urlencoded"


class NoOperation(Exception):
    """The description knows no such address."""


@cache
def description() -> Any:
    return _with_nulls(data.read("stripe", "openapi", "spec3.2022-04-12.json.gz"))


def operation(method: str, path: str) -> tuple[str, dict[str, Any]]:
    """The operation that the description knows by this address. Raises NoOperation."""
    for template, methods in sorted(description()["paths"].items(), key=lambda one: one[0].count("{")):
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path) and method.lower() in methods:
            return template, methods[method.lower()]
    raise NoOperation(f"Stripe has no {method} {path}")


def params_of(asked: Asked) -> dict[str, Any]:
    """What was sent, as nested data with the types of the description. Raises ValidationError for what it refuses."""
    _, found = operation(asked.method, asked.path)
    if asked.method == "GET":
        known = {one["name"]: one["schema"] for one in found["parameters"] if one["in"] == "query"}
        schema: Any = {"type": "object", "properties": known, "additionalProperties": False}
        pairs = asked.query
    else:
        schema = found["requestBody"]["content"][FORM]["schema"]
        pairs = asked.form
    sent = _typed(_nested(pairs), schema)
    _validate(sent, schema)
    assert isinstance(sent, dict)
    return sent


def check_answer(name: str, answer: dict[str, Any]) -> None:
    """Raises ValidationError when an object does not look like Stripe's."""
    _validate(answer, {"$ref": f"#/components/schemas/{name}"})


def _validate(value: Any, schema: Any) -> None:
    whole = {**schema, "components": description()["components"]}
    jsonschema.Draft4Validator(whole).validate(value)


def _nested(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """`a[b][0]=c` as {"a": {"b": ["c"]}}."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        steps = [step for step in re.split(r"[\[\]]+", name) if step]
        place = found
        for step in steps[:-1]:
            place = place.setdefault(step, {})
        place[steps[-1]] = value
    return {name: _lists(value) for name, value in found.items()}


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(name.isdigit() for name in value):
        return [_lists(value[name]) for name in sorted(value, key=int)]
    return {name: _lists(one) for name, one in value.items()}


def _typed(value: Any, schema: Any) -> Any:
    """A form has texts alone: numbers and truths are read where the schema wants them."""
    options = schema.get("anyOf", [schema])
    kinds = {option.get("type") for option in options}
    if isinstance(value, dict):
        known = next((option["properties"] for option in options if "properties" in option), {})
        return {name: _typed(one, known.get(name, {})) for name, one in value.items()}
    if isinstance(value, list):
        items = next((option["items"] for option in options if "items" in option), {})
        return [_typed(one, items) for one in value]
    if "integer" in kinds and re.fullmatch(r"-?\d+", value):
        return int(value)
    if "boolean" in kinds and value in ("true", "false"):
        return value == "true"
    return value


def _with_nulls(value: Any) -> Any:
    """OpenAPI 3.0 says `nullable`, JSON Schema one more type."""
    if isinstance(value, list):
        return [_with_nulls(one) for one in value]
    if not isinstance(value, dict):
        return value
    found = {name: _with_nulls(one) for name, one in value.items()}
    if found.pop("nullable", False) is True:
        return {"anyOf": [found, {"enum": [None]}]}
    return found
