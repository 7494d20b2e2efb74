"""Measures the search on a folder of articles whose right answers are known."""
