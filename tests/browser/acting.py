"""What people do on more than one of their ways through the portal."""

import re
from urllib.parse import urlsplit

from django.core.mail import EmailMessage
from playwright.sync_api import Page, expect

PASSWORD = "correct horse battery"


def press(page: Page, name: str, role: str = "button") -> None:
    """Press it by keyboard."""
    page.get_by_role(role, name=name, exact=True).first.press("Enter")


def register(page: Page) -> None:
    """Person and company at once."""
    page.goto("/customer/register/")
    for name, value in {"first_name": "Wanjiru", "last_name": "Kamau", "email": "wanjiru@acacia.example"}.items():
        page.locator(f"input[name={name}]").fill(value)
    for name in ("password1", "password2"):
        page.locator(f"input[name={name}]").fill(PASSWORD)
    page.locator("input[name=company_name]").fill("Acacia Ltd.")
    for name, value in {"country": "KE", "industry": "retail", "size": "11-50"}.items():
        page.locator(f"select[name={name}]").select_option(value)
    page.locator("input[name=consent]").press("Space")
    press(page, "Register")
    expect(page).to_have_url(re.compile(r"/customer/dashboard/$"))


def link_in(message: EmailMessage, to: str = "") -> str:
    """Where a mail's first address of the portal leads that begins with `to`, without its host."""
    paths = [urlsplit(found).path for found in re.findall(r"https?://\S+", message.body)]
    fitting = [path for path in paths if path.startswith(to)]
    assert fitting, message.body
    return fitting[0]
