"""Telling people what concerns them."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """The bell, e-mail and SMS; other apps register what can be told."""

    name = "portal.notifications"
    label = "notifications"
