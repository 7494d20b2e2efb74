"""What the accounts app adds to the Wagtail admin."""

from portal.accounts.wagtail_hooks import rights, snippets, texts

__all__ = ["rights", "snippets", "texts"]
