"""What launch adds to the Wagtail admin."""

from billing.launch.wagtail_hooks import incidents

__all__ = ["incidents"]
