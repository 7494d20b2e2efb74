"""What a portal needs before its first visitor: groups, home page, help center, dashboards."""
