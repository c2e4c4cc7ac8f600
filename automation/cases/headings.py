"""The headings of an intake tab."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from automation.model.cells import Value
from automation.tables.headings import ROWS_SEARCHED, Headings, find_columns, fold
from automation.tables.intake import INTAKE
from automation.tables.table import Column

__all__ = ["FEWEST", "ROWS_SEARCHED", "Headings", "find_headings", "fold"]

#: So few headings could stand in any table; a tab with fewer is nobody's intake.
FEWEST = 5


def find_headings(rows: Sequence[Sequence[Value]]) -> Headings[Column] | None:
    """The row, among the first ten, that holds the most headings of an intake tab; None where no row holds five. What
    a tab may do without is not missing."""
    found = find_columns(rows, INTAKE.columns)
    if len(found.columns) < FEWEST:
        return None
    return replace(found, missing=tuple(column for column in found.missing if not column.optional))
