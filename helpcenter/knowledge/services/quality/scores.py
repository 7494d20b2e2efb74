"""Asks questions of the search and scores the answers; nothing of it is kept.

The articles are indexed for an audience of their own inside a transaction that is undone, so that what the help center
holds neither helps nor disturbs. Their keywords are not indexed: they are asked.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from helpcenter.knowledge.models import Audience, HelpDocument
from helpcenter.knowledge.models.documents import Kind
from helpcenter.knowledge.services import indexing, searching
from helpcenter.knowledge.services.quality.articles import Article
from helpcenter.knowledge.services.quality.questions import Questions

DEPTH = 10
LEAST = 100
RULE = '[["search-quality"]]'


@dataclass(frozen=True, slots=True)
class Bar:
    """What a set of queries must reach: mean reciprocal rank and recall, both among the first ten results."""

    reciprocal_rank: float
    recall: float = 0.0


BARS = {
    "titles": Bar(0.95),
    "misspelt titles": Bar(0.90),
    "anchor-text": Bar(0.70, 0.92),
    "redirects": Bar(0.66, 0.87),
    "keywords": Bar(0.45),
}


@dataclass(slots=True)
class Score:
    """How well one set of queries was answered."""

    name: str
    bar: Bar
    asked: int = 0
    found: int = 0
    ranks: float = 0.0
    missed: list[str] = field(default_factory=list)

    @property
    def reciprocal_rank(self) -> float:
        """Mean of 1 / place of the first right result, 0 where it is not among the first ten."""
        return self.ranks / self.asked if self.asked else 0.0

    @property
    def recall(self) -> float:
        """Part of the queries with a right result among the first ten."""
        return self.found / self.asked if self.asked else 0.0

    @property
    def is_reached(self) -> bool:
        """Whether both figures reach the bar."""
        return self.reciprocal_rank >= self.bar.reciprocal_rank and self.recall >= self.bar.recall


@contextmanager
def indexed(articles: Sequence[Article]) -> Iterator[Callable[[str], list[str]]]:
    """A search among these articles alone, as their readers have it; all is undone at the end."""
    with transaction.atomic():
        audience = Audience.objects.for_rules([RULE])[RULE]
        # Their pages need not exist: the database would ask for them at the end of the transaction.
        names = {-number: article.name for number, article in enumerate(articles, start=1)}
        documents = [document_of(article, -n, audience) for n, article in enumerate(articles, start=1)]
        HelpDocument.objects.bulk_create(documents, batch_size=200)
        indexing.index(documents)

        def search(query: str) -> list[str]:
            results = searching.search(query, audience_ids=[audience.pk], page_size=DEPTH)
            return [names[hit.document.pk] for hit in results.hits]

        yield search
        transaction.set_rollback(True)


def document_of(article: Article, pk: int, audience: Audience) -> HelpDocument:
    """The document of an article, unsaved."""
    return HelpDocument(
        page_id=pk,
        path=f"/search-quality/{-pk}/",
        kind=Kind.ARTICLE,
        title=article.title,
        seo_title=article.seo_title,
        summary=article.summary,
        headings=article.headings,
        text=article.text,
        audience=audience,
        published_at=timezone.now(),
        updated_at=timezone.now(),
    )


def ask(name: str, questions: Questions, search: Callable[[str], list[str]], *, every: int = 1) -> Score:
    """Put a set of questions, or every n-th of it but a hundred at least, and score the answers."""
    score = Score(name, BARS[name])
    for question in list(questions)[:: max(1, min(every, len(questions) // LEAST))]:
        rank = next((n for n, found in enumerate(search(question), start=1) if found in questions[question]), 0)
        score.asked += 1
        score.found += bool(rank)
        score.ranks += 1 / rank if rank else 0.0
        if not rank:
            score.missed.append(question)
    return score
