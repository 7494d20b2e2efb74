"""Tables as Excel files: row by row, and without formulas."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from portal.core.sheets import plain

# No file holds more rows; whoever wants more takes fewer days.
MOST_ROWS = 50_000
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def content(sheets: Mapping[str, Iterable[Iterable[Any]]]) -> bytes:
    """A workbook with a sheet for each name: numbers and days stay such, text is never a formula."""
    book = Workbook(write_only=True)
    left = MOST_ROWS
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            if not left:
                break
            left -= 1
            sheet.append([cell(value) for value in row])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def cell(value: Any) -> Any:
    """What stands in a cell; characters that no sheet can hold are left out."""
    return plain(ILLEGAL_CHARACTERS_RE.sub("", value)) if isinstance(value, str) else value


def answer(sheets: Mapping[str, Iterable[Iterable[Any]]], *, name: str) -> HttpResponse:
    """Send a workbook; nobody keeps it."""
    response = HttpResponse(content(sheets), content_type=KIND)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    response["Cache-Control"] = "private, no-store"
    return response
