"""A workbook that is edited part by part."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from operator import itemgetter
from xml.sax.saxutils import escape

from msgspec import Struct
from openpyxl.utils import absolute_coordinate, quote_sheetname

from automation.model.cells import Link, Value, Writable, as_read, fold_title, serial_of
from automation.sheets.local import references
from automation.sheets.local.areas import Cell, bounds, to_a1
from automation.sheets.local.markup import Node
from automation.sheets.local.package import MAIN, Package
from automation.sheets.local.reading import UNCALCULATED
from automation.sheets.local.references import Formula, Place, relink, target_of
from automation.sheets.local.styles import DATE_FORMAT, Styles
from automation.sheets.local.worksheet import Worksheet
from automation.sheets.port import NewTab

_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_RUNS_AS_FORMULA = ("=", "+", "-", "@", "\t", "'", "{")
_EMPTY_TAB = f'<worksheet xmlns="{MAIN}"><sheetData/>{{}}</worksheet>'
_PROTECTION = '<sheetProtection sheet="1" objects="1" scenarios="1"/>'
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_ORDER = (
    *("fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups"),
    *("externalReferences", "definedNames", "calcPr"),
)
_FILTER = "_xlnm._FilterDatabase"


class Saved(Struct, frozen=True):
    """A file ready to be written, and the values that written cells read as, by title, row and column (1-based)."""

    data: bytes
    cells: Mapping[str, Mapping[int, Mapping[int, Value]]]


class Book:
    """All tabs of a file, by title; rows and columns are 1-based. Nothing is written until `saved` says how."""

    def __init__(self, data: bytes) -> None:
        self.package = Package(data)
        self.styles = Styles(self.package)
        self.parts = {title: part for title, part, _ in self.package.sheets()}
        self._sheets: dict[str, Worksheet] = {}
        self._written: dict[str, dict[int, dict[int, Value]]] = defaultdict(lambda: defaultdict(dict))
        self._links: dict[str, dict[Cell, Link]] = defaultdict(dict)
        self._formulas: set[Place] = set()

    def title_like(self, wanted: str) -> str | None:
        """The title of the tab that is meant (case and surrounding space forgiven), or None."""
        return next((title for title in self.parts if fold_title(title) == fold_title(wanted)), None)

    def sheet(self, title: str) -> Worksheet:
        """A tab, to be looked at and changed."""
        if title not in self._sheets:
            self._sheets[title] = Worksheet(self.package.read(self.parts[title]))
        return self._sheets[title]

    def add_tab(self, new: NewTab) -> None:
        """Add an empty tab at the end."""
        content, owner = _EMPTY_TAB.format(_PROTECTION if new.protected else ""), self.package.workbook
        id, part = self.package.add(owner, "worksheet", "xl/worksheets/sheet{}.xml", content, _SHEET_TYPE)
        sheets = self.package.edit(owner).ensure("sheets", _ORDER)
        number = max((int(sheet.get("sheetId", "0")) for sheet in sheets.nodes), default=0) + 1
        sheet = sheets.add("sheet", name=new.title, sheetId=number, **self.package.reference(id))
        sheet.set(state="hidden" if new.hidden else None)
        self.parts[new.title] = part

    def put_away(self, title: str, other: str) -> None:
        """Hide a tab under another title; its own defined names (a filter) follow. Formulas of other tabs still name
        the old title, and so the next tab that gets it."""
        root = self.package.edit(self.package.workbook)
        sheets = root.find("sheets").nodes
        at = [one.get("name") for one in sheets].index(title)
        sheets[at].set(name=other, state="hidden")
        shown = next((number for number, one in enumerate(sheets) if one.get("state", "visible") == "visible"), at)
        for view in root.find("bookViews").nodes:
            view.set(**{name: shown for name in ("firstSheet", "activeTab") if view.get(name) == str(at)})
        own = re.compile(rf"(?:{re.escape(quote_sheetname(title))}|\b{re.escape(title)})!")
        for name in root.find("definedNames").nodes:
            if name.get("localSheetId") == str(at):
                name.children = [escape(own.sub(lambda _: f"{quote_sheetname(other)}!", name.text))]
        self.parts[other] = self.parts.pop(title)

    def is_bare(self, title: str) -> bool:
        """Whether a tab is empty, and nothing in the file refers to it."""
        package, part = self.package, self.parts[title]
        return self.sheet(title).is_bare and not package.relations(part) and not package.speaks_of(title)

    def remove(self, title: str) -> None:
        """Take a tab out; indexes of tabs in the workbook are adjusted."""
        package, place = self.package, [one for one, _, _ in self.package.sheets()].index(title)
        sheets = (root := package.edit(package.workbook)).find("sheets")
        at = sheets.nodes.index(sheets.each("sheet")[place])
        sheets.children.remove(sheets.nodes[at])
        shown = [number for number, one in enumerate(sheets.nodes) if one.get("state", "visible") == "visible"]
        for node in (*root.find("definedNames").nodes, *root.find("bookViews").nodes):
            for name in ("localSheetId", "firstSheet", "activeTab"):
                if (there := int(node.get(name) or -1)) >= at:
                    node.set(**{name: there - 1 if there > at else shown[0]})
        package.remove(package.workbook, self.parts.pop(title))

    def put_row(self, title: str, row: int, values: Mapping[int, Writable]) -> None:
        """Write values into a row, by column; text always as text, a date shown as a date. None and empty text clear
        the cell, which keeps its look."""
        sheet, told, links = self.sheet(title), self._written[title][row], self._links[title]
        there, new, merged = sheet.row(row), dict[int, tuple[str, str]](), sheet.merged()
        for column, value in sorted(values.items(), key=itemgetter(0)):
            told[column] = seen = _read_back(value)
            if links:
                links.pop((row, column), None)
            if seen is None or seen == "":
                if there is not None and column in there.cells:
                    sheet.empty(row, column)
                continue
            if merged and (merge := sheet.hiding(row, column)):
                sheet.drop("mergeCells", merge)
            if isinstance(value, Link):
                links[row, column] = value
            look = self._cell(value, seen, sheet.style(there, column), sheet.prefix)
            if there is not None:
                there.fill(column, *look)
            else:  # most rows are new if thousands are appended
                new[column] = look
        if new:
            sheet.add_row(row, new)
        sheet.settle()

    def _cell(self, value: Writable, seen: Value, style: int, p: str) -> tuple[str, str]:
        """The attributes and content of a cell that will be `seen` so, as XML."""
        if isinstance(value, str):
            text = str(seen)
            if text.startswith(_RUNS_AS_FORMULA):  # Excel would run it when somebody edits the cell
                style = self.styles.changed(style, "quoted", lambda xf: xf.set(quotePrefix=1))
            style = self.styles.as_link(style) if isinstance(value, Link) and target_of(value.address) else style
            shown = escape(_LOOKS_ESCAPED.sub("_x005F_", text) if "_x" in text else text)
            kind, content = ' t="inlineStr"', f'<{p}is><{p}t xml:space="preserve">{shown}</{p}t></{p}is>'
        else:
            if isinstance(value, date) and not self.styles.shows_date(style):
                style = self.styles.with_format(style, DATE_FORMAT)
            number = serial_of(value) if isinstance(value, date) else value or 0
            kind, content = "", f"<{p}v>{number - self.package.shift * self.styles.shows_date(style)}</{p}v>"
        return f' s="{style}"{kind}' if style else kind, content

    def put_rows(self, title: str, first: int, rows: Sequence[Sequence[Writable]]) -> None:
        """Write rows, starting at row `first`."""
        for row, values in enumerate(rows, start=first):
            self.put_row(title, row, {at: value for at, value in enumerate(values, start=1) if value is not None})

    def put_formula(self, title: str, row: int, column: int, formula: str) -> None:
        """Write a formula; its result is not known yet."""
        self.sheet(title).empty(row, column).add("f").children = [escape(formula.removeprefix("="))]
        self._written[title][row][column] = None
        self._formulas.add((title, row, column))

    def grow(self, title: str, first: int, last: int) -> None:
        """Extend tables and the filter that end right above row `first`, or between it and `last`, down to `last`."""
        own = self.sheet(title).frame.find("autoFilter")
        if _grown(own, first, last):
            self.name_filter(title, own.get("ref"))
        for relation in self.package.relations(self.parts[title]).values():
            if relation.kind == "table":
                table = self.package.tree(relation.target)
                if table.get("totalsRowCount", "0") == "0" and _grown(table, first, last):
                    _grown(self.package.edit(relation.target).find("autoFilter"), first, last)

    def name_filter(self, title: str, ref: str) -> None:
        """Give the filtered cells of a tab the hidden defined name that Excel gives them, too."""
        root = self.package.edit(self.package.workbook)
        at = [sheet.get("name") for sheet in root.find("sheets").nodes].index(title)
        names = root.ensure("definedNames", _ORDER)
        known = (one for one in names.nodes if (one.get("name"), one.get("localSheetId")) == (_FILTER, str(at)))
        name = next(known, None) or names.add("definedName", name=_FILTER, localSheetId=at, hidden=1)
        name.children = [escape(f"{quote_sheetname(title)}!{absolute_coordinate(ref)}")]

    def saved(self) -> Saved:
        """The file with all changes. Results of formulas that may have changed are taken out."""
        forgotten = self._forget_results()
        for title, rows in self._written.items():
            relink(self.package, self.parts[title], self.sheet(title), rows, self._links[title])
            self.sheet(title).widen(rows)
        for (title, row, column), value in forgotten.items():
            self._written[title][row][column] = value
        for title in [*self._sheets]:  # one after the other: each takes its rows along
            if (part := self._sheets.pop(title).written()) is not None:
                self.package.write(self.parts[title], part)
        return Saved(self.package.saved(), self._written)

    def _forget_results(self) -> dict[Place, Value]:
        """Take the results out of formulas that have to be calculated again. Returns what their cells read as, and None
        for cells that an overwritten formula had filled."""
        if not self._written:
            return {}
        found = [one for title in self.parts for one in references.formulas_of(title, self.sheet(title))]
        rows = ((title, row, told) for title, written in self._written.items() for row, told in written.items())
        places = ((title, row, column) for title, row, told in rows for column in told)
        lost, kept = ([one for one in found if (self._wrote(one.place) is ...) is still] for still in (False, True))
        unknown = {one for one in references.outdated(kept, places) if self._wrote(one) in (None, ...)}
        for title, row, column in unknown:
            if self.sheet(title).cell(row, column):
                self.sheet(title).edit(row).cell(column).set(t=None).discard("v", "is")
        if lost or self._formulas:
            groups = {(one.place[0], one.group) for one in lost if one.group and one.is_own}
            for one in kept:
                if (one.place[0], one.group) in groups:
                    self._unshare(one)
            if chain := self.package.related(self.package.workbook, "calcChain"):
                self.package.remove(self.package.workbook, chain)
        unknown |= self._formulas
        if unknown:
            self.package.edit(self.package.workbook).ensure("calcPr", _ORDER).set(fullCalcOnLoad=1)
        bare = (place for place in references.shown_by(lost) - unknown if self._wrote(place) is ...)
        free = (place for place in bare if not any(self.sheet(place[0]).cell(*place[1:]).children))
        return dict.fromkeys(unknown, UNCALCULATED) | dict.fromkeys(free)

    def _wrote(self, place: Place) -> object:
        """The value that a written cell reads as; an ellipsis for any other cell."""
        return self._written.get(place[0], {}).get(place[1], {}).get(place[2], ...)

    def _unshare(self, formula: Formula) -> None:
        """Give a cell its own formula, if the shared one stood in a cell that was overwritten."""
        title, row, column = formula.place
        cell = self.sheet(title).edit(row).cell(column)
        cell.discard("f")
        if formula.text is not None:
            cell.children.insert(0, Node(f"{cell.prefix}f", "", [escape(formula.text)]))


def _read_back(value: Writable) -> Value:
    """The value that a written cell must read as: a link that no spreadsheet opens is text."""
    return as_read(str(value) if isinstance(value, Link) and target_of(value.address) is None else value)


def _grown(element: Node, first: int, last: int) -> bool:
    """Extend an element's range to row `last` if it ends right above row `first` or below; returns whether it did."""
    left, top, right, bottom = bounds(element.get("ref"))
    if top > bottom or not first - 1 <= bottom < last:
        return False
    element.set(ref=to_a1((left, top, right, last)))
    return True
