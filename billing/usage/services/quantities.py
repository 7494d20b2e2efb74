"""How much was used between two days, from the daily figures: many questions in one statement."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from psycopg import sql

from billing.catalog.models import Metric

ADDED_UP = (Metric.Kind.COUNT.value, Metric.Kind.FEATURE.value)


@dataclass(frozen=True, slots=True)
class Question:
    """How much of a metric a company used of products, by their keys, from `starts_on` up to, not with, `ends_on`."""

    company_id: int
    product_ids: Collection[int]
    metric_id: int
    starts_on: date
    ends_on: date


Answer = tuple[int, str, Any, Any]
# A row for each question and product of it that reports the metric, joined to its days.
ASKED = sql.SQL("""
    SELECT question.*, metric.kind
    FROM unnest(%s::int[], %s::bigint[], %s::bigint[], %s::bigint[], %s::date[], %s::date[])
        AS question (number, company_id, product_id, metric_id, starts_on, ends_on)
    JOIN catalog_metric AS metric ON metric.id = question.metric_id
    JOIN catalog_product_metrics AS reported
        ON (reported.product_id, reported.metric_id) = (question.product_id, question.metric_id)
""")
# Of a level, the last value that a product reported within the days.
SUMS = sql.SQL("""
SELECT asked.number, asked.kind, added.total, level.last FROM ({asked}) AS asked
LEFT JOIN LATERAL (
    SELECT sum(daily.total) AS total FROM usage_dailytotal AS daily
    WHERE (daily.company_id, daily.product_id, daily.metric_id) = (asked.company_id, asked.product_id, asked.metric_id)
    AND daily.used_on >= asked.starts_on AND daily.used_on < asked.ends_on
) AS added ON asked.kind <> 'level'
LEFT JOIN LATERAL (
    SELECT daily.last FROM usage_dailytotal AS daily
    WHERE (daily.company_id, daily.product_id, daily.metric_id) = (asked.company_id, asked.product_id, asked.metric_id)
    AND daily.used_on >= asked.starts_on AND daily.used_on < asked.ends_on
    ORDER BY daily.used_on DESC LIMIT 1
) AS level ON asked.kind = 'level'
""").format(asked=ASKED)
DAYS = sql.SQL("""
SELECT asked.number, asked.kind, daily.used_on, sum(daily.total) FROM ({asked}) AS asked
LEFT JOIN usage_dailytotal AS daily
    ON (daily.company_id, daily.product_id, daily.metric_id) = (asked.company_id, asked.product_id, asked.metric_id)
    AND daily.used_on >= asked.starts_on AND daily.used_on < asked.ends_on
GROUP BY asked.number, asked.kind, daily.used_on ORDER BY daily.used_on
""").format(asked=ASKED)


def sums(questions: Sequence[Question]) -> list[int | None]:
    """The answers in their order: of counts the sum, of levels the last value, one product's with the other's.

    None where none of the products reports the metric, where no level was reported, and of durations.
    """
    answers: list[int | None] = [None] * len(questions)
    for number, kind, total, last in _rows(SUMS, questions):
        value = last if kind == Metric.Kind.LEVEL else int(total or 0) if kind in ADDED_UP else None
        if value is not None:
            answers[number] = (answers[number] or 0) + value
    return answers


def by_day(questions: Sequence[Question]) -> list[Mapping[date, int] | None]:
    """The same day by day, of what adds up, without the days on which nothing was used; None of everything else."""
    found: dict[int, dict[date, int]] = defaultdict(dict)
    for number, kind, day, total in _rows(DAYS, questions):
        if kind in ADDED_UP:
            found[number] |= {day: int(total)} if day else {}
    return [found.get(number) for number in range(len(questions))]


def _rows(statement: sql.Composed, questions: Sequence[Question]) -> list[Answer]:
    flat = [
        (number, one.company_id, product, one.metric_id, one.starts_on, one.ends_on)
        for number, one in enumerate(questions)
        for product in one.product_ids
    ]
    if not flat:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(column) for column in zip(*flat, strict=True)])
        found: list[Answer] = cursor.fetchall()
        return found
