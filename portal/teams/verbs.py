"""What can happen to developers; the subject is the person, who is looked up when the event is read."""

from portal.activity.registry import Verb

VERBS = {
    "community.excluded": Verb("{actor} took {subject} out of the community", icon="ban", tone="danger"),
    "team.joined": Verb("{subject} joined the team", icon="user-plus", tone="success"),
    "team.declined": Verb("{actor} decided against {subject} for the team", icon="circle-x", tone="danger"),
    "team.removal_asked": Verb("{actor} asked for the removal of {subject}", icon="clock", tone="info"),
    "team.notice_started": Verb(
        "{actor} approved the removal of {subject} for our staff: the last day in the team is {last_day}",
        icon="clock",
        tone="warning",
    ),
    "team.removal_rejected": Verb(
        "{actor} decided for our staff that {subject} stays in the team", icon="circle-x", tone="danger"
    ),
    "team.notice_withdrawn": Verb("{actor} withdrew the notice: {subject} stays in the team", icon="refresh-cw"),
    "team.notice_shortened": Verb(
        "{actor} shortened the notice of {subject}: the last day in the team is {last_day}",
        icon="clock",
        tone="warning",
    ),
    "team.left": Verb("{subject} left the team", icon="log-out"),
}
TOPICS = {"community": "Developers", "team": "Developers"}
