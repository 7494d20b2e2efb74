"""A help article against a bare Django view, under the same server with the same settings."""

from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpcenter.knowledge.models import HelpDocument
from portal.accounts.models import User
from tests.bench.report import Report
from tests.bench.server import Ask, serving, side_by_side
from tests.bench.worlds import Worlds

LOG = Path(__file__).resolve().parents[2] / "var" / "bench" / "server.log"
BARE, PORTAL = "tests.bench.bare:application", "portal.wsgi:application"
READER = "owner@savanna.example"
TARGETS = {"process": 0.8, "shared": 0.6}


def measure(report: Report, worlds: Worlds) -> None:
    """The article as anonymous readers get it, from each cache, and as a signed-in reader does."""
    worlds.use(min(worlds.sizes))
    article = typical()
    with serving(BARE, LOG) as bare_port:
        bare = Ask(bare_port, "/bare/")
        for mode, least in TARGETS.items():
            with serving(PORTAL, LOG, PAGE_CACHE=mode) as port:
                page = Ask(port, article.path)
                signed_in = Ask(port, article.path, {"Cookie": f"sessionid={session_of(READER)}"})
                rates = side_by_side({"bare": bare, "page": page, "signed in": signed_in})
            if mode == "process":
                report.add("bare Django view", rates["bare"], "a second")
                report.add("article, signed in", rates["signed in"], "a second")
                report.add("article, signed in / bare view", rates["signed in"] / rates["bare"], least=0.2)
            report.add(f"article, anonymous, {mode} cache", rates["page"], "a second")
            report.add(f"article, anonymous, {mode} cache / bare view", rates["page"] / rates["bare"], least=least)
    count_queries(report, article)


def typical() -> HelpDocument:
    """An article of usual length that everyone may read."""
    articles = HelpDocument.objects.filter(kind="article", audience__rule="[]", path__startswith="/help/erp/")
    return articles.order_by("-minutes", "pk")[articles.count() // 2]


def session_of(email: str) -> str:
    """The session key of a person who is signed in."""
    client = Client()
    client.force_login(User.objects.get(email=email), backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies["sessionid"].value


def count_queries(report: Report, article: HelpDocument) -> None:
    """Queries of a kept page, and of the same page signed in."""
    for mode in TARGETS:
        settings.PAGE_CACHE = mode
        cache.clear()
        client = Client(SERVER_NAME="127.0.0.1")
        client.get(article.path)
        report.add(f"queries of the article, anonymous, {mode} cache", queries(client, article.path), most=0)
    client.force_login(User.objects.get(email=READER), backend="django.contrib.auth.backends.ModelBackend")
    client.get(article.path)
    report.add("queries of the article, signed in", queries(client, article.path), most=6)


def queries(client: Client, path: str) -> int:
    """Queries of one request."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path, HTTP_ACCEPT_ENCODING="gzip")
    if response.status_code != 200:
        raise SystemExit(f"{path}: {response.status_code}")
    return len(captured)
