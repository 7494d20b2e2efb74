"""Who of the vendor's people may do something, to tell them of it."""

from django.contrib.auth.models import Permission
from django.db.models import Q

from portal.accounts.models import User


def who_may(permission: str) -> list[User]:
    """Active staff who hold a permission ("teams.decide_removal"), by themselves, by a group or as superuser."""
    app, _, codename = permission.partition(".")
    right = Permission.objects.filter(content_type__app_label=app, codename=codename)
    holds = Q(is_superuser=True) | Q(groups__permissions__in=right) | Q(user_permissions__in=right)
    return list(User.objects.filter(holds, is_staff=True, is_active=True).distinct())
