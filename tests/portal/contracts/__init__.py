"""Contracts, from their templates to what they charge."""
