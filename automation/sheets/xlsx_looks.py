"""A tab of an xlsx file is given what it lacks of its look: from bytes to bytes, through openpyxl."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from openpyxl import Workbook as Book
from openpyxl.styles import Color
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from automation.cases.bulk import in_bulk
from automation.sheets.looks.model import Area, Style, TabLook
from automation.sheets.port import Snapshot
from automation.sheets.xlsx_carry import carry_over, plain_columns
from automation.sheets.xlsx_charts import draw, drawn, wished
from automation.sheets.xlsx_drawings import Place as Drawing, charts, without
from automation.sheets.xlsx_formulas import Place
from automation.sheets.xlsx_looks_cells import tell, upon, wear, work_out
from automation.sheets.xlsx_looks_columns import LAST, Run, allow, shape, warn
from automation.sheets.xlsx_looks_rules import rule, take_off
from automation.sheets.xlsx_read import opened
from automation.sheets.xlsx_things import Thing
from automation.sheets.xlsx_write import finished

#: Columns right of the headings that the filter takes along: sorting by its arrows moves only what it covers, and a
#: column that people add must not stay behind when the rows move.
_SPARE = 10
#: Points of a pixel; inches of paper left free around a tab that is printed on one page.
_POINTS, _EDGE = 0.75, 0.5


@dataclass(slots=True)
class Dressed:
    """A file after it was dressed: how many things it was given, and which cells hold a formula that they didn't.

    `before` is what may not be lost of the old file: all but the robot's own charts that draw other cells by now.
    `taken` are things of the robot's own that were taken off, each with its tab.
    """

    before: bytes
    data: bytes = b""
    given: int = 0
    formulas: set[Place] = field(default_factory=set)
    taken: set[tuple[str, Thing]] = field(default_factory=set)


@in_bulk
def dress(data: bytes, looks: Sequence[TabLook], seen: Snapshot, name: str) -> Dressed:
    """The file with all that its tabs lack of their looks. Tabs that are not there are passed over."""
    done = Dressed(data)
    with opened(data, name) as book:
        carry_over(book, data)
        plain, there = plain_columns(data), charts(data)
        outdated: list[Drawing] = []
        for look in looks:
            sheet = _sheet(book, look.title)
            if sheet is not None:
                done.given += _Tab(sheet, look, plain.get(sheet.title, frozenset()), done).dress()
                outdated += _draw(sheet, look, there.get(sheet.title, ()), done)
        if outdated:
            done.before = without(data, outdated)
        if done.given:
            done.data = finished(book, done.before, done.formulas, seen)
    return done


def _draw(sheet: Worksheet, look: TabLook, there: Sequence[tuple[Drawing, Element]], done: Dressed) -> list[Drawing]:
    """Draw the charts that the tab has none of that title of; returns the robot's own that draw other cells by now."""
    outdated: list[Drawing] = []
    known = [(place, drawn(chart)) for place, chart in there]
    for chart in look.charts:
        wish = wished(sheet, chart)
        alike = [(place, has) for place, has in known if has.title == chart.title]
        if wish is None or wish in [has for _, has in alike] or (alike and not look.ours):
            continue
        outdated += [place for place, _ in alike]
        draw(sheet, chart)
        done.given += 1
    return outdated


def _sheet(book: Book, title: str) -> Worksheet | None:
    wanted = title.strip().casefold()
    return next((sheet for sheet in book.worksheets if sheet.title.strip().casefold() == wanted), None)


class _Tab:
    def __init__(self, sheet: Worksheet, look: TabLook, plain: frozenset[int], done: Dressed) -> None:
        self.sheet, self.look, self.plain, self.done = sheet, look, plain, done
        self.heading = look.heading_row + 1
        self.first = self.heading + 1

    def dress(self) -> int:
        return self._columns() + self._cells() + self._areas() + self._formulas() + self._rules() + self._frame()

    def _columns(self) -> int:
        given = 0
        sheet, ours = self.sheet, self.look.ours
        tall = any(look.wrapped for look in self.look.columns)
        used = max((row for (row, _), cell in sheet._cells.items() if cell.value is not None), default=0)
        for look in self.look.columns:
            heading = sheet.cell(self.heading, look.column + 1)
            if look.heading != Style():
                given += wear(heading, look.heading, ours=ours)
            given += tell(heading, look.note, ours=ours)
            given += shape(sheet, look, self.first, self.plain, tall=tall, ours=ours)
            below = Run(look.column + 1, self.first, LAST, used)
            if look.allowed is not None:
                given += allow(sheet, look.allowed, below)
            elif look.guarded:
                given += warn(sheet, self.look.guard, below)
        return given

    def _cells(self) -> int:
        given = 0
        for look in self.look.cells:
            row, column = look.row + 1, look.column + 1
            given += tell(self.sheet.cell(row, column), look.note, ours=self.look.ours)
            if look.allowed is not None:
                given += allow(self.sheet, look.allowed, Run(column, row, row, row))
        return given

    def _areas(self) -> int:
        """Where areas lie upon each other, the last says what it wishes, the others the rest."""
        given = self._unmerge() if self.look.ours else 0
        wished: dict[tuple[int, int], Style] = {}
        for area in self.look.areas:
            for row in range(area.top, area.bottom):
                for column in range(area.left, area.right):
                    wished[row, column] = upon(wished.get((row, column), Style()), area.style)
        worn = {
            (row, column)
            for (row, column), style in wished.items()
            if wear(self.sheet.cell(row + 1, column + 1), style, ours=self.look.ours)
        }
        given += len(worn)
        for area in self.look.areas:
            if area.merged:
                given += self._merge(area, anew=(area.top, area.left) in worn)
        return given

    def _unmerge(self) -> int:
        """Take apart what is merged and should not be: it would hide what stands there now."""
        wished = {_range(area).coord for area in self.look.areas if area.merged}
        others = [there.coord for there in self.sheet.merged_cells.ranges if there.coord not in wished]
        for other in others:
            self.sheet.unmerge_cells(other)
        return len(others)

    def _merge(self, area: Area, *, anew: bool) -> bool:
        """Make one cell of them, unless that would hide something or some are merged already. `anew`: also if it is one
        already, because its border is that of its first cell, told to all."""
        wished = _range(area)
        there = any(merged.coord == wished.coord for merged in self.sheet.merged_cells.ranges)
        if there and not anew:
            return False
        if there:
            self.sheet.unmerge_cells(wished.coord)
        if any(not wished.isdisjoint(merged) for merged in self.sheet.merged_cells.ranges):
            return False
        _, *others = (place for row in wished.rows for place in row)
        hidden = [self.sheet._cells[place] for place in others if place in self.sheet._cells]
        if not others or any(cell.value is not None for cell in hidden):
            return False
        for place in others:
            self.sheet._cells.pop(place, None)
        self.sheet.merge_cells(wished.coord)
        return not there

    def _formulas(self) -> int:
        given = 0
        for look in self.look.formulas:
            cell: Any = self.sheet.cell(look.row + 1, look.column + 1)
            if work_out(cell, look.formula, ours=self.look.ours):
                self.done.formulas.add((self.sheet.title, look.row, look.column))
                given += 1
            if cell.data_type == "f":
                given += wear(cell, look.style, ours=self.look.ours)
        return given

    def _rules(self) -> int:
        taken = take_off(self.sheet, self.look.rules, self.first) if self.look.ours else 0
        if taken:
            self.done.taken.add((self.sheet.title, Thing.RULE))
        return taken + rule(self.sheet, self.look.rules, self.first)

    def _frame(self) -> int:
        sheet, look = self.sheet, self.look
        given = int(self._freeze()) + self._heights()
        # LibreOffice takes the colour off a protected tab, each time it saves.
        if look.colour is not None and sheet.sheet_properties.tabColor is None and not sheet.protection.sheet:
            sheet.sheet_properties.tabColor = Color(f"FF{look.colour}")
            given += 1
        if look.filtered and not sheet.auto_filter.ref and not sheet.tables:
            sheet.auto_filter.ref = f"A{self.heading}:{get_column_letter(self._width() + _SPARE)}{LAST}"
            given += 1
        if look.protected and not sheet.protection.sheet:
            sheet.protection.enable()
            given += 1
        if not look.gridlines and sheet.sheet_view.showGridLines is not False:
            sheet.sheet_view.showGridLines = False
            given += 1
        fitting = sheet.sheet_properties.pageSetUpPr
        if look.one_page and not (fitting is not None and fitting.fitToPage):
            self._fit_one_page()
            given += 1
        return given

    def _heights(self) -> int:
        given = 0
        for row, pixels in self.look.row_heights:
            dimension = self.sheet.row_dimensions[row + 1]
            wished = pixels * _POINTS
            if dimension.height is None or (self.look.ours and abs(dimension.height - wished) > 1):
                dimension.height = wished
                given += 1
        return given

    def _fit_one_page(self) -> None:
        sheet = self.sheet
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.fitToWidth = sheet.page_setup.fitToHeight = 1
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "portrait", sheet.PAPERSIZE_A4
        sheet.page_margins = PageMargins(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)

    def _freeze(self) -> bool:
        pane: Any = self.sheet.sheet_view.pane
        if pane is not None and pane.state not in ("frozen", "frozenSplit"):
            return False
        there = (int(pane.ySplit or 0), int(pane.xSplit or 0)) if pane is not None else (0, 0)
        wished = (self.look.frozen_rows, self.look.frozen_columns)
        if self.look.ours:
            rows, columns = (has if wants is None else wants for has, wants in zip(there, wished, strict=True))
        else:
            rows, columns = (has or wants or 0 for has, wants in zip(there, wished, strict=True))
        if (rows, columns) == there:
            return False
        self.sheet.sheet_view.selection = self.sheet.sheet_view.selection[:1]
        self.sheet.freeze_panes = f"{get_column_letter(columns + 1)}{rows + 1}"
        return True

    def _width(self) -> int:
        """The last column (1-based) that has a heading."""
        headings: Iterable[tuple[int, int]] = self.sheet._cells
        there = (c for r, c in headings if r == self.heading and self.sheet._cells[r, c].value is not None)
        return max((*there, *(look.column + 1 for look in self.look.columns)), default=1)


def _range(area: Area) -> CellRange:
    return CellRange(min_row=area.top + 1, min_col=area.left + 1, max_row=area.bottom, max_col=area.right)
