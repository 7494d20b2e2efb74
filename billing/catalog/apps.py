"""Configuration of the catalog app."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Registers the comparison of plans and what can happen to them."""

    name = "billing.catalog"

    def ready(self) -> None:
        """Fill the registries."""
        from billing.catalog import navigation, verbs
        from portal.accounts import choosing
        from portal.accounts.navigation import entries
        from portal.activity.registry import verbs as activity_verbs

        activity_verbs.fill(verbs.VERBS)
        entries.fill(navigation.ENTRIES)
        choosing.rights.register("catalog", "catalog.change_plan")
