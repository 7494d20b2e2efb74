"""Reports of the mail provider: checked, kept raw, processed once, in any order. Bodies are MailerSend's own."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from portal.notifications.models import BlockedAddress, Delivery, MailEvent, Notification
from portal.notifications.services import addresses, mail_events
from portal.notifications.services.addresses import TooSoon
from tests.portal.core.threads import race
from tests.portal.notifications.telling import tell

ADDRESS = "/webhooks/mailersend/"
SECRET = "a-signing-secret"
PAYLOADS = Path(__file__).resolve().parents[4] / "shared/data/mailersend/anymail-payloads.json"


@pytest.fixture(autouse=True)
def secret(settings: Any, db: None) -> None:
    settings.MAILERSEND_WEBHOOK_SECRETS = ["", "the-next-secret", SECRET]


def event(
    kind: str, *, email: str = "owner@savanna.example", event_id: str = "1", message: str = "m1", **fields
) -> dict:
    data = {
        "id": event_id,
        "type": kind,
        "created_at": timezone.now().isoformat(),
        "email": {"message": {"id": message}, "recipient": {"email": email}},
        "morph": {"object": "recipient_bounce", "reason": "Host or domain name not found"},
    }
    return {"type": f"activity.{kind}", "data": data | fields}


def post(body: dict | bytes, *, signature: str | None = None) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    signed = hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest() if signature is None else signature
    return Client().post(ADDRESS, raw, content_type="application/json", headers={"Signature": signed})


def process_all() -> None:
    for pk in MailEvent.objects.values_list("pk", flat=True):
        mail_events.process(pk)


def nothing_was_kept() -> bool:
    return not MailEvent.objects.exists() and not BlockedAddress.objects.exists()


@pytest.mark.parametrize("kind", ["hard_bounced", "spam_complaint", "unsubscribed"])
def test_address_is_blocked_and_its_owner_told(owner: User, kind: str, queue: list) -> None:
    assert post(event(kind)).status_code == 202
    assert not BlockedAddress.objects.exists(), "kept first"
    process_all()
    assert BlockedAddress.objects.of("Owner@Savanna.example").get().reason != ""
    (notification,) = Notification.objects.all()
    assert (notification.recipient, notification.subject) == (owner, "We cannot reach you at owner@savanna.example")
    assert Delivery.objects.count() == 0, "no e-mail about e-mails that do not arrive"


@pytest.mark.parametrize("kind", ["sent", "delivered", "soft_bounced", "opened", "clicked", "something_new"])
def test_other_reports_block_nobody(owner: User, kind: str) -> None:
    assert post(event(kind)).status_code == 202
    process_all()
    assert (BlockedAddress.objects.count(), Notification.objects.count()) == (0, 0)
    assert MailEvent.objects.get().state == "done"


def test_the_same_report_counts_once(owner: User) -> None:
    body = event("hard_bounced")
    assert [post(body).status_code for _ in range(3)] == [202, 200, 200]
    process_all()
    process_all()
    assert (MailEvent.objects.count(), BlockedAddress.objects.count(), Notification.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize("order", [("delivered", "hard_bounced"), ("hard_bounced", "delivered")])
def test_order_does_not_matter(owner: User, order: tuple[str, ...]) -> None:
    tell(owner)
    Delivery.objects.update(state="done", outcome="sent", reference="m1")
    for number, kind in enumerate(order):
        post(event(kind, event_id=str(number)))
    process_all()
    assert Delivery.objects.get().outcome == "bounced"
    assert BlockedAddress.objects.count() == 1


@pytest.mark.parametrize("signature", ["", "0" * 64, "nonsense", "é" * 64])
def test_wrong_signature_is_refused(signature: str) -> None:
    assert post(event("hard_bounced"), signature=signature).status_code == 403
    assert nothing_was_kept()


def test_changed_body_is_refused() -> None:
    raw = json.dumps(event("hard_bounced")).encode()
    signature = hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()
    assert post(raw.replace(b"owner@", b"other@"), signature=signature).status_code == 403
    assert nothing_was_kept()


def test_nothing_is_believed_without_a_secret(settings) -> None:
    settings.MAILERSEND_WEBHOOK_SECRETS = [""]
    raw = json.dumps(event("hard_bounced")).encode()
    assert post(raw, signature=hmac.new(b"", raw, hashlib.sha256).hexdigest()).status_code == 403
    assert nothing_was_kept()


@pytest.mark.parametrize("age", [timedelta(hours=49), -timedelta(minutes=6)])
def test_old_and_future_reports_are_refused(age: timedelta) -> None:
    answer = post(event("hard_bounced", created_at=(timezone.now() - age).isoformat()))
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:portal:problem:too_old")
    assert nothing_was_kept()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"type": "activity.sent"}',
        b'{"data": {"created_at": "x"}}',
        b"[" * 20_000,
        b'{"data": {"created_at": 5}}',
        b'{"a": "\\u0000"}',
        b'{"data": {"created_at": "2026-99-99T00:00:00Z"}}',
    ],
)
def test_what_cannot_be_read_is_refused(body: bytes) -> None:
    answer = post(body)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert nothing_was_kept()


@pytest.mark.parametrize("signature", [None, "0" * 64])
def test_huge_body_is_refused(signature: str | None) -> None:
    assert post(b'{"a": "' + b"x" * 1_048_576 + b'"}', signature=signature).status_code == 413
    assert nothing_was_kept()


@pytest.mark.parametrize(
    "data", [{"email": None}, {"email": {"recipient": None}}, {"email": {"recipient": {"email": 5}}}]
)
def test_report_without_an_address_blocks_nobody(data: dict) -> None:
    assert post(event("hard_bounced", **data)).status_code == 202
    process_all()
    assert Notification.objects.count() == 0


@pytest.mark.skipif(not PAYLOADS.exists(), reason="MISSING: shared/data/mailersend")
def test_real_reports_are_understood() -> None:
    reports = [row["json"] for row in json.loads(PAYLOADS.read_text()) if row["name"] == "raw_event"]
    assert len(reports) == 8
    for report in reports:
        report["data"]["created_at"] = timezone.now().isoformat()
        assert post(report).status_code == 202
    process_all()
    assert sorted(BlockedAddress.objects.values_list("address", "reason")) == [
        ("invalid@example.com", "bounced"),
        ("recipient@example.com", "complained"),
    ]


def test_replaying_changes_nothing_that_is_right_and_mends_what_is_not(owner: User) -> None:
    post(event("hard_bounced"))
    process_all()
    for expected in (1, 1):
        out = StringIO()
        call_command("replay_mail_events", stdout=out)
        assert (out.getvalue(), BlockedAddress.objects.count()) == ("1 reports replayed\n", expected)
    assert Notification.objects.count() == 1
    BlockedAddress.objects.all().delete()
    call_command("replay_mail_events", days=1, stdout=StringIO())
    assert BlockedAddress.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_report_that_comes_several_times_at_once_is_kept_once() -> None:
    raw = json.dumps(event("hard_bounced")).encode()
    statuses = race(lambda _number: post(raw).status_code, threads=6)
    assert sorted(statuses) == [200] * 5 + [202]
    (pk,) = MailEvent.objects.values_list("pk", flat=True)
    assert sorted(race(lambda _number: mail_events.process(pk), threads=6)) == [False] * 5 + [True]
    assert BlockedAddress.objects.count() == 1


def test_owner_lets_us_try_again_after_a_day(owner: User) -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    addresses.block(address="owner@savanna.example", reason="bounced", details="", at=at)
    with pytest.raises(TooSoon):
        addresses.lift(user=owner, at=at + timedelta(hours=23))
    assert BlockedAddress.objects.count() == 1
    addresses.lift(user=owner, at=at + timedelta(days=1))
    assert BlockedAddress.objects.count() == 0
