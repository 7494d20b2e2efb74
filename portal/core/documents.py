"""The admin's form of a document, which refuses files that are not of the kind that their name says."""

import codecs
import zipfile
from collections.abc import Callable
from typing import IO, Any

from django.core.exceptions import ValidationError
from wagtail.documents.fields import WagtailDocumentField
from wagtail.documents.forms import BaseDocumentForm

# As much as says what a file is; before the mark of a PDF there may be a kilobyte of anything.
START = 8192
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def is_text(file: IO[bytes]) -> bool:
    """Text has no NUL, unless each letter has two bytes."""
    start = file.read(START)
    return b"\0" not in start or start.startswith(UTF16)


def is_pdf(file: IO[bytes]) -> bool:
    """ISO 32000, 7.5.2."""
    return b"%PDF-" in file.read(1024)


def is_mp4(file: IO[bytes]) -> bool:
    """ISO 14496-12, 4.3: the first box names the brands."""
    return file.read(8)[4:] == b"ftyp"


def is_webm(file: IO[bytes]) -> bool:
    """RFC 8794, 11.2.1: the mark of EBML."""
    return file.read(4) == b"\x1a\x45\xdf\xa3"


def is_zip_with(*names: str) -> Callable[[IO[bytes]], bool]:
    """Whether a file is an archive that holds these."""

    def check(file: IO[bytes]) -> bool:
        try:
            with zipfile.ZipFile(file) as archive:
                return set(names) <= set(archive.namelist())
        # A kind of ZIP that Python does not know is no document of an office either.
        except (zipfile.BadZipFile, NotImplementedError, ValueError):
            return False

    return check


KINDS: dict[str, Callable[[IO[bytes]], bool]] = {
    "csv": is_text,
    "docx": is_zip_with("word/document.xml"),
    "mp4": is_mp4,
    "odt": is_zip_with("mimetype", "content.xml"),
    "pdf": is_pdf,
    "pptx": is_zip_with("ppt/presentation.xml"),
    "txt": is_text,
    "webm": is_webm,
    "xlsx": is_zip_with("xl/workbook.xml"),
    "zip": is_zip_with(),
}


def check_content(name: str, file: Any) -> None:
    """Look into a file and rewind it. Raises ValidationError where it is of another kind than its name says.

    Names of other kinds are the model's to refuse (settings.WAGTAILDOCS_EXTENSIONS).
    """
    ending = name.rpartition(".")[2].lower()
    is_such = KINDS.get(ending)
    file.seek(0)
    fits = is_such is None or is_such(file)
    file.seek(0)
    if not fits:
        raise ValidationError(
            "“%(name)s” is not a %(kind)s file, whatever its name says, or it is damaged. "
            "Save it as %(kind)s again, or choose another file.",
            code="other_content",
            params={"name": name, "kind": ending.upper()},
        )


class CheckedDocumentField(WagtailDocumentField):
    """Knows a file by its content."""

    def to_python(self, data: Any) -> Any:
        """The file. Raises ValidationError where it is too large, or not what its name says."""
        file = super().to_python(data)
        if file is not None:
            check_content(file.name, file)
        return file


class DocumentForm(BaseDocumentForm):
    """The form of one document; see WAGTAILDOCS_DOCUMENT_FORM_BASE."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.fields.get("file")
        if known is not None:
            self.fields["file"] = CheckedDocumentField(label=known.label, required=known.required, widget=known.widget)

    def _post_clean(self) -> None:
        """Ask the model nothing of a file that is refused already: it would complain of a missing one."""
        if "file" not in self.errors:
            super()._post_clean()
