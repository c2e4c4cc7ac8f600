"""Changes applied to an xlsx file: from bytes to bytes, through openpyxl."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from io import BytesIO
from typing import Any

from openpyxl import Workbook as Book
from openpyxl.cell.cell import MergedCell
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import WINDOWS_EPOCH
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from automation.cases.bulk import in_bulk
from automation.cases.cells import Value, Writable, kept_text
from automation.sheets.port import Changes, NewTab, Snapshot
from automation.sheets.xlsx_carry import carry_over
from automation.sheets.xlsx_cells import PROGRAM, clear, put, read_back
from automation.sheets.xlsx_drawings import with_drawings
from automation.sheets.xlsx_formulas import Place, formulas_of, unaffected, with_results
from automation.sheets.xlsx_links import keep_empty, links_of_empty
from automation.sheets.xlsx_read import opened
from automation.trouble import WorkbookError

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
    titles = {tab.title.casefold() for tab in seen.tabs}
    keys = {tab.key for tab in seen.tabs}
    for tab in changes.new_tabs:
        if not 0 < len(tab.title) <= _LONGEST_TITLE or _FORBIDDEN_IN_TITLE.search(tab.title):
            raise WorkbookError("lokal.judul-lembar", berkas=name, lembar=tab.title)
        if tab.title.casefold() in titles:
            raise WorkbookError("lokal.lembar-sudah-ada", berkas=name, lembar=tab.title)
        titles.add(tab.title.casefold())
    for title in changes.appends:
        if title.strip().casefold() not in titles:
            raise WorkbookError("lokal.lembar-tidak-ada", berkas=name, lembar=title)
    for cell in changes.cells:
        if cell.tab not in keys:
            raise WorkbookError("lokal.lembar-tidak-ada", berkas=name, lembar=cell.tab)
    for title, value in _values(changes):
        if isinstance(value, str) and len(kept_text(value).encode("utf-16-le")) > 2 * LONGEST:
            raise WorkbookError("lokal.teks-terlalu-panjang", berkas=name, lembar=title, batas=LONGEST)


def expected(changes: Changes, seen: Snapshot) -> dict[str, dict[tuple[int, int], Value]]:
    """By tab title, every cell that must hold something after the commit (0-based row and column), and what."""
    grids: dict[str, dict[tuple[int, int], Value]] = {
        tab.title: {(r, c): value for r, row in enumerate(tab.rows) for c, value in enumerate(row) if value is not None}
        for tab in seen.tabs
    }
    for title, placed in placements(changes, seen).items():
        grid = grids.setdefault(title, {})
        for position, value in placed:
            shown = read_back(value)
            if shown is None:
                grid.pop(position, None)
            else:
                grid[position] = shown
    return grids


def placements(changes: Changes, seen: Snapshot) -> dict[str, list[tuple[tuple[int, int], Writable]]]:
    """By tab title, what is written where: headings, then appended rows below all that is there, then cells."""
    placed: dict[str, list[tuple[tuple[int, int], Writable]]] = {}
    heights = {tab.title: len(tab.rows) for tab in seen.tabs}
    for new in changes.new_tabs:
        placed[new.title] = _top(new)
        heights[new.title] = new.heading_row + 1 if any(new.headings) else 0
    titles = {title.casefold(): title for title in heights}
    for wanted, rows in changes.appends.items():
        title = titles[wanted.strip().casefold()]
        for number, row in enumerate(rows, start=heights[title]):
            placed.setdefault(title, []).extend(((number, column), value) for column, value in enumerate(row))
        heights[title] += len(rows)
    by_key = {tab.key: tab.title for tab in seen.tabs}
    for cell in changes.cells:
        placed.setdefault(by_key[cell.tab], []).append(((cell.row, cell.column), cell.value))
    return placed


@in_bulk
def apply(data: bytes, changes: Changes, seen: Snapshot, name: str) -> bytes:
    """The file with `changes` applied; everything that openpyxl carries stays as it is."""
    with opened(data, name) as book:
        carry_over(book, data)
        for new in changes.new_tabs:
            _add_tab(book, new)
        placed = placements(changes, seen)
        for title, cells in placed.items():
            _fill(book[title], cells)
        written = [(title, *position) for title, cells in placed.items() for position, _ in cells]
        return finished(book, data, written, seen)


def finished(book: Book, before: bytes, written: Iterable[Place], seen: Snapshot) -> bytes:
    """The workbook as a file, with the drawings that were in it `before`, and with what the formulas showed before as
    far as it still holds after these cells were written."""
    written = frozenset(written)
    keep_empty(book, seen.tabs, written)
    formulas = formulas_of(book) if book.epoch == WINDOWS_EPOCH else {}
    data = with_drawings(before, _saved(book))
    return with_results(data, _results(formulas, written, seen)) if formulas else data


def _results(formulas: Mapping[Place, str | None], written: Iterable[Place], seen: Snapshot) -> dict[Place, Value]:
    still = unaffected(formulas, written)
    return {
        (tab.title, r, c): value
        for tab in seen.tabs
        for r, row in enumerate(tab.rows)
        for c, value in enumerate(row)
        if (tab.title, r, c) in still
    }


def _top(new: NewTab) -> list[tuple[tuple[int, int], Writable]]:
    return [((new.heading_row, column), heading) for column, heading in enumerate(new.headings)]


def new_file(tabs: Sequence[NewTab]) -> bytes:
    """A file with these tabs and their headings, or with one empty tab: an xlsx file can't be without any."""
    book = Book()
    book.properties.creator = PROGRAM
    book.remove(book.worksheets[0])
    if not tabs:
        book.create_sheet(FIRST_TAB)
    for new in tabs:
        _add_tab(book, new)
        _fill(book[new.title], _top(new))
    return _saved(book)


def new_table(tab: NewTab, rows: Sequence[Sequence[Writable]]) -> bytes:
    """A file with one tab and the rows below its headings, ready to be filtered; what the rows begin with stays in
    sight."""
    with opened(new_file([tab]), tab.title) as book:
        sheet = book[tab.title]
        first = tab.heading_row + 1
        _fill(sheet, [((r, c), value) for r, row in enumerate(rows, start=first) for c, value in enumerate(row)])
        for column, heading in enumerate(tab.headings, start=1):
            name: Any = sheet.cell(first, column)
            name.font = Font(name=name.font.name, size=name.font.size, bold=True)
            longest = max((len(str(row[column - 1] or "")) for row in rows), default=0)
            dimension = sheet.column_dimensions[get_column_letter(column)]
            dimension.width = max(len(heading), min(longest, _WIDEST)) + 4
        sheet.auto_filter.ref = f"A{first}:{get_column_letter(len(tab.headings))}{first + len(rows)}"
        sheet.freeze_panes = f"B{first + 1}"
        return _saved(book)


def _saved(book: Book) -> bytes:
    """The workbook as a file, whose formulas are worked out again when it is opened."""
    if book.calculation is not None:
        book.calculation.fullCalcOnLoad = True
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        _Writer(book, archive).save()
    return stream.getvalue()


class _Writer(ExcelWriter):
    """openpyxl's writer, without its temporary files: it would put what people reported, tab by tab, into a folder
    that belongs to the whole machine."""

    _archive: zipfile.ZipFile

    def write_worksheet(self, ws: Any) -> None:
        """Write a tab straight into the archive."""
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        with self._archive.open(ws.path[1:], "w") as part:
            writer: Any = WorksheetWriter(ws, part)
            ws._hyperlinks += links_of_empty(ws)
            writer.write()
        ws._rels = writer._rels
        self.manifest.append(ws)


def _add_tab(book: Book, new: NewTab) -> None:
    """Add a tab; its headings are written like any other cell."""
    sheet = book.create_sheet(new.title)
    if new.hidden:
        sheet.sheet_state = "hidden"
    if new.protected:
        sheet.protection.enable()


def _fill(sheet: Worksheet, placed: Iterable[tuple[tuple[int, int], Writable]]) -> None:
    columns = _column_styles(sheet)
    for (row, column), value in placed:
        if value is None or value == "":
            clear(sheet, row + 1, column + 1)
        else:
            put(_cell(sheet, row + 1, column + 1, columns), value)


def _cell(sheet: Worksheet, row: int, column: int, columns: Mapping[int, object]) -> Any:
    """The cell to write: out of a merged range if it lies hidden in one, in its column's format if it has none."""
    cell: Any = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        for merged in [merged for merged in sheet.merged_cells.ranges if cell.coordinate in merged]:
            sheet.unmerge_cells(merged.coord)
        cell = sheet.cell(row, column)
    if not cell.has_style and column in columns:
        cell._style = copy(columns[column])
    return cell


def _column_styles(sheet: Worksheet) -> dict[int, object]:
    """The formats of whole columns, which a spreadsheet gives to every new cell, and openpyxl does not."""
    styles: dict[int, object] = {}
    dimensions: Iterable[Any] = sheet.column_dimensions.values()
    for dimension in dimensions:
        dimension.reindex()
        if dimension.has_style:
            styles.update(dict.fromkeys(range(dimension.min, dimension.max + 1), dimension._style))
    return styles


def _values(changes: Changes) -> Iterable[tuple[str, Writable]]:
    for tab in changes.new_tabs:
        yield from ((tab.title, heading) for heading in tab.headings)
    for title, rows in changes.appends.items():
        yield from ((title, value) for row in rows for value in row)
    yield from ((cell.tab, cell.value) for cell in changes.cells)
