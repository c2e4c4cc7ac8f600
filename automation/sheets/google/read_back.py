"""What is read back of a tab that was written to: the rows that were written, those where headings may stand, and a
column that tells rows from each other. Where all that is as it was meant to be, every write landed beside its row, and
under its heading; where it is not, no more is known than was read, and all of the tab has to be."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from automation.model.cells import Part, Tab, Value, letters, runs
from automation.sheets.google.links import quoted
from automation.sheets.google.snapshot import TOP, rows_of, trimmed

#: So many ranges of a tab at most, and only of one with so many rows.
_RANGES, SHORT = 50, 30


@dataclass(frozen=True, slots=True)
class ReadBack:
    """A tab as it is `meant` to stand, the rows of it that were `written`, and what is read back: `rows` (first and
    last, 0-based) and of the others a `column`; all of it where there are none."""

    meant: Tab
    written: Collection[int] = ()
    rows: Sequence[tuple[int, int]] = ()
    column: int = 0

    @classmethod
    def of(cls, meant: Tab, written: Collection[int], *, whole: bool) -> ReadBack:
        """As little as is enough, unless the `whole` tab is to be read back."""
        rows, below = runs({*range(min(TOP, len(meant.rows))), *written}), meant.rows[TOP:]
        if whole or len(meant.rows) < SHORT or max(written) >= len(meant.rows) or len(rows) > _RANGES:
            return cls(meant)
        columns = range(max(map(len, below), default=1))
        column = next((column for column in columns if _tells_apart(below, column)), None)
        return cls(meant) if column is None else cls(meant, written, rows, column)

    @property
    def ranges(self) -> list[str]:
        """In A1 notation."""
        title, column, last = quoted(self.meant.title), letters(self.column), len(self.meant.rows)
        rows = [f"{title}!{first + 1}:{last + 1}" for first, last in self.rows]
        below = [f"{title}!{column}{TOP + 1}:{column}{last}"] if last > TOP else []  # else the grid may end before it
        return [*rows, *below] if rows else [title]

    def shown(self, tab: Tab, sheet: Mapping[str, Any]) -> Tab:
        """The tab in an answer with these ranges; `Part.MOVED` where it is not as it was meant to be."""
        if not self.rows:
            return tab
        blocks = {(one.get("startRow", 0), one.get("startColumn", 0)): rows_of(one) for one in sheet.get("data", ())}
        rows, changed = [*self.meant.rows], list[tuple[int, Value, Value]]()
        for first, last in self.rows:
            found = blocks.get((first, 0), [])
            rows[first : last + 1] = [*found, *[[]] * (last + 1 - first - len(found))]
            pairs = ((at, zip_longest(self.meant.rows[at], rows[at])) for at in range(first, last + 1))
            changed += [(at, was, now) for at, cells in pairs for was, now in cells if was != now]
        if len(changed) == 1:  # the status line tells another time
            ((at, was, now),) = changed
            changed = [] if at not in self.written and isinstance(was, str) and isinstance(now, str) else changed
        known = trimmed([self.meant.at(at, self.column)] for at in range(TOP, len(rows)))
        moved = changed or blocks.get((TOP, self.column), []) != known
        return replace(tab, rows=rows, part=Part.MOVED if moved else self.meant.part)


def _tells_apart(rows: Sequence[Sequence[Value]], column: int) -> bool:
    """Whether no two of these rows show the same in a column, and most show something."""
    values = [row[column] for row in rows if len(row) > column and row[column] is not None]
    return 2 * len(values) >= len(rows) and len({*values}) == len(values)
