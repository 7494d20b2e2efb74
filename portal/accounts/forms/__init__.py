"""Forms of people and companies."""
