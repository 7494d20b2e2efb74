"""One message to one person."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.core.models import PublicIdModel

if TYPE_CHECKING:
    from portal.accounts.models import Company, User


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Notifications, as far as somebody may read them."""

    def visible_to(self, user: "User", *, company: "Company | None" = None) -> Self:
        """Those to `user` that concern the company in use, or no company."""
        return self.filter(recipient=user).filter(Q(company=None) | Q(company=company) if company else Q(company=None))

    def unread(self) -> Self:
        """Those that have not been read."""
        return self.filter(read_at=None)

    def newest(self) -> Self:
        """The last first."""
        return self.order_by("-created_at", "-pk")


class Notification(PublicIdModel):
    """What one person was told, in the words of that time; `key` names the event, so that it is told once."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications", db_index=False
    )
    company = models.ForeignKey("accounts.Company", null=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    subject = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient", "kind", "key"], name="notifications_notification_once")
        ]
        indexes = [
            models.Index(fields=["recipient", "-created_at", "-id"], name="notifications_newest"),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="notifications_unread"),
        ]

    def __str__(self) -> str:
        return self.subject
