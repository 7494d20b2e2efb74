"""What can be done with developers and their assignments."""
