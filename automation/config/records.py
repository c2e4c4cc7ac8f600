"""A tab of Kendali as a table: rows found by their headings, cells named as people name them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from automation.model.cells import Tab, Value, is_empty, letters
from automation.reading.headings import Headings, find_columns
from automation.tables.kendali import HEADINGS


class Tabs(Protocol):
    """What is needed of a workbook here: its tabs by title (`sheets.port.Snapshot` has them)."""

    def tab(self, title: str) -> Tab | None:
        """The tab with this title."""


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


def records(tab: Tab, header: Headings[str]) -> Iterator[Record]:
    """The rows below the headings in which anything stands under one of them."""
    for number in range(header.row + 1, len(tab.rows)):
        record = Record(tab.title.strip(), number, header.columns, tab.rows[number])
        if not all(is_empty(record[heading]) for heading in header.columns):
            yield record


def rows_of(kendali: Tabs, title: str) -> list[Record]:
    """The rows of one of Kendali's tables; none where it is not there."""
    tab = kendali.tab(title)
    return [*records(tab, find_columns(tab.rows, HEADINGS[title]))] if tab is not None else []


def whole(value: Value) -> int | None:
    """The whole number in a cell; None where there is none."""
    return int(value) if isinstance(value, (int, float)) else None
