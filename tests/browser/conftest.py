"""A real Chromium on a real server, with a small help center and the cast signed in."""

import shutil
from collections.abc import Callable
from typing import Any

import pytest
from celery import current_app
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from helpcenter.knowledge.models import (
    ArticlePage,
    FAQPage,
    HelpIndexPage,
    TopicPage,
    TroubleshootingPage,
    TutorialPage,
)
from helpcenter.knowledge.services import publishing
from home.models import HomePage
from home.setup import site
from portal.accounts.models import User
from tests.cast import client_of
from tests.plugins.standing import Standing

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
TEXT = "<p>Open <b>Payroll run</b>, choose the month and press <b>Calculate</b>. <a href='https://example.com'>More</a></p>"
TABLE = {
    "columns": [{"type": "text", "heading": ""}, {"type": "text", "heading": "Amount"}],
    "rows": [{"values": ["<p>Basic pay</p>", "<p>85,000.00</p>"]}],
    "caption": "",
}
BODY: list[tuple[str, Any]] = [
    ("text", TEXT),
    ("heading", {"text": "Before you start", "level": "2", "anchor": ""}),
    ("callout", {"kind": "tip", "title": "", "text": "<p>A trial run changes nothing.</p>"}),
    ("heading", {"text": "Sample file", "level": "2", "anchor": ""}),
    (
        "code",
        {"language": "csv", "code": "employee_no,name,basic_pay\nE-001,Amina Otieno,85000.00", "caption": "A sample"},
    ),
    ("table", TABLE),
    ("table", TABLE),
    ("heading", {"text": "Details", "level": "3", "anchor": ""}),
    ("accordion", {"items": [{"title": "Who can do this?", "body": [("text", "<p>Owners and admins.</p>")]}]}),
]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Use the system's Chromium."""
    if CHROMIUM is None:
        pytest.fail("These tests need Chromium: install Debian's package chromium.")
    return {"executable_path": CHROMIUM, "args": ["--no-sandbox", "--disable-quic", "--disable-background-networking"]}


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that does each task as soon as it is sent."""
    current_app.loader.import_default_modules()
    monkeypatch.setitem(current_app.conf, "task_always_eager", True)


def build_help() -> None:
    """The portal's site with one live page of each kind."""
    site.create()
    index = HelpIndexPage.objects.get()
    with publishing.batched():
        topic = index.add_child(instance=TopicPage(title="Payroll", slug="payroll", summary="Pay people right."))
        pages = [
            ArticlePage(title="Run the payroll", slug="run", summary="From hours to payslips.", body=BODY),
            ArticlePage(title="Payslips by e-mail", slug="payslips", body=BODY),
            FAQPage(title="Can I undo a payroll run?", slug="undo", body=[("text", TEXT)]),
            TutorialPage(
                title="Your first payroll",
                slug="first",
                steps=[("step", {"title": f"Step {n}", "body": [("text", TEXT)]}) for n in (1, 2, 3)],
            ),
            TroubleshootingPage(
                title="A payslip is wrong",
                slug="wrong",
                nodes=[
                    (
                        "node",
                        {
                            "key": "start",
                            "title": "Is the net pay zero?",
                            "body": [],
                            "answers": [
                                {"label": "Yes", "goto": "zero", "page": None},
                                {"label": "No", "goto": "other", "page": None},
                            ],
                        },
                    ),
                    (
                        "node",
                        {"key": "zero", "title": "Check the bank details", "body": [("text", TEXT)], "answers": []},
                    ),
                    ("node", {"key": "other", "title": "Ask support", "body": [("text", TEXT)], "answers": []}),
                ],
            ),
        ]
        topic.save_revision().publish()
        for page in pages:
            topic.add_child(instance=page)
            page.save_revision().publish()


HELP_PAGES = Standing("help_pages", build_help, is_begun=HomePage.objects.exists)


@pytest.fixture
def help_pages(transactional_db: None) -> None:
    """A small help center in the portal's site."""
    HELP_PAGES.stand()


@pytest.fixture
def open_as(browser: Browser, live_server: LiveServer) -> Callable[..., Page]:
    """Open a window in which somebody is signed in; errors of scripts fail the test."""
    contexts: list[BrowserContext] = []

    def opened(user: User | None, **options: Any) -> Page:
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        if user is not None:
            cookie = client_of(user).cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"script error on {page.url}: {error}"))
        return page

    yield opened
    for context in contexts:
        context.close()
