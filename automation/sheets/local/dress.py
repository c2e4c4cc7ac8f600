"""Gives tabs of an xlsx file what they lack of their looks."""

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

from automation.model.bulk import in_bulk
from automation.sheets.local.appearance import differential, style_of, wearing, without_defaults
from automation.sheets.local.areas import LAST_ROW, bounds, to_a1
from automation.sheets.local.book import Book, Saved
from automation.sheets.local.columns import Columns, file_area, first_cell
from automation.sheets.local.drawings import Notes, draw, seen_chart
from automation.sheets.local.markup import Node
from automation.sheets.local.worksheet import ORDER
from automation.sheets.looks.dressing import Cell, Kind, Way, apply, cells_of, missing_features, overlaid
from automation.sheets.looks.formulas import said
from automation.sheets.looks.model import Place, Rule, Style, TabLook
from automation.sheets.port import Snapshot, Tab

#: The last row that rules cover. LibreOffice opens such a file in half the time that rules to the end would take.
_LAST_RULED = 100_000
#: Columns right of the headings that the filter covers, too: its arrows sort only those, also once people add some.
_SPARE = 10
#: Points of a pixel; inches of paper left free around a tab that is printed on one page.
_POINTS, _EDGE = 0.75, 0.5
_VIEW = ("pane", "selection", "pivotSelection", "extLst")
_PROPERTIES = ("tabColor", "outlinePr", "pageSetUpPr")


@in_bulk
def dress(data: bytes, looks: Sequence[TabLook], seen: Snapshot) -> tuple[int, Saved | None]:
    """How many things the tabs of a file (those that are there) lack of their looks, and the file with them, if any."""
    book = Book(data)
    found = ((look, seen.tab(look.title)) for look in looks)
    tabs = ((look, _Tab(book, tab, look)) for look, tab in found if tab is not None)
    given = sum(apply(missing_features(look, tab), tab) for look, tab in tabs)
    return given, book.saved() if given else None


class _Tab:
    """One tab and its look. Places are 0-based, as in looks; rows and columns of the file are 1-based."""

    def __init__(self, book: Book, tab: Tab, look: TabLook) -> None:
        self._book, self._tab, self._look, title = book, tab, look, tab.title
        sheet = self._sheet = book.sheet(title)
        notes, rules, frame, section = Notes(book, title), self._said(), sheet.frame, sheet.section
        self.ways: Mapping[Kind, Way] = {
            **Columns(book, sheet, look.guard, len(tab.rows)).ways,
            Kind.UNMERGE: (self._merges, self._unmerge),
            Kind.MERGE: (self._merges, self._merge),
            Kind.STYLE: (self._style, self._wear),
            Kind.FORMULA: (self._formula, lambda place, wish: book.put_formula(title, *first_cell(place), wish)),
            Kind.NOTE: (notes.text, notes.put),
            Kind.HEIGHT: (
                self._height,
                lambda place, wish: sheet.edit(place[0] + 1).node.set(ht=f"{wish * _POINTS:g}", customHeight=1),
            ),
            Kind.RULE: (lambda place, wish: said(wish.formula, place[0]) in rules and wish, self._add_rule),
            Kind.CHART: (lambda _, wish: seen_chart(book, title, wish), lambda _, wish: draw(book, title, wish)),
            Kind.FROZEN_ROWS: self._split("ySplit"),
            Kind.FROZEN_COLUMNS: self._split("xSplit"),
            Kind.COLOUR: (
                self._colour,
                lambda _, wish: section("sheetPr").ensure("tabColor", _PROPERTIES).set(rgb=f"FF{wish}"),
            ),
            Kind.NO_GRIDLINES: (
                lambda *_: not self._view.flag("showGridLines", default=True),
                lambda *_: self._own_view().set(showGridLines=0),
            ),
            Kind.FILTERED: (lambda *_: bool(frame.find("autoFilter") or frame.find("tableParts")), self._filter),
            Kind.ONE_PAGE: (lambda *_: frame.find("sheetPr").find("pageSetUpPr").flag("fitToPage"), self._fit_one_page),
            Kind.PROTECTED: (
                lambda *_: frame.find("sheetProtection").flag("sheet"),
                lambda *_: section("sheetProtection").set(sheet=1, objects=1, scenarios=1),
            ),
        }

    def has_tab(self, title: str) -> bool:
        return self._book.title_like(title) is not None

    def is_empty(self, row: int, column: int) -> bool:
        return self._tab.at(row, column) is None

    def styled(self) -> Sequence[Cell]:
        """No cells: other programs give many cells a style that differs in nothing."""
        return ()

    # Cells

    def _style(self, place: Place, wish: Style) -> Style:
        styles = self._book.styles
        worn = style_of(styles, int(self._sheet.cell(*first_cell(place)).get("s", "0")))
        return wish if worn == without_defaults(styles, wish) else worn

    def _wear(self, place: Place, wish: Style) -> None:
        styles, (first, *hidden) = self._book.styles, cells_of(place)
        cell = self._sheet.edit(first[0] + 1).cell(first[1] + 1)
        number = int(cell.get("s", "0"))
        style = wish if self._look.ours else overlaid(style_of(styles, number), wish)
        cell.set(s=wearing(styles, number, without_defaults(styles, style)))
        for row, column in hidden if wish.boxed else ():  # all its cells draw its border
            self._sheet.edit(row + 1).cell(column + 1).set(s=wearing(styles, 0, Style(boxed=True)))

    def _formula(self, place: Place, _: str) -> object:
        formula = self._sheet.cell(*first_cell(place)).find("f")
        return formula.text if formula else not self.is_empty(*place[:2])

    def _merges(self, *_: object) -> list[Place]:
        sides = [bounds(merge.get("ref")) for merge in self._sheet.merged()]
        return [(top - 1, left - 1, bottom, right) for left, top, right, bottom in sides]

    def _merge(self, place: Place, _: object) -> None:
        merges = self._sheet.section("mergeCells")
        merges.add("mergeCell", ref=to_a1(file_area(place)))
        merges.set(count=len(merges.nodes))

    def _unmerge(self, place: Place, _: object) -> None:
        ref = to_a1(file_area(place))
        self._sheet.drop("mergeCells", *(one for one in self._sheet.merged() if one.get("ref") == ref))
        for row, column in cells_of(place)[1:]:
            if self._sheet.cell(row + 1, column + 1):
                self._sheet.edit(row + 1).cell(column + 1).set(s=0)

    # Rules

    def _said(self) -> list[str]:
        """The formulas of the rules, as `said` from the first row of their cells; rules of other kinds have none."""
        found = []
        for area, rule in self._each_rule():
            if rule.get("type") == "expression":
                first = min((bounds(part)[1] for part in area.get("sqref").split()), default=1) - 1
                found.append(said(rule.find("formula").text, first))
        return found

    def _each_rule(self) -> list[tuple[Node, Node]]:
        areas = self._sheet.frame.each("conditionalFormatting")
        return [(area, rule) for area in areas for rule in area.each("cfRule")]

    def _add_rule(self, place: Place, wish: Rule) -> None:
        last = max((int(rule.get("priority", "0")) for _, rule in self._each_rule()), default=0)
        ruled = {"sqref": to_a1(file_area((*place[:2], _LAST_RULED, place[3])))}
        area = self._sheet.frame.insert(Node(f"{self._sheet.prefix}conditionalFormatting", ruled), ORDER)
        number = differential(self._book.styles, wish.style)
        rule = area.add("cfRule", type="expression", dxfId=number, priority=last + 1)
        rule.add("formula").children = [escape(wish.formula.removeprefix("="))]

    # Around the cells

    def _height(self, place: Place, wish: int) -> object:
        row = self._sheet.row(place[0] + 1)
        if row is None or not row.node.flag("customHeight"):
            return None
        return wish if abs(float(row.node.get("ht", "0")) - wish * _POINTS) <= 1 else row  # people's, even if shut

    def _split(self, side: str) -> Way:
        def frozen(_: Place, wish: int) -> int:
            pane = self._view.find("pane")
            split = pane and pane.get("state") not in ("frozen", "frozenSplit")
            return wish if split else int(float(pane.get(side, "0")))

        def freeze(_: Place, wish: int) -> None:
            view = self._own_view()
            pane = view.ensure("pane", _VIEW).set(**{side: wish}, state="frozen")
            columns, rows = (int(float(pane.get(one, "0"))) for one in ("xSplit", "ySplit"))
            corner = "bottomRight" if rows and columns else "bottomLeft" if rows else "topRight"
            pane.set(activePane=corner, topLeftCell=f"{get_column_letter(columns + 1)}{rows + 1}")
            view.discard("selection")
            view.add("selection", _VIEW, pane=corner)

        return frozen, freeze

    @property
    def _view(self) -> Node:
        return self._sheet.frame.find("sheetViews").find("sheetView")

    def _own_view(self) -> Node:
        return self._view or self._sheet.section("sheetViews").add("sheetView", workbookViewId=0)

    def _colour(self, _: Place, wish: str) -> str | None:
        """The tab's colour. A protected tab counts as coloured: LibreOffice removes its colour each time it saves."""
        frame = self._sheet.frame
        there, hidden = frame.find("sheetPr").find("tabColor"), frame.find("sheetProtection").flag("sheet")
        return wish if hidden else there.get("rgb", "of the theme")[-6:] if there else None

    def _filter(self, *_: object) -> None:
        row = self._look.heading_row
        headings = next(iter(self._tab.rows[row : row + 1]), ())
        width = max([1, len(headings), *(one.column + 1 for one in self._look.columns)]) + _SPARE
        ref = f"A{row + 1}:{get_column_letter(width)}{LAST_ROW}"
        self._sheet.section("autoFilter").set(ref=ref)
        self._book.name_filter(self._tab.title, ref)

    def _fit_one_page(self, *_: object) -> None:
        section, edges = self._sheet.section, ("left", "right", "top", "bottom", "header", "footer")
        section("sheetPr").ensure("pageSetUpPr", _PROPERTIES).set(fitToPage=1)
        section("pageMargins").set(**dict.fromkeys(edges, _EDGE))
        section("pageSetup").set(paperSize=9, orientation="portrait", fitToWidth=1, fitToHeight=1)
