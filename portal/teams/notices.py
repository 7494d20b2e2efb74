"""What people are told of teams, in the words that editors may change."""

from collections.abc import Mapping

from portal.notifications.registry import Kind

GROUP = "Developers and teams"
PAIR = {"developer": "Amina Hassan", "company": "Northwind Labs"}
DATED = {**PAIR, "date": "21 December 2026"}
COMMENT = "We look forward to working with you."
REASON = "We need somebody with more experience of Django."


def told(label: str, subject: str, body: str, fields: Mapping[str, str], *, icon: str, urgent: bool = False) -> Kind:
    """A kind of this group."""
    return Kind(label, GROUP, subject, body, fields, icon=icon, urgent=urgent)


KINDS: dict[str, Kind] = {
    "community_application": told(
        "A developer applies for the community",
        "{developer} applies for the community",
        "{developer} asks to be taken into the developer community. Decide in the list of approvals.",
        {"developer": "Amina Hassan"},
        icon="user-plus",
    ),
    "community_approval": told(
        "Community membership approved",
        "Welcome to the developer community, {developer}",
        "The application was approved: companies can be offered your help from now on. "
        "You will hear as soon as a company decides.\n\n{comment}",
        {"developer": "Amina Hassan", "comment": COMMENT},
        icon="circle-check",
        urgent=True,
    ),
    "community_rejection": told(
        "Community membership not approved",
        "The application of {developer} was not approved",
        "The reason given was:\n\n{comment}\n\nWork on the profile and apply again whenever you like.",
        {"developer": "Amina Hassan", "comment": REASON},
        icon="circle-x",
        urgent=True,
    ),
    "community_exclusion": told(
        "Community membership ended",
        "Your membership of the developer community has ended",
        "The reason given was:\n\n{reason}\n\nYou may apply again in your profile.",
        {"reason": "No answer to three messages."},
        icon="ban",
        urgent=True,
    ),
    "team_proposal": told(
        "A developer is proposed for your team",
        "{developer} is proposed for your team",
        "We propose {developer} as a developer for {company}. Nothing happens until you decide.\n\n{note}",
        {**PAIR, "note": "Five years of Django, lives in your time zone."},
        icon="user-plus",
        urgent=True,
    ),
    "team_approval": told(
        "A company approved an assignment",
        "{company} welcomes {developer} to its team",
        "{company} approved {developer}, who is in its team from today.\n\n{comment}",
        {**PAIR, "comment": COMMENT},
        icon="circle-check",
        urgent=True,
    ),
    "team_rejection": told(
        "A company declined an assignment",
        "{company} decided against {developer}",
        "The reason given was:\n\n{comment}",
        {**PAIR, "comment": REASON},
        icon="circle-x",
        urgent=True,
    ),
    "removal_request": told(
        "A company asks for a removal",
        "{company} asks for the removal of {developer}",
        "Read the reason and decide in the list of approvals. When you approve, thirty days' notice start.",
        PAIR,
        icon="clock",
    ),
    "removal_rejection": told(
        "A removal was not approved",
        "{developer} stays in the team of {company}",
        "The request for removal was not approved. The reason given was:\n\n{comment}",
        {**PAIR, "comment": REASON},
        icon="circle-x",
    ),
    "notice_started": told(
        "Notice begins",
        "The last day of {developer} at {company} is {date}",
        "The removal was approved and thirty days' notice have begun. {developer} keeps access until {date}, and has "
        "none from the next day on.",
        DATED,
        icon="clock",
        urgent=True,
    ),
    "notice_withdrawn": told(
        "Notice withdrawn",
        "{developer} stays with {company}",
        "The notice was withdrawn. {developer} stays in the team as before.",
        PAIR,
        icon="refresh-cw",
        urgent=True,
    ),
    "notice_shortened": told(
        "Notice shortened",
        "{developer} leaves {company} earlier: the last day is {date}",
        "The notice was shortened. {developer} has no access after {date}.",
        DATED,
        icon="clock",
        urgent=True,
    ),
    "notice_ending": told(
        "Notice ends soon",
        "The last day of {developer} at {company} is {date}",
        "Hand over what is open: {developer} has no access after {date}.",
        DATED,
        icon="clock",
    ),
    "assignment_ended": told(
        "An assignment has ended",
        "{developer} has left {company}",
        "The last day was {date}. Access to what belongs to {company} is closed.",
        DATED,
        icon="log-out",
    ),
}
