"""Invoices, credit notes, the ledger, tax and invoice runs in the Wagtail admin."""

from billing.invoicing.wagtail_hooks import invoices, ledger, runs, taxes

__all__ = ["invoices", "ledger", "runs", "taxes"]
