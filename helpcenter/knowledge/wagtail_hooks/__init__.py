"""What the help center adds to the Wagtail admin."""

from helpcenter.knowledge.wagtail_hooks import choosers, feedback, links, pages, panel, reports, rights, search

__all__ = ["choosers", "feedback", "links", "pages", "panel", "reports", "rights", "search"]
