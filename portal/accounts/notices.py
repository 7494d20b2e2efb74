"""What people are told of companies and members, in the words that editors may change."""

from collections.abc import Mapping

from portal.notifications.registry import Kind

MEMBERS = "Company and members"
VERIFICATION = "Verification"
COMPANY = {"company": "Savanna Foods"}
COMMENT = {**COMPANY, "comment": "The tax certificate is of another company."}


def told(
    label: str,
    subject: str,
    body: str,
    fields: Mapping[str, str],
    *,
    icon: str,
    group: str = VERIFICATION,
    urgent: bool = False,
) -> Kind:
    """A kind of notification; the bell leads to the page concerned."""
    return Kind(label, group, subject, body, fields, icon=icon, urgent=urgent)


NOTICES = {
    "team_invitation": Kind(
        "Invitation to a company",
        MEMBERS,
        "{inviter} invites you to {company}",
        "{inviter} invites you to join {company} on the portal, with the role {role}.\n\n"
        "Open the link to join: with your account, or with a new one for this address. It works once, until {date}.\n\n"
        "You do not know {company}? Then do nothing.",
        {**COMPANY, "inviter": "Wanjiru Kamau", "role": "Viewer", "date": "28 November 2026"},
        action="Join the company",
        icon="mail",
        urgent=True,
    ),
    "invitation_received": Kind(
        "Invitation to a company, in the bell",
        MEMBERS,
        "{inviter} invites you to {company}",
        "You are invited to join {company} with the role {role}. The e-mail that came with it leads to the same page.",
        {**COMPANY, "inviter": "Wanjiru Kamau", "role": "Viewer"},
        action="Join the company",
        icon="mail",
        urgent=True,
        email=False,
        own_mail=True,
    ),
    "member_joined": told(
        "Somebody joined your company",
        "{name} joined {company}",
        "{name} accepted the invitation to {company} and has the role {role}.",
        {**COMPANY, "name": "Kevin Mutua", "role": "Viewer"},
        icon="user-plus",
        group=MEMBERS,
    ),
    "role_changed": told(
        "Your role changed",
        "Your role in {company} is {role} now",
        "{by} changed what you may do in {company}: your role is {role}.",
        {**COMPANY, "role": "Admin", "by": "Wanjiru Kamau"},
        icon="key",
        group=MEMBERS,
    ),
    "member_removed": told(
        "You were removed from a company",
        "You do not belong to {company} any more",
        "{by} ended your membership of {company}. You cannot see anything of the company from now on; your account and "
        "your other companies stay as they are.",
        {**COMPANY, "by": "Wanjiru Kamau"},
        icon="log-out",
        group=MEMBERS,
        urgent=True,
    ),
    "join_requested": told(
        "Somebody asks to join your company",
        "{name} asks to join {company}",
        "{name} has an address of your domain and asks to join {company} as a viewer.\n\n{message}",
        {**COMPANY, "name": "Kevin Mutua", "message": "I started in the warehouse on Monday."},
        icon="user-plus",
        group=MEMBERS,
    ),
    "join_approved": told(
        "You were let into a company",
        "Welcome to {company}",
        "You belong to {company} now, as a viewer.",
        COMPANY,
        icon="circle-check",
        group=MEMBERS,
        urgent=True,
    ),
    "join_rejected": told(
        "A company decided against your request to join",
        "{company} decided against your request",
        "The reason given was:\n\n{comment}",
        {**COMPANY, "comment": "Please use your own address."},
        icon="circle-x",
        group=MEMBERS,
    ),
    "verification_approved": told(
        "Your company is verified",
        "{company} is verified",
        "We have checked the documents of {company}: the company is verified.\n\n{comment}",
        {**COMPANY, "comment": "Thank you for the clear copies."},
        icon="shield-check",
        urgent=True,
    ),
    "verification_rejected": told(
        "Verification not approved",
        "{company} could not be verified",
        "The reason given was:\n\n{comment}\n\nReplace what is wrong and hand the documents in again.",
        COMMENT,
        icon="circle-x",
        urgent=True,
    ),
    "company_deactivated": told(
        "Access of your company is closed",
        "The access of {company} is closed",
        "We have closed the access of {company} to the portal. Nothing was deleted. The reason:\n\n{reason}\n\n"
        "Write to us if you think that this is wrong.",
        {**COMPANY, "reason": "The company was wound up."},
        icon="ban",
        group=MEMBERS,
        urgent=True,
    ),
    "company_reactivated": told(
        "Access of your company is open again",
        "{company} can use the portal again",
        "Everything is as it was before. The reason given was:\n\n{reason}",
        {**COMPANY, "reason": "The owners have settled what was open."},
        icon="circle-check",
        group=MEMBERS,
        urgent=True,
    ),
    "document_expires": told(
        "A document expires soon",
        "The {document} of {company} expires on {date}",
        "Upload a newer {document} before {date}, so that {company} stays verified.",
        {**COMPANY, "document": "tax certificate", "date": "21 December 2026"},
        icon="clock",
    ),
    "verification_expired": told(
        "Your verification has expired",
        "{company} is not verified any more",
        "One of the documents of {company} has expired. Upload a newer one and hand the documents in again.",
        COMPANY,
        icon="triangle-alert",
        urgent=True,
    ),
}
