"""A body written as Markdown and read again, with paths that are keys in disguise."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from bs4 import BeautifulSoup

from helpcenter.knowledge.markdown.dialects import to_plain_markdown
from helpcenter.knowledge.markdown.document import compose
from helpcenter.knowledge.markdown.metadata import Metadata
from helpcenter.knowledge.markdown.nodes import Nodes
from helpcenter.knowledge.markdown.parser import markdown_to_html
from helpcenter.knowledge.markdown.reading import Surroundings
from helpcenter.knowledge.markdown.shaping import shape
from helpcenter.knowledge.markdown.targets import Targets
from helpcenter.knowledge.markdown.unshaping import nodes_of_blocks
from helpcenter.knowledge.markdown.writing import write_nodes

Blocks = list[dict[str, Any]]
ENDINGS = {"page": ".md", "file": ".pdf", "image": ".png"}
TITLE = "The title of the page"


class NumberedKeys(dict[str, int]):
    """Gives every path it is asked for a key of its own."""

    def get(self, path: str, default: Any = None) -> int:
        return self.setdefault(path, len(self) + 1)


class KeysInPaths(dict[str, int]):
    """Reads the key in a path such as "page-7.md"."""

    def get(self, path: str, default: Any = None) -> int:
        return int(path.rpartition("-")[2].partition(".")[0])


class Outward(Surroundings):
    """Turns references by key into paths."""

    def link(self, href: str) -> str:
        scheme, _, rest = href.partition(":")
        if scheme not in ENDINGS:
            return href
        key, mark, fragment = rest.partition("#")
        return f"{scheme}-{key}{ENDINGS[scheme]}{mark}{fragment}"

    image = link


class Inward(Surroundings):
    """Turns those paths into references again."""

    def link(self, href: str) -> str:
        scheme = href.partition("-")[0]
        return f"{scheme}:{href}" if scheme in ENDINGS and href.partition("#")[0].endswith(ENDINGS[scheme]) else href

    image = link


def blocks_of(nodes: Nodes) -> Blocks:
    """Blocks with a key for everything the nodes refer to."""
    keys = NumberedKeys()
    return shape(nodes, Targets(keys, keys, keys))


def written(blocks: Sequence[dict[str, Any]]) -> str:
    """The blocks as Markdown."""
    return write_nodes(nodes_of_blocks(blocks, Outward()))


def read_again(markdown: str) -> Blocks:
    """Blocks of the Markdown that `written` made."""
    around = Inward()
    text = f"# {TITLE}\n\n{markdown}"
    html = markdown_to_html(to_plain_markdown(text, around, has_fields=True))
    document = compose("page.md", Metadata(title=TITLE), html, around)
    keys = KeysInPaths()
    return shape(document.nodes, Targets(keys, keys, keys))


LINE_END = re.compile(r"</?(?:p|li|ul|ol|br|hr)\s*/?>")
UNREAD = {"type", "id", "level", "language", "url", "kind", "key", "goto", "anchor"}


def words_of(blocks: Any) -> Counter[str]:
    """How often each word is to be read in blocks."""
    return Counter(word for text in strings(blocks) for word in re.findall(r"\w+", text.casefold()))


def strings(value: Any, *, is_html: bool = False) -> Iterator[str]:
    """Every text within raw values that readers see, without markup."""
    if isinstance(value, str):
        yield BeautifulSoup(LINE_END.sub(" ", value), "html.parser").get_text() if is_html else value
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner, is_html=is_html)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from () if name in UNREAD else strings(inner, is_html=is_rich_text(value, name))


def is_rich_text(value: dict[str, Any], name: str) -> bool:
    """Whether the field of that name holds HTML."""
    named = (name == "value" and value.get("type") == "text") or (name == "text" and "kind" in value)
    return named or name in ("values", "transcript")
