"""Whether anything changed that a dashboard shows: a mark that costs one query, in place of all figures."""

import hashlib
import uuid
from typing import Any

import structlog
from django.db.models import QuerySet, Value
from django.utils import timezone

from portal.core.page_cache import remembered
from portal.core.questions import Answer, Question, answer_to, start_afresh, statement_of
from portal.core.statistics import Scope
from portal.core.widgets import marks

log = structlog.get_logger(__name__)
# What no mark tells of is read anew all the same, and words of time do not grow old: "5 minutes ago".
LONGEST_SECONDS = 300


def etag_of(scope: Scope, *shown: object) -> str:
    """The same as long as nothing changed of what a dashboard shows for this scope; never twice where nobody knows.

    `shown` is what the dashboard is made of besides: its layout, the days.
    """
    try:
        found = read(scope)
    except Exception:
        # Without it the figures are read, each of which may fail alone.
        log.exception("marks_failed")
        start_afresh()
        found = (("", uuid.uuid4().hex),)
    slot = int(timezone.now().timestamp()) // LONGEST_SECONDS
    parts = (*found, *scope.viewer, scope.period, slot, *shown)
    return f'W/"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def read(scope: Scope) -> Answer:
    """What all marks tell, in one query."""
    statement = statement_for(scope)
    return answer_to(statement) if statement else ()


def question_of(scope: Scope) -> Question | None:
    """The marks as the question whether a page is as it was; None where they do not tell of all that it shows.

    At a company's desk they do: what happens there is an event of the company's. Other desks are told of things that
    others do elsewhere.
    """
    if scope.request.company is None:
        return None
    try:
        statement = statement_for(scope)
        return Question.of(statement, scope.request) if statement else None
    except Exception:
        # Without it the page is made anew each time.
        log.exception("marks_failed")
        start_afresh()
        return None


def statement_for(scope: Scope) -> str:
    """All marks in one statement, put together once a generation of kept pages for who looks where."""
    return remembered(("marks", scope.viewer, scope.period), lambda: _together(scope))


def _together(scope: Scope) -> str:
    rows: list[QuerySet[Any]] = []
    for key in marks:
        found = marks.get(key)(scope)
        if found is not None:
            rows.append(found.annotate(of=Value(key)).values_list("of", "mark"))
    return statement_of(rows[0].union(*rows[1:], all=True)) if rows else ""
