"""Where developers, agencies and companies find teams."""

from portal.accounts.desks import Kind
from portal.accounts.navigation import Entry, Group

ENTRIES = {
    "team": Entry("Team", "team", "users", frozenset({Kind.COMPANY}), order=30, bottom=True),
    "developer-profile": Entry(
        "Profile", "developer-profile", "user", frozenset({Kind.DEVELOPER}), Group.ACCOUNT, order=60, bottom=True
    ),
    "agency-team": Entry("Developers", "agency-team", "users", frozenset({Kind.AGENCY}), order=20, bottom=True),
}
