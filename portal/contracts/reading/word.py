"""DOCX as HTML, with the numbers of its paragraphs as Word shows them."""

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile, ZipFile

import mammoth
from django.utils.translation import gettext as _
from lxml import etree

from portal.contracts import numbering
from portal.contracts.reading import word_numbers
from portal.contracts.reading.errors import UnreadableAgreement
from portal.contracts.reading.word_numbers import Lists, Place, W, value

# So much a file may hold when it is unpacked.
MOST_BYTES = 64 * 1024 * 1024
DOCUMENT, NUMBERS, STYLES = "word/document.xml", "word/numbering.xml", "word/styles.xml"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
PAGE_BREAK = "br[type='page'] => hr.page-break"
# What files raise that are broken, encrypted, or made to break whoever reads them.
BROKEN = (
    BadZipFile, EOFError, ExpatError, KeyError, NotImplementedError, RuntimeError, etree.XMLSyntaxError, zlib.error,
)  # fmt: skip
# Word writes none; what they define can be made to grow for minutes while it is read.
DOCTYPE = tuple("<!DOCTYPE".encode(coding) for coding in ("utf-8", "utf-16-le", "utf-16-be"))
HEADING = re.compile(r"heading\s*([1-9])?", re.IGNORECASE)


def html_of(content: bytes) -> str:
    """The document as HTML; a page break is `<hr class="page-break">`. Raises UnreadableAgreement."""
    try:
        return _converted(_unpacked(content))
    except BROKEN as error:
        raise UnreadableAgreement(_("This is no Word document (.docx).")) from error


def _unpacked(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as packed:
        if sum(info.file_size for info in packed.infolist()) > MOST_BYTES:
            raise UnreadableAgreement(_("This document is too large."))
        parts = {name: packed.read(name) for name in packed.namelist()}
    if any(mark in content for content in parts.values() for mark in DOCTYPE):
        raise UnreadableAgreement(_("This is no Word document (.docx)."))
    return parts


def _converted(parts: dict[str, bytes]) -> str:
    document = _parsed(parts[DOCUMENT])
    styles = _parsed(parts[STYLES]) if STYLES in parts else None
    lists = word_numbers.read(_parsed(parts[NUMBERS]) if NUMBERS in parts else None, styles)
    headings = dict(_headings(styles))
    _write_numbers(document, lists, headings)
    parts[DOCUMENT] = etree.tostring(document, xml_declaration=True, encoding="UTF-8", standalone=True)
    named = [f"p[style-name='{name}'] => h{level}:fresh" for name, level in headings.values() if "'" not in name]
    converted = mammoth.convert_to_html(
        BytesIO(_packed(parts)),
        style_map="\n".join([PAGE_BREAK, *named]),
        convert_image=mammoth.images.img_element(_no_image),
    )
    return str(converted.value)


def _parsed(content: bytes) -> "etree._Element":
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(content, parser)


def _packed(parts: dict[str, bytes]) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return made.getvalue()


def _no_image(image: object) -> dict[str, str]:
    """Pictures are left out: an agreement says what it says in words."""
    return {"src": ""}


def _headings(styles: "etree._Element | None") -> Iterator[tuple[str, tuple[str, int]]]:
    """Styles of paragraphs that are headings by their names, and of which level."""
    for found in styles.iterfind(f"{W}style") if styles is not None else ():
        name = value(found.find(f"{W}name"))
        heading = HEADING.search(name)
        if found.get(f"{W}type") != "paragraph" or "toc" in name.lower():
            continue
        if heading:
            yield found.get(f"{W}styleId") or "", (name, min(int(heading[1] or 2), 6))
        elif re.search(r"\btitle\b", name, re.IGNORECASE):
            yield found.get(f"{W}styleId") or "", (name, 1)


def _write_numbers(document: "etree._Element", lists: Lists, headings: dict[str, tuple[str, int]]) -> None:
    """Write numbers into the text, but for lists that a template would number in the same way: those stay lists."""
    placed = [
        (paragraph, lists.place(paragraph)) for paragraph in document.iter(f"{W}p") if not _ends_section(paragraph)
    ]
    kept = {place.listed for _paragraph, place in placed if place and not place.is_bullet}
    kept -= {place.listed for paragraph, place in placed if place and _style(paragraph) in headings}
    kept -= set(_numbered_otherwise(placed))
    for paragraph, place in placed:
        if place is None or place.is_bullet:
            continue
        if place.listed not in kept:
            _write(paragraph, place.label)


def _ends_section(paragraph: "etree._Element") -> bool:
    """Whether an empty paragraph holds the end of a section: it has no number, and a new page begins after it."""
    section = paragraph.find(f"{W}pPr/{W}sectPr")
    if section is None:
        return False
    if value(section.find(f"{W}type")) != "continuous":
        etree.SubElement(etree.SubElement(paragraph, f"{W}r"), f"{W}br").set(f"{W}type", "page")
    return next(paragraph.iter(f"{W}t"), None) is None


def _style(paragraph: "etree._Element") -> str:
    return value(paragraph.find(f"{W}pPr/{W}pStyle"))


def _numbered_otherwise(placed: "list[tuple[etree._Element, Place | None]]") -> Iterator[str]:
    """The lists of which some paragraph has another number than a list of a template would give it."""
    above: list[int] = []
    before: etree._Element | None = None
    for paragraph, place in placed:
        if place is None:
            above = []
            continue
        if before is None or paragraph.getprevious() is not before:
            above = []
        before = paragraph
        if place.level > len(above):
            yield place.listed
            above = [*above, *[1] * (place.level - len(above))]
        above = [*above[: place.level + 1], *([0] if len(above) == place.level else [])]
        above[place.level] += 1
        if not place.is_bullet and place.label != numbering.written(above):
            yield place.listed


def _write(paragraph: "etree._Element", label: str) -> None:
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        properties = etree.Element(f"{W}pPr")
        paragraph.insert(0, properties)
    for own in properties.findall(f"{W}numPr"):
        properties.remove(own)
    none = etree.SubElement(properties, f"{W}numPr")
    for name in ("ilvl", "numId"):
        etree.SubElement(none, f"{W}{name}").set(f"{W}val", "0")
    if label:
        run = etree.Element(f"{W}r")
        text = etree.SubElement(run, f"{W}t")
        text.text = f"{label} "
        text.set(SPACE, "preserve")
        paragraph.insert(1, run)
