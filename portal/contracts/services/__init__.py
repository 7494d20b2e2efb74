"""What is done with contracts, each module one subject."""
