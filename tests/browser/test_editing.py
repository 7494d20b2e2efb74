"""Editors at work in the admin: write, preview, hand in, review, schedule, answer, check links."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from helpcenter.knowledge.models import Feedback, HelpIndexPage, HelpPage, LinkCheck
from portal.accounts.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.browser
DESK = {"width": 1440, "height": 900}
# The admin loads a megabyte of scripts and saves while one writes: a busy machine takes its time.
PATIENCE = 60_000
TITLE, WORDS = "Close the year", "Count the stock before the last posting."


@pytest.fixture
def colleague(portal_groups: None) -> User:
    """Another editor."""
    user = UserFactory.create(email="colleague@portal.example")
    user.groups.add(Group.objects.get(name="Content editors"))
    return user


def write(page: Page, title: str, words: str) -> None:
    """Fill in the form of a new article: title, sentence, one block of text."""
    page.goto(f"/admin/pages/add/knowledge/articlepage/{HelpIndexPage.objects.get().pk}/")
    # Before it looks for changes the form notes what it began with: what is typed earlier would not be saved by itself.
    page.locator("#page-edit-form[data-w-unsaved-has-edits-value]").wait_for(timeout=PATIENCE)
    page.locator("#id_title").fill(title)
    page.locator("#id_summary").fill(f"{title} in a sentence.")
    page.locator("#panel-child-content-body-section").get_by_title("Insert a block").first.click()
    page.get_by_role("option", name="Text").first.click()
    area = page.locator(".public-DraftEditor-content").first
    expect(area).to_be_focused(timeout=PATIENCE)
    area.press_sequentially(words)
    expect(area).to_have_text(words, timeout=PATIENCE)
    # What is typed comes into the form a little later, and is then saved by itself.
    expect(page.locator("input[name=body-0-value]")).to_have_value(re.compile(re.escape(words)), timeout=PATIENCE)
    expect(page).to_have_url(re.compile("/edit/$"), timeout=PATIENCE)
    saved(page)


def saved(page: Page) -> None:
    """Wait until the form has been saved as it is."""
    expect(page.locator("#w-autosave-indicator .w-autosave-indicator__state--saved")).to_be_visible(timeout=PATIENCE)


def preview(page: Page) -> Locator:
    """Open the panel beside the form; what readers would see."""
    page.get_by_role("button", name="Toggle preview").click()
    return page.frame_locator("#w-preview-iframe").locator("main")


def menu(page: Page, button: str) -> None:
    """Press a button of the menu at the foot of the form."""
    page.get_by_role("button", name="More actions").last.click()
    page.get_by_role("button", name=button, exact=True).click()


def told(page: Page) -> Locator:
    """What the admin says about what was just done."""
    return page.locator(".messages")


def schedule(page: Page, day: str) -> None:
    """Set the day of publication, beside the form."""
    page.get_by_role("button", name="Toggle status").click()
    page.get_by_role("button", name="Set schedule").click()
    page.locator("#id_go_live_at").fill(day)
    # By keyboard: a calendar hangs below the field.
    page.get_by_role("button", name="Save schedule").press("Enter")
    expect(told(page)).to_contain_text("has been updated", timeout=PATIENCE)
    # The menu of the new form works when its scripts have come.
    page.wait_for_load_state("load")


def test_an_editor_writes_a_colleague_approves_and_readers_find_it_on_its_day(
    editor: User,
    colleague: User,
    portal_site: None,
    open_as: Callable[..., Page],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = open_as(editor, viewport=DESK)
    write(page, TITLE, WORDS)
    expect(preview(page)).to_contain_text(WORDS, timeout=PATIENCE)
    menu(page, "Submit to Editorial review")
    expect(told(page)).to_contain_text("submitted for moderation", timeout=PATIENCE)
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="Awaiting your review")).to_have_count(0)

    page = open_as(colleague, viewport=DESK)
    page.goto("/admin/")
    page.locator("#awaiting-review-section").get_by_role("link", name=TITLE).click()
    expect(page.locator(".public-DraftEditor-content").first).to_have_text(WORDS, timeout=PATIENCE)
    tomorrow = timezone.localtime(timezone.now() + timedelta(days=1)).replace(hour=8, minute=30, second=0)
    schedule(page, f"{tomorrow:%Y-%m-%d %H:%M}")
    menu(page, "Approve")
    expect(page).to_have_url(re.compile(r"/admin/pages/\d+/$"), timeout=PATIENCE)
    expect(told(page)).to_contain_text("08:30", timeout=PATIENCE)
    expect(told(page)).to_contain_text("You approved it. Readers get it on")

    reader = open_as(None)
    call_command("publish_scheduled")
    assert HelpPage.objects.get(slug="close-the-year").live is False
    with monkeypatch.context() as later:
        later.setattr(timezone, "now", lambda: tomorrow + timedelta(minutes=1))
        call_command("publish_scheduled")
    reader.goto("/help/")
    reader.locator("#main input[name=q]").fill("count stock")
    reader.locator("#main input[name=q]").press("Enter")
    reader.get_by_role("link", name=TITLE).first.click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(reader.locator("main")).to_contain_text(WORDS)


def test_an_editor_answers_a_comment_and_checks_links(
    editor: User, owner: User, help_pages: None, open_as: Callable[..., Page]
) -> None:
    about = HelpPage.objects.get(slug="run")
    Feedback.objects.create(page=about, user=owner, is_helpful=False, comment="Which menu?")
    page = open_as(editor, viewport=DESK)
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
