"""Kendali's tables: read by their headings; and the robot's kept up, wherever their columns stand: only cells that say
something else are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from automation.cases.cells import Link, Value, Writable, kept_text
from automation.cases.grid import CellWrite, Tab
from automation.cases.masking import shorten
from automation.config.kinds import is_empty
from automation.config.table import Record, find_header, records
from automation.config.tables import HEADINGS
from automation.sheets.port import Snapshot

#: Characters of a text that the robot writes: whatever they are, xlsx holds them (32,767 UTF-16 units).
LONGEST = 16_000


def rows_of(kendali: Snapshot, title: str) -> list[Record]:
    """The rows of one of Kendali's tables; none where it is not there."""
    tab = kendali.tab(title)
    return [*records(tab, find_header(tab.rows, HEADINGS[title]))] if tab is not None else []


def whole(value: Value) -> int | None:
    """The whole number in a cell; None where there is none."""
    return int(value) if isinstance(value, (int, float)) else None


def plain(value: Writable) -> Writable:
    """A value as a cell keeps it: text of a bearable length, with plain line ends, without control characters."""
    if not isinstance(value, str) or isinstance(value, Link):
        return value
    return shorten(kept_text(value), LONGEST) or None


def table_cells(
    tab: Tab, headings: Sequence[str], rows: Sequence[Sequence[Writable]], key: str | None = None
) -> list[CellWrite]:
    """The cells to write so that the table below the tab's headings says `rows` and nothing else.

    Columns are found by their headings; a missing one is added at the right, and people's own columns are left alone.
    With `key` (the heading of what tells one row from another) a row stays where people have sorted it, beside what
    they wrote in columns of their own.
    """
    header_row, columns, cells = _columns(tab, headings)
    at = [columns[heading] for heading in headings]
    first = header_row + 1
    if key is None:
        placed = dict(enumerate(rows, start=first))
    else:
        placed = _placed(tab, first, columns[key], rows, headings.index(key))
    nothing: tuple[Writable, ...] = (None,) * len(headings)
    for number in range(first, max(len(tab.rows), max(placed, default=0) + 1)):
        cells += tab.lacks(number, zip(at, map(plain, placed.get(number, nothing)), strict=True))
    return cells


def _columns(tab: Tab, headings: Sequence[str]) -> tuple[int, Mapping[str, int], list[CellWrite]]:
    """The row of the headings, the column of each, and the headings to write. Where none is left, the tab is begun
    again from its first row."""
    header = find_header(tab.rows, headings)
    if not header.columns:
        titles = [CellWrite(tab.key, 0, column, heading) for column, heading in enumerate(headings)]
        return 0, {heading: column for column, heading in enumerate(headings)}, titles
    free = max((at + 1 for row in tab.rows for at, value in enumerate(row) if not is_empty(value)), default=0)
    added = {heading: free + step for step, heading in enumerate(header.missing)}
    cells = [CellWrite(tab.key, header.row, column, heading) for heading, column in added.items()]
    return header.row, {**header.columns, **added}, cells


def _placed(
    tab: Tab, first: int, column: int, rows: Sequence[Sequence[Writable]], key: int
) -> dict[int, Sequence[Writable]]:
    """Each row where it stands already; the others in rows that are free, and below."""
    wanted: dict[Value, Sequence[Writable]] = {str(row[key]): row for row in rows}
    placed: dict[int, Sequence[Writable]] = {}
    for number in range(first, len(tab.rows)):
        cells = tab.rows[number]
        row = wanted.pop(cells[column], None) if column < len(cells) else None
        if row is not None:
            placed[number] = row
    below = max(first, len(tab.rows))
    free = [number for number in range(first, below + len(wanted)) if number not in placed]
    return placed | dict(zip(free, wanted.values(), strict=False))
