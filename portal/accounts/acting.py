"""What sessions and tokens share when they act for a company."""

from datetime import timedelta

from django.utils import timezone

from portal.accounts import desks
from portal.accounts.models import Membership, User
from portal.accounts.services import members

# By which a request of the API names the company that it is for, by slug.
COMPANY_HEADER = "X-Company"
# How exactly it is known when a member was last here.
SEEN_EVERY = timedelta(minutes=15)


def desk_at(user: User, slug: str) -> desks.Desk | None:
    """The person's desk at the company of this slug; None when it is none of theirs."""
    return desks.find(user, f"{desks.Kind.COMPANY}:{slug}")


def note_visit(membership: Membership) -> None:
    """Write down that a member is here, unless that was done a moment ago."""
    now = timezone.now()
    if membership.last_seen_at is None or membership.last_seen_at < now - SEEN_EVERY:
        members.seen(membership=membership, at=now)
