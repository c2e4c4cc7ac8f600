"""The bytes of an xlsx file, read raw into tabs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from urllib.parse import urlsplit

from openpyxl.utils import range_boundaries
from openpyxl.utils.datetime import MAC_EPOCH, from_ISO8601

from automation.cases.bulk import in_bulk
from automation.cases.cells import EPOCH, CellError, Link, Value
from automation.cases.dates import read_date
from automation.sheets.local.markup import ATTRIBUTES, TooLarge, attributes_of, plain, unescaped
from automation.sheets.local.package import LARGEST, Package, Sheet
from automation.sheets.local.styles import Styles
from automation.sheets.local.worksheet import LAST_COLUMN, column_number, halves, row_number
from automation.sheets.port import Tab
from automation.trouble import WorkbookError

#: A formula that no spreadsheet program has worked out yet (one that a script wrote): something stands there, and it
#: must not pass for an empty cell.
UNCALCULATED = CellError("#BELUM DIHITUNG")
#: What the first day of the other calendar (Excel on old Macs, from 1904) is in ours.
MAC_OFFSET = (MAC_EPOCH.date() - EPOCH).days
#: Kinds of address that a cell opens, besides files.
OPENED = ("https", "http", "tel")

#: Cells and texts of one file, at most: a row of 16,384 empty cells takes a few bytes.
_MOST_CELLS = 10_000_000
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_HYPERLINK = re.compile(rf"<(?:[^\s<>/:]+:)?hyperlink({ATTRIBUTES})".encode())
_TEXTS = re.compile(rb"<((?:[^\s<>/:]+:)?)sst[\s/>]")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Row = tuple[Value, ...]


@in_bulk
def read_tabs(data: bytes, name: str, *, as_shown: bool = False) -> tuple[Tab, ...]:
    """All worksheets of the file. `name` is what errors call it. With `as_shown` dates and times come as the text that
    people see (``24/11/2026 08:15``): in a list of which nobody knows the columns, only the format tells them.

    Raises `WorkbookError` for what is no readable xlsx file, and for what is larger than any spreadsheet.
    """
    return _read(data, name, {}, as_shown=as_shown)


@in_bulk
def read_again(data: bytes, name: str, known: Iterable[Tab], changed: AbstractSet[str]) -> tuple[Tab, ...]:
    """All worksheets of a file that was written. Those that are not `changed` (titles) are the `known` ones: their
    bytes are the same."""
    return _read(data, name, {tab.title: tab for tab in known if tab.title not in changed})


def _read(data: bytes, name: str, known: dict[str, Tab], *, as_shown: bool = False) -> tuple[Tab, ...]:
    if data.startswith(_OLE):
        raise WorkbookError("lokal.terkunci-sandi", berkas=name)
    try:
        with Package(data) as package:
            cells = _Cells(package, as_shown=as_shown)
            return tuple(known.get(sheet.title) or cells.tab(sheet) for sheet in package.sheets())
    except TooLarge:
        raise WorkbookError("lokal.terlalu-besar", berkas=name, batas=LARGEST >> 20) from None
    except Exception as error:  # whatever a damaged file makes zipfile or the XML parser raise
        raise WorkbookError("lokal.rusak", berkas=name) from error


class _Cells:
    """Understands the cells of one file. They are found by patterns, which is several times faster than a parser that
    makes an object of each; `plain` has seen to it that the patterns fit."""

    def __init__(self, package: Package, *, as_shown: bool) -> None:
        self._package = package
        self._as_shown = as_shown
        self._shift = MAC_OFFSET if package.is_of_mac else 0
        self._dates = Styles(package).dates() if self._shift or as_shown else frozenset()
        part = package.related(package.workbook, "sharedStrings")
        self._texts = _shared_texts(plain(package.read(part))) if part else []
        self._count = 0

    def tab(self, sheet: Sheet) -> Tab:
        """A worksheet's values, without the empty ones at the end of each row and of all."""
        _, content, after, prefix = halves(plain(self._package.read(sheet.part)))
        rows = self._rows(content, prefix)
        return Tab(sheet.title, sheet.title, self._linked(rows, after, sheet.part), sheet.hidden)

    def _rows(self, content: bytes, prefix: str) -> tuple[Row, ...]:
        rows: dict[int, Row] = {}
        values: list[Value] = []
        number = at = 0
        for tag in _tags(prefix).finditer(content):
            row, letters, style, kind, stored, inline, written, inner = tag.groups()
            if row is not None:
                self._keep(rows, number, values)
                number, at, values = row_number(row, number), 0, []
                continue
            if written is not None:
                told = {name: value.encode() for name, value in attributes_of(written.decode()).items()}
                letters, style, kind = told.get("r"), told.get("s"), told.get("t")
            at = _column(letters) if letters else at + 1
            if at > LAST_COLUMN:
                raise TooLarge
            if stored:
                value = self._value(kind, stored, style)
            elif inline is not None:
                value = typed(_meant(inline))
            else:
                value = self._unusual(kind, inner, style, prefix) if inner else "" if kind == b"str" else None
            if value is not None:
                values.extend([None] * (at - len(values)))
                values[at - 1] = value
        self._keep(rows, number, values)
        if not number and content.strip():
            raise ValueError("cells of an unknown kind")
        return tuple(rows.get(at, ()) for at in range(1, max(rows, default=0) + 1))

    def _keep(self, rows: dict[int, Row], number: int, values: list[Value]) -> None:
        self._count += len(values)
        if self._count > _MOST_CELLS:
            raise TooLarge
        if values:
            rows[number] = tuple(values)

    def _unusual(self, kind: bytes | None, inner: bytes, style: bytes | None, prefix: str) -> Value:
        """What a cell holds that is not just a number or a text."""
        tags = _inner_tags(prefix)
        if kind == b"inlineStr":
            return typed(_joined(inner, tags))
        if (stored := tags.value.search(inner)) and stored[1]:
            return self._value(kind, stored[1], style)
        if kind == b"str":
            return ""  # a formula whose result is an empty text
        return UNCALCULATED if tags.formula.search(inner) else None

    def _value(self, kind: bytes | None, stored: bytes, style: bytes | None) -> Value:
        match kind:
            case b"s":
                return typed(self._texts[int(stored)])
            case None | b"n":
                number = float(stored) if b"." in stored or b"e" in stored or b"E" in stored else int(stored)
                if not self._dates or int(style or 0) not in self._dates:
                    return number
                return _shown(number + self._shift) if self._as_shown else number + self._shift
            case b"b":
                return bool(int(stored))
            case b"e":
                return CellError(_meant(stored))
            case b"d":
                moment: object = from_ISO8601(stored.decode())  # type: ignore[no-untyped-call]
                return _shown(_serial(moment)) if self._as_shown else _serial(moment)
            case _:
                return typed(_meant(stored))

    def _linked(self, rows: tuple[Row, ...], after: bytes, part: str) -> tuple[Row, ...]:
        """The rows with a `Link` wherever text opens a page or a telephone that it does not name itself. Links to
        files, and those of people's that nobody can read, are passed over."""
        if b"hyperlink" not in after:
            return rows
        addresses = {one.id: one.target for one in self._package.relations(part) if one.external}
        grid = list(rows)
        for tag in _HYPERLINK.finditer(after):
            told = attributes_of(tag[1].decode())
            id = next((value for name, value in told.items() if name.endswith(":id")), "")
            address, place = addresses.get(id, ""), told.get("location")
            if urlsplit(address).scheme not in OPENED:
                continue
            address = f"{address}#{place}" if place else address
            left, top, right, bottom = bounds(told.get("ref", ""))
            for r in range(top - 1, min(bottom, len(grid))):
                row = list(grid[r])
                for c in range(left - 1, min(right, len(row))):
                    text = row[c]
                    if isinstance(text, str) and text not in ("", address):
                        row[c] = Link(text, address)
                grid[r] = tuple(row)
        return tuple(grid)


@dataclass(frozen=True, slots=True)
class _Tags:
    """What stands in a cell: its value, its formula; and in a text: its pieces, and how to pronounce it."""

    value: re.Pattern[bytes]
    formula: re.Pattern[bytes]
    item: re.Pattern[bytes]
    piece: re.Pattern[bytes]
    sound: re.Pattern[bytes]


@cache
def _tags(prefix: str) -> re.Pattern[bytes]:
    """Every row's tag and every cell: first as nearly all programs write cells, then as they may be written."""
    p = re.escape(prefix)
    return re.compile(
        rf"<{p}row((?:\s[^>]*)?)>|"
        rf'<{p}c(?: r="([A-Z]+)[0-9]+")?(?: s="([0-9]+)")?(?: t="([A-Za-z]+)")?\s*'
        rf"(?:/>|>(?:<{p}v>([^<]*)</{p}v>|<{p}is><{p}t(?:\s[^>]*)?>([^<]*)</{p}t></{p}is>)?</{p}c>)|"
        rf"<{p}c((?:\s[^>]*?)?)(?:/>|>(.*?)</{p}c\s*>)".encode(),
        re.DOTALL,
    )


@cache
def _inner_tags(prefix: str) -> _Tags:
    p = re.escape(prefix)
    return _Tags(
        value=re.compile(rf"<{p}v(?:\s[^>]*)?>([^<]*)</".encode()),
        formula=re.compile(rf"<{p}f[\s/>]".encode()),
        item=re.compile(
            rf"<{p}si(?:\s*/>|>(?:<{p}t(?:\s[^>]*)?>([^<]*)</{p}t></{p}si>|(.*?)</{p}si\s*>))".encode(), re.DOTALL
        ),
        piece=re.compile(rf"<{p}t(?:\s[^>]*)?>([^<]*)</{p}t\s*>".encode()),
        sound=re.compile(rf"<{p}rPh\b.*?</{p}rPh\s*>".encode(), re.DOTALL),
    )


@cache
def _column(letters: bytes) -> int:
    return column_number(letters.decode())


@lru_cache(maxsize=4096)
def bounds(cells: str) -> tuple[int, int, int, int]:
    """First column and row, last column and row (1-based); nothing where it can't be read."""
    try:
        left, top, right, bottom = range_boundaries(cells)
    except (ValueError, TypeError):
        return 1, 1, 0, 0
    if left is None or top is None or right is None or bottom is None:
        return 1, 1, 0, 0
    return left, top, right, bottom


def typed(text: str) -> str | None:
    """Text as somebody typed it; an empty one is an empty cell."""
    return (_as_typed(text) if "_x" in text or "\r" in text else text) or None


def _as_typed(text: str) -> str:
    """Text with the format's escapes undone (``_x000D_`` is a carriage return) and plain line ends."""
    return _ESCAPE.sub(_character, text).replace("\r\n", "\n").replace("\r", "\n")


def _character(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if character.isprintable() or character in "\t\n\r\xa0" else ""


def _meant(text: bytes) -> str:
    return unescaped(text.decode()) if b"&" in text else text.decode()


def _shared_texts(part: bytes) -> list[str]:
    """The texts that cells share."""
    root = _TEXTS.search(part)
    tags = _inner_tags(root[1].decode() if root else "")
    texts: list[str] = []
    for item in tags.item.finditer(part):
        simple, pieces = item.groups()
        texts.append(_meant(simple) if simple is not None else _joined(pieces or b"", tags))
        if len(texts) > _MOST_CELLS // 2:
            raise TooLarge
    return texts


def _joined(text: bytes, tags: _Tags) -> str:
    """A text and its differently formatted parts; how to pronounce it is no part of it."""
    return "".join(map(_meant, tags.piece.findall(tags.sound.sub(b"", text))))


def _shown(serial: float) -> Value:
    """A date or a time of day as people see it. A number that is neither stays one."""
    day, seconds = read_date(serial), round(serial % 1 * 86_400)
    if seconds == 86_400 or (day is None and not 0 < serial < 1):
        return serial
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}" + (f":{seconds % 60:02}" if seconds % 60 else "")
    return clock if day is None else f"{day:%d/%m/%Y}" + (f" {clock}" if seconds else "")


def _serial(value: object) -> float:
    """The serial of a date that is written out in the file (ISO 8601, as strict OOXML has it)."""
    if isinstance(value, timedelta):
        elapsed = value
    elif isinstance(value, time):
        elapsed = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    elif isinstance(value, datetime):
        elapsed = value.replace(tzinfo=None) - datetime.combine(EPOCH, time())
    elif isinstance(value, date):
        elapsed = value - EPOCH
    else:
        raise TypeError(f"a cell value of type {type(value).__name__}")
    days = elapsed / timedelta(days=1)
    return int(days) if days.is_integer() else days
