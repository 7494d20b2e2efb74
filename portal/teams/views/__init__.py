"""Pages of teams, developers and agencies."""
