"""Committing to a workbook until it says what it should, whatever people and other robots do meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from automation.cases.cells import Writable
from automation.cases.events import JOURNAL
from automation.cases.grid import CellWrite, Tab
from automation.config.table import find_header
from automation.config.tables import HEADINGS
from automation.cycle.covered import Before, Covered, Finder, find_covered
from automation.sheets.port import Changes, Snapshot, Workbook
from automation.sheets.prepare import new_tab
from automation.trouble import Outrun, WorkbookError

#: How often others may be quicker, or move things under our hands, before the rest waits for the next cycle.
PATIENCE = 6


def _nothing_ours(tab: Tab) -> None:
    """A workbook in which only what is empty is written to."""


class Committer:
    """Commits to one workbook, one commit after the other, and gives people back what a commit has covered. `find`
    tells which columns are the robot's; `snapshot` is how the workbook stands, people's cells as they should be."""

    def __init__(self, workbook: Workbook, snapshot: Snapshot, find: Finder = _nothing_ours) -> None:
        self._workbook, self._standing, self._find = workbook, snapshot, find
        self._covered: Sequence[Covered] = ()
        self._setbacks = 0
        self.snapshot = snapshot

    @property
    def owes(self) -> bool:
        """Whether cells are covered that people have to get back."""
        return bool(self._covered)

    def commit(self, changes: Changes, *, more: bool = False) -> bool:
        """Commit `changes`; with `more` they are known to be a part of what is to do. False when somebody was quicker,
        and nothing was applied. Raises `WorkbookError` when there is no end to it."""
        if self._setbacks >= PATIENCE:
            raise WorkbookError("siklus.terlalu-ramai", workbook=self._standing.name)
        cells = [*changes.cells, *(covered.back for covered in self._covered)]
        try:
            after = self._workbook.commit(replace(changes, cells=cells), self._standing)
        except Outrun:
            # It may have been our own first try, if its answer was lost: then it has covered what it covered.
            self._setbacks += 1
            self._see(self._workbook.read(), cells, certain=False)
            return False
        self._setbacks += not more  # whatever is to do after everything was done has been disturbed by people
        self._see(after, cells, certain=True)
        return True

    def _see(self, snapshot: Snapshot, written: Sequence[CellWrite], *, certain: bool) -> None:
        before = Before(self._standing, self.snapshot, self._covered)
        self._covered = find_covered(before, snapshot, written, self._find, certain=certain)
        self._standing = snapshot
        backs = [one.back for one in self._covered]
        self.snapshot = snapshot.after(Changes(cells=backs)) if backs else snapshot


def portion(changes: Changes, most: int | None) -> Changes:
    """As much of the changes as one commit should carry: `most` rows, appended ones first. The very same changes where
    that is everything."""
    rows = sum(map(len, changes.appends.values())) + len({(cell.tab, cell.row) for cell in changes.cells})
    if most is None or rows <= most:
        return changes
    appends: dict[str, Sequence[Sequence[Writable]]] = {}
    for title, added in changes.appends.items():
        appends[title] = added[:most]
        most -= len(appends[title])
    cells: list[CellWrite] = []
    chosen: set[tuple[str, int]] = set()
    for cell in changes.cells:
        if (cell.tab, cell.row) in chosen or len(chosen) < most:
            chosen.add((cell.tab, cell.row))
            cells.append(cell)
    return replace(changes, appends=appends, cells=cells)


def commit_until_done(
    workbook: Workbook,
    snapshot: Snapshot,
    decide: Callable[[Snapshot], Changes],
    find: Finder = _nothing_ours,
    most: int | None = None,
) -> Snapshot:
    """Commit what `decide` asks for, `most` rows at once, and ask again of what was read back, until it asks for
    nothing."""
    committer = Committer(workbook, snapshot, find)
    while (changes := decide(committer.snapshot)) or committer.owes:
        part = portion(changes, most)
        committer.commit(part, more=part is not changes)
    return committer.snapshot


def append(
    workbook: Workbook,
    snapshot: Snapshot,
    title: str,
    rows_of: Callable[[Snapshot], Sequence[Sequence[Writable]]],
    headings: Sequence[str] | None = None,
) -> Snapshot:
    """Append to one of Kendali's journals under its fence (or to another tab, which has these `headings`): `rows_of` is
    asked again whenever somebody was quicker."""
    for _ in range(PATIENCE):
        rows = rows_of(snapshot)
        if not rows:
            return snapshot
        tab = snapshot.tab(title)
        try:
            if tab is None:
                return workbook.commit(Changes((new_tab(title, headings or HEADINGS[title]),), {title: rows}), snapshot)
            return workbook.commit(Changes(appends={tab.title: _lined_up(tab, title, rows)}), snapshot)
        except Outrun:
            snapshot = workbook.read()
    raise WorkbookError("siklus.terlalu-ramai", workbook=snapshot.name)


def _lined_up(tab: Tab, title: str, rows: Sequence[Sequence[Writable]]) -> Sequence[Sequence[Writable]]:
    """The rows with their values where people have moved the columns to. Of a `Riwayat` they stay as they are: it is
    read by position, since an event may go on to the right of the headings."""
    columns = find_header(tab.rows, HEADINGS[title]).columns
    places = [columns.get(heading, at) for at, heading in enumerate(HEADINGS[title])]
    if title == JOURNAL or places == list(range(len(places))):
        return rows
    lined: list[list[Writable]] = []
    for row in rows:
        line: list[Writable] = [None] * (max(places) + 1)
        for place, value in zip(places, row, strict=True):
            line[place] = value
        lined.append(line)
    return lined
