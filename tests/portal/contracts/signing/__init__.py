"""Signing, and the evidence of it."""
