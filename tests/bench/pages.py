"""Queries and compressed bytes of each kind of page at each size; what a page costs may not depend on the size."""

import gzip
from collections.abc import Iterable

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpcenter.knowledge.models import HelpDocument
from portal.core import page_cache
from tests.bench.http import READER, browser_of
from tests.bench.report import Report
from tests.bench.worlds import Worlds

HELP_QUERIES, DASHBOARD_QUERIES = 12, 15
DASHBOARD = "/customer/dashboard/"
# A list that is full weighs more than one that is not: the largest may weigh this much more than the page before.
MOST_GROWTH = 1.25
# Help pages are counted with nothing kept: what it costs to make them. Dashboards are never kept.
UNKEPT, AS_SERVED = "off", "process"
# Full from sixty topics on, which the sizes before the last do not have.
NOT_FULL = "topic of topics"


def measure(report: Report, worlds: Worlds) -> None:
    """Every kind of page, as a signed-in customer gets it, and how the heaviest differ from size to size."""
    weights: dict[str, list[int]] = {}
    for size in worlds.sizes:
        worlds.use(size)
        cache.clear()
        page_cache.generation.look_at = 0
        client = browser_of(READER)
        for name, address in addresses():
            settings.PAGE_CACHE = AS_SERVED if address == DASHBOARD else UNKEPT
            client.get(address)
            count, weight = cost(client, address)
            most = DASHBOARD_QUERIES if address == DASHBOARD else HELP_QUERIES
            report.add(f"{name}, {size},000 articles: queries", count, f"{weight:,} B", most=most)
            weights.setdefault(name, []).append(weight)
    for name, (*_, before, last) in weights.items() if len(worlds.sizes) > 1 else ():
        sizes = f"{worlds.sizes[-1]},000 / {worlds.sizes[-2]},000 articles"
        most = None if name == NOT_FULL else MOST_GROWTH
        report.add(f"{name}: bytes at {sizes}", last / before, most=most)


def addresses() -> Iterable[tuple[str, str]]:
    """A name and an address for each kind of page; of the kinds that grow also the largest there is."""
    yield "front of the help center", "/help/"
    kinds = HelpDocument.objects.filter(audience__rule="[]").order_by("pk")
    for kind in ("article", "tutorial", "faq", "troubleshooting"):
        yield kind, kinds.filter(kind=kind).values_list("path", flat=True)[0]
    yield NOT_FULL, "/help/library/"
    yield "topic of 400 articles", largest_topic()
    yield "search, one word", "/help/search/?q=invoice"
    yield "search, narrowed", "/help/search/?q=invoice&type=article&page=2"
    yield "suggestions", "/help/search/suggest/?q=inv"
    yield "feed", "/help/feed/"
    yield "dashboard", DASHBOARD


def largest_topic() -> str:
    """The topic with most articles below it, the first of its volume."""
    topics = HelpDocument.objects.filter(kind="topic", path__startswith="/help/library/volume-001/")
    first, *_ = topics.exclude(path="/help/library/volume-001/").order_by("pk").values_list("path", flat=True)
    return str(first)


def cost(client: Client, address: str) -> tuple[int, int]:
    """Queries and compressed bytes of one request."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address, HTTP_ACCEPT_ENCODING="identity")
    if response.status_code != 200:
        raise SystemExit(f"{address}: {response.status_code}")
    return len(captured), len(gzip.compress(response.content, mtime=0))
