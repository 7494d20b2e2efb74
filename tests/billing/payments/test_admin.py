"""Payments in the Wagtail admin: registers, buttons that call services, and what needs somebody."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from wagtail.admin.icons import get_icons

from billing.invoicing.models import Invoice
from billing.invoicing.wagtail_hooks.actions import STATES
from billing.payments.gateways.base import About, Event, Outcome, State
from billing.payments.models import Dispute, Payment, Refund, StatementLine, WebhookMessage
from billing.payments.services import disputes, refunds
from billing.payments.wagtail_hooks.actions import ReturnMoneyView
from portal.accounts.models import Company, User
from portal.activity.registers import Register
from portal.approvals.models import Approval
from tests.billing.invoicing.books import AT
from tests.billing.payments.conftest import paid
from tests.cast import client_of

pytestmark = pytest.mark.django_db
REGISTERS = "/admin/registers"


@pytest.fixture
def desk(finance: User, portal_site: None) -> Client:
    return client_of(finance)


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode().replace("\N{NO-BREAK SPACE}", " "))


@pytest.fixture
def everything(invoice: Invoice, finance: User) -> dict[str, Any]:
    """One record of each register."""
    payment = paid(invoice, amount=invoice.due / 2)
    event = Event("e", "d", About.DISPUTE, AT, reference="dp_1", outcome=Outcome(State.PENDING), amount=payment.money)
    other = paid(invoice)
    disputes.record(payment=other, event=event, at=AT)
    refund = refunds.request(payment=payment, reason="Too much.", at=AT, by=finance)
    message = WebhookMessage.objects.create(gateway="sandbox", body=b"<b>", headers={"a": "<i>"}, received_at=AT)
    return {"payments": payment, "refunds": refund, "disputes": Dispute.objects.get(), "webhooks": message}


def test_registers_list_and_show(desk: Client, everything: dict[str, Any]) -> None:
    for name, record in everything.items():
        assert str(record)[:12] in text(desk.get(f"{REGISTERS}/{name}/")), name
        assert desk.get(f"{REGISTERS}/{name}/inspect/{record.pk}/").status_code == 200
    assert "&lt;b&gt;" in text(desk.get(f"{REGISTERS}/webhooks/inspect/{everything['webhooks'].pk}/"))
    # Nine in the morning in UTC is noon in Nairobi.
    assert "21 November 2026, 12:00" in text(desk.get(f"{REGISTERS}/payments/inspect/{everything['payments'].pk}/"))
    assert desk.get(f"{REGISTERS}/payments/?status=succeeded&export=csv").status_code == 200


@pytest.mark.parametrize("register", ["invoices", "ledger", "payments", "refunds", "disputes", "transfers"])
def test_amounts_of_registers_end_under_one_another(register: str, desk: Client, everything: dict[str, Any]) -> None:
    upload = SimpleUploadedFile("november.csv", b"date,amount,reference,details\n2026-11-21,5,FT2,?\n")
    desk.post(f"{REGISTERS}/transfers/import/", {"file": upload, "currency": "KES"})
    page = text(desk.get(f"{REGISTERS}/{register}/"))
    amounts = re.findall(r"<td( class=\"figure\")?>\s*KES [\d,.]+\s*</td>", page)
    assert amounts
    assert set(amounts) == {' class="figure"'}


def test_every_register_and_button_has_an_icon_that_there_is() -> None:
    registers = {
        *Register.__subclasses__(),
        *(child for row in Register.__subclasses__() for child in row.__subclasses__()),
    }
    named = {row.icon for row in registers if getattr(row, "icon", None)} | {ReturnMoneyView.header_icon}
    named |= {icon for buttons in STATES.values() for _name, _label, icon in buttons}
    sprite = get_icons()
    assert len(registers) > 8
    assert {icon for icon in named if f'id="icon-{icon}"' not in sprite} == set()


def test_days_to_come_are_said_by_their_date(desk: Client, invoice: Invoice) -> None:
    page = text(desk.get(f"{REGISTERS}/invoices/"))
    assert "21 Nov 2026" in page
    assert "5 Dec 2026" in page
    assert "Just now" not in page


def test_support_and_editors_see_no_payments(support: User, editor: User, portal_site: None) -> None:
    for person in (support, editor):
        for name in ("payments", "refunds", "disputes", "webhooks", "transfers"):
            assert client_of(person).get(f"{REGISTERS}/{name}/").status_code in (302, 403), name
        assert client_of(person).get(f"{REGISTERS}/transfers/import/").status_code in (302, 403)


def test_refund_is_asked_for_by_a_button(desk: Client, invoice: Invoice) -> None:
    payment = paid(invoice)
    assert "Return money" in text(desk.get(f"{REGISTERS}/payments/inspect/{payment.pk}/"))
    address = f"{REGISTERS}/payments/refund/{payment.pk}/"
    assert "Of this payment KES 1,160.00 can be returned." in text(
        desk.post(address, {"amount": "9999", "reason": "x"})
    )
    assert not Refund.objects.exists()
    assert desk.post(address, {"amount": "160", "reason": "Two months too many."}).status_code == 302
    assert str(Refund.objects.get().amount) == "160.0000"
    assert Approval.objects.get().kind == "refund"


def test_statement_is_imported_and_a_transfer_assigned(desk: Client, company: Company, invoice: Invoice) -> None:
    body = f"date,amount,reference,details\n2026-11-21,1160,FT1,{invoice.number}\n2026-11-21,5,FT2,?\n"
    upload = SimpleUploadedFile("november.csv", body.encode())
    answer = desk.post(f"{REGISTERS}/transfers/import/", {"file": upload, "currency": "KES"}, follow=True)
    assert "New transfers: 2, of them booked: 1." in text(answer)
    line = StatementLine.objects.get(state="waiting")
    assert "Say whose it is" in text(desk.get(f"{REGISTERS}/transfers/inspect/{line.pk}/"))
    address = f"{REGISTERS}/transfers/assign/{line.pk}/"
    assert "There is no invoice with this number." in text(desk.post(address, {"invoice": "INV-0"}))
    assert desk.post(address, {"company": company.slug}).status_code == 302
    line.refresh_from_db()
    assert (line.state, Payment.objects.count()) == ("matched", 2)


def test_nonsense_is_no_statement(desk: Client) -> None:
    upload = SimpleUploadedFile("x.csv", b"nonsense")
    page = text(desk.post(f"{REGISTERS}/transfers/import/", {"file": upload, "currency": "KES"}))
    assert "The first line has to name a column" in page


def test_transfer_is_recorded_by_hand(desk: Client, invoice: Invoice) -> None:
    values = {"amount": "1160", "currency": "KES", "reference": "FT7", "invoice": invoice.number}
    assert desk.post(f"{REGISTERS}/transfers/record/", values).status_code == 302
    assert "is recorded already" in text(desk.post(f"{REGISTERS}/transfers/record/", values))
    invoice.refresh_from_db()
    assert (invoice.status, Payment.objects.count()) == ("paid", 1)


def test_webhook_is_processed_again_by_a_button(desk: Client) -> None:
    message = WebhookMessage.objects.create(
        gateway="sandbox", body=b"{}", signature="good", state="failed", received_at=AT, finished_at=AT
    )
    assert desk.post(f"{REGISTERS}/webhooks/replay/{message.pk}/").status_code == 302
    message.refresh_from_db()
    assert message.state == "queued"


def test_home_says_what_needs_somebody(desk: Client, support: User) -> None:
    assert "Payments that need somebody" not in text(desk.get("/admin/"))
    WebhookMessage.objects.create(
        gateway="sandbox", body=b"{}", signature="good", state="failed", received_at=AT, finished_at=AT
    )
    assert "Webhooks that could not be processed: <strong>1</strong>" in text(desk.get("/admin/"))
    assert "Webhooks that could" not in text(client_of(support).get("/admin/"))


def test_home_tells_of_old_refunds_that_failed_lately(desk: Client, invoice: Invoice, finance: User) -> None:
    refund = refunds.request(payment=paid(invoice), reason="Too much.", at=AT, by=finance)
    now = timezone.now()
    Refund.objects.update(status="failed", created_at=now - timedelta(days=90), closed_at=now)
    assert "Refunds that failed in the last 30 days" in text(desk.get("/admin/"))
    page = text(desk.get(f"{REGISTERS}/refunds/?status=failed"))
    assert f"{REGISTERS}/refunds/inspect/{refund.pk}/" in page


def test_steps_of_dunning_are_edited(desk: Client) -> None:
    assert desk.get("/admin/snippets/payments/dunningstep/").status_code == 200
    values = {"days": "10", "action": "remind", "channel": "email", "is_active": "on"}
    assert desk.post("/admin/snippets/payments/dunningstep/add/", values).status_code == 302
