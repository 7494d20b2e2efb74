"""Contracts, their templates and what they charge in the admin: buttons call services, no form edits states."""

from portal.contracts.wagtail_hooks import charges, group, periods

__all__ = ["charges", "group", "periods"]
