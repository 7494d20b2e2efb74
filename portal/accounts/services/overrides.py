"""Staff act in a company's place: whoever may, and with a reason that the company reads in its activity."""

from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.accounts.roles import NotAllowed
from portal.approvals.services import ReasonMissing

PERMISSION = "accounts.override_company"


def may(user: User) -> bool:
    """Whether this person may act in companies' place."""
    return bool(user.is_staff and user.has_perm(PERMISSION))


def told(reason: str | None) -> dict[str, str]:
    """What the event says of an override; nothing where there is none."""
    return {} if reason is None else {"override": reason.strip()}


def check(by: User, reason: str) -> None:
    """Raise NotAllowed, or ReasonMissing, unless this is somebody who may, with a reason."""
    if not may(by):
        raise NotAllowed(_("You may not act in a company's place."))
    if not reason.strip():
        raise ReasonMissing(_("Say why: the company reads it in its activity."), field="override")
