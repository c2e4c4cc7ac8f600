"""A tab as it was read, and a cell to write: what the decisions about cases take and give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from automation.cases.cells import Value, Writable


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab as read. `rows[r][c]` is the cell in 0-based row r and column c; rows may be shorter than the widest,
    and trailing empty rows and cells may be missing. `key` names the tab for writing and outlives a renaming where
    the kind of workbook allows it (Google's sheet id); `title` is what people see."""

    key: str
    title: str
    rows: Sequence[Sequence[Value]]
    hidden: bool = False


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
