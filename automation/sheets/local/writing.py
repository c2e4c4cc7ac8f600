"""Changes applied to an xlsx file, and files that are made anew: from bytes to bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook as Fresh
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from automation.cases.bulk import in_bulk
from automation.cases.cells import Value, Writable, kept_text
from automation.sheets.local.book import Book, Saved, read_back
from automation.sheets.local.reading import UNCALCULATED
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
Placed = tuple[tuple[int, int], Writable]  # 0-based row and column, and what is written there
#: Characters that a column of a new table shows at most.
_WIDEST = 48


def check(changes: Changes, seen: Snapshot, name: str) -> None:
    """Raise `WorkbookError` for changes that this workbook can't take, before anything is done."""
    titles = {_folded(tab.title) for tab in seen.tabs}
    keys = {tab.key for tab in seen.tabs}
    for tab in changes.new_tabs:
        if not 0 < len(tab.title) <= _LONGEST_TITLE or _FORBIDDEN_IN_TITLE.search(tab.title):
            raise WorkbookError("lokal.judul-lembar", berkas=name, lembar=tab.title)
        if _folded(tab.title) in titles:
            raise WorkbookError("lokal.lembar-sudah-ada", berkas=name, lembar=tab.title)
        titles.add(_folded(tab.title))
    for title in changes.appends:
        if _folded(title) not in titles:
            raise WorkbookError("lokal.lembar-tidak-ada", berkas=name, lembar=title)
    for cell in changes.cells:
        if cell.tab not in keys:
            raise WorkbookError("lokal.lembar-tidak-ada", berkas=name, lembar=cell.tab)
    for title, value in _values(changes):
        if isinstance(value, str) and len(kept_text(value).encode("utf-16-le")) > 2 * LONGEST:
            raise WorkbookError("lokal.teks-terlalu-panjang", berkas=name, lembar=title, batas=LONGEST)


def expected(changes: Changes, seen: Snapshot, saved: Saved) -> dict[str, tuple[tuple[Value, ...], ...]]:
    """By tab title, the rows that have to be there after the commit: what was there, and what was to be written; the
    results of formulas that have to be worked out again are not known."""
    shown: dict[str, dict[tuple[int, int], Value]] = {new.title: {} for new in changes.new_tabs}
    for title, row, column in saved.unknown:
        shown.setdefault(title, {})[row - 1, column - 1] = UNCALCULATED
    for title, placed in placements(changes, seen).items():
        shown.setdefault(title, {}).update((position, read_back(value)) for position, value in placed)
    before = {tab.title: tab.rows for tab in seen.tabs}
    return {title: _with(before.get(title, ()), shown.get(title, {})) for title in before | shown}


def _with(rows: Sequence[Sequence[Value]], cells: Mapping[tuple[int, int], Value]) -> tuple[tuple[Value, ...], ...]:
    """The rows with these cells (0-based) in them, without the empty ones at the end of each row and of all."""
    if not cells:
        return tuple(map(tuple, rows))
    changed = [*rows, *(() for _ in range(max(row for row, _ in cells) + 1 - len(rows)))]
    for (row, column), value in cells.items():
        line = [*changed[row], *(None,) * (column + 1 - len(changed[row]))]
        line[column] = value
        changed[row] = line
    for row, _ in cells:
        changed[row] = _without_end(changed[row])
    return _without_end(changed)


def _without_end(line: Sequence[Any]) -> tuple[Any, ...]:
    """A row without the empty cells at its end, or rows without the empty ones at theirs."""
    end = len(line)
    while end and line[end - 1] in (None, ()):
        end -= 1
    return tuple(line[:end])


def placements(changes: Changes, seen: Snapshot) -> dict[str, list[Placed]]:
    """By tab title, what is written where: headings, then appended rows below all that is there, then cells."""
    placed: dict[str, list[Placed]] = {}
    heights = {tab.title: len(tab.rows) for tab in seen.tabs}
    for new in changes.new_tabs:
        placed[new.title] = _top(new)
        heights[new.title] = new.heading_row + 1 if any(new.headings) else 0
    titles = {_folded(title): title for title in heights}
    for wanted, rows in changes.appends.items():
        title = titles[_folded(wanted)]
        for number, row in enumerate(rows, start=heights[title]):
            placed.setdefault(title, []).extend(((number, column), value) for column, value in enumerate(row))
        heights[title] += len(rows)
    by_key = {tab.key: tab.title for tab in seen.tabs}
    for cell in changes.cells:
        placed.setdefault(by_key[cell.tab], []).append(((cell.row, cell.column), cell.value))
    return placed


@in_bulk
def apply(data: bytes, changes: Changes, seen: Snapshot) -> Saved:
    """The file with `changes` applied; everything else stays as it is."""
    book = Book(data)
    for new in changes.new_tabs:
        book.add_tab(new)
    appended = {_folded(title): rows for title, rows in changes.appends.items() if rows}
    for tab in seen.tabs:
        if rows := appended.get(_folded(tab.title)):
            book.grow(tab.title, len(tab.rows) + 1, len(tab.rows) + len(rows))
    for title, cells in placements(changes, seen).items():
        for (row, column), value in cells:
            book.put(title, row + 1, column + 1, value)
    return book.saved()


def _top(new: NewTab) -> list[Placed]:
    return [((new.heading_row, column), heading) for column, heading in enumerate(new.headings)]


def new_file(tabs: Sequence[NewTab]) -> bytes:
    """A file with these tabs and their headings, or with one empty tab: an xlsx file can't be without any."""
    book = Fresh()
    book.properties.creator = PROGRAM
    book.remove(book.worksheets[0])
    if not tabs:
        book.create_sheet(FIRST_TAB)
    for new in tabs:
        sheet = book.create_sheet(new.title)
        sheet.sheet_state = "hidden" if new.hidden else "visible"
        if new.protected:
            sheet.protection.enable()
    return _filled(book, {new.title: _top(new) for new in tabs})


def new_table(tab: NewTab, rows: Sequence[Sequence[Writable]]) -> bytes:
    """A file with one tab and the rows below its headings, ready to be filtered; what the rows begin with stays in
    sight."""
    book = Fresh()
    book.properties.creator = PROGRAM
    sheet: Any = book.worksheets[0]
    sheet.title = tab.title
    first = tab.heading_row + 1
    for column, heading in enumerate(tab.headings, start=1):
        name: Any = sheet.cell(first, column)
        name.font = Font(name=name.font.name, size=name.font.size, bold=True)
        longest = max((len(str(row[column - 1] or "")) for row in rows), default=0)
        sheet.column_dimensions[get_column_letter(column)].width = max(len(heading), min(longest, _WIDEST)) + 4
    sheet.auto_filter.ref = f"A{first}:{get_column_letter(len(tab.headings))}{first + len(rows)}"
    sheet.freeze_panes = f"B{first + 1}"
    below = [((r, c), value) for r, row in enumerate(rows, start=first) for c, value in enumerate(row)]
    return _filled(book, {tab.title: [*_top(tab), *below]})


def _filled(fresh: Fresh, cells: Mapping[str, Sequence[Placed]]) -> bytes:
    """A workbook of openpyxl's with these cells. It is empty until then: openpyxl saves by way of temporary files, in a
    folder that belongs to the whole machine."""
    stream = BytesIO()
    fresh.save(stream)
    book = Book(stream.getvalue())
    for title, placed in cells.items():
        for (row, column), value in placed:
            book.put(title, row + 1, column + 1, value)
    return book.saved().data


def _folded(title: str) -> str:
    return title.strip().casefold()


def _values(changes: Changes) -> Iterable[tuple[str, Writable]]:
    for tab in changes.new_tabs:
        yield from ((tab.title, heading) for heading in tab.headings)
    for title, rows in changes.appends.items():
        yield from ((title, value) for row in rows for value in row)
    yield from ((cell.tab, cell.value) for cell in changes.cells)
