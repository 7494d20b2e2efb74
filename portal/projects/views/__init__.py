"""Pages of projects, and where GitHub reports to."""
