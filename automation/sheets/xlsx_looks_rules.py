"""Rules of an xlsx file: cells that look different while a formula holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openpyxl.formatting.rule import Rule as XlsxRule
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from automation.sheets.looks.model import Rule
from automation.sheets.xlsx_looks_cells import differential, spelled

#: The last row for which rules hold. LibreOffice opens a file with eight such tabs in half the time that it takes with
#: rules down to the end of the tab.
LAST = 100_000


def rule(sheet: Worksheet, rules: Sequence[Rule], first: int) -> int:
    """Give a tab the rules that it has none of that formula of, for its rows from `first` (1-based) on; how many.

    Rules that people made come first.
    """
    there = _there(sheet, first)
    known = {formula for _, _, formula in there}
    lacking = {formula: one for one in rules if (formula := spelled(one.formula)) not in known}
    priority = max((one.priority for _, one, _ in there), default=0)
    for number, one in enumerate(lacking.values(), start=priority + 1):
        left, right = (get_column_letter(column + 1) for column in one.columns)
        formula = one.formula.removeprefix("=")
        added: Any = XlsxRule(type="expression", dxf=differential(one.style), formula=[formula], priority=number)
        sheet.conditional_formatting.add(f"{left}{first}:{right}{LAST}", added)
    return len(lacking)


def take_off(sheet: Worksheet, rules: Sequence[Rule], first: int) -> int:
    """Take off the rules that are none of these; how many."""
    wished = {spelled(one.formula) for one in rules}
    outdated = [(area, one) for area, one, formula in _there(sheet, first) if formula not in wished]
    for area, one in outdated:
        kept: Any = sheet.conditional_formatting[area]  # `area.rules` is a copy
        kept.remove(one)
        if not kept:
            del sheet.conditional_formatting[str(area.sqref)]
    return len(outdated)


def _there(sheet: Worksheet, first: int) -> list[tuple[Any, Any, str | None]]:
    areas = sheet.conditional_formatting
    return [(area, one, _as_written(area, one, first)) for area in areas for one in area.rules]


def _as_written(area: Any, one: Any, first: int) -> str | None:
    """A rule's formula as it would be written for the row `first`; rows that were inserted or deleted have moved it."""
    if one.type != "expression" or not one.formula:
        return None
    top = min(part.min_row for part in area.sqref.ranges)
    moved = Translator(f"={one.formula[0]}", origin=f"A{top}").translate_formula(f"A{first}")
    return spelled(moved)
