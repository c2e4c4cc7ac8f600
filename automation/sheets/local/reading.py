"""Reads the bytes of an xlsx file into tabs, with raw values."""

import re
from collections.abc import Mapping
from functools import cache, cached_property
from html import unescape
from itertools import starmap
from sys import intern

from msgspec.structs import replace
from openpyxl.utils.datetime import from_ISO8601, to_excel

from automation.model.bulk import in_bulk
from automation.model.cells import CellError, Link, Rows, Value, kept_text
from automation.sheets.local.areas import LAST_COLUMN, Sides, bounds, column_number
from automation.sheets.local.markup import ATTRIBUTES, Node, TooLarge, attributes_in, cut, normalized
from automation.sheets.local.package import LARGEST, Package, rels_of
from automation.sheets.local.references import OPENED, is_view, scheme_of
from automation.sheets.local.styles import Styles, shown_date
from automation.sheets.local.worksheet import row_number, split_part
from automation.sheets.port import Tab
from automation.trouble import WorkbookError

#: The value of a formula that no spreadsheet program has calculated yet (a script may have written it): the cell must
#: not pass for an empty one.
UNCALCULATED = CellError("#BELUM DIHITUNG")

#: The most empty cells and texts of one file: a row of 16,384 empty cells takes a few bytes.
_MOST_CELLS, _MOST_TEXTS = 10_000_000, 2_000_000
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_HYPERLINK = re.compile(rf"<(?:[^\s<>/:]+:)?hyperlink({ATTRIBUTES})".encode())
_MERGED = re.compile(rf"<(?:[^\s<>/:]+:)?mergeCell\b({ATTRIBUTES})".encode())
_TEXT = re.compile(
    rb"<(?P<p>(?:[^\s<>/:]+:)?)si(?:\s*/>|>(?:<(?P=p)t(?:\s[^>]*)?>(?P<simple>[^<]*)</(?P=p)t></(?P=p)si>"
    rb"|(?P<pieces>.*?)</(?P=p)si\s*>))",
    re.DOTALL,
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@in_bulk
def read_tabs(
    data: bytes, name: str, *, as_shown: bool = False, known: dict[bytes, Tab] | None = None
) -> tuple[Tab, ...]:
    """All worksheets of the file, which errors call `name`. With `as_shown`, dates and times come as the text that
    people see (``24/11/2026 08:15``): in a list whose columns are unknown, only the format tells a date from a number.

    A worksheet that has not changed by a byte is not read again: `known` holds the tabs of the last read by their
    marks, and afterwards those of this one.

    Raises `WorkbookError` for a file that is no readable xlsx file, or larger than any spreadsheet.
    """
    if data.startswith(_OLE):
        raise WorkbookError("lokal.terkunci-sandi", berkas=name)
    try:
        package = Package(data)
        cells = _Cells(package, {} if known is None else known, as_shown=as_shown)
        tabs = tuple(starmap(cells.tab, package.sheets()))
    except TooLarge:
        raise WorkbookError("lokal.terlalu-besar", berkas=name, batas=LARGEST >> 20) from None
    except Exception as error:  # whatever a damaged file makes zipfile or the XML parser raise
        raise WorkbookError("lokal.rusak", berkas=name) from error
    if known is not None:
        known.clear()
        known |= cells.read
    return tabs


class _Cells:
    """Reads the cells of one file. They are found by patterns, which is several times faster than a parser that makes
    an object of each; `normalized` ensures that the patterns fit."""

    def __init__(self, package: Package, known: Mapping[bytes, Tab], *, as_shown: bool) -> None:
        self._package, self._as_shown, self._count, self._filled = package, as_shown, 0, list[Sides]()
        self._known, self.read = known, dict[bytes, Tab]()
        self._styles = Styles(package) if package.shift or as_shown else None  # else a date is a number as it stands
        self._shared = package.related(package.workbook, "sharedStrings")

    @cached_property
    def _texts(self) -> list[str]:
        return _shared_texts(normalized(self._package.read(self._shared))) if self._shared else []

    def tab(self, title: str, part: str, hidden: bool) -> Tab:
        """A worksheet as a tab, without empty cells at the end of rows and empty rows at the end."""
        looks = self._package.related(self._package.workbook, "styles") if self._styles is not None else ""
        mark = self._package.mark(part, rels_of(part), self._shared, looks)
        if (known := self._known.get(mark)) is None:
            self._filled.clear()
            _, rows = self._texts, self._rows(part)  # too many texts are refused, whether or not a cell shows them
            known = Tab(title, title, rows, view=is_view(rows, self._filled))
        self.read[mark] = known
        return replace(known, key=title, title=title, hidden=hidden)

    def _rows(self, part: str) -> Rows:
        _, cells, after, prefix = split_part(content := normalized(self._package.read(part)))
        grid = self._grid(content, cells, prefix)
        if b"hyperlink" in after:
            self._link(grid, after, part)
        for merged in _MERGED.finditer(after) if self._as_shown else ():  # a merged cell's value holds for all its rows
            left, top, _, bottom = bounds(Node("", merged[1].decode()).get("ref"))
            told, rows = grid.get(top, [])[left - 1 : left], range(top + 1, min(bottom, max(grid, default=0)) + 1)
            self._add(len(rows))
            for below in (grid[at] for at in rows if told and at in grid):
                below.extend([None] * (left - len(below)))
                below[left - 1 : left] = told
        return tuple(tuple(grid.get(at, ())) for at in range(1, max(grid, default=0) + 1))

    def _grid(self, content: bytes, cells: tuple[int, int], prefix: str) -> dict[int, list[Value]]:
        grid: dict[int, list[Value]] = {}
        spilled: list[Sides] = []
        values: list[Value] = []
        number = at = 0
        for tag in _tags(prefix).finditer(content, *cells):
            row, letters, style, kind, stored, text, unusual = tag.groups()
            if row is not None:
                number, at = row_number(row, number), 0
                values = grid.get(number, [])
                continue
            if unusual is not None:
                cell = cut(unusual.decode()).nodes[0]
                letters, value = cell.get("r"), self._unusual(cell, spilled)
            elif stored:
                value = self._value(kind, stored, style)
            else:
                value = _typed(_meant(text)) if text is not None else "" if kind == b"str" else None
            at = column_number(letters) if letters else at + 1
            if at > LAST_COLUMN:
                raise TooLarge
            if value is not None:
                if (gap := at - len(values) - 1) > 0:
                    self._add(gap)  # cells that the file leaves out
                    values.extend([None] * gap)
                if gap >= 0:
                    values.append(value)
                    grid[number] = values
                else:
                    values[at - 1] = value
        if not number and content[slice(*cells)].strip():
            raise ValueError("cells of an unknown kind")
        for left, top, right, bottom in spilled:
            for row_at in range(top, bottom + 1):
                line = grid.setdefault(row_at, [])
                line.extend([None] * (right - len(line)))
                line[left - 1 : right] = [UNCALCULATED if v is None else v for v in line[left - 1 : right]]
        return grid

    def _add(self, cells: int) -> None:
        self._count += cells
        if self._count > _MOST_CELLS:
            raise TooLarge

    def _unusual(self, cell: Node, spilled: list[Sides]) -> Value:
        """The value of a cell that is not just a number or a text. If a formula fills several cells and its results are
        not known yet, adds those cells to `spilled`."""
        kind, formula, stored, text = cell.get("t", "n"), cell.find("f"), cell.find("v"), cell.find("is")
        shown_in = bounds(formula.get("ref")) if formula.get("t") in ("array", "dataTable") else (1, 1, 1, 1)
        self._add(shown_in[2] * (shown_in[3] - shown_in[1] + 1))
        self._filled.append(shown_in)  # by one formula
        if kind == "inlineStr":
            return _typed(_joined(text))
        if any(stored.children):
            return self._value(kind.encode(), "".join(map(str, stored.children)).encode(), cell.get("s").encode())
        if kind == "str" or not formula:
            return "" if kind == "str" else None  # a formula whose result is an empty text
        if formula.get("t") in ("array", "dataTable"):
            spilled.append(shown_in)
        return UNCALCULATED

    def _value(self, kind: bytes | None, stored: bytes, style: bytes | None) -> Value:
        match kind:
            case b"s":
                return _typed(self._texts[int(stored)])
            case None | b"n":
                number = float(stored) if b"." in stored or b"e" in stored or b"E" in stored else int(stored)
                if self._styles is None or not self._styles.shows_date(int(style or 0)):
                    return number
                return shown_date(number + self._package.shift) if self._as_shown else number + self._package.shift
            case b"b":
                return bool(int(stored))
            case b"e":
                return CellError(_meant(stored))
            case b"d":
                serial: float = to_excel(from_ISO8601(stored.decode()))  # type: ignore[no-untyped-call]
                return shown_date(serial) if self._as_shown else serial
            case _:
                return _typed(_meant(stored))

    def _link(self, grid: dict[int, list[Value]], after: bytes, part: str) -> None:
        """Make a `Link` of text that opens a web page or a telephone number other than the text itself. Other links
        (to files, or unreadable) are ignored."""
        last = max(grid, default=0)
        addresses = {one.id: one.target for one in self._package.relations(part).values() if one.external}
        for tag in _HYPERLINK.finditer(after):
            told = attributes_in(tag[1].decode())
            id = next((value for name, value in told.items() if name.endswith(":id")), "")
            address, place = addresses.get(id, ""), told.get("location")
            if scheme_of(address) not in OPENED:
                continue
            address = f"{address}#{place}" if place else address
            left, top, right, bottom = bounds(told.get("ref", ""))
            for row in [grid[at] for at in range(top, min(bottom, last) + 1) if at in grid]:
                for column in range(left - 1, min(right, len(row))):
                    text = row[column]
                    if isinstance(text, str) and text not in ("", address):
                        row[column] = Link(text, address)


@cache
def _tags(prefix: str) -> re.Pattern[bytes]:
    """Matches every row's tag and every cell: as nearly all programs write them, or (last group) in any other way."""
    p = re.escape(prefix)
    pattern = (
        rf"<{p}row((?:\s[^>]*)?)>"
        rf'|<{p}c(?: r="([A-Z]+)[0-9]+")?(?: s="([0-9]+)")?(?: t="([A-Za-z]+)")?\s*'
        rf"(?:/>|>(?:<{p}v>([^<]*)</{p}v>|<{p}is><{p}t(?:\s[^>]*)?>([^<]*)</{p}t></{p}is>)?</{p}c>)"
        rf"|(<{p}c(?:\s[^>]*?)?(?:/>|>.*?</{p}c\s*>))"
    )
    return re.compile(pattern.encode(), re.DOTALL)


def _typed(text: str) -> str | None:
    """Text as somebody typed it, with the format's escapes undone (``_x000D_`` is a carriage return); None if it is
    empty."""
    if "_x" in text or "\r" in text:
        text = kept_text(_ESCAPE.sub(lambda code: chr(int(code[1], 16)), text))
    return text or None


def _meant(text: bytes) -> str:
    return intern(unescape(text.decode()) if b"&" in text else text.decode())  # most stand in many cells


def _shared_texts(part: bytes) -> list[str]:
    texts: list[str] = []
    for item in _TEXT.finditer(part):
        simple, pieces = item["simple"], item["pieces"]
        texts.append(_joined(cut(pieces.decode())) if pieces else _meant(simple or b""))
        if len(texts) > _MOST_TEXTS:
            raise TooLarge
    return texts


def _joined(text: Node) -> str:
    """A text joined from its differently formatted parts, without phonetic hints."""
    parts = [part for part in text.nodes if part.local != "rPh"]
    return "".join(piece.text for part in parts for piece in ([part] if part.local == "t" else part.all("t")))
