"""The bytes of an xlsx file, read raw into tabs."""

from __future__ import annotations

import re
import threading
import warnings
import zipfile
from collections.abc import Iterator, Set as AbstractSet
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import IO, Any
from xml.etree.ElementTree import iterparse

from openpyxl import Workbook as Book
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.datetime import MAC_EPOCH
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from automation.cases.cells import EPOCH, CellError, Value
from automation.sheets.port import Tab
from automation.trouble import WorkbookError

#: A formula that no spreadsheet program has worked out yet (one that a script wrote): something stands there, and it
#: must not pass for an empty cell.
UNCALCULATED = CellError("#BELUM DIHITUNG")
#: What the first day of the other calendar (Excel on old Macs, from 1904) is in ours.
MAC_OFFSET = (MAC_EPOCH.date() - EPOCH).days

_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
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

    def read_strings(self) -> None:
        """Read shared strings without undoing half of their escapes, as openpyxl does in plain text."""
        if self.rich_text:
            super().read_strings()
            return
        part = next((part for part in self.package.Override if part.ContentType == SHARED_STRINGS), None)
        if part is not None:
            with self.archive.open(part.PartName[1:]) as stream:
                self.shared_strings = list(_shared_strings(stream))


@contextmanager
def opened(data: bytes, name: str, *, values: bool = False, for_reading: bool = False) -> Iterator[Book]:
    """The file as openpyxl's workbook: `values` gives results in place of formulas.

    Raises `WorkbookError` for what is no readable xlsx file. openpyxl warns of what it would drop; `xlsx_guard` sees
    to that better, so its warnings are silenced here, by one thread at a time because that is a global switch.
    """
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            reader = RawReader(BytesIO(data), read_only=for_reading, data_only=values, rich_text=not for_reading)
            reader.read()
        except Exception as error:  # whatever a damaged file makes openpyxl, zipfile or the XML parser raise
            raise WorkbookError("lokal.rusak", berkas=name) from error
        try:
            yield reader.wb
        finally:
            reader.archive.close()


def read_tabs(data: bytes, name: str) -> tuple[Tab, ...]:
    """All worksheets of the file. `name` is what errors call it."""
    if data.startswith(_OLE):
        raise WorkbookError("lokal.terkunci-sandi", berkas=name)
    try:
        formulas = _formulas(data, name) if _has_formulas(data) else {}
        with opened(data, name, values=True, for_reading=True) as book:
            shift = MAC_OFFSET if book.epoch == MAC_EPOCH else 0
            return tuple(
                Tab(
                    key=sheet.title,
                    title=sheet.title,
                    rows=_rows(sheet, shift, formulas.get(sheet.title, frozenset())),
                    hidden=sheet.sheet_state != "visible",
                )
                for sheet in book.worksheets
            )
    except WorkbookError:
        raise
    except Exception as error:  # the tabs are parsed only while they are read
        raise WorkbookError("lokal.rusak", berkas=name) from error


def _rows(sheet: Any, shift: int, formulas: AbstractSet[tuple[int, int]]) -> tuple[tuple[Value, ...], ...]:
    sheet.reset_dimensions()  # some programs write a wrong extent, and openpyxl would cut the tab there
    rows: list[tuple[Value, ...]] = []
    last = 0
    for cells in sheet.iter_rows():
        row = [_value(cell, shift) for cell in cells]
        if formulas:
            for column, value in enumerate(row):
                if value is None and (len(rows), column) in formulas:
                    row[column] = UNCALCULATED
        while row and row[-1] is None:
            row.pop()
        rows.append(tuple(row))
        if row:
            last = len(rows)
    return tuple(rows[:last])


def _value(cell: Any, shift: int) -> Value:
    value = cell.value
    if value is None:
        return "" if cell.data_type == "str" else None  # a formula whose result is an empty text
    if isinstance(value, str):
        if cell.data_type == "e":
            return CellError(value)
        typed = _as_typed(value) if "_x" in value or "\r" in value else value
        return typed or None  # an empty text that was typed is an empty cell
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value + shift if shift and cell.is_date else value
    return _serial(value)


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


def _has_formulas(data: bytes) -> bool:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return any(
            name.startswith("xl/worksheets/") and name.endswith(".xml") and _FORMULA.search(archive.read(name))
            for name in archive.namelist()
        )


def _formulas(data: bytes, name: str) -> dict[str, frozenset[tuple[int, int]]]:
    """By tab, the 0-based row and column of every formula."""
    with opened(data, name, for_reading=True) as book:
        return {sheet.title: frozenset(_formulas_in(sheet)) for sheet in book.worksheets}


def _formulas_in(sheet: Any) -> Iterator[tuple[int, int]]:
    sheet.reset_dimensions()
    for r, row in enumerate(sheet.iter_rows()):
        yield from ((r, c) for c, cell in enumerate(row) if cell.data_type == "f")


def _shared_strings(stream: IO[bytes]) -> Iterator[str]:
    text, phonetic, item = (f"{{{SHEET_MAIN_NS}}}{tag}" for tag in ("t", "rPh", "si"))
    for _, element in iterparse(stream):
        if element.tag == phonetic:  # how to pronounce it is no part of it
            element.clear()
        elif element.tag == item:
            yield "".join(part.text or "" for part in element.iter(text))
            element.clear()
