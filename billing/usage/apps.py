"""Configuration of the usage app."""

from django.apps import AppConfig


class UsageConfig(AppConfig):
    """Events of use, and daily figures made from them."""

    name = "billing.usage"

    def ready(self) -> None:
        """Fill the registries."""
        from billing.usage import navigation, privacy, statistics, verbs
        from portal.accounts.navigation import entries
        from portal.activity import registry as activity
        from portal.core import privacy as registries
        from portal.core import widgets

        entries.fill(navigation.ENTRIES)
        activity.verbs.fill(verbs.VERBS)
        activity.topics.fill(verbs.TOPICS)
        registries.company_exporters.fill(privacy.COMPANY)
        registries.person_exporters.fill(privacy.PERSON)
        registries.company_erasers.register("usage", privacy.COMPANY_ERASER)
        registries.person_erasers.register("usage", privacy.PERSON_ERASER)
        registries.retention_rules.fill(privacy.RULES)
        widgets.statistics.fill(statistics.STATISTICS)
        widgets.marks.register("usage", statistics.mark)
