"""What openpyxl would drop from a file, but can write once it is told of it: lists as Excel writes them when their
entries stand in another tab, the size of notes, the last digit of a number, and that a row is as high as its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from openpyxl import Workbook as Book
from openpyxl.worksheet.datavalidation import DataValidation

from automation.sheets.xlsx_drawings import leave_drawings
from automation.sheets.xlsx_package import Package, local

_NOTE = re.compile(
    r'<\w+:shape\b[^>]*?style="(?P<style>[^"]*)".*?'
    r"<\w+:Row>(?P<row>\d+)</\w+:Row>.*?<\w+:Column>(?P<column>\d+)</\w+:Column>",
    re.DOTALL,
)
_SIZE = re.compile(r"\b(width|height):([\d.]+)(pt|px)")
_PIXELS = {"pt": 96 / 72, "px": 1.0}
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_NUMBER = re.compile(rb'\br="(\d+)"')
_BY_HAND = re.compile(rb'\bcustomHeight="(?:1|true)"')


def carry_over(book: Book, data: bytes) -> None:
    """Give `book`, just loaded from `data`, what was left behind."""
    leave_drawings(book, data)
    with Package(data) as package:
        for stored in package.sheets():
            sheet = book[stored.title]
            _keep_digits(sheet)
            _let_rows_grow(sheet, package.text(stored.part))
            for validation in _extended_validations(package.frame(stored.part)):
                sheet.add_data_validation(validation)
            for relation in package.relations(stored.part):
                if relation.kind == "vmlDrawing":
                    for row, column, width, height in _note_sizes(package.text(relation.target)):
                        note = sheet.cell(row + 1, column + 1).comment
                        if note is not None:
                            note.width, note.height = width, height


def plain_columns(data: bytes) -> dict[str, frozenset[int]]:
    """By tab, the columns (1-based) that have a width in the file only because they have a format: nobody set it."""
    with Package(data) as package:
        return {one.title: frozenset(_plain_columns(package.frame(one.part))) for one in package.sheets()}


def _plain_columns(frame: Element | None) -> Iterator[int]:
    for element in frame.iter() if frame is not None else ():
        if local(element) == "col" and element.get("customWidth") not in ("1", "true"):
            yield from range(int(element.get("min", "1")), int(element.get("max", "0")) + 1)


def _let_rows_grow(sheet: Any, xml: bytes) -> None:
    """LibreOffice and Excel also write down the heights that they worked out themselves. openpyxl would make all of
    them fixed, and text that the robot writes would be cut off; without a height they are worked out again."""
    for row in _ROW.finditer(xml):
        number = _NUMBER.search(row[1])
        if number and b' ht="' in row[1] and not _BY_HAND.search(row[1]):
            sheet.row_dimensions[int(number[1])].ht = None


def _keep_digits(sheet: Any) -> None:
    """A number can need 17 digits and more, and openpyxl writes 16; given as text, it is written as it is."""
    for cell in sheet._cells.values():
        value = cell.value
        if cell.data_type == "n" and isinstance(value, int | float) and float(f"{value:.16g}") != value:
            cell._value = repr(value)


def _extended_validations(frame: Element | None) -> Iterator[DataValidation]:
    """The lists of the 2009 extension: the same rules as ever, each formula and range in an element of its own."""
    for element in frame.iter() if frame is not None else ():
        if local(element) != "dataValidation" or element.get("sqref") is not None:
            continue
        parts = {local(part): "".join(part.itertext()).strip() for part in element}
        attributes: dict[str, Any] = {name: value for name, value in element.items() if not name.startswith("{")}
        yield DataValidation(
            **attributes,
            formula1=parts.get("formula1"),
            formula2=parts.get("formula2"),
            sqref=parts.get("sqref", ""),
        )


def _note_sizes(drawing: bytes) -> Iterator[tuple[int, int, float, float]]:
    """0-based row and column of each note, width and height in pixels."""
    for shape in _NOTE.finditer(drawing.decode("utf-8", "replace")):
        size = {side: float(length) * _PIXELS[unit] for side, length, unit in _SIZE.findall(shape["style"])}
        if size.keys() == {"width", "height"}:
            yield int(shape["row"]), int(shape["column"]), size["width"], size["height"]
