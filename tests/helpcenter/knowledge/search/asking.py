"""Searching as a reader, for tests."""

from typing import Any

from helpcenter.knowledge.models import Audience, Reader, Word
from helpcenter.knowledge.services import searching, suggesting
from helpcenter.knowledge.services.searching import SearchResults

ANYONE = Reader()
CUSTOMER = Reader(frozenset({"customers"}), kind="customers")


def audiences(reader: Reader = ANYONE) -> list[int]:
    """Audiences that a reader belongs to."""
    return Audience.objects.readable_by(reader)


def search(query: str, reader: Reader = ANYONE, **options: Any) -> SearchResults:
    """Search as a reader."""
    return searching.search(query, audience_ids=audiences(reader), **options)


def found(query: str, reader: Reader = ANYONE, **options: Any) -> list[str]:
    """Titles of the results, best first."""
    return [hit.document.title for hit in search(query, reader, **options).hits]


def suggested(query: str, reader: Reader = ANYONE, **options: Any) -> list[str]:
    """Titles suggested, best first."""
    return [page.title for page in suggesting.suggest(query, audience_ids=audiences(reader), **options)]


def frequency(word: str, reader: Reader = ANYONE) -> tuple[int, int]:
    """In how many readable documents, and in how many of their titles, a word stands."""
    rows = Word.objects.filter(word=word, audience__in=audiences(reader))
    return sum(row.frequency for row in rows), sum(row.title_frequency for row in rows)
