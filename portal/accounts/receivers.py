"""Facts of django-allauth that the portal writes down."""

from typing import Any

from allauth.account.signals import user_logged_in
from django.apps import apps as current_apps
from django.contrib.auth.signals import user_logged_out
from django.http import HttpRequest
from django.utils import timezone

from portal.accounts import consent_gate, sign_in_middleware
from portal.accounts.models import User
from portal.accounts.services import cleaning, consents, sign_ins


def sign_in_recorded(user: User, request: HttpRequest, **kwargs: Any) -> None:
    """Somebody signed in."""
    sign_ins.record(user=user, at=timezone.now())
    sign_in_middleware.begin(request, user)
    if consents.outstanding(user):
        request.session[consent_gate.SESSION_KEY] = True


def sign_out_recorded(request: HttpRequest, **kwargs: Any) -> None:
    """Somebody signed out."""
    known = request.session.get(sign_in_middleware.SESSION_KEY)
    if known:
        sign_ins.leave(public_id=known["id"], at=timezone.now())


def complete_periods(apps: Any = current_apps, **kwargs: Any) -> None:
    """Give staff a row for each retention rule, unless the migration went back to before there were any."""
    if any(model._meta.label_lower == "accounts.retentionperiod" for model in apps.get_models()):
        cleaning.complete()


def connect() -> None:
    """Listen to sign-ins."""
    user_logged_in.connect(sign_in_recorded)
    user_logged_out.connect(sign_out_recorded)
