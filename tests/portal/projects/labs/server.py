"""A Labs of our own, by what public clients say of the real one (shared/data/buildly/FACTS.md)."""

import base64
import hashlib
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.billing.payments.gateways.servers import Answer, Asked, serving

JOHN = "0b9f3f0e-6a3f-4d7b-9e0f-3d0f9c2a1b11"
JANE = "1c0f3f0e-6a3f-4d7b-9e0f-3d0f9c2a1b22"
SHOP = "aaaa3f0e-6a3f-4d7b-9e0f-3d0f9c2a1b33"
BARN = "bbbb3f0e-6a3f-4d7b-9e0f-3d0f9c2a1b44"
CLIENT, SECRET = "portal", "client-secret-never-told"


def person(uuid: str, **other: Any) -> dict[str, Any]:
    """Somebody as /me tells of them."""
    return {
        "id": 123,
        "uuid": uuid,
        "email": "user@example.com",
        "first_name": "John",
        "last_name": "Doe",
        "avatar_url": None,
        "organization_uuid": "5f0c1e9a-2222-4b7e-8a77-0d4b5b3c9f00",
        **other,
    }


@dataclass
class Labs:
    """People, codes, tokens, projects; `faults` answers instead, by path."""

    url: str = ""
    wrapped: bool = True
    lives_seconds: int | None = 3600
    rotates: bool = True
    api_header: str = "x-api-token"
    people: dict[str, dict[str, Any]] = field(default_factory=lambda: {JOHN: person(JOHN), JANE: person(JANE)})
    products: list[dict[str, Any]] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    access: dict[str, str] = field(default_factory=dict)
    refresh: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    faults: dict[str, Callable[[Asked], Answer]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    lock: Any = field(default_factory=Lock)
    thinks_seconds: float = 0

    def agree(self, address: str, who: str) -> dict[str, str]:
        """What somebody who agrees at the page of `address` is sent back with."""
        query = dict(parse_qsl(urlsplit(address).query))
        assert (query["response_type"], query["client_id"], query["code_challenge_method"]) == ("code", CLIENT, "S256")
        code = secrets.token_urlsafe(8)
        self.codes[code] = (who, query["code_challenge"], query["redirect_uri"])
        return {"code": code, "state": query["state"]}

    def give(self, who: str, *, refresh: bool = True) -> dict[str, Any]:
        """A pair of tokens."""
        access, renewing = f"access-{secrets.token_hex(8)}", f"refresh-{secrets.token_hex(8)}"
        self.access[access] = who
        given: dict[str, Any] = {"access_token": access, "token_type": "Bearer", "scope": "read"}
        if self.lives_seconds is not None:
            given["expires_in"] = self.lives_seconds
        if refresh:
            self.refresh[renewing] = who
            given["refresh_token"] = renewing
        return given

    def key(self, who: str) -> str:
        """An API token."""
        key = f"key-{secrets.token_hex(8)}"
        self.keys[key] = who
        return key

    def count(self, path: str) -> int:
        """How often an address was asked for."""
        return sum(asked.path == path for asked in self.asked)

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        if fault := self.faults.get(asked.path):
            return fault(asked)
        if asked.path == "/oauth/token":
            time.sleep(self.thinks_seconds)
            return self._token(dict(asked.form))
        who = self._who(asked)
        if who is None:
            return Answer({"detail": "Authentication credentials were not provided."}, 401)
        return self._data(asked, who)

    def _token(self, form: dict[str, str]) -> Answer:
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            return Answer({"error": "invalid_client"}, 401)
        with self.lock:
            if form["grant_type"] == "authorization_code":
                who, challenge, address = self.codes.pop(form["code"], ("", "", ""))
                digest = hashlib.sha256(form["code_verifier"].encode()).digest()
                is_theirs = base64.urlsafe_b64encode(digest).decode().rstrip("=") == challenge
                if not who or not is_theirs or address != form["redirect_uri"]:
                    return Answer({"error": "invalid_grant"}, 400)
                return Answer(self.give(who))
            old = form["refresh_token"]
            who = self.refresh.pop(old, "") if self.rotates else self.refresh.get(old, "")
            if not who:
                return Answer({"error": "invalid_grant"}, 400)
            return Answer(self.give(who, refresh=self.rotates))

    def _who(self, asked: Asked) -> str | None:
        bearer = asked.headers.get("authorization", "").removeprefix("Bearer ")
        return self.access.get(bearer) or self.keys.get(
            bearer if self.api_header == "authorization" else asked.headers.get(self.api_header, "")
        )

    def _data(self, asked: Asked, who: str) -> Answer:
        query = dict(asked.query)
        name = asked.path.removeprefix("/api/v1/")
        if name == "me":
            return self._wrap(self.people[who])
        if name == "products":
            start = int(query["offset"])
            return self._wrap(self.products[start : start + int(query["limit"])])
        found = self.details.get(f"{name} {query.get('product_id')}")
        return Answer({"detail": "Not found."}, 404) if found is None else self._wrap(found)

    def _wrap(self, body: Any) -> Answer:
        return Answer({"data": body} if self.wrapped else body)


@contextmanager
def running(labs: Labs) -> Iterator[Labs]:
    """The server, for as long as it is needed."""
    with serving(labs.answer) as url:
        labs.url = url
        yield labs
