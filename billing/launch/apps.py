"""Configuration of the launch app."""

from django.apps import AppConfig


class LaunchConfig(AppConfig):
    """The OpenID Connect provider for products, and what they report."""

    name = "billing.launch"

    def ready(self) -> None:
        """Fill the registries and listen to passwords."""
        from billing.launch import (
            approving,
            navigation,
            notices,
            opened,
            privacy,
            receivers,
            reported,
            retention,
            verbs,
            widgets,
        )
        from portal.accounts.navigation import entries, own_entries
        from portal.activity import registry as activity
        from portal.approvals.registry import kinds as approval_kinds
        from portal.core import privacy as privacy_registry
        from portal.core import widgets as dashboards
        from portal.notifications.registry import kinds

        dashboards.marks.register("launch", widgets.mark)
        kinds.fill(notices.KINDS)
        entries.fill(navigation.ENTRIES)
        own_entries.register("products", navigation.products_of)
        activity.verbs.fill(verbs.VERBS)
        activity.verbs.fill(reported.VERBS)
        privacy_registry.company_exporters.register("product_settings", privacy.SETTINGS)
        privacy_registry.company_exporters.fill(reported.COMPANY)
        privacy_registry.company_erasers.register("product_settings", privacy.SETTINGS_OF_COMPANY)
        privacy_registry.company_erasers.register("product_reports", reported.ERASER)
        privacy_registry.person_erasers.register("product_settings", privacy.SETTINGS_BY_PERSON)
        privacy_registry.retention_rules.fill(retention.RULES)
        privacy_registry.retention_rules.fill(reported.RULES)
        privacy_registry.person_exporters.register("product_sessions", opened.PERSON)
        privacy_registry.company_exporters.register("product_sessions", opened.COMPANY)
        privacy_registry.person_erasers.register("product_sessions", opened.BY_PERSON)
        privacy_registry.company_erasers.register("product_sessions", opened.BY_COMPANY)
        privacy_registry.retention_rules.fill(opened.RULES)
        approval_kinds.fill(approving.KINDS)
        receivers.connect()
