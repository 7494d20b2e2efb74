"""Agreements as others keep them: their words, and small Word documents made by hand."""

import re
from collections import Counter
from io import BytesIO
from zipfile import ZipFile

from bs4 import BeautifulSoup
from lxml import etree

from portal.contracts import markup
from portal.contracts.models import ContractTemplate

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
OURS = re.compile(r"</?(?:span|label|b|i|a|br|div|p|sup|em|strong|u)\b[^>]*>")


def counted(text: str) -> Counter[str]:
    return Counter(re.findall(r"[^\W_]+", text.casefold()))


def words_of_docx(content: bytes) -> Counter[str]:
    with ZipFile(BytesIO(content)) as packed:
        document = etree.fromstring(packed.read("word/document.xml"))
    lines = []
    for paragraph in document.iter(f"{W}p"):
        parts = paragraph.iter(f"{W}t", f"{W}tab", f"{W}br")
        lines.append("".join((part.text or "") if part.tag == f"{W}t" else " " for part in parts))
    return counted("\n".join(lines))


def words_of_markdown(content: bytes) -> Counter[str]:
    text = re.sub(r"\A---\n.*?\n---\n", "", content.decode(), flags=re.DOTALL)
    text = OURS.sub("", re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL))
    # Addresses of links are no words of theirs.
    return counted(re.sub(r"\]\([^)]*\)", "] ", text))


def words_shown(template: ContractTemplate) -> Counter[str]:
    """The words of the text, with what each merge field is called in its place."""
    named = {f.name: f" {f.name} {f.label} {f.sample} ".replace("_", " ") for f in template.known_fields}
    page = BeautifulSoup(markup.article(template, values=named, title="", number=""), "html.parser")
    # A word may be cut by a tag within it, or end where a block does.
    return counted(page.get_text(" ")) | counted(page.get_text(""))


def lost(before: Counter[str], after: Counter[str]) -> dict[str, int]:
    return {one: count - after[one] for one, count in before.items() if count > after[one]}


def document(body: str, *, numbers: str = "") -> bytes:
    """A Word document of these paragraphs."""
    spaces = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    made = BytesIO()
    with ZipFile(made, "w") as packed:
        packed.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        )
        packed.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
            'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
        )
        packed.writestr("word/document.xml", f"<w:document {spaces}><w:body>{body}</w:body></w:document>")
        if numbers:
            packed.writestr("word/numbering.xml", f"<w:numbering {spaces}>{numbers}</w:numbering>")
    return made.getvalue()


def paragraph(text: str, *, level: int | None = None) -> str:
    listed = f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    return f"<w:p>{'' if level is None else listed}<w:r><w:t>{text}</w:t></w:r></w:p>"


def levels(*texts: tuple[str, str]) -> str:
    rules = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for level, (style, text) in enumerate(texts)
    )
    own = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    return f'<w:abstractNum w:abstractNumId="0">{rules}</w:abstractNum>{own}'


LEGAL = levels(("decimal", "%1."), ("decimal", "%1.%2"), ("lowerLetter", "(%3)"))
