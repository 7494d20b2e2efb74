"""Configuration of the subscriptions app."""

from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    """Registers the figures on products."""

    name = "billing.subscriptions"

    def ready(self) -> None:
        """Fill the registry of statistics."""
        from billing.subscriptions import statistics
        from portal.core import widgets

        for key, statistic in statistics.STATISTICS.items():
            widgets.statistics.register(key, statistic)
