"""Texts of others, where they lie beside the project."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Comment
from django.conf import settings
from markdown_it import MarkdownIt

from helpcenter.knowledge.markdown.document import Document, read_document
from helpcenter.knowledge.markdown.folder import SourceFolder

DATA = Path(settings.BASE_DIR).parent / "shared" / "data" / "help"
NAMES = ("business-central", "erpnext-manual", "zulip-help")
PLAIN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).disable("code")
BLOCK = re.compile(r"</?(?:p|li|ul|ol|br|hr|h[1-6]|t[dhr]|table|thead|tbody|div|pre|blockquote|img|dl|dt|dd)\b[^<>]*>")
# Everything of a source that is markup and not text, as each system documents it; nothing else may get lost.
MARKUP = [
    re.compile(pattern, re.MULTILINE | re.IGNORECASE)
    for pattern in (
        r"<!-->[\s\S]*?-->",
        r"(?<=\])\(\s*[^()<>\n\"\s]+ [^()<>\n\"]*\.\w{2,5}\)",
        r"\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]",
        r"\[!VIDEO\s+[^\]]*\]",
        r"\[!div[^\]]*\]",
        r"^\s*:::.*$",
        r"^ *(?:> ?)?[ \t]*(?:<div class ?=\"?well\"?>)?[ \t]*\*{0,2}(?:Note|Tip|Important|Warning)[ \t]*:",
        r"^(?:#+[^\n]*\n\s*)?\{index\}",
        r"\{next\}",
        r"\{% *(?:end)?raw *%\}",
        r"^\s*!!! *\w+ \"\"",
        r"\{(?:start|end)_tabs\}",
        r"\{(?:settings_tab|relative|tab)\|.*?\}",
    )
]


def folder(name: str) -> SourceFolder:
    """The collection, or a loud skip where it is missing."""
    if not (DATA / name).is_dir():
        pytest.skip(f"NOT TESTED: the texts {DATA / name} are missing.")
    return SourceFolder.scan(DATA / name)


@cache
def documents(name: str, every: int = 1) -> dict[str, Document]:
    """Every n-th article of a collection, read."""
    found = folder(name)
    return {path: read_document(found, path) for path in found.articles[::every]}


def source_words(text: str) -> Counter[str]:
    """Words that a plain rendering of the source shows, made without any of our code."""
    return Counter(" ".join(source_runs(re.sub(r"\{!.*?!\}", "\u200b", text))).split())


def source_runs(text: str) -> list[str]:
    """The words of each paragraph, heading, item and cell that a plain rendering shows, made without our code."""
    text = re.sub(r"\A\s*---[ \t]*\n.*?\n---[ \t]*\n", "", text, count=1, flags=re.DOTALL)
    for pattern in MARKUP:
        text = pattern.sub(" ", text)
    soup = BeautifulSoup(BLOCK.sub("\u241e\\g<0>\u241e", PLAIN.render(text)), "html.parser")
    for comment in soup.find_all(string=lambda found: isinstance(found, Comment)):
        comment.extract()
    for hidden in soup(["script", "style"]):
        hidden.extract()
    runs = (re.findall(r"\w+", part) for part in soup.get_text().casefold().split("\u241e"))
    return [" ".join(words) for words in runs if words]
