"""A way to Labs and back: bound to the browser's session, good once, and for ten minutes (RFC 6749, 10.12)."""

import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from portal.projects.labs import oauth
from portal.projects.labs.errors import LabsError

SESSION_KEY = "labs"
SECONDS = 600
LINK, SIGN_IN = "link", "sign_in"


class WayLost(LabsError):
    """Whoever comes back did not leave from this browser, or long ago, or came back before."""

    code = "labs_way_lost"


@dataclass(frozen=True, slots=True)
class Way:
    """Where somebody was going; `user` is whose account is to be linked."""

    purpose: str
    user: int | None
    next: str
    verifier: str


def begin(request: HttpRequest, *, purpose: str, next_url: str = "") -> str:
    """Note where the browser is going, and return the address at Labs. A way that was begun before is forgotten."""
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
    request.session[SESSION_KEY] = {
        "state": _digest(state),
        "verifier": verifier,
        "purpose": purpose,
        "user": request.user.pk,
        "next": next_url,
        "at": time.time(),
    }
    return oauth.address(state=state, verifier=verifier)


def end(request: HttpRequest) -> Way:
    """The way on which the browser comes back; it is over with that. Raises WayLost."""
    kept: dict[str, Any] = request.session.pop(SESSION_KEY, None) or {}
    state = _digest(request.GET.get("state", ""))
    is_ours = bool(kept) and constant_time_compare(state, kept["state"]) and time.time() - kept["at"] <= SECONDS
    # Two requests at once read the same session: the first to say so has it.
    if not is_ours or kept["user"] != request.user.pk or not cache.add(f"labs:{state}", True, SECONDS):
        raise WayLost(_("This way back from Labs is used or over, or began in another browser. Start again."))
    return Way(kept["purpose"], kept["user"], kept["next"], kept["verifier"])


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
