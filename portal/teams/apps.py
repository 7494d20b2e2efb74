"""Configuration of the teams app."""

from django.apps import AppConfig


class TeamsConfig(AppConfig):
    """Registers the desks of developers and agencies."""

    name = "portal.teams"

    def ready(self) -> None:
        """Fill the registry of desks."""
        from portal.accounts.desks import Kind, sources
        from portal.teams.desks import agency_desks, developer_desks

        sources.register(Kind.DEVELOPER, developer_desks)
        sources.register(Kind.AGENCY, agency_desks)
