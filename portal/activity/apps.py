"""What happened."""

from django.apps import AppConfig


class ActivityConfig(AppConfig):
    """One append-only register of events that feeds and audit read."""

    name = "portal.activity"
    label = "activity"

    def ready(self) -> None:
        """Say what it knows of people and companies, and what can happen to registers."""
        from portal.activity import exports, widgets
        from portal.activity.registry import Verb, verbs
        from portal.core.privacy import company_exporters, person_exporters
        from portal.core.widgets import marks

        person_exporters.register("activity", exports.PERSON)
        company_exporters.register("activity", exports.COMPANY)
        marks.register("activity", widgets.mark)
        verbs.register("register.exported", Verb("{actor} exported {register} as {format}", icon="download"))
