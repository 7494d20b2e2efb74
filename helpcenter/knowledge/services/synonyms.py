"""Phrases that editors declared to mean the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection

from helpcenter.knowledge.services.terms import Term, phrase_query
from helpcenter.knowledge.services.vocabulary import Entry

LONGEST_PHRASE = 4
DECLARED = "SELECT phrases FROM knowledge_synonym WHERE phrases && %(phrases)s::varchar[] ORDER BY phrases"


@dataclass(frozen=True, slots=True)
class Declared:
    """A phrase of the query, as the positions of its words, and the phrases that mean the same."""

    positions: range
    others: list[list[str]] = field(default_factory=list)


def forms_of(word: str) -> list[str]:
    """The word, its plural and singular."""
    return list(dict.fromkeys([word, f"{word}s", f"{word}es", word.removesuffix("s"), word.removesuffix("es")]))


def phrases_in(words: Sequence[str]) -> dict[str, range]:
    """All runs of up to four words, the last one in any number, with the positions of their words."""
    phrases: dict[str, range] = {}
    for size in range(1, LONGEST_PHRASE + 1):
        for at in range(len(words) - size + 1):
            *before, last = words[at : at + size]
            for form in forms_of(last):
                phrases.setdefault(" ".join([*before, form]), range(at, at + size))
    return phrases


def declared_in(words: Sequence[str]) -> list[Declared]:
    """Phrases of the query that editors know, in one query."""
    phrases = phrases_in(words)
    with connection.cursor() as cursor:
        cursor.execute(DECLARED, {"phrases": list(phrases)})
        groups = [group for (group,) in cursor.fetchall()]
    return [
        Declared(phrases[phrase], [other.split() for other in group if other != phrase])
        for group in groups
        for phrase in group
        if phrase in phrases
    ]


def add(terms: Iterable[Term], declared: Iterable[Declared], known: Mapping[str, Entry]) -> None:
    """Let each word of a declared phrase also be found by what means the same, as far as readable documents hold it."""
    for term in terms:
        for phrase in declared:
            for words in phrase.others if term.position in phrase.positions else []:
                entries = [known[word] for word in words]
                term.add(phrase_query(entries), (form for entry in entries for form in entry.forms))
