"""Every page: accessible, no wider than a phone, light, and silent.

All pages are looked at in one go, since setting up a world for each would take minutes; the failure names each page.
"""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import brotli
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response

from tests.browser.addresses import pages

pytestmark = pytest.mark.browser
PAGE_BYTES, SCRIPT_BYTES = 150_000, 20_000
PHONE = {"width": 360, "height": 800}
# Badges whose word has no room, which axe takes for read.
SQUEEZED = """() => [...document.querySelectorAll(".badge .truncate")]
    .filter((word) => word.checkVisibility() && word.textContent.trim() && word.clientWidth < 8)
    .map((word) => word.textContent)"""
Opened = Callable[..., Page]


def visits(request: pytest.FixtureRequest, open_as: Opened, **options: object) -> Iterator[tuple[str, Page]]:
    """Each page with a window of whoever reads it; one window a person."""
    windows: dict[str, Page] = {}
    for person, address in pages():
        if person not in windows:
            windows[person] = open_as(request.getfixturevalue(person), **options)
        yield address, windows[person]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_and_fit_a_phone(
    scheme: str, request: pytest.FixtureRequest, help_pages: None, open_as: Opened
) -> None:
    faults: list[tuple[str, str, object]] = []
    for address, page in visits(request, open_as, color_scheme=scheme, viewport=PHONE, reduced_motion="reduce"):
        page.goto(address, wait_until="load")
        found = Axe().run(page).response["violations"]
        faults += [(address, fault["id"], [node["target"] for node in fault["nodes"]][:3]) for fault in found]
        if page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]:
            faults.append((address, "scrolls sideways", []))
        faults += [(address, "a badge without its word", [word]) for word in page.evaluate(SQUEEZED)]
    assert faults == []


def test_pages_are_light_silent_and_ask_nobody_else(
    request: pytest.FixtureRequest, help_pages: None, open_as: Opened
) -> None:
    faults = []
    for address, window in visits(request, open_as, viewport={"width": 1440, "height": 900}):
        page = window.context.new_page()
        responses: list[Response] = []
        messages: list[str] = []
        page.on("response", lambda response, found=responses: found.append(response))
        page.on("console", lambda said, found=messages: found.append(said.text) if said.type == "error" else None)
        page.goto(address, wait_until="networkidle")
        faults += [(address, text) for text in messages if "404 (Not Found)" not in text]
        faults += weights(address, page, [response for response in responses if response.status == 200])
        page.close()
    assert faults == []


def weights(address: str, page: Page, responses: list[Response]) -> list[tuple[str, str]]:
    """What is too heavy, or came from elsewhere; stored parts count on the first page that brings them."""
    hosts = {urlsplit(response.url).hostname for response in responses} - {None, "", urlsplit(page.url).hostname}
    sizes = {response.url: len(brotli.compress(response.body())) for response in responses}
    scripts = script_bytes(responses)
    faults = [(address, f"asks {host}") for host in hosts]
    if sum(sizes.values()) >= PAGE_BYTES:
        faults.append((address, f"weighs {sum(sizes.values())} bytes"))
    if scripts >= SCRIPT_BYTES:
        faults.append((address, f"has {scripts} bytes of scripts"))
    return faults


def script_bytes(responses: list[Response]) -> int:
    """What scripts weigh: the portal's modules are one bundle once static files are collected, so they count as one."""
    bodies = {urlsplit(response.url).path: response.body() for response in responses if ".js" in response.url}
    own = b"".join(body for path, body in bodies.items() if path.startswith("/static/js/"))
    others = [body for path, body in bodies.items() if not path.startswith("/static/js/")]
    return len(brotli.compress(own)) + sum(len(brotli.compress(body)) for body in others)
