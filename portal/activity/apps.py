"""What happened."""

from django.apps import AppConfig


class ActivityConfig(AppConfig):
    """One append-only register of events that feeds and audit read."""

    name = "portal.activity"
    label = "activity"
