"""Finding the headings of an intake tab, wherever people have moved them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from automation.cases.cells import Value
from automation.cases.columns import REQUIRED, Column

#: People put a title or a note above the headings, so the first row need not hold them.
ROWS_SEARCHED = 10
#: So few headings could stand in any table; a tab with fewer is nobody's intake.
FEWEST = 5

_LONGEST_HEADING = 60


@dataclass(frozen=True, slots=True)
class Headings:
    """Where each column stands: 0-based `row`, 0-based `columns` (a doubled heading counts where it stands first).

    `missing` are required columns without a heading; `doubled` are columns that stand more than once, and that nobody
    can read until one of them is renamed.
    """

    row: int
    columns: Mapping[Column, int]
    missing: tuple[Column, ...]
    doubled: tuple[Column, ...]

    @property
    def complete(self) -> bool:
        """Whether the tab can be read."""
        return not self.missing and not self.doubled


def fold(value: Value) -> str:
    """A heading without what people get wrong in it: case, spacing and punctuation (``RT / RW`` is ``rtrw``)."""
    if not isinstance(value, str) or len(value) > _LONGEST_HEADING:
        return ""
    return "".join(filter(str.isalnum, value.casefold()))


def find_headings(rows: Sequence[Sequence[Value]]) -> Headings | None:
    """The row, among the first ten, that holds the most headings of an intake tab; None where no row holds five."""
    best = max(
        ((index, _columns_of(row)) for index, row in enumerate(islice(rows, ROWS_SEARCHED))),
        key=lambda found: len(found[1]),
        default=None,
    )
    if best is None or len(best[1]) < FEWEST:
        return None
    index, places = best
    return Headings(
        row=index,
        columns={column: at[0] for column, at in places.items()},
        missing=tuple(column for column in REQUIRED if column not in places),
        doubled=tuple(column for column, at in places.items() if len(at) > 1),
    )


def _columns_of(row: Iterable[Value]) -> dict[Column, list[int]]:
    places: dict[Column, list[int]] = {}
    for index, value in enumerate(row):
        column = _COLUMNS.get(fold(value))
        if column is not None:
            places.setdefault(column, []).append(index)
    return places


_COLUMNS = {fold(column.value): column for column in Column}
