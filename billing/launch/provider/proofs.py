"""How lately somebody has proved who they are, and asking for it again (OpenID Connect Core, 3.1.2.1)."""

import hashlib
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from oauthlib.common import Request
from oauthlib.oauth2.rfc6749.errors import InvalidRequestError
from oauthlib.openid.connect.core.exceptions import LoginRequired

from portal.accounts.models import SignIn

SESSION_KEY = "proof_asked"


def given_at(request: HttpRequest) -> datetime:
    """When the person who is signed in last gave a password or code in this browser."""
    user: Any = request.user
    moments = [float(record["at"]) for record in get_authentication_records(request, user)]
    if moments:
        return datetime.fromtimestamp(max(moments), UTC)
    # By another way than a password, such as Labs: a sign-in with another browser says nothing of this one.
    known = request.session.get("sign_in")
    here = SignIn.objects.filter(public_id=known["id"], user=user).first() if known else None
    found: datetime = here.signed_in_at if here else user.last_login
    return found


def is_due(request: HttpRequest, asked: Request, *, at: datetime) -> bool:
    """Whether the person has to prove it first, or anew: by `prompt=login`, or as `max_age` is over.

    A proof given after this very request asked for it is enough, once. Raises InvalidRequestError.
    """
    age = _max_age(asked)
    given = given_at(request) if request.user.is_authenticated else None
    mark = request.session.get(SESSION_KEY)
    if given and mark and mark["request"] == _digest(request) and given.timestamp() >= mark["at"]:
        del request.session[SESSION_KEY]
        return False
    if given is None or "login" in (asked.prompt or "").split():
        return True
    return age is not None and (at - given).total_seconds() > age


def ask(request: HttpRequest, asked: Request, *, at: datetime) -> HttpResponseRedirect:
    """Lead to where it is proved, and back to this request. Raises LoginRequired where no page is wanted."""
    if asked.prompt == "none":
        raise LoginRequired(request=asked)
    request.session[SESSION_KEY] = {"request": _digest(request), "at": at.timestamp()}
    page = reverse("account_reauthenticate" if request.user.is_authenticated else "account_login")
    return HttpResponseRedirect(f"{page}?{urlencode({'next': request.get_full_path()})}")


def _max_age(asked: Request) -> int | None:
    if not asked.max_age:
        return None
    if not (asked.max_age.isascii() and asked.max_age.isdigit()):
        raise InvalidRequestError(description="max_age is a number of seconds.", request=asked)
    return int(asked.max_age)


def _digest(request: HttpRequest) -> str:
    return hashlib.sha256(request.META.get("QUERY_STRING", "").encode()).hexdigest()
