"""What contracts charge."""
