"""Products opened in one click: OpenID Connect, what products report of themselves, and their health."""
