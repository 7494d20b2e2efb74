"""An editor at work in the admin: write, hand in, answer, check links."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from helpcenter.knowledge.models import Feedback, HelpIndexPage, HelpPage, LinkCheck
from portal.accounts.models import User

pytestmark = pytest.mark.browser


def write(page: Page, title: str, words: str) -> None:
    """Fill in the form of a new article: title, sentence, one block of text."""
    page.goto(f"/admin/pages/add/knowledge/articlepage/{HelpIndexPage.objects.get().pk}/")
    page.locator("#id_title").fill(title)
    page.locator("#id_summary").fill(f"{title} in a sentence.")
    page.locator("#panel-child-content-body-section").get_by_title("Insert a block").first.click()
    page.get_by_role("option", name="Text").first.click()
    area = page.locator(".public-DraftEditor-content").first
    expect(area).to_be_focused()
    area.press_sequentially(words)
    expect(area).to_have_text(words)


def menu(page: Page, button: str) -> None:
    """Press a button of the menu at the foot of the form."""
    page.get_by_role("button", name="More actions").last.click()
    page.get_by_role("button", name=button, exact=True).click()


def test_an_editor_hands_a_page_in(editor: User, portal_site: None, open_as: Callable[..., Page]) -> None:
    page = open_as(editor, viewport={"width": 1440, "height": 900})
    write(page, "Close the year", "Count the stock.")
    menu(page, "Submit to Editorial review")
    expect(page.get_by_text(re.compile("submitted for moderation|created and submitted"))).to_be_visible()
    assert not HelpPage.objects.get(slug="close-the-year").live


def test_an_editor_answers_a_comment_and_checks_links(
    editor: User, owner: User, help_pages: None, open_as: Callable[..., Page]
) -> None:
    about = HelpPage.objects.get(slug="run")
    Feedback.objects.create(page=about, user=owner, is_helpful=False, comment="Which menu?")
    page = open_as(editor, viewport={"width": 1440, "height": 900})
    page.goto("/admin/")
    page.get_by_role("link", name="1 comment without an answer").click()
    page.get_by_role("button", name=re.compile("More options")).first.click()
    page.get_by_role("link", name="Answer", exact=True).click()
    page.locator("#id_answer").fill("Payroll, then Run.")
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.get_by_text("The reader sees your answer by e-mail and below the page.")).to_be_visible()
    page.goto("/admin/reports/help-broken-links/")
    page.get_by_role("button", name="Check now").click()
    expect(page.get_by_text("waiting for the worker")).to_be_visible()
    assert LinkCheck.objects.count() == 1
