"""What a reader sees of the help center, all of it filtered by audience."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, OuterRef, Q, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce, JSONObject

from helpcenter.knowledge.models import Feedback, HelpDocument, HelpIndexPage, HelpPageRelation, Reader
from helpcenter.knowledge.models.documents import HelpDocumentQuerySet, Kind
from portal.core import page_cache

CHILDREN_A_PAGE = 60
TOPICS_A_PAGE = 24


# Places of pages that no editor has numbered.
BEFORE, AFTER = -2, -1


@dataclass(frozen=True, slots=True)
class Link:
    """A page to go to."""

    pk: int
    title: str
    path: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where to read on: the readable pages before and after one on its shelf, and those that editors named."""

    previous: Link | None
    following: Link | None
    related: list[Link]


def front(reader: Reader, *, page: int = 1) -> dict[str, Any] | None:
    """The front page: what stands at the top, products, and what changed last; None for a page beyond the last.

    Topics have `size`, the number of readable pages below. Later pages hold the rest of what stands at the top.
    """
    documents = HelpDocument.objects.readable_by(reader)
    shelf = shelf_page(documents.filter(topic=None).listed().select_related("product"), page, size=TOPICS_A_PAGE)
    if shelf is None:
        return None
    topics = [document for document in shelf if document.kind == Kind.TOPIC]
    counts = known_counts(reader, topics)
    for topic in topics:
        topic.size = counts.get(topic.pk, 0)
    others = [document for document in shelf if document.kind != Kind.TOPIC]
    context = {"index": HelpIndexPage.objects.get(), "shelf": shelf, "topics": topics, "others": others}
    return {**context, **(news(documents) if page == 1 else {})}


def news(documents: HelpDocumentQuerySet) -> dict[str, Any]:
    """What a reader may want to see first: guides, questions and, without these, changes."""
    latest = documents.listed().order_by("-updated_at", "pk")
    return {
        "recent": latest.exclude(kind__in=[Kind.TOPIC, Kind.FAQ])[:6],
        "questions": latest.filter(kind=Kind.FAQ)[:6],
        "guides": latest.filter(kind__in=[Kind.TUTORIAL, Kind.TROUBLESHOOTING])[:4],
    }


def shelf_page(documents: HelpDocumentQuerySet, number: int, *, size: int) -> "Page[HelpDocument] | None":
    """One page of documents as they stand in the tree; None beyond the last."""
    paginator = Paginator(documents.in_order(), size)
    return paginator.page(number) if 1 <= number <= paginator.num_pages else None


def known_counts(reader: Reader, topics: list[HelpDocument]) -> dict[int, int]:
    """The same as `children_counts`, counted once a generation for all to whom the same pages are open."""
    if reader.sharing is None:
        return children_counts(reader, topics)
    key = ("topic sizes", reader.sharing, tuple(topic.pk for topic in topics))
    return page_cache.remembered(key, lambda: children_counts(reader, topics))


def children_counts(reader: Reader, topics: list[HelpDocument]) -> dict[int, int]:
    """Readable pages anywhere below each topic, topics themselves not counted."""
    paths = {topic.pk: topic.path for topic in topics}
    if not paths:
        return {}
    below = {f"t{pk}": Count("pk", filter=Q(path__startswith=path)) for pk, path in paths.items()}
    counted = HelpDocument.objects.readable_by(reader).exclude(kind=Kind.TOPIC).aggregate(**below)
    return {int(name[1:]): number for name, number in counted.items()}


def children(document: HelpDocument, reader: Reader, *, page: int = 1) -> "Page[HelpDocument] | None":
    """One page of the readable pages directly below a topic; None beyond the last.

    Short questions carry their `answer`, other pages nothing of their text: the weight of a page does not grow.
    """
    is_short = Q(kind=Kind.FAQ, minutes=1)
    added = {"answer_html": Case(When(is_short, then="body_html"), default=Value(""), output_field=TextField())}
    rows = HelpDocument.objects.readable_by(reader).filter(topic_id=document.pk).listed().annotate(**added)
    return shelf_page(rows, page, size=CHILDREN_A_PAGE)


def shelves(documents: Iterable[HelpDocument]) -> list[dict[str, Any]]:
    """Documents by kind, each kind under its plural: topics first, questions last."""
    labels = {
        Kind.TOPIC: "Topics",
        Kind.TUTORIAL: "Tutorials",
        Kind.ARTICLE: "Articles",
        Kind.TROUBLESHOOTING: "Troubleshooters",
        Kind.FAQ: "Questions and answers",
    }
    listed = list(documents)
    found = [
        {"kind": kind, "label": label, "documents": [d for d in listed if d.kind == kind]}
        for kind, label in labels.items()
    ]
    return [shelf for shelf in found if shelf["documents"]]


def document_at(path: str, *, user: AbstractBaseUser | AnonymousUser) -> HelpDocument | None:
    """The document at an address, whoever reads it, with `vote`: what a signed-in reader thought of it, or None.

    `voted` are the ids of all pages on which the reader voted. Anonymous readers share one kept page; their vote is
    asked for apart.
    """
    votes = Feedback.objects.filter(user_id=user.pk) if user.is_authenticated else Feedback.objects.none()
    state = JSONObject(is_helpful="is_helpful", comment="comment", answer="answer")
    own = votes.filter(page_id=OuterRef("pk")).values(state=state)[:1]
    added = {"vote": Subquery(own), "voted": ArraySubquery(votes.values("page_id"))}
    documents = HelpDocument.objects.select_related("audience").defer("text", "headings").annotate_tree_path()
    return documents.annotate(**added).filter(path=path).first()


def surroundings(document: HelpDocument, reader: Reader) -> Surroundings:
    """Where to read on from a document: three short index scans in one query."""
    readable = HelpDocument.objects.readable_by(reader)
    shelf = readable.filter(topic_id=document.topic_id).exclude(kind=Kind.TOPIC)
    named = HelpPageRelation.objects.filter(page_id=document.pk)
    place = named.filter(related_id=OuterRef("pk")).values("sort_order")[:1]
    before = shelf.filter(page__path__lt=document.tree_path).order_by("-page__path")[:1]
    after = shelf.filter(page__path__gt=document.tree_path).order_by("page__path")[:1]
    related = readable.filter(pk__in=named.values("related_id")).annotate(place=Coalesce(Subquery(place), 0))
    columns = ("pk", "title", "path", "place")
    rows = related.values_list(*columns).union(
        before.annotate(place=Value(BEFORE)).values_list(*columns),
        after.annotate(place=Value(AFTER)).values_list(*columns),
        all=True,
    )
    found = [(at, Link(pk, title, path)) for pk, title, path, at in sorted(rows, key=lambda row: (row[-1], row[1]))]
    links = dict(found)
    related_links = [link for at, link in found if at >= 0]
    return Surroundings(previous=links.get(BEFORE), following=links.get(AFTER), related=related_links)
