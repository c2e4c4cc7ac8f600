"""A tab of an xlsx file is given what it lacks of its look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

from automation.cases.bulk import in_bulk
from automation.cases.cells import Value
from automation.sheets.local import charts, formulas
from automation.sheets.local.book import Book, Saved
from automation.sheets.local.columns import Run, allow, shape, warn
from automation.sheets.local.formulas import spelled
from automation.sheets.local.markup import Node
from automation.sheets.local.notes import Notes
from automation.sheets.local.styles import comparable, upon
from automation.sheets.local.worksheet import LAST_ROW, ORDER, Worksheet, bounds, named
from automation.sheets.looks import Area, Rule, Style, TabLook
from automation.sheets.port import Snapshot

#: Columns right of the headings that the filter takes along: sorting by its arrows moves only what it covers, and a
#: column that people add must not stay behind when the rows move.
_SPARE = 10
#: Points of a pixel; inches of paper left free around a tab that is printed on one page.
_POINTS, _EDGE = 0.75, 0.5
#: The last row for which rules hold. LibreOffice opens a file with eight such tabs in half the time that it takes with
#: rules down to the end of the tab.
_LAST_RULED = 100_000
_VIEW = ("pane", "selection", "pivotSelection", "extLst")
_PROPERTIES = ("tabColor", "outlinePr", "pageSetUpPr")


@dataclass(frozen=True, slots=True)
class Dressed:
    """How many things a file was given, and the file with them."""

    given: int
    saved: Saved | None


@in_bulk
def dress(data: bytes, looks: Sequence[TabLook], seen: Snapshot) -> Dressed:
    """The file with all that its tabs lack of their looks. Tabs that are not there are passed over."""
    book = Book(data)
    rows = {tab.title: tab.rows for tab in seen.tabs}
    given = 0
    for look in looks:
        title = book.title_like(look.title)
        if title is not None:
            given += _Tab(book, title, look, rows[title]).dress()
    return Dressed(given, book.saved() if given else None)


class _Tab:
    """One tab and its look; rows and columns are 1-based."""

    def __init__(self, book: Book, title: str, look: TabLook, rows: Sequence[Sequence[Value]]) -> None:
        self.book, self.title, self.look, self.rows = book, title, look, rows
        self.sheet, self.frame, self.notes = book.sheet(title), book.sheet(title).frame, Notes(book, title)
        self.heading = look.heading_row + 1
        self.first = self.heading + 1

    def dress(self) -> int:
        given = self._columns() + self._cells() + self._areas() + self._formulas() + self._rules() + self._frame()
        return given + charts.lacking(self.book, self.title, self.look.charts, ours=self.look.ours)

    def _value(self, row: int, column: int) -> Value:
        return self.rows[row - 1][column - 1] if row <= len(self.rows) and column <= len(self.rows[row - 1]) else None

    def _edit(self) -> Worksheet:
        return self.book.edit(self.title)

    def _style(self, row: int, column: int, style: int) -> None:
        self._edit().edit(row).cell(column).set(s=style)

    def _columns(self) -> int:
        given = 0
        tall = any(look.wrapped for look in self.look.columns)
        for look in self.look.columns:
            column = look.column + 1
            if look.heading != Style():
                given += self._wear(self.heading, column, look.heading)
            given += self._tell(self.heading, column, look.note)
            given += shape(self.book, self.title, look, self.first, tall=tall, ours=self.look.ours)
            below = Run(column, self.first, LAST_ROW, len(self.rows))
            if look.allowed is not None:
                given += allow(self.book, self.title, look.allowed, below)
            elif look.guarded:
                given += warn(self.book, self.title, self.look.guard, below)
        return given

    def _cells(self) -> int:
        given = 0
        for look in self.look.cells:
            row, column = look.row + 1, look.column + 1
            given += self._tell(row, column, look.note)
            if look.allowed is not None:
                given += allow(self.book, self.title, look.allowed, Run(column, row, row, row))
        return given

    def _wear(self, row: int, column: int, style: Style) -> bool:
        """Give a cell this style if it has no colours yet; whether it was given. A cell of the robot's own tab looks
        like this style and nothing else. What lies hidden in a merged range has no look of its own."""
        if self.sheet.hiding(row, column):
            return False
        cell, styles = self.sheet.cell(row, column), self.book.styles
        number = int(cell.get("s", "0")) if cell is not None else 0
        worn = styles.shown(number)
        if self.look.ours:
            wished = replace(style, size=style.size or styles.usual_size())
        else:
            coloured = style.fill is not None or style.ink is not None
            if coloured and (worn.fill is not None or worn.ink is not None):
                return False
            wished = upon(worn, style)
        if (wished := comparable(wished)) == worn:
            return False
        self._style(row, column, styles.wearing(number, wished))
        return True

    def _tell(self, row: int, column: int, note: str) -> bool:
        """Give a cell this note if it has none (in the robot's own tab: if it says something else)."""
        there = self.notes.text(row, column)
        same = there is not None and (not self.look.ours or there.split() == note.split())
        if not note or same or self.sheet.hiding(row, column):
            return False
        self.notes.put(row, column, note)
        return True

    def _areas(self) -> int:
        """Where areas lie upon each other, the last says what it wishes, the others the rest."""
        given = self._unmerge() if self.look.ours else 0
        wished: dict[tuple[int, int], Style] = {}
        for area in self.look.areas:
            for row in range(area.top, area.bottom):
                for column in range(area.left, area.right):
                    wished[row + 1, column + 1] = upon(wished.get((row + 1, column + 1), Style()), area.style)
        given += sum(self._merge(area) for area in self.look.areas if area.merged)
        return given + sum(self._wear(row, column, style) for (row, column), style in wished.items())

    def _unmerge(self) -> int:
        """Take apart what is merged and should not be: it would hide what stands there now."""
        wished = {_range(area) for area in self.look.areas if area.merged}
        others = [merge for merge in self.sheet.merged() if merge.get("ref") not in wished]
        for merge in others:
            sheet = self._edit()
            sheet.drop("mergeCells", merge)
            left, top, right, bottom = bounds(merge.get("ref"))
            for row, column in formulas.cells_in((left, top, right, bottom)):
                if (row, column) != (top, left) and sheet.cell(row, column) is not None:
                    self._style(row, column, 0)
        return len(others)

    def _merge(self, area: Area) -> bool:
        """Make one cell of them, unless that would hide something or some are merged already."""
        cells = [(r + 1, c + 1) for r in range(area.top, area.bottom) for c in range(area.left, area.right)]
        left, top, right, bottom = bounds(_range(area))
        for merge in self.sheet.merged():
            a, b, c, d = bounds(merge.get("ref"))
            if a <= right and c >= left and b <= bottom and d >= top:
                return False
        if len(cells) == 1 or any(self._value(*cell) is not None for cell in cells[1:]):
            return False
        for row, column in cells[1:] if area.style.boxed else ():  # its border is drawn by all its cells
            self._style(row, column, self.book.styles.wearing(0, Style(boxed=True)))
        merges = self._edit().section("mergeCells")
        merges.add("mergeCell", ref=_range(area))
        merges.set(count=len(merges.nodes))
        return True

    def _formulas(self) -> int:
        given = 0
        for look in self.look.formulas:
            row, column = look.row + 1, look.column + 1
            cell = self.sheet.cell(row, column)
            there = cell.find("f") if cell is not None else None
            same = there is not None and spelled(there.text) == spelled(look.formula)
            empty = self._value(row, column) is None
            if not same and (self.look.ours or empty) and not self.sheet.hiding(row, column):
                self.book.put_formula(self.title, row, column, look.formula)
                given += 1
                there = look
            if there is not None:
                given += self._wear(row, column, look.style)
        return given

    def _rules(self) -> int:
        """Give the tab the rules that it has none of that formula of; the robot's own tab has no others. Rules that
        people made come first."""
        there = [(area, rule, self._as_written(area, rule)) for area in self._ruled() for rule in area.each("cfRule")]
        wished = {spelled(rule.formula): rule for rule in self.look.rules}
        outdated = [(area, rule) for area, rule, formula in there if self.look.ours and formula not in wished]
        for area, rule in outdated:
            area.children = [child for child in area.children if child is not rule]
            if not area.each("cfRule"):
                self._edit().frame.children.remove(area)
        known = {formula for _, _, formula in there}
        lacking = [rule for formula, rule in wished.items() if formula not in known]
        gone = [rule for _, rule in outdated]
        priorities = [int(rule.get("priority", "0")) for _, rule, _ in there if rule not in gone]
        for priority, rule in enumerate(lacking, start=max(priorities, default=0) + 1):
            self._add_rule(rule, priority)
        return len(outdated) + len(lacking)

    def _ruled(self) -> list[Node]:
        return self.frame.each("conditionalFormatting")

    def _add_rule(self, rule: Rule, priority: int) -> None:
        left, right = (get_column_letter(column + 1) for column in rule.columns)
        sheet = self._edit()
        area = Node(f"{sheet.prefix}conditionalFormatting", {"sqref": f"{left}{self.first}:{right}{_LAST_RULED}"})
        look = self.book.styles.differential(rule.style)
        added = area.add("cfRule", type="expression", dxfId=look, priority=priority)
        added.add("formula").children = [escape(rule.formula.removeprefix("="))]
        sheet.frame.insert(area, ORDER)

    def _as_written(self, area: Node, rule: Node) -> str | None:
        """A rule's formula as it would be written for the first row; rows that were inserted or deleted have moved
        it."""
        formula = rule.find("formula")
        if rule.get("type") != "expression" or formula is None:
            return None
        top = min(bounds(part)[1] for part in area.get("sqref").split())
        moved = formulas.copied(formula.text, (top, 1), (self.first, 1))
        return None if moved is None else spelled(moved)

    def _frame(self) -> int:
        look = self.look
        given = int(self._freeze()) + self._heights()
        properties = self.frame.find("sheetPr") or Node("")
        protected = (self.frame.find("sheetProtection") or Node("")).flag("sheet")
        # LibreOffice takes the colour off a protected tab, each time it saves.
        if look.colour is not None and properties.find("tabColor") is None and not protected:
            self._property("tabColor").set(rgb=f"FF{look.colour}")
            given += 1
        if look.filtered and self.frame.find("autoFilter") is None and self.frame.find("tableParts") is None:
            self._filter(f"A{self.heading}:{get_column_letter(self._width() + _SPARE)}{LAST_ROW}")
            given += 1
        if look.protected and not protected:
            self._edit().section("sheetProtection").set(sheet=1, objects=1, scenarios=1)
            given += 1
        if not look.gridlines and self._view().flag("showGridLines", default=True):
            self._edit_view().set(showGridLines=0)
            given += 1
        fitting = properties.find("pageSetUpPr")
        if look.one_page and not (fitting is not None and fitting.flag("fitToPage")):
            self._fit_one_page()
            given += 1
        return given

    def _property(self, name: str) -> Node:
        return self._edit().section("sheetPr").ensure(name, _PROPERTIES)

    def _view(self) -> Node:
        views = self.frame.find("sheetViews")
        return (views.find("sheetView") if views is not None else None) or Node("")

    def _edit_view(self) -> Node:
        views = self._edit().section("sheetViews")
        return views.find("sheetView") or views.add("sheetView", workbookViewId=0)

    def _filter(self, ref: str) -> None:
        self._edit().section("autoFilter").set(ref=ref)
        self.book.name_filter(self.title, ref)

    def _heights(self) -> int:
        given = 0
        for at, pixels in self.look.row_heights:
            row, wished = self.sheet.row(at + 1), pixels * _POINTS
            by_hand = row is not None and row.node.flag("customHeight")
            there = float(row.node.get("ht", "0")) if row is not None else 0.0
            if not by_hand or (self.look.ours and abs(there - wished) > 1):
                self._edit().edit(at + 1).node.set(ht=f"{wished:g}", customHeight=1)
                given += 1
        return given

    def _fit_one_page(self) -> None:
        self._property("pageSetUpPr").set(fitToPage=1)
        sheet = self._edit()
        margins = dict.fromkeys(("left", "right", "top", "bottom"), _EDGE)
        sheet.section("pageMargins").set(**margins, header=_EDGE, footer=_EDGE)
        paper = {"paperSize": 9, "orientation": "portrait", "fitToWidth": 1, "fitToHeight": 1}
        sheet.section("pageSetup").set(**paper)

    def _freeze(self) -> bool:
        pane = self._view().find("pane")
        if pane is not None and pane.get("state") not in ("frozen", "frozenSplit"):
            return False
        there = tuple(int(float(pane.get(side, "0"))) if pane is not None else 0 for side in ("ySplit", "xSplit"))
        wished = (self.look.frozen_rows, self.look.frozen_columns)
        if self.look.ours:
            rows, columns = (has if wants is None else wants for has, wants in zip(there, wished, strict=True))
        else:
            rows, columns = (has or wants or 0 for has, wants in zip(there, wished, strict=True))
        if (rows, columns) == there:
            return False
        view = self._edit_view()
        view.discard("pane", "selection")
        if rows or columns:
            corner = "bottomRight" if rows and columns else "bottomLeft" if rows else "topRight"
            first = f"{get_column_letter(columns + 1)}{rows + 1}"
            split = {"xSplit": columns or None, "ySplit": rows or None}
            pane = view.add("pane", _VIEW).set(**split, topLeftCell=first, activePane=corner, state="frozen")
            view.add("selection", _VIEW, pane=corner)
        return True

    def _width(self) -> int:
        """The last column that has a heading."""
        headings = self.rows[self.heading - 1] if self.heading <= len(self.rows) else ()
        return max(1, len(headings), *(look.column + 1 for look in self.look.columns))


def _range(area: Area) -> str:
    return named((area.left + 1, area.top + 1, area.right, area.bottom))
