"""Documents that are broken, or made to break whoever reads them."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from portal.contracts.reading import word
from portal.contracts.reading.errors import UnreadableAgreement
from tests.portal.contracts.agreements import document, paragraph


def spoilt(name: str, content: bytes) -> bytes:
    """A document in which one part is another."""
    made = BytesIO()
    with ZipFile(BytesIO(document(paragraph("Terms")))) as read, ZipFile(made, "w") as written:
        for part in sorted({*read.namelist(), name}):
            written.writestr(part, content if part == name else read.read(part))
    return made.getvalue()


def encrypted() -> bytes:
    """A document whose first part says that it is encrypted."""
    packed = bytearray(spoilt("word/styles.xml", b"<styles/>"))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.index(mark) + place] |= 1
    return bytes(packed)


BOMB = b'<!DOCTYPE w [<!ENTITY a "' + b"x" * 1000 + b'">' + b"".join(
    b'<!ENTITY %c "%b">' % (98 + step, b"&%c;" % (97 + step) * 100) for step in range(6)
) + b"]><w>&g;</w>"  # fmt: skip
SECRET = b'<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/hostname">]><w>&a;</w>'


@pytest.mark.parametrize(
    "content",
    [
        spoilt("word/styles.xml", b"<broken"),
        spoilt("word/numbering.xml", b""),
        spoilt("word/_rels/document.xml.rels", b"<broken"),
        spoilt("word/document.xml", BOMB),
        spoilt("word/footnotes.xml", BOMB),
        spoilt("word/footnotes.xml", BOMB.decode().encode("utf-16")),
        spoilt("word/styles.xml", SECRET),
        spoilt("word/footnotes.xml", b"no XML"),
        encrypted(),
    ],
    ids=[
        "styles",
        "numbers",
        "relations",
        "bomb",
        "bomb in notes",
        "bomb in UTF-16",
        "file of ours",
        "notes",
        "encrypted",
    ],
)
def test_a_document_that_is_made_to_break_its_reader_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableAgreement):
        word.html_of(content)
