"""The review of a page: a colleague reads it, not the one who wrote it."""

from typing import Any

from wagtail.models import AbstractGroupApprovalTask, Revision, TaskState

# What a revision keeps beside the words: when readers get it, and what the admin notes of the page.
NOT_WORDS = {
    "go_live_at",
    "expire_at",
    "expired",
    "live",
    "live_revision",
    "latest_revision",
    "latest_revision_created_at",
    "has_unpublished_changes",
    "draft_title",
    "first_published_at",
    "last_published_at",
    "locked",
    "locked_at",
    "locked_by",
    "wagtail_admin_comments",
}


class SecondReading(AbstractGroupApprovalTask):
    """Members of a group approve what another of them wrote."""

    class Meta:
        verbose_name = "second reading"
        verbose_name_plural = "second readings"

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        """Nothing to decide for the writer."""
        state = obj.current_workflow_task_state
        if state and state.revision and state.revision.user_id == user.pk:
            return []
        return list(super().get_actions(obj, user))

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        """What awaits this person's review: nothing of their own."""
        waiting = super().get_task_states_user_can_moderate(user, **kwargs)
        return waiting.exclude(revision__in=Revision.objects.filter(user=user))

    @classmethod
    def get_description(cls) -> str:
        """What the admin says where a task is chosen."""
        return "Members of the chosen groups approve what somebody else wrote"


def words_of(revision: Revision) -> dict[str, Any]:
    """What readers would see of a revision."""
    return {name: value for name, value in revision.content.items() if name not in NOT_WORDS}


def has_read(state: TaskState, user: Any, latest: Revision) -> bool:
    """Whether this person, who approved a version, may approve the latest as well.

    The latest is a colleague's, seen in the form; or their own, in which nothing but the days has changed.
    """
    return latest.user_id != user.pk or words_of(latest) == words_of(state.revision)
