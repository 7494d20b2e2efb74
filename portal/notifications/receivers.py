"""What follows from migrating."""

from typing import Any

from django.apps import apps as current_apps

from portal.notifications.services import wording


def complete_wording(apps: Any = current_apps, **kwargs: Any) -> None:
    """Give editors a row for each kind, unless the migration went back to before there were any."""
    if any(model._meta.label_lower == "notifications.messagetemplate" for model in apps.get_models()):
        wording.complete()
