"""Writes of the home app."""
