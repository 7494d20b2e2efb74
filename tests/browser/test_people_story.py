"""A company and its developer, from registration to the last day, each in a window of their own."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from portal.accounts.models import Company, User
from portal.activity.feeds import entries
from portal.activity.models import ActivityEvent
from portal.teams.models import Assignment
from tests.browser.acting import link_in, press, register
from tests.portal.accounts.papers import PDF

pytestmark = pytest.mark.browser
DESK = {"width": 1440, "height": 900}


def hand_in_documents(page: Page) -> None:
    """Every kind of paper, one after another."""
    page.goto("/customer/settings/verification/")
    for kind in page.locator("select[name=kind] option").evaluate_all("all => all.map(one => one.value)"):
        page.locator("select[name=kind]").select_option(kind)
        page.locator("input[type=file]").set_input_files(
            {"name": f"{kind}.pdf", "mimeType": "application/pdf", "buffer": PDF}
        )
        press(page, "Upload")
        expect(page.get_by_role("link", name=f"{kind}.pdf")).to_be_visible()
    press(page, "Hand in for verification")
    expect(page.get_by_text("Being checked", exact=True).first).to_be_visible()


def decide_as_staff(page: Page, about: str) -> None:
    """From the panel on the admin's home page to the decision."""
    page.goto("/admin/")
    page.locator(".approval__panel ol").get_by_role("link", name=about).press("Enter")
    press(page, "Approve")
    expect(page.get_by_role("main").get_by_role("status").first).to_contain_text(": approved.")


def propose(page: Page, company: str) -> None:
    """Offer the one developer to a company."""
    page.goto("/admin/snippets/teams/developer/")
    page.get_by_role("button", name=re.compile("More options")).first.press("Enter")
    page.get_by_role("link", name="Propose to a company").press("Enter")
    press(page, "Choose a company")
    page.get_by_role("dialog").get_by_role("link", name=company).press("Enter")
    expect(page.locator("[data-chooser-title]")).to_have_text(company)
    page.locator("textarea[name=note]").fill("Knows payroll.")
    press(page, "Propose to a company")
    expect(page.get_by_text("The company has been asked.")).to_be_visible()


def sign_in_by_mail(coder: Page, developer: User, sent: list[EmailMessage]) -> None:
    """From the last mail, through the sign-in, to the company's page."""
    told = [message for message in sent if message.to == [developer.email]]
    coder.goto(link_in(told[-1]))
    coder.locator("input[name=login]").fill(developer.email)
    coder.locator("input[name=password]").fill("a-long-password")
    coder.locator("input[name=password]").press("Enter")
    expect(coder.get_by_role("link", name="Acacia Ltd.").first).to_be_visible()
    coder.get_by_role("link", name="Acacia Ltd.").first.press("Enter")
    expect(coder.get_by_role("heading", level=1)).to_contain_text("Acacia Ltd.")
    expect(coder.get_by_text("You are the only developer here.")).to_be_visible()


def ask_for_removal(owner: Page, developer: User) -> None:
    """In the dialog of the developer's page."""
    owner.goto(f"/customer/team/{developer.developer.public_id}/")
    press(owner, "Ask for removal", "link")
    owner.locator("textarea[name=reason]").fill("The work is done.")
    press(owner, "Ask for removal")
    expect(owner.get_by_text("Removal asked for on")).to_be_visible()


def test_a_company_gets_a_developer_and_parts_with_them(
    staff: User,
    developer: User,
    portal_site: None,
    transactional_db: None,
    worker: None,
    open_as: Callable[..., Page],
    mailoutbox: list[EmailMessage],
) -> None:
    owner, desk, coder = open_as(None, viewport=DESK), open_as(staff, viewport=DESK), open_as(None, viewport=DESK)
    register(owner)
    hand_in_documents(owner)
    decide_as_staff(desk, re.compile("Acacia"))
    owner.goto("/customer/settings/verification/")
    expect(owner.get_by_role("heading", level=1)).to_contain_text("Verified")

    propose(desk, "Acacia Ltd.")
    owner.goto("/customer/team/approvals/")
    owner.locator("#main").get_by_role("link", name=str(developer)).press("Enter")
    press(owner, "Approve")
    expect(owner.get_by_role("heading", level=1)).to_have_text("Approvals")

    sign_in_by_mail(coder, developer, mailoutbox)
    team = coder.url

    ask_for_removal(owner, developer)
    decide_as_staff(desk, re.compile("Removal"))
    coder.reload()
    expect(coder.get_by_text("After the last day you do not reach this company any more.")).to_be_visible()

    last_day = timezone.localdate() + timedelta(days=29)
    call_command("end_assignments", date=timezone.localdate() + timedelta(days=31))
    assert Assignment.objects.get().status == "ended"
    answer = coder.goto(team)
    assert answer is not None
    assert answer.status == 404
    owner.reload()
    expect(owner.get_by_text("Left your team")).to_be_visible()

    name, asker = str(developer), "Wanjiru Kamau"
    trail = entries(ActivityEvent.objects.for_company(Company.objects.get()), limit=50)
    assert {entry.text for entry in trail if name in entry.text} == {
        f"{staff} asked for a decision on team assignment: {name}",
        f"{asker} approved team assignment: {name}",
        f"{name} joined the team",
        f"{asker} asked for the removal of {name}",
        f"{staff} approved the removal of {name} for our staff: the last day in the team is {last_day:%-d %B %Y}",
        f"{name} left the team",
    }
    for line in ("joined the team", "left the team"):
        expect(owner.get_by_text(line).first).to_be_visible()
