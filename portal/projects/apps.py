"""Projects: work done for companies, their repositories on GitHub, and what Buildly Labs knows of them."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """Registers places to go, verbs, notifications, figures, and what is known of people."""

    name = "portal.projects"
    label = "projects"

    def ready(self) -> None:
        """Fill the registries, and listen to what teams tell."""
        from portal.accounts.company_parts import parts
        from portal.accounts.navigation import entries
        from portal.accounts.ways_in import ways_in
        from portal.activity.registry import topics
        from portal.activity.registry import verbs as activity_verbs
        from portal.core import privacy as data
        from portal.core import reader_cache
        from portal.core.widgets import statistics
        from portal.notifications import registry as notifications
        from portal.projects import company_part, navigation, notices, privacy, receivers, verbs
        from portal.projects.labs import privacy as labs_privacy
        from portal.projects.labs import showing as labs
        from portal.projects.labs import telling as labs_telling
        from portal.projects.models import ProjectDeveloper
        from portal.projects.statistics import STATISTICS

        entries.fill(navigation.ENTRIES)
        parts.register("projects", company_part.PROJECTS)
        activity_verbs.fill(verbs.VERBS)
        topics.fill(verbs.TOPICS)
        notifications.kinds.fill(notices.KINDS)
        statistics.fill(STATISTICS)
        data.person_exporters.fill(privacy.PERSON)
        data.company_exporters.fill(privacy.COMPANY)
        data.person_erasers.register("projects", privacy.PERSON_ERASER)
        data.company_erasers.register("projects", privacy.COMPANY_ERASER)
        data.retention_rules.fill(privacy.RULES)
        reader_cache.watch(ProjectDeveloper, lambda place: [place.assignment.developer.user_id])
        ways_in.register("labs", labs.ways_in)
        activity_verbs.fill(labs_telling.VERBS)
        topics.fill(labs_telling.TOPICS)
        notifications.kinds.fill(labs_telling.KINDS)
        data.person_exporters.fill(labs_privacy.PERSON)
        data.company_exporters.fill(labs_privacy.COMPANY)
        data.person_erasers.register("labs", labs_privacy.PERSON_ERASER)
        data.company_erasers.register("labs", labs_privacy.COMPANY_ERASER)
        data.retention_rules.fill(labs_privacy.RULES)
        receivers.connect()
