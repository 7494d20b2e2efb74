"""What people are told of projects, in the words that editors may change."""

from portal.notifications.registry import Kind

GROUP = "Projects"
PAIR = {"project": "Farm shop", "company": "Northwind Labs"}
OF_REPOSITORY = {**PAIR, "repository": "northwind-labs/farm-shop"}

KINDS: dict[str, Kind] = {
    "milestone_reached": Kind(
        "A milestone is reached",
        GROUP,
        "Reached: {milestone} of {project}",
        "The milestone “{milestone}” of the project {project} of {company} is reached.",
        {**PAIR, "milestone": "Payments go live"},
        icon="award",
    ),
    "project_completed": Kind(
        "A project is completed",
        GROUP,
        "The project {project} is completed",
        "The project {project} of {company} is completed. Its page stays, with all that was done.",
        PAIR,
        icon="circle-check",
    ),
    "token_refused": Kind(
        "GitHub refuses a repository's token",
        GROUP,
        "GitHub refuses the token of {repository}",
        "The figures of {repository}, of the project {project} of {company}, are those from before. Enter another "
        "token for it; until then nothing new is read.",
        OF_REPOSITORY,
        icon="key",
    ),
    "repository_unread": Kind(
        "A repository of a project cannot be read",
        GROUP,
        "GitHub refuses to let us read {repository}",
        "The token that we have for {repository}, of your project {project}, is not accepted any more: it has expired, "
        "was withdrawn, or may too little. We show the last figures, with their age. Send our staff another token that "
        "may only read this repository.",
        OF_REPOSITORY,
        icon="key",
    ),
}
