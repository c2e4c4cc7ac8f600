"""The bytes of an xlsx file, read raw into tabs."""

from __future__ import annotations

import re
import threading
import warnings
from collections.abc import Iterator, Sequence, Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import Element, iterparse

from openpyxl import Workbook as Book
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import MAC_EPOCH, from_ISO8601
from openpyxl.xml.constants import SHEET_MAIN_NS

from automation.cases.bulk import in_bulk
from automation.cases.cells import EPOCH, CellError, Value
from automation.cases.dates import read_date
from automation.sheets.port import Tab
from automation.sheets.xlsx_links import linked
from automation.sheets.xlsx_package import Package
from automation.trouble import WorkbookError

#: A formula that no spreadsheet program has worked out yet (one that a script wrote): something stands there, and it
#: must not pass for an empty cell.
UNCALCULATED = CellError("#BELUM DIHITUNG")
#: What the first day of the other calendar (Excel on old Macs, from 1904) is in ours.
MAC_OFFSET = (MAC_EPOCH.date() - EPOCH).days

_ROW, _CELL, _VALUE, _FORMULA, _INLINE, _ITEM, _TEXT, _SOUND, _LINK = (
    f"{{{SHEET_MAIN_NS}}}{tag}" for tag in ("row", "c", "v", "f", "is", "si", "t", "rPh", "hyperlink")
)
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_one_at_a_time = threading.Lock()


class RawReader(ExcelReader):
    """openpyxl's reader, but numbers stay numbers whatever their format.

    openpyxl turns a number in a date format into a date, rounds its time, and puts ``#VALUE!`` in place of one that is
    no date (a phone number typed into a date column): saving would destroy what a person typed.
    """

    def read_worksheets(self) -> None:
        """Read the tabs with no format counted as a date."""
        for formats in ("_date_formats", "_timedelta_formats"):
            setattr(self.wb, formats, set())
        super().read_worksheets()


@contextmanager
def opened(data: bytes, name: str) -> Iterator[Book]:
    """The file as openpyxl's workbook, to be changed and saved.

    Raises `WorkbookError` for what is no readable xlsx file. openpyxl warns of what it would drop; `xlsx_guard` sees
    to that better, so its warnings are silenced here, by one thread at a time because that is a global switch.
    """
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            reader = RawReader(BytesIO(data), rich_text=True)
            reader.read()
        except Exception as error:  # whatever a damaged file makes openpyxl, zipfile or the XML parser raise
            raise WorkbookError("lokal.rusak", berkas=name) from error
        yield reader.wb


@in_bulk
def read_tabs(data: bytes, name: str, *, as_shown: bool = False) -> tuple[Tab, ...]:
    """All worksheets of the file. `name` is what errors call it. With `as_shown` dates and times come as the text that
    people see (``24/11/2026 08:15``): in a list of which nobody knows the columns, only the format tells them.

    The cells are read here and not by openpyxl, which is several times slower: it has to go through a file twice to
    know of each cell both its formula and its result, and makes an object of every style on the way.
    """
    if data.startswith(_OLE):
        raise WorkbookError("lokal.terkunci-sandi", berkas=name)
    try:
        with Package(data) as package:
            dates = _date_styles(data) if package.is_of_mac or as_shown else frozenset()
            shift = MAC_OFFSET if package.is_of_mac else 0
            cells = _Cells(_shared_strings(package), dates, shift, as_shown)
            return tuple(
                Tab(sheet.title, sheet.title, cells.rows(package, sheet.part), sheet.hidden)
                for sheet in package.sheets()
            )
    except Exception as error:  # whatever a damaged file makes zipfile or the XML parser raise
        raise WorkbookError("lokal.rusak", berkas=name) from error


@dataclass(frozen=True, slots=True)
class _Cells:
    """What is needed to understand cells: the texts that they share, and the styles (by number) that show a date, where
    those have to be shifted (in a workbook with the calendar of old Macs) or given as they are shown."""

    strings: Sequence[str]
    dates: AbstractSet[int]
    shift: int
    as_shown: bool

    def rows(self, package: Package, part: str) -> tuple[tuple[Value, ...], ...]:
        """The values of a worksheet, without the empty ones at the end of each row and of all."""
        rows: dict[int, tuple[Value, ...]] = {}
        links: list[Element] = []
        number = 0
        with package.stream(part) as stream:
            for _, element in iterparse(stream):
                if element.tag == _ROW:
                    number = int(float(element.get("r", number + 1)))
                    if values := self._row(element):
                        rows[number] = values
                    element.clear()
                elif element.tag == _LINK:
                    links.append(element)
        found = tuple(rows.get(at, ()) for at in range(1, max(rows, default=0) + 1))
        return linked(found, links, package.addresses(part)) if links else found

    def _row(self, row: Element) -> tuple[Value, ...]:
        values: list[Value] = []
        at = 0
        for cell in row:
            if cell.tag != _CELL:
                continue
            reference = cell.get("r")
            at = _column(reference.rstrip("0123456789")) if reference else at + 1
            value = self._value(cell)
            if value is not None:
                values.extend([None] * (at - len(values)))
                values[at - 1] = value
        return tuple(values)

    def _value(self, cell: Element) -> Value:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            text = cell.find(_INLINE)
            return _typed(_joined(text)) if text is not None else None
        stored = cell.findtext(_VALUE)
        if not stored:
            if kind == "str":
                return ""  # a formula whose result is an empty text
            return UNCALCULATED if cell.find(_FORMULA) is not None else None
        match kind:
            case "s":
                return _typed(self.strings[int(stored)])
            case "n":
                return self._number(stored, cell)
            case "b":
                return bool(int(stored))
            case "e":
                return CellError(stored)
            case "d":
                moment: object = from_ISO8601(stored)  # type: ignore[no-untyped-call]
                return _shown(_serial(moment)) if self.as_shown else _serial(moment)
            case _:
                return _typed(stored)

    def _number(self, stored: str, cell: Element) -> Value:
        number = float(stored) if "." in stored or "e" in stored or "E" in stored else int(stored)
        if not self.dates or int(cell.get("s", 0)) not in self.dates:
            return number
        return _shown(number + self.shift) if self.as_shown else number + self.shift


@cache
def _column(letters: str) -> int:
    return column_index_from_string(letters)


def _shown(serial: float) -> Value:
    """A date or a time of day as people see it. A number that is neither stays one."""
    day, seconds = read_date(serial), round(serial % 1 * 86_400)
    if seconds == 86_400 or (day is None and not 0 < serial < 1):
        return serial
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}" + (f":{seconds % 60:02}" if seconds % 60 else "")
    return clock if day is None else f"{day:%d/%m/%Y}" + (f" {clock}" if seconds else "")


def _date_styles(data: bytes) -> AbstractSet[int]:
    """The styles (by number) that show a date, as openpyxl tells them."""
    reader: Any = ExcelReader(BytesIO(data))
    reader.read_manifest()
    reader.read_workbook()
    apply_stylesheet(reader.archive, reader.wb)
    return frozenset(reader.wb._date_formats)


def _typed(text: str) -> str | None:
    """Text as somebody typed it; an empty one is an empty cell."""
    return (_as_typed(text) if "_x" in text or "\r" in text else text) or None


def _as_typed(text: str) -> str:
    """Text with the format's escapes undone (``_x000D_`` is a carriage return) and plain line ends."""
    return _ESCAPE.sub(_character, text).replace("\r\n", "\n").replace("\r", "\n")


def _character(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if character.isprintable() or character in "\t\n\r\xa0" else ""


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


def _shared_strings(package: Package) -> list[str]:
    strings: list[str] = []
    for relation in package.relations(package.workbook):
        if relation.kind == "sharedStrings":
            with package.stream(relation.target) as stream:
                for _, element in iterparse(stream):
                    if element.tag == _ITEM:
                        strings.append(_joined(element))
                        element.clear()
    return strings


def _joined(text: Element) -> str:
    """A text and its differently formatted parts; how to pronounce it is no part of it."""
    return "".join(words.text or "" for part in text if part.tag != _SOUND for words in part.iter(_TEXT))
