"""Every page: accessible in both schemes, no wider than a phone, light, and silent.

Each page is opened once, and all that holds for pages is looked at there; the failure names each page. The pages are
dealt out to a few tests, so that several browsers share them.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Literal
from urllib.parse import urlsplit

import brotli
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Response

from portal.core.staticfiles import without_comments
from tests.browser.addresses import pages

pytestmark = pytest.mark.browser
PAGE_BYTES, SCRIPT_BYTES = 150_000, 20_000
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 800}
SHARES = 4
STATIC: dict[str, bytes] = {}
# What axe finds wrong: each rule, with the first places.
WRONG = """async (rules) => (await axe.run({resultTypes: ["violations"], ...rules})).violations
    .map((rule) => [rule.id, rule.nodes.slice(0, 3).map((node) => node.target)])"""
# The schemes differ in their colours alone.
RULES: dict[Literal["light", "dark"], dict[str, list[str]]] = {
    "light": {},
    "dark": {"runOnly": ["color-contrast", "link-in-text-block"]},
}
# Colours change by transitions, however short.
SETTLED = "() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished))"
# Badges whose word has no room, which axe takes for read.
SQUEEZED = """() => [...document.querySelectorAll(".badge .truncate")]
    .filter((word) => word.checkVisibility() && word.textContent.trim() && word.clientWidth < 8)
    .map((word) => word.textContent)"""
Opened = Callable[..., Page]
Fault = tuple[object, ...]


class Visit:
    """A page in a tab of its own, with all that came and was said since it was opened."""

    def __init__(self, window: BrowserContext, address: str) -> None:
        self.responses: list[Response] = []
        self.messages: list[str] = []
        self.page = window.new_page()
        self.page.on("response", self.note_response)
        self.page.on("console", self.note_message)
        self.page.on("pageerror", self.note_error)
        self.page.goto(address, wait_until="networkidle")

    def note_response(self, response: Response) -> None:
        """Something came."""
        self.responses.append(response)

    def note_message(self, said: ConsoleMessage) -> None:
        """The browser complains, but not that the page that does not exist is missing."""
        if said.type == "error" and "404 (Not Found)" not in said.text:
            self.messages.append(said.text)

    def note_error(self, error: Error) -> None:
        """A script broke."""
        self.messages.append(f"script error: {error}")


def visits(share: int, request: pytest.FixtureRequest, open_as: Opened) -> Iterator[tuple[str, Visit]]:
    """Each page of this share, opened by whoever reads it; one window a person."""
    windows: dict[str, BrowserContext] = {}
    for person, address in pages()[share::SHARES]:
        if person not in windows:
            user = request.getfixturevalue(person)
            windows[person] = open_as(user, viewport=DESK, color_scheme="light", reduced_motion="reduce").context
        visit = Visit(windows[person], address)
        yield address, visit
        visit.page.close()


@pytest.mark.parametrize("share", range(SHARES))
def test_pages_are_accessible_light_and_silent_and_fit_a_phone(
    share: int, request: pytest.FixtureRequest, help_pages: None, open_as: Opened
) -> None:
    faults: list[Fault] = []
    for address, visit in visits(share, request, open_as):
        # Last, as the browser complains of what axe does.
        found = [*weights(visit), *noise(visit), *barriers(visit.page)]
        faults += [(address, *fault) for fault in found]
    assert faults == []


def barriers(page: Page) -> list[Fault]:
    """What axe finds on a phone, in light and in dark colours, and what has no room there."""
    page.set_viewport_size(PHONE)
    page.evaluate(AXE_SCRIPT)
    faults: list[Fault] = []
    for scheme, rules in RULES.items():
        page.emulate_media(color_scheme=scheme)
        page.evaluate(SETTLED)
        faults += [(scheme, *wrong) for wrong in page.evaluate(WRONG, rules)]
    if page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]:
        faults.append(("scrolls sideways",))
    return faults + [("a badge without its word", word) for word in page.evaluate(SQUEEZED)]


def noise(visit: Visit) -> list[Fault]:
    """What the browser complained of, and whom else it asked."""
    hosts = {urlsplit(one.url).hostname for one in visit.responses} - {None, "", urlsplit(visit.page.url).hostname}
    return [*((text,) for text in visit.messages), *((f"asks {host}",) for host in hosts)]


def weights(visit: Visit) -> list[Fault]:
    """What is too heavy; stored parts count on the first page that brings them."""
    responses = [response for response in visit.responses if response.status == 200]
    sizes = {response.url: packed(body_of(response)) for response in responses}
    scripts = script_bytes(responses)
    faults: list[Fault] = []
    if sum(sizes.values()) >= PAGE_BYTES:
        faults.append((f"weighs {sum(sizes.values())} bytes",))
    if scripts >= SCRIPT_BYTES:
        faults.append((f"has {scripts} bytes of scripts",))
    return faults


def script_bytes(responses: list[Response]) -> int:
    """What scripts weigh: the portal's modules are one bundle once static files are collected, so they count as one."""
    bodies = {urlsplit(response.url).path: body_of(response) for response in responses if ".js" in response.url}
    own = b"".join(body for path, body in bodies.items() if path.startswith("/static/js/"))
    others = [body for path, body in bodies.items() if not path.startswith("/static/js/")]
    return packed(without_comments(own.decode()).encode()) + sum(packed(body) for body in others)


def body_of(response: Response) -> bytes:
    """What came; static files are the same on every page, so the browser is asked for each once."""
    path = urlsplit(response.url).path
    if not path.startswith("/static/"):
        return response.body()
    if path not in STATIC:
        STATIC[path] = response.body()
    return STATIC[path]


@cache
def packed(body: bytes) -> int:
    """Bytes on the line."""
    return len(brotli.compress(body))
