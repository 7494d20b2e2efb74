"""Finds what a reader meant by a word that no readable document holds."""

from collections.abc import Iterable, Sequence

from rapidfuzz.distance import OSA

from helpcenter.knowledge.services.vocabulary import Entry

SHORTEST = 4
MOST = 4


def allowed_mistakes(word: str) -> int:
    """Letters that may be wrong: none in short words, two in long ones."""
    return 0 if len(word) < SHORTEST else 1 if len(word) < 8 else 2


def meant(word: str, known: Iterable[Entry], *, is_last: bool = False) -> list[Entry]:
    """Known words nearest to this one, best first; the last word may be the beginning of one.

    Nearness is the number of letters dropped, added, changed or swapped (optimal string alignment).
    """
    most = allowed_mistakes(word)
    ranked = []
    for entry in known:
        begins = is_last and len(word) > 2 and entry.word.startswith(word)
        distance = 1 if begins else OSA.distance(word, entry.word, score_cutoff=most)
        if distance <= most or begins:
            ranked.append((distance, entry.word[0] != word[0], -entry.frequency, entry.word, entry))
    ranked.sort(key=lambda candidate: candidate[:4])
    return by_stem([entry for distance, *_, entry in ranked if distance == ranked[0][0]])[:MOST]


def by_stem(entries: Sequence[Entry]) -> list[Entry]:
    """Entries that share a stem as one, in the order of the first of each."""
    grouped: dict[str | None, list[Entry]] = {}
    for entry in entries:
        grouped.setdefault(entry.stem, []).append(entry)
    return [
        Entry(group[0].word, stem, sum(e.frequency for e in group), tuple(e.word for e in group))
        for stem, group in grouped.items()
    ]


def halves(word: str) -> list[tuple[str, str]]:
    """Ways to cut a word in two."""
    return [(word[:cut], word[cut:]) for cut in range(2, len(word) - 1)]


def split(word: str, known: Iterable[Entry]) -> tuple[Entry, Entry] | None:
    """Two known words that were written as one, the pair whose rarer half is most frequent."""
    entries = {entry.word: entry for entry in known}
    pairs = [(entries[a], entries[b]) for a, b in halves(word) if a in entries and b in entries]
    return max(pairs, key=lambda pair: min(pair[0].frequency, pair[1].frequency), default=None)
