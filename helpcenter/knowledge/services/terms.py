"""One word of a query, and how PostgreSQL is asked for it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from helpcenter.knowledge.services.vocabulary import Entry


@dataclass(slots=True)
class Term:
    """One word of the query: what to look for, in PostgreSQL's query language, and how much it tells."""

    word: str
    query: str
    weight: float
    position: int
    is_known: bool
    others: list[str] = field(default_factory=list)
    forms: set[str] = field(default_factory=set)
    meant: list[Entry] = field(default_factory=list)

    @property
    def is_findable(self) -> bool:
        """Whether any document may hold the word or what stands for it."""
        return self.is_known or bool(self.others)

    @property
    def is_beginning(self) -> bool:
        """Whether the word was not mistaken but not yet written to its end."""
        return any(entry.word.startswith(self.word) for entry in self.meant)

    @property
    def any_query(self) -> str:
        """The word or anything that stands for it."""
        return " | ".join([self.query, *self.others] if self.is_known else self.others)

    def add(self, query: str, forms: Iterable[str]) -> None:
        """Let something else stand for the word as well."""
        if query:
            self.others.append(query)
            self.forms.update(forms)

    def replace(self, queries: list[str], found: list[Entry], weight: float) -> None:
        """Take the word for others, the likeliest first."""
        self.query, self.others, self.is_known, self.weight = queries[0], queries[1:] + self.others, True, weight
        self.forms.update(form for entry in found for form in entry.forms)


def quoted(stem: str) -> str:
    """A stem as PostgreSQL's query language writes it."""
    return "'" + stem.replace("\\", "\\\\").replace("'", "''") + "'"


def phrase_query(entries: Iterable[Entry | None]) -> str:
    """Stems next to one another; empty when one of them is a stop word or unknown."""
    stems = [entry.stem if entry and entry.frequency else None for entry in entries]
    return " <-> ".join(quoted(stem) for stem in stems if stem) if stems and all(stems) else ""


def rarity(frequency: int, documents: int) -> float:
    """How much a word tells: inverse document frequency as of Robertson and Sparck Jones, never negative."""
    return math.log(1 + (max(documents - frequency, 0) + 0.5) / (frequency + 0.5))
