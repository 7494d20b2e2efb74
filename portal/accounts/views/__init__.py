"""Pages of people and companies."""
