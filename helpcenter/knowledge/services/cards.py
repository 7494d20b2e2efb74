"""What a list of results shows of documents, and names of what it is narrowed by: one statement each.

Static text, values bound: putting such a statement together from querysets takes longer than answering it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from helpcenter.knowledge.models.documents import Kind

# How much of a text is searched for its best part.
LOOKED_AT = 8_000

CARDS = """
WITH recommended AS MATERIALIZED (
    SELECT DISTINCT ON (page_id) page_id, text FROM knowledge_promotion
    WHERE phrases && ARRAY[%(text)s]::varchar[] ORDER BY page_id, id
)
SELECT document.page_id, document.path, document.kind, document.title, document.summary, document.minutes,
       product.slug, product.name, topic.title,
       left(document.text, %(looked_at)s), recommended.text
FROM knowledge_helpdocument document
LEFT JOIN recommended USING (page_id)
LEFT JOIN catalog_product product ON product.id = document.product_id
LEFT JOIN knowledge_helpdocument topic ON topic.page_id = document.topic_id
WHERE document.page_id IN (SELECT unnest(%(pages)s::int[]) UNION ALL SELECT page_id FROM recommended)
  AND document.audience_id = ANY(%(audiences)s)
ORDER BY document.page_id
"""

NAMES = """
SELECT 'product', id, slug, name FROM catalog_product WHERE id = ANY(%(products)s)
UNION ALL
SELECT 'topic', page_id, page_id::text, title FROM knowledge_helpdocument WHERE page_id = ANY(%(topics)s)
"""


@dataclass(frozen=True, slots=True)
class Card:
    """A document in a list; `recommendation` is what editors say of it for this search, None if they say nothing."""

    pk: int
    path: str
    kind: str
    title: str
    summary: str
    minutes: int
    product_slug: str | None
    product: str | None
    topic: str | None
    beginning: str
    recommendation: str | None

    @property
    def kind_label(self) -> str:
        """The kind as readers know it."""
        return str(Kind(self.kind).label)


def of(page_ids: Sequence[int], text: str, audience_ids: Sequence[int]) -> dict[int, Card]:
    """Documents to show and those that editors recommend for this search, by page id. One query."""
    values: dict[str, Any] = {
        "pages": list(page_ids),
        "text": text,
        "audiences": list(audience_ids),
        "looked_at": LOOKED_AT,
    }
    with connection.cursor() as cursor:
        cursor.execute(CARDS, values)
        return {row[0]: Card(*row) for row in cursor.fetchall()}


def names(product_ids: Iterable[int], topic_ids: Iterable[int]) -> list[tuple[str, int, str, str]]:
    """Names of products and topics: ("product" or "topic", id, value in the address, label). One query."""
    with connection.cursor() as cursor:
        cursor.execute(NAMES, {"products": list(product_ids), "topics": list(topic_ids)})
        return [(what, pk, value, label) for what, pk, value, label in cursor.fetchall()]
