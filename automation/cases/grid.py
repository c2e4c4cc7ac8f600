"""A tab as it was read, and a cell to write: what the decisions about cases take and give."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from automation.model.cells import Value, Writable, shown_alike


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab as read. `rows[r][c]` is the cell in 0-based row r and column c; rows may be shorter than the widest,
    and trailing empty rows and cells may be missing. `key` names the tab for writing and outlives a renaming where
    the kind of workbook allows it (Google's sheet id); `title` is what people see."""

    key: str
    title: str
    rows: Sequence[Sequence[Value]]
    hidden: bool = False

    def at(self, row: int, column: int) -> Value:
        """The cell there; None outside of what was read."""
        return self.rows[row][column] if row < len(self.rows) and column < len(self.rows[row]) else None

    def lacks(self, row: int, wanted: Iterable[tuple[int, Writable]]) -> list[CellWrite]:
        """The cells to write so that a row shows what is wanted in these columns."""
        shown = self.rows[row] if row < len(self.rows) else ()
        return [
            CellWrite(self.key, row, column, None if value == "" else value)
            for column, value in wanted
            if not shown_alike(shown[column] if column < len(shown) else None, value)
        ]


@dataclass(frozen=True, slots=True)
class CellWrite:
    """One cell to write: 0-based `row` and `column` of the tab with `tab` as its key."""

    tab: str
    row: int
    column: int
    value: Writable


def letters(column: int) -> str:
    """The letters of a 0-based column: A, Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
