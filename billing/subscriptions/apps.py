"""Configuration of the subscriptions app."""

from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    """Registers the figures on products."""

    name = "billing.subscriptions"

    def ready(self) -> None:
        """Fill the registry of statistics."""
        from billing.subscriptions import statistics
        from billing.subscriptions.models import ProductAccess
        from portal.accounts.services import companies
        from portal.core import reader_cache, widgets

        for key, statistic in statistics.STATISTICS.items():
            widgets.statistics.register(key, statistic)
        reader_cache.watch(ProductAccess, lambda access: companies.member_ids(access.company))
