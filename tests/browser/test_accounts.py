"""Second factor, invitation and the members of a company, as people meet them in a browser."""

import re
import time
from base64 import b32decode
from collections.abc import Callable

import pytest
from django.db.models import F
from django.utils import timezone
from django_otp.oath import TOTP
from playwright.sync_api import Page, expect

from portal.accounts.models import Authenticator, Company, Membership, User
from portal.accounts.services import invitations

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1440, "height": 900}
PASSWORD = "a-long-password"  # of tests/factories.py


def code_of(key: str) -> str:
    """What an authenticator app shows for this key now."""
    clock = TOTP(b32decode(key.replace(" ", "")))
    clock.time = time.time()
    return f"{clock.token():06}"


def half_a_minute_passes() -> None:
    """Let the app show a code that was not taken yet."""
    Authenticator.objects.update(last_step=F("last_step") - 2)


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(re.compile(r"/customer/dashboard/|/second-factor/"))


def sign_out(page: Page) -> None:
    page.locator("summary[aria-label='Your account']").press("Enter")
    page.get_by_role("button", name="Sign out").press("Enter")
    page.wait_for_url(re.compile(r"/$"))


def give(page: Page, code: str) -> None:
    page.locator("input[name=code]").fill(code)
    page.locator("input[name=code]").press("Enter")


def test_second_factor_is_set_up_asked_for_and_recovered(
    owner: User, portal_site: None, transactional_db: None, open_as: Callable[..., Page]
) -> None:
    page = open_as(None, viewport=PHONE)
    sign_in(page, owner.email)
    page.goto("/accounts/second-factor/")
    page.get_by_role("link", name="Set up").press("Enter")
    page.get_by_text("Write the key instead").click()
    key = page.locator("code").inner_text()
    give(page, code_of(key))
    expect(page.get_by_role("heading", level=1)).to_have_text("Keep your recovery codes")
    codes = page.locator("code").inner_text().split()
    assert len(codes) == 10
    page.get_by_role("link", name="I have kept them").press("Enter")
    sign_out(page)

    sign_in(page, owner.email)
    expect(page.locator("input[name=code]")).to_be_focused()
    give(page, "ABCDE-23456")
    expect(page.get_by_role("alert")).to_contain_text("This code is not right")
    page.goto("/customer/dashboard/")
    expect(page).to_have_url(re.compile("/second-factor/step/"))
    half_a_minute_passes()
    give(page, code_of(key))
    expect(page).to_have_url(re.compile(r"/customer/dashboard/$"))
    sign_out(page)

    sign_in(page, owner.email)
    give(page, codes[0].lower())
    expect(page).to_have_url(re.compile(r"/customer/dashboard/$"))
    page.goto("/accounts/second-factor/")
    expect(page.get_by_text("9 of 10")).to_be_visible()
    sign_out(page)

    sign_in(page, owner.email)
    give(page, codes[0])
    expect(page.get_by_role("alert")).to_contain_text("This code is not right")


def test_somebody_new_joins_by_invitation_on_a_phone(
    owner: User, company: Company, portal_site: None, transactional_db: None, open_as: Callable[..., Page]
) -> None:
    invited = invitations.invite(
        company=company, email="zawadi@example.com", role="billing", by=owner, at=timezone.now()
    )
    page = open_as(None, viewport=PHONE, has_touch=True)
    page.goto(f"/customer/invitations/{invited.token}/")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Join {company}")
    expect(page.locator("input[name=email]")).to_have_value("zawadi@example.com")
    page.get_by_role("button", name="Create account and join").tap()
    expect(page.locator(".error-summary")).to_be_focused()
    for name, value in {"first_name": "Zawadi", "last_name": "Njeri"}.items():
        page.locator(f"input[name={name}]").fill(value)
    for name in ("password1", "password2"):
        page.locator(f"input[name={name}]").fill("correct horse battery")
    page.locator("input[name=consent]").tap()
    page.get_by_role("button", name="Create account and join").tap()
    expect(page).to_have_url(re.compile(r"/customer/dashboard/$"))
    page.get_by_role("button", name="Menu").tap()
    expect(page.locator("#sidebar").locator("summary")).to_contain_text(str(company))
    page.locator("#sidebar").get_by_role("link", name="Invoices").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Invoices")
    assert Membership.objects.get(user__email="zawadi@example.com").role == "billing"


def test_staff_find_a_company_by_its_member_and_change_a_role_in_its_place(
    owner: User, viewer: User, staff: User, portal_site: None, transactional_db: None, open_as: Callable[..., Page]
) -> None:
    desk = open_as(staff, viewport=DESK)
    desk.goto(f"/admin/snippets/accounts/company/?q={viewer.email}")
    desk.get_by_role("main").get_by_role("link", name="Savanna Foods").press("Enter")
    line = desk.get_by_role("row").filter(has_text=viewer.email)
    expect(line).to_contain_text("Viewer")
    line.get_by_role("link", name="Change role").press("Enter")
    desk.locator("input[name=role][value=admin]").press("Space")
    desk.locator("textarea[name=override]").fill("Their only admin is ill.")
    desk.get_by_role("button", name="Change role").press("Enter")
    expect(desk.get_by_role("row").filter(has_text=viewer.email)).to_contain_text("Admin")
    page = open_as(owner, viewport=DESK)
    page.goto("/customer/settings/activity/")
    expect(page.get_by_text("Their only admin is ill.").first).to_be_visible()
