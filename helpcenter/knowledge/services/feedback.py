"""Readers' votes and editors' answers."""

from datetime import datetime
from typing import Any

from django.db import transaction

from helpcenter.knowledge.models import Feedback, HelpDocument
from portal.accounts.models import User
from portal.core.errors import Conflict, DomainError

COMMENT_LENGTH = 2000


class NothingToAnswer(Conflict):
    """A vote without a comment asks nothing."""

    code = "nothing_to_answer"


class CommentTooLong(DomainError):
    """The comment is longer than an editor would read."""

    code = "comment_too_long"


@transaction.atomic
def vote(*, document: HelpDocument, user: User | None, visitor: str, is_helpful: bool, comment: str = "") -> Feedback:
    """Record what a reader thought of a page; voting again changes the one vote.

    Exactly one of `user` and `visitor` says who votes. Raises CommentTooLong.
    """
    if len(comment) > COMMENT_LENGTH:
        raise CommentTooLong(
            f"Please keep the comment under {COMMENT_LENGTH} characters; it has {len(comment)}.", field="comment"
        )
    who: dict[str, Any] = {"user": user, "visitor": ""} if user else {"user": None, "visitor": visitor}
    values = {"is_helpful": is_helpful, **({"comment": comment.replace("\x00", "")} if comment else {})}
    feedback, _created = Feedback.objects.update_or_create(page_id=document.pk, **who, defaults=values)
    return feedback


@transaction.atomic
def answer(*, feedback: Feedback, text: str, by: User, at: datetime) -> Feedback:
    """Keep an editor's answer to a comment; the reader sees it below the article. Raises NothingToAnswer."""
    feedback = Feedback.objects.select_for_update().get(pk=feedback.pk)
    if not feedback.comment:
        raise NothingToAnswer("The reader left no comment to answer.")
    feedback.answer, feedback.answered_by, feedback.answered_at = text, by, at
    feedback.save(update_fields=["answer", "answered_by", "answered_at", "updated_at"])
    return feedback
