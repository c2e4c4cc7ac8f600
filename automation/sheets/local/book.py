"""A workbook that is edited part by part."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

from automation.cases.cells import Link, Value, Writable, kept_text, serial_of
from automation.sheets.local import formulas
from automation.sheets.local.formulas import Formula, Place
from automation.sheets.local.markup import Node
from automation.sheets.local.package import MAIN, OFFICE, STRICT_OFFICE, Package
from automation.sheets.local.reading import MAC_OFFSET, OPENED, bounds
from automation.sheets.local.styles import DATE_FORMAT, Styles
from automation.sheets.local.worksheet import Row, Worksheet
from automation.sheets.port import NewTab

_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_RUNS_AS_FORMULA = ("=", "+", "-", "@", "\t", "'", "{")
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_WORKBOOK_ORDER = (
    *("fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups"),
    *("externalReferences", "definedNames", "calcPr", "oleSize", "customWorkbookViews", "pivotCaches"),
    *("smartTagPr", "smartTagTypes", "webPublishing", "fileRecoveryPr", "webPublishObjects", "extLst"),
)
_Sides = tuple[int, int, int, int]  # top, bottom, left, right
_FILTER = "_xlnm._FilterDatabase"


@dataclass(frozen=True, slots=True)
class Saved:
    """A file as it is to be written: the titles of the tabs that changed, and the cells (1-based) whose formulas have
    to be worked out again."""

    data: bytes
    changed: frozenset[str]
    unknown: frozenset[Place]


class Book:
    """All tabs of a file, by title; rows and columns are 1-based. Nothing is written until `saved` says how."""

    def __init__(self, data: bytes) -> None:
        self.package = Package(data)
        self.styles = Styles(self.package)
        self._parts = {sheet.title: sheet.part for sheet in self.package.sheets()}
        self._shift = MAC_OFFSET if self.package.is_of_mac else 0
        self._sheets: dict[str, Worksheet] = {}
        self._changed: set[str] = set()
        self._written: dict[str, dict[tuple[int, int], Writable]] = defaultdict(dict)
        self._given: set[Place] = set()

    def part(self, title: str) -> str:
        """The name of a tab's part."""
        return self._parts[title]

    def title_like(self, wanted: str) -> str | None:
        """The title of the tab that is meant (case and surrounding space forgiven)."""
        folded = wanted.strip().casefold()
        return next((title for title in self._parts if title.strip().casefold() == folded), None)

    def sheet(self, title: str) -> Worksheet:
        """A tab, only to look at."""
        if title not in self._sheets:
            self._sheets[title] = Worksheet(self.package.read(self._parts[title]))
        return self._sheets[title]

    def edit(self, title: str) -> Worksheet:
        """A tab, to be changed."""
        self._changed.add(title)
        return self.sheet(title)

    def add_tab(self, new: NewTab) -> None:
        """Add an empty tab at the end."""
        protection = '<sheetProtection sheet="1" objects="1" scenarios="1"/>' if new.protected else ""
        content = f'<worksheet xmlns="{MAIN}"><sheetData/>{protection}</worksheet>'
        owner = self.package.workbook
        id, part = self.package.add(owner, "worksheet", "xl/worksheets/sheet{}.xml", content, _SHEET_TYPE)
        sheets = self.package.edit(owner).ensure("sheets", _WORKBOOK_ORDER)
        number = max((int(sheet.get("sheetId", "0")) for sheet in sheets.nodes), default=0) + 1
        state = {"state": "hidden"} if new.hidden else {}
        sheets.add("sheet", name=new.title, sheetId=number, **state, **self.reference(id))
        self._parts[new.title] = part
        self._changed.add(new.title)

    def reference(self, id: str) -> dict[str, str]:
        """The attributes of an element that refers to a part by this id."""
        return {"xmlns:r": STRICT_OFFICE if self.package.is_strict else OFFICE, "r:id": id}

    # Cells

    def style_at(self, title: str, row: int, column: int) -> int:
        """The style of a cell; of its column where it has none of its own."""
        cell = self.sheet(title).cell(row, column)
        if cell is not None and cell.get("s"):
            return int(cell.get("s"))
        columns = self.sheet(title).frame.find("cols")
        for run in columns.nodes if columns is not None else ():
            if int(run.get("min")) <= column <= int(run.get("max")):
                return int(run.get("style", "0"))
        return 0

    def put(self, title: str, row: int, column: int, value: Writable) -> None:
        """Write a value, text always as text; a date is shown as a date. None and empty text empty the cell, which
        keeps its look."""
        sheet = self.edit(title)
        self._written[title][row, column] = value
        text = kept_text(value) if isinstance(value, str) else None
        if value is None or text == "":
            if sheet.cell(row, column) is not None:
                _hold(sheet.edit(row), column)
            return
        if (merge := self._hiding(title, row, column)) is not None:
            sheet.drop("mergeCells", merge)
        style = self.style_at(title, row, column)
        target, p = sheet.edit(row), sheet.prefix
        if text is not None:
            style = self.styles.quoted(style) if text.startswith(_RUNS_AS_FORMULA) else style
            style = self.styles.as_link(style) if isinstance(value, Link) and target_of(value.address) else style
            shown = escape(_LOOKS_ESCAPED.sub("_x005F_", text))
            content = f'<{p}is><{p}t xml:space="preserve">{shown}</{p}t></{p}is>'
        else:
            assert not isinstance(value, str)
            if isinstance(value, date) and not self.styles.shows_date(style):
                style = self.styles.with_format(style, DATE_FORMAT)
            number = serial_of(value) if isinstance(value, date) else value
            content = f"<{p}v>{number - (self._shift if self.styles.shows_date(style) else 0)}</{p}v>"
        cell = _hold(target, column, content)
        cell.set(s=style or None, t="inlineStr" if text is not None else None)

    def put_formula(self, title: str, row: int, column: int, formula: str) -> None:
        """Write a formula, whose result is not known yet."""
        target, p = self.edit(title).edit(row), self.sheet(title).prefix
        _hold(target, column).insert(Node(f"{p}f", "", [escape(formula.removeprefix("="))]))
        self._written[title][row, column] = None
        self._given.add((title, row, column))

    def dress(self, title: str, row: int, column: int, style: int) -> None:
        """Give a cell a style."""
        self.edit(title).edit(row).cell(column).set(s=style)

    def is_hidden(self, title: str, row: int, column: int) -> bool:
        """Whether a cell lies in a merged range, but is not the one that shows."""
        return self._hiding(title, row, column) is not None

    def _hiding(self, title: str, row: int, column: int) -> Node | None:
        for merge in self.sheet(title).merged():
            left, top, right, bottom = bounds(merge.get("ref"))
            if left <= column <= right and top <= row <= bottom and (left, top) != (column, row):
                return merge
        return None

    def grow(self, title: str, first: int, last: int) -> None:
        """Let the tables and the filter that end right above row `first` take the rows down to `last` in."""
        sheet = self.sheet(title)
        own = sheet.frame.find("autoFilter")
        if own is not None and _grown(own, first, last):
            self.edit(title)
            self.name_filter(title, own.get("ref"))
        for relation in self.package.relations(self._parts[title]):
            if relation.kind == "table":
                table = self.package.tree(relation.target)
                if table.get("totalsRowCount", "0") == "0" and _grown(table, first, last):
                    self.package.edit(relation.target)
                    filtered = table.find("autoFilter")
                    if filtered is not None:
                        _grown(filtered, first, last)

    def name_filter(self, title: str, ref: str) -> None:
        """Tell the workbook, too, which cells of a tab have a filter over them, as Excel does."""
        at = list(self._parts).index(title)
        names = self.package.edit(self.package.workbook).ensure("definedNames", _WORKBOOK_ORDER)
        known = (one for one in names.nodes if (one.get("name"), one.get("localSheetId")) == (_FILTER, str(at)))
        name = next(known, None) or names.add("definedName", name=_FILTER, localSheetId=at, hidden=1)
        quoted = title.replace("'", "''")
        name.children = [escape(f"'{quoted}'!" + re.sub(r"([A-Z]+)([0-9]+)", r"$\1$\2", ref))]

    # Saving

    def saved(self) -> Saved:
        """The file with all changes. Results of formulas that may have changed are taken out."""
        unknown = self._forget_results()
        for title, cells in self._written.items():
            self._link(title, cells)
            _widen(self.sheet(title), cells)
        for title in self._changed:
            self.package.write(self._parts[title], self.sheet(title).written())
        return Saved(self.package.saved(), frozenset(self._changed), unknown)

    def _forget_results(self) -> frozenset[Place]:
        written = {(title, *place) for title, cells in self._written.items() for place in cells}
        found = [one for title in self._parts for one in formulas.formulas_of(title, self.sheet(title))]
        gone = [one for one in found if one.place in written]
        kept = [one for one in found if one.place not in written]
        for one in gone:
            self._unshare(one, kept)
        unknown: set[Place] = set()
        for one in formulas.outdated(kept, written):
            title = one.place[0]
            for row, column in formulas.cells_in(one.shown_in):
                if (title, row, column) not in written and self.sheet(title).cell(row, column) is not None:
                    formulas.forget(self.edit(title).edit(row).cell(column))
                    unknown.add((title, row, column))
        if gone or self._given:
            for relation in self.package.relations(self.package.workbook):
                if relation.kind == "calcChain":
                    self.package.remove(self.package.workbook, relation.target)
        if unknown or self._given:
            self.package.edit(self.package.workbook).ensure("calcPr", _WORKBOOK_ORDER).set(fullCalcOnLoad=1)
        return frozenset(unknown | self._given)

    def _unshare(self, gone: Formula, kept: list[Formula]) -> None:
        """Give the cells that share a formula with one that was written over a formula of their own."""
        title, *origin = gone.place
        for one in kept:
            if gone.shared and gone.text and one.shared == gone.shared and one.place[0] == title and not one.text:
                cell = self.edit(title).edit(one.place[1]).cell(one.place[2])
                text = formulas.copied(gone.text, (origin[0], origin[1]), one.place[1:])
                cell.discard("f")
                if text is not None:
                    cell.children.insert(0, Node(f"{cell.prefix}f", "", [escape(text)]))

    def _link(self, title: str, cells: dict[tuple[int, int], Writable]) -> None:
        """Let the written cells lead where their values say, and nowhere else; what one link over several cells is to
        the others stays."""
        sheet, part = self.sheet(title), self._parts[title]
        links = sheet.frame.find("hyperlinks")
        lost: list[Node] = []
        for link in links.nodes if links is not None else ():
            left, top, right, bottom = bounds(link.get("ref"))
            one = (top, left) == (bottom, right)
            inside = (
                [(top, left)] * ((top, left) in cells)
                if one
                else [(r, c) for r, c in cells if top <= r <= bottom and left <= c <= right]
            )
            if not inside:
                continue
            lost.append(link)
            for rest in _without((top, bottom, left, right), inside):
                sheet.section("hyperlinks").insert(link.copy().set(ref=named(rest)))
        if lost:
            sheet.drop("hyperlinks", *lost)
            links = sheet.frame.find("hyperlinks")
            used = {link.reference() for link in links.nodes} if links is not None else set()
            self.package.unrelate(part, {link.reference() for link in lost} - used - {""})
        for (row, column), value in cells.items():
            if isinstance(value, Link) and (found := target_of(kept_text(value.address))) is not None:
                target, place = found
                link = sheet.section("hyperlinks").add("hyperlink", ref=f"{get_column_letter(column)}{row}")
                if target:
                    link_id = self.package.relate(part, "hyperlink", target, external=True)
                    link.set(**self.reference(link_id))
                if place:
                    link.set(location=place)


def read_back(value: Writable) -> Value:
    """What a written value must read as."""
    if isinstance(value, date):
        return serial_of(value)
    if isinstance(value, Link) and value.labelled and target_of(value.address) is not None:
        return Link(kept_text(value), value.address)
    if isinstance(value, str):
        return kept_text(str(value)) or None
    return value


def target_of(address: str) -> tuple[str, str] | None:
    """What a link leads to: a web page, a telephone, or a file and a place in it (``Gondrong.xlsx#'Gondrong'!A12``).
    None for what a spreadsheet should not open."""
    scheme = urlsplit(address).scheme
    if scheme in OPENED:
        return address, ""
    if len(scheme) > 1:  # one letter is a Windows drive
        return None
    path, _, place = address.partition("#")
    return quote(path.replace("\\", "/"), safe="/:"), place


def _hold(row: Row, column: int, content: str = "") -> Node:
    """Let a cell hold this and nothing else. A row that nobody made higher by hand grows with its text: the height
    that a program worked out for the old text goes."""
    cell = row.cell(column)
    cell.children = [content] if content else []
    cell.set(t=None, cm=None, vm=None)
    if not row.node.flag("customHeight"):
        row.node.set(ht=None)
    return cell


def _grown(element: Node, first: int, last: int) -> bool:
    """Whether an element's range ends right above row `first`, and was drawn down to `last`."""
    left, top, right, bottom = bounds(element.get("ref"))
    if bottom != first - 1 or top == 0:
        return False
    element.set(ref=named((top, last, left, right)))
    return True


def _widen(sheet: Worksheet, cells: dict[tuple[int, int], Writable]) -> None:
    """Let the extent that the file gives take the written cells in."""
    extent = sheet.frame.find("dimension")
    if extent is not None and cells:
        left, top, right, bottom = bounds(extent.get("ref"))
        rows, columns = [row for row, _ in cells], [column for _, column in cells]
        extent.set(ref=named((min(top, *rows), max(bottom, *rows), min(left, *columns), max(right, *columns))))


def _without(area: _Sides, cells: Iterable[tuple[int, int]]) -> list[_Sides]:
    """What is left of an area without these cells, in rectangles."""
    left_over = [area]
    for row, column in cells:
        pieces = []
        for top, bottom, left, right in left_over:
            if top <= row <= bottom and left <= column <= right:
                above, below = (top, row - 1, left, right), (row + 1, bottom, left, right)
                pieces += [above, (row, row, left, column - 1), (row, row, column + 1, right), below]
            else:
                pieces.append((top, bottom, left, right))
        left_over = [piece for piece in pieces if piece[0] <= piece[1] and piece[2] <= piece[3]]
    return left_over


def named(area: _Sides) -> str:
    """The name of an area (top, bottom, left, right): ``A1``, or ``A1:B2``."""
    top, bottom, left, right = area
    first, last = f"{get_column_letter(left)}{top}", f"{get_column_letter(right)}{bottom}"
    return first if first == last else f"{first}:{last}"
