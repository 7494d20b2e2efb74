"""The queue in the Wagtail admin."""

from portal.approvals.wagtail_hooks import bulk, listing, panel

__all__ = ["bulk", "listing", "panel"]
