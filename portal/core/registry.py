"""How a low app learns of what a high app has: the low one offers a registry, the high one fills it in `ready()`."""

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

T = TypeVar("T")


class AlreadyRegistered(Exception):
    """Two entries claim one key: a mistake in the code, found at start."""


class NotRegistered(LookupError):
    """Nothing is registered under this key."""


class Registry(Generic[T]):
    """Entries of one type by key, in the order in which they came. `name` says what they are, in the plural."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._entries: dict[str, T] = {}

    def register(self, key: str, entry: T) -> T:
        """Add an entry and return it. Raises AlreadyRegistered when the key is taken."""
        if key in self._entries:
            raise AlreadyRegistered(f"{self.name}: {key!r} is registered already")
        self._entries[key] = entry
        return entry

    def fill(self, entries: Mapping[str, T]) -> None:
        """Add several entries. Raises AlreadyRegistered at the first key that is taken."""
        for key, entry in entries.items():
            self.register(key, entry)

    def get(self, key: str) -> T:
        """Return the entry of this key. Raises NotRegistered, which names the keys there are."""
        try:
            return self._entries[key]
        except KeyError:
            raise NotRegistered(f"{self.name}: no {key!r}, only {', '.join(self._entries) or 'nothing'}") from None

    def all(self) -> list[T]:
        """Return every entry."""
        return list(self._entries.values())

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)
