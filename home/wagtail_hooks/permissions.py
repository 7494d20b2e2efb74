"""Permissions that the group editor offers beside those of snippets and pages."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from wagtail import hooks


@hooks.register("register_permissions")
def brand_permission() -> QuerySet[Permission]:
    """The right to change the brand."""
    return Permission.objects.filter(content_type__app_label="home", codename="change_brandsettings")
