"""What the accounts app adds to the Wagtail admin."""

from portal.accounts.wagtail_hooks import choosers, rights, snippets, texts

__all__ = ["choosers", "rights", "snippets", "texts"]
