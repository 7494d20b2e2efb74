"""Names that nobody guesses."""

import secrets
from pathlib import PurePosixPath
from typing import Any


class UnguessableNames:
    """For storages: each file gets 128 random bits in place of the name that it came with."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """A name in the same folder with the same ending."""
        path = PurePosixPath(name)
        base: Any = super()
        available: str = base.get_available_name(
            str(path.with_name(f"{secrets.token_hex(16)}{path.suffix}")), max_length
        )
        return available
