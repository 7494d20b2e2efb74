"""SMS through Africa's Talking, against a server that speaks its published shape."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import pytest

from portal.accounts.models import User
from portal.notifications.errors import NotAccepted, OutcomeUnknown
from portal.notifications.models import ContactSettings, Delivery, OutboxMessage
from portal.notifications.services import deliveries
from portal.notifications.sms import africas_talking, send
from tests.portal.notifications.conftest import AT
from tests.portal.notifications.telling import facts, tell


@dataclass
class Provider:
    """What it answers, and what it was asked."""

    status: int = 201
    answer: Any = None
    asked: list[dict[str, Any]] = field(default_factory=list)


def recipient(code: int, status: str) -> dict[str, Any]:
    row = {
        "statusCode": code,
        "number": "+254712345678",
        "status": status,
        "cost": "KES 0.8000",
        "messageId": "ATXid_1",
    }
    return {"SMSMessageData": {"Message": "Sent to 1/1 Total Cost: KES 0.8000", "Recipients": [row]}}


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    found = Provider(answer=recipient(101, "Success"))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked = {name: values[0] for name, values in parse_qs(body).items()}
            found.asked.append({"path": self.path, "key": self.headers["apiKey"], **asked})
            if found.answer is None:
                self.connection.close()
                return
            self.send_response(found.status)
            self.end_headers()
            raw = found.answer if isinstance(found.answer, bytes) else json.dumps(found.answer).encode()
            self.wfile.write(raw)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.SMS_BACKEND = "portal.notifications.sms.africas_talking"
    settings.SMS_URL = f"http://127.0.0.1:{server.server_port}/version1/messaging"
    settings.SMS_USERNAME, settings.SMS_API_KEY, settings.SMS_SENDER = "sandbox", "secret", "TAMARIND"
    yield found
    server.shutdown()
    server.server_close()


def test_request_has_the_published_shape(provider: Provider) -> None:
    assert send(to="+254712345678", text="Habari & karibu") == "ATXid_1"
    assert provider.asked == [
        {
            "path": "/version1/messaging",
            "key": "secret",
            "username": "sandbox",
            "to": "+254712345678",
            "message": "Habari & karibu",
            "from": "TAMARIND",
        }
    ]


@pytest.mark.parametrize(
    ("status", "answer", "error", "words"),
    [
        (201, recipient(403, "InvalidPhoneNumber"), NotAccepted, "InvalidPhoneNumber"),
        (201, recipient(405, "InsufficientBalance"), NotAccepted, "InsufficientBalance"),
        (201, {"SMSMessageData": {"Message": "InvalidSenderId", "Recipients": []}}, NotAccepted, "InvalidSenderId"),
        (401, b"The supplied authentication is invalid", NotAccepted, "401"),
        (302, b"", NotAccepted, "302"),
        (500, b"oops", OutcomeUnknown, "500"),
        (201, b"<html>", OutcomeUnknown, "could not be read"),
        (201, None, OutcomeUnknown, "ConnectionError"),
    ],
)
def test_answers_are_told_apart(provider: Provider, status: int, answer: Any, error: type, words: str) -> None:
    provider.status, provider.answer = status, answer
    with pytest.raises(error, match=words):
        africas_talking.send(to="+254712345678", text="Habari")
    assert len(provider.asked) == 1


def test_provider_that_is_not_there_took_nothing(settings) -> None:
    settings.SMS_URL = "http://127.0.0.1:9/version1/messaging"
    with pytest.raises(NotAccepted):
        africas_talking.send(to="+254712345678", text="Habari")


def sms_to(user: User) -> Delivery:
    tell(user, kind="payment_failed")
    return Delivery.objects.get(channel="sms")


def test_urgent_news_comes_by_sms_with_a_link(owner: User, provider: Provider) -> None:
    ContactSettings.objects.create(user=owner, phone="+254712345678", phone_confirmed_at=AT)
    delivery = sms_to(owner)
    deliveries.send(delivery.pk)
    deliveries.send(delivery.pk)
    assert (facts(delivery), delivery.reference) == (("done", "sent", 1), "ATXid_1")
    assert [asked["message"] for asked in provider.asked] == [
        f"A payment failed http://127.0.0.1:8000/customer/notifications/{delivery.notification.public_id}/"
    ]


@pytest.mark.parametrize("phone", ["", "+254712345678"])
def test_without_a_confirmed_number_it_is_skipped(owner: User, provider: Provider, phone: str) -> None:
    ContactSettings.objects.create(user=owner, phone=phone)
    delivery = sms_to(owner)
    deliveries.send(delivery.pk)
    assert (facts(delivery), provider.asked) == (("done", "skipped", 1), [])


def test_outbox_keeps_texts_by_default(db: None) -> None:
    send(to="+254712345678", text="Habari")
    assert list(OutboxMessage.objects.values_list("channel", "recipients", "text")) == [
        ("sms", "+254712345678", "Habari")
    ]
