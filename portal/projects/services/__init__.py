"""What can be done with projects and what belongs to them."""
