"""Where things stand in a spreadsheet: which tabs are the robot's own, and the headings of a tab, wherever people have
moved them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Generic, TypeVar

from automation.model.cells import Tab, Value, fold, fold_title
from automation.tables import kendali
from automation.tables.intake import INTAKE
from automation.tables.journal import JOURNAL
from automation.tables.kendali import GUIDE
from automation.tables.table import Column

#: People put a title or a note above the headings, so the first row need not hold them.
ROWS_SEARCHED = 10

Key = TypeVar("Key", str, Column)


@dataclass(frozen=True, slots=True)
class Headings(Generic[Key]):
    """Where each column stands: 0-based `row`, 0-based `columns` (a doubled heading counts where it stands first).

    `missing` are columns without a heading; `doubled` are columns that stand more than once, and that nobody can read
    until one of them is renamed.
    """

    row: int
    columns: Mapping[Key, int]
    missing: tuple[Key, ...]
    doubled: tuple[Key, ...]

    @property
    def complete(self) -> bool:
        """Whether the tab can be read."""
        return not self.missing and not self.doubled


def find_columns(rows: Sequence[Sequence[Value]], wanted: Iterable[Key]) -> Headings[Key]:
    """The row, among the first ten, that holds the most of the wanted headings; the first one where none holds any."""
    by_name = {fold(str(key)): key for key in wanted}
    best, places = 0, dict[Key, list[int]]()
    for number, row in enumerate(islice(rows, ROWS_SEARCHED)):
        found: dict[Key, list[int]] = {}
        for at, value in enumerate(row):
            if (key := by_name.get(fold(value))) is not None:
                found.setdefault(key, []).append(at)
        if len(found) > len(places):
            best, places = number, found
    return Headings(
        row=best,
        columns={key: at[0] for key, at in places.items()},
        missing=tuple(key for key in by_name.values() if key not in places),
        doubled=tuple(key for key, at in places.items() if len(at) > 1),
    )


#: So few headings could stand in any table; a tab with fewer is nobody's intake.
FEWEST = 5


def find_headings(rows: Sequence[Sequence[Value]]) -> Headings[Column] | None:
    """The row, among the first ten, that holds the most headings of an intake tab; None where no row holds five. What
    a tab may do without is not missing."""
    found = find_columns(rows, INTAKE.columns)
    if len(found.columns) < FEWEST:
        return None
    return replace(found, missing=tuple(column for column in found.missing if not column.optional))


#: What may be chosen in the columns with lists.
LISTS = kendali.LISTS

_OURS = frozenset(map(fold_title, (JOURNAL, LISTS, GUIDE)))


def peoples(tabs: Iterable[Tab]) -> list[Tab]:
    """All other tabs: complaints, and whatever else people keep there."""
    return [tab for tab in tabs if fold_title(tab.title) not in _OURS]
