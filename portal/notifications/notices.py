"""What the app itself tells, in words that editors may change."""

from portal.notifications.registry import Kind

KINDS = {
    "address_blocked": Kind(
        label="Our e-mails do not reach you",
        group="Account",
        subject="We cannot reach you at {address}",
        body=(
            "Our last e-mail came back (reason: {reason}), so we send no more to this address.\n\n"
            "Give us another address, or let us try again from your notification settings."
        ),
        fields={"address": "amina@savanna.example", "reason": "does not exist or refuses mail"},
        action="Open your settings",
        icon="mail",
        urgent=True,
        email=False,
    ),
    "phone_taken": Kind(
        label="Your mobile number is somebody else's now",
        group="Account",
        subject="We send no more SMS to {phone}",
        body=(
            "Somebody else has proved with a code that the number {phone} is theirs, so it is not yours with us any "
            "more.\n\nYou still have this phone? Then confirm the number again."
        ),
        fields={"phone": "+254712345678"},
        action="Open your settings",
        icon="phone",
        urgent=True,
    ),
}
