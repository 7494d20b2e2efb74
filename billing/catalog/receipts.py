"""What a product is told of a list that it sent: each item is judged by itself."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Rejected:
    """An item that was not taken: its place in the list from 0, and its id where it has one."""

    index: int
    id: str | None
    code: str
    detail: str


@dataclass(slots=True)
class Receipt:
    """What became of a list: so many items were taken, so many were known already."""

    accepted: int = 0
    duplicates: int = 0
    rejected: list[Rejected] = field(default_factory=list)
