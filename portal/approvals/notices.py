"""What is told of approvals, for kinds that bring no words of their own."""

from portal.notifications.registry import Kind

FIELDS = {
    "what": "team assignment",
    "subject": "Amina Hassan",
    "company": "Savanna Foods",
    "asker": "Moses Barasa",
    "decision": "approved",
    "decider": "Wanjiru Kamau",
    "comment": "Welcome to the team.",
}
ASKED = "approval_asked"
DECIDED = "approval_decided"
NOTICES = {
    ASKED: Kind(
        label="Somebody asks for your decision",
        group="Approvals",
        subject="Your decision is asked for: {what}, {subject}",
        body="{asker} asks {company} to decide: {what}, {subject}.\n\nWhoever decides first decides for the company.",
        fields={name: FIELDS[name] for name in ("what", "subject", "company", "asker")},
        action="Read and decide",
        icon="hourglass",
    ),
    DECIDED: Kind(
        label="What you waited for was decided",
        group="Approvals",
        subject="Decision on {what}, {subject}: {decision}",
        body="{decider} has {decision} this: {what}, {subject}.\n\n{comment}",
        fields=FIELDS,
        action="Read the decision",
        icon="circle-check",
    ),
}
