"""What the help center adds to the Wagtail admin."""

from helpcenter.knowledge.wagtail_hooks import (
    choosers,
    documents,
    feedback,
    links,
    pages,
    panel,
    reports,
    reviewing,
    rights,
    search,
)

__all__ = ["choosers", "documents", "feedback", "links", "pages", "panel", "reports", "reviewing", "rights", "search"]
