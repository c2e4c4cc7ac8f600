"""Results of formulas across a commit.

openpyxl writes formulas without their results. Excel and LibreOffice work them out when the file is opened, but the
robot can't, and would read nothing where people saw a value. So a result is put back where it still holds: where
the formula depends on no cell that was written. LibreOffice shows a result that it finds in the file without working it
out again, so one that may have changed is left out, and reads as `UNCALCULATED` until somebody opens and saves
the file.
"""

from __future__ import annotations

import re
import zipfile
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import Workbook as Book
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token
from openpyxl.utils import range_boundaries
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string
from openpyxl.worksheet.formula import ArrayFormula

from automation.cases.cells import CellError, Value
from automation.sheets.xlsx_package import Package
from automation.sheets.xlsx_read import UNCALCULATED

Place = tuple[str, int, int]  # tab title, 0-based row and column
_Area = tuple[str, int, int, int, int]  # tab title, first and last row, first and last column, 0-based

_CELL = re.compile(r'<c r="([A-Z]+[0-9]+)"([^>]*)>(<f\b(?:[^>]*/>|[^>]*>[^<]*</f>))<v\s*(?:/>|></v>)</c>')
_FOLLOWS_ANYTHING = frozenset({"INDIRECT(", "OFFSET("})


def formulas_of(book: Book) -> dict[Place, str | None]:
    """The formula in every cell that has one; None for a kind whose precedents can't be told."""
    found: dict[Place, str | None] = {}
    for sheet in book.worksheets:
        cells: dict[tuple[int, int], Any] = sheet._cells  # iter_rows() would make every empty cell
        for (row, column), cell in cells.items():
            if cell.data_type == "f":
                value = cell.value.text if isinstance(cell.value, ArrayFormula) else cell.value
                found[sheet.title, row - 1, column - 1] = value if isinstance(value, str) else None
    return found


def unaffected(formulas: Mapping[Place, str | None], written: Iterable[Place]) -> set[Place]:
    """The formulas whose results still hold after these cells were written."""
    touched = _Touched(written)
    areas = {place: _precedents(place[0], formula) for place, formula in formulas.items()}
    still = set(formulas)
    while True:
        stale = {place for place in still if areas[place] is None or any(map(touched.meets, areas[place] or ()))}
        if not stale:
            return still
        still -= stale
        for place in stale:
            touched.add(place)


def with_results(data: bytes, results: Mapping[Place, Value]) -> bytes:
    """The file as openpyxl wrote it, with these results put into its formula cells."""
    by_tab: dict[str, dict[tuple[int, int], Value]] = defaultdict(dict)
    for (title, row, column), value in results.items():
        by_tab[title][row, column] = value
    with Package(data) as package:
        changed = {
            sheet.part: _filled(package.text(sheet.part).decode(), by_tab[sheet.title]).encode()
            for sheet in package.sheets()
            if sheet.title in by_tab
        }
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changed.get(name) or old.read(name))
    return stream.getvalue()


class _Touched:
    """Cells that were written or depend on one that was, found by area."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._rows: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        for place in places:
            self.add(place)

    def add(self, place: Place) -> None:
        title, row, column = place
        insort(self._rows[title.casefold()][column], row)

    def meets(self, area: _Area) -> bool:
        title, top, bottom, left, right = area
        for column, rows in self._rows[title.casefold()].items():
            if left <= column <= right:
                at = bisect_left(rows, top)
                if at < len(rows) and rows[at] <= bottom:
                    return True
        return False


def _precedents(title: str, formula: str | None) -> list[_Area] | None:
    """The areas that a formula reads; None when it can't be told (names, tables, ``INDIRECT``)."""
    if formula is None:
        return None
    areas: list[_Area] = []
    for token in Tokenizer(formula).items:
        if token.type == Token.FUNC and token.value.upper() in _FOLLOWS_ANYTHING:
            return None
        if token.type == Token.OPERAND and token.subtype == Token.RANGE:
            place, _, reference = token.value.rpartition("!")
            try:
                left, top, right, bottom = range_boundaries(reference)
            except (ValueError, TypeError):
                return None
            if left is None or top is None or right is None or bottom is None or place.startswith(("[", "'[")):
                return None
            named = place.strip("'").replace("''", "'") or title
            areas.append((named, top - 1, bottom - 1, left - 1, right - 1))
    return areas


def _filled(xml: str, results: Mapping[tuple[int, int], Value]) -> str:
    def fill(cell: re.Match[str]) -> str:
        letters, row = coordinate_from_string(cell[1])
        value = results.get((row - 1, column_index_from_string(letters) - 1))
        if value is None or value == UNCALCULATED:
            return cell[0]
        kind, text = _stored(value)
        return f'<c r="{cell[1]}"{cell[2]}{kind}>{cell[3]}<v>{escape(text)}</v></c>'

    return _CELL.sub(fill, xml)


def _stored(value: Value) -> tuple[str, str]:
    if isinstance(value, bool):
        return ' t="b"', str(int(value))
    if isinstance(value, CellError):
        return ' t="e"', value.text
    if isinstance(value, str):
        return ' t="str"', value
    return "", repr(value)
