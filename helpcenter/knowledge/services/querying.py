"""Reads what was typed: which words count how much, what else they may mean."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from helpcenter.knowledge.models.words import LONGEST_WORD, normalise
from helpcenter.knowledge.services import spelling, synonyms, vocabulary
from helpcenter.knowledge.services.terms import Term, phrase_query, quoted, rarity
from helpcenter.knowledge.services.vocabulary import Entry

LONGEST_QUERY = 1000
MOST_WORDS = 24


@dataclass(slots=True)
class Query:
    """What was typed, understood."""

    text: str
    words: list[str]
    terms: list[Term] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    is_shortened: bool = False

    @property
    def forms(self) -> set[str]:
        """All words that show why a text was found."""
        return set().union(*(term.forms for term in self.terms)) if self.terms else set(self.words)

    @property
    def weights(self) -> dict[str, float]:
        """How much each of these words tells."""
        return {form: term.weight for term in self.terms for form in term.forms}


def words_of(text: str) -> tuple[list[str], bool]:
    """The first words of what was typed, and whether there were more."""
    words = [word[:LONGEST_WORD] for word in normalise(text[:LONGEST_QUERY]).split()]
    return words[:MOST_WORDS], len(words) > MOST_WORDS or len(text.strip()) > LONGEST_QUERY


def understand(text: str, audience_ids: Sequence[int], *, correcting: bool = True) -> Query:
    """Words, their meanings and weights; two queries, one more when a word is unknown."""
    words, is_shortened = words_of(text)
    query = Query(" ".join(words), words, is_shortened=is_shortened)
    if not words:
        return query
    declared = synonyms.declared_in(words)
    joined = [first + second for first, second in pairwise(words)]
    same = [word for phrase in declared for other in phrase.others for word in other]
    entries = vocabulary.lookup([*words, *joined, *same], audience_ids)
    terms = terms_of(words, entries)
    add_joined(terms, entries)
    synonyms.add(terms, declared, entries)
    if correcting:
        correct([term for term in terms if not term.is_findable], words[-1], audience_ids, entries[""].frequency)
    query.unknown = [term.word for term in terms if not term.is_findable]
    query.terms = [term for term in terms if term.is_findable]
    return query


def terms_of(words: Sequence[str], entries: Mapping[str, Entry]) -> list[Term]:
    """One term for each different stem; stop words tell nothing."""
    terms: dict[str, Term] = {}
    for position, word in enumerate(words):
        entry = entries[word]
        if entry.stem and entry.stem not in terms:
            weight = rarity(entry.frequency, entries[""].frequency)
            terms[entry.stem] = Term(word, quoted(entry.stem), weight, position, is_known=entry.frequency > 0)
            terms[entry.stem].forms.update([word, *entry.forms])
    return list(terms.values())


def add_joined(terms: Iterable[Term], entries: Mapping[str, Entry]) -> None:
    """Two words may be written as one: "power bi", "powerbi"."""
    for first, second in pairwise(terms):
        entry = entries.get(first.word + second.word)
        if entry and second.position == first.position + 1:
            for term in (first, second):
                term.add(phrase_query([entry]), entry.forms)


def correct(unknown: Sequence[Term], last: str, audience_ids: Sequence[int], documents: int) -> None:
    """Take unknown words for the known ones that they may stand for; the last word may be a beginning. One query."""
    if not unknown:
        return
    beginning = last if len(last) > 2 and unknown[-1].word == last else ""
    halves = {half for term in unknown for pair in spelling.halves(term.word) for half in pair}
    long_enough = [term.word for term in unknown if spelling.allowed_mistakes(term.word)]
    known = vocabulary.neighbours(long_enough, audience_ids, beginning=beginning, exactly=halves)
    for term in unknown:
        term.meant = spelling.meant(term.word, known, is_last=term.word == beginning)
        pair = list(spelling.split(term.word, known) or ())
        queries = [*(phrase_query([entry]) for entry in term.meant), phrase_query(pair)]
        found = [*term.meant, *pair]
        if found:
            term.replace([query for query in queries if query], found, rarity(found[0].frequency, documents))
