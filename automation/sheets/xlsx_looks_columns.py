"""Whole columns of an xlsx file: widths, formats, and what may be typed, also into rows that are typed next year."""

from __future__ import annotations

from collections.abc import Iterator, Set as AbstractSet
from copy import copy
from dataclasses import dataclass
from typing import Any

from openpyxl.cell.cell import MergedCell
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.utils.units import DEFAULT_COLUMN_WIDTH
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.worksheet import Worksheet

from automation.sheets.looks.model import Allowed, AnyDate, ColumnLook, Format, ListFrom, ListOf, WholeNumber
from automation.sheets.xlsx_cells import DATE_FORMAT, TEXT_FORMAT
from automation.sheets.xlsx_looks_cells import at_top

#: The last row of every tab.
LAST = 1_048_576
#: Rows of a list: xlsx knows no range without an end.
_LIST = 1000
_FORMATS = {Format.TEXT: TEXT_FORMAT, Format.DATE: DATE_FORMAT}
_GENERAL = "General"
#: What Excel takes of a message, and of a list that stands in the rule itself; more would make the file unreadable.
_LONGEST = 255
#: Empty rows that are told what may be typed into them, at least.
_AHEAD = 500
#: Widths that nobody chose: openpyxl's own, and those that earlier versions gave to new tabs.
_UNCHOSEN = frozenset({DEFAULT_COLUMN_WIDTH, 18, 48})
#: Widths are told in letters, seven pixels each, beside five of margin; LibreOffice rounds them.
_LETTER, _MARGIN = 7, 5
_NEARLY = 1.0


def shape(sheet: Worksheet, look: ColumnLook, first: int, plain: AbstractSet[int], *, tall: bool, ours: bool) -> int:
    """Give a column the width and the format that it lacks, from row `first` (1-based) on.

    `plain` are the columns (1-based) whose width nobody set. `tall`: its rows may be, so that all begins at the top.
    Cells that somebody gave a look keep it, and so do numbers: a format would show them as something else.
    """
    column, given = look.column + 1, 0
    if look.width is not None:
        wished = (look.width - _MARGIN) / _LETTER
        there = _covering(sheet, column)
        custom = there is not None and column not in plain and there.width not in _UNCHOSEN
        if not custom or (ours and there is not None and abs(there.width - wished) > _NEARLY):
            _alone(sheet, column).width = wished
            given += 1
    standing: Any = _covering(sheet, column) or ColumnDimension(sheet)
    wished_format = _FORMATS[look.format] if look.format is not None else None
    formats = wished_format is not None and standing.number_format == _GENERAL
    wraps = look.wrapped and not standing.alignment.wrap_text
    rises = tall and standing.alignment.vertical in (None, "bottom")
    if not (formats or wraps or rises):
        return given
    for target in (_alone(sheet, column), *_unadorned(sheet, column, first)):
        number = getattr(target, "value", None) is not None and target.data_type != "s"
        if formats and target.number_format == _GENERAL and not number:
            target.number_format = wished_format
        if wraps or rises:
            target.alignment = at_top(target.alignment, wrapped=wraps)
    return given + formats + wraps + rises


@dataclass(frozen=True, slots=True)
class Run:
    """Cells of a column (1-based), of which those down to row `used` hold something."""

    column: int
    first: int
    last: int
    used: int


def allow(sheet: Worksheet, allowed: Allowed, run: Run) -> bool:
    """Tell what may be typed into the cells, where nothing tells yet."""
    rule = _rule_for(sheet, allowed)
    return rule is not None and _tell(sheet, rule, run)


def warn(sheet: Worksheet, words: str, run: Run) -> bool:
    """Ask whoever types into the robot's column whether they mean it. It keeps nobody from sorting or deleting rows, as
    a protected tab would."""
    rule = DataValidation(
        type="custom",
        formula1="FALSE",
        errorStyle="warning",
        error=_cut(words) or None,
        showErrorMessage=True,
        allowBlank=True,
    )
    return _tell(sheet, rule, run)


def _tell(sheet: Worksheet, rule: DataValidation, run: Run) -> bool:
    """Add the rule if the cells have none, or make ours longer: LibreOffice lets it end 1000 rows below the last."""
    letter = get_column_letter(run.column)
    rule.sqref = f"{letter}{run.first}:{letter}{run.last}"
    there = [one for one in sheet.data_validations.dataValidation if not _apart(one, rule)]
    if not there:
        sheet.add_data_validation(rule)
        return True
    (known, *others), needed = there, min(run.last, run.used + _AHEAD)
    alike = (known.type, known.error) == (rule.type, rule.error)
    if others or not alike or any(part.max_row >= needed for part in known.sqref.ranges):
        return False
    (wanted,) = rule.sqref.ranges
    known.sqref = MultiCellRange([*(part for part in known.sqref.ranges if not part.issubset(wanted)), wanted])
    return True


def _apart(one: DataValidation, other: DataValidation) -> bool:
    return all(mine.isdisjoint(theirs) for mine in one.sqref.ranges for theirs in other.sqref.ranges)


def _rule_for(sheet: Worksheet, allowed: Allowed) -> DataValidation | None:
    """None for a list whose tab is not there."""
    what: dict[str, Any]
    match allowed.what:
        case ListFrom(tab=title, column=column, first_row=first):
            wanted = title.strip().casefold()
            titles: list[str] = [tab.title for tab in sheet.parent.worksheets]  # type: ignore[union-attr]
            found = next((title for title in titles if title.strip().casefold() == wanted), None)
            if found is None:
                return None
            letter = get_column_letter(column + 1)
            source = f"{quote_sheetname(found)}!${letter}${first + 1}:${letter}${first + _LIST}"
            what = {"type": "list", "formula1": source}
        case ListOf(values=values):
            entries = ",".join(values).replace('"', '""')
            if any("," in value for value in values) or len(entries) > _LONGEST:
                raise ValueError(f"no list of an xlsx file: {values}")
            what = {"type": "list", "formula1": f'"{entries}"'}
        case AnyDate():
            # Nothing else shows what a date should look like: a list has its arrow.
            guidance = {"prompt": _cut(allowed.help) or None, "showInputMessage": True}
            what = {"type": "date", "operator": "greaterThanOrEqual", "formula1": "1", **guidance}
        case WholeNumber(low=low, high=high):
            what = {"type": "whole", "operator": "between", "formula1": str(low), "formula2": str(high)}
    return DataValidation(
        **what,
        errorStyle="stop" if allowed.strict else "warning",
        error=_cut(allowed.help) or None,
        showErrorMessage=True,
        allowBlank=True,
    )


def _cut(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rsplit(' ', 1)[0]}…"


def _unadorned(sheet: Worksheet, column: int, first: int) -> Iterator[Any]:
    """The cells below the headings that are empty, or that nobody gave any look."""
    cells: dict[tuple[int, int], Any] = sheet._cells  # iter_rows() would make every empty cell
    for (row, at), cell in cells.items():
        if at == column and row >= first and not isinstance(cell, MergedCell):
            style = cell._style
            adorned = style.fillId or style.borderId or style.numFmtId or cell.alignment.wrap_text
            if cell.has_style if cell.value is None else not adorned:
                yield cell


def _covering(sheet: Worksheet, column: int) -> Any:
    dimensions: list[Any] = list(sheet.column_dimensions.values())
    for dimension in dimensions:
        dimension.reindex()
    return next((dimension for dimension in dimensions if dimension.min <= column <= dimension.max), None)


def _alone(sheet: Worksheet, column: int) -> Any:
    """The column's own dimension, taken out of the run of like columns that a file may keep it in."""
    run = _covering(sheet, column)
    if run is None:
        return sheet.column_dimensions[get_column_letter(column)]
    if run.min == run.max:
        return run
    for key in [key for key, dimension in sheet.column_dimensions.items() if dimension is run]:
        del sheet.column_dimensions[key]
    for first, last in ((run.min, column - 1), (column, column), (column + 1, run.max)):
        if first <= last:
            letter = get_column_letter(first)
            part: Any = ColumnDimension(
                sheet,
                index=letter,
                width=run.width,
                bestFit=run.bestFit,
                hidden=run.hidden,
                outlineLevel=run.outlineLevel,
                collapsed=run.collapsed,
                min=first,
                max=last,
            )
            part._style = copy(run._style)
            sheet.column_dimensions[letter] = part
    return sheet.column_dimensions[get_column_letter(column)]
