"""What can happen to links with Labs, and what people are told of it."""

from portal.activity.registry import Verb
from portal.notifications.registry import Kind

GROUP = "Sign-in"
ACCOUNT = {"account": "Jane Doe"}

VERBS = {
    "labs.linked": Verb("{actor} linked the account at Buildly Labs", icon="link"),
    "labs.unlinked": Verb("{actor} unlinked the account at Buildly Labs", icon="ban"),
    "labs.refused": Verb("Buildly Labs refuses a link", icon="triangle-alert", tone="warning"),
    "labs.left_out": Verb("{actor} left {subject} of Buildly Labs out", icon="ban"),
    "project.labs_joined": Verb("{subject} is “{labs}” at Buildly Labs", icon="link", tone="success"),
}
TOPICS = {"labs": "Buildly Labs"}

KINDS: dict[str, Kind] = {
    "labs_linked": Kind(
        "Account linked to Buildly Labs",
        GROUP,
        "Your account is linked to Buildly Labs",
        "Your account is linked to {account} at Buildly Labs. Whoever signs in there as {account} can sign in here too."
        "\n\nThat was not you? Unlink it, change your password at once, and tell us.",
        ACCOUNT,
        icon="link",
        urgent=True,
    ),
    "labs_refused": Kind(
        "Buildly Labs refuses the link",
        GROUP,
        "Link your account to Buildly Labs again",
        "Buildly Labs does not accept the link to {account} any more: it has ended, or was withdrawn there. Projects "
        "show what was read last. Link the account again to go on.",
        ACCOUNT,
        icon="triangle-alert",
    ),
}
