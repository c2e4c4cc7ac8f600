"""What the cells of a tab lack of its look: colours and notes of headings, columns, lists, areas, formulas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from automation.sheets.formulas import letters
from automation.sheets.google_cells import Request, update
from automation.sheets.google_present import Present, folded
from automation.sheets.google_requests import quoted
from automation.sheets.google_styles import (
    ALL_PARTS,
    FORMATS,
    Parts,
    cell_parts,
    format_of,
    has_colours,
    holds,
    is_exactly,
    mask_of,
    part,
    same_formula,
)
from automation.sheets.looks import (
    Allowed,
    AnyDate,
    Area,
    ColumnLook,
    Format,
    ListFrom,
    ListOf,
    Style,
    TabLook,
    WholeNumber,
)

T = TypeVar("T")

#: Pixels of columns and rows that nobody has set.
UNSET_WIDTHS = (None, 100)
UNSET_HEIGHTS = (None, 21)


@dataclass(frozen=True, slots=True)
class Gift:
    """A request, and how many things of a look it gives."""

    request: Request
    things: int = 1


class CellGifts:
    """What the cells of one tab lack. `tabs` are all that are there, by their folded titles."""

    def __init__(self, look: TabLook, present: Present, tabs: Mapping[str, Present]) -> None:
        self._look, self._present, self._tabs = look, present, tabs
        self._page = _page(look)
        self._first, self._last = look.heading_row + 1, present.outline.rows  # rows below the headings

    def gifts(self) -> Iterator[Gift]:
        """All of it."""
        yield from self._areas()  # on a page of the robot's they begin with a clean sheet
        yield from self._formulas()
        yield from self._sizes()
        yield from self._headings()
        yield from self._columns()
        for cell in self._look.cells:
            yield from self._note(cell.row, cell.column, cell.note)
            if cell.allowed is not None:
                yield from self._allowed_in_cell(cell.row, cell.column, cell.allowed)
        yield from self._merges()

    def _range(self, top: int, left: int, bottom: int | None, right: int) -> Request:
        open_ended = {"sheetId": self._present.outline.id, "startRowIndex": top, "startColumnIndex": left}
        return {**open_ended, "endColumnIndex": right, **({} if bottom is None else {"endRowIndex": bottom})}

    def _set_format(self, area: Request, parts: Parts, things: int = 1) -> Gift:
        cell = {"userEnteredFormat": format_of(parts)}
        return Gift({"repeatCell": {"range": area, "cell": cell, "fields": mask_of(parts)}}, things)

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
            if parts := self._style_lacking([(row, column.column)], column.heading):
                styles[column.column] = parts
        for first, last, parts in runs(styles):
            yield self._set_format(self._range(row, first, row + 1, last + 1), parts, last + 1 - first)
        for column in self._look.columns:
            yield from self._note(row, column.column, column.note)

    def _style_lacking(self, cells: Iterable[tuple[int, int]], style: Style) -> dict[str, Any]:
        """What these cells lack of a style. People's own colours keep it away altogether; that of a page is given as a
        whole."""
        wanted = {} if self._page else cell_parts(style)
        formats = [self._present.cell(*at).get("userEnteredFormat", {}) for at in cells]
        if self._look.ours:
            return (
                wanted
                if any(not holds(part(format, path), wanted[path]) for format in formats for path in wanted)
                else {}
            )
        if any(has_colours(format) for format in formats):
            return {}
        return {path: value for path, value in wanted.items() if not any(part(format, path) for format in formats)}

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
            yield self._set_format(self._range(top, first, None, last + 1), parts, last + 1 - first)
        wrapped = {column.column: True for column in self._look.columns if column.wrapped and self._unwrapped(column)}
        for first, last, _ in runs(wrapped):
            area = self._range(self._first, first, None, last + 1)
            yield self._set_format(area, {"wrapStrategy": "WRAP"}, last + 1 - first)
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
            kind = _condition(allowed)["type"]
            lacks = sum(rule.get("condition", {}).get("type") == kind for rule in shown) < cells
        else:
            lacks = not shown
        if lacks and self._there(allowed):
            rule = {"condition": _condition(allowed), "inputMessage": allowed.help, "strict": allowed.strict}
            yield Gift({"setDataValidation": {"range": area, "rule": {**rule, "showCustomUi": True}}})

    def _there(self, allowed: Allowed) -> bool:
        return not isinstance(allowed.what, ListFrom) or folded(allowed.what.tab) in self._tabs

    # Areas

    def _merges(self) -> Iterator[Gift]:
        wanted = [area for area in self._look.areas if area.merged]
        there = [_corners(merge) for merge in self._present.all("merges")]
        lacking = [area for area in wanted if (area.top, area.left, area.bottom, area.right) not in there]
        if self._look.ours:
            spared = {(area.top, area.left, area.bottom, area.right) for area in wanted}
            for merge in there:
                if merge not in spared and any(_meet(merge, area) for area in self._look.areas):
                    top, left, bottom, right = merge
                    yield Gift({"unmergeCells": {"range": self._range(top, left, bottom, right)}}, 0)
        else:  # merging keeps only the value of the first cell
            lacking = [
                area
                for area in lacking
                if not any(_meet(merge, area) for merge in there)
                and not any("userEnteredValue" in self._present.cell(*at) for at in _cells(area)[1:])
            ]
        for area in lacking:
            span = self._range(area.top, area.left, area.bottom, area.right)
            yield Gift({"mergeCells": {"range": span, "mergeType": "MERGE_ALL"}})

    def _areas(self) -> Iterator[Gift]:
        if self._page:
            if not self._is_exact():
                whole = {"sheetId": self._present.outline.id}
                yield Gift({"repeatCell": {"range": whole, "cell": {}, "fields": mask_of(ALL_PARTS)}}, 0)
                for area in self._page:
                    if parts := cell_parts(area.style):
                        yield self._set_format(self._range(area.top, area.left, area.bottom, area.right), parts)
            return
        for area in self._look.areas:
            if parts := self._style_lacking(_cells(area), area.style):
                yield self._set_format(self._range(area.top, area.left, area.bottom, area.right), parts)

    def _is_exact(self) -> bool:
        """Whether a page of the robot's looks as its areas say, where later ones lie over earlier ones, and as nothing
        else, such as an earlier version of it."""
        wanted: dict[tuple[int, int], dict[str, Any]] = {}
        for area in self._page:
            for at in _cells(area):
                wanted.setdefault(at, {}).update(cell_parts(area.style))
        return all(
            is_exactly(self._present.cell(*at).get("userEnteredFormat", {}), wanted.get(at, {}))
            for at in {*wanted, *self._present.touched()}
        )

    # Formulas

    def _formulas(self) -> Iterator[Gift]:
        for wish in self._look.formulas:
            there = self._present.cell(wish.row, wish.column).get("userEnteredValue")
            said = same_formula((there or {}).get("formulaValue", ""))
            if there is None or (self._look.ours and said != same_formula(wish.formula)):
                value = {"userEnteredValue": {"formulaValue": wish.formula}}
                yield Gift(update(str(self._present.outline.id), wish.row, wish.column, [[value]], "userEnteredValue"))
            if parts := self._style_lacking([(wish.row, wish.column)], wish.style):
                yield self._set_format(self._range(wish.row, wish.column, wish.row + 1, wish.column + 1), parts)


def _page(look: TabLook) -> list[Area]:
    """All that has a style on a page of the robot's own, as areas; nothing for other tabs."""
    if not (look.ours and look.areas):
        return []
    cells = [(look.heading_row, each.column, each.heading) for each in look.columns]
    cells += [(each.row, each.column, each.style) for each in look.formulas]
    return [*look.areas, *(Area(row, column, row + 1, column + 1, style) for row, column, style in cells)]


def _condition(allowed: Allowed) -> dict[str, Any]:
    match allowed.what:
        case ListFrom(tab, column, first_row):
            values = [f"={quoted(tab)}!${letters(column)}${first_row + 1}:${letters(column)}"]
            return {"type": "ONE_OF_RANGE", "values": _entered(values)}
        case ListOf(words):
            return {"type": "ONE_OF_LIST", "values": _entered(words)}
        case WholeNumber(low, high):
            return {"type": "NUMBER_BETWEEN", "values": _entered((str(low), str(high)))}
        case AnyDate():
            return {"type": "DATE_IS_VALID"}


def _entered(values: Iterable[str]) -> list[dict[str, str]]:
    return [{"userEnteredValue": value} for value in values]


def runs(wanted: Mapping[int, T]) -> Iterator[tuple[int, int, T]]:
    """First and last of consecutive numbers that have the same value."""
    left = sorted(wanted)
    while left:
        value, length = wanted[left[0]], 1
        while length < len(left) and left[length] == left[0] + length and wanted[left[length]] == value:
            length += 1
        yield left[0], left[length - 1], value
        left = left[length:]


def _corners(merge: Mapping[str, int]) -> tuple[int, int, int, int]:
    first = merge.get("startRowIndex", 0), merge.get("startColumnIndex", 0)
    return (*first, merge["endRowIndex"], merge["endColumnIndex"])


def _meet(merge: tuple[int, int, int, int], area: Area) -> bool:
    top, left, bottom, right = merge
    return top < area.bottom and area.top < bottom and left < area.right and area.left < right


def _cells(area: Area) -> list[tuple[int, int]]:
    return [(row, column) for row in range(area.top, area.bottom) for column in range(area.left, area.right)]
