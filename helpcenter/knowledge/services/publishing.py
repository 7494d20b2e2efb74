"""Writes what readers get of help pages: documents and search index, in the transaction that changes the pages."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction
from django.db.models import CharField, F, Func, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from wagtail.models import Page

from helpcenter.knowledge.models import HelpDocument, HelpPage, TopicPage
from helpcenter.knowledge.models.audiences import AudienceKind
from helpcenter.knowledge.services import indexing, placement, references
from portal.core import page_cache

WRITTEN = [field.name for field in HelpDocument._meta.concrete_fields if not field.primary_key]
PLACED = ["path", "topic", "breadcrumbs", "audience"]
CHUNK = 200

waiting: ContextVar[set[int] | None] = ContextVar("pages waiting to be written", default=None)


@contextmanager
def batched() -> Iterator[None]:
    """Publish many pages and write their documents together when the block ends, in one transaction."""
    collected: set[int] = set()
    token = waiting.set(collected)
    try:
        with transaction.atomic():
            yield
            waiting.reset(token)
            write(collected)
    finally:
        if waiting.get() is collected:
            waiting.reset(token)


def page_published(page_id: int) -> None:
    """Write the document of a page that was published just now; in a batch, at its end."""
    collected = waiting.get()
    if collected is None:
        write([page_id])
    else:
        collected.add(page_id)


@transaction.atomic
def write(page_ids: Iterable[int]) -> None:
    """Write the documents of the live pages among these, whatever was there before; withdraw the others.

    Pages below them and pages that refer to them follow where what these show of them has changed.
    """
    indexing.serialise()
    ids = sorted(set(page_ids))
    before = shown_elsewhere(ids)
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        live = list(HelpPage.objects.filter(pk__in=chunk, live=True).specific())
        withdraw(set(chunk) - {page.pk for page in live})
        write_documents([page.to_document() for page in live])
    after = shown_elsewhere(ids)
    follow({pk for pk in ids if before.get(pk) != after.get(pk)}, rendered=ids)


@transaction.atomic
def withdraw(page_ids: Collection[int]) -> None:
    """Remove what readers get of these pages."""
    if page_ids:
        indexing.remove(page_ids)
        HelpDocument.objects.filter(pk__in=page_ids).delete()
        page_cache.expire()


@transaction.atomic
def page_withdrawn(page_id: int) -> None:
    """Remove what readers get of a page that is no longer for them, whatever the database says of it yet."""
    withdraw([page_id])
    follow({page_id}, rendered=[page_id])


@transaction.atomic
def page_moved(page_id: int) -> None:
    """Correct what the place of a page in the tree decides, of the page itself and of all below."""
    indexing.serialise()
    path = Page.objects.values_list("path", flat=True).get(pk=page_id)
    follow(place_anew(HelpDocument.objects.filter(page__path__startswith=path)))


@transaction.atomic
def follow(changed: set[int], *, rendered: Collection[int] = ()) -> None:
    """Correct what depends on pages that appeared, vanished or changed their title, address or readers.

    `rendered` are pages whose bodies have been made since.
    """
    below: set[int] = set()
    for path in TopicPage.objects.filter(pk__in=changed).values_list("path", flat=True):
        below |= place_anew(HelpDocument.objects.filter(page__path__startswith=path).exclude(pk__in=rendered))
    render(references.around(changed | below) - set(rendered))


def stay_closed(pages: QuerySet[HelpPage]) -> list[int]:
    """Keep pages from opening to everyone when those they were for are deleted (see `audiences.closed`); their ids."""
    ids = list(pages.values_list("pk", flat=True))
    staff = Value(AudienceKind.STAFF.value)
    without_staff = HelpPage.objects.filter(pk__in=ids).exclude(audience__contains=[staff.value])
    without_staff.update(audience=Func(F("audience"), staff, function="array_append"))
    return ids


@transaction.atomic
def render(page_ids: Collection[int]) -> None:
    """Write the documents of the live pages among these anew: only what they show of others has changed."""
    for pages in chunks(sorted(page_ids)):
        live = HelpPage.objects.filter(pk__in=pages, live=True).specific()
        write_documents([page.to_document() for page in live])
    page_cache.expire()


@transaction.atomic
def rebuild() -> int:
    """Write every document and the whole index anew; returns their number."""
    live = list(HelpPage.objects.filter(live=True).values_list("pk", flat=True))
    withdraw(list(HelpDocument.objects.exclude(pk__in=live).values_list("pk", flat=True)))
    write(live)
    return indexing.rebuild()


def shown_elsewhere(page_ids: Collection[int]) -> dict[int, tuple[object, ...]]:
    """What other pages show of these, or decide by: title, address and readers."""
    rows = HelpDocument.objects.filter(pk__in=page_ids).values_list("pk", "title", "path", "audience_id")
    return {pk: tuple(shown) for pk, *shown in rows}


def write_documents(documents: Sequence[HelpDocument]) -> None:
    """Place, save and index freshly rendered documents."""
    if not documents:
        return
    placement.apply(documents)
    references.prune(documents)
    leave_addresses(documents)
    HelpDocument.objects.bulk_create(documents, update_conflicts=True, unique_fields=["page"], update_fields=WRITTEN)
    indexing.index(documents)


def place_anew(documents: Iterable[HelpDocument]) -> set[int]:
    """Save and index the documents whose place is no longer what was written; their page ids."""
    known = list(documents)
    before = {document.pk: place_of(document) for document in known}
    placement.apply(known)
    moved = [document for document in known if place_of(document) != before[document.pk]]
    leave_addresses(moved)
    HelpDocument.objects.bulk_update(moved, PLACED, batch_size=CHUNK)
    indexing.index(moved)
    return {document.pk for document in moved}


def place_of(document: HelpDocument) -> tuple[object, ...]:
    """What the tree last said of the document."""
    return (document.path, document.topic_id, document.breadcrumbs, document.audience_id)


def leave_addresses(documents: Sequence[HelpDocument]) -> None:
    """Free the addresses that these are about to take or to leave, as two pages may swap theirs."""
    new = {document.pk: document.path for document in documents}
    known = HelpDocument.objects.filter(Q(pk__in=new) | Q(path__in=new.values())).values_list("pk", "path")
    stale = [pk for pk, path in known if new.get(pk) != path]
    if stale:
        nowhere = Concat(Value("moving:"), Cast("pk", CharField()))
        HelpDocument.objects.filter(pk__in=stale).update(path=nowhere)


def chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Parts of a long list."""
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
