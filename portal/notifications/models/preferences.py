"""What people want to be told, where and when."""

import zoneinfo
from functools import cache

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models

from portal.notifications.models.deliveries import Channel
from portal.notifications.models.phones import is_e164


def default_time_zone() -> str:
    """The portal's own."""
    return str(settings.TIME_ZONE)


@cache
def time_zones() -> list[tuple[str, str]]:
    """Places that name a time zone, such as Africa/Nairobi."""
    known = zoneinfo.available_timezones()
    names = sorted(
        name for name in known if "/" in name and not name.startswith(("Etc/", "SystemV/", "posix", "right"))
    )
    return [(name, name.replace("_", " ")) for name in names]


class Preference(models.Model):
    """One person's choice for one section and channel; without a row the kinds' own defaults hold."""

    class Choice(models.TextChoices):
        NOW = "now", "At once"
        DAILY = "daily", "Daily digest"
        NEVER = "never", "Never"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notification_preferences", db_index=False
    )
    section = models.CharField(max_length=80)
    channel = models.CharField(max_length=5, choices=Channel.choices)
    choice = models.CharField(max_length=5, choices=Choice.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "section", "channel"], name="notifications_preference_once"),
            models.CheckConstraint(
                condition=~models.Q(choice="daily") | models.Q(channel="email"),
                name="notifications_preference_digest_is_email",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section}, {self.channel}: {self.choice}"


class ContactSettings(models.Model):
    """How one person is reached: the number for SMS, and when the daily digest comes by the clock on their wall.

    A number is one person's: of those who prove that it is theirs, the last.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="contact_settings")
    phone = models.CharField("mobile number", max_length=16, blank=True, validators=[is_e164])
    phone_confirmed_at = models.DateTimeField(null=True, editable=False)
    time_zone = models.CharField(max_length=50, default=default_time_zone)
    digest_hour = models.PositiveSmallIntegerField(default=8, validators=[MaxValueValidator(23)])

    class Meta:
        verbose_name_plural = "contact settings"
        constraints = [
            models.UniqueConstraint(
                fields=["phone"],
                condition=models.Q(phone_confirmed_at__isnull=False),
                name="notifications_contactsettings_phone_once",
            ),
            models.CheckConstraint(
                condition=models.Q(phone_confirmed_at=None) | ~models.Q(phone=""),
                name="notifications_contactsettings_confirmed",
            ),
            models.CheckConstraint(
                condition=models.Q(digest_hour__lte=23), name="notifications_contactsettings_digest_hour"
            ),
        ]

    def __str__(self) -> str:
        return f"Contact settings of {self.user}"

    @property
    def confirmed_phone(self) -> str:
        """The number for SMS; empty until the person has proved that it is theirs."""
        return self.phone if self.phone_confirmed_at else ""

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The clock of the person."""
        return zoneinfo.ZoneInfo(self.time_zone)
