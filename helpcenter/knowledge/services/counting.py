"""Counts searches and what readers open of them; nothing is kept of who they are."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from helpcenter.knowledge.models import HelpDocument, SearchEvent

LONGEST = 200
CLICK_WITHIN = timedelta(hours=12)
BOT = re.compile(r"bot\b|crawl|spider|slurp|archiver|externalhit|monitor", re.IGNORECASE)
# What may name a person in a query, beside addresses: an account, a telephone, an identity card.
LONG_NUMBER = re.compile(r"\b\d[\d\s]{5,}\d\b")


def is_search(text: str, *, page: int, method: str | None, user_agent: str) -> bool:
    """Whether a request is a search to count: with words, its first page, and not a crawler's."""
    return bool(text.strip()) and page == 1 and method == "GET" and not is_bot(user_agent)


def is_bot(user_agent: str) -> bool:
    """Whether a crawler asks, as far as it says so."""
    return bool(BOT.search(user_agent))


def without_persons(query: str, normalised: str) -> str:
    """The normalised query as it is kept."""
    if "@" in query:
        return "(an address)"
    return LONG_NUMBER.sub("(a number)", normalised)[:LONGEST]


def searched(*, query: str, normalised: str, results: int, reader: str, is_filtered: bool, at: datetime) -> SearchEvent:
    """Count a search. One insert."""
    return SearchEvent.objects.create(
        query=without_persons(query, normalised), results=results, reader=reader, is_filtered=is_filtered, at=at
    )


def opened(*, search: UUID, page: int, rank: int, audience_ids: Sequence[int], at: datetime) -> bool:
    """Count the first result that was opened; False if there is no such recent search or readable page."""
    if not HelpDocument.objects.filter(pk=page, audience__in=list(audience_ids)).exists():
        return False
    recent = SearchEvent.objects.filter(pk=search, at__gte=at - CLICK_WITHIN)
    changed = recent.filter(clicked_rank=None).update(clicked_id=page, clicked_rank=rank)
    return bool(changed) or recent.exists()
