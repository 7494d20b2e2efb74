"""What readers thought of a page."""

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models

from portal.core.models import Job


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    """Votes and comments."""

    def unanswered(self) -> Self:
        """Comments that no editor has answered."""
        return self.exclude(comment="").filter(answered_at=None)

    def of_reader(self, *, page_id: int, user: AbstractBaseUser | AnonymousUser, visitor: str) -> "Feedback | None":
        """The vote that this reader gave on a page; nothing is queried for visitors who never voted."""
        if user.is_authenticated:
            return self.filter(page_id=page_id, user_id=user.pk).first()
        return self.filter(page_id=page_id, visitor=visitor).first() if visitor else None


class Feedback(models.Model):
    """One reader's vote on one page, once: a user's, or an anonymous visitor's by a key made of a cookie."""

    page = models.ForeignKey("knowledge.HelpPage", on_delete=models.CASCADE, related_name="feedback")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    visitor = models.CharField(max_length=40, blank=True, help_text="Random key of an anonymous reader.")
    is_helpful = models.BooleanField("helpful")
    comment = models.TextField(blank=True, max_length=2000)
    answer = models.TextField(blank=True, max_length=2000)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "feedback"
        constraints = [
            models.UniqueConstraint(
                fields=["page", "user"], condition=models.Q(user__isnull=False), name="knowledge_feedback_once_a_user"
            ),
            models.UniqueConstraint(
                fields=["page", "visitor"], condition=~models.Q(visitor=""), name="knowledge_feedback_once_a_visitor"
            ),
            models.CheckConstraint(
                condition=models.Q(user__isnull=False) ^ ~models.Q(visitor=""), name="knowledge_feedback_one_reader"
            ),
        ]

    def __str__(self) -> str:
        return f"{'Helpful' if self.is_helpful else 'Not helpful'}: {self.page}"

    @property
    def reader(self) -> str:
        """Who voted, in words."""
        return str(self.user) if self.user else "A visitor"


class AnswerMail(Job):
    """An answer on its way to the reader who commented, by e-mail."""

    task: ClassVar[str] = "helpcenter.knowledge.tasks.mail_answer"

    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"Answer to {self.feedback.reader}"
