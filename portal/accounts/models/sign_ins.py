"""Where somebody is signed in, and was."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models

from portal.core.fields import EncryptedTextField
from portal.core.models import PublicIdModel


class SignInQuerySet(models.QuerySet["SignIn"]):
    """Sign-ins by browser."""

    def open(self, *, at: datetime) -> Self:
        """Those that may still be signed in."""
        oldest = at - timedelta(seconds=settings.SESSION_COOKIE_AGE)
        return self.filter(ended_at=None, last_seen_at__gt=oldest)


class SignIn(PublicIdModel):
    """One browser that somebody signed in with; kept after its end, so that a browser known before is known again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sign_ins")
    # Whoever has it is signed in, hence encrypted; needed to end the session in the cache server.
    session_key = EncryptedTextField()
    # Digest of a random word in a cookie that stays when one signs out.
    browser = models.CharField(max_length=64)
    device = models.CharField(max_length=60)
    address = models.GenericIPAddressField(null=True)
    signed_in_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = SignInQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "-last_seen_at"], name="accounts_signin_user")]

    def __str__(self) -> str:
        return self.device
