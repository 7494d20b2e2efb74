"""One message to one person."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.core.models import PublicIdModel
from portal.notifications.registry import codes_of_group, kinds

if TYPE_CHECKING:
    from portal.accounts.models import Company, User


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Notifications, as far as somebody may read them."""

    def visible_to(self, user: "User", *, company: "Company | None" = None) -> Self:
        """Those to `user`: at a company's desk what concerns the company, elsewhere what was told to no member of one.

        What concerns no company is seen at every desk. What a member was told of a company is gone with the membership.
        """
        concerns = Q(company=company) if company else Q(is_for_member=False, company__isnull=False)
        return self.filter(recipient=user).filter(concerns | Q(company=None))

    def unread(self) -> Self:
        """Those that have not been read."""
        return self.filter(read_at=None)

    def of_group(self, group: str) -> Self:
        """Those of the kinds of one group."""
        return self.filter(kind__in=codes_of_group(group))

    def newest(self) -> Self:
        """The last first."""
        return self.order_by("-created_at", "-pk")

    def older_than(self, notification: "Notification") -> Self:
        """Those that come after this one when the newest come first."""
        at, pk = notification.created_at, notification.pk
        return self.filter(Q(created_at__lt=at) | Q(created_at=at, pk__lt=pk), created_at__lte=at)


class Notification(PublicIdModel):
    """What one person was told, in the words of that time; `key` names the event, so that it is told once.

    `is_for_member`: the person was a member of the company then, so that it belongs to the company's desk.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications", db_index=False
    )
    company = models.ForeignKey("accounts.Company", null=True, on_delete=models.CASCADE, related_name="+")
    is_for_member = models.BooleanField(default=False)
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
            models.Index(
                fields=["recipient", "-created_at", "-id"], condition=Q(read_at=None), name="notifications_unread"
            ),
            models.Index(fields=["read_at"], condition=Q(read_at__isnull=False), name="notifications_to_forget"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def status(self) -> str:
        """Whether it waits to be read."""
        return "read" if self.read_at else "unread"

    @property
    def label(self) -> str:
        """The name of its kind."""
        return kinds.get(self.kind).label if self.kind in kinds else self.kind

    @property
    def group(self) -> str:
        """The group of its kind."""
        return kinds.get(self.kind).group if self.kind in kinds else ""

    @property
    def icon(self) -> str:
        """The picture of its kind."""
        return kinds.get(self.kind).icon if self.kind in kinds else "bell"
