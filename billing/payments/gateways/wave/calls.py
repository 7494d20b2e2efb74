"""How Wave is called: one address, GraphQL, and three ways to hear no.

Wave answers 200 to nearly everything: `errors` for what it did not understand or may not tell, `didSucceed: false` with
`inputErrors` for what it did not do.
"""

from collections.abc import Iterator
from typing import Any

from django.conf import settings

from billing.payments.gateways.base import GatewayError
from billing.payments.gateways.http import call, read_object

# The request was not carried out; other codes (UNAUTHENTICATED, INTERNAL_SERVER_ERROR, …) say nothing of that.
NOT_DONE = frozenset(["GRAPHQL_VALIDATION_FAILED", "VARIABLE_VALUE", "NOT_FOUND"])
# Ours are among the newest, or were never there.
MOST_PAGES = 20


class Refused(Exception):
    """Wave did not do it; `code` is its word for why, `words` are for staff."""

    def __init__(self, code: str, words: str = "") -> None:
        super().__init__(f"{code} {words}".strip())
        self.code = code
        self.words = words


def read(query: str, /, **variables: Any) -> dict[str, Any]:
    """Ask; once more when the connection broke. Raises Refused, GatewayError."""
    return _ask(query, variables, is_idempotent=True)


def change(mutation: str, name: str, /, **fields: Any) -> dict[str, Any]:
    """Change something, once. Raises Refused, NotReached, GatewayError."""
    answer = _ask(mutation, {"input": fields}, is_idempotent=False)[name]
    if not answer["didSucceed"]:
        errors = answer.get("inputErrors") or [{}]
        words = "; ".join(f"{'.'.join(one.get('path') or [])}: {one.get('message')}" for one in errors)
        raise Refused(str(errors[0].get("code") or "refused"), words)
    return dict(answer)


def pages(query: str, field: str) -> Iterator[dict[str, Any]]:
    """The nodes of a list of our business, page after page as far as they are wanted. Raises Refused, GatewayError."""
    for page in range(1, MOST_PAGES + 1):
        found = read(query, business=settings.WAVE_BUSINESS_ID, page=page)["business"][field]
        yield from (edge["node"] for edge in found["edges"])
        if page >= found["pageInfo"]["totalPages"]:
            return


def _ask(query: str, variables: dict[str, Any], *, is_idempotent: bool) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {settings.WAVE_ACCESS_TOKEN}"}
    body = {"query": query, "variables": variables}
    answer = call("POST", settings.WAVE_API_URL, is_idempotent=is_idempotent, json=body, headers=headers)
    try:
        found = read_object(answer.content)
    except ValueError:
        raise GatewayError(f"Wave answered {answer.status_code} without JSON.") from None
    for error in found.get("errors") or []:
        code = str((error.get("extensions") or {}).get("code") or "")
        if code in NOT_DONE:
            raise Refused(code, str(error.get("message") or ""))
        raise GatewayError(f"Wave: {code or 'an error without a code'}.")
    if answer.status_code != 200 or not isinstance(found.get("data"), dict):
        raise GatewayError(f"Wave answered {answer.status_code} without data.")
    return dict(found["data"])
