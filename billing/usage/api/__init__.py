"""Use for other programs: products report it, companies read it."""
