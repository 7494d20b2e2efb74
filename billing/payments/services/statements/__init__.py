"""Statements of banks: `reading` knows their formats, `importing` matches what arrived with what is due."""
