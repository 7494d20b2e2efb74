"""Where one can go for company and members: entries of the sidebar, and the parts of the settings."""

from portal.accounts.desks import Kind
from portal.accounts.navigation import Entry, Group, entries, settings_tabs

COMPANY = frozenset({Kind.COMPANY})


def register() -> None:
    """Fill the registries of places."""
    entries.register("members", Entry("Members", "members", "users", COMPANY, Group.ACCOUNT, order=60))
    entries.register("settings", Entry("Company", "company", "building-2", COMPANY, Group.SETTINGS, order=70))
    settings_tabs.register("profile", Entry("Profile", "company", "building-2", COMPANY, order=10))
    settings_tabs.register("privacy", Entry("Privacy", "company-privacy", "lock", COMPANY, order=30))
    settings_tabs.register("activity", Entry("Activity", "company-activity", "history", COMPANY, order=40))
    settings_tabs.register("verification", Entry("Verification", "verification", "shield-check", COMPANY, order=20))
