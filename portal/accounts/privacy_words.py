"""What can happen to the data of people and companies, and what they are told of it."""

from portal.accounts.verbs import managers
from portal.activity.registry import Verb
from portal.notifications.registry import Kind

GROUP = "Your data"

VERBS = {
    "archive.asked": Verb("{actor} asked for an archive of all data", icon="download", shown_to=managers),
    "archive.downloaded": Verb("{actor} downloaded an archive of all data", icon="download", shown_to=managers),
}

NOTICES = {
    "archive_ready": Kind(
        label="Your archive is ready",
        group=GROUP,
        subject="The archive of {what} is ready",
        body=(
            "All data of {what} is packed into one file. You can download it until {date}; then it is deleted.\n\n"
            "You did not ask for it? Change your password at once, and tell us."
        ),
        fields={"what": "Savanna Foods", "date": "28 November 2026, 09:15"},
        action="Download",
        icon="download",
        urgent=True,
    ),
}
