"""What openpyxl would drop from a file, but can write once it is told of it: lists as Excel writes them when their
entries stand in another tab, the size of notes, and the last digit of a number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from openpyxl import Workbook as Book
from openpyxl.worksheet.datavalidation import DataValidation

from automation.sheets.xlsx_package import Package, local

_NOTE = re.compile(
    r'<\w+:shape\b[^>]*?style="(?P<style>[^"]*)".*?'
    r"<\w+:Row>(?P<row>\d+)</\w+:Row>.*?<\w+:Column>(?P<column>\d+)</\w+:Column>",
    re.DOTALL,
)
_SIZE = re.compile(r"\b(width|height):([\d.]+)(pt|px)")
_PIXELS = {"pt": 96 / 72, "px": 1.0}


def carry_over(book: Book, data: bytes) -> None:
    """Give `book`, just loaded from `data`, what was left behind."""
    with Package(data) as package:
        for stored in package.sheets():
            sheet = book[stored.title]
            _keep_digits(sheet)
            for validation in _extended_validations(package.frame(stored.part)):
                sheet.add_data_validation(validation)
            for relation in package.relations(stored.part):
                if relation.kind == "vmlDrawing":
                    for row, column, width, height in _note_sizes(package.text(relation.target)):
                        note = sheet.cell(row + 1, column + 1).comment
                        if note is not None:
                            note.width, note.height = width, height


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
