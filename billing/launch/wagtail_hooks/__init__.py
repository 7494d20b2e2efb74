"""What launch adds to the Wagtail admin."""

from billing.launch.wagtail_hooks import clients, incidents

__all__ = ["clients", "incidents"]
