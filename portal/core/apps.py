"""The app that every other app stands on."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Errors, money, secrets, numbers, idempotency, jobs: rules without a subject of their own."""

    name = "portal.core"
    label = "core"

    def ready(self) -> None:
        """Connect the receivers and system checks."""
        from portal.core import checks, receivers

        checks.register()
        receivers.connect()
