"""Suggests pages while the reader types: one query, whose work does not grow with the help center."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.safestring import SafeString

from helpcenter.knowledge.models.words import deletion_keys, normalise
from helpcenter.knowledge.services import highlighting
from helpcenter.knowledge.services.vocabulary import AFTER_ALL

LONGEST = 200
MOST_WORDS = 8
EXPANSIONS = 12
# Titles looked at. Expansions stop when the words taken so far stand in more titles than this.
CANDIDATES = 200

# Static text, values bound. Each typed word stands for itself, the last one for words that begin with it, and a word
# that no readable title holds for words within reach of a typing mistake. Titles that begin as typed come first, then
# those that hold all words, and only when there are none those that hold some.
SUGGEST = """
WITH typed AS (
    SELECT *, length(to_tsvector('english', word)) = 0 AS is_stop
    FROM unnest(%(positions)s::int[], %(words)s::text[], %(ends)s::text[]) AS t(position, word, word_end)
), titled AS MATERIALIZED (
    SELECT typed.position, found.word, found.total, found.word = typed.word AS is_same
    FROM typed CROSS JOIN LATERAL (
        SELECT known.word, sum(known.title_frequency) AS total
        FROM knowledge_word known
        WHERE known.word >= typed.word AND known.word < typed.word_end
          AND known.title_frequency > 0 AND known.audience_id = ANY(%(audiences)s)
          AND (known.stem IS NOT NULL OR typed.position < %(last)s)
        GROUP BY known.word ORDER BY known.word = typed.word DESC, total DESC, known.word LIMIT %(expansions)s
    ) AS found
), misspelt AS MATERIALIZED (
    SELECT typed.position, found.word, found.total, false AS is_same
    FROM typed CROSS JOIN LATERAL (
        SELECT known.word, sum(known.title_frequency) AS total
        FROM knowledge_word known
        WHERE known.keys && (SELECT array_agg(key) FROM unnest(%(key_positions)s::int[], %(keys)s::varchar[])
                             AS k(position, key) WHERE k.position = typed.position)
          AND abs(length(known.word) - length(typed.word)) < 2 + (typed.position = %(last)s)::int * 4
          AND known.title_frequency > 0 AND known.audience_id = ANY(%(audiences)s)
        GROUP BY known.word
        ORDER BY left(known.word, 1) <> left(typed.word, 1), abs(length(known.word) - length(typed.word)),
                 total DESC, known.word
        LIMIT 4
    ) AS found
    WHERE NOT is_stop AND NOT EXISTS (SELECT FROM titled WHERE titled.position = typed.position)
), enough AS MATERIALIZED (
    SELECT position, word, is_same FROM (
        SELECT *, sum(total) OVER (PARTITION BY position ORDER BY is_same DESC, total DESC, word
                                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
        FROM (SELECT * FROM titled UNION ALL SELECT * FROM misspelt) AS every
    ) AS counted
    WHERE coalesce(before, 0) < %(candidates)s
), wanted AS MATERIALIZED (
    SELECT to_tsquery('english', string_agg(alternatives, ' & ')) AS query,
           to_tsquery('english', string_agg(alternatives, ' | ')) AS part,
           NOT EXISTS (SELECT FROM typed
                       WHERE NOT is_stop AND position NOT IN (SELECT position FROM enough)) AS is_whole,
           (SELECT array_agg(word) FROM enough) AS forms
    FROM (SELECT '(' || string_agg(quote_literal(word), ' | ') || ')' AS alternatives
          FROM enough GROUP BY position) AS by_word
), entitled AS MATERIALIZED (
    SELECT document_id FROM knowledge_searchdocument
    WHERE title >= %(start)s AND title < %(end)s AND audience_id = ANY(%(audiences)s) ORDER BY title LIMIT %(limit)s * 4
), whole AS MATERIALIZED (
    SELECT document_id, true AS begins FROM entitled
    UNION ALL
    (SELECT document_id, false FROM knowledge_searchdocument
     WHERE (SELECT count(*) FROM entitled) < %(limit)s AND audience_id = ANY(%(audiences)s)
       AND title_vector @@ (SELECT query FROM wanted WHERE is_whole) LIMIT %(candidates)s)
), candidates AS (
    SELECT * FROM whole
    UNION ALL
    (SELECT document_id, false FROM knowledge_searchdocument
     WHERE NOT EXISTS (SELECT FROM whole) AND title_vector @@ (SELECT part FROM wanted)
       AND audience_id = ANY(%(audiences)s) LIMIT %(candidates)s)
), best AS (
    SELECT document_id, bool_or(begins) AS begins,
           ts_rank(search.title_vector, (SELECT part FROM wanted), 2) AS closeness, length(search.title) AS size
    FROM candidates JOIN knowledge_searchdocument search USING (document_id)
    GROUP BY document_id, search.title_vector, search.title
    ORDER BY begins DESC, closeness DESC, size, document_id LIMIT %(limit)s
)
SELECT document.page_id, document.title, document.path, document.kind, coalesce(topic.title, ''),
       coalesce((SELECT forms FROM wanted), '{}')
FROM best
JOIN knowledge_helpdocument document ON document.page_id = best.document_id
LEFT JOIN knowledge_helpdocument topic ON topic.page_id = document.topic_id
ORDER BY best.begins DESC, best.closeness DESC, best.size, document.page_id
"""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One page; title_html is safe HTML with `mark` elements."""

    id: int
    title: str
    title_html: SafeString
    url: str
    kind: str
    topic: str


def suggest(query: str, *, audience_ids: Sequence[int], limit: int = 8) -> list[Suggestion]:
    """Pages whose titles hold what was typed so far, best first. One query."""
    words = normalise(query[:LONGEST]).split()[:MOST_WORDS]
    if not words or not audience_ids or limit < 1:
        return []
    with connection.cursor() as cursor:
        cursor.execute(SUGGEST, parameters(words, audience_ids, limit))
        rows = cursor.fetchall()
    pattern = highlighting.pattern_of([*words, *rows[0][5]] if rows else [], beginnings=True)
    return [
        Suggestion(pk, title, highlighting.mark(title, pattern), url, kind, topic)
        for pk, title, url, kind, topic, _ in rows
    ]


def parameters(words: Sequence[str], audience_ids: Sequence[int], limit: int) -> dict[str, Any]:
    """Typed words with the ranges and deletion keys by which they are found."""
    last = len(words) - 1
    keys = [(position, key) for position, word in enumerate(words) for key in deletion_keys(word) if len(word) > 3]
    text = " ".join(words)
    return {
        "positions": list(range(len(words))),
        "words": list(words),
        # A word that is followed by another is whole: nothing stands between it and its own end.
        "ends": [word + (AFTER_ALL if position == last else "\x01") for position, word in enumerate(words)],
        "key_positions": [position for position, _ in keys],
        "keys": [key for _, key in keys],
        "last": last,
        "audiences": list(audience_ids),
        "start": text,
        "end": text + AFTER_ALL,
        "expansions": EXPANSIONS,
        "candidates": CANDIDATES,
        "limit": limit,
    }
