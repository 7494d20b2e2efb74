"""Agreements as others keep them, in Markdown and DOCX, read as the blocks of a template."""
