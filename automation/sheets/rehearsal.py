"""A workbook that only pretends to be written to: what a dry run works on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from automation.cases.cells import Value, Writable, serial_of
from automation.cases.grid import Tab
from automation.sheets.looks.model import TabLook
from automation.sheets.port import Assumptions, Changes, Snapshot, Workbook


class Rehearsal:
    """Reads the real workbook, and applies commits to its own idea of it. `planned` are the commits, in order."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._standing: Snapshot | None = None
        self.planned: list[Changes] = []

    @property
    def source(self) -> str:
        """As the real workbook's."""
        return self._workbook.source

    @property
    def largest_commit(self) -> int | None:
        """None: nothing is sent."""
        return None

    @property
    def assumptions(self) -> Assumptions | None:
        """As the real workbook's: a plan shows what would be done."""
        return self._workbook.assumptions

    def read(self) -> Snapshot:
        """The real workbook, or what has become of it in this rehearsal."""
        if self._standing is None:
            self._standing = self._workbook.read()
        return self._standing

    def commit(self, changes: Changes, seen: Snapshot) -> Snapshot:
        """Note the changes, and go on as if they had been applied."""
        self.planned.append(changes)
        self._standing = apply(changes, seen)
        return self._standing

    def dress(self, looks: Sequence[TabLook]) -> int:  # noqa: ARG002 - as the port has it
        """Nothing is given: a plan shows what would be written into cells."""
        return 0

    def link(self, tab: Tab, row: int) -> str:
        """As the real workbook's."""
        return self._workbook.link(tab, row)


def apply(changes: Changes, snapshot: Snapshot) -> Snapshot:
    """The snapshot as it would be read after these changes."""
    tabs = [
        *snapshot.tabs,
        *(Tab(new.title, new.title, [list(row) for row in new.top], new.hidden) for new in changes.new_tabs),
    ]
    grids: dict[str, list[list[Value]]] = {}

    def grid(tab: Tab) -> list[list[Value]]:
        if tab.key not in grids:
            grids[tab.key] = [list(row) for row in tab.rows]
        return grids[tab.key]

    by_title = {tab.title.strip().casefold(): tab for tab in tabs}
    for title, rows in changes.appends.items():
        target = grid(by_title[title.strip().casefold()])
        while target and all(value is None or value == "" for value in target[-1]):
            target.pop()
        target += [[_read_back(value) for value in row] for row in rows]
    by_key = {tab.key: tab for tab in tabs}
    for cell in changes.cells:
        _put(grid(by_key[cell.tab]), cell.row, cell.column, _read_back(cell.value))
    return replace(snapshot, tabs=tuple(replace(tab, rows=grids.get(tab.key, tab.rows)) for tab in tabs))


def _put(rows: list[list[Value]], row: int, column: int, value: Value) -> None:
    while len(rows) <= row:
        rows.append([])
    cells = rows[row]
    cells += [None] * (column + 1 - len(cells))
    cells[column] = value


def _read_back(value: Writable) -> Value:
    return serial_of(value) if isinstance(value, date) else value or None if isinstance(value, str) else value
