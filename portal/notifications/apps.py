"""Telling people what concerns them."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class NotificationsConfig(AppConfig):
    """The bell, e-mail and SMS; other apps register what can be told."""

    name = "portal.notifications"
    label = "notifications"

    def ready(self) -> None:
        """Say what the app itself tells, and give editors a row for each kind after migrating."""
        from portal.activity.registry import Verb, verbs
        from portal.core.privacy import company_erasers, person_erasers, person_exporters, retention_rules
        from portal.notifications import erasers, exports, receivers
        from portal.notifications.registry import Kind, kinds
        from portal.notifications.services import retention

        kinds.register(
            "address_blocked",
            Kind(
                label="Our e-mails do not reach you",
                group="Account",
                subject="We cannot reach you at {address}",
                body=(
                    "Our last e-mail came back (reason: {reason}), so we send no more to this address.\n\n"
                    "Give us another address, or let us try again from your notification settings."
                ),
                fields={"address": "amina@savanna.example", "reason": "does not exist or refuses mail"},
                action="Open your settings",
                icon="mail",
                urgent=True,
                email=False,
            ),
        )
        verbs.register("delivery.sent_again", Verb("{actor} sent a message to {subject} again", icon="mail"))
        person_exporters.fill(exports.PERSON)
        retention_rules.fill(retention.RULES)
        person_erasers.register("notifications", erasers.PERSON)
        company_erasers.register("notifications", erasers.COMPANY)
        post_migrate.connect(receivers.complete_wording, sender=self, dispatch_uid="notifications.complete_wording")
