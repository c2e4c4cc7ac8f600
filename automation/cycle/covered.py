"""Cells of people that one of our writes has covered.

Cells are written by position. On Google, where nothing can be locked, people may insert, move or delete columns (or
rows above the headings) between our reading and our writing; then what was meant for one of our columns lands in one of
theirs. The commit's read-back shows it, and what stood there is known from before.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from automation.cases.cell_text import writable
from automation.cases.cells import Value, shown_alike
from automation.cases.grid import CellWrite, Tab
from automation.cases.headings import fold
from automation.sheets.port import Snapshot

Grid = Sequence[Sequence[Value]]


@dataclass(frozen=True, slots=True)
class Ours:
    """Where a tab's headings stand (0-based), and which of them (as `fold` gives them) are the robot's."""

    row: int
    headings: Collection[str]


#: None for a tab in which nothing is ours, or whose headings can't be found.
Finder = Callable[[Tab], Ours | None]


@dataclass(frozen=True, slots=True)
class Covered:
    """A cell of people's that shows what the robot wrote, and what to write there so that it is theirs again."""

    written: CellWrite
    back: CellWrite

    def still(self, snapshot: Snapshot) -> bool:
        """Whether it still shows what the robot wrote."""
        write = self.written
        tab = next((tab for tab in snapshot.tabs if tab.key == write.tab), None)
        return tab is not None and shown_alike(_cell(tab.rows, write.row, write.column), write.value)


def find_covered(before: Snapshot, after: Snapshot, written: Sequence[CellWrite], find: Finder) -> list[Covered]:
    """The cells that `written` covered: `before` is the workbook with people's cells as they should be, `after` as it
    was read back."""
    by_tab: dict[str, list[CellWrite]] = {}
    for write in written:
        by_tab.setdefault(write.tab, []).append(write)
    old, new = ({tab.key: tab for tab in snapshot.tabs if tab.key in by_tab} for snapshot in (before, after))
    found: list[Covered] = []
    for key, writes in by_tab.items():
        was, now = (find(tabs[key]) if key in tabs else None for tabs in (old, new))
        if was is not None and now is not None:
            move = _Move(old[key].rows, new[key].rows, was, now, {(write.row, write.column) for write in writes})
            found += [] if move.nothing_moved else filter(None, map(move.covered_by, writes))
    return found


class _Move:
    """How a tab's columns and rows have moved while it was written to. `touched` are the positions written."""

    def __init__(self, old: Grid, new: Grid, was: Ours, now: Ours, touched: Collection[tuple[int, int]]) -> None:
        self.old, self.new, self.touched = old, new, touched
        self.old_row, self.new_row, self.ours = was.row, now.row, now.headings
        self.was = [fold(value) for value in old[was.row]]
        self.now = [fold(value) for value in new[now.row]]

    @property
    def nothing_moved(self) -> bool:
        return self.old_row == self.new_row and self.was == self.now

    def covered_by(self, write: CellWrite) -> Covered | None:
        """The cell that this write covered, if it did not land where it was meant to."""
        standing = _cell(self.new, write.row, write.column)
        if not shown_alike(standing, write.value) or self._is_in_place(write):
            return None
        back = writable(self._before(write.row, write.column))
        if shown_alike(standing, back):
            return None
        return Covered(write, CellWrite(write.tab, write.row, write.column, back))

    def _is_in_place(self, write: CellWrite) -> bool:
        """Below the heading below which it was meant to be, or a heading itself (a column that was just added)."""
        heading = _at(self.now, write.column)
        if write.row < self.new_row or heading not in self.ours:
            return False
        return heading == _at(self.was, write.column) or (self.new_row, write.column) in self.touched

    def _before(self, row: int, column: int) -> Value:
        """What a cell would hold but for us; None where nobody can tell."""
        if row < self.new_row:  # a row that was inserted above
            return None
        origin = self._origin(column)
        if origin is None:
            return None
        if row == self.new_row:
            return _cell(self.old, self.old_row, origin) if _at(self.was, origin) not in self.now else None
        from_row = self._row(row)
        return None if from_row is None else _cell(self.old, from_row, origin)

    def _origin(self, column: int) -> int | None:
        """Where a column stood before: as its heading tells; one without, or whose heading is covered, as the nearest
        tells that has one. None for a new column."""
        heading, is_covered = _at(self.now, column), (self.new_row, column) in self.touched
        if heading and not is_covered:
            return self.was.index(heading) if self.was.count(heading) == 1 else None
        known = [
            at
            for at, title in enumerate(self.now)
            if title and (self.new_row, at) not in self.touched and self.was.count(title) == 1
        ]
        nearest = min(known, key=lambda at: abs(at - column), default=None)
        if nearest is None:
            return None
        origin = max(0, self.was.index(self.now[nearest]) + column - nearest)
        return origin if is_covered or not _at(self.was, origin) else None

    def _row(self, row: int) -> int | None:
        """Where a row stood before: at the same distance from the headings, or the only row that holds the same."""
        shared = [
            (self.was.index(heading), at)
            for at, heading in enumerate(self.now)
            if heading and (row, at) not in self.touched and self.was.count(heading) == self.now.count(heading) == 1
        ]
        wanted = [_cell(self.new, row, at) for _, at in shared]

        def agrees(number: int) -> bool:
            return [_cell(self.old, number, at) for at, _ in shared] == wanted

        same = row - self.new_row + self.old_row
        if same < len(self.old) and agrees(same):
            return same
        alike = [number for number in range(self.old_row + 1, len(self.old)) if agrees(number)]
        return alike[0] if len(alike) == 1 else None


def _at(headings: Sequence[str], column: int) -> str:
    return headings[column] if column < len(headings) else ""


def _cell(rows: Grid, row: int, column: int) -> Value:
    return rows[row][column] if row < len(rows) and column < len(rows[row]) else None
