"""The app that every other app stands on."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Errors, money, secrets, numbers, idempotency, jobs: rules without a subject of their own."""

    name = "portal.core"
    label = "core"

    def ready(self) -> None:
        """Connect the receivers and system checks, and say how long answers are kept."""
        from portal.core import checks, receivers
        from portal.core.privacy import RetentionRule, retention_rules
        from portal.core.services import idempotency

        checks.register()
        receivers.connect()
        retention_rules.register(
            "idempotency_keys",
            RetentionRule(
                "Answers to requests with an Idempotency-Key",
                days=1,
                expired=idempotency.given_before,
                why="Programs may repeat a request for 24 hours.",
            ),
        )
