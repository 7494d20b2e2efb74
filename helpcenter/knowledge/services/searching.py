"""Full search: understands what was typed, ranks, narrows, and dresses one page of results."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from helpcenter.knowledge.models.words import normalise
from helpcenter.knowledge.services import cards, facets, highlighting, querying, ranking
from helpcenter.knowledge.services.cards import Card
from helpcenter.knowledge.services.facets import Facet
from helpcenter.knowledge.services.querying import Query
from helpcenter.knowledge.services.ranking import Ranked

# Results that hold much less of the query than the best one are noise.
LEAST_SHARE = 0.3
MOST_PROMOTED = 3


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader narrows a search to: slug of a product, kind of page, page id of a topic."""

    product: str | None = None
    kind: str | None = None
    topic: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One result; title_html and excerpt_html are safe HTML with `mark` elements."""

    document: Card
    rank: int
    title_html: SafeString
    excerpt_html: SafeString
    is_promoted: bool = False


@dataclass(slots=True)
class SearchResults:
    """One page of results and what is to be said about them."""

    query: str
    normalised: str = ""
    hits: list[Hit] = field(default_factory=list)
    promoted: list[Hit] = field(default_factory=list)
    total: int = 0
    is_capped: bool = False
    page: int = 1
    page_size: int = 10
    facets: list[Facet] = field(default_factory=list)
    corrected: str = ""
    unknown: list[str] = field(default_factory=list)
    is_shortened: bool = False

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.total // self.page_size))

    @property
    def others(self) -> list[Hit]:
        """The hits that are not shown above them as recommended."""
        recommended = {hit.document.pk for hit in self.promoted}
        return [hit for hit in self.hits if hit.document.pk not in recommended]


def search(
    query: str,
    *,
    audience_ids: Sequence[int],
    filters: Filters = Filters(),
    page: int = 1,
    page_size: int = 10,
    correcting: bool = True,
) -> SearchResults:
    """What these audiences may read about the query; at most seven database queries, whatever was typed.

    A page beyond the last one is the last one. `correcting=False` takes unknown words as they were typed.
    """
    understood = querying.understand(query, audience_ids, correcting=correcting)
    results = SearchResults(query, understood.text, page_size=page_size, is_shortened=understood.is_shortened)
    if not understood.words or not audience_ids:
        return results
    found = relevant(ranking.rank(understood, audience_ids))
    names = facets.names_of(found, topic_id=filters.topic)
    wanted = ranking.Filters(names.product_id(filters.product), filters.kind, filters.topic)
    kept = narrowed(found, wanted, understood, audience_ids)
    results.facets = facets.facets_of(found, wanted, names)
    results.total, results.is_capped = len(kept), len(kept) >= ranking.MOST
    results.unknown = understood.unknown
    results.page = min(max(page, 1), results.pages)
    dress(results, kept, understood, audience_ids)
    return results


def relevant(found: list[Ranked]) -> list[Ranked]:
    """Without results that hold only a little of the query."""
    best = max((ranked.share for ranked in found), default=0.0)
    return [ranked for ranked in found if ranked.share >= best * LEAST_SHARE]


def narrowed(found: list[Ranked], wanted: ranking.Filters, query: Query, audience_ids: Sequence[int]) -> list[Ranked]:
    """What satisfies the filters; asked anew where more was found than could be ranked."""
    if wanted == ranking.Filters():
        return found
    if len(found) >= ranking.MOST:
        return relevant(ranking.rank(query, audience_ids, wanted))
    return facets.narrow(found, wanted)


def dress(results: SearchResults, kept: list[Ranked], query: Query, audience_ids: Sequence[int]) -> None:
    """Load what the page shows, mark the words, and say what was corrected."""
    first = (results.page - 1) * results.page_size
    shown = kept[first : first + results.page_size]
    documents = cards.of([ranked.id for ranked in shown], query.text, audience_ids)
    pattern, weights = highlighting.pattern_of(query.forms), query.weights
    for rank, ranked in enumerate(shown, start=first + 1):
        document = documents.get(ranked.id)
        if document:
            title = highlighting.mark(document.title, pattern)
            text = highlighting.excerpt(document.beginning, pattern, weights, otherwise=document.summary)
            results.hits.append(Hit(document, rank, title, text))
    recommended = [document for document in documents.values() if document.recommendation is not None]
    for document in recommended[:MOST_PROMOTED] if results.page == 1 else []:
        title = highlighting.mark(document.title, pattern)
        note = highlighting.mark(document.recommendation or document.summary, pattern)
        results.promoted.append(Hit(document, 0, title, note, is_promoted=True))
    best = results.hits[0].document if results.hits else None
    results.corrected = corrected(query, f"{best.title} {best.summary} {best.beginning}" if best else "")


def corrected(query: Query, text: str) -> str:
    """The query as it was understood, where a word was taken for another; the spelling that the best result uses."""
    mistaken = [term for term in query.terms if term.meant and not term.is_beginning]
    if not mistaken:
        return ""
    present = set(normalise(text).split())
    spelled = {
        term.word: next((entry.word for entry in term.meant if entry.word in present), term.meant[0].word)
        for term in mistaken
    }
    return " ".join(spelled.get(word, word) for word in query.words)
