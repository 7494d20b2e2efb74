"""Developers, agencies and assignments in the Wagtail admin: buttons that call services, no form that edits states."""

from portal.teams.wagtail_hooks import rights, snippets

__all__ = ["rights", "snippets"]
