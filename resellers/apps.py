"""Configuration of the resellers app."""

from django.apps import AppConfig


class ResellersConfig(AppConfig):
    """Registers the desk of a reseller, and what archives hold of them."""

    name = "resellers"

    def ready(self) -> None:
        """Fill the registries."""
        from portal.accounts.desks import Kind, sources
        from portal.core import privacy, reader_cache
        from resellers import erasers, exports
        from resellers.desks import reseller_desks
        from resellers.models import Reseller

        sources.register(Kind.RESELLER, reseller_desks)
        privacy.person_exporters.register("reseller", exports.PERSON)
        privacy.person_erasers.register("reseller", erasers.PERSON)
        reader_cache.watch(Reseller, lambda reseller: [reseller.user_id])
