"""Kendali, whose copy of all journals lies in a spreadsheet of its own, which only the operator and the robot open.

Whoever works with Kendali sees one workbook: its tab `Riwayat` is the one of Cadangan. A commit goes to Cadangan first,
then to Kendali; killed in between, the next cycle makes Kendali say what Cadangan knows. What Kendali still holds of a
`Riwayat` from before stands below the rest, until it was moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from automation.cases.events import JOURNAL
from automation.model.cells import CellWrite, Tab, Value, Writable, fold_title
from automation.reading.cell_text import writable
from automation.sheets.looks.model import TabLook
from automation.sheets.port import Assumptions, Changes, NewTab, Snapshot, Workbook
from automation.tables.kendali import HEADINGS

_KEY = "cadangan"  # of the tab that stands for Cadangan's


@dataclass(frozen=True, slots=True)
class _Both:
    """The two workbooks as they stood, and the rows (0-based) of Kendali's own journal that Cadangan lacks."""

    kendali: Snapshot
    backup: Snapshot
    left: Sequence[int]


class BackedUp:
    """Implements `Workbook` for Kendali and Cadangan together."""

    def __init__(self, kendali: Workbook, backup: Workbook) -> None:
        self._kendali, self._backup = kendali, backup

    @property
    def source(self) -> str:
        """Kendali's."""
        return self._kendali.source

    @property
    def largest_commit(self) -> int | None:
        """Kendali's."""
        return self._kendali.largest_commit

    @property
    def assumptions(self) -> Assumptions | None:
        """Kendali's."""
        return self._kendali.assumptions

    def read(self) -> Snapshot:
        """Both, as one."""
        return _joined(self._kendali.read(), self._backup.read())

    def commit(self, changes: Changes, seen: Snapshot) -> Snapshot:
        """The journal's rows to Cadangan, then all else to Kendali. Raises `Outrun` where somebody was quicker at
        either; what was written to Cadangan then stays."""
        both = seen.revision
        assert isinstance(both, _Both)  # noqa: S101 - whoever hands in another snapshot has made a mistake
        copied = both.backup.tab(JOURNAL)
        height, own = len(copied.rows) if copied is not None else 1, both.kendali.tab(JOURNAL)
        appends = {title: rows for title, rows in changes.appends.items() if fold_title(title) == fold_title(JOURNAL)}
        to_backup, to_kendali = list[CellWrite](), list[CellWrite]()
        for cell in changes.cells:
            if cell.tab != _KEY:
                to_kendali.append(cell)
            elif cell.row < height and copied is not None:
                to_backup.append(replace(cell, tab=copied.key))
            elif own is not None:
                to_kendali.append(replace(cell, tab=own.key, row=both.left[cell.row - height]))
        lacks = copied is None and (appends or any(tab.title == JOURNAL for tab in changes.new_tabs))
        new = (NewTab(JOURNAL, HEADINGS[JOURNAL], hidden=True, protected=True),) if lacks else ()
        others = tuple(tab for tab in changes.new_tabs if tab.title != JOURNAL)
        rest = {title: rows for title, rows in changes.appends.items() if title not in appends}
        backup = self._backup.commit(Changes(new, appends, to_backup), both.backup)
        kendali = self._kendali.commit(Changes(others, rest, to_kendali, local=changes.local), both.kendali)
        return _joined(kendali, backup)

    def dress(self, looks: Sequence[TabLook]) -> int:
        """Each tab where it is."""
        hidden = [look for look in looks if look.title == JOURNAL]
        return self._kendali.dress([look for look in looks if look.title != JOURNAL]) + self._backup.dress(hidden)

    def link(self, tab: Tab, row: int) -> str:
        """Opens Kendali at this row."""
        return self._kendali.link(tab, row)

    def move(self) -> int:
        """Bring what Kendali still holds of a `Riwayat` to Cadangan, in portions, and empty it there once Cadangan has
        it all; returns how many rows were emptied. Cut off anywhere, it goes on where it was."""
        most = self.largest_commit or 10_000
        seen = self.read()
        while rows := _waiting(seen)[:most]:
            seen = self.commit(Changes(appends={JOURNAL: rows}), seen)
        both = seen.revision
        assert isinstance(both, _Both)  # noqa: S101 - as above
        own = both.kendali.tab(JOURNAL)
        held = [(at, row) for at, row in enumerate(own.rows) if at and row] if own is not None else []
        while held and own is not None:
            cells = [CellWrite(own.key, at, column, None) for at, row in held[-most:] for column in range(len(row))]
            both = replace(both, kendali=self._kendali.commit(Changes(cells=cells), both.kendali))
            held = held[:-most]
        return len(own.rows) - 1 if own is not None and len(own.rows) > 1 else 0


def _waiting(seen: Snapshot) -> Sequence[Sequence[Writable]]:
    """The rows of Kendali's journal that Cadangan lacks."""
    both = seen.revision
    assert isinstance(both, _Both)  # noqa: S101 - as above
    return [[*map(writable, both.kendali.rows(JOURNAL)[at])] for at in both.left]


def _joined(kendali: Snapshot, backup: Snapshot) -> Snapshot:
    copied, own = backup.tab(JOURNAL), kendali.tab(JOURNAL)
    there = {_kept(row) for row in backup.rows(JOURNAL)}
    left = [at for at, row in enumerate(kendali.rows(JOURNAL)) if at and row and _kept(row) not in there]
    tabs = [tab for tab in kendali.tabs if tab is not own]
    if copied is not None or own is not None:
        rows = [*(copied.rows if copied is not None else [HEADINGS[JOURNAL]]), *(own.rows[at] for at in left if own)]
        tabs.append(Tab(_KEY, JOURNAL, rows, hidden=True, locks=copied.locks if copied is not None else ()))
    return Snapshot(kendali.name, tuple(tabs), _Both(kendali, backup, left), kendali.locale)


def _kept(row: Sequence[Value]) -> tuple[Value, ...]:
    """A row without empty cells at its end."""
    cells = [*row]
    while cells and cells[-1] in (None, ""):
        cells.pop()
    return tuple(cells)
