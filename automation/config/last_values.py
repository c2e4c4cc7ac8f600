"""The last good content of the tables that people keep in Kendali, in a hidden tab of it. It is replaced, never
appended to: who is taken off a table is nowhere else."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from types import NoneType

from automation.config.tabs import Record, Tabs
from automation.model.cells import Value, Writable
from automation.tables.kendali import LAST_VALUES, PEOPLE, TABLES

_CELL = (str, int, float, NoneType)
Kept = Mapping[str, Sequence[Sequence[Value]]]


def kept_headings(title: str) -> list[str]:
    """The headings of a table below which people type."""
    return [column.heading for column in TABLES[title].of(PEOPLE)]


def read_kept(kendali: Tabs) -> Kept:
    """By the title of a table, its last good rows below `kept_headings`; what can't be read is passed over."""
    tab = kendali.tab(LAST_VALUES)
    kept: dict[str, list[Sequence[Value]]] = defaultdict(list)
    for row in tab.rows if tab is not None else ():
        try:
            title, cells = str(row[0]), json.loads(str(row[1]))
        except (IndexError, ValueError, RecursionError):
            continue
        if isinstance(cells, list) and all(isinstance(cell, _CELL) for cell in cells):
            kept[title].append(cells)
    return kept


def as_records(title: str, rows: Iterable[Sequence[Value]]) -> list[Record]:
    """Kept rows, as if they were read from their table."""
    columns = {heading: at for at, heading in enumerate(kept_headings(title))}
    return [Record(title, number, columns, cells) for number, cells in enumerate(rows, start=1)]


def to_keep(tables: Mapping[str, Iterable[Record]]) -> list[list[Writable]]:
    """The rows of the hidden tab that keep these tables."""
    return [
        [title, json.dumps([_plain(record[heading]) for heading in kept_headings(title)], ensure_ascii=False)]
        for title, records in tables.items()
        for record in records
    ]


def _plain(value: Value) -> Value:
    return value if isinstance(value, _CELL) else None
