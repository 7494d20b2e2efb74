"""What the pages of products show."""

from datetime import datetime
from typing import Any

from billing.launch import cards, looks
from portal.core.http import MemberRequest


def products(request: MemberRequest, *, at: datetime) -> dict[str, Any]:
    """The company's products, those that match what is searched for, and what else there is."""
    look = looks.chosen(request)
    query = request.GET.get("q", "").strip()[:100]
    words = query.casefold().split()
    mine = cards.of_member(request.company, request.membership, at=at)
    others = [other for other in cards.not_had(request.company) if not words or matches(other.name, words)]
    return {
        "query": query,
        "cards": [card for card in mine if card.has(words)],
        "has_any": bool(mine),
        "others": [(other, cards.plans_address(other.slug)) for other in others],
        "is_list": look == looks.LIST,
        "segments": looks.segments(request, look),
    }


def matches(name: str, words: list[str]) -> bool:
    """Whether each of the words is found in a name."""
    return all(word in name.casefold() for word in words)
