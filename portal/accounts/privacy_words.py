"""What can happen to the data of people and companies, and what they are told of it."""

from portal.accounts.verbs import managers
from portal.activity.registry import Verb
from portal.notifications.registry import Kind

GROUP = "Your data"

VERBS = {
    "archive.asked": Verb("{actor} asked for an archive of all data", icon="download", shown_to=managers),
    "archive.downloaded": Verb("{actor} downloaded an archive of all data", icon="download", shown_to=managers),
    "person.erased": Verb("The data of a person was erased", icon="trash-2", tone="warning"),
    "company.erased": Verb("The data of the company was erased", icon="trash-2", tone="warning"),
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
    "erasure_asked": Kind(
        label="Somebody asked to erase your data",
        group=GROUP,
        subject="Erasure of all data of {what} was asked for",
        body=(
            "All data of {what} will be erased once our staff have agreed. Until then you can take it back.\n\n"
            "You did not ask for it? Take it back, change your password at once, and tell us."
        ),
        fields={"what": "your account"},
        icon="trash-2",
        urgent=True,
    ),
    "erasure_rejected": Kind(
        label="Erasure not agreed to",
        group=GROUP,
        subject="The data of {what} was not erased",
        body="The reason given was:\n\n{comment}",
        fields={"what": "your account", "comment": "An invoice is still open."},
        icon="circle-x",
        urgent=True,
    ),
    "erasure_done": Kind(
        label="Your data is erased (the last e-mail)",
        group=GROUP,
        subject="Your data is erased",
        body=(
            "As you asked, we have erased your account and all that names you. What the law tells us to keep stays "
            "without your name until its time is over.\n\n"
            "This is our last e-mail to you. With the same address you can register anew whenever you like."
        ),
        icon="trash-2",
        urgent=True,
    ),
    "company_erased": Kind(
        label="The data of your company is erased",
        group=GROUP,
        subject="The data of {company} is erased",
        body="As an owner asked, all data of {company} is erased. Nobody acts for it any more; your own account stays.",
        fields={"company": "Savanna Foods"},
        icon="trash-2",
        urgent=True,
    ),
}
