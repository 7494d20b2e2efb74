"""Where pages stand: addresses, what stands above, and who may therefore read; a handful of queries for any number."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from treebeard.mp_tree import MP_Node
from wagtail.models import Page

from helpcenter.knowledge.models import Audience, HelpDocument, HelpIndexPage, HelpPage, HelpPageCompany
from helpcenter.knowledge.models.audiences import Clause, canonical

STEP = MP_Node.steplen
ADDRESS = "/help/"


@dataclass(frozen=True, slots=True)
class Place:
    """What the tree says of one page."""

    path: str
    rule: str
    topic_id: int | None
    breadcrumbs: list[dict[str, str]]


def own_clauses(page_ids: Iterable[int]) -> dict[int, Clause]:
    """Each page's own rule: keys of which a reader must hold one, empty where everyone passes."""
    ids = list(page_ids)
    keys: dict[int, set[str]] = defaultdict(set)
    for pk, kinds in HelpPage.objects.filter(pk__in=ids).values_list("pk", "audience"):
        keys[pk].update(kinds)
    products = HelpPage.audience_products.through.objects.filter(helppage_id__in=ids)
    for pk, slug in products.values_list("helppage_id", "product__slug"):
        keys[pk].add(f"product:{slug}")
    companies = HelpPageCompany.objects.filter(page_id__in=ids)
    for pk, public_id in companies.values_list("page_id", "company__public_id"):
        keys[pk].add(f"company:{public_id}")
    return {pk: frozenset(found) for pk, found in keys.items()}


def lineage(path: str, *, above: str) -> list[str]:
    """Tree paths of the pages from just below `above` down to `path` itself."""
    return [path[:end] for end in range(len(above) + STEP, len(path) + 1, STEP)]


def places_of(page_ids: Iterable[int]) -> dict[int, Place]:
    """Places of help pages, by page id."""
    index = HelpIndexPage.objects.get()
    pages = list(Page.objects.filter(pk__in=list(page_ids)).values("pk", "path", "url_path"))
    paths = {path for page in pages for path in lineage(page["path"], above=index.path)}
    around: dict[str, dict[str, Any]] = {
        row["path"]: row
        for row in Page.objects.filter(path__in=paths).values("pk", "path", "url_path", "title", "live")
    }
    clauses = own_clauses(row["pk"] for row in around.values())

    def address(row: dict[str, Any]) -> str:
        return ADDRESS + str(row["url_path"])[len(index.url_path) :]

    def place(page: dict[str, Any]) -> Place:
        rows = [around[path] for path in lineage(page["path"], above=index.path)]
        above = [row for row in rows[:-1] if row["live"]]
        return Place(
            path=address(page),
            rule=canonical(clauses.get(row["pk"], frozenset()) for row in rows),
            topic_id=above[-1]["pk"] if above else None,
            breadcrumbs=[{"title": row["title"], "url": address(row)} for row in above],
        )

    return {page["pk"]: place(page) for page in pages}


def apply(documents: Sequence[HelpDocument]) -> None:
    """Give documents their places, unsaved."""
    places = places_of(document.page_id for document in documents)
    audiences = Audience.objects.for_rules({place.rule for place in places.values()})
    for document in documents:
        place = places[document.page_id]
        document.path = place.path
        document.topic_id = place.topic_id
        document.breadcrumbs = place.breadcrumbs
        document.audience = audiences[place.rule]
