"""Finds and orders documents, in one query whose work is bounded however many documents there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db import connection

from helpcenter.knowledge.services.querying import Query
from helpcenter.knowledge.services.terms import Term
from helpcenter.knowledge.services.vocabulary import AFTER_ALL

MOST = 1000
# With fewer documents that hold all words, those that hold some are looked at as well.
ENOUGH = 100

# Static text, values bound. Candidates come in tiers, the likeliest first: all words in the title, all words, some of
# them; a tier is not looked at when those before it gave enough, and none gives more than it may. Each candidate is
# scored from its vector, which is unpacked once (`|| ''`, kept apart by OFFSET 0). Weights of D, C, B, A: body,
# headings, lead, title. x/(x + 2) lets the first mention count most, as BM25 does. The planner takes `@@` for cheap and
# would rather read and unpack row after row than use the index; `plainto_tsquery(kind) IS NOT NULL` is true and is
# reckoned as dear as unpacking is.
RANK = """
WITH terms AS MATERIALIZED (
    SELECT weight, query::tsquery AS query, nullif(other, '')::tsquery AS other
    FROM unnest(%(weights)s::float8[], %(queries)s::text[], %(others)s::text[]) AS t(weight, query, other)
), pairs AS MATERIALIZED (
    SELECT anywhere::tsquery AS anywhere, lead::tsquery AS lead, title::tsquery AS title
    FROM unnest(%(anywhere)s::text[], %(lead)s::text[], %(title)s::text[]) AS p(anywhere, lead, title)
), readable AS NOT MATERIALIZED (
    SELECT * FROM knowledge_searchdocument
    WHERE audience_id = ANY(%(audiences)s)
      AND (%(kind)s::text IS NULL OR kind = %(kind)s)
      AND (%(product)s::bigint IS NULL OR product_id = %(product)s)
      AND (%(topic)s::bigint IS NULL OR topic_id = %(topic)s)
), entitled AS MATERIALIZED (
    (SELECT document_id, 0 AS tier FROM readable
     WHERE title = %(start)s OR (title >= %(next_word)s AND title < %(end)s) LIMIT 50)
    UNION ALL
    (SELECT document_id, 1 FROM readable WHERE title_vector @@ %(all)s::tsquery LIMIT %(most)s)
), whole AS MATERIALIZED (
    SELECT document_id, 2 AS tier FROM readable
    WHERE (SELECT count(*) FROM entitled) < %(most)s AND vector @@ %(all)s::tsquery
      AND plainto_tsquery('simple', kind) IS NOT NULL LIMIT %(most)s
), is_short AS MATERIALIZED (
    SELECT (SELECT count(*) FROM entitled) < %(most)s AND (SELECT count(*) FROM whole) < %(enough)s AS value
), part AS MATERIALIZED (
    (SELECT document_id, 3 AS tier FROM readable
     WHERE (SELECT value FROM is_short) AND title_vector @@ %(any)s::tsquery LIMIT %(enough)s * 4)
    UNION ALL
    (SELECT document_id, 4 FROM readable
     WHERE (SELECT value FROM is_short) AND vector @@ %(any)s::tsquery
       AND plainto_tsquery('simple', kind) IS NOT NULL LIMIT %(most)s)
), candidates AS (
    SELECT document_id FROM (TABLE entitled UNION ALL TABLE whole UNION ALL TABLE part) AS found
    GROUP BY document_id ORDER BY min(tier) LIMIT %(most)s
), unpacked AS (
    SELECT document_id, kind, product_id, topic_id, %(start)s = ANY(string_to_array(title, chr(10))) AS is_exact,
           title_vector, greatest(length(title_vector), 1) AS title_length, vector || '' AS vector
    FROM candidates JOIN knowledge_searchdocument USING (document_id) OFFSET 0
)
SELECT document_id, kind, product_id, topic_id, share,
       coalesce(told / %(total)s * share, 0)
       + 0.7 * titled * titled * least(titled_words / title_length::float8, 1)
       + 0.4 * nearness
       + CASE WHEN is_exact THEN 3 ELSE 0 END AS score
FROM unpacked
CROSS JOIN LATERAL (
    SELECT coalesce(sum(weight * x / (x + 2)), 0) AS told,
           coalesce(sum(weight) FILTER (WHERE x > 0), 0) / %(total)s AS share,
           coalesce(sum(weight) FILTER (WHERE in_title), 0) / %(total)s AS titled,
           count(*) FILTER (WHERE in_title) AS titled_words
    FROM (
        SELECT weight, title_vector @@ query OR coalesce(title_vector @@ other, false) AS in_title,
               9.87 * greatest(CASE WHEN vector @@ query THEN ts_rank(%(fields)s::real[], vector, query) ELSE 0 END,
                               CASE WHEN vector @@ other THEN %(other_factor)s * (numnode(other) + 1) / 2
                                    * ts_rank(%(fields)s::real[], vector, other) END) AS x
        FROM terms
    ) AS seen
) AS by_term
CROSS JOIN LATERAL (
    SELECT coalesce(avg(CASE WHEN NOT vector @@ anywhere THEN 0 WHEN title_vector @@ pairs.title THEN 1
                        WHEN vector @@ pairs.lead THEN 0.8 ELSE 0.5 END), 0) AS nearness
    FROM pairs
) AS by_pair
ORDER BY score DESC, document_id
"""
FIELDS = [0.083, 0.35, 0.5, 1.0]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader narrows the search to."""

    product_id: int | None = None
    kind: str | None = None
    topic_id: int | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A document that was found, with what facets count; share is how much of the query it holds, from 0 to 1."""

    id: int
    kind: str
    product_id: int | None
    topic_id: int | None
    share: float
    score: float


def rank(query: Query, audience_ids: Sequence[int], filters: Filters = Filters()) -> list[Ranked]:
    """At most a thousand documents, best first."""
    with connection.cursor() as cursor:
        cursor.execute(RANK, {**parameters(query), **scope(audience_ids, filters)})
        return [Ranked(*row) for row in cursor.fetchall()]


def scope(audience_ids: Sequence[int], filters: Filters) -> dict[str, Any]:
    """Which documents may be found."""
    return {
        "audiences": list(audience_ids),
        "kind": filters.kind,
        "product": filters.product_id,
        "topic": filters.topic_id,
    }


def parameters(query: Query) -> dict[str, Any]:
    """What to look for."""
    near = [(a, b) for a, b in pairwise(query.terms) if a.word != b.word]
    return {
        "weights": [term.weight for term in query.terms],
        "queries": [term.query for term in query.terms],
        "others": [" | ".join(term.others) for term in query.terms],
        "anywhere": [adjacent(a, b) for a, b in near],
        "lead": [adjacent(a, b, ":ABC") for a, b in near],
        "title": [adjacent(a, b) for a, b in near],
        "total": sum(term.weight for term in query.terms) or 1.0,
        "all": " & ".join(f"({term.any_query})" for term in query.terms),
        "any": " | ".join(term.any_query for term in query.terms),
        "start": query.text,
        # A space parts words, a line feed titles.
        "next_word": f"{query.text}\n",
        "end": f"{query.text} {AFTER_ALL}",
        "most": MOST,
        "enough": ENOUGH,
        "fields": FIELDS,
        "other_factor": 0.8,
    }


def adjacent(first: Term, second: Term, weights: str = "") -> str:
    """Two terms as near as they were typed, or next to one another."""
    if "<->" in first.query + second.query:
        return f"({first.query}) & ({second.query})"
    distances = {1, second.position - first.position}
    return " | ".join(f"{first.query}{weights} <{n}> {second.query}{weights}" for n in sorted(distances))
