"""What can happen to companies and people."""

from portal.accounts import roles
from portal.accounts.models import Membership
from portal.activity.registry import Verb


def managers(membership: Membership) -> bool:
    """Who of a company reads what its people do."""
    return roles.allows(membership, roles.Permission.MANAGE_MEMBERS)


VERBS = {
    "company.registered": Verb("{actor} registered {subject}", icon="building-2", tone="success"),
    "member.joined": Verb("{subject} joined as {role}", icon="user-plus", tone="success"),
    "account.signed_in": Verb(
        "{actor} signed in",
        icon="log-in",
        shown_to=managers,
    ),
    "file.downloaded": Verb("{actor} downloaded {subject}", icon="download", shown_to=managers),
}
