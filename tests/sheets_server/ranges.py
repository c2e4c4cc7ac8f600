"""Ranges, in A1 notation and as requests name them, against the tabs as they are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from msgspec import Struct
from openpyxl.utils import column_index_from_string

from automation.model.cells import letters
from tests.sheets_server.answer import ApiError, InvalidRequest
from tests.sheets_server.model import Book, Sheet

CORNER = re.compile(r"([A-Za-z]{0,3})([0-9]*)\Z")


@dataclass(frozen=True, slots=True)
class Area:
    """Half-open, 0-based; None is unbounded."""

    top: int = 0
    left: int = 0
    bottom: int | None = None
    right: int | None = None


def split_title(text: str) -> tuple[str | None, str]:
    """The tab's title (None where the text names none) and what follows the exclamation mark."""
    if text.startswith("'"):
        quoted = re.match(r"'((?:[^']|'')*)'(?:!(.*))?\Z", text, re.DOTALL)
        if not quoted:
            return None, text
        return quoted[1].replace("''", "'"), quoted[2] or ""
    title, mark, cells = text.rpartition("!")
    return (title, cells) if mark else (None, text)


def parse_area(text: str) -> Area | None:
    """``A1``, ``A1:C3``, ``A:C``, ``A2:C`` or ``1:3``; None if it is none of these."""
    first, _, last = text.partition(":")
    start, end = CORNER.match(first), CORNER.match(last or first)
    if not text or not start or not end or not (start[1] or start[2]) or not (end[1] or end[2]):
        return None
    if not last and not (start[1] and start[2]):
        return None
    return Area(
        int(start[2]) - 1 if start[2] else 0,
        column_index_from_string(start[1]) - 1 if start[1] else 0,
        int(end[2]) if end[2] else None,
        column_index_from_string(end[1]) if end[1] else None,
    )


# Reading the ranges that requests name, against the tabs as they are


class Block(Struct, frozen=True):
    """A rectangle of a tab; half-open, 0-based, inside the grid."""

    sheet: Sheet
    top: int
    left: int
    bottom: int
    right: int

    @property
    def a1(self) -> str:
        title = self.sheet.title
        quoted = title if title.isidentifier() and title.isascii() else "'" + title.replace("'", "''") + "'"
        return f"{quoted}!{letters(self.left)}{self.top + 1}:{letters(self.right - 1)}{self.bottom}"


def sheet_of(book: Book, id: int) -> Sheet:
    """The tab that a request names by id."""
    sheet = book.by_id(id)
    if sheet is None:
        raise InvalidRequest(f"No grid with id: {id}")
    return sheet


def grid_block(book: Book, grid: Mapping[str, Any]) -> Block:
    """The rectangle that a GridRange means; outside the grid is an error."""
    sheet = sheet_of(book, grid.get("sheetId", 0))
    block = Block(
        sheet,
        grid.get("startRowIndex", 0),
        grid.get("startColumnIndex", 0),
        grid.get("endRowIndex", sheet.row_count),
        grid.get("endColumnIndex", sheet.column_count),
    )
    if block.top > block.bottom or block.left > block.right or block.top < 0 or block.left < 0:
        raise InvalidRequest("GridRange is invalid: start index must not be after the end index")
    if block.bottom > sheet.row_count or block.right > sheet.column_count:
        raise InvalidRequest(
            f"Range ({block.a1}) exceeds grid limits. Max rows: {sheet.row_count}, max columns: {sheet.column_count}"
        )
    return block


def a1_block(book: Book, text: str) -> Block:
    """The rectangle that A1 notation means: a tab, cells of a tab, cells of the first tab, or a named range."""
    title, cells = split_title(text)
    if title is None:
        title, cells = _bare(book, text)
    sheet = book.by_title(title) if title else next(iter(book.sheets), None)
    area = parse_area(cells) if cells else Area()
    if sheet is None or area is None:
        raise ApiError(400, f"Unable to parse range: {text}")
    bottom = sheet.row_count if area.bottom is None else area.bottom
    right = sheet.column_count if area.right is None else area.right
    if bottom > sheet.row_count or right > sheet.column_count or area.top >= bottom or area.left >= right:
        if area.top >= sheet.row_count or area.left >= sheet.column_count:
            limits = f"Max rows: {sheet.row_count}, max columns: {sheet.column_count}"
            raise ApiError(400, f"Range ({sheet.title}!{cells}) exceeds grid limits. {limits}")
        bottom, right = min(bottom, sheet.row_count), min(right, sheet.column_count)
    return Block(sheet, area.top, area.left, bottom, right)


def _bare(book: Book, text: str) -> tuple[str, str]:
    """A text without an exclamation mark: Google takes it for cells first, then for a tab, then for a named range."""
    if parse_area(text):
        return "", text
    if book.by_title(text):
        return text, ""
    for named in book.named.values():
        if named["name"].casefold() == text.casefold():
            block = grid_block(book, named["range"])
            return block.sheet.title, block.a1.rpartition("!")[2]
    return text, ""
