"""Buildly Labs."""
