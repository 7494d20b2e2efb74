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
        "You were taken into the community",
        "Welcome to the developer community",
        "Your application was approved: companies can be offered your help from now on. "
        "You will hear as soon as a company decides.\n\n{comment}",
        {"developer": "Amina Hassan", "comment": COMMENT},
        icon="circle-check",
        urgent=True,
    ),
    "community_joined": told(
        "A developer of your agency was taken into the community",
        "The developer {developer} is in the community now",
        "The application of the developer {developer} was approved: companies can be offered their help from now on."
        "\n\n{comment}",
        {"developer": "Amina Hassan", "comment": COMMENT},
        icon="circle-check",
    ),
    "community_rejection": told(
        "Your application for the community was not approved",
        "Your application for the developer community was not approved",
        "The reason given was:\n\n{comment}\n\nWork on your profile and apply again whenever you like.",
        {"developer": "Amina Hassan", "comment": REASON},
        icon="circle-x",
        urgent=True,
    ),
    "community_declined": told(
        "The application of a developer of your agency was not approved",
        "The application of the developer {developer} was not approved",
        "The reason given was:\n\n{comment}\n\nThe developer may apply again.",
        {"developer": "Amina Hassan", "comment": REASON},
        icon="circle-x",
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
        "A company took you into its team",
        "You are in the team of {company} now",
        "The company {company} approved you: you are in its team from today, and have its desk.\n\n{comment}",
        {**PAIR, "comment": COMMENT},
        icon="circle-check",
        urgent=True,
    ),
    "team_joined": told(
        "A company approved an assignment",
        "The developer {developer} is in the team of {company} now",
        "The company {company} approved the developer {developer}, who is in its team from today.\n\n{comment}",
        {**PAIR, "comment": COMMENT},
        icon="circle-check",
        urgent=True,
    ),
    "team_rejection": told(
        "A company decided against you",
        "The company {company} decided against taking you into its team",
        "The reason given was:\n\n{comment}",
        {**PAIR, "comment": REASON},
        icon="circle-x",
        urgent=True,
    ),
    "team_declined": told(
        "A company declined an assignment",
        "The company {company} decided against the developer {developer}",
        "The reason given was:\n\n{comment}",
        {**PAIR, "comment": REASON},
        icon="circle-x",
        urgent=True,
    ),
    "removal_request": told(
        "A company asks for a removal",
        "The company {company} asks for the removal of the developer {developer}",
        "Read the reason and decide in the list of approvals. When you approve, thirty days' notice starts.",
        PAIR,
        icon="clock",
    ),
    "removal_rejection": told(
        "A removal was not approved",
        "The developer {developer} stays in the team of {company}",
        "The request for removal was not approved. The reason given was:\n\n{comment}",
        {**PAIR, "comment": REASON},
        icon="circle-x",
    ),
    "notice_started": told(
        "The notice of a developer begins",
        "The last day of the developer {developer} at {company} is {date}",
        "The removal was approved and thirty days' notice has begun. The developer {developer} keeps access until "
        "{date}, and has none from the next day on.",
        DATED,
        icon="clock",
        urgent=True,
    ),
    "notice_withdrawn": told(
        "The notice of a developer is withdrawn",
        "The developer {developer} stays in the team of {company}",
        "The notice was withdrawn. The developer {developer} stays in the team as before.",
        PAIR,
        icon="refresh-cw",
        urgent=True,
    ),
    "notice_shortened": told(
        "The notice of a developer is shortened",
        "The developer {developer} leaves {company} earlier: the last day is {date}",
        "The notice was shortened. The developer {developer} has no access after {date}.",
        DATED,
        icon="clock",
        urgent=True,
    ),
    "notice_ending": told(
        "The notice of a developer ends soon",
        "The last day of the developer {developer} at {company} is {date}",
        "Hand over what is open: the developer {developer} has no access after {date}.",
        DATED,
        icon="clock",
    ),
    "assignment_ended": told(
        "An assignment has ended",
        "The developer {developer} has left the team of {company}",
        "The last day was {date}. Access to what belongs to {company} is closed.",
        DATED,
        icon="log-out",
    ),
    "own_notice_started": told(
        "Your notice begins",
        "Your last day in the team of {company} is {date}",
        "The company {company} asked to end your assignment, and our staff agreed: thirty days' notice has begun. You "
        "keep access until {date}, and have none from the next day on.",
        DATED,
        icon="clock",
        urgent=True,
    ),
    "own_notice_withdrawn": told(
        "Your notice is withdrawn",
        "You stay in the team of {company}",
        "The notice was withdrawn. You stay in the team as before.",
        PAIR,
        icon="refresh-cw",
        urgent=True,
    ),
    "own_notice_shortened": told(
        "Your notice is shortened",
        "You leave the team of {company} earlier: your last day is {date}",
        "The notice was shortened. You have no access after {date}.",
        DATED,
        icon="clock",
        urgent=True,
    ),
    "own_notice_ending": told(
        "Your notice ends soon",
        "Your last day in the team of {company} is {date}",
        "Hand over what is open: you have no access after {date}.",
        DATED,
        icon="clock",
    ),
    "own_assignment_ended": told(
        "Your assignment has ended",
        "Your time in the team of {company} has ended",
        "Your last day was {date}. Your access to what belongs to {company} is closed.",
        DATED,
        icon="log-out",
    ),
}
