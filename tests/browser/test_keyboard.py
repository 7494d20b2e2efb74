"""By keyboard alone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.accounts.models import User

pytestmark = pytest.mark.browser


def test_skip_link_comes_first_and_leads_to_the_content(help_pages: None, open_as: Callable[..., Page]) -> None:
    page = open_as(None)
    page.goto("/help/payroll/run/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_search_suggests_and_opens_a_page(help_pages: None, open_as: Callable[..., Page]) -> None:
    page = open_as(None)
    page.goto("/help/")
    page.locator("#main input[name=q]").focus()
    page.keyboard.type("run the pay", delay=40)
    expect(page.locator("#main [role=option]").first).to_contain_text("Run the payroll")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/help/payroll/run/$"))


def test_search_works_without_javascript(help_pages: None, open_as: Callable[..., Page]) -> None:
    page = open_as(None, java_script_enabled=False)
    page.goto("/help/")
    page.locator("#main input[name=q]").fill("payroll")
    page.locator("#main input[name=q]").press("Enter")
    expect(page.get_by_role("link", name="Run the payroll").first).to_be_visible()


def test_troubleshooter_walks_from_question_to_solution(help_pages: None, open_as: Callable[..., Page]) -> None:
    page = open_as(None, java_script_enabled=False)
    page.goto("/help/payroll/wrong/")
    expect(page.get_by_role("heading", name="Is the net pay zero?")).to_be_visible()
    expect(page.get_by_role("heading", name="Check the bank details")).to_be_hidden()
    page.get_by_role("link", name="Yes", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Check the bank details")).to_be_visible()
    expect(page.get_by_role("heading", name="Is the net pay zero?")).to_be_hidden()


def test_feedback_is_given_and_shown_again(owner: User, help_pages: None, open_as: Callable[..., Page]) -> None:
    page = open_as(owner)
    page.goto("/help/payroll/run/")
    page.get_by_role("button", name="Yes").click()
    page.get_by_label("Your comment").fill("The sample file helped.")
    page.get_by_role("button", name="Send comment").click()
    expect(page.locator(".feedback__thanks")).to_contain_text("Thank you")
    page.reload()
    expect(page.locator("#feedback")).to_contain_text("Thank you")
