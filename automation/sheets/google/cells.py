"""Values as the Sheets API writes them: rows to append, cells to change."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from automation.model.cells import Link, Value, Writable, as_read, kept_text, runs, serial_of
from automation.sheets.google.snapshot import trimmed
from automation.sheets.port import Changes, Tab

Request = dict[str, Any]
#: Rows and columns.
Size = tuple[int, int]
#: Cells by row and column.
Rows = dict[int, dict[int, Writable]]

DATE, TEXT = {"type": "DATE", "pattern": "dd/mm/yyyy"}, {"type": "TEXT"}
VALUE_FIELDS = "userEnteredValue"
_NUMBER_FORMAT, _LINK = "userEnteredFormat.numberFormat", "userEnteredFormat.textFormat.link"
DATE_FIELDS = f"{VALUE_FIELDS},{_NUMBER_FORMAT}"
#: For a cell that opens an address: nothing else of its format is set or cleared.
LINK_FIELDS = f"{VALUE_FIELDS},{_LINK}"


def append(key: str, rows: Sequence[Sequence[Writable]]) -> Request:
    """Appends rows below the last one that holds data. If there are dates, the format of every cell is set; the others
    get the text format, so that a telephone number typed there later keeps its zero."""
    dated = any(isinstance(value, date) for row in rows for value in row)
    format = {"userEnteredFormat": {"numberFormat": TEXT}} if dated else {}
    cells = [{"values": [{**format, **cell(value)} for value in row]} for row in rows]
    fields = DATE_FIELDS if dated else VALUE_FIELDS
    if any(_opens(value) for row in rows for value in row):
        fields += f",{_LINK}"
    return {"appendCells": {"sheetId": int(key), "rows": cells, "fields": fields}}


def writes(changes: Changes, tabs: Mapping[str, Tab], grids: Mapping[str, Size]) -> Iterator[Request]:
    """The requests for these writes, one for each block of neighbouring cells; dates and links are kept apart, because
    they set a format. A link that a cell of the `tabs` has had goes with its text."""
    for key, rows in changes.rows.items():
        yield from grown(key, grids[key], (1 + max(rows), 1 + max(map(max, rows.values()))))
        by_fields: dict[str, Rows] = {VALUE_FIELDS: {}, LINK_FIELDS: {}, DATE_FIELDS: {}}
        for row, values in rows.items():
            for column, value in values.items():
                linked = _opens(value) or isinstance(tabs[key].at(row, column), Link)
                fields = DATE_FIELDS if isinstance(value, date) else LINK_FIELDS if linked else VALUE_FIELDS
                by_fields[fields].setdefault(row, {})[column] = value
        for fields, chosen in by_fields.items():
            for row, column, block in _blocks(chosen):
                yield update(key, row, column, block, fields)


def _opens(value: Writable) -> bool:
    """Whether the cell gets a link. Google says that its function HYPERLINK refuses other kinds than pages (``tel:``),
    https://support.google.com/docs/answer/3093313, and nothing about links in a format: they stay text."""
    return isinstance(value, Link) and value.labelled and value.is_page


def grown(key: str, grid: Size, needed: Size) -> Iterator[Request]:
    """Adds rows or columns if the grid is too small: writing outside it is an error."""
    for dimension, there, wanted in zip(("ROWS", "COLUMNS"), grid, needed, strict=True):
        if wanted > there:
            yield {"appendDimension": {"sheetId": int(key), "dimension": dimension, "length": wanted - there}}


def _blocks(cells: Rows) -> Iterator[tuple[int, int, list[list[Request]]]]:
    """Row, column and content of blocks that cover `cells`: runs in consecutive rows that start in the same column."""
    by_start: dict[int, dict[int, list[Request]]] = {}
    for row in sorted(cells):
        for first, last in runs(cells[row]):
            by_start.setdefault(first, {})[row] = [cell(cells[row][column]) for column in range(first, last + 1)]
    for start, rows in by_start.items():
        for top, bottom in runs(rows):
            yield top, start, [rows[row] for row in range(top, bottom + 1)]


def update(key: str, row: int, column: int, block: Sequence[Sequence[Request]], fields: str) -> Request:
    """Writes a block of cells, given its top left corner; `fields` names what is set."""
    start = {"sheetId": int(key), "rowIndex": row, "columnIndex": column}
    return {"updateCells": {"start": start, "rows": [{"values": list(run)} for run in block], "fields": fields}}


def cell(value: Writable) -> Request:
    """The CellData. Text is always a stringValue, so it never runs as a formula; None or "" clears the value."""
    if isinstance(value, date):
        return {"userEnteredValue": {"numberValue": serial_of(value)}, "userEnteredFormat": {"numberFormat": DATE}}
    if isinstance(value, (int, float)):
        return {"userEnteredValue": {"numberValue": value}}
    text = kept_text(value or "")
    data: Request = {"userEnteredValue": {"stringValue": text}} if text else {}
    if isinstance(value, Link) and _opens(value):
        data["userEnteredFormat"] = {"textFormat": {"link": {"uri": value.address}}}
    return data


def shown(rows: Sequence[Sequence[Writable]]) -> list[list[Value]]:
    """Written rows as they will be read: a link that opens no web page is only text."""
    return trimmed(
        [as_read(str(value) if isinstance(value, Link) and not value.is_page else value) for value in row]
        for row in rows
    )
