"""Search results and suggestions against the query of the index that each of them asks, over the same questions.

Raw is the statement alone, RANK of services/ranking.py or SUGGEST of services/suggesting.py: the same parameters on the
same connection, all rows fetched, nothing made of them.
"""

import time
from collections.abc import Callable, Sequence
from random import Random
from statistics import median

from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpcenter.knowledge.models import Audience, HelpDocument
from helpcenter.knowledge.models.words import normalise
from helpcenter.knowledge.readers import ANONYMOUS
from helpcenter.knowledge.services import querying, ranking, searching, suggesting
from tests.bench.report import Report
from tests.bench.worlds import Worlds

QUESTIONS = 60
ROUNDS = 3
# Suggestions at the size before the largest and at the largest: ten times the articles may not take twice as long.
MOST_GROWTH = 2.0
SUGGESTED = 8
Work = Callable[[], object]


def measure(report: Report, worlds: Worlds) -> None:
    """Both at each size, and how suggestions grow from one size to the next."""
    slowest: dict[int, float] = {}
    for size in worlds.sizes:
        worlds.use(size)
        audiences = Audience.objects.readable_by(ANONYMOUS)
        titles = asked()
        search_at(report, f"{size},000 articles", [query for title in titles for query in searched(title)], audiences)
        typed = [query for title in titles for query in beginnings(title)]
        slowest[size] = suggest_at(report, f"{size},000 articles", typed, audiences)
    if {10, 100} <= slowest.keys():
        growth = slowest[100] / slowest[10]
        report.add("suggestions, p95 at 100,000 / p95 at 10,000", growth, most=MOST_GROWTH)


def asked() -> list[str]:
    """Titles that every size has, the same in each: what questions are made of."""
    documents = HelpDocument.objects.filter(path__startswith="/help/library/volume-001/", kind="article")
    titles = sorted(documents.filter(audience__rule="[]").values_list("title", flat=True))
    return Random(5).sample(titles, QUESTIONS)


def searched(title: str) -> tuple[str, ...]:
    """A title as readers search for it: two of its words, and all of it with a letter dropped."""
    words = title.split()
    longest = max(words, key=len)
    return " ".join(words[:2]), title.replace(longest, longest[:2] + longest[3:])


def beginnings(title: str) -> tuple[str, ...]:
    """A title as it is while it is typed."""
    first, second = title.split()[:2]
    return first[:2], first[:4], first, f"{first} {second[:3]}"


def search_at(report: Report, where: str, queries: Sequence[str], audiences: list[int]) -> None:
    """One page of results against ranking alone."""
    pairs: list[tuple[Work, Work]] = []
    for query in queries:
        parameters = {
            **ranking.parameters(querying.understand(query, audiences)),
            **ranking.scope(audiences, ranking.Filters()),
        }
        pairs.append((searching_for(query, audiences), statement(ranking.RANK, parameters)))
    whole, raw = compared(pairs)
    report.add(f"search, {where}: p50 / p95", median(whole) * 1000, f"/ {p95(whole) * 1000:.1f} ms")
    report.add(f"raw RANK of ranking.py, {where}: p50 / p95", median(raw) * 1000, f"/ {p95(raw) * 1000:.1f} ms")
    report.add(f"search / raw RANK, {where}", sum(whole) / sum(raw), most=3.0)


def suggest_at(report: Report, where: str, queries: Sequence[str], audiences: list[int]) -> float:
    """Suggestions against their statement alone; the p95 of suggestions."""
    pairs: list[tuple[Work, Work]] = []
    for query in queries:
        words = normalise(query).split()
        parameters = suggesting.parameters(words, audiences, SUGGESTED)
        pairs.append((suggesting_for(query, audiences), statement(suggesting.SUGGEST, parameters)))
    whole, raw = compared(pairs)
    report.add(f"suggestions, {where}: p50 / p95", median(whole) * 1000, f"/ {p95(whole) * 1000:.1f} ms")
    report.add(f"suggestions / raw SUGGEST of suggesting.py, {where}", sum(whole) / sum(raw), most=3.0)
    with CaptureQueriesContext(connection) as captured:
        pairs[0][0]()
    report.add(f"queries of suggestions, {where}", len(captured), most=1)
    return p95(whole)


def searching_for(query: str, audiences: list[int]) -> Work:
    """The first page of results."""
    return lambda: searching.search(query, audience_ids=audiences)


def suggesting_for(query: str, audiences: list[int]) -> Work:
    """What the list below the field shows."""
    return lambda: suggesting.suggest(query, audience_ids=audiences, limit=SUGGESTED)


def statement(sql: str, parameters: dict[str, object]) -> Work:
    """A statement and its rows."""

    def run() -> object:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall()

    return run


def compared(pairs: Sequence[tuple[Work, Work]]) -> tuple[list[float], list[float]]:
    """Seconds of both sides for each question, in turns; of several rounds the best, as other programs run as well."""
    best = [(float("inf"), float("inf")) for _ in pairs]
    for _ in range(ROUNDS):
        for number, (one, other) in enumerate(pairs):
            best[number] = (min(best[number][0], seconds(one)), min(best[number][1], seconds(other)))
    return [one for one, _ in best], [other for _, other in best]


def seconds(work: Work) -> float:
    """How long it takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def p95(values: Sequence[float]) -> float:
    """What 95 of a hundred stay below."""
    return sorted(values)[int(len(values) * 0.95)]
