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
        from portal.notifications import erasers, exports, notices, receivers
        from portal.notifications.registry import kinds
        from portal.notifications.services import retention

        kinds.fill(notices.KINDS)
        verbs.register("delivery.sent_again", Verb("{actor} sent a message to {subject} again", icon="mail"))
        verbs.register("phone.confirmed", Verb("{actor} confirmed a mobile number", icon="phone"))
        verbs.register("phone.removed", Verb("{actor} removed the mobile number", icon="phone"))
        person_exporters.fill(exports.PERSON)
        retention_rules.fill(retention.RULES)
        person_erasers.register("notifications", erasers.PERSON)
        company_erasers.register("notifications", erasers.COMPANY)
        post_migrate.connect(receivers.complete_wording, sender=self, dispatch_uid="notifications.complete_wording")
