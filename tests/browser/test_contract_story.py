"""A contract, from its template to the first period that is paid, each person in a window of their own."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from billing.invoicing.models import Invoice, TaxRate
from portal.accounts.models import Company, User
from portal.contracts.models import BillingPeriod, Contract, ContractTemplate, Signature
from portal.contracts.services import copies
from portal.core.money import words
from tests.billing.invoicing.books import difference
from tests.browser.acting import link_in, press
from tests.factories import ContractTemplateFactory
from tests.portal.contracts.sealing.authorities import pair

pytestmark = pytest.mark.browser
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
PASSWORD = "a-long-password"
# The admin loads a megabyte of scripts: a busy machine takes its time.
PATIENCE = 60_000
MOST_TABS = 80
TITLE, ITEM = "Engagement of Amina", "Training of Amina Hassan"


@pytest.fixture
def template(portal_site: None, transactional_db: None, live_server: LiveServer, settings: Any) -> ContractTemplate:
    """Two pages that wait for an editor, Kenya's tax, and what contracts are sealed with."""
    settings.BASE_URL = live_server.url
    seals = pair("Tamarind Seals")
    settings.SEAL_CERTIFICATE, settings.SEAL_KEY = seals.pem, seals.key_pem()
    TaxRate.objects.create(country="KE", percent=Decimal(16), starts_on=date(2021, 1, 1))
    body = [
        {"type": "text", "value": "<p>Between {company_name} and {vendor_name}.</p>"},
        {"type": "page_break", "value": None},
        {"type": "text", "value": "<ol><li>The law of {governing_law} applies.</li></ol>"},
    ]
    made: ContractTemplate = ContractTemplateFactory.create(unpublished=True, name="Engagement", body=body)
    return made


def tab_to(page: Page, target: Locator) -> None:
    """Reach it by the Tab key alone."""
    for _tab in range(MOST_TABS):
        page.keyboard.press("Tab")
        if target.evaluate("node => node === document.activeElement"):
            return
    pytest.fail(f"{target} is not reached by {MOST_TABS} tabs on {page.url}")


def enter(page: Page, target: Locator) -> None:
    """Reach it and press Enter."""
    tab_to(page, target)
    page.keyboard.press("Enter")


def publish(page: Page, template: ContractTemplate) -> None:
    """From the form of the template."""
    page.goto(f"/admin/snippets/contracts/contracttemplate/edit/{template.pk}/")
    page.get_by_role("button", name="More actions").last.click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("updated and published").first).to_be_visible(timeout=PATIENCE)


def draw_up(page: Page, company: Company, owner: User, ours: User) -> Contract:
    """From the list of contracts to a draft that charges something."""
    page.goto("/admin/snippets/contracts/contract/")
    press(page, "Draw up a contract", "link")
    press(page, "Choose a company")
    page.get_by_role("dialog").get_by_role("link", name=company.name).press("Enter")
    expect(page.locator("[data-chooser-title]")).to_have_text(company.name)
    page.locator("select[name=template]").select_option(label="Engagement")
    press(page, "Draw up a contract")
    today = timezone.localdate()
    page.locator("input[name=title]").fill(TITLE)
    for name, day in {"starts_on": today, "ends_on": today + timedelta(days=300)}.items():
        page.locator(f"input[name={name}]").fill(f"{day}")
    page.locator("select[name=currency]").select_option("USD")
    page.locator("textarea[name=value_governing_law]").fill("Kenya")
    for place, person in {"company_0": owner, "vendor_0": ours}.items():
        page.locator(f"select[name={place}]").select_option(f"{person.pk}")
        page.locator(f"input[name={place}_title]").fill("Director")
    press(page, "Draw up a contract")
    expect(page.get_by_text("The draft is there")).to_be_visible()
    return Contract.objects.get()


def charge(page: Page, contract: Contract) -> None:
    """A training over three months, at the usual price."""
    page.goto(f"/admin/registers/contract-charges/contract/{contract.pk}/")
    press(page, "Add a line item", "link")
    page.locator("select[name=kind]").select_option("independent_training")
    page.locator("select[name=schedule]").select_option("instalments")
    page.locator("input[name=description]").fill(ITEM)
    page.locator("input[name=months]").fill("3")
    press(page, "Add a line item")
    expect(page.get_by_text("The line item is added.")).to_be_visible()
    expect(page.get_by_role("table", name="").get_by_text("USD 1,666.67").first).to_be_visible()


def send(page: Page, contract: Contract) -> None:
    """To those who sign."""
    page.goto(f"/admin/snippets/contracts/contract/send/{contract.pk}/")
    press(page, "Send for signing")
    expect(page.get_by_text("The contract was sent.")).to_be_visible()


def read_and_sign(page: Page, signer: User) -> None:
    """By keyboard alone: to the end of the text, the consent, the name, the password again."""
    main = page.locator("#main")
    expect(main.get_by_text("Page 1 of 3")).to_be_visible()
    enter(page, main.get_by_role("link", name="Next page"))
    expect(main.get_by_text("The law of Kenya applies.")).to_be_visible()
    enter(page, main.get_by_role("link", name="Next page"))
    expect(main.get_by_role("heading", name="What is charged")).to_be_visible()
    enter(page, main.get_by_role("button", name="I have read it to the end"))
    expect(main.get_by_role("heading", name="What it charges")).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide
    tab_to(page, main.locator("input[name=consent]"))
    page.keyboard.press("Space")
    tab_to(page, main.locator("input[name=name]"))
    page.keyboard.type(signer.get_full_name())
    tab_to(page, main.locator("input[name=proof]"))
    page.keyboard.type(PASSWORD)
    enter(page, main.get_by_role("button", name="Sign the contract"))
    # With the last signature the worker of this test seals at once.
    expect(page.get_by_text("You have signed").first).to_be_visible(timeout=PATIENCE)


def have_it_billed(asker: Page, decider: Page, contract: Contract) -> None:
    """Asked for by one, approved by another, who sees every period."""
    asker.goto(f"/admin/registers/contract-charges/contract/{contract.pk}/")
    press(asker, "Ask for billing", "link")
    press(asker, "Ask for billing")
    expect(asker.get_by_text("Another person has been asked to approve the billing.")).to_be_visible()
    decider.goto(f"/admin/registers/contract-charges/contract/{contract.pk}/")
    decider.locator(".help-warning").get_by_role("link").press("Enter")
    expect(decider.get_by_text("USD 1,666.66").first).to_be_visible()
    press(decider, "Approve")
    expect(decider.get_by_role("main").get_by_role("status").first).to_contain_text(": approved.")


def pay(page: Page, contract: Contract) -> None:
    """From the contract's page to its invoice, and by card on the sandbox's page."""
    page.goto(f"/customer/contracts/{contract.public_id}/")
    page.locator("#main").get_by_role("link", name="INV-").press("Enter")
    press(page, "Pay", "link")
    page.locator("input[name=way]").first.check()
    press(page, "Pay")
    page.locator("input[name=number]").fill("5555555555554444")
    page.locator("input[name=expires_on]").fill("12/95")
    press(page, "Pay")
    expect(page.get_by_text("The payment has arrived.").first).to_be_visible()


def asked(sent: list[EmailMessage], signer: User) -> str:
    """Where the first mail to somebody who signs leads."""
    message = next(message for message in sent if message.to == [signer.email])
    assert message.subject == f"Please sign: {TITLE}"
    return link_in(message)


def get_the_copy(page: Page, contract: Contract, sent: list[EmailMessage]) -> None:
    """The sealed PDF is on the contract's page, and came by mail."""
    page.goto(f"/customer/contracts/{contract.public_id}/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Sealed PDF").press("Enter")
    sealed = download.value.path().read_bytes()
    assert sealed == copies.content_of(copies.newest(contract))
    mail = next(message for message in sent if message.subject == f"Signed by everybody: {TITLE}")
    assert [content for _name, content, _type in mail.attachments] == [sealed]


def test_a_contract_is_signed_billed_and_its_first_period_paid(
    template: ContractTemplate,
    company: Company,
    owner: User,
    editor: User,
    support: User,
    finance: User,
    worker: None,
    open_as: Callable[..., Page],
    mailoutbox: list[EmailMessage],
) -> None:
    desk, ours = open_as(support, viewport=DESK), open_as(finance, viewport=DESK)
    phone = open_as(owner, viewport=PHONE, has_touch=True)
    publish(open_as(editor, viewport=DESK), template)
    contract = draw_up(desk, company, owner, finance)
    charge(desk, contract)
    send(desk, contract)

    for page, signer in ((phone, owner), (ours, finance)):
        page.goto(asked(mailoutbox, signer))
        read_and_sign(page, signer)
    given = Signature.objects.order_by("pk").values_list("user", "side", "authentication")
    assert list(given) == [(owner.pk, "company", "password"), (finance.pk, "vendor", "password")]
    get_the_copy(phone, contract, mailoutbox)

    have_it_billed(desk, ours, contract)
    call_command("process_contracts", verbosity=0)
    call_command("generate_invoices", verbosity=0)
    invoice = Invoice.objects.get()
    assert words(invoice.net) == "USD\N{NO-BREAK SPACE}1,666.67"
    pay(phone, contract)
    phone.goto(f"/customer/contracts/{contract.public_id}/")
    expect(phone.locator("#main").get_by_text("Paid", exact=True).first).to_be_visible()
    periods = BillingPeriod.objects.order_by("sequence").values_list("status", "invoice_number")
    assert list(periods) == [("paid", invoice.number), ("pending", ""), ("pending", "")]
    assert Contract.objects.get().status == "active"
    assert difference() == ""
