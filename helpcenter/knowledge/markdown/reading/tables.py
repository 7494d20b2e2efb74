"""Tables: every cell running text and pictures."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bs4.element import PageElement, Tag

from helpcenter.knowledge.markdown.inline import join_paragraphs
from helpcenter.knowledge.markdown.nodes import Image, Node, Nodes, Paragraph, Spans, Table, plain
from helpcenter.knowledge.markdown.reading.inlines import read_spans
from helpcenter.knowledge.markdown.reading.lines import as_cell
from helpcenter.knowledge.markdown.reading.surroundings import Surroundings

Read = Callable[[Iterable[PageElement], Surroundings], Nodes]
WIDEST = 60


@dataclass
class Grid:
    """Cells placed in rows and columns; a cell that spans several leaves the others empty."""

    rows: list[dict[int, Tag]] = field(default_factory=list)
    reserved: dict[int, set[int]] = field(default_factory=dict)

    def add_row(self, row: Tag) -> None:
        """Place the cells of a row in the columns that are free."""
        number = len(self.rows)
        taken = self.reserved.pop(number, set())
        placed: dict[int, Tag] = {}
        column = 0
        for cell in row.find_all(["td", "th"], recursive=False):
            while column in taken:
                column += 1
            placed[column] = cell
            width, height = span_of(cell, "colspan"), span_of(cell, "rowspan")
            for below in range(1, height):
                self.reserved.setdefault(number + below, set()).update(range(column, column + width))
            column += width
        self.rows.append(placed)

    @property
    def width(self) -> int:
        """Number of columns."""
        return 1 + max((column for row in self.rows for column in row), default=-1)


def span_of(cell: Tag, name: str) -> int:
    """How many rows or columns a cell takes."""
    value = str(cell.get(name, "1"))
    return max(1, min(WIDEST, int(value))) if value.isdecimal() and len(value) < 4 else 1


def read_table(tag: Tag, around: Surroundings, read: Read) -> list[Node]:
    """A table with its caption; pictures of its head are its first row. One of a single cell is only a frame."""
    rows = [row for row in tag.find_all("tr") if row.find_parent("table") is tag]
    grid = Grid()
    for row in rows:
        grid.add_row(row)
    has_head = bool(rows) and (_in_head(rows[0]) or all(cell.name == "th" for cell in grid.rows[0].values()))
    cells = [[_cell(row.get(column), around, read) for column in range(grid.width)] for row in grid.rows]
    caption = tag.find("caption")
    title = plain(read_spans(caption.children, around)) if isinstance(caption, Tag) else ""
    head = [_text(cell) for cell in cells[0]] if has_head else [()] * grid.width
    body = [[_pictures(cell) for cell in cells[0]], *cells[1:]] if has_head else cells
    filled = [tuple(row) for row in body if any(row)]
    if not filled and not any(head):
        return []
    if grid.width == 1 and not any(head) and len(filled) == 1:
        return list(read(next(iter(grid.rows[0].values())).children, around))
    return [Table(tuple(plain(spans) for spans in head), tuple(filled), title)]


def _in_head(row: Tag) -> bool:
    return isinstance(row.parent, Tag) and row.parent.name == "thead"


def _cell(cell: Tag | None, around: Surroundings, read: Read) -> Nodes:
    if cell is None:
        return ()
    first = next((child for child in cell.children if isinstance(child, Tag) or str(child).strip()), None)
    if isinstance(first, Tag) and first.name == "img":
        # A tick with a remark: on a line of its own the picture stays one.
        first.insert_after(Tag(name="br", can_be_empty_element=True))
    return as_cell(read(cell.children, around))


def _text(cell: Nodes) -> Spans:
    return join_paragraphs(node.spans for node in cell if isinstance(node, Paragraph))


def _pictures(cell: Nodes) -> Nodes:
    return tuple(node for node in cell if isinstance(node, Image))
