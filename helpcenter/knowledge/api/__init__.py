"""The help center for other programs."""
