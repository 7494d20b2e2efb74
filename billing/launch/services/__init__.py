"""Use cases of opening products."""
