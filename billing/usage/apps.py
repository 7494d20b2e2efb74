"""Configuration of the usage app."""

from django.apps import AppConfig


class UsageConfig(AppConfig):
    """Events of use, and daily figures made from them."""

    name = "billing.usage"

    def ready(self) -> None:
        """Fill the registries."""
        from billing.usage import navigation, statistics, verbs
        from portal.accounts.navigation import entries
        from portal.activity import registry as activity
        from portal.core import widgets

        entries.fill(navigation.ENTRIES)
        activity.verbs.fill(verbs.VERBS)
        activity.topics.fill(verbs.TOPICS)
        widgets.statistics.fill(statistics.STATISTICS)
        widgets.marks.register("usage", statistics.mark)
