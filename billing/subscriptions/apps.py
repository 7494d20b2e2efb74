"""Configuration of the subscriptions app."""

from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    """Registers the figures on products."""

    name = "billing.subscriptions"

    def ready(self) -> None:
        """Fill the registries."""
        from billing.subscriptions import erasers, exports, statistics
        from billing.subscriptions.models import ProductAccess
        from portal.accounts.services import companies
        from portal.core import privacy, reader_cache, widgets

        for key, statistic in statistics.STATISTICS.items():
            widgets.statistics.register(key, statistic)
        privacy.company_exporters.register("products", exports.COMPANY)
        privacy.company_erasers.register("products", erasers.COMPANY)
        reader_cache.watch(ProductAccess, lambda access: companies.member_ids(access.company))
