"""What the home app adds to the Wagtail admin."""

from home.wagtail_hooks import announcements, permissions, shell

__all__ = ["announcements", "permissions", "shell"]
