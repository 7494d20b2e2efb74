"""What the description of the API says of every operation: that it may be refused, and in which shape."""

from typing import Any

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "Why a request was refused (RFC 9457).",
    "properties": {
        "type": {"type": "string", "description": "urn:portal:problem: and a word that stays, or about:blank."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
    },
    "required": ["type", "title", "status", "detail"],
}
WORDS = {
    400: "Something in the request is not valid: see `errors`, by name of the field.",
    401: "Not signed in, or the token is not valid any more.",
    403: "The person may not do this, or lacks the second factor that the role asks for.",
    404: "There is nothing of that kind for this person at this company.",
    409: "The record has moved on, or is in use.",
    413: "The request is too long.",
    415: "Requests are written in JSON.",
    422: "A rule of the product says no: see `type` and `detail`.",
    429: "Too many requests: `Retry-After` says in how many seconds to try again.",
}
CHANGING = frozenset({"post", "put", "patch", "delete"})


def with_problems(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Give each operation the refusals that it can answer with (a postprocessing hook of drf-spectacular)."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    for operations in result["paths"].values():
        for method, operation in operations.items():
            for status in statuses_of(method, operation):
                operation["responses"].setdefault(str(status), refused(status))
    return result


def statuses_of(method: str, operation: dict[str, Any]) -> list[int]:
    """The statuses with which this operation may refuse; what it says itself is added to them.

    Whatever is signed may be signed by a person who is not let in, or name a company that is none of theirs.
    """
    places = {parameter["in"] for parameter in operation.get("parameters", ())}
    rules = [
        ("requestBody" in operation, {400, 415}),
        ("query" in places, {400}),
        ("path" in places, {404}),
        (any(operation.get("security", ())), {401, 403, 404}),
        (method in CHANGING, {409, 422}),
    ]
    return sorted({429}.union(*(statuses for holds, statuses in rules if holds)))


def refused(status: int) -> dict[str, Any]:
    """One refusal as OpenAPI describes it."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": WORDS[status], "content": content}
