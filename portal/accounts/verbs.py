"""What can happen to companies and people."""

from portal.accounts import roles
from portal.accounts.models import Membership
from portal.activity.registry import Verb


def managers(membership: Membership) -> bool:
    """Who of a company reads what its people do."""
    return roles.allows(membership, roles.Permission.MANAGE_MEMBERS)


def editors(membership: Membership) -> bool:
    """Who of a company reads what becomes of its papers."""
    return roles.allows(membership, roles.Permission.EDIT_COMPANY)


VERBS = {
    "company.registered": Verb("{actor} registered {subject}", icon="building-2", tone="success"),
    "company.changed": Verb("{actor} changed the company: {fields}", icon="pencil"),
    "company.labs_on": Verb("{actor} marked the company as a Labs customer", icon="badge-check", tone="success"),
    "company.labs_off": Verb("{actor} took the company off the Labs customers", icon="ban"),
    "company.deactivated": Verb("{actor} closed the company's access", icon="ban", tone="danger"),
    "company.reactivated": Verb("{actor} opened the company's access again", icon="circle-check", tone="success"),
    "member.joined": Verb("{subject} joined as {role}", icon="user-plus", tone="success"),
    "member.role": Verb("{actor} gave {subject} the role {role}", icon="key", tone="info"),
    "member.removed": Verb("{actor} removed {subject} from the company", icon="log-out", tone="warning"),
    "member.left": Verb("{actor} left the company", icon="log-out"),
    "member.ownership": Verb("{actor} handed the ownership to {subject}", icon="key", tone="warning"),
    "invitation.sent": Verb("{actor} invited somebody as {role}", icon="mail", shown_to=managers),
    "invitation.resent": Verb("{actor} sent an invitation again", icon="mail", shown_to=managers),
    "invitation.revoked": Verb("{actor} took an invitation back", icon="ban", shown_to=managers),
    "verification.document_added": Verb("{actor} uploaded {subject}", icon="upload", shown_to=editors),
    "verification.document_removed": Verb("{actor} removed {subject}", icon="trash-2", shown_to=editors),
    "verification.expired": Verb("The verification has expired", icon="triangle-alert", tone="warning"),
    "consent.given": Verb("{actor} agreed to {text}", icon="signature", shown_to=managers),
    "consent.withdrawn": Verb("{actor} does not agree to {text} any more", icon="signature", shown_to=managers),
    "account.signed_in": Verb("{actor} signed in", icon="log-in", shown_to=managers, is_news=False),
    "file.downloaded": Verb("{actor} downloaded {subject}", icon="download", shown_to=managers),
    "file.viewed": Verb("{actor} looked at {subject}", icon="eye", shown_to=managers),
    "activity.exported": Verb("{actor} exported the activity as {format}", icon="download", shown_to=managers),
}
TOPICS = {
    "company": "Company profile",
    "member": "Members and invitations",
    "invitation": "Members and invitations",
    "verification": "Verification",
    "consent": "Privacy",
    "account": "Signing in",
    "file": "Downloads and exports",
    "activity": "Downloads and exports",
    "archive": "Downloads and exports",
}
