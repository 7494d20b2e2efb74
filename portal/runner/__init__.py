"""`make run`: everything the portal consists of on one machine, started, watched and ended together."""
