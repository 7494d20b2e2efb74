"""Configuration of the resellers app."""

from django.apps import AppConfig


class ResellersConfig(AppConfig):
    """Registers the desk of a reseller."""

    name = "resellers"

    def ready(self) -> None:
        """Fill the registry of desks."""
        from portal.accounts.desks import Kind, sources
        from portal.core import reader_cache
        from resellers.desks import reseller_desks
        from resellers.models import Reseller

        sources.register(Kind.RESELLER, reseller_desks)
        reader_cache.watch(Reseller, lambda reseller: [reseller.user_id])
