"""Images and files of a folder, each content taken once, whatever it is called."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import file_digest
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.fields import WagtailImageField
from wagtail.signal_handlers import disable_reference_index_auto_update

from helpcenter.knowledge.markdown.document import title_of_path
from helpcenter.knowledge.markdown.errors import UnreadableSource
from helpcenter.knowledge.markdown.folder import SourceFolder
from helpcenter.knowledge.markdown.pictures import repaired
from helpcenter.knowledge.markdown.references import references
from helpcenter.knowledge.services.importing.report import Outcome, Result
from helpcenter.knowledge.services.importing.sources import Collection, Progress
from portal.core.documents import check_content

CHUNK = 50


class Unsupported(UnreadableSource):
    """A kind of file that the help center does not keep."""


@dataclass(slots=True)
class Media:
    """Keys of images and files by their path in the folder, and what became of each."""

    images: dict[str, int] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)


def referred(collection: Collection) -> tuple[list[str], list[str]]:
    """Paths of the images and of the files that documents refer to."""
    found = {target for document in collection.documents.values() for target in references(document.nodes)}
    images = sorted(target.removeprefix("image:") for target in found if target.startswith("image:"))
    return images, sorted(target.removeprefix("file:") for target in found if target.startswith("file:"))


def hashes_of(folder: SourceFolder, paths: Iterable[str]) -> dict[str, str]:
    """SHA-1 of each file, as Wagtail keeps it of what it holds."""
    hashes = {}
    for path in paths:
        with folder.files[path].open("rb") as file:
            hashes[path] = file_digest(file, "sha1").hexdigest()
    return hashes


def take(
    folder: SourceFolder,
    images: list[str],
    files: list[str],
    hashes: Mapping[str, str],
    *,
    dry_run: bool,
    progress: Progress,
) -> Media:
    """Store what is not there yet; without storing anything when `dry_run`."""
    media = Media()
    for paths, model, keys, check in (
        (images, get_image_model(), media.images, checked_image),
        (files, get_document_model(), media.files, checked_file),
    ):
        same = model.objects.filter(file_hash__in={hashes[path] for path in paths})
        # Of equal ones the oldest is taken, each time.
        held = dict(same.order_by("-pk").values_list("file_hash", "pk"))
        for start in range(0, len(paths), CHUNK):
            progress("Storing", start, len(paths))
            # One transaction for many: each would wait for the disk.
            with transaction.atomic(), disable_reference_index_auto_update():
                for path in paths[start : start + CHUNK]:
                    known = held.get(hashes[path])
                    outcome = Outcome(path, Result.CREATED if known is None else Result.UNCHANGED)
                    try:
                        upload = check(folder, path) if known is None else None
                    except UnreadableSource as error:
                        outcome.result = Result.SKIPPED if isinstance(error, Unsupported) else Result.FAILED
                        outcome.reason = error.message
                    else:
                        if upload:
                            held[hashes[path]] = 0 if dry_run else _store(model, upload, path, hashes[path])
                        keys[path] = held[hashes[path]]
                    media.outcomes.append(outcome)
    return media


def _store(model: Any, upload: SimpleUploadedFile, path: str, sha1: str) -> int:
    stored = model(title=title_of_path(path)[:255], file=upload)
    stored.file_size, stored.file_hash = upload.size, sha1
    stored.save()
    return int(stored.pk)


def checked_image(folder: SourceFolder, path: str) -> SimpleUploadedFile:
    """An image, its ending put right. Raises UnreadableSource, Unsupported."""
    if path.lower().endswith(".svg"):
        raise Unsupported("SVG drawings are not kept; their descriptions are.")
    content, ending = repaired(folder.read(path, settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE))
    name = path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    upload = SimpleUploadedFile(f"{name}.{ending}", content)
    try:
        WagtailImageField().clean(upload)
    except ValidationError as error:
        raise UnreadableSource(" ".join(error.messages)) from error
    return SimpleUploadedFile(f"{name}.{ending}", content)


def checked_file(folder: SourceFolder, path: str) -> SimpleUploadedFile:
    """A file of a kind that is kept. Raises UnreadableSource, Unsupported."""
    name = path.rsplit("/", 1)[-1]
    ending = name.rpartition(".")[2].lower()
    if ending not in settings.WAGTAILDOCS_EXTENSIONS:
        raise Unsupported(f"Files of the kind “{ending}” are not kept; the text of the link is.")
    upload = SimpleUploadedFile(name, folder.read(path, settings.WAGTAILDOCS_MAX_UPLOAD_SIZE))
    try:
        check_content(name, upload)
    except ValidationError as error:
        raise UnreadableSource(" ".join(error.messages)) from error
    return upload
