"""A company and its money: trial, card, upgrade, invoice, an expired card, dunning, and all right again."""

import re
import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.utils import timezone
from facturx.facturx import etree
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from pytest_django.live_server_helper import LiveServer

from billing.invoicing.models import Invoice, TaxRate
from billing.payments.models import DunningTask, Payment
from billing.subscriptions.models import Subscription
from tests.billing.invoicing.books import difference
from tests.browser.acting import link_in, press, register
from tests.factories import PlanFactory

pytestmark = pytest.mark.browser
GOOD, ASKS = "5555555555554444", "4000002500003155"
# The trial begins on 1 March 2090 at nine in Nairobi and ends on the 15th. The year is one to come: what a job has by
# default for its time is the real day, and no job is done before it.
START = datetime(2090, 3, 1, 6, 0, tzinfo=UTC)
HALF_OF_THE_PERIOD = timedelta(days=14 + 15, hours=12)
Words = Callable[[str], str]


class Clock:
    """The portal's time, which stands still until it is moved."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        """As django.utils.timezone has it."""
        return self.at

    def strike_noon(self, day: date) -> None:
        """It is noon of a day to come: what is due is done, as the scheduler does it."""
        self.at = datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC)
        call_command("process_subscriptions", date=day, verbosity=0)
        call_command("generate_invoices", date=day, verbosity=0)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """It begins with the story."""
    standing = Clock()
    monkeypatch.setattr(timezone, "now", standing.now)
    return standing


@pytest.fixture
def shop(portal_site: None, transactional_db: None, live_server: LiveServer, settings: Any) -> None:
    """Two plans of ERP, Kenya's tax, and the steps that dunning comes with."""
    settings.BASE_URL = live_server.url
    TaxRate.objects.create(country="KE", percent=Decimal(16), starts_on=date(2021, 1, 1))
    PlanFactory.create(level=10, name="Starter", slug="starter", month=3100, trial_days=14)
    PlanFactory.create(level=20, name="Business", slug="business", month=6200, trial_days=14)


def enter_card(page: Page, number: str, expires_on: str, button: str) -> None:
    """On the sandbox's page."""
    page.locator("input[name=number]").fill(number)
    page.locator("input[name=expires_on]").fill(expires_on)
    press(page, button)


def read(page: Page) -> str:
    """What the page says, with plain spaces."""
    return " ".join(page.locator("#main").inner_text().split())


def plain(text: str) -> str:
    """With spaces that may break a line."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def told(sent: list[EmailMessage], subject: str) -> EmailMessage:
    """The last mail with this subject, which is a pattern."""
    found = [message for message in sent if re.fullmatch(subject, plain(message.subject))]
    assert found, [message.subject for message in sent]
    return found[-1]


def begin_the_trial(page: Page) -> None:
    """From the comparison of plans."""
    page.goto("/customer/plans/")
    press(page, "Try it Starter", "link")
    press(page, "Continue")
    expect(page.get_by_text("Nothing is charged now.")).to_be_visible()
    assert (
        "You try ERP Starter until 15 March 2090 without paying. Then it costs KES 3,100.00, monthly, without tax."
        in read(page)
    )
    press(page, "Start the trial")
    expect(page.get_by_text("ERP Starter is yours.")).to_be_visible()
    assert "The trial ends on 15 March 2090. Then it costs KES 3,100.00 without tax." in read(page)


def keep_a_card(page: Page, number: str, expires_on: str) -> None:
    """On the page of payment methods, and on the gateway's."""
    page.goto("/customer/billing/payment-methods/")
    press(page, "Add a card")
    enter_card(page, number, expires_on, "Save the card")
    if number == ASKS:
        press(page, "Confirm")
    expect(page.get_by_text(f"ending in {number[-4:]} is added.")).to_be_visible()


def confirm_at_the_bank(page: Page, message: EmailMessage, amount: str) -> None:
    """From the mail to the bank and back."""
    page.goto(link_in(message))
    expect(page.get_by_text("Nothing is charged before.")).to_be_visible()
    press(page, "Continue", "link")
    assert f"The bank of Visa ending in 3155 asks you to confirm {amount}" in read(page)
    press(page, "Confirm")
    expect(page.get_by_text("The payment has arrived.")).to_be_visible()


def upgrade(page: Page, clock: Clock) -> None:
    """In the middle of a period, to the second; ten minutes pass between looking and confirming."""
    page.goto("/customer/plans/")
    press(page, "Change to it Business", "link")
    press(page, "Continue")
    shown = read(page)
    for words in (
        "Unused part: ERP Starter, monthly 16 % −KES 1,550.00",
        "Rest of the period: ERP Business, monthly 16 % KES 3,100.00",
        "Net KES 1,550.00 Tax KES 248.00 Total KES 1,798.00",
    ):
        assert words in shown
    clock.at += timedelta(minutes=10)
    press(page, "Confirm the change")
    expect(page.get_by_text("ERP Business is changed.")).to_be_visible()


def open_pdf(page: Page, number: str, folder: Path) -> tuple[str, dict[str, str]]:
    """The words of an invoice's PDF, and what the electronic invoice inside says, by the norm's names."""
    page.goto(f"/customer/billing/invoices/{number}/")
    with page.expect_download() as download:
        press(page, "Download PDF", "link")
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    subprocess.run(["qpdf", "--check", path], check=True, capture_output=True)
    shown = subprocess.run(["qpdf", "--show-attachment=factur-x.xml", path], check=True, capture_output=True)
    sums = {etree.QName(node).localname: node.text for node in etree.fromstring(shown.stdout).iter("{*}*")}
    return " ".join(" ".join(leaf.extract_text() for leaf in PdfReader(path).pages).split()), sums


def pay_by_link(page: Page, message: EmailMessage) -> None:
    """Without signing in, with a card of one's own."""
    page.goto(link_in(message, "/pay/"))
    assert "For Acacia Ltd., from Tamarind Software Limited. KES 7,192.00 to pay by 29 April 2090." in read(page)
    press(page, "Pay")
    enter_card(page, GOOD, "12/95", "Pay")
    expect(page.get_by_text("Your payment has arrived.")).to_be_visible()
    expect(page.get_by_text("It is paid: thank you.")).to_be_visible()


def fall_behind(owner: Page, clock: Clock, sent: list[EmailMessage]) -> EmailMessage:
    """The card expires, the invoice is not paid, and the reminder comes."""
    clock.strike_noon(date(2090, 4, 1))
    owner.goto("/customer/billing/")
    expect(owner.get_by_text("It has expired: add another one, or payments fail.")).to_be_visible()
    for day in (date(2090, 4, 15), date(2090, 4, 30), date(2090, 5, 2)):
        clock.strike_noon(day)
    owner.goto("/customer/subscriptions/")
    expect(owner.get_by_text("An invoice is overdue")).to_be_visible()
    expect(owner.get_by_text("Past due")).to_be_visible()
    late = told(sent, "Invoice INV-2090-000003 is overdue: KES 7,192.00")
    assert "KES 7,192.00 of invoice INV-2090-000003 of Acacia Ltd. were due on 29 April 2090" in plain(late.body)
    retry = DunningTask.objects.get(action="retry", days=1)
    assert retry.result == "This card has expired. Choose or add another one."
    assert Subscription.objects.get().status == "past_due"
    return late


def charge_another_card(owner: Page) -> None:
    """From now on, and all is right again."""
    keep_a_card(owner, GOOD, "12/95")
    press(owner, "Make default Mastercard ending in 4444")
    owner.goto("/customer/billing/")
    expect(owner.get_by_text("Everything is paid.")).to_be_visible()
    expect(owner.get_by_text("Mastercard ending in 4444 is charged when an invoice is issued.")).to_be_visible()
    owner.goto("/customer/subscriptions/")
    expect(owner.get_by_text("It renews on 15 May 2090 for KES 6,200.00 without tax.")).to_be_visible()


def test_a_company_pays_falls_behind_and_is_all_right_again(
    shop: None,
    worker: None,
    clock: Clock,
    open_as: Callable[..., Page],
    mailoutbox: list[EmailMessage],
    tmp_path: Path,
) -> None:
    owner, payer = open_as(None), open_as(None)
    register(owner)
    begin_the_trial(owner)
    keep_a_card(owner, ASKS, "03/90")

    clock.strike_noon(date(2090, 3, 15))
    asked = told(mailoutbox, "Your bank asks you to confirm KES 3,596.00 for invoice INV-2090-000001")
    confirm_at_the_bank(owner, asked, "KES 3,596.00")

    clock.at = START + HALF_OF_THE_PERIOD
    upgrade(owner, clock)
    asked = told(mailoutbox, "Your bank asks you to confirm KES 1,798.00 for invoice INV-2090-000002")
    confirm_at_the_bank(owner, asked, "KES 1,798.00")
    text, sums = open_pdf(owner, "INV-2090-000002", tmp_path)
    for words in ("Acacia Ltd.", "Unused part: ERP Starter, monthly", "−1,550.00", "3,100.00", "KES 1,798.00"):
        assert words in text
    assert (sums["TaxBasisTotalAmount"], sums["GrandTotalAmount"], sums["DuePayableAmount"]) == (
        "1550.00",
        "1798.00",
        "1798.00",
    )

    pay_by_link(payer, fall_behind(owner, clock, mailoutbox))
    assert told(mailoutbox, "ERP Business is paid")
    charge_another_card(owner)

    clock.strike_noon(date(2090, 5, 15))
    paid = Payment.objects.filter(status="succeeded").order_by("pk")
    assert [(str(row.invoice), f"{row.amount:.2f}", row.is_automatic) for row in paid] == [
        ("INV-2090-000001", "3596.00", True),
        ("INV-2090-000002", "1798.00", True),
        ("INV-2090-000003", "7192.00", False),
        ("INV-2090-000004", "7192.00", True),
    ]
    assert set(Invoice.objects.values_list("status", flat=True)) == {"paid"}
    assert difference() == ""
