"""Somebody who edits a local workbook by hand: openpyxl by itself, without the adapter."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import patch
from warnings import catch_warnings, simplefilter

from openpyxl import Workbook as Book, load_workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet.merge import MergedCellRange
from openpyxl.worksheet.worksheet import Worksheet

from automation.model.cells import CellError, Writable
from automation.sheets.local.workbook import XlsxWorkbook
from automation.sheets.port import CellWrite, Changes, Snapshot
from tests.workbook_contract import Content, Typed


def make_file(path: Path, tabs: Content) -> Path:
    book = Book()
    book.remove(book.worksheets[0])
    for title, rows in tabs.items():
        sheet = book.create_sheet(title)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                put(sheet, r, c, value)
    book.save(path)
    return path


def put(sheet: Worksheet, row: int, column: int, value: Typed) -> None:
    """Put a typed value into a cell (0-based); text is text, whatever it looks like."""
    cell = sheet.cell(row + 1, column + 1)
    cell.value = value.text if isinstance(value, CellError) else value
    if isinstance(value, str):
        cell.data_type = "s"


def delete_rows(sheet: Worksheet, row: int, count: int = 1) -> None:
    """Delete rows from this one on (0-based). As in Excel and LibreOffice, links move along with their cells: openpyxl
    leaves them where they were."""
    sheet.delete_rows(row + 1, count)
    cells: dict[tuple[int, int], Any] = sheet._cells
    for cell in cells.values():
        if cell.hyperlink:
            cell.hyperlink.ref = cell.coordinate


def open_book(path: Path) -> Book:
    """A file to change. The borders of merged cells are not worked out: that would take most of the time."""
    with patch.object(MergedCellRange, "format", lambda _: None):
        return load_workbook(path)


#: The file that was saved last, what stood in it then, and the book: who goes on with it has it still open.
_still_open: list[tuple[Path, bytes, Book]] = []


@contextmanager
def editing(path: Path) -> Iterator[Any]:
    """Open a file, change the book, and save it."""
    known = [book for file, content, book in _still_open if file == path and content == path.read_bytes()]
    _still_open.clear()
    book = known[0] if known else open_book(path)
    yield book
    book.save(path)
    _still_open.append((path, path.read_bytes(), book))


def opened(path: Path, base: Path | None = None) -> XlsxWorkbook:
    """The robot's own view of a file."""
    return XlsxWorkbook(path, path.name, base=base)


def write(path: Path, row: int, column: int, value: Writable, tab: str = "Gondrong") -> Snapshot:
    """Let the robot write one cell."""
    workbook = opened(path)
    return workbook.commit(Changes(cells=[CellWrite(tab, row, column, value)]), workbook.read())


def read_rows(path: Path, tab_title: str) -> list[list[Any]]:
    """What a tab holds, in rows of one length. Nothing else of the file is looked at."""
    return [[*row] for row in _rows(path.read_bytes(), tab_title)]


def titles(path: Path) -> list[str]:
    """The tabs of a file."""
    return list(_book(path.read_bytes()).sheetnames)


@lru_cache(maxsize=32)
def _rows(content: bytes, tab_title: str) -> list[list[Any]]:
    with catch_warnings():
        simplefilter("ignore", UserWarning)  # a number that is too large for a day, where days stand
        rows = [list(row) for row in _book(content)[tab_title].iter_rows(values_only=True)]
    width = max(map(len, rows), default=0)
    return [row + [None] * (width - len(row)) for row in rows]


@lru_cache(maxsize=8)
def _book(content: bytes) -> Any:
    with patch.object(ReadOnlyWorksheet, "_get_size", lambda _: None):  # of every tab
        return load_workbook(BytesIO(content), data_only=True, read_only=True)


class Editor:
    """The contract's `Person` at an xlsx file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def edit(self, change: Callable[[Book], object]) -> None:
        """Open, change, save and close the file."""
        with editing(self._path) as book:
            change(book)

    def set(self, tab_title: str, row: int, column: int, value: Typed) -> None:
        """Type a value into one cell."""
        self.edit(lambda book: put(book[tab_title], row, column, value))

    def insert_row(self, tab_title: str, at: int) -> None:
        """Insert an empty row above row `at`."""
        self.edit(lambda book: book[tab_title].insert_rows(at + 1))

    def sort(self, tab_title: str, column: int) -> None:
        """Sort all rows below the first by this column's text."""

        with editing(self._path) as book:
            sheet = book[tab_title]
            rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
            for r, row in enumerate(sorted(rows, key=lambda row: str(row[column])), start=2):
                for c, value in enumerate(row, start=1):
                    sheet.cell(r, c).value = value

    def rename_tab(self, old: str, new: str) -> None:
        """Give a tab another title."""
        self.edit(lambda book: setattr(book[old], "title", new))

    def values(self, tab_title: str) -> list[list[Any]]:
        """What the tab holds."""
        return read_rows(self._path, tab_title)

    def formulas(self, tab_title: str) -> list[tuple[int, int]]:
        """Every cell that holds a formula."""
        sheet = load_workbook(self._path)[tab_title]
        return [
            (r, c) for r, row in enumerate(sheet.iter_rows()) for c, cell in enumerate(row) if cell.data_type == "f"
        ]
