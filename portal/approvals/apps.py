"""Decisions that wait for somebody."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """One queue for every decision; other apps register what can be decided."""

    name = "portal.approvals"
    label = "approvals"

    def ready(self) -> None:
        """Say what can happen to an approval, what is told of it, and what archives hold of it."""
        from portal.activity.registry import topics
        from portal.activity.registry import verbs as activity_verbs
        from portal.approvals import erasers, exports
        from portal.approvals.notices import NOTICES
        from portal.approvals.verbs import TOPICS, VERBS
        from portal.core.privacy import company_erasers, company_exporters, person_erasers, person_exporters
        from portal.notifications.registry import kinds as notification_kinds

        for code, verb in VERBS.items():
            activity_verbs.register(code, verb)
        topics.fill(TOPICS)
        for code, notice in NOTICES.items():
            notification_kinds.register(code, notice)
        person_exporters.register("requests", exports.PERSON)
        company_exporters.register("decisions", exports.COMPANY)
        person_erasers.register("approvals", erasers.PERSON)
        company_erasers.register("approvals", erasers.COMPANY)
