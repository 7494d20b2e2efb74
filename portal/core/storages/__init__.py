"""Where files lie that everyone may fetch who knows their name."""
