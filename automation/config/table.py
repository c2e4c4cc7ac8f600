"""A tab of Kendali as a table: rows found by their headings, cells named as people name them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from automation.cases.cells import Value
from automation.cases.grid import Tab, letters
from automation.cases.headings import ROWS_SEARCHED, fold
from automation.config.kinds import is_empty
from automation.config.tables import HEADINGS


class Tabs(Protocol):
    """What is needed of a workbook here: its tabs by title (`sheets.port.Snapshot` has them)."""

    def tab(self, title: str) -> Tab | None:
        """The tab with this title."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where the headings of a tab stand: 0-based `row` and `columns` (the first of a doubled heading)."""

    row: int
    columns: Mapping[str, int]
    missing: tuple[str, ...]
    doubled: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a table; `number` is 0-based in its tab."""

    tab: str
    number: int
    columns: Mapping[str, int]
    cells: Sequence[Value]

    def __getitem__(self, heading: str) -> Value:
        column = self.columns.get(heading)
        return None if column is None or column >= len(self.cells) else self.cells[column]

    def place(self, heading: str) -> str:
        """The cell under this heading as people name it: ``Pengaturan!B7``."""
        return f"{self.tab}!{letters(self.columns[heading])}{self.number + 1}"


def find_header(rows: Sequence[Sequence[Value]], headings: Sequence[str]) -> Header:
    """The row, among the first ten, with the most of these headings; the first row where there are none at all."""
    wanted = {fold(heading): heading for heading in headings}
    best, places = 0, dict[str, list[int]]()
    for number, cells in enumerate(rows[:ROWS_SEARCHED]):
        found: dict[str, list[int]] = {}
        for column, value in enumerate(cells):
            heading = wanted.get(fold(value))
            if heading is not None:
                found.setdefault(heading, []).append(column)
        if len(found) > len(places):
            best, places = number, found
    return Header(
        row=best,
        columns={heading: at[0] for heading, at in places.items()},
        missing=tuple(heading for heading in headings if heading not in places),
        doubled=tuple(heading for heading, at in places.items() if len(at) > 1),
    )


def records(tab: Tab, header: Header) -> Iterator[Record]:
    """The rows below the headings in which anything stands under one of them."""
    for number in range(header.row + 1, len(tab.rows)):
        record = Record(tab.title.strip(), number, header.columns, tab.rows[number])
        if not all(is_empty(record[heading]) for heading in header.columns):
            yield record


def rows_of(kendali: Tabs, title: str) -> list[Record]:
    """The rows of one of Kendali's tables; none where it is not there."""
    tab = kendali.tab(title)
    return [*records(tab, find_header(tab.rows, HEADINGS[title]))] if tab is not None else []


def whole(value: Value) -> int | None:
    """The whole number in a cell; None where there is none."""
    return int(value) if isinstance(value, (int, float)) else None
