"""People's accounts at Labs, and the projects that they reach there."""
