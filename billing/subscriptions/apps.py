"""Configuration of the subscriptions app."""

from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    """Subscriptions, and the products that companies and their members may open."""

    name = "billing.subscriptions"

    def ready(self) -> None:
        """Fill the registries and listen to invoices."""
        from billing.catalog.registry import standings as plan_standings
        from billing.invoicing import registry as invoices
        from billing.subscriptions import (
            company_part,
            erasers,
            exports,
            metered,
            navigation,
            notices,
            receivers,
            retention,
            standings,
            statistics,
            suggestions,
            usage_page,
            users,
            verbs,
        )
        from billing.subscriptions.models import ProductAccess, ProductGrant
        from billing.subscriptions.registry import daily_usage, usage
        from billing.subscriptions.services import access
        from billing.usage import registry as usage_registry
        from billing.usage.services import proving as proving_use
        from portal.accounts import grants
        from portal.accounts.company_parts import parts
        from portal.accounts.navigation import entries
        from portal.accounts.services import companies
        from portal.activity import registry as activity
        from portal.core import privacy, reader_cache, widgets
        from portal.notifications.registry import kinds

        widgets.statistics.fill(statistics.STATISTICS)
        activity.verbs.fill(verbs.VERBS)
        activity.topics.fill(verbs.TOPICS)
        kinds.fill(notices.KINDS)
        plan_standings.register("subscriptions", standings.of_plans)
        parts.register("subscriptions", company_part.SUBSCRIPTIONS)
        grants.sources.register("products", access.Products())
        usage.register("users", users.read)
        usage.register("products", metered.read)
        daily_usage.register("products", metered.read_days)
        # Charges for use are reckoned from totals.
        invoices.ledger_checks.register("totals of use", proving_use.totals_agree)
        invoices.breakdowns.register("subscriptions", metered.breakdowns)
        usage_registry.products.register("subscriptions", usage_page.products)
        usage_registry.consumptions.register("subscriptions", usage_page.consumptions)
        usage_registry.holders.register("subscriptions", metered.holders)
        usage_registry.suggestions.register("subscriptions", suggestions.of)
        privacy.company_exporters.fill(exports.COMPANY)
        privacy.person_exporters.fill(exports.PERSON)
        privacy.company_erasers.register("subscriptions", erasers.COMPANY)
        privacy.person_erasers.register("subscriptions", erasers.PERSON)
        privacy.retention_rules.fill(retention.RULES)
        receivers.connect()
        entries.fill(navigation.ENTRIES)
        reader_cache.watch(ProductAccess, lambda access: companies.member_ids(access.company))
        reader_cache.watch(ProductGrant, lambda grant: [grant.membership.user_id])
