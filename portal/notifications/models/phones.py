"""Codes by which people prove that a mobile number is theirs."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.crypto import constant_time_compare, salted_hmac

from portal.notifications.models.deliveries import Sending

LIFETIME = timedelta(minutes=10)
MOST_TRIES = 5
DIGITS = 6
is_e164 = RegexValidator(r"^\+[1-9]\d{7,14}$", "Write the number with its country code, such as +254712345678.")


class PhoneCodeQuerySet(models.QuerySet["PhoneCode"]):
    """Codes."""

    def waiting(self, user: object) -> Self:
        """The one that a person was sent last, until it is used or replaced."""
        return self.filter(user=user, closed_at=None)


class PhoneCode(Sending):
    """A code on its way to a number, good for ten minutes and five attempts; a newer one of the person replaces it.

    The database knows no code: it follows from the secret key and `nonce`, so that the SMS can be written from the row.
    """

    task: ClassVar[str] = "portal.notifications.tasks.send_phone_code"
    most_attempts: ClassVar[int] = 4

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    phone = models.CharField(max_length=16, validators=[is_e164])
    nonce = models.CharField(max_length=32, editable=False)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)

    objects = PhoneCodeQuerySet.as_manager()

    class Meta(Sending.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(closed_at=None), name="notifications_phonecode_one_waiting"
            ),
            models.CheckConstraint(condition=Q(tries__lte=MOST_TRIES), name="notifications_phonecode_tries"),
        ]
        indexes = [
            *Sending.Meta.indexes,
            models.Index(fields=["user", "-created_at"], name="notifications_code_of_person"),
            models.Index(fields=["phone", "-created_at"], name="notifications_code_of_number"),
        ]

    def __str__(self) -> str:
        return f"Code for {self.phone}"

    @property
    def code(self) -> str:
        """The six digits."""
        digest = salted_hmac("notifications.phone", f"{self.user_id}:{self.phone}:{self.nonce}", algorithm="sha256")
        return f"{int(digest.hexdigest(), 16) % 10**DIGITS:0{DIGITS}}"

    def is_open(self, at: datetime) -> bool:
        """Whether it can be given."""
        return self.closed_at is None and at < self.expires_at and self.tries < MOST_TRIES

    def matches(self, written: str) -> bool:
        """Whether this is the code."""
        return constant_time_compare(self.code, written)
