"""Where companies and developers find projects."""

from portal.accounts.desks import Kind
from portal.accounts.navigation import Entry

ENTRIES = {
    "projects": Entry("Projects", "projects", "folder-git-2", frozenset({Kind.COMPANY}), order=32),
    "developer-projects": Entry(
        "Projects", "developer-projects", "folder-git-2", frozenset({Kind.DEVELOPER}), order=30
    ),
}
