"""Daraja for tests, over HTTP: tokens, pushes, status queries, with bodies that mpesakit and php-mpesa record."""

from base64 import b64decode, b64encode
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from tests.billing.payments.gateways import data
from tests.billing.payments.gateways.servers import Answer, Asked

PASSKEY = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919"
WANTED = {
    "BusinessShortCode": str,
    "Password": str,
    "Timestamp": str,
    "TransactionType": str,
    "Amount": int,
    "PartyA": str,
    "PartyB": str,
    "PhoneNumber": str,
    "CallBackURL": str,
    "AccountReference": str,
    "TransactionDesc": str,
}


def recorded(part: str, *, has: str) -> list[Any]:
    """Recorded bodies of a part of Daraja that hold this name."""
    found = data.read("kenya", "daraja-mpesakit-payloads.json")
    return [deepcopy(one["json"]) for one in found if part in one["file"] and has in one["json"]]


def accepted() -> dict[str, Any]:
    """What Daraja answers to a push."""
    return dict(next(one for one in recorded("mpesa_express", has="CustomerMessage")))


def queried() -> dict[str, Any]:
    """What Daraja answers to a status query: this one was cancelled."""
    found = data.read("kenya", "daraja-php-mpesa.json")
    return dict(next(one["json"] for one in found if "CheckoutRequestID" in one["json"]))


def error(code: str, message: str = "Details for programmers", status: int = 500) -> Answer:
    """What Daraja answers when it did nothing."""
    return Answer({"requestId": "4788-81090592-4", "errorCode": code, "errorMessage": message}, status=status)


@dataclass
class FakeDaraja:
    """What it was asked, and what it answers to the next push, or query."""

    tokens: int = 0
    valid: int = 1
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    token: Answer | None = None

    def __call__(self, asked: Asked) -> Answer:
        """Answer one request."""
        if asked.path == "/oauth/v1/generate":
            return self._token(asked)
        if asked.headers["authorization"] != f"Bearer token-{self.valid}":
            return error("404.001.03", "Invalid Access Token", 404)
        body = asked.json
        self.asked.append((asked.path, body))
        word = b64decode(body["Password"]).decode()
        if word != f"174379{PASSKEY}{body['Timestamp']}":
            return error("500.001.1001", "Wrong credentials")
        if asked.path == "/mpesa/stkpush/v1/processrequest":
            wrong = [name for name, kind in WANTED.items() if type(body.get(name)) is not kind]
            if wrong or set(body) != set(WANTED) or len(body["AccountReference"]) > 12:
                return error("400.002.02", f"Bad Request - Invalid {wrong}", 400)
        return self.answers.pop(0) if self.answers else Answer(accepted())

    def _token(self, asked: Asked) -> Answer:
        known = b64encode(b"key:secret").decode()
        if asked.headers["authorization"] != f"Basic {known}" or asked.query != [("grant_type", "client_credentials")]:
            return Answer(b"", status=400)
        if self.token:
            return self.token
        self.tokens += 1
        self.valid = self.tokens
        return Answer({"access_token": f"token-{self.tokens}", "expires_in": "3599"})
