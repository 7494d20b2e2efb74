"""Configuration of the home app."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Registers the places that every desk has."""

    name = "home"

    def ready(self) -> None:
        """Fill the registry of navigation entries; some are those of apps that stand below the registry."""
        from home import privacy
        from home.context_processors import letterhead
        from home.models import DashboardState
        from home.widgets import announced
        from portal.accounts.desks import HOME_URLS, Kind
        from portal.accounts.navigation import Entry, Group, entries
        from portal.core import privacy as registry
        from portal.core import reader_cache, widgets
        from portal.notifications.registry import letterheads

        registry.person_exporters.fill(privacy.PERSON)
        registry.person_erasers.register("dashboards", privacy.ERASER)
        for kind, url in HOME_URLS.items():
            dashboard = Entry("Dashboard", url, "layout-dashboard", frozenset({kind}), order=10, bottom=True)
            entries.register(f"{kind}-dashboard", dashboard)
        entries.register("help", Entry("Help center", "/help/", "book-open", frozenset(Kind), order=80, bottom=True))
        entries.register(
            "help-search", Entry("Search help", "/help/search/", "search", frozenset(Kind), order=81, bottom=True)
        )
        entries.register(
            "notifications",
            Entry("Notifications", "notifications", "bell", frozenset(Kind), group=Group.SETTINGS, order=300),
        )
        letterheads.register("vendor", letterhead)
        widgets.marks.register("announcements", announced)
        reader_cache.watch(DashboardState, lambda state: [state.user_id])
        company = frozenset({Kind.COMPANY})
        entries.register(
            "approvals", Entry("Approvals", "team-approvals", "circle-check", company, Group.ACCOUNT, order=45)
        )
