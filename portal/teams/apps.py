"""Configuration of the teams app."""

from django.apps import AppConfig


class TeamsConfig(AppConfig):
    """Registers desks, decisions, notifications and places to go of developers and agencies."""

    name = "portal.teams"

    def ready(self) -> None:
        """Fill the registries."""
        from portal.accounts import choosing
        from portal.accounts.company_parts import parts
        from portal.accounts.desks import Kind, sources
        from portal.accounts.navigation import entries
        from portal.activity.registry import topics
        from portal.activity.registry import verbs as activity_verbs
        from portal.approvals import registry as approvals
        from portal.core import privacy, reader_cache
        from portal.core.widgets import statistics
        from portal.notifications import registry as notifications
        from portal.teams import company_part, desks, erasers, exports, kinds, navigation, notices, verbs
        from portal.teams.models import Agency, Assignment, Developer
        from portal.teams.services import assignments
        from portal.teams.statistics import STATISTICS

        sources.register(Kind.DEVELOPER, desks.developer_desks)
        sources.register(Kind.AGENCY, desks.agency_desks)
        entries.fill(navigation.ENTRIES)
        choosing.rights.register("teams", assignments.PERMISSION)
        parts.register("team", company_part.TEAM)
        activity_verbs.fill(verbs.VERBS)
        topics.fill(verbs.TOPICS)
        approvals.kinds.fill(kinds.KINDS)
        notifications.kinds.fill(notices.KINDS)
        statistics.fill(STATISTICS)
        privacy.person_exporters.fill(exports.PERSON)
        privacy.company_exporters.fill(exports.COMPANY)
        privacy.person_erasers.register("teams", erasers.PERSON)
        privacy.company_erasers.register("teams", erasers.COMPANY)
        reader_cache.watch(Developer, lambda developer: [developer.user_id])
        reader_cache.watch(Assignment, lambda assignment: [assignment.developer.user_id])
        reader_cache.watch(Agency, lambda agency: agency.admins.values_list("pk", flat=True))
        reader_cache.watch_links(Agency.admins.through, "admins")
