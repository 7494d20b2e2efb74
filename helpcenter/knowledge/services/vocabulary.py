"""Looks words up in the vocabulary of what the reader may read."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from helpcenter.knowledge.models import Word
from helpcenter.knowledge.models.words import deletion_keys

AFTER_ALL = "\U0010ffff"
NEIGHBOURS = 1000

# The stem of a word that no document holds is only known to the dictionary of the database. Static text, values bound.
LOOKUP = """
WITH asked AS (
    SELECT word, (tsvector_to_array(to_tsvector('english', word)))[1] AS stem FROM unnest(%(words)s::text[]) AS word
)
SELECT asked.word, asked.stem, coalesce(sum(known.frequency), 0)::int,
       coalesce(array_agg(DISTINCT known.word) FILTER (WHERE known.word IS NOT NULL), '{}')
FROM asked
LEFT JOIN knowledge_word known ON known.stem = asked.stem AND known.audience_id = ANY(%(audiences)s)
GROUP BY asked.word, asked.stem
UNION ALL
SELECT '', NULL, coalesce(sum(frequency), 0)::int, '{}'
FROM knowledge_word WHERE word = '' AND audience_id = ANY(%(audiences)s)
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the vocabulary says of a word; without a stem it is a stop word, with frequency 0 nobody wrote it."""

    word: str
    stem: str | None
    frequency: int
    forms: tuple[str, ...]


def lookup(words: Iterable[str], audience_ids: Sequence[int]) -> dict[str, Entry]:
    """Entries of words by word, and of the empty word: how many documents there are. One query."""
    with connection.cursor() as cursor:
        cursor.execute(LOOKUP, {"words": sorted(set(words)), "audiences": list(audience_ids)})
        return {word: Entry(word, stem, count, tuple(forms)) for word, stem, count, forms in cursor.fetchall()}


def neighbours(
    words: Sequence[str], audience_ids: Sequence[int], *, beginning: str = "", exactly: Iterable[str] = ()
) -> list[Entry]:
    """Known words that may be meant by misspelt ones, that begin with the beginning, or that are given. One query."""
    keys = sorted({key for word in words for key in deletion_keys(word)})
    # Three searches of one index each: joined by "or" they may be answered by reading every word.
    ways = [Q(keys__overlap=keys), Q(word__in=sorted(exactly)), Q(word__gte=beginning, word__lt=beginning + AFTER_ALL)]
    known = Word.objects.known_to(list(audience_ids)).filter(stem__isnull=False).order_by("-frequency")
    first, *others = [
        known.filter(way).values_list("pk", "word", "stem", "frequency")[:NEIGHBOURS]
        for way, is_used in zip(ways, (keys, exactly, beginning), strict=True)
        if is_used
    ] or [known.none().values_list("pk", "word", "stem", "frequency")]
    totals: Counter[tuple[str, str]] = Counter()
    for _, word, stem, frequency in first.union(*others):
        totals[word, stem] += frequency
    return [Entry(word, stem, total, (word,)) for (word, stem), total in totals.items()]
