"""What an import did with each file."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Result(StrEnum):
    """What became of a file."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(slots=True)
class Outcome:
    """One file of the folder, or one folder that became a topic without a file of its own."""

    path: str
    result: Result
    reason: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class Report:
    """What became of all of them. `topics` are folders without a file; they are not among the files."""

    files: list[Outcome] = field(default_factory=list)
    topics: list[Outcome] = field(default_factory=list)
    media: list[Outcome] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def counts(self) -> Counter[Result]:
        """Number of article files by result."""
        return Counter(outcome.result for outcome in self.files)

    def media_counts(self) -> Counter[Result]:
        """Number of images and other files by result."""
        return Counter(outcome.result for outcome in self.media)

    @property
    def failures(self) -> list[Outcome]:
        """Everything that failed, articles first."""
        return [found for found in (*self.files, *self.topics, *self.media) if found.result == Result.FAILED]

    @property
    def warnings(self) -> list[tuple[str, str]]:
        """Each path with each thing to know about it."""
        return [(found.path, text) for found in (*self.files, *self.topics) for text in found.warnings]
