"""Buildly Labs: whom people are there, and what they can reach there."""
