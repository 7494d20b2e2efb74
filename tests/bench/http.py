"""A help article against a bare Django view, under the same server with the same settings."""

from pathlib import Path
from statistics import median

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpcenter.knowledge.models import HelpDocument
from portal.accounts.models import User
from portal.core import page_cache
from tests.bench.report import Report
from tests.bench.server import Ask, all_once, serving, side_by_side
from tests.bench.worlds import Worlds

LOG = Path(__file__).resolve().parents[2] / "var" / "bench" / "server.log"
BARE, PORTAL = "tests.bench.bare:application", "portal.wsgi:application"
READER = "owner@savanna.example"
TARGETS = {"process": 0.8, "shared": 0.6}
# The same with every page asked of the cache server.
FAR = {"PAGE_CACHE": "shared", "PAGE_CACHE_NEAR_BYTES": "0"}
# First readings: so many articles, each asked for once in each of so many sessions, which have opened another page
# before, after another session had them all.
ARTICLES, SESSIONS = 200, 80


def measure(report: Report, worlds: Worlds) -> None:
    """The article as anonymous readers get it, from each cache, and as a signed-in reader does."""
    worlds.use(min(worlds.sizes))
    article = typical()
    with serving(BARE, LOG) as bare_port:
        bare = Ask(bare_port, ["/bare/"])
        for mode, least in TARGETS.items():
            with serving(PORTAL, LOG, PAGE_CACHE=mode) as port:
                signed_in = signed_in_asks(port, article) if mode == "process" else {}
                rates = side_by_side({"bare": bare, "page": Ask(port, [article.path]), **signed_in})
            if signed_in:
                report.add("bare Django view", median(rates["bare"]), "a second")
                report_signed_in(report, rates)
            report.add(f"article, anonymous, {mode} cache", median(rates["page"]), "a second")
            report.add(f"article, anonymous, {mode} cache / bare view", ratio(rates, "page"), least=least)
        with serving(PORTAL, LOG, **FAR) as port:
            rates = side_by_side({"bare": bare, "page": Ask(port, [article.path])})
        report.add("article, anonymous, cache server alone / bare view", ratio(rates, "page"))
    count_queries(report, article)


def signed_in_asks(port: int, article: HelpDocument) -> dict[str, Ask]:
    """One article that a reader opens again and again, many that a session opens first, many that nobody had opened."""
    before, *cookies = (cookies_of(browser_of(READER), article.path) for _ in range(SESSIONS + 1))
    public = HelpDocument.objects.filter(kind="article", audience__rule="[]").exclude(pk=article.pk).order_by("pk")
    paths = list(public.values_list("path", flat=True))
    all_once(Ask(port, paths[:ARTICLES], [before]))
    all_once(Ask(port, [article.path], cookies))
    return {
        "again": Ask(port, [article.path], [before]),
        "first": Ask(port, paths[:ARTICLES], cookies),
        "new": Ask(port, paths[ARTICLES:], cookies),
    }


def ratio(rates: dict[str, list[float]], name: str) -> float:
    """How the rate compares with the bare view's of the same round, in the middle of all rounds."""
    return median(one / bare for one, bare in zip(rates[name], rates["bare"], strict=True))


def report_signed_in(report: Report, rates: dict[str, list[float]]) -> None:
    """Both rates."""
    report.add("article, signed in, opened again", median(rates["again"]), "a second")
    report.add("article, signed in, opened again / bare view", ratio(rates, "again"), least=0.2)
    report.add("articles, signed in, each opened first", median(rates["first"]), "a second")
    report.add("articles, signed in, each opened first / bare view", ratio(rates, "first"), least=0.2)
    report.add("articles, signed in, first readers since a change", median(rates["new"]), "a second")


def typical() -> HelpDocument:
    """An article of usual length that everyone may read."""
    articles = HelpDocument.objects.filter(kind="article", audience__rule="[]", path__startswith="/help/erp/")
    return articles.order_by("-minutes", "pk")[articles.count() // 2]


def browser_of(email: str) -> Client:
    """A browser in which this person is signed in."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(email=email))
    return client


def cookies_of(client: Client, path: str) -> str:
    """What a browser sends after its first page."""
    client.get(path)
    return "; ".join(f"{name}={cookie.value}" for name, cookie in client.cookies.items())


def count_queries(report: Report, article: HelpDocument) -> None:
    """Queries of a kept page, and of the same page signed in."""
    for mode in TARGETS:
        settings.PAGE_CACHE = mode
        forget()
        client = Client(SERVER_NAME="127.0.0.1")
        queries(client, article.path)
        report.add(f"queries of the article, anonymous, {mode} cache", queries(client, article.path), most=0)
    settings.PAGE_CACHE = "process"
    forget()
    client = browser_of(READER)
    report.add("queries of the article, signed in, first of all", queries(client, article.path), most=6)
    report.add("queries of the article, signed in, opened again", queries(client, article.path), most=6)


def forget() -> None:
    """Begin with nothing kept."""
    cache.clear()
    page_cache.generation.look_at = 0


def queries(client: Client, path: str) -> int:
    """Queries of one request."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path, HTTP_ACCEPT_ENCODING="gzip")
    if response.status_code != 200:
        raise SystemExit(f"{path}: {response.status_code}")
    return len(captured)
