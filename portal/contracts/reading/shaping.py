"""HTML of a whole document as the blocks of a template."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import nh3
from bs4 import BeautifulSoup, NavigableString, PageElement, Tag

from portal.contracts import numbering

Block = dict[str, Any]
# What is longer is a whole clause, whatever its style.
LONGEST_HEADING = 100
INLINE = frozenset({"a", "b", "br", "i"})
RENAMED = {"strong": "b", "em": "i"}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
TAGS = INLINE | {
    *RENAMED, *HEADINGS, "dd", "dl", "dt", "hr", "li", "ol", "p", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "hr": {"class"}, "td": {"colspan"}, "th": {"colspan"}}
CHECKBOX = re.compile(r"<input\b[^>]*>", re.IGNORECASE)


def blocks_of(html: str) -> list[Block]:
    """The blocks: headings, text with lists, tables and page breaks, in their order and with every word."""
    tree = _tree(html)
    ranks = sorted({int(heading.name[1]) for heading in tree.find_all(HEADINGS)})
    found: list[Block] = []
    for kind, value in _pieces(tree, ranks):
        if kind == "text" and found and found[-1]["type"] == "text":
            found[-1]["value"] += value
        else:
            found.append({"type": kind, "value": value})
    while found and found[-1]["type"] == "page_break":
        found.pop()
    return found


def _tree(html: str) -> BeautifulSoup:
    marked = CHECKBOX.sub(lambda box: "☑ " if "checked" in box[0] else "☐ ", html)
    attributes = {name: set(own) for name, own in ATTRIBUTES.items()}
    clean = nh3.clean(
        marked, tags=set(TAGS), attributes=attributes, link_rel=None, url_schemes={"http", "https", "mailto"}
    )
    tree = BeautifulSoup(clean, "html.parser")
    for element in tree.find_all(list(RENAMED)):
        element.name = RENAMED[element.name]
    for link in tree.find_all("a"):
        if not str(link.get("href", "")).startswith(("http:", "https:", "mailto:")):
            link.unwrap()
    return tree


def _pieces(tree: Tag, ranks: list[int]) -> Iterator[tuple[str, Any]]:
    loose: list[PageElement] = []
    for child in list(tree.children):
        if not isinstance(child, Tag) or child.name in INLINE:
            loose.append(child)
            continue
        yield from _texts([loose])
        loose = []
        if child.name in HEADINGS:
            yield from _heading(child, ranks)
        elif child.name == "table":
            yield from _table(child)
        elif child.name == "hr":
            yield from [("page_break", None)] if "page-break" in str(child.get("class")) else []
        elif child.name == "p" and child.find("hr"):
            yield from _pieces(_opened(child), ranks)
        elif child.name in ("ol", "ul"):
            yield from _list(child, ranks)
        else:
            yield from _texts(_lines(child))
    yield from _texts([loose])


def _opened(paragraph: Tag) -> Tag:
    """A paragraph with a page break in it, as the pieces around the break."""
    html = paragraph.decode_contents()
    return BeautifulSoup(
        "".join(f"<p>{part}</p>" if "<hr" not in part else part for part in re.split(r"(<hr[^>]*>)", html)),
        "html.parser",
    )


def _heading(heading: Tag, ranks: list[int]) -> Iterator[tuple[str, Any]]:
    words = " ".join(heading.get_text(" ", strip=False).split())
    level = min(ranks.index(int(heading.name[1])) + 2, 4)
    if 0 < len(words) <= LONGEST_HEADING:
        yield "heading", {"text": words, "level": f"{level}"}
    elif words:
        yield from _texts(_lines(heading))


def _texts(lines: Iterable[list[PageElement]]) -> Iterator[tuple[str, str]]:
    for line in lines:
        paragraph = Tag(name="p")
        paragraph.extend(line)
        if paragraph.get_text(strip=True):
            yield "text", f"<p>{paragraph.decode_contents(formatter='minimal').strip()}</p>"


def _lines(element: Tag) -> Iterator[list[PageElement]]:
    """The inline content of an element, cut where blocks begin and end within it."""
    line: list[PageElement] = []
    for child in list(element.children):
        if isinstance(child, Tag) and child.name not in INLINE:
            yield line
            line = []
            yield from _lines(child)
        else:
            line.append(child)
    yield line


def _list(listed: Tag, ranks: list[int]) -> Iterator[tuple[str, Any]]:
    """A list as rich text has it; one that cannot be is written out, with its numbers."""
    is_odd = listed.find(["table", "hr", *HEADINGS]) or any(
        inner.get("start", "1") != "1" for inner in [listed, *listed.find_all("ol")]
    )
    if not is_odd:
        yield "text", _rich_list(listed)
        return
    yield from _written_out(listed, [], ranks)


def _rich_list(listed: Tag) -> str:
    items = "".join(f"<li>{_rich_item(item)}</li>" for item in listed.find_all("li", recursive=False))
    return f"<{listed.name}>{items}</{listed.name}>"


def _rich_item(item: Tag) -> str:
    """Lines with breaks between them, then the lists within."""
    lists = [inner for inner in item.find_all(["ol", "ul"]) if inner.find_parent("li") is item]
    inner = "".join(_rich_list(one) for one in lists)
    for one in lists:
        one.extract()
    lines = [value[3:-4] for _kind, value in _texts(_lines(item))]
    return "<br/>".join(lines) + inner


def _written_out(listed: Tag, above: list[int], ranks: list[int]) -> Iterator[tuple[str, Any]]:
    start = str(listed.get("start", "1"))
    for count, item in enumerate(listed.find_all("li", recursive=False), int(start) if start.isdecimal() else 1):
        place = [*above, count]
        mark = numbering.written(place) if listed.name == "ol" else "–"
        first = item.find("p", recursive=False) or item
        first.insert(0, NavigableString(f"{mark} "))
        lists = [inner for inner in item.find_all(["ol", "ul"]) if inner.find_parent("li") is item]
        for one in lists:
            one.extract()
        yield from _pieces(item, ranks)
        for one in lists:
            yield from _written_out(one, place if one.name == "ol" else [], ranks)


def _table(table: Tag) -> Iterator[tuple[str, Any]]:
    caption, rows = "", [row for row in table.find_all("tr") if row.find_parent("table") is table]
    cells = [list(_cells(row)) for row in rows]
    width = max(map(len, cells), default=0)
    if not width:
        return
    heads = _head(table, rows, cells)
    body = [row + [""] * (width - len(row)) for row in (cells[1:] if heads else cells)]
    columns = [{"type": "text", "heading": head} for head in [*heads, *[""] * (width - len(heads))]]
    yield "table", {"columns": columns, "rows": [{"values": row} for row in body], "caption": caption}


def _head(table: Tag, rows: list[Tag], cells: list[list[str]]) -> list[str]:
    """The headings of columns: of a first row that is one."""
    if not rows or not (rows[0].find_parent("thead") or rows[0].find("th")):
        return []
    return [" ".join(BeautifulSoup(cell, "html.parser").get_text(" ").split()) for cell in cells[0]]


def _cells(row: Tag) -> Iterator[str]:
    for cell in row.find_all(["td", "th"], recursive=False):
        for one in cell.find_all(["ol", "ul"]):
            _mark(one)
        yield "".join(value for _kind, value in _texts(_lines(cell)))
        span = str(cell.get("colspan", "1"))
        yield from [""] * (min(int(span), 50) - 1 if span.isdecimal() else 0)


def _mark(listed: Tag) -> None:
    """Write the numbers of a list in a cell out: cells have no lists."""
    for count, item in enumerate(listed.find_all("li", recursive=False), 1):
        item.insert(0, NavigableString(f"{count}. " if listed.name == "ol" else "– "))
