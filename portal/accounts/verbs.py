"""What can happen to companies and people."""

from portal.accounts import roles
from portal.activity.registry import Verb

VERBS = {
    "company.registered": Verb("{actor} registered {subject}", icon="building-2", tone="success"),
    "member.joined": Verb("{subject} joined as {role}", icon="user-plus", tone="success"),
    "account.signed_in": Verb(
        "{actor} signed in",
        icon="log-in",
        shown_to=lambda membership: roles.allows(membership, roles.Permission.MANAGE_MEMBERS),
    ),
}
