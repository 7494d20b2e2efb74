"""Facts of django-allauth that the portal writes down."""

from typing import Any

from allauth.account.signals import user_logged_in

from portal.accounts.models import User
from portal.activity import services as activity


def sign_in_recorded(user: User, **kwargs: Any) -> None:
    """Somebody signed in."""
    activity.record(verb="account.signed_in", actor=user)


def connect() -> None:
    """Listen to sign-ins."""
    user_logged_in.connect(sign_in_recorded)
