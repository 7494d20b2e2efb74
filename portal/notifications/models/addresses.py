"""What the mail provider reports, and addresses that are not written to any more."""

from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from portal.core.models import Job


class BlockedAddressQuerySet(models.QuerySet["BlockedAddress"]):
    """Addresses that refused mail."""

    def of(self, address: str) -> Self:
        """The block of one address; letter case does not count."""
        return self.alias(lowered=Lower("address")).filter(lowered=address.lower())


class BlockedAddress(models.Model):
    """An address that mail is not sent to: it does not exist, or its owner called our mail spam."""

    class Reason(models.TextChoices):
        BOUNCED = "bounced", "Does not exist or refuses mail"
        COMPLAINED = "complained", "Reported our mail as spam"
        UNSUBSCRIBED = "unsubscribed", "Unsubscribed at the mail provider"

    address = models.EmailField(max_length=254)
    reason = models.CharField(max_length=12, choices=Reason.choices)
    details = models.CharField(max_length=300, blank=True)
    blocked_at = models.DateTimeField(default=timezone.now)

    objects = BlockedAddressQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "blocked addresses"
        ordering = ["-blocked_at"]
        constraints = [models.UniqueConstraint(Lower("address"), name="notifications_blockedaddress_once")]

    def __str__(self) -> str:
        return self.address


class MailEvent(Job):
    """What the mail provider told us, raw, as it came; processed once, and again only when somebody replays it."""

    task: ClassVar[str] = "portal.notifications.tasks.process_mail_event"

    event_id = models.CharField(max_length=100)
    kind = models.CharField(max_length=60)
    body = models.TextField()
    happened_at = models.DateTimeField()

    class Meta(Job.Meta):
        constraints = [models.UniqueConstraint(fields=["event_id"], name="notifications_mailevent_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"
