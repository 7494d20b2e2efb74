"""Contracts sealed, stamped, kept, handed out and verified."""
