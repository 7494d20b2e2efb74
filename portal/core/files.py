"""Files that people upload and only some may read: checked by content, kept apart from public media, sent as downloads.

class Document(models.Model):
    file = models.FileField(storage=files.private_storage, upload_to=files.Folder("documents"))

Nothing in the private storage has an address of its own: a view checks access and answers with `download`.
"""

import hashlib
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath
from typing import Any
from uuid import uuid4

import filetype
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404
from django.template.defaultfilters import filesizeformat
from django.utils.deconstruct import deconstructible
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from portal.core.errors import DomainError

PDF = frozenset({"application/pdf"})
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})
OFFICE = frozenset(
    {
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    }
)
DOCUMENTS = PDF | PICTURES
MOST_BYTES = 10 * 1024 * 1024
LONGEST_NAME = 100


class FileRefused(DomainError):
    """This file is not taken: empty, too large, or not of a kind that is asked for."""

    code = "file_refused"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file was found to be, whatever its sender called it; `name` is safe to show and to save under."""

    name: str
    content_type: str
    size: int
    sha256: str


def check(
    upload: "UploadedFile[Any]", *, kinds: Collection[str], most_bytes: int = MOST_BYTES, field: str = ""
) -> Checked:
    """Look at a file's content and rewind it.

    Raises FileRefused, which names `field`, for a file that is empty, larger than `most_bytes`, or whose first bytes
    are of none of the media types `kinds`. Text, and so HTML and SVG, has no such mark: it is always refused.
    """
    size = upload.size or 0
    if size == 0:
        raise FileRefused(_("This file is empty."), "file_empty", field=field)
    if size > most_bytes:
        words = {"size": filesizeformat(size), "most": filesizeformat(most_bytes)}
        text = _("This file has %(size)s; at most %(most)s are taken.")
        raise FileRefused(text % words, "file_too_large", field=field)
    upload.seek(0)
    found = filetype.guess(upload.read(8192))
    if found is None or found.mime not in kinds:
        wanted = {"kinds": ", ".join(extensions(kinds))}
        raise FileRefused(
            _("This is not a file of a kind that is taken: %(kinds)s.") % wanted, "file_kind", field=field
        )
    return Checked(clean_name(upload.name or "", found.extension), found.mime, size, _sha256(upload))


def extensions(kinds: Collection[str]) -> list[str]:
    """Endings of these media types, as people know them."""
    return sorted({kind.extension.upper() for kind in filetype.types if kind.mime in kinds})


def clean_name(name: str, extension: str) -> str:
    """Make a file's name of what its sender calls it: no folders, no control characters, the ending of its content."""
    plain = "".join(letter for letter in unicodedata.normalize("NFC", name) if letter.isprintable())
    stem = PurePath(plain.replace("\\", "/")).stem.strip(". ")[: LONGEST_NAME - len(extension) - 1]
    stem = get_valid_filename(stem) if stem.strip("-_. /") else "file"
    return f"{stem}.{extension}"


class PrivateFolder(FileSystemStorage):
    """A folder whose files have no address: none is made up from MEDIA_URL, as Django does."""

    def url(self, name: str | None) -> str:
        """Raise ValueError: a view hands the file out."""
        raise ValueError(f"{name} is private and has no address.")


def private_storage() -> Storage:
    """Where private files are kept: a folder of its own, or a bucket that nobody reads without a signature."""
    return storages["private"]


@deconstructible
class Folder:
    """Says where a FileField saves: in this folder, under a name that nobody guesses; the ending is kept."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, instance: object, filename: str) -> str:
        return f"{self.name}/{uuid4().hex}{PurePosixPath(filename).suffix.lower()}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Folder) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)


def download(file: FieldFile, *, name: str, content_type: str, inline: bool = False) -> FileResponse:
    """Answer with a private file, behind a view that has checked access: nobody keeps it, no browser runs it.

    `inline` shows pictures and PDFs in pages; everything else is always offered for saving. Raises Http404 where it is
    gone.
    """
    try:
        content = file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    shown = inline and content_type in DOCUMENTS
    response = FileResponse(content, as_attachment=not shown, filename=name, content_type=content_type)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def delete_on_commit(file: FieldFile) -> None:
    """Delete a file once the transaction that forgot it is committed; one that is gone already is no error."""
    storage, name = file.storage, file.name
    if name:
        transaction.on_commit(lambda: storage.delete(name), robust=True)


class UploadField(forms.FileField):
    """A field of a form that takes files of these kinds; the cleaned upload has `checked`, and its clean name."""

    def __init__(self, *, kinds: Collection[str], most_bytes: int = MOST_BYTES, **options: Any) -> None:
        super().__init__(**options)
        self.kinds = kinds
        self.most_bytes = most_bytes
        self.widget.attrs["accept"] = ",".join(sorted(kinds))

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Check a new file; None, and False for "remove it", pass as Django gives them."""
        upload = super().clean(data, initial)
        if isinstance(upload, UploadedFile):
            try:
                checked = check(upload, kinds=self.kinds, most_bytes=self.most_bytes)
            except FileRefused as refusal:
                raise ValidationError(refusal.message, refusal.code) from None
            upload.name, upload.content_type = checked.name, checked.content_type
            vars(upload)["checked"] = checked
        return upload


def _sha256(upload: "UploadedFile[Any]") -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()
