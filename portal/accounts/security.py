"""What can happen to a sign-in, and what its owner is told of it."""

from portal.activity.registry import Verb
from portal.notifications.registry import Kind

GROUP = "Sign-in"


VERBS = {
    "account.sign_in_ended": Verb("{actor} signed another device out", icon="log-out"),
    "account.token_reused": Verb("A token of {actor} was used twice", icon="triangle-alert", tone="danger"),
    "account.second_factor_on": Verb("{actor} turned the second factor on", icon="shield-check"),
    "account.second_factor_off": Verb("{actor} turned the second factor off", icon="triangle-alert", tone="warning"),
    "account.recovery_codes": Verb("{actor} made new recovery codes", icon="key"),
    "account.recovery_code_used": Verb("{actor} signed in with a recovery code", icon="key", tone="warning"),
}


def told(label: str, subject: str, body: str, *, icon: str, **fields: str) -> Kind:
    """A notice that nobody waits for until the digest comes."""
    ending = "\n\nThat was not you? Change your password at once, and tell us."
    return Kind(label, GROUP, subject, body + ending, fields, icon=icon, urgent=True)


NOTICES = {
    "new_device": told(
        "Sign-in with a new device",
        "New sign-in: {device}",
        "Somebody signed in to your account with a browser that we have not seen before: {device}, {place}, {time}.",
        icon="monitor",
        device="Firefox on Windows",
        place="197.248.10.20",
        time="21 November 2026, 09:15 EAT",
    ),
    "token_reused": told(
        "Token used twice",
        "A program was signed out of your account",
        "A refresh token of yours was used a second time. Somebody may have copied it: we ended that sign-in.",
        icon="triangle-alert",
    ),
    "second_factor_on": told(
        "Second factor turned on",
        "Your account has a second factor now",
        "From now on, signing in takes a code of your authenticator app beside the password.",
        icon="shield-check",
    ),
    "second_factor_off": told(
        "Second factor turned off",
        "Your account has no second factor any more",
        "From now on, the password alone is enough to sign in.",
        icon="triangle-alert",
    ),
    "recovery_code_used": told(
        "Recovery code used",
        "A recovery code of yours was used",
        "Somebody gave one of your recovery codes instead of a code of your app. Codes left: {left}.",
        icon="key",
        left="9",
    ),
}
