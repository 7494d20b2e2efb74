"""Sign-ins of programs: each is a family of refresh tokens, of which the newest alone is worth something."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models

from portal.accounts.models.companies import Company
from portal.core.models import PublicIdModel


class TokenFamilyQuerySet(models.QuerySet["TokenFamily"]):
    """Families of tokens."""

    def alive(self, *, at: datetime) -> Self:
        """Those that nobody has ended, that have not run out, and whose owner may sign in."""
        return self.filter(ended_at=None, expires_at__gt=at, user__is_active=True)


class TokenFamily(PublicIdModel):
    """One sign-in of a program, with all tokens that came of it."""

    class Ending(models.TextChoices):
        LOGOUT = "logout", "signed out"
        REUSED = "reused", "an old refresh token was used again"
        REVOKED = "revoked", "ended by its owner"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="token_families")
    company = models.ForeignKey(Company, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    # Identifier of the refresh token that was given out last.
    newest = models.CharField(max_length=32)
    # Changes with the password, as that of sessions does.
    password_stamp = models.CharField(max_length=64)
    is_proven = models.BooleanField("second factor given")
    started_at = models.DateTimeField()
    used_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=7, choices=Ending.choices, blank=True)

    objects = TokenFamilyQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "expires_at"], name="accounts_tokenfamily_user")]

    def __str__(self) -> str:
        return f"Tokens {self.public_id}"

    def is_sound(self) -> bool:
        """Whether password and second factor are as they were when the program signed in."""
        stamp: str = self.user.get_session_auth_hash()
        return self.password_stamp == stamp and (self.is_proven or self.user.second_factor_at is None)

    def end(self, ending: Ending, *, at: datetime) -> None:
        """Make all its tokens worthless."""
        self.ending, self.ended_at = ending, at
