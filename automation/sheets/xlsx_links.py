"""Where the cells of a worksheet lead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set as AbstractSet
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from openpyxl import Workbook as Book
from openpyxl.utils import range_boundaries

from automation.cases.cells import Link, Value
from automation.sheets.port import Tab
from automation.sheets.xlsx_cells import OPENED

Row = tuple[Value, ...]


def linked(rows: Sequence[Row], links: Iterable[Element], addresses: Mapping[str, str]) -> tuple[Row, ...]:
    """The rows with a `Link` wherever text opens a page or a telephone that it does not name itself. `links` are the
    worksheet's ``hyperlink`` elements, `addresses` what they refer to by id. Links to files, and those of people's that
    nobody can read, are passed over."""
    grid = list(rows)
    for link in links:
        id = next((value for name, value in link.items() if name.endswith("}id")), "")
        address, place = addresses.get(id, ""), link.get("location")
        if urlsplit(address).scheme not in OPENED:
            continue
        address = f"{address}#{place}" if place else address
        left, top, right, bottom = _bounds(link.get("ref", ""))
        for r in range(top - 1, min(bottom, len(grid))):
            row = list(grid[r])
            for c in range(left - 1, min(right, len(row))):
                text = row[c]
                if isinstance(text, str) and text not in ("", address):
                    row[c] = Link(text, address)
            grid[r] = tuple(row)
    return tuple(grid)


def keep_empty(book: Book, tabs: Iterable[Tab], written: AbstractSet[tuple[str, int, int]]) -> None:
    """Leave cells empty that only lead somewhere: one link may lie over several cells of which the first has the text,
    and stays where a script deleted rows. openpyxl writes the address into such cells as it opens the file. `tabs` are
    the file's before anything was `written` (tab title, 0-based row and column)."""
    filled = {tab.title: tab.rows for tab in tabs}
    for sheet in book.worksheets:
        rows = filled.get(sheet.title, ())
        cells: dict[tuple[int, int], Any] = sheet._cells
        for (row, column), cell in cells.items():
            if cell.hyperlink is None or (sheet.title, row - 1, column - 1) in written:
                continue
            values = rows[row - 1] if row <= len(rows) else ()
            if column > len(values) or values[column - 1] is None:
                cell.value = None


def links_of_empty(sheet: Any) -> list[Any]:
    """The links that openpyxl would not save: those of empty cells without a format or a note."""
    empty = (cell for cell in sheet._cells.values() if cell.hyperlink and cell.value is None)
    return [cell.hyperlink for cell in empty if not cell.has_style and not cell.comment]


def _bounds(cells: str) -> tuple[int, int, int, int]:
    """First column and row, last column and row (1-based); nothing where it can't be read."""
    try:
        left, top, right, bottom = range_boundaries(cells)
    except (ValueError, TypeError):
        return 1, 1, 0, 0
    if left is None or top is None or right is None or bottom is None:
        return 1, 1, 0, 0
    return left, top, right, bottom
