"""The whole of an import: read, compare, take images and files, place pages, publish them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import DataError, transaction
from wagtail.models import Page
from wagtail.signal_handlers import disable_reference_index_auto_update

from helpcenter.knowledge.markdown.errors import UnreadableSource
from helpcenter.knowledge.markdown.targets import Targets
from helpcenter.knowledge.models import HelpPage
from helpcenter.knowledge.services import publishing
from helpcenter.knowledge.services.importing import media, places, planning, redirects, sources
from helpcenter.knowledge.services.importing.filling import Names, fill, model_of
from helpcenter.knowledge.services.importing.planning import Entry
from helpcenter.knowledge.services.importing.publication import Publication
from helpcenter.knowledge.services.importing.report import Outcome, Report, Result
from helpcenter.knowledge.services.importing.sources import Collection, Progress
from helpcenter.knowledge.services.importing.tree import Tree

CHUNK = 50


def silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody looks at."""


@dataclass(frozen=True, slots=True)
class Work:
    """What the steps of an import share."""

    collection: Collection
    entries: list[Entry]
    names: Names
    targets: Targets
    progress: Progress


def import_folder(
    *, root: Path, under: str, kind: str = "markdown", dry_run: bool = False, progress: Progress = silent
) -> Report:
    """Make or update a page for each article of a folder, below the topic with the slug `under`, and publish it.

    `kind` is "markdown" or "zendesk". A second run finds the same pages again. Files that cannot be taken are reported
    and stop nothing. Raises UnknownPlace, UnreadableSource when there is no such folder.
    """
    target = places.find(under)
    collection = sources.read(root, kind, progress)
    names = Names.load(collection.documents)
    _leave_unknown_audiences(collection, names)
    images, files = media.referred(collection)
    hashes = media.hashes_of(collection.folder, {*images, *files})
    entries = planning.plan(collection, target, hashes)
    _leave_other_kinds(collection, entries)
    taken = media.take(collection.folder, images, files, hashes, dry_run=dry_run, progress=progress)
    collection.report.media = taken.outcomes
    if not dry_run:
        target = target or _made(under, collection.report)
        tree = Tree(target, entries)
        work = Work(collection, entries, names, Targets(tree.keys, taken.images, taken.files), progress)
        _place(work, tree)
        _publish(work, tree)
    return _reported(collection.report, entries)


def _made(slug: str, report: Report) -> Page:
    topic = places.make(slug)
    report.notes.append(f"There was no topic “{slug}”: it was made right below the help center.")
    return topic


def _leave_unknown_audiences(collection: Collection, names: Names) -> None:
    """Leave out documents for readers that do not exist, and what stands below them, and note other unknown names."""
    for path, document in list(collection.documents.items()):
        if path not in collection.documents:
            continue
        try:
            for warning in names.check(document):
                collection.warn(path, warning)
        except UnreadableSource as error:
            collection.drop(path, error.message)


def _leave_other_kinds(collection: Collection, entries: list[Entry]) -> None:
    """Leave out documents whose page is of another kind than they ask for: a page cannot change its kind."""
    models = {page.pk: type(page) for page in HelpPage.objects.filter(pk__in=_page_ids(entries)).specific()}
    for entry in [
        entry for entry in entries if entry.page_id and models[entry.page_id] is not model_of(entry.document)
    ]:
        entries.remove(entry)
        kind = models[entry.page_id]._meta.verbose_name if entry.page_id else ""
        reason = f"Its page is a {kind} and cannot become another kind; delete the page first, or keep the type."
        collection.leave(entry.file or entry.document.path, Result.FAILED, reason)


def _page_ids(entries: Sequence[Entry]) -> list[int]:
    return [entry.page_id for entry in entries if entry.page_id]


def _place(work: Work, tree: Tree) -> None:
    """Make the pages that are missing, so that texts can link to them, and move those whose files have moved."""
    to_place = [entry for entry in work.entries if entry.page_id is None or entry.result == Result.UPDATED]
    for start in range(0, len(to_place), CHUNK):
        work.progress("Placing", start, len(to_place))
        with transaction.atomic(), disable_reference_index_auto_update():
            for entry in to_place[start : start + CHUNK]:
                tree.place(entry)


def _publish(work: Work, tree: Tree) -> None:
    """Fill and publish what is new or changed; readers get all of it at once, at the end."""
    changed = [entry for entry in work.entries if entry.result != Result.UNCHANGED]
    publication = Publication()
    with publishing.batched(), disable_reference_index_auto_update():
        for number, entry in enumerate(changed):
            work.progress("Publishing", number, len(changed))
            try:
                with transaction.atomic():
                    _publish_page(entry, work, tree, publication)
            except (ValidationError, DataError) as error:
                reason = (
                    f"{' '.join(getattr(error, 'messages', [str(error)]))} Its page stays as it was, a new one a draft."
                )
                entry.outcome = Outcome(entry.file or entry.document.path, Result.FAILED, reason)
        publication.finish()
        work.progress("Indexing", len(changed), len(changed))


def _publish_page(entry: Entry, work: Work, tree: Tree, publication: Publication) -> None:
    """One page: its values, a new revision, live."""
    page = tree.page_of(entry)
    targets = Targets(work.targets.pages, work.targets.images, work.targets.files)
    result = entry.result
    fill(page, entry.document, work.names, targets)
    page.source_hash = entry.digest
    publication.publish(page)
    redirects.keep(page, entry.document.meta.redirects)
    warnings = (*entry.document.warnings, *targets.warnings)
    entry.outcome = Outcome(entry.file or entry.document.path, result, "", warnings)


def _reported(report: Report, entries: list[Entry]) -> Report:
    for entry in entries:
        outcome = entry.outcome or Outcome(
            entry.file or entry.document.path, entry.result, "", tuple(entry.document.warnings)
        )
        (report.files if entry.file else report.topics).append(outcome)
    report.files.sort(key=lambda outcome: outcome.path)
    return report
