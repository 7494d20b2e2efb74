"""Looks words up in the vocabulary of what the reader may read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

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

# Three searches of one index each: joined by "or" they may be answered by reading every word.
NEARBY = """
WITH known AS NOT MATERIALIZED (
    SELECT id, word, stem, frequency, keys FROM knowledge_word
    WHERE audience_id = ANY(%(audiences)s) AND frequency > 0 AND stem IS NOT NULL
)
SELECT word, stem, sum(frequency)::int FROM (
    (SELECT id, word, stem, frequency FROM known WHERE keys && %(keys)s::varchar[]
     ORDER BY frequency DESC LIMIT %(most)s)
    UNION
    (SELECT id, word, stem, frequency FROM known WHERE word = ANY(%(exactly)s::varchar[])
     ORDER BY frequency DESC LIMIT %(most)s)
    UNION
    (SELECT id, word, stem, frequency FROM known WHERE word >= %(beginning)s AND word < %(end)s
     ORDER BY frequency DESC LIMIT %(most)s)
) AS found
GROUP BY word, stem
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
    values: dict[str, Any] = {
        "keys": sorted({key for word in words for key in deletion_keys(word)}),
        "exactly": sorted(exactly),
        "beginning": beginning,
        # Nothing begins with nothing.
        "end": beginning and beginning + AFTER_ALL,
        "audiences": list(audience_ids),
        "most": NEIGHBOURS,
    }
    with connection.cursor() as cursor:
        cursor.execute(NEARBY, values)
        return [Entry(word, stem, count, (word,)) for word, stem, count in cursor.fetchall()]
