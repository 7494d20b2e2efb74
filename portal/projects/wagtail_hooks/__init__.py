"""Projects in the Wagtail admin: what is said of them by form, everything else by buttons that call services."""

from portal.projects.wagtail_hooks import labs, rights, snippets

__all__ = ["labs", "rights", "snippets"]
