"""The API of companies and their members."""
