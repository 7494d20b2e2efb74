"""A question to the database by whose answer one knows that a page is as it was.

It is kept as the statement that the database gets: putting a queryset together costs more than the answer does.
"""

import hashlib
from dataclasses import dataclass
from typing import Any, Self

import structlog
from django.core.exceptions import EmptyResultSet
from django.db import DatabaseError, connection
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

log = structlog.get_logger(__name__)
Answer = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, what the answer was, and for which address, cookies and day (`said`)."""

    statement: str
    answer: Answer
    said: str

    @classmethod
    def of(cls, statement: str, request: HttpRequest) -> Self:
        """Ask, before anything is read for the page."""
        return cls(statement, answer_to(statement), said_by(request))

    def holds(self, request: HttpRequest) -> bool:
        """Whether the same is asked for, and the answer is what it was; not where the database does not answer."""
        if self.said != said_by(request):
            return False
        try:
            return answer_to(self.statement) == self.answer
        except DatabaseError:
            log.warning("question_failed", exc_info=True)
            start_afresh()
            return False


def statement_of(rows: QuerySet[Any]) -> str:
    """A queryset as the database gets it, with all values in it; empty where it need not be asked."""
    try:
        statement, parameters = rows.query.sql_with_params()
    except EmptyResultSet:
        return ""
    operations: Any = connection.ops
    return str(operations.compose_sql(statement, parameters))


def answer_to(statement: str) -> Answer:
    """The rows, in no particular order of the database's."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return tuple(sorted(cursor.fetchall()))


def start_afresh() -> None:
    """Let go of a connection that broke off, so that what is read next has a new one."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


def said_by(request: HttpRequest) -> str:
    """Short for all that the address and the cookies say, and the day."""
    meta = request.META
    parts = (meta.get("QUERY_STRING", ""), meta.get("HTTP_COOKIE", ""), timezone.localdate().isoformat())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
