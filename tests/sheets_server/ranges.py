"""Reading the ranges that requests name, against the tabs as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.sheets_server.a1 import Area, column_letters, parse_area, split_title
from tests.sheets_server.errors import ApiError, InvalidRequest
from tests.sheets_server.model import Book, Sheet


@dataclass(frozen=True, slots=True)
class Block:
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
        return f"{quoted}!{column_letters(self.left)}{self.top + 1}:{column_letters(self.right - 1)}{self.bottom}"


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
