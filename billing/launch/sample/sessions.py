"""Who is signed in to the product: kept here, so that the portal can end it; browsers hold nothing but a random key."""

import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from billing.launch.sample.portal import Closed, Portal

# Tokens are refreshed so long before they run out.
EARLY = 60


@dataclass
class SignedIn:
    """A member in the product; `sid` is the portal's name of the session."""

    sub: str
    sid: str
    token: dict[str, Any]
    claims: dict[str, Any]
    checked_at: float = field(default_factory=time.time)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Sessions:
    """All who are signed in, by key. `seconds` is for how long what the portal said last is taken for true."""

    def __init__(self, portal: Portal, *, seconds: float) -> None:
        self.portal, self.seconds = portal, seconds
        self.by_key: dict[str, SignedIn] = {}
        self.lock = threading.Lock()

    def begin(self, token: dict[str, Any]) -> tuple[str, SignedIn]:
        """Keep a member whom the portal has signed in, and return the key. Raises Closed."""
        told = token["userinfo"]
        claims = self.portal.claims(token, sub=told["sub"])
        key = secrets.token_urlsafe(32)
        member = SignedIn(told["sub"], told.get("sid", ""), token, claims)
        with self.lock:
            self.by_key[key] = member
        return key, member

    def find(self, key: str) -> SignedIn | None:
        """The member of a key, while the portal lets them in; asked anew when that was said too long ago."""
        with self.lock:
            found = self.by_key.get(key)
        if found is None or self._may_stay(found):
            return found
        self.end(key)
        return None

    def _may_stay(self, member: SignedIn) -> bool:
        with member.lock:
            now = time.time()
            if now - member.checked_at < self.seconds:
                return True
            try:
                if member.token["expires_at"] < now + EARLY:
                    member.token = member.token | self.portal.refreshed(member.token)
                member.claims = self.portal.claims(member.token, sub=member.sub)
            except Closed:
                return False
            except OSError:
                # The portal does not answer: what it said last holds until the token runs out.
                return bool(member.token["expires_at"] > now)
            member.checked_at = now
            return True

    def end(self, key: str) -> SignedIn | None:
        """Forget a member."""
        with self.lock:
            return self.by_key.pop(key, None)

    def end_named(self, *, sid: str, sub: str) -> int:
        """Forget the session of this `sid`, or without one all of a person; return how many."""
        with self.lock:
            keys = [key for key, one in self.by_key.items() if (one.sid == sid if sid else one.sub == sub)]
            for key in keys:
                del self.by_key[key]
        return len(keys)

    def members(self) -> Iterator[SignedIn]:
        """All who are signed in."""
        with self.lock:
            yield from list(self.by_key.values())
