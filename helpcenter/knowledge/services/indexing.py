"""Keeps the search index and the vocabulary true to the documents, inside the transaction that writes them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction

from helpcenter.knowledge.models import Audience, HelpDocument, SearchDocument, Word
from helpcenter.knowledge.models.words import deletion_keys, indexable, normalise, sentence_of

WRITTEN = ["audience", "kind", "product", "topic", "title", "lead", "headings", "body"]
COUNTED = ["frequency", "title_frequency"]
# PostgreSQL refuses vectors above one megabyte; no reader searches for the end of a book.
LONGEST_BODY = 200_000
LONGEST_LEAD = 20_000
CHUNK = 200
STORED_AT_ONCE = 2000

Tally = Counter[tuple[str, int]]

counts_later: ContextVar[bool] = ContextVar("words are counted at the end of a block", default=False)


@contextmanager
def counted_once() -> Iterator[None]:
    """Index many documents in one transaction, and count the words of the whole index when the block ends."""
    token = counts_later.set(True)
    try:
        with transaction.atomic():
            serialise()
            yield
            count_anew()
    finally:
        counts_later.reset(token)


@transaction.atomic
def index(documents: Sequence[HelpDocument]) -> None:
    """Index documents that have been saved, whether they are new or changed."""
    serialise()
    for start in range(0, len(documents), CHUNK):
        fresh = [entry_of(document) for document in documents[start : start + CHUNK]]
        before = indexed(entry.pk for entry in fresh)
        SearchDocument.objects.bulk_create(
            fresh, update_conflicts=True, unique_fields=["document"], update_fields=WRITTEN
        )
        recount(before, fresh)


@transaction.atomic
def remove(page_ids: Iterable[int]) -> None:
    """Forget these pages, and words that no other document of their audience holds."""
    ids = list(page_ids)
    serialise()
    for start in range(0, len(ids), CHUNK):
        before = indexed(ids[start : start + CHUNK])
        SearchDocument.objects.filter(pk__in=[entry.pk for entry in before]).delete()
        recount(before, [])


@transaction.atomic
def rebuild() -> int:
    """Make the whole index anew from the documents; returns their number."""
    ids = list(HelpDocument.objects.order_by("pk").values_list("pk", flat=True))
    with counted_once():
        SearchDocument.objects.all().delete()
        for start in range(0, len(ids), CHUNK):
            index(list(HelpDocument.objects.filter(pk__in=ids[start : start + CHUNK]).defer("body_html")))
    return len(ids)


def serialise() -> None:
    """One writer at a time until the transaction ends: counts stay right, and two writers never wait for each other."""
    list(Audience.objects.order_by("pk").select_for_update(no_key=True).values_list("pk")[:1])


def indexed(page_ids: Iterable[int]) -> list[SearchDocument]:
    """What the index holds of these pages, without the vectors."""
    return list(SearchDocument.objects.filter(pk__in=list(page_ids)).defer("title_vector", "vector"))


def entry_of(document: HelpDocument) -> SearchDocument:
    """The words of a document, unsaved."""
    return SearchDocument(
        document_id=document.pk,
        audience_id=document.audience_id,
        kind=document.kind,
        product_id=document.product_id,
        topic_id=document.topic_id,
        title=titles_of(document),
        lead=sentence_of(document.summary, document.keywords)[:LONGEST_LEAD],
        headings=normalise(document.headings)[:LONGEST_LEAD],
        body=normalise(document.text)[:LONGEST_BODY],
    )


def titles_of(document: HelpDocument) -> str:
    """What the page is called, and on a line of its own what it is called elsewhere: ranking counts both as titles."""
    titles = dict.fromkeys(normalise(title) for title in (document.title, document.seo_title))
    return "\n".join(filter(None, titles))


def tally(entries: Iterable[SearchDocument], *, titles_only: bool = False) -> Tally:
    """In how many entries of an audience each word stands; the empty word in all of them, but in no title."""
    counts: Tally = Counter()
    for entry in entries:
        words = indexable(entry.title) if titles_only else {"", *indexable(entry.words())}
        counts.update((word, entry.audience_id) for word in words)
    return counts


def recount(before: Sequence[SearchDocument], after: Sequence[SearchDocument]) -> None:
    """Add to the vocabulary what came, take from it what went."""
    if counts_later.get():
        return
    change, title_change = tally(after), tally(after, titles_only=True)
    change.subtract(tally(before))
    title_change.subtract(tally(before, titles_only=True))
    moved = {key for counts in (change, title_change) for key, count in counts.items() if count}
    words, audiences = {word for word, _ in moved}, {audience for _, audience in moved}
    known = Word.objects.filter(word__in=words, audience__in=audiences)
    counts = {(word, audience): held for word, audience, *held in known.values_list("word", "audience", *COUNTED)}
    rows = []
    for key in sorted(moved):
        word, audience_id = key
        frequency, title_frequency = counts.get(key, (0, 0))
        rows.append(
            Word(
                word=word,
                audience_id=audience_id,
                frequency=frequency + change[key],
                title_frequency=title_frequency + title_change[key],
                # Known words keep the keys that they have.
                keys=[] if key in counts else deletion_keys(word),
            )
        )
    store(rows)


def count_anew() -> None:
    """Make the vocabulary of what is indexed, whatever it was before."""
    entries = SearchDocument.objects.defer("title_vector", "vector")
    counts = tally(entries.iterator(chunk_size=CHUNK))
    title_counts = tally(entries.only("audience_id", "title").iterator(), titles_only=True)
    Word.objects.all().delete()
    found = sorted(counts)
    for start in range(0, len(found), STORED_AT_ONCE):
        store(
            [
                Word(
                    word=word,
                    audience_id=audience_id,
                    frequency=counts[word, audience_id],
                    title_frequency=title_counts[word, audience_id],
                    keys=deletion_keys(word),
                )
                for word, audience_id in found[start : start + STORED_AT_ONCE]
            ]
        )


def store(rows: Sequence[Word]) -> None:
    """Save the counts; words that no document holds any more are forgotten."""
    held = [row for row in rows if row.frequency > 0]
    Word.objects.bulk_create(
        held,
        update_conflicts=True,
        unique_fields=["word", "audience"],
        update_fields=COUNTED,
        batch_size=STORED_AT_ONCE,
    )
    gone: dict[int, list[str]] = {}
    for row in rows:
        if row.frequency <= 0:
            gone.setdefault(row.audience_id, []).append(row.word)
    for audience_id, words in gone.items():
        Word.objects.filter(audience_id=audience_id, word__in=words).delete()
