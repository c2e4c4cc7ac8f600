"""Single cells of an xlsx file as the robot writes them."""

from __future__ import annotations

import re
from copy import copy
from datetime import date
from typing import Any
from urllib.parse import quote, urlsplit

from openpyxl.cell.cell import Cell
from openpyxl.styles import Color
from openpyxl.styles.numbers import is_date_format
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from automation.cases.cells import Link, Value, Writable, kept_text, serial_of

#: Who writes.
PROGRAM = "Ruang Rakyat"
#: Day, month and year as Indonesians write them.
DATE_FORMAT = "dd/mm/yyyy"
TEXT_FORMAT = "@"

#: Kinds of address that a cell opens, besides files.
OPENED = ("https", "http", "tel")

_LINK_BLUE = "FF0563C1"
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_RUNS_AS_FORMULA = ("=", "+", "-", "@", "\t", "'", "{")


def read_back(value: Writable) -> Value:
    """What a written value must read as."""
    if isinstance(value, date):
        return serial_of(value)
    if isinstance(value, Link) and value.labelled and _target_of(value.address) is not None:
        return Link(kept_text(value), value.address)
    if isinstance(value, str):
        return kept_text(str(value)) or None
    return value


def clear(sheet: Worksheet, row: int, column: int) -> None:
    """Empty a cell (1-based row and column) but keep its look."""
    cell = sheet.cell(row, column)
    if isinstance(cell, Cell):
        cell.value = None
        cell.hyperlink = None


def put(cell: Any, value: str | date | int) -> None:
    """Write a value, text always as text; a date is shown as a date."""
    cell.hyperlink = None
    if isinstance(value, str):
        _set_text(cell, kept_text(str(value)))
        if isinstance(value, Link):
            _set_link(cell, value)
        return
    look = cell.number_format
    cell.value = value  # gives a date openpyxl's own format
    if isinstance(value, date):
        cell.number_format = look if is_date_format(look) else DATE_FORMAT


def _set_text(cell: Any, text: str) -> None:
    """Write text past openpyxl's guesses: it would make a formula of ``=…`` and an error of ``#REF!``."""
    cell.value = None
    cell._value = _LOOKS_ESCAPED.sub("_x005F_", text)
    cell.data_type = "s"
    if text.startswith(_RUNS_AS_FORMULA):
        cell.quotePrefix = True  # keeps Excel from running it when somebody edits the cell


def _target_of(address: str) -> tuple[str, str | None] | None:
    """What a link leads to: a web page, a telephone, or a file and a place in it (``Gondrong.xlsx#'Gondrong'!A12``).
    None for what a spreadsheet should not open."""
    scheme = urlsplit(address).scheme
    if scheme in OPENED:
        return address, None
    if len(scheme) > 1:  # one letter is a Windows drive
        return None
    path, _, place = address.partition("#")
    return quote(path.replace("\\", "/"), safe="/:"), place


def _set_link(cell: Any, link: Link) -> None:
    found = _target_of(kept_text(link.address))
    if found is None:
        return
    target, place = found
    cell.hyperlink = Hyperlink(ref=cell.coordinate, target=target or None, location=place or None)
    font = copy(cell.font)
    font.underline, font.color = "single", Color(_LINK_BLUE)
    cell.font = font
