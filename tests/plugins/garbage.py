"""Looks for garbage seldom: what was imported and collected stays until the end, and a process of tests ends soon."""

import gc


def pytest_collection_finish() -> None:
    """Leave what is there by now out of every search, and search after many new objects only."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
