"""Configuration of the teams app."""

from django.apps import AppConfig


class TeamsConfig(AppConfig):
    """Registers the desks of developers and agencies."""

    name = "portal.teams"

    def ready(self) -> None:
        """Fill the registry of desks."""
        from portal.accounts.desks import Kind, sources
        from portal.core import reader_cache
        from portal.teams.desks import agency_desks, developer_desks
        from portal.teams.models import Agency, Developer

        sources.register(Kind.DEVELOPER, developer_desks)
        sources.register(Kind.AGENCY, agency_desks)
        reader_cache.watch(Developer, lambda developer: [developer.user_id])
        reader_cache.watch(Agency, lambda agency: agency.admins.values_list("pk", flat=True))
        reader_cache.watch_links(Agency.admins.through, "admins")
