"""Somebody who edits a spreadsheet by hand, directly on the model."""

import threading
from collections.abc import Sequence
from datetime import date

from msgspec.structs import replace

from automation.model.cells import CellError, Value, serial_of
from tests.sheets_server import structure
from tests.sheets_server.cells import sort_rows
from tests.sheets_server.model import EMPTY, ERROR_TEXTS, Book, Cell, Failure, Scalar, Sheet
from tests.sheets_server.ranges import Block
from tests.sheets_server.values import DATE_FORMAT, typed

Typed = Value | date


class Person:
    """Edits one book; rows and columns are 0-based. Waits while the server handles a request."""

    def __init__(self, book: Book, lock: "threading.RLock | None" = None) -> None:
        self.book = book
        self._lock = lock or threading.RLock()

    def sheet(self, title: str) -> Sheet:
        sheet = self.book.by_title(title)
        assert sheet is not None, f"no tab {title}"
        return sheet

    def add_tab(self, title: str, rows: Sequence[Sequence[Typed]], *, kind: str = "GRID") -> Sheet:
        """Add a tab at the end that holds `rows`; a `kind` other than GRID makes a tab of a chart."""
        with self._lock:
            id = max((sheet.id for sheet in self.book.sheets), default=-1) + 1
            width = max(26, *map(len, rows)) if rows else 26
            sheet = self.book.add_sheet(str(title), id=id, rows=max(1000, len(rows)), columns=width)
            if kind != "GRID":
                sheet.properties["sheetType"] = kind
                del sheet.properties["gridProperties"]
            for at, row in enumerate(rows):
                sheet.put_row(at, 0, tuple(_with(EMPTY, value) for value in row))
            return sheet

    def set(self, tab_title: str, row: int, column: int, value: Typed) -> None:
        with self._lock:
            sheet = self._reaching(tab_title, row, column)
            sheet.put(row, column, _with(sheet.cell(row, column), value))

    def type(self, tab_title: str, row: int, column: int, text: str) -> None:
        """Type into one cell, and let the spreadsheet make of it what it does: a number, a date, a formula."""
        with self._lock:
            sheet = self._reaching(tab_title, row, column)
            sheet.put(row, column, typed(sheet.cell(row, column), text))

    def formula(self, tab_title: str, row: int, column: int, formula: str, value: Typed) -> None:
        with self._lock:
            sheet = self._reaching(tab_title, row, column)
            sheet.put(row, column, replace(_with(sheet.cell(row, column), value), formula=formula))

    def spill(self, tab_title: str, row: int, column: int, formula: str, rows: Sequence[Sequence[Typed]]) -> None:
        """Type a formula that shows `rows` from its cell on."""
        for down, values in enumerate(rows):
            for right, value in enumerate(values):
                if value is not None:
                    self.formula(tab_title, row + down, column + right, "", value)
        self.formula(tab_title, row, column, formula, rows[0][0])

    def _reaching(self, tab_title: str, row: int, column: int) -> Sheet:
        sheet = self.sheet(tab_title)
        sheet.grid["rowCount"] = max(sheet.row_count, row + 1)
        sheet.grid["columnCount"] = max(sheet.column_count, column + 1)
        return sheet

    def insert_row(self, tab_title: str, at: int, length: int = 1) -> None:
        with self._lock:
            structure.insert(self.book, self.sheet(tab_title), "ROWS", at, length)

    def insert_column(self, tab_title: str, at: int, length: int = 1) -> None:
        with self._lock:
            structure.insert(self.book, self.sheet(tab_title), "COLUMNS", at, length)

    def delete_row(self, tab_title: str, at: int, length: int = 1) -> None:
        with self._lock:
            structure.delete(self.book, self.sheet(tab_title), "ROWS", at, length)

    def delete_column(self, tab_title: str, at: int, length: int = 1) -> None:
        with self._lock:
            structure.delete(self.book, self.sheet(tab_title), "COLUMNS", at, length)

    def sort(self, tab_title: str, column: int, *, descending: bool = False) -> None:
        """Sort all rows below those that are frozen (below the first, if none are) by this column."""
        with self._lock:
            sheet = self.sheet(tab_title)
            top = max(1, sheet.grid.get("frozenRowCount", 0))
            block = Block(sheet, top, 0, max(top, len(sheet.rows)), sheet.column_count)
            sort_rows(block, [(column, descending)])

    def rename_tab(self, old: str, new: str) -> None:
        with self._lock:
            structure.retitle(self.book, self.sheet(old), new)

    def delete_tab(self, title: str) -> None:
        """Delete a tab and the ranges on it."""
        with self._lock:
            structure.remove_sheet(self.book, self.sheet(title))

    def move_tab(self, title: str, index: int) -> None:
        with self._lock:
            sheet = self.sheet(title)
            self.book.sheets.remove(sheet)
            self.book.sheets.insert(index, sheet)

    def rename(self, title: str) -> None:
        with self._lock:
            self.book.properties["title"] = title

    def values(self, tab_title: str) -> list[list[Value]]:
        """What the tab shows, without trailing empty cells and rows."""
        with self._lock:
            rows: list[list[Value]] = []
            for row in self.sheet(tab_title).rows:
                filled = len(row)
                while filled and row[filled - 1].value is None:
                    filled -= 1
                rows.append([_shown(cell) for cell in row[:filled]])
            while rows and not rows[-1]:
                rows.pop()
            return rows

    def formulas(self, tab_title: str) -> list[tuple[int, int]]:
        with self._lock:
            rows = self.sheet(tab_title).rows
            return [(r, c) for r, row in enumerate(rows) for c, cell in enumerate(row) if cell.formula is not None]


def _with(cell: Cell, value: Typed) -> Cell:
    scalar: Scalar
    if isinstance(value, CellError):
        scalar = Failure(next(kind for kind, text in ERROR_TEXTS.items() if text == value.text))
    elif isinstance(value, date):
        return replace(cell, value=serial_of(value), formula=None, format={**cell.format, **DATE_FORMAT})
    else:
        scalar = str(value) if isinstance(value, str) else value  # a heading is more than its text
    changed = replace(cell, value=scalar, formula=None)
    return EMPTY if changed == EMPTY else changed


def _shown(cell: Cell) -> Value:
    return CellError(cell.value.text) if isinstance(cell.value, Failure) else cell.value
