"""Values as the Sheets API writes them: rows to append, cells to change."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from automation.cases.cells import Link, Value, Writable, kept_text, serial_of
from automation.sheets.google.snapshot import trimmed
from automation.sheets.port import CellWrite

T = TypeVar("T")
Request = dict[str, Any]
#: Rows and columns.
Size = tuple[int, int]

DATE, TEXT = {"type": "DATE", "pattern": "dd/mm/yyyy"}, {"type": "TEXT"}
VALUE_FIELDS = "userEnteredValue"
_NUMBER_FORMAT, _LINK = "userEnteredFormat.numberFormat", "userEnteredFormat.textFormat.link"
DATE_FIELDS = f"{VALUE_FIELDS},{_NUMBER_FORMAT}"
#: A cell that opens an address: nothing else of its format is set, or cleared with it.
LINK_FIELDS = f"{VALUE_FIELDS},{_LINK}"


def append(key: str, rows: Sequence[Sequence[Writable]]) -> Request:
    """Rows below the last one that holds data. Where there are dates every cell's format is set: that of all others
    is text, so that a telephone number which is typed there later keeps its zero."""
    dated = any(isinstance(value, date) for row in rows for value in row)
    format = {"userEnteredFormat": {"numberFormat": TEXT}} if dated else {}
    cells = [{"values": [{**format, **cell(value)} for value in row]} for row in rows]
    fields = DATE_FIELDS if dated else VALUE_FIELDS
    if any(_opens(value) for row in rows for value in row):
        fields += f",{_LINK}"
    return {"appendCells": {"sheetId": int(key), "rows": cells, "fields": fields}}


def writes(
    wanted: Sequence[CellWrite], grids: Mapping[str, Size], linked: Container[tuple[str, int, int]]
) -> Iterator[Request]:
    """The writes, those side by side or one below the other in one request; dates and links apart, because they set a
    format. `linked` are cells (tab, row, column) that open an address, which goes with their text."""
    by_tab: dict[str, dict[tuple[int, int], Writable]] = {}
    for write in wanted:
        by_tab.setdefault(write.tab, {})[write.row, write.column] = write.value
    for key, cells in by_tab.items():
        needed = 1 + max(row for row, _ in cells), 1 + max(column for _, column in cells)
        yield from grown(key, grids[key], needed)
        by_fields: dict[str, dict[tuple[int, int], Writable]] = {VALUE_FIELDS: {}, LINK_FIELDS: {}, DATE_FIELDS: {}}
        for at, value in cells.items():
            by_fields[_fields(value, linked=_opens(value) or (key, *at) in linked)][at] = value
        for fields, chosen in by_fields.items():
            for row, column, block in _blocks(chosen):
                yield update(key, row, column, block, fields)


def _fields(value: Writable, *, linked: bool) -> str:
    return DATE_FIELDS if isinstance(value, date) else LINK_FIELDS if linked else VALUE_FIELDS


def _opens(value: Writable) -> bool:
    """Whether the cell gets a link. Google says that its function HYPERLINK refuses other kinds than pages (``tel:``),
    https://support.google.com/docs/answer/3093313, and nothing about links in a format: they stay text."""
    return isinstance(value, Link) and value.labelled and value.is_page


def grown(key: str, grid: Size, needed: Size) -> Iterator[Request]:
    """More rows or columns where the grid is too small: writing outside it is an error."""
    for dimension, there, wanted in zip(("ROWS", "COLUMNS"), grid, needed, strict=True):
        if wanted > there:
            yield {"appendDimension": {"sheetId": int(key), "dimension": dimension, "length": wanted - there}}


def _blocks(cells: Mapping[tuple[int, int], Writable]) -> Iterator[tuple[int, int, list[list[Request]]]]:
    """Row, column and content of blocks that cover `cells`: runs that start in the same column of consecutive rows."""
    open_blocks: dict[int, tuple[int, list[list[Request]]]] = {}  # by their column: first row, and rows so far
    by_row: dict[int, dict[int, None]] = {}
    for row, column in sorted(cells):
        by_row.setdefault(row, {})[column] = None
    for row, columns in by_row.items():
        for first, last, _ in runs(columns):
            run = [cell(cells[row, column]) for column in range(first, last + 1)]
            top, block = open_blocks.get(first, (row, []))
            if block and top + len(block) != row:
                yield top, first, block
                top, block = row, []
            block.append(run)
            open_blocks[first] = top, block
    for column, (top, block) in open_blocks.items():
        yield top, column, block


def update(key: str, row: int, column: int, block: Sequence[Sequence[Request]], fields: str) -> Request:
    """Cells from a corner on; `fields` says what of them is set."""
    start = {"sheetId": int(key), "rowIndex": row, "columnIndex": column}
    return {"updateCells": {"start": start, "rows": [{"values": list(run)} for run in block], "fields": fields}}


def cell(value: Writable) -> Request:
    """CellData. Text is a stringValue whatever it looks like, so nothing is ever run; nothing clears the value."""
    if isinstance(value, date):
        return {"userEnteredValue": {"numberValue": serial_of(value)}, "userEnteredFormat": {"numberFormat": DATE}}
    if isinstance(value, int):
        return {"userEnteredValue": {"numberValue": value}}
    text = kept_text(value or "")
    data: Request = {"userEnteredValue": {"stringValue": text}} if text else {}
    if isinstance(value, Link) and _opens(value):
        data["userEnteredFormat"] = {"textFormat": {"link": {"uri": value.address}}}
    return data


def as_read(rows: Sequence[Sequence[Writable]]) -> list[list[Value]]:
    """Rows that were written, as they will be read."""

    def value_of(value: Writable) -> Value:
        if isinstance(value, date):
            return serial_of(value)
        if isinstance(value, Link) and _opens(value):
            return Link(kept_text(value), value.address)
        return (kept_text(value) or None) if isinstance(value, str) else value

    return trimmed([value_of(value) for value in row] for row in rows)


def runs(values: Mapping[int, T]) -> Iterator[tuple[int, int, T]]:
    """First and last of consecutive numbers that have the same value, and that value."""
    numbers = sorted(values)
    start = 0
    for at, number in enumerate(numbers, start=1):
        if at == len(numbers) or numbers[at] != number + 1 or values[numbers[at]] != values[number]:
            yield numbers[start], number, values[number]
            start = at


def quoted(title: str) -> str:
    """A whole tab in A1 notation, whatever its title looks like."""
    return "'" + title.replace("'", "''") + "'"
