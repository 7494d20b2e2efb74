"""What the portal refuses, and why, in words for the person who asked.

Subclasses stand beside the function that raises them. `portal.core.forms` turns them into form errors,
`portal.core.api` into problem+json, `portal.core.middleware` into a page; nobody else needs to catch them.
"""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import ClassVar


class DomainError(Exception):
    """A rule of the product says no.

    `message` is a sentence for the reader, `code` a stable word for programs, `field` the input it is about; `headers`
    go with the API's answer.
    """

    code: str = "refused"
    headers: Mapping[str, str] = MappingProxyType({})
    status: ClassVar[int] = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, message: str, code: str = "", *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.field = field


class Conflict(DomainError):
    """The request is sound, but the record has moved on or is in use."""

    code = "conflict"
    status = HTTPStatus.CONFLICT


class InvalidTransition(Conflict):
    """The record's state does not allow this; `possible` names the transitions that it does allow."""

    code = "invalid_transition"

    def __init__(self, message: str, *, possible: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.possible = possible
