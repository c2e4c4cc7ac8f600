"""What the cells of a tab lack of its look: merged cells, styles, formulas, sizes, notes, formats, lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from automation.model.cells import fold_title
from automation.sheets.google.cells import Request, runs, update
from automation.sheets.google.present import Present
from automation.sheets.google.resources import (
    FILL,
    FORMATS,
    INK,
    STYLE_FIELDS,
    Parts,
    cell_parts,
    format_of,
    grid_range,
    is_exactly,
    lacks,
    mask_of,
    part,
    same_formula,
    validation,
)
from automation.sheets.looks.model import Allowed, Area, ListFrom, Style, TabLook

#: The first row and column, and those behind the last (None: as far as the tab goes).
Corners = tuple[int, int, int, int]
Cells = tuple[int, int, int | None, int]

#: Pixels of columns and rows that nobody has set.
UNSET_WIDTH, UNSET_HEIGHT = 100, 21


@dataclass(frozen=True, slots=True)
class Edit:
    """A request, and how many things that a tab lacks it gives."""

    request: Request
    things: int = 1


class CellEdits:
    """What the cells of one tab lack. `tabs` are all that are there, by their folded titles."""

    def __init__(self, look: TabLook, present: Present, tabs: Mapping[str, Present]) -> None:
        self._look, self._present, self._tabs, self._ours = look, present, tabs, look.ours
        self._is_page = look.ours and bool(look.areas)  # areas say all of how it looks
        self._first = look.heading_row + 1
        self._rows = present.grid[0] - self._first  # below the headings

    def all(self) -> Iterator[Edit]:
        """All of it."""
        yield from self._page() if self._is_page else self._areas()
        yield from self._merges()
        yield from self._formulas()
        yield from self._sizes("COLUMNS", [(each.column, each.width) for each in self._look.columns], UNSET_WIDTH)
        yield from self._sizes("ROWS", self._look.row_heights, UNSET_HEIGHT)
        yield from self._headings()
        yield from self.columns()
        for cell in self._look.cells:
            yield from self._note(cell.row, cell.column, cell.note)
            there = self._present.cell(cell.row, cell.column)
            yield from self._list(cell.allowed, _one(cell.row, cell.column), [there], 1)

    # Areas

    def _page(self) -> Iterator[Edit]:
        """A page that does not look as it should begins with a clean sheet."""
        row = self._look.heading_row
        painted = [(_corners(area), area.style) for area in self._look.areas]
        painted += [(_one(row, each.column), each.heading) for each in self._look.columns]
        painted += [(_one(each.row, each.column), each.style) for each in self._look.formulas]
        if not self._is_exact(painted):
            whole = {"sheetId": self._present.id}
            yield Edit({"repeatCell": {"range": whole, "cell": {}, "fields": mask_of(STYLE_FIELDS)}}, 0)
            for corners, style in painted:
                yield from self._formatted(corners, cell_parts(style))

    def _is_exact(self, painted: Iterable[tuple[Corners, Style]]) -> bool:
        """Whether a page looks as it is painted, where later areas lie over earlier ones, and as nothing else, such as
        an earlier version of it. Of merged cells only the first is looked at: nobody sees the others."""
        wanted: dict[tuple[int, int], dict[str, Any]] = {}
        for corners, style in painted:
            for at in _cells(corners):
                wanted.setdefault(at, {}).update(cell_parts(style))
        unseen = {at for area in self._look.areas if area.merged for at in _cells(_corners(area))[1:]}
        looked_at = {*wanted, *self._present.formatted()} - unseen
        return all(is_exactly(self._format(*at), wanted.get(at, {})) for at in looked_at)

    def _areas(self) -> Iterator[Edit]:
        for area in self._look.areas:
            yield from self._formatted(_corners(area), self._style_lacking(_corners(area), area.style))

    def _merges(self) -> Iterator[Edit]:
        wanted = [_corners(area) for area in self._look.areas if area.merged]
        there = [
            (each.get("startRowIndex", 0), each.get("startColumnIndex", 0), each["endRowIndex"], each["endColumnIndex"])
            for each in self._present.all("merges")
        ]
        for corners in there:
            if self._is_page and corners not in wanted:
                yield Edit({"unmergeCells": {"range": self._range(corners)}}, 0)
        for corners in wanted:
            if corners not in there and (self._is_page or self._is_free(corners, there)):
                yield Edit({"mergeCells": {"range": self._range(corners), "mergeType": "MERGE_ALL"}})

    def _is_free(self, corners: Corners, merges: Iterable[Corners]) -> bool:
        """Whether people have merged none of these cells, and would lose nothing: only the first keeps its value."""
        cells = _cells(corners)
        apart = all(set(cells).isdisjoint(_cells(merge)) for merge in merges)
        return apart and not any("userEnteredValue" in self._present.cell(*at) for at in cells[1:])

    # Formulas, sizes, headings

    def _formulas(self) -> Iterator[Edit]:
        for wish in self._look.formulas:
            there = self._present.cell(wish.row, wish.column).get("userEnteredValue", {})
            said = same_formula(there["formulaValue"]) if "formulaValue" in there else there
            if lacks(same_formula(wish.formula), [said], ours=self._ours):
                yield self._cell_edit(wish.row, wish.column, {"userEnteredValue": {"formulaValue": wish.formula}})
            at = _one(wish.row, wish.column)
            yield from self._formatted(at, self._style_lacking(at, wish.style))

    def _sizes(self, dimension: str, wanted: Iterable[tuple[int, int | None]], unset: int) -> Iterator[Edit]:
        shown = self._present.data("columnMetadata" if dimension == "COLUMNS" else "rowMetadata")
        lacking = {}
        for index, pixels in wanted:
            there = shown[index].get("pixelSize") if index < len(shown) else None
            if pixels not in (None, there) and lacks(pixels, [there if there != unset else None], ours=self._ours):
                lacking[index] = pixels
        for first, last, pixels in runs(lacking):
            span = {"sheetId": self._present.id, "dimension": dimension, "startIndex": first, "endIndex": last + 1}
            body = {"range": span, "properties": {"pixelSize": pixels}, "fields": "pixelSize"}
            yield Edit({"updateDimensionProperties": body}, last + 1 - first)

    def _headings(self) -> Iterator[Edit]:
        row, columns = self._look.heading_row, self._look.columns
        styles = {each.column: self._style_lacking(_one(row, each.column), each.heading) for each in columns}
        yield from self._side_by_side({column: (row, row + 1, parts) for column, parts in styles.items()})
        for each in columns:
            yield from self._note(row, each.column, each.note)

    def _note(self, row: int, column: int, note: str) -> Iterator[Edit]:
        there = self._present.cell(row, column).get("note", "")
        if note and lacks(note.strip(), [there.strip()], ours=self._ours):
            yield self._cell_edit(row, column, {"note": note})

    # Columns

    def columns(self) -> Iterator[Edit]:
        """What the columns lack below their headings."""
        formats, wrapping = {}, {}
        for each in self._look.columns:
            if each.format is not None and (top := self._format_from(each.column, FORMATS[each.format])) is not None:
                formats[each.column] = top, None, {"numberFormat": FORMATS[each.format]}
            shown = (value for _, value, _ in self._formats_below(each.column, "wrapStrategy"))
            if each.wrapped and lacks("WRAP", shown, ours=self._ours, cells=self._rows):
                wrapping[each.column] = self._first, None, {"wrapStrategy": "WRAP"}
        yield from self._side_by_side(formats)
        yield from self._side_by_side(wrapping)
        for each in self._look.columns:
            below = self._first, each.column, None, each.column + 1
            cells = (cell for _, cell in self._present.below(self._look.heading_row, each.column))
            yield from self._list(each.allowed, below, cells, self._rows)

    def _formats_below(self, column: int, name: str) -> Iterator[tuple[int, Any, bool]]:
        """The rows of a column in which this field of CellFormat is filled, what stands there, and whether nothing was
        typed there."""
        for row, cell in self._present.below(self._look.heading_row, column):
            if name in cell.get("userEnteredFormat", {}):
                yield row, cell["userEnteredFormat"][name], "userEnteredValue" not in cell

    def _format_from(self, column: int, wanted: Request) -> int | None:
        """The row from which on a column lacks its format; None where it lacks none. What Google makes by itself of a
        date or a number that somebody types is no format of the column: the cells below still lack one."""
        shown = [(row, format.get("type"), empty) for row, format, empty in self._formats_below(column, "numberFormat")]
        if self._ours:
            lacking = lacks(wanted["type"], [kind for _, kind, _ in shown], ours=True, cells=self._rows)
            return self._first if lacking else None
        if any(kind == "TEXT" or empty for _, kind, empty in shown) or (shown and not self._present.whole):
            return None
        top = max((row + 1 for row, _, _ in shown), default=self._first)
        return top if top < self._first + self._rows else None

    def _list(self, allowed: Allowed | None, area: Cells, cells: Iterable[Any], count: int) -> Iterator[Edit]:
        """What may be typed into an area of so many cells. A list is not given before the tab is there that it takes
        from; of what Google shows only the kind is compared."""
        if allowed is None or (isinstance(allowed.what, ListFrom) and fold_title(allowed.what.tab) not in self._tabs):
            return
        rule = validation(allowed)
        kind = {"condition": {"type": rule["condition"]["type"]}}
        shown = [cell["dataValidation"] for cell in cells if "dataValidation" in cell]
        if lacks(kind, shown, ours=self._ours, cells=count):
            yield Edit({"setDataValidation": {"range": self._range(area), "rule": rule}})

    # What edits are made of

    def _format(self, row: int, column: int) -> Mapping[str, Any]:
        format: Mapping[str, Any] = self._present.cell(row, column).get("userEnteredFormat", {})
        return format

    def _range(self, area: Cells) -> Request:
        return grid_range(self._present.id, *area)

    def _cell_edit(self, row: int, column: int, data: Request) -> Edit:
        return Edit(update(str(self._present.id), row, column, [[data]], ",".join(data)))

    def _side_by_side(self, lacking: Mapping[int, tuple[int, int | None, Parts]]) -> Iterator[Edit]:
        """By column: the first row, the row behind the last, and what they lack."""
        for first, last, (top, bottom, parts) in runs(lacking):
            yield from self._formatted((top, first, bottom, last + 1), parts, last + 1 - first)

    def _formatted(self, area: Cells, parts: Parts, things: int = 1) -> Iterator[Edit]:
        """These parts of a style for all cells of an area, and nothing else of theirs."""
        if parts:
            cell = {"userEnteredFormat": format_of(parts)}
            yield Edit({"repeatCell": {"range": self._range(area), "cell": cell, "fields": mask_of(parts)}}, things)

    def _style_lacking(self, corners: Corners, style: Style) -> Parts:
        """What cells lack of a style; nothing on a page, which is painted as a whole. People's own colours keep it away
        altogether; in a tab of the robot's all of it is given again where any of it is missing."""
        formats = [self._format(*at) for at in _cells(corners)]
        if self._is_page or (not self._ours and any(part(each, path) for each in formats for path in (FILL, INK))):
            return {}
        wanted = cell_parts(style)
        lacking = {
            path: value
            for path, value in wanted.items()
            if lacks(value, [part(each, path) for each in formats], ours=self._ours, cells=len(formats))
        }
        return wanted if lacking and self._ours else lacking


def _corners(area: Area) -> Corners:
    return area.top, area.left, area.bottom, area.right


def _one(row: int, column: int) -> Corners:
    return row, column, row + 1, column + 1


def _cells(corners: Corners) -> list[tuple[int, int]]:
    top, left, bottom, right = corners
    return [(row, column) for row in range(top, bottom) for column in range(left, right)]
