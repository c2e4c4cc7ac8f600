"""What the cells of a tab lack of its look: sizes, headings, columns, lists, formulas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from automation.sheets.google.allowed import condition_of, rule_of
from automation.sheets.google.cells import Request, update
from automation.sheets.google.gifts import Gift, cells_from, formatted, runs, style_lacking
from automation.sheets.google.lacking_areas import area_gifts, is_page
from automation.sheets.google.present import Present, folded
from automation.sheets.google.styles import FORMATS, same_formula
from automation.sheets.looks.model import Allowed, ColumnLook, Format, ListFrom, Style, TabLook

#: Pixels of columns and rows that nobody has set.
UNSET_WIDTHS = (None, 100)
UNSET_HEIGHTS = (None, 21)


class CellGifts:
    """What the cells of one tab lack. `tabs` are all that are there, by their folded titles."""

    def __init__(self, look: TabLook, present: Present, tabs: Mapping[str, Present]) -> None:
        self._look, self._present, self._tabs = look, present, tabs
        self._first, self._last = look.heading_row + 1, present.outline.rows  # rows below the headings

    def gifts(self) -> Iterator[Gift]:
        """All of it."""
        yield from area_gifts(self._look, self._present)
        yield from self._formulas()
        yield from self._sizes()
        yield from self._headings()
        yield from self._columns()
        for cell in self._look.cells:
            yield from self._note(cell.row, cell.column, cell.note)
            if cell.allowed is not None:
                yield from self._allowed_in_cell(cell.row, cell.column, cell.allowed)

    def _range(self, top: int, left: int, bottom: int | None, right: int) -> Request:
        return cells_from(self._present, top, left, bottom, right)

    # Widths and heights

    def _sizes(self) -> Iterator[Gift]:
        widths = [(each.column, each.width) for each in self._look.columns if each.width is not None]
        yield from self._resized("COLUMNS", "columnMetadata", widths, UNSET_WIDTHS)
        yield from self._resized("ROWS", "rowMetadata", self._look.row_heights, UNSET_HEIGHTS)

    def _resized(
        self, dimension: str, shown: str, wanted: Iterable[tuple[int, int]], unset: tuple[int | None, ...]
    ) -> Iterator[Gift]:
        lacking = {}
        for index, pixels in wanted:
            there = self._present.size(shown, index)
            if there != pixels and (self._look.ours or there in unset):
                lacking[index] = pixels
        for first, last, pixels in runs(lacking):
            span = {"sheetId": self._present.outline.id, "dimension": dimension}
            span |= {"startIndex": first, "endIndex": last + 1}
            body = {"range": span, "properties": {"pixelSize": pixels}, "fields": "pixelSize"}
            yield Gift({"updateDimensionProperties": body}, last + 1 - first)

    # Headings

    def _headings(self) -> Iterator[Gift]:
        row = self._look.heading_row
        styles = {}
        for column in self._look.columns:
            if parts := self._style_lacking(row, column.column, column.heading):
                styles[column.column] = parts
        for first, last, parts in runs(styles):
            yield formatted(self._range(row, first, row + 1, last + 1), parts, last + 1 - first)
        for column in self._look.columns:
            yield from self._note(row, column.column, column.note)

    def _style_lacking(self, row: int, column: int, style: Style) -> dict[str, Any]:
        if is_page(self._look):  # its styles are given as a whole
            return {}
        return style_lacking(self._present, [(row, column)], style, ours=self._look.ours)

    def _note(self, row: int, column: int, note: str) -> Iterator[Gift]:
        there = self._present.cell(row, column).get("note", "")
        if note and (not there or (self._look.ours and there.strip() != note.strip())):
            yield Gift(update(str(self._present.outline.id), row, column, [[{"note": note}]], "note"))

    # Columns

    def _columns(self) -> Iterator[Gift]:
        formats = {}
        for column in self._look.columns:
            if column.format is not None and (top := self._format_from(column.column, column.format)) is not None:
                formats[column.column] = top, column.format
        for first, last, (top, format) in runs(formats):
            parts = {"numberFormat": FORMATS[format]}
            yield formatted(self._range(top, first, None, last + 1), parts, last + 1 - first)
        wrapped = {column.column: True for column in self._look.columns if column.wrapped and self._unwrapped(column)}
        for first, last, _ in runs(wrapped):
            area = self._range(self._first, first, None, last + 1)
            yield formatted(area, {"wrapStrategy": "WRAP"}, last + 1 - first)
        for column in self._look.columns:
            if column.allowed is not None:
                shown = [cell["dataValidation"] for _, cell in self._below(column.column) if "dataValidation" in cell]
                area = self._range(self._first, column.column, None, column.column + 1)
                yield from self._allowed(area, column.allowed, shown, self._last - self._first)

    def _below(self, column: int) -> Iterator[tuple[int, Mapping[str, Any]]]:
        return self._present.below(self._look.heading_row, column)

    def _format_from(self, column: int, format: Format) -> int | None:
        """The row from which on a column lacks its format; None where it lacks none. What Google makes by itself of a
        date or a number that somebody types is no format of the column: the cells below still lack one."""
        shown = [
            (row, cell["userEnteredFormat"]["numberFormat"].get("type"), "userEnteredValue" not in cell)
            for row, cell in self._below(column)
            if "numberFormat" in cell.get("userEnteredFormat", {})
        ]
        wanted = FORMATS[format]["type"]
        if self._look.ours:
            complete = sum(kind == wanted for _, kind, _ in shown) == self._last - self._first
            return None if complete else self._first
        if any(kind == "TEXT" or empty for _, kind, empty in shown) or (shown and not self._present.whole):
            return None
        top = max((row + 1 for row, _, _ in shown), default=self._first)
        return top if top < self._last else None

    def _unwrapped(self, column: ColumnLook) -> bool:
        shown = [
            cell["userEnteredFormat"].get("wrapStrategy")
            for _, cell in self._below(column.column)
            if "wrapStrategy" in cell.get("userEnteredFormat", {})
        ]
        return shown.count("WRAP") < self._last - self._first if self._look.ours else not shown

    # What may be typed

    def _allowed_in_cell(self, row: int, column: int, allowed: Allowed) -> Iterator[Gift]:
        cell = self._present.cell(row, column)
        shown = [cell["dataValidation"]] if "dataValidation" in cell else []
        yield from self._allowed(self._range(row, column, row + 1, column + 1), allowed, shown, 1)

    def _allowed(
        self, area: Request, allowed: Allowed, shown: Sequence[Mapping[str, Any]], cells: int
    ) -> Iterator[Gift]:
        """`shown` are the rules that stand in the area, which has so many `cells`."""
        if self._look.ours:
            kind = condition_of(allowed)["type"]
            lacks = sum(rule.get("condition", {}).get("type") == kind for rule in shown) < cells
        else:
            lacks = not shown
        if lacks and self._there(allowed):
            yield Gift({"setDataValidation": {"range": area, "rule": rule_of(allowed)}})

    def _there(self, allowed: Allowed) -> bool:
        return not isinstance(allowed.what, ListFrom) or folded(allowed.what.tab) in self._tabs

    # Formulas

    def _formulas(self) -> Iterator[Gift]:
        for wish in self._look.formulas:
            there = self._present.cell(wish.row, wish.column).get("userEnteredValue")
            said = same_formula((there or {}).get("formulaValue", ""))
            if there is None or (self._look.ours and said != same_formula(wish.formula)):
                value = {"userEnteredValue": {"formulaValue": wish.formula}}
                yield Gift(update(str(self._present.outline.id), wish.row, wish.column, [[value]], "userEnteredValue"))
            if parts := self._style_lacking(wish.row, wish.column, wish.style):
                yield formatted(self._range(wish.row, wish.column, wish.row + 1, wish.column + 1), parts)
