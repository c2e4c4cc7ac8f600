"""A tab of an xlsx file is given what it lacks of its look."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

from automation.model.bulk import in_bulk
from automation.model.cells import Value
from automation.sheets.local import charts, formulas
from automation.sheets.local.appearance import differential, shown, upon, wearing, wished
from automation.sheets.local.book import Book, Saved
from automation.sheets.local.columns import Run, allow, shape, warn
from automation.sheets.local.formulas import spelled
from automation.sheets.local.frame import frame
from automation.sheets.local.markup import Node
from automation.sheets.local.notes import Notes
from automation.sheets.local.worksheet import LAST_ROW, ORDER, Cell, bounds, meet, named
from automation.sheets.looks.model import Area, Rule, Style, TabLook
from automation.sheets.port import Snapshot

#: The last row for which rules hold. LibreOffice opens a file with eight such tabs in half the time that it takes with
#: rules down to the end of the tab.
_LAST_RULED = 100_000


@in_bulk
def dress(data: bytes, looks: Sequence[TabLook], seen: Snapshot) -> tuple[int, Saved | None]:
    """How many things the tabs of a file lack of their looks, and the file with those (None with 0). Tabs that are not
    there are passed over."""
    book = Book(data)
    rows = {tab.title: tab.rows for tab in seen.tabs}
    titles = [(book.title_like(look.title), look) for look in looks]
    given = sum(_Tab(book, title, look, rows[title]).dress() for title, look in titles if title is not None)
    return given, book.saved() if given else None


class _Tab:
    """One tab and its look; rows and columns are 1-based."""

    def __init__(self, book: Book, title: str, look: TabLook, rows: Sequence[Sequence[Value]]) -> None:
        self.book, self.title, self.look, self.rows = book, title, look, rows
        self.sheet, self.notes = book.sheet(title), Notes(book, title)
        self.heading = look.heading_row + 1
        self.first = self.heading + 1

    def dress(self) -> int:
        given = self._columns() + self._cells() + self._areas() + self._formulas() + self._rules()
        given += frame(self.book, self.title, self.look, self._values(self.heading))
        return given + charts.lacking(self.book, self.title, self.look.charts, ours=self.look.ours)

    def _values(self, row: int) -> Sequence[Value]:
        return self.rows[row - 1] if row <= len(self.rows) else ()

    def _is_empty(self, row: int, column: int) -> bool:
        return column > len(values := self._values(row)) or values[column - 1] is None

    def _style(self, row: int, column: int, style: int) -> None:
        self.sheet.edit(row).cell(column).set(s=style)

    def _columns(self) -> int:
        given = 0
        tall = any(look.wrapped for look in self.look.columns)
        for look in self.look.columns:
            column = look.column + 1
            if look.heading != Style():
                given += self._wear(self.heading, column, look.heading)
            given += self._tell(self.heading, column, look.note)
            given += shape(self.book.styles, self.sheet, look, self.first, tall=tall, ours=self.look.ours)
            below = Run(column, self.first, LAST_ROW, len(self.rows))
            if look.allowed is not None:
                given += allow(self.book, self.sheet, look.allowed, below)
            elif look.guarded:
                given += warn(self.sheet, self.look.guard, below)
        return given

    def _cells(self) -> int:
        given = 0
        for look in self.look.cells:
            row, column = look.row + 1, look.column + 1
            given += self._tell(row, column, look.note)
            if look.allowed is not None:
                given += allow(self.book, self.sheet, look.allowed, Run(column, row, row, row))
        return given

    def _wear(self, row: int, column: int, style: Style) -> bool:
        """Give a cell this style if it has no colours yet; whether it was given. What lies hidden in a merged range has
        no look of its own."""
        number = int(self.sheet.cell(row, column).get("s", "0"))
        worn = shown(self.book.styles, number)
        wish = wished(self.book.styles, style, worn, ours=self.look.ours)
        if wish == worn or self.sheet.hiding(row, column):
            return False
        self._style(row, column, wearing(self.book.styles, number, wish))
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
        styles: dict[Cell, Style] = {}
        for area in self.look.areas:
            for cell in formulas.cells_in(bounds(_range(area))):
                styles[cell] = upon(styles.get(cell, Style()), area.style)
        given += sum(self._merge(area) for area in self.look.areas if area.merged)
        return given + sum(self._wear(*cell, style) for cell, style in styles.items())

    def _unmerge(self) -> int:
        """Take apart what is merged and should not be: it would hide what stands there now."""
        wished = {_range(area) for area in self.look.areas if area.merged}
        others = [merge for merge in self.sheet.merged() if merge.get("ref") not in wished]
        for merge in others:
            self.sheet.drop("mergeCells", merge)
            _, *hidden = formulas.cells_in(bounds(merge.get("ref")))
            for cell in hidden:
                if self.sheet.cell(*cell):
                    self._style(*cell, 0)
        return len(others)

    def _merge(self, area: Area) -> bool:
        """Make one cell of them, unless that would hide something or some are merged already."""
        _, *hidden = formulas.cells_in(bounds(_range(area)))
        taken = any(meet(bounds(merge.get("ref")), bounds(_range(area))) for merge in self.sheet.merged())
        if taken or not hidden or not all(self._is_empty(*cell) for cell in hidden):
            return False
        for cell in hidden if area.style.boxed else ():  # its border is drawn by all its cells
            self._style(*cell, wearing(self.book.styles, 0, Style(boxed=True)))
        merges = self.sheet.section("mergeCells")
        merges.add("mergeCell", ref=_range(area))
        merges.set(count=len(merges.nodes))
        return True

    def _formulas(self) -> int:
        given = 0
        for look in self.look.formulas:
            row, column = look.row + 1, look.column + 1
            there = self.sheet.cell(row, column).find("f")
            free = (self.look.ours or self._is_empty(row, column)) and not self.sheet.hiding(row, column)
            lacks = free and spelled(there.text) != spelled(look.formula)
            if lacks:
                self.book.put_formula(self.title, row, column, look.formula)
            given += lacks + (bool(there or lacks) and self._wear(row, column, look.style))
        return given

    def _rules(self) -> int:
        """Give the tab the rules that it has none of that formula of; the robot's own tab has no others. Rules that
        people made come first."""
        areas = self.sheet.frame.each("conditionalFormatting")
        there = [(area, rule, self._as_written(area, rule)) for area in areas for rule in area.each("cfRule")]
        wanted = {spelled(rule.formula): rule for rule in self.look.rules}
        outdated = [(area, rule) for area, rule, formula in there if self.look.ours and formula not in wanted]
        for area, rule in outdated:
            area.children.remove(rule)
            if not area.each("cfRule"):
                self.sheet.frame.children.remove(area)
        known = {formula for _, _, formula in there}
        lacking = [rule for formula, rule in wanted.items() if formula not in known]
        first = max((int(rule.get("priority", "0")) for _, rule, _ in there), default=0) + 1
        for priority, wish in enumerate(lacking, start=first):
            self._add_rule(wish, priority)
        return len(outdated) + len(lacking)

    def _add_rule(self, rule: Rule, priority: int) -> None:
        left, right = (get_column_letter(column + 1) for column in rule.columns)
        area = Node(f"{self.sheet.prefix}conditionalFormatting", {"sqref": f"{left}{self.first}:{right}{_LAST_RULED}"})
        number = differential(self.book.styles, rule.style)
        added = area.add("cfRule", type="expression", dxfId=number, priority=priority)
        added.add("formula").children = [escape(rule.formula.removeprefix("="))]
        self.sheet.frame.insert(area, ORDER)

    def _as_written(self, area: Node, rule: Node) -> str | None:
        """A rule's formula as it would be written for the first row; rows that were inserted or deleted have moved
        it."""
        if rule.get("type") != "expression":
            return None
        top = min((bounds(part)[1] for part in area.get("sqref").split()), default=self.first)
        moved = formulas.copied(rule.find("formula").text, (top, 1), (self.first, 1))
        return None if moved is None else spelled(moved)


def _range(area: Area) -> str:
    return named((area.left + 1, area.top + 1, area.right, area.bottom))
