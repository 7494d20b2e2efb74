"""By keyboard alone."""

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from portal.accounts.models import Company, User
from portal.notifications.services import notices
from portal.teams.services import assignments
from tests.factories import MembershipFactory

pytestmark = pytest.mark.browser
FOCUSED_NAME = """() => (document.activeElement.getAttribute("aria-label") || document.activeElement.textContent)
    .replace(/\\s+/g, " ")"""
RING = """() => {
    const style = getComputedStyle(document.activeElement), box = document.activeElement.getBoundingClientRect();
    return style.outlineStyle !== "none" && box.width > 1 && box.bottom > 0 && box.top < innerHeight;
}"""


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


def test_focus_stays_where_a_notification_was_marked_read(
    owner: User, company: Company, transactional_db: None, portal_site: None, open_as: Callable[..., Page]
) -> None:
    told = {"kind": "company_erased", "people": [owner], "at": timezone.now(), "fields": {"company": "Acacia"}}
    notices.notify(key="one", company=company, **told)
    page = open_as(owner)
    page.goto("/customer/notifications/")
    page.get_by_role("button", name="Mark read").focus()
    while not page.evaluate("Boolean(window.htmx)"):
        page.wait_for_timeout(50)
    page.keyboard.press("Enter")
    expect(page.locator(".notice a")).to_be_focused()
    expect(page.get_by_role("button", name="Mark read")).to_have_count(0)


def test_a_member_works_by_keyboard(
    owner: User,
    company: Company,
    other_company: Company,
    developer: User,
    staff: User,
    transactional_db: None,
    portal_site: None,
    open_as: Callable[..., Page],
) -> None:
    MembershipFactory.create(company=other_company, user=owner, role="owner")
    assignments.propose(company=company, developer=developer.developer, by=staff, at=timezone.now())
    page = open_as(owner, viewport={"width": 1440, "height": 900})
    page.goto("/customer/dashboard/")
    reach(page, "Acting for Ridgeline SACCO")
    page.keyboard.press("Enter")
    reach(page, "Savanna Foods")
    page.keyboard.press("Enter")
    expect(page.locator(".topbar__desk summary")).to_contain_text("Savanna Foods")
    page.goto("/customer/team/approvals/")
    reach(page, str(developer))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(str(developer))
    reach(page, "Approve")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing waits")).to_be_visible()
    reach(page, "Notifications")
    page.keyboard.press("Enter")
    expect(page.locator("#bell-panel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#bell-panel")).to_be_hidden()
    reach(page, "Your account")
    page.keyboard.press("Enter")
    reach(page, "Sign out")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()


def reach(page: Page, name: str) -> None:
    """Press Tab until the focus is on this, and see it there: on the screen, with a ring around it."""
    for _press in range(60):
        page.keyboard.press("Tab")
        if name in page.evaluate(FOCUSED_NAME):
            assert page.evaluate(RING), f"{name} has the focus and does not show it"
            return
    pytest.fail(f"{name} is not reached by Tab")
