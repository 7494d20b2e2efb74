"""Counts what was found by product, type and topic, and narrows it; no number says more than the reader may read."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helpcenter.knowledge.models.documents import Kind
from helpcenter.knowledge.services import cards
from helpcenter.knowledge.services.ranking import Filters, Ranked

MOST_OPTIONS = 8
LABELS = {"product": "Product", "type": "Type", "topic": "Topic"}


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a facet and how many results it leaves."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A way to narrow the results: parameter in the address, label, choices."""

    name: str
    label: str
    options: list[Option]


@dataclass(frozen=True, slots=True)
class Names:
    """Names of the products and topics among the results, by id: (value in the address, label)."""

    products: dict[int, tuple[str, str]]
    topics: dict[int, tuple[str, str]]

    def product_id(self, slug: str | None) -> int | None:
        """Id of the product of this slug: none without a slug, 0 for one that no result belongs to."""
        return next((pk for pk, (known, _) in self.products.items() if known == slug), 0) if slug else None


def value_of(ranked: Ranked, name: str) -> int | str | None:
    """What a result counts for in a facet."""
    return {"product": ranked.product_id, "type": ranked.kind, "topic": ranked.topic_id}[name]


def chosen(filters: Filters) -> dict[str, int | str]:
    """Facets that narrow the results, with their values."""
    values = {"product": filters.product_id, "type": filters.kind, "topic": filters.topic_id}
    return {name: value for name, value in values.items() if value is not None}


def narrow(found: Iterable[Ranked], filters: Filters) -> list[Ranked]:
    """Results that satisfy every filter."""
    wanted = chosen(filters)
    return [ranked for ranked in found if all(value_of(ranked, name) == value for name, value in wanted.items())]


def names_of(found: Sequence[Ranked], *, topic_id: int | None = None) -> Names:
    """Names of what facets will show, in one query."""
    topics = [pk for pk, _ in Counter(ranked.topic_id for ranked in found).most_common(MOST_OPTIONS * 2) if pk]
    products = {ranked.product_id for ranked in found if ranked.product_id}
    names = Names({}, {})
    for what, pk, value, label in cards.names(products, {*topics, topic_id or 0}):
        named = names.products if what == "product" else names.topics
        named[pk] = (value, label)
    return names


def count(found: Iterable[Ranked], filters: Filters) -> dict[str, Counter[int | str]]:
    """Results by value, for each facet under the filters of the others."""
    wanted = chosen(filters)
    counts: dict[str, Counter[int | str]] = {name: Counter() for name in LABELS}
    for ranked in found:
        missed = [name for name, value in wanted.items() if value_of(ranked, name) != value]
        for name in LABELS:
            value = value_of(ranked, name)
            if value is not None and (not missed or missed == [name]):
                counts[name][value] += 1
    return counts


def facets_of(found: Sequence[Ranked], filters: Filters, names: Names) -> list[Facet]:
    """Facets with more than one choice, or with one that is in use; most frequent choices first."""
    labels: dict[str, Mapping[Any, tuple[str, str]]] = {
        "product": names.products,
        "type": {kind.value: (kind.value, str(kind.label)) for kind in Kind},
        "topic": names.topics,
    }
    wanted, facets = chosen(filters), []
    for name, counts in count(found, filters).items():
        known = [(value, number) for value, number in counts.items() if value in labels[name]]
        known.sort(key=lambda pair: (pair[0] != wanted.get(name), -pair[1], labels[name][pair[0]][1]))
        options = [
            Option(*labels[name][value], count=number, is_chosen=value == wanted.get(name))
            for value, number in known[:MOST_OPTIONS]
        ]
        if len(options) > 1 or any(option.is_chosen for option in options):
            facets.append(Facet(name, LABELS[name], options))
    return facets
