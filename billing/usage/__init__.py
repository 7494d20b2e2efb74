"""What products report of their use, and its daily figures."""
