"""Configuration of the resellers app."""

from django.apps import AppConfig


class ResellersConfig(AppConfig):
    """Registers the desk of a reseller."""

    name = "resellers"

    def ready(self) -> None:
        """Fill the registry of desks."""
        from portal.accounts.desks import Kind, sources
        from resellers.desks import reseller_desks

        sources.register(Kind.RESELLER, reseller_desks)
