"""Readers' votes and editors' answers."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from helpcenter.knowledge.models import AnswerMail, Feedback, HelpDocument
from portal.accounts.models import User
from portal.core.errors import Conflict, DomainError
from portal.core.services import jobs

COMMENT_LENGTH = 2000


class NothingToAnswer(Conflict):
    """A vote without a comment asks nothing."""

    code = "nothing_to_answer"


class AlreadyAnswered(Conflict):
    """A comment is answered once."""

    code = "already_answered"


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
    # A new comment waits for an answer of its own.
    asked = {"comment": comment.replace("\x00", ""), "answer": "", "answered_by": None, "answered_at": None}
    values = {"is_helpful": is_helpful, **(asked if comment else {})}
    feedback, _created = Feedback.objects.update_or_create(page_id=document.pk, **who, defaults=values)
    return feedback


@transaction.atomic
def answer(*, feedback: Feedback, text: str, by: User, at: datetime) -> Feedback:
    """Keep an editor's answer to a comment; the reader sees it below the article, and gets it by e-mail if signed in.

    Raises NothingToAnswer, AlreadyAnswered.
    """
    feedback = Feedback.objects.select_for_update().get(pk=feedback.pk)
    if not feedback.comment:
        raise NothingToAnswer("The reader left no comment to answer.")
    if feedback.answered_at:
        day = date_format(timezone.localtime(feedback.answered_at))
        by_whom = feedback.answered_by or "somebody"
        raise AlreadyAnswered(f"This comment was answered by {by_whom} on {day}.", field="answer")
    feedback.answer, feedback.answered_by, feedback.answered_at = text, by, at
    feedback.save(update_fields=["answer", "answered_by", "answered_at", "updated_at"])
    if feedback.user_id:
        jobs.enqueue(job=AnswerMail(feedback=feedback, available_at=at), at=at)
    return feedback


def mail(job: AnswerMail) -> None:
    """Send an answer to the reader who commented."""
    feedback = Feedback.objects.select_related("page", "user", "answered_by").get(pk=job.feedback_id)
    if feedback.user is None:
        return
    document = HelpDocument.objects.listed().filter(pk=feedback.page_id).first()
    title = " ".join(feedback.page.title.split())
    parts = [
        f"Hello {feedback.user.get_short_name()},",
        f"You wrote about “{title}”:",
        feedback.comment,
        "The editors answered:",
        feedback.answer,
        *([f"The page: {settings.BASE_URL}{document.path}"] if document else []),
    ]
    subject = f"Your comment on “{title}” was answered"
    EmailMessage(subject, "\n\n".join(parts), to=[feedback.user.email]).send()
