"""A newcomer's way: home, help, sign-up, sign-in, dashboard."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.accounts.models import User

pytestmark = pytest.mark.browser


def test_reader_finds_help_and_member_sees_the_dashboard(
    owner: User, help_pages: None, open_as: Callable[..., Page]
) -> None:
    page = open_as(None)
    page.goto("/")
    page.get_by_role("link", name="Visit the help center").click()
    page.locator("#main input[name=q]").fill("payrol runn")
    page.locator("#main input[name=q]").press("Enter")
    page.get_by_role("link", name="Run the payroll").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Run the payroll")
    page.get_by_role("link", name="Sign in").first.click()
    page.fill("input[name=login]", owner.email)
    page.fill("input[name=password]", "a-long-password")
    page.locator("form:has(input[name=password]) [type=submit]").first.click()
    page.goto("/dashboard/")
    expect(page).to_have_url(re.compile(r"/customer/dashboard/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Dashboard")
    expect(page.get_by_text("Active products")).to_be_visible()
    # What reads much comes after the page.
    for words in ("To be paid", "No bill is coming", "Nothing is subscribed to yet"):
        expect(page.get_by_text(words)).to_be_visible()
