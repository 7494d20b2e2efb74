"""Subscriptions in the Wagtail admin."""

from billing.subscriptions.wagtail_hooks import registers

__all__ = ["registers"]
