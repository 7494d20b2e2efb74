"""Facts of django-allauth that end sessions in products."""

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from django.utils import timezone

from billing.launch.services import sessions
from portal.accounts.models import User


def password_was_changed(user: User, **kwargs: Any) -> None:
    """Whoever knew the old one is signed out of all products."""
    sessions.end_all_of(user=user, reason=sessions.Reason.CHANGED, at=timezone.now())


def connect() -> None:
    """Listen to passwords."""
    for fact in (password_changed, password_reset, password_set):
        fact.connect(password_was_changed)
