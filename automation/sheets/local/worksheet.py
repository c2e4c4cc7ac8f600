"""Edits a worksheet, row by row: only the rows that change are written anew."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from itertools import chain

from openpyxl.utils import get_column_letter

from automation.sheets.local.areas import LAST_ROW, Sides, bounds, column_number, overlap, to_a1
from automation.sheets.local.markup import ATTRIBUTES, Node, Pieces, TooLarge, cut, normalized

#: The order of a worksheet's elements (CT_Worksheet), which programs insist on.
ORDER = (
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection"),
    *("protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells"),
    *("phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins"),
    *("pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors"),
    *("smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls"),
    *("webPublishItems", "tableParts", "extLst"),
)
#: The elements of an empty worksheet.
_BARE = {*ORDER[:4], "sheetData", "printOptions", "pageMargins", "pageSetup", "headerFooter"}
_SHEET_DATA = re.compile(rf"<((?:[^\s<>/:]+:)?)sheetData{ATTRIBUTES}\s*(/?)>".encode())
_NUMBER = re.compile(rb"\sr\s*=\s*[\"']([0-9]+)")
_CELLS = "\0"  # stands for the cells, which are kept apart
_TALL = 1000  # rows from which a merged range is looked at for every row


def split_part(part: bytes) -> tuple[bytes, tuple[int, int], bytes, str]:
    """The part of a plain worksheet before its rows, the start and end of the rows, the part behind, and the prefix.
    Raises `ValueError` if it is no worksheet."""
    opening = _SHEET_DATA.search(part)
    if opening is None:
        raise ValueError("no worksheet")
    prefix = opening[1].decode()
    if opening[2]:
        after = b"</%ssheetData>" % opening[1] + part[opening.end() :]
        return part[: opening.end(2) - 1] + b">", (opening.end(), opening.end()), after, prefix
    end = part.index(b"</%ssheetData" % opening[1], opening.end())
    return part[: opening.end()], (opening.end(), end), part[end:], prefix


def row_number(attributes: bytes, before: int) -> int:
    """The number (1-based) of a row with these attributes in its tag, which follows the row `before`."""
    told = _NUMBER.search(attributes) if attributes else None
    number = int(told[1]) if told else before + 1
    if not 0 < number <= LAST_ROW:
        raise TooLarge
    return number


class ParsedRow:
    """A row that was parsed: its cells by column (1-based)."""

    def __init__(self, number: int, node: Node) -> None:
        self.number, self.node = number, node
        self.cells: dict[int, Node] = {}
        at = 0
        for cell in node.each("c"):
            at = column_number(told) if (told := cell.get("r")) else at + 1
            self.cells[at] = cell

    def cell(self, column: int) -> Node:
        """The cell of this column (1-based), made if there is none."""
        if column not in self.cells:
            before = [at for at in self.cells if at < column]
            place = self.node.children.index(self.cells[max(before)]) + 1 if before else 0
            self.cells[column] = Node(f"{self.node.prefix}c", {"r": f"{get_column_letter(column)}{self.number}"})
            if self.node.get("spans"):
                self.node.set(spans=None)
            self.node.children.insert(place, self.cells[column])
        return self.cells[column]

    def fill(self, column: int, look: str, content: str = "") -> Node:
        """Give a cell, made if there is none, these attributes and this content, both as XML. A height that a program
        calculated for the row is removed, so that the row grows with its text; one that people set stays."""
        if self.node.get("ht") and not self.node.flag("customHeight"):
            self.node.set(ht=None)
        return self.cell(column).rewrite(_at(self.number, column) + look, content)


def _at(row: int, column: int) -> str:
    return f' r="{get_column_letter(column)}{row}"'


class Worksheet:
    """A worksheet that was read before, by 1-based rows and columns. `frame` is all of it except the rows."""

    def __init__(self, part: bytes) -> None:
        self._part = normalized(part, checked=True)
        before, self._cells, after, p = split_part(self._part)  # where its rows are
        self.prefix = p
        self._document = cut(before.decode() + _CELLS + after.decode())
        self.frame = self._document.nodes[0]
        self._row = re.compile(rf"<{p}row({ATTRIBUTES})>")
        self._cell = re.compile(rf"<{p}c({ATTRIBUTES}\s*)(?:/>|>(.*?)</{p}c>)", re.DOTALL)
        self._rows: dict[int, ParsedRow] = {}
        self._settled: dict[int, bytes] = {}  # as they are written
        self._usual: dict[int, str] = {}  # styles of columns, asked for each cell that is written

    @cached_property
    def _places(self) -> dict[int, tuple[int, int]]:  # in the part, by number
        opening = re.compile(rf"<{self.prefix}row({ATTRIBUTES})\s*(/?)>".encode())
        closing = f"</{self.prefix}row".encode()
        places: dict[int, tuple[int, int]] = {}
        number = 0
        for tag in opening.finditer(self._part, *self._cells):
            number, end = row_number(tag[1], number), tag.end()
            if not tag[2]:
                end = self._part.index(b">", self._part.index(closing, end)) + 1
            places.setdefault(number, (tag.start(), end))
        return places

    def _parsed(self, number: int, text: str = "") -> ParsedRow:
        """A row, as it stands in the file or is written as `text`. If it has no formulas, what stands in its cells is
        not cut: it stays, or is replaced."""
        text = text or self._part[slice(*self._places[number])].decode()
        p, opening, cells = self.prefix, self._row.match(text), list[Node]()
        at = opening.end() if opening is not None and f"<{p}f" not in text else 0
        while at and (cell := self._cell.match(text, at)) is not None:
            cells.append(Node(f"{p}c", cell[1], [] if cell[2] is None else [cell[2]]))
            at = cell.end()
        if opening is not None and text[at:] == f"</{p}row>":
            return ParsedRow(number, Node(f"{p}row", opening[1], cells))
        return ParsedRow(number, cut(text).nodes[0])

    def row(self, number: int) -> ParsedRow | None:
        """A row, only to look at."""
        if number in self._settled:
            self._rows[number] = self._parsed(number, self._settled.pop(number).decode())
        elif number not in self._rows and number in self._places:
            self._rows[number] = self._parsed(number)
        return self._rows.get(number)

    def add_row(self, number: int, cells: Mapping[int, tuple[str, str]]) -> None:
        """Add a row that the file does not have, with its cells by column: attributes and content of each, as XML."""
        p = self.prefix
        told = [f"<{p}c{_at(number, column)}{look}>{text}</{p}c>" for column, (look, text) in cells.items()]
        self._settled[number] = f'<{p}row r="{number}">{"".join(told)}</{p}row>'.encode()

    def settle(self) -> None:
        """Turn parsed rows back into XML, which takes a tenth of the memory."""
        self._settled |= {number: str(row.node).encode() for number, row in self._rows.items()}
        self._rows.clear()

    def edit(self, number: int) -> ParsedRow:
        """A row, to be changed; made if there is none."""
        if self.row(number) is None:
            self._rows[number] = ParsedRow(number, Node(f"{self.prefix}row", {"r": number}))
        return self._rows[number]

    def cell(self, row: int, column: int) -> Node:
        """A cell, only to look at; false if the file has none."""
        found = self.row(row)
        return found.cells.get(column, Node("")) if found is not None else Node("")

    def cells_of(self, column: int, first: int) -> Iterator[tuple[int, Node]]:
        """The cells of a column that are in the file, from row `first` on, each with its row."""
        cells = ((number, self.cell(number, column)) for number in self._places if number >= first)
        return ((number, cell) for number, cell in cells if cell)

    def formulas(self) -> Iterator[tuple[int, int, Node]]:
        """ParsedRow and column of each formula that the file had before any change, and its element."""
        tag = f"<{self.prefix}f".encode()
        for number, place in self._places.items() if self._part.find(tag, *self._cells) >= 0 else ():
            if self._part.find(tag, *place) >= 0:
                cells = self._parsed(number).cells.items()
                yield from ((number, column, formula) for column, cell in cells if (formula := cell.find("f")))

    def style(self, row: ParsedRow | None, column: int) -> int:
        """The number of a cell's style in this row; of its column's style if it has none of its own."""
        own = row.cells[column].get("s") if row is not None and column in row.cells else ""
        if not own and column not in self._usual:
            self._usual[column] = self.column(column).get("style")
        return int(own or self._usual[column] or 0)

    def column(self, column: int) -> Node:
        """The run of like columns that a column is in; false if the file does not describe it."""
        runs = self.frame.find("cols").nodes
        return next((run for run in runs if int(run.get("min")) <= column <= int(run.get("max"))), Node(""))

    def empty(self, row: int, column: int) -> Node:
        """Empty a cell, which keeps its style; it is made if there is none."""
        style = self.cell(row, column).get("s")
        return self.edit(row).fill(column, f' s="{style}"' if style else "")

    @property
    def is_bare(self) -> bool:
        """Whether it has no row, and nothing over or beside the cells."""
        return not self._part[slice(*self._cells)].strip() and {node.local for node in self.frame.nodes} <= _BARE

    def section(self, local: str) -> Node:
        """The element of the frame with this name, made if there is none."""
        return self.frame.ensure(local, ORDER)

    def drop(self, section: str, *nodes: Node) -> None:
        """Remove nodes from a section, and the section if nothing is left."""
        where = self.section(section)
        where.children = [child for child in where.children if child not in nodes]
        where.set(count=len(where.nodes) if where.get("count") else None)
        if not where.nodes:
            self.frame.discard(section)

    def merged(self) -> list[Node]:
        """The merged ranges."""
        return self.frame.find("mergeCells").nodes

    @cached_property
    def _merged_in(self) -> dict[int, list[tuple[Sides, Node]]]:  # by the rows that they cover; 0: too many rows
        found: dict[int, list[tuple[Sides, Node]]] = defaultdict(list)
        for merge in self.merged():
            _, top, _, bottom = area = bounds(merge.get("ref"))
            for row in range(top, bottom + 1) if bottom - top < _TALL else (0,):
                found[row].append((area, merge))
        return found

    def hiding(self, row: int, column: int) -> Node:
        """The merged range that hid a cell before any change; false if there was none."""
        areas, here = chain(*(self._merged_in.get(at, ()) for at in (row, 0))), (column, row, column, row)
        return next((merge for area, merge in areas if overlap(area, here) and area[:2] != here[:2]), Node(""))

    def widen(self, rows: Mapping[int, Collection[int]]) -> None:
        """Extend the dimension that the file gives to these columns of rows."""
        extent, columns = self.frame.find("dimension"), set[int]().union(*rows.values())
        if extent and columns:
            left, top, right, bottom = bounds(extent.get("ref"))
            extent.set(ref=to_a1((min(left, *columns), min(top, *rows), max(right, *columns), max(bottom, *rows))))

    def written(self) -> Pieces | None:
        """The part as it is now; None if nothing was changed. Rows that were not parsed are copied."""
        before, after = (text.encode() for text in str(self._document).split(_CELLS))
        part, there, (at, last) = memoryview(self._part), sorted(self._places), self._cells
        changed: list[tuple[int, int, int, bytes]] = []
        self.settle()
        for number, told in self._settled.items():
            later = bisect_left(there, number)
            start, end = self._places[there[later]] if later < len(there) else (last,) * 2
            changed.append((start, number, end if number in self._places else start, told))
        pieces: list[bytes | memoryview] = [before]
        is_changed = before != part[:at] or after != part[last:]
        for start, _, end, content in sorted(changed):
            is_changed = is_changed or content != part[start:end]
            pieces += [part[at:start], content]
            at = end
        return [*pieces, part[at:last], after] if is_changed else None
