"""Help pages that were read open without a connection, marked so, until somebody else may sit there."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.accounts.models import User

pytestmark = pytest.mark.browser
Opened = Callable[..., Page]
WATCHED = """new Promise((done) => {
  const watcher = navigator.serviceWorker;
  if (watcher.controller) done();
  else watcher.addEventListener("controllerchange", () => done());
})"""


def read(page: Page, address: str) -> None:
    """Open a page as soon as the service worker watches, so that it is kept."""
    page.goto("/help/", wait_until="load")
    page.evaluate(WATCHED)
    page.goto(address, wait_until="load")


def test_page_once_read_opens_offline_and_says_so(help_pages: None, open_as: Opened) -> None:
    page = open_as(None)
    read(page, "/help/payroll/run/")
    expect(page.locator("html")).not_to_have_attribute("data-offline", "")
    page.context.set_offline(True)
    page.goto("/help/payroll/run/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Run the payroll")
    expect(page.locator("html")).to_have_attribute("data-offline", "")


def test_page_never_read_says_that_it_needs_a_connection(help_pages: None, open_as: Opened) -> None:
    page = open_as(None)
    read(page, "/help/payroll/run/")
    page.context.set_offline(True)
    page.goto("/help/payroll/payslips/")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are offline")


def test_signing_out_forgets_what_was_read(help_pages: None, owner: User, open_as: Opened) -> None:
    page = open_as(owner)
    read(page, "/help/payroll/run/")
    page.goto("/accounts/logout/")
    page.locator("main form [type=submit]").click()
    page.wait_for_url("**/")
    page.context.set_offline(True)
    page.goto("/help/payroll/run/")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are offline")
