"""What can happen to an approval; `what` is the name of its kind."""

from portal.activity.registry import Verb

VERBS = {
    "approval.asked": Verb("{actor} asked for a decision on {what}: {subject}", icon="hourglass", tone="info"),
    "approval.approved": Verb("{actor} approved {what}: {subject}", icon="circle-check", tone="success"),
    "approval.rejected": Verb("{actor} rejected {what}: {subject}", icon="circle-x", tone="danger"),
    "approval.cancelled": Verb("{actor} withdrew the request for {what}: {subject}", icon="ban"),
    "approval.overridden": Verb(
        "{actor} decided {what} in place of the company: {subject}", icon="shield-alert", tone="warning"
    ),
    "approvals.exported": Verb("{actor} exported a list of approvals as {format}", icon="download"),
}
TOPICS = {"approval": "Decisions"}
