"""What a reader sees of the help center, all of it filtered by audience."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject

from billing.catalog.models import Product
from helpcenter.knowledge.models import Feedback, HelpDocument, HelpIndexPage, HelpPageRelation, Reader
from helpcenter.knowledge.models.documents import Kind

CHILDREN_A_PAGE = 60


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


def front(reader: Reader) -> dict[str, Any]:
    """The front page: topics with the number of readable pages below, products, and what changed last."""
    documents = HelpDocument.objects.readable_by(reader)
    index = HelpIndexPage.objects.get()
    topics = list(documents.filter(kind=Kind.TOPIC, topic=None).listed().in_order())
    counts = children_counts(reader, topics)
    for topic in topics:
        topic.size = counts.get(topic.pk, 0)
    return {
        "index": index,
        "topics": topics,
        "products": Product.objects.offered(),
        "recent": documents.exclude(kind=Kind.TOPIC).listed().order_by("-updated_at")[:6],
        "questions": documents.filter(kind=Kind.FAQ).listed().order_by("-updated_at")[:6],
        "guides": documents.filter(kind__in=[Kind.TUTORIAL, Kind.TROUBLESHOOTING]).listed().order_by("-updated_at")[:4],
    }


def children_counts(reader: Reader, topics: list[HelpDocument]) -> dict[int, int]:
    """Readable pages anywhere below each topic, topics themselves not counted."""
    paths = {topic.pk: topic.path for topic in topics}
    if not paths:
        return {}
    below = {f"t{pk}": Count("pk", filter=Q(path__startswith=path)) for pk, path in paths.items()}
    counted = HelpDocument.objects.readable_by(reader).exclude(kind=Kind.TOPIC).aggregate(**below)
    return {int(name[1:]): number for name, number in counted.items()}


def children(document: HelpDocument, reader: Reader, *, page: int = 1) -> tuple[list[HelpDocument], bool]:
    """Readable pages directly below a topic, one page of them, and whether more follow."""
    start = (page - 1) * CHILDREN_A_PAGE
    rows = (
        HelpDocument.objects.readable_by(reader)
        .filter(topic_id=document.pk)
        .defer("text", "headings", "structured_data")
    )
    found = list(rows.in_order()[start : start + CHILDREN_A_PAGE + 1])
    return found[:CHILDREN_A_PAGE], len(found) > CHILDREN_A_PAGE


def shelves(documents: list[HelpDocument]) -> list[dict[str, Any]]:
    """Documents by kind, each kind under its plural: topics first, questions last."""
    labels = {
        Kind.TOPIC: "Topics",
        Kind.TUTORIAL: "Tutorials",
        Kind.ARTICLE: "Articles",
        Kind.TROUBLESHOOTING: "Troubleshooters",
        Kind.FAQ: "Questions and answers",
    }
    found = [
        {"kind": kind, "label": label, "documents": [d for d in documents if d.kind == kind]}
        for kind, label in labels.items()
    ]
    return [shelf for shelf in found if shelf["documents"]]


def document_at(path: str, *, user: AbstractBaseUser | AnonymousUser, visitor: str) -> HelpDocument | None:
    """The document at an address, whoever reads it, with `vote`: what this reader thought of it, or None."""
    of_page = Feedback.objects.filter(page_id=OuterRef("pk"))
    visitors = of_page.filter(visitor=visitor) if visitor else of_page.none()
    own = of_page.filter(user_id=user.pk) if user.is_authenticated else visitors
    state = JSONObject(is_helpful="is_helpful", comment="comment", answer="answer")
    added = {"vote": Subquery(own.values(state=state)[:1])}
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
