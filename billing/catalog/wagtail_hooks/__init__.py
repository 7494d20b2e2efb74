"""The catalog in the Wagtail admin: products, metrics, families and plans."""

from billing.catalog.wagtail_hooks import deleting, snippets

__all__ = ["deleting", "snippets"]
