"""Changes applied to an xlsx file, and files that are made anew: from bytes to bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook as Fresh
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from automation.model.bulk import in_bulk
from automation.model.cells import Writable, fold_title, kept_text
from automation.sheets.local.book import Book, Saved
from automation.sheets.port import Changes, NewTab, Snapshot
from automation.trouble import WorkbookError

#: Who writes.
PROGRAM = "Ruang Rakyat"
#: Excel's limit for one cell, counted in UTF-16 units.
LONGEST = 32_767
#: What the only tab of an empty new file is called.
FIRST_TAB = "Lembar1"
_FORBIDDEN_IN_TITLE = re.compile(r"[\[\]:*?/\\]")
_LONGEST_TITLE = 31
#: Characters that a column of a new table shows at most.
_WIDEST = 48


def check(changes: Changes, seen: Snapshot, name: str) -> None:
    """Raise `WorkbookError` for changes that this workbook can't take, before anything is done."""
    titles = {fold_title(tab.title) for tab in seen.tabs}
    keys = {tab.key for tab in seen.tabs}
    for tab in changes.new_tabs:
        if not 0 < len(tab.title) <= _LONGEST_TITLE or _FORBIDDEN_IN_TITLE.search(tab.title):
            raise WorkbookError("lokal.judul-lembar", berkas=name, lembar=tab.title)
        if fold_title(tab.title) in titles:
            raise WorkbookError("lokal.lembar-sudah-ada", berkas=name, lembar=tab.title)
        titles.add(fold_title(tab.title))
    unknown = [title for title in changes.appends if fold_title(title) not in titles]
    unknown += [cell.tab for cell in changes.cells if cell.tab not in keys]
    if unknown:
        raise WorkbookError("lokal.lembar-tidak-ada", berkas=name, lembar=unknown[0])
    for title, value in _values(changes):
        if isinstance(value, str) and len(kept_text(value).encode("utf-16-le")) > 2 * LONGEST:
            raise WorkbookError("lokal.teks-terlalu-panjang", berkas=name, lembar=title, batas=LONGEST)


@in_bulk
def apply(data: bytes, changes: Changes, seen: Snapshot) -> Saved:
    """The file with `changes` applied; everything else stays as it is."""
    book = Book(data)
    heights = {tab.title: len(tab.rows) for tab in seen.tabs}
    for new in changes.new_tabs:
        book.add_tab(new)
        _put_rows(book, new.title, new.heading_row + 1, [new.headings])
        heights[new.title] = new.heading_row + 1 if any(new.headings) else 0
    for wanted, rows in changes.appends.items():
        title = book.title_like(wanted) or wanted
        first = heights[title] + 1
        book.grow(title, first, first + len(rows) - 1)
        _put_rows(book, title, first, rows)
    titles = {tab.key: tab.title for tab in seen.tabs}
    for cell in changes.cells:
        book.put(titles[cell.tab], cell.row + 1, cell.column + 1, cell.value)
    return book.saved()


def _put_rows(book: Book, title: str, first: int, rows: Sequence[Sequence[Writable]]) -> None:
    for row, values in enumerate(rows, start=first):
        for column, value in enumerate(values, start=1):
            book.put(title, row, column, value)


def new_file(tabs: Sequence[NewTab]) -> bytes:
    """A file with these tabs and their headings, or with one empty tab: an xlsx file can't be without any."""
    return _filled(_fresh(tabs or [NewTab(FIRST_TAB, ())]), tabs, ())


def new_table(tab: NewTab, rows: Sequence[Sequence[Writable]]) -> bytes:
    """A file with one tab and the rows below its headings, ready to be filtered; what the rows begin with stays in
    sight."""
    book, first = _fresh([tab]), tab.heading_row + 1
    (sheet,) = book.worksheets
    for column, heading in enumerate(tab.headings, start=1):
        name: Any = sheet.cell(first, column)
        name.font = Font(name=name.font.name, size=name.font.size, bold=True)
        longest = max((len(str(row[column - 1] or "")) for row in rows), default=0)
        sheet.column_dimensions[get_column_letter(column)].width = max(len(heading), min(longest, _WIDEST)) + 4
    sheet.auto_filter.ref = f"A{first}:{get_column_letter(len(tab.headings))}{first + len(rows)}"
    sheet.freeze_panes = f"B{first + 1}"
    return _filled(book, [tab], rows)


def _fresh(tabs: Sequence[NewTab]) -> Fresh:
    book = Fresh()
    book.properties.creator = PROGRAM
    book.remove(book.worksheets[0])
    for tab in tabs:
        sheet = book.create_sheet(tab.title)
        sheet.sheet_state = "hidden" if tab.hidden else "visible"
        sheet.protection.sheet = tab.protected
    return book


def _filled(fresh: Fresh, tabs: Sequence[NewTab], rows: Sequence[Sequence[Writable]]) -> bytes:
    """A workbook of openpyxl's with its headings, and rows below them. It is empty until then: openpyxl saves by way of
    temporary files, in a folder that belongs to the whole machine."""
    stream = BytesIO()
    fresh.save(stream)
    book = Book(stream.getvalue())
    for tab in tabs:
        _put_rows(book, tab.title, tab.heading_row + 1, [tab.headings, *rows])
    return book.saved().data


def _values(changes: Changes) -> Iterable[tuple[str, Writable]]:
    yield from ((tab.title, heading) for tab in changes.new_tabs for heading in tab.headings)
    yield from ((title, value) for title, rows in changes.appends.items() for row in rows for value in row)
    yield from ((cell.tab, cell.value) for cell in changes.cells)
