"""The billing center in the desk: who sees what, and how paying goes on."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing.invoicing.models import Invoice
from billing.invoicing.services import drafts
from billing.invoicing.services.drafts import Item
from billing.payments.gateways.base import About, Event, Outcome, State
from billing.payments.models import Payment, PaymentMethod, Refund, SandboxPayment
from billing.payments.services import disputes, links, refunds
from billing.subscriptions.services import subscribing
from portal.accounts.models import Company, User
from tests.billing.invoicing.books import AT, difference, kes
from tests.billing.payments.conftest import ASKS, DECLINED, GOOD, begun, card, issued, paid
from tests.billing.subscriptions.world import subscribed
from tests.cast import client_of
from tests.factories import PlanFactory

pytestmark = pytest.mark.django_db
CENTER = "/customer/billing/"


@pytest.fixture
def desk(owner: User) -> Client:
    return client_of(owner)


def text(answer: Any) -> str:
    return str(answer.content.decode().replace("\N{NO-BREAK SPACE}", " "))


def path_of(url: str) -> str:
    return url.removeprefix("http://127.0.0.1:8000")


def enter(desk: Client, url: str, number: str) -> Any:
    """Fill the sandbox's page in, and confirm where the bank asks."""
    answer = desk.post(path_of(url), {"number": number, "expires_on": "12 / 30"})
    if answer.url.endswith("/authentication/"):
        answer = desk.post(answer.url, {"agree": "yes"})
    return desk.get(path_of(answer.url))


@pytest.mark.parametrize("number", [GOOD, ASKS])
def test_invoice_is_paid_from_the_first_click_to_the_receipt(
    desk: Client, company: Company, invoice: Invoice, number: str
) -> None:
    assert "KES 1,160.00 are to be paid" in text(desk.get(CENTER))
    page = text(desk.get(f"{CENTER}invoices/{invoice.number}/pay/"))
    assert "KES 1,160.00, due on 5 December 2026" in page
    answer = desk.post(f"{CENTER}invoices/{invoice.number}/pay/", {"way": "gateway:sandbox"})
    payment = Payment.objects.get()
    assert (answer.status_code, answer.url) == (302, payment.action_url)
    done = text(enter(desk, answer.url, number))
    assert "The payment has arrived." in done
    receipt = desk.get(f"{CENTER}payments/{payment.public_id}/receipt.pdf")
    assert (receipt["Content-Type"], receipt.content[:5]) == ("application/pdf", b"%PDF-")
    invoice.refresh_from_db()
    assert (invoice.status, difference()) == ("paid", "")
    assert "Everything is paid" in text(desk.get(CENTER))


def test_company_without_an_invoice_has_nothing_to_pay_yet(desk: Client, company: Company) -> None:
    drafts.create(company=company, items=[Item("ERP", kes(1000))], at=AT)
    page = text(desk.get(CENTER))
    assert ("There is nothing to pay yet." in page, "Nothing to pay yet" in page) == (True, True)
    assert "Everything is paid" not in page


def test_page_before_confirming_names_the_card_that_is_charged(desk: Client, company: Company, owner: User) -> None:
    plan = PlanFactory.create(name="Starter", slug="starter", month=3100)

    def foot() -> str:
        quote = subscribing.quote(company=company, plan=plan, interval="month", by=owner, at=timezone.now())
        page = text(desk.get(f"/customer/subscriptions/quotes/{quote.public_id}/"))
        return re.search(r'card__foot">(.*?)</p>', page)[1]

    assert foot() == "You get an invoice for it as soon as you confirm."
    method = card(company, expires_on="2095-12")
    assert foot() == "You get an invoice for it as soon as you confirm, and Visa ending in 4242 is charged."
    PaymentMethod.objects.filter(pk=method.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    assert foot() == "You get an invoice for it as soon as you confirm."


def test_payment_that_the_bank_took_back_thanks_nobody(desk: Client, invoice: Invoice, finance: User) -> None:
    payment = paid(invoice)
    refund = refunds.request(payment=payment, reason="Too much.", at=AT, by=finance, amount=kes(160))
    Refund.objects.filter(pk=refund.pk).update(status="failed")
    assert "KES 160.00. Did not arrive: it is kept as balance. Too much." in text(desk.get(payment.get_absolute_url()))
    event = Event("e", "d", About.DISPUTE, AT, reference="dp", outcome=Outcome(State.PENDING), amount=payment.money)
    disputes.record(payment=payment, event=event, at=AT)
    page = text(desk.get(payment.get_absolute_url()))
    assert "Your bank has taken this payment back" in page
    assert f'href="{CENTER}invoices/{invoice.number}/pay/"' in page
    assert "Thank you" not in page


def test_refused_card_says_why_and_offers_another_way(desk: Client, invoice: Invoice) -> None:
    answer = desk.post(f"{CENTER}invoices/{invoice.number}/pay/", {"way": "gateway:sandbox"})
    page = text(enter(desk, answer.url, DECLINED))
    assert "The bank declined the card. Ask your bank, or pay in another way." in page
    assert f"{CENTER}invoices/{invoice.number}/pay/" in page


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "This field is required"),
        ({"way": "gateway:manual"}, "Select a valid choice"),
        ({"way": "method:11111111-1111-4111-8111-111111111111"}, "Select a valid choice"),
        ({"way": "gateway:sandbox", "amount": "1160.01"}, "Between nothing and KES 1,160.00 can be paid"),
        ({"way": "gateway:sandbox", "amount": "-1"}, "greater than or equal to 0.01"),
    ],
)
def test_what_cannot_be_paid_is_said_on_the_form(
    desk: Client, invoice: Invoice, data: dict[str, str], words: str
) -> None:
    answer = desk.post(f"{CENTER}invoices/{invoice.number}/pay/", data)
    assert answer.status_code == 422
    assert words in text(answer)
    assert not Payment.objects.exists()


def test_second_payment_is_led_to_the_first(desk: Client, invoice: Invoice) -> None:
    payment = begun(invoice)
    shown = text(desk.get(CENTER))
    assert f'href="{payment.get_absolute_url()}"' in shown
    assert f"{invoice.number}/pay/" not in shown
    assert "A payment of this invoice is under way" in text(desk.get(f"{CENTER}invoices/{invoice.number}/pay/"))
    answer = desk.post(f"{CENTER}payments/{payment.public_id}/cancel/", follow=True)
    assert "The payment is cancelled. Nothing was charged." in text(answer)
    payment.refresh_from_db()
    assert payment.status == "cancelled"


def test_saved_card_pays_at_once(desk: Client, company: Company, invoice: Invoice) -> None:
    method = card(company)
    answer = desk.post(f"{CENTER}invoices/{invoice.number}/pay/", {"way": f"method:{method.public_id}"}, follow=True)
    assert "The payment has arrived." in text(answer)


def test_card_is_added_made_default_and_removed(desk: Client, company: Company) -> None:
    old = card(company)
    answer = desk.post(f"{CENTER}payment-methods/add/", {"gateway": "sandbox"})
    page = text(enter(desk, answer.url, "5555555555554444").client.get(f"{CENTER}payment-methods/"))
    assert "Mastercard ending in 4444" in page
    new = PaymentMethod.objects.get(last4="4444")
    desk.post(f"{CENTER}payment-methods/{new.public_id}/default/")
    assert "Remove Visa ending in 4242?" in text(desk.get(f"{CENTER}payment-methods/{old.public_id}/remove/"))
    page = text(desk.post(f"{CENTER}payment-methods/{old.public_id}/remove/", follow=True))
    assert "Visa ending in 4242 is removed." in page
    assert list(PaymentMethod.objects.for_company(company).values_list("last4", "is_default")) == [("4444", True)]


def test_expired_card_cannot_be_made_the_default(desk: Client, company: Company) -> None:
    used, old = card(company), card(company, "5555555555554444")
    assert f"{old.public_id}/default/" in text(desk.get(f"{CENTER}payment-methods/"))
    PaymentMethod.objects.filter(pk=old.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    page = text(desk.get(f"{CENTER}payment-methods/"))
    assert "It has expired." in page
    assert f"{old.public_id}/default/" not in page
    assert f"{used.public_id}/remove/" in page


def test_refused_card_is_said(desk: Client, company: Company) -> None:
    answer = desk.post(f"{CENTER}payment-methods/add/", {"gateway": "sandbox"})
    answer = desk.post(path_of(answer.url), {"number": DECLINED, "expires_on": "12/30"})
    page = text(desk.get(path_of(answer.url), follow=True))
    assert "The bank declined the card." in page
    assert not PaymentMethod.objects.for_company(company).exists()


@pytest.mark.parametrize(("number", "expires_on"), [("12", "12/30"), ("4242x", "12/30"), (GOOD, "13/30"), (GOOD, "")])
def test_nonsense_is_no_card(desk: Client, invoice: Invoice, number: str, expires_on: str) -> None:
    url = path_of(begun(invoice).action_url)
    assert desk.post(url, {"number": number, "expires_on": expires_on}).status_code == 200
    assert SandboxPayment.objects.get().card is None


def test_sandbox_says_the_whole_sum(desk: Client, company: Company) -> None:
    payment = begun(issued(company, "1000.50"))
    assert "KES 1,160.58" in text(desk.get(path_of(payment.action_url)))
    part = begun(issued(company, "12500.00"), amount=kes("2500.50"))
    assert "KES 2,500.50" in text(desk.get(path_of(part.action_url)))


def test_state_of_a_payment_looks_the_same_in_list_and_page(desk: Client, company: Company, invoice: Invoice) -> None:
    waiting, done, failed = begun(issued(company, "10")), paid(invoice), paid(issued(company, "20"), DECLINED)
    badge = re.compile(r'<span class="badge badge--(\w+)">(?:(?!</?span).)*<span class="truncate">([^<]+)', re.DOTALL)
    looks = {waiting: ("warning", "Waits for you"), done: ("success", "Paid"), failed: ("danger", "Failed")}
    assert set(looks.values()) <= set(badge.findall(text(desk.get(f"{CENTER}payments/"))))
    for payment, look in looks.items():
        assert look in badge.findall(text(desk.get(payment.get_absolute_url())))


def test_billing_address_is_saved(desk: Client, company: Company) -> None:
    place = {"billing_street": "Riverside Drive 8", "billing_postal_code": "00100", "billing_city": "Nairobi"}
    answer = desk.post(f"{CENTER}settings/", {**place, "billing_country": "KE", "billing_email": "pay@savanna.example"})
    company.refresh_from_db()
    assert (answer.status_code, company.billing_city, company.billing_email) == (302, "Nairobi", "pay@savanna.example")


def test_admin_sees_and_may_not_pay(company_admin: User, invoice: Invoice) -> None:
    client = client_of(company_admin)
    assert f"{invoice.number}/pay/" not in text(client.get(CENTER))
    assert client.post(f"{CENTER}invoices/{invoice.number}/pay/", {"way": "gateway:sandbox"}).status_code == 403
    assert client.post(f"{CENTER}settings/", {"billing_city": "Nairobi"}).status_code == 403
    assert not Payment.objects.exists()


def test_weight_is_the_same_for_one_and_many(desk: Client, company: Company, invoice: Invoice) -> None:
    paid(invoice)
    issued(company, "10")
    addresses = (CENTER, f"{CENTER}payments/", f"{CENTER}payment-methods/", "/api/business/v1/payments/")

    def weights() -> list[int]:
        found = []
        for address in addresses:
            desk.get(address)
            with CaptureQueriesContext(connection) as caught:
                assert desk.get(address).status_code == 200
            found.append(len(caught))
        return found

    few = weights()
    for _ in range(8):
        paid(issued(company, "10"))
        issued(company, "10")
        card(company)
    assert weights() == few
    assert max(few) <= 15


@pytest.mark.parametrize(("who", "offers"), [("owner", True), ("billing_member", True), ("company_admin", False)])
def test_invoice_and_list_offer_to_pay_to_whoever_may(
    who: str, offers: bool, invoice: Invoice, company: Company, request: pytest.FixtureRequest
) -> None:
    done = issued(company, "10")
    paid(done)
    client = client_of(request.getfixturevalue(who))
    for address in (f"{CENTER}invoices/", f"{CENTER}invoices/{invoice.number}/"):
        page = text(client.get(address))
        assert (f'href="{CENTER}invoices/{invoice.number}/pay/"' in page) is offers, address
        assert f"{done.number}/pay/" not in page
    assert f"{done.number}/pay/" not in text(client.get(f"{CENTER}invoices/{done.number}/"))


def test_overview_sums_what_is_due_and_leads_on(desk: Client, company: Company, invoice: Invoice) -> None:
    paid(invoice, amount=kes(160))
    issued(company, "100")
    page = text(desk.get(CENTER))
    assert "KES 1,116.00 are to be paid" in page
    assert "No bill is coming" in page
    for address in (
        "/customer/subscriptions/",
        f"{CENTER}statement/",
        f"{CENTER}payment-methods/",
        f"{CENTER}settings/",
    ):
        assert f'href="{address}"' in page


def test_overview_shows_the_next_bill_line_by_line(desk: Client, owner: User, company: Company) -> None:
    now = timezone.now().replace(microsecond=0)
    plan = PlanFactory.create(name="Starter", slug="starter", month=3100)
    subscription = subscribed(company, plan, owner, at=now)
    page = text(desk.get(CENTER))
    day = timezone.localtime(subscription.period_ends_at)
    assert f"KES 3,596.00</span> on {day.day} {day:%B %Y}." in page
    assert ("ERP Starter, monthly" in page, "KES 3,100.00" in page, "KES 496.00" in page) == (True, True, True)


def test_phone_is_asked_for_by_the_name_of_its_gateway_where_it_is_offered(
    desk: Client, invoice: Invoice, settings: Any
) -> None:
    address = f"{CENTER}invoices/{invoice.number}/pay/"
    assert 'name="phone"' not in text(desk.get(address))
    settings.MPESA_CONSUMER_KEY = settings.MPESA_CONSUMER_SECRET = settings.MPESA_PASSKEY = "x"
    settings.MPESA_SHORTCODE = "174379"
    page = text(desk.get(address))
    assert "Phone number for M-Pesa" in page
    assert 'name="phone"' in page


def test_pay_link_shows_its_invoice_alone_and_takes_the_money(company: Company, invoice: Invoice) -> None:
    other = issued(company, "77777")
    client, url = Client(), links.path_to(invoice)
    page = client.get(url)
    # Without any referrer browsers would send the form from an origin "null", which is refused.
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("same-origin", "noindex")
    assert "KES 1,160.00 to pay by 5 December 2026" in text(page)
    assert str(other.number) not in text(page)
    card(company)
    assert "4242" not in text(client.get(url))
    answer = client.post(url, {"way": "gateway:sandbox", "amount": "160"})
    done = text(enter(client, answer.url, GOOD))
    assert "Your payment has arrived." in done
    assert "KES 1,000.00" in done
    answer = client.post(url, {"way": "gateway:sandbox"})
    assert "It is paid: thank you." in text(enter(client, answer.url, GOOD))
    payment = Payment.objects.newest().first()
    assert payment is not None
    assert (payment.made_by, payment.asked_for, difference()) == (None, kes(1000), "")


def test_pay_link_of_an_open_payment_can_be_cancelled(invoice: Invoice) -> None:
    client, url = Client(), links.path_to(invoice)
    client.post(url, {"way": "gateway:sandbox"})
    assert "One more step" in text(client.get(url))
    client.post(url, {"cancel": "yes"})
    assert Payment.objects.get().status == "cancelled"


def test_link_does_not_cancel_what_the_company_began(invoice: Invoice, owner: User) -> None:
    Payment.objects.filter(pk=begun(invoice).pk).update(made_by=owner)
    client, url = Client(), links.path_to(invoice)
    assert "Come back in a few minutes." in text(client.get(url))
    client.post(url, {"cancel": "yes"})
    assert Payment.objects.get().status == "needs_action"


def test_forged_and_old_links_lead_nowhere(invoice: Invoice, other_company: Company) -> None:
    token = links.token_of(invoice)
    foreign = signing.dumps(invoice.public_id.hex, salt="another")
    for wrong in (token[:-1] + ("A" if token[-1] != "A" else "B"), foreign, "x", token.replace(":", ".")):
        assert Client().get(f"/pay/{wrong}/").status_code == 404
    real = signing.time.time
    signing.time.time = lambda: real() + timedelta(days=90, seconds=2).total_seconds()
    try:
        assert Client().get(f"/pay/{token}/").status_code == 404
    finally:
        signing.time.time = real


def test_stranger_finds_nothing(stranger: User, company: Company, invoice: Invoice) -> None:
    client, method, payment = client_of(stranger), card(company), paid(issued(company, "10"))
    assert client.post(f"{CENTER}payment-methods/{method.public_id}/remove/").status_code == 404
    assert client.get(f"{CENTER}payments/{payment.public_id}/").status_code == 404
    assert client.post(f"{CENTER}invoices/{invoice.number}/pay/", {"way": "gateway:sandbox"}).status_code == 404
    assert PaymentMethod.objects.for_company(company).count() == 1
    assert timezone.now() > payment.created_at


def test_settings_name_each_reminder_once_and_nothing_of_staff(owner: User) -> None:
    page = client_of(owner).get("/customer/notifications/settings/")
    named = [kind for group in page.context["form"].groups() for row in group["rows"] for kind in row["kinds"]]
    assert named.count("An invoice is due today") == 1
    assert [kind for kind in named if "staff" in kind or "SMS" in kind] == []
