"""What can happen to projects; the subject is the project, or the person who comes and goes."""

from portal.activity.registry import Verb


def told(sentence: str, icon: str = "folder-git-2", tone: str = "", *, is_news: bool = True) -> Verb:
    """A verb of projects."""
    return Verb(sentence, icon=icon, tone=tone, is_news=is_news)


VERBS = {
    "project.created": told("{actor} added the project {subject}", "plus"),
    "project.edited": told("{actor} changed the description of {subject}", is_news=False),
    "project.started": told("{actor} started work on {subject}", "rocket", "success"),
    "project.paused": told("{actor} paused {subject}", "clock", "warning"),
    "project.completed": told("{actor} completed {subject}", "circle-check", "success"),
    "project.reopened": told("{actor} took {subject} up again", "refresh-cw"),
    "project.milestone_added": told("{actor} added the milestone “{milestone}” to {subject}, due {due}", "award"),
    "project.milestone_moved": told("{actor} moved the milestone “{milestone}” of {subject} to {due}", "clock"),
    "project.milestone_edited": told("{actor} changed “{milestone}” of {subject}", "award", is_news=False),
    "project.milestone_reached": told("{actor} marked “{milestone}” of {subject} as reached", "award", "success"),
    "project.milestone_open_again": told(
        "{actor} marked “{milestone}” of {subject} as not reached", "award", "warning"
    ),
    "project.milestone_removed": told("{actor} removed the milestone “{milestone}” from {subject}", "award"),
    "project.developer_joined": told("{subject} works on {project} as {role}", "user-plus", "success"),
    "project.developer_role": told("{subject} is {role} of {project} now", "user"),
    "project.developer_left": told("{subject} does not work on {project} any more", "log-out"),
    "project.repository_added": told("{actor} connected {repository} to {subject}", "code"),
    "project.repository_removed": told("{actor} removed {repository} from {subject}", "code"),
    "project.token_changed": told("{actor} gave {repository} of {subject} another token", "key", is_news=False),
    "project.token_refused": told("GitHub refuses the token of {repository} of {subject}", "key", "danger"),
    "project.webhook_secret_changed": told(
        "{actor} changed what signs webhooks of {repository} of {subject}", "key", is_news=False
    ),
    "delivery.replayed": told("{actor} had “{subject}” of GitHub acted on again", "refresh-cw", is_news=False),
}
TOPICS = {"project": "Projects"}
