"""Authenticator apps of the cast."""

import base64

from django.utils import timezone
from django_otp.oath import totp

from portal.accounts.models import Authenticator, User
from portal.accounts.models.second_factor import new_key


def with_app(user: User) -> Authenticator:
    """Give somebody a second factor."""
    user.second_factor_at = timezone.now()
    user.save(update_fields=["second_factor_at"])
    return Authenticator.objects.create(user=user, name="app", key=new_key())


def code_of(authenticator: Authenticator, *, later: int = 0) -> str:
    """What the app shows now, or some steps of 30 seconds later."""
    return f"{totp(base64.b32decode(authenticator.key), drift=later):06}"
