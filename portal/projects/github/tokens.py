"""What a token may: enough for the figures, and no more than that."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from http import HTTPStatus

from django.utils.translation import gettext as _

from portal.core.errors import DomainError
from portal.projects.github.errors import GitHubError, Limited, Missing, Refused
from portal.projects.github.looking import Seen, Wanted, look

# Classic tokens: the scopes by which nothing can be changed.
# https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
HARMLESS = frozenset({"user:email", "read:user", "read:org", "read:project", "read:packages", "read:discussion"})
READS = "Contents, Issues, Metadata and Pull requests"


class TokenRefused(DomainError):
    """GitHub does not take the token for this repository, or the token may too little."""

    code = "token_refused"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class TokenTooPowerful(DomainError):
    """The token may change things; whoever knows and accepts that may keep it."""

    code = "token_too_powerful"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class NotCheckedNow(DomainError):
    """GitHub cannot be asked just now."""

    code = "github_unavailable"
    status = HTTPStatus.SERVICE_UNAVAILABLE


def check(*, full_name: str, token: str, at: datetime, accept_powerful: bool = False) -> Seen:
    """Try a token on all that is counted. Raises TokenRefused, TokenTooPowerful, NotCheckedNow."""
    seen = look(Wanted(full_name=full_name, token=token))
    if seen.fault:
        raise refusal(seen.fault, full_name=full_name, has_token=bool(token))
    if seen.token_expires_at and seen.token_expires_at <= at:
        raise TokenRefused(_("The token has expired. Make a new one."), field="token")
    if (powers := too_much(seen.scopes)) and not accept_powerful:
        words = {"scopes": ", ".join(powers), "reads": READS}
        text = _(
            "The token may too much: its scopes %(scopes)s let it change things, which figures do not need. Make a "
            "fine-grained token that may only read %(reads)s of this repository."
        )
        raise TokenTooPowerful(text % words, field="token")
    return seen


def too_much(scopes: Sequence[str] | None) -> list[str]:
    """The scopes by which a token may change something, as far as it has told its scopes."""
    return [scope for scope in scopes or () if scope not in HARMLESS]


def refusal(fault: GitHubError, *, full_name: str, has_token: bool) -> DomainError:
    """A fault as words for whoever enters a token."""
    name = {"name": full_name}
    if isinstance(fault, Limited):
        minutes = -(-fault.wait // timedelta(minutes=1))
        return NotCheckedNow(_("GitHub asks for patience. Try again in %(minutes)s minutes.") % {"minutes": minutes})
    if isinstance(fault, Refused) and fault.is_unknown:
        return TokenRefused(_("GitHub does not know this token, or it has expired."), field="token")
    if isinstance(fault, Refused):
        words = {"rights": fault.needs or READS}
        text = _("The token may too little: it also has to read %(rights)s of this repository.")
        return TokenRefused(text % words, field="token")
    if isinstance(fault, Missing) and has_token:
        text = _("This token does not reach %(name)s: there is no such repository, or the token was not given it.")
        return TokenRefused(text % name, field="full_name")
    if isinstance(fault, Missing):
        text = _("There is no public repository %(name)s. A private one needs a token.")
        return TokenRefused(text % name, field="full_name")
    return NotCheckedNow(_("GitHub does not answer properly just now. Try again in a few minutes."))
