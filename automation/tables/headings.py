"""Finding the headings of a tab, wherever people have moved them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from automation.model.cells import Value
from automation.tables.table import Column

#: People put a title or a note above the headings, so the first row need not hold them.
ROWS_SEARCHED = 10
_LONGEST_HEADING = 60

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


def fold(value: Value) -> str:
    """A heading without what people get wrong in it: case, spacing and punctuation (``RT / RW`` is ``rtrw``)."""
    if not isinstance(value, str) or len(value) > _LONGEST_HEADING:
        return ""
    return "".join(filter(str.isalnum, value.casefold()))


def find_columns(rows: Sequence[Sequence[Value]], wanted: Iterable[Key]) -> Headings[Key]:
    """The row, among the first ten, that holds the most of the wanted headings; the first one where none holds any."""
    by_name = {fold(str(key)): key for key in wanted}
    best, places = 0, dict[Key, list[int]]()
    for number, row in enumerate(islice(rows, ROWS_SEARCHED)):
        found: dict[Key, list[int]] = {}
        for at, value in enumerate(row):
            key = by_name.get(fold(value))
            if key is not None:
                found.setdefault(key, []).append(at)
        if len(found) > len(places):
            best, places = number, found
    return Headings(
        row=best,
        columns={key: at[0] for key, at in places.items()},
        missing=tuple(key for key in by_name.values() if key not in places),
        doubled=tuple(key for key, at in places.items() if len(at) > 1),
    )
