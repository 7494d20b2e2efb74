"""Invoices of what contracts charge."""
