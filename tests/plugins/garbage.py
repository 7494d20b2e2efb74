"""Leaves what was imported and collected out of every search for garbage: it stays until the end anyway."""

import gc


def pytest_collection_finish() -> None:
    """Search among what the tests make alone."""
    gc.collect()
    gc.freeze()
