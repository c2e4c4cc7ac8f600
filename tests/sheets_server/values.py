"""The ``values`` methods, which the usual scripts are made of."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from msgspec.structs import replace

from automation.model.cells import serial_of
from tests.sheets_server.answer import ApiError
from tests.sheets_server.model import EMPTY, Book, Cell, Failure, Scalar
from tests.sheets_server.ranges import Block, a1_block
from tests.sheets_server.resource import formatted

DATE_FORMAT = {"numberFormat": {"type": "DATE", "pattern": "dd/mm/yyyy"}}


def read_values(book: Book, text: str, query: Mapping[str, str]) -> dict[str, Any]:
    """One ValueRange, without trailing empty rows and cells."""
    block = a1_block(book, text)
    rows = [
        [_rendered(cell, query) for cell in row[block.left : block.right]]
        for row in block.sheet.rows[block.top : block.bottom]
    ]
    for row in rows:
        while row and row[-1] == "":
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    answer: dict[str, Any] = {"range": block.a1, "majorDimension": "ROWS"}
    return answer | ({"values": rows} if rows else {})


def _rendered(cell: Cell, query: Mapping[str, str]) -> str | float | int | bool:
    match query.get("valueRenderOption", "FORMATTED_VALUE"):
        case "FORMULA" if cell.formula is not None:
            return cell.formula
        case "FORMATTED_VALUE":
            return formatted(cell)
    if cell.value is None:
        return ""
    if isinstance(cell.value, Failure):
        return cell.value.text
    return cell.value


def write_values(book: Book, text: str, rows: Sequence[Sequence[Any]], option: str) -> dict[str, Any]:
    """Write `rows` from the upper left corner of a range; a null leaves its cell alone."""
    if option not in ("RAW", "USER_ENTERED"):
        raise ApiError(400, "'valueInputOption' is required but not specified")
    block = a1_block(book, text)
    width = max(map(len, rows), default=0)
    sheet = block.sheet
    if block.top + len(rows) > sheet.row_count or block.left + width > sheet.column_count:
        limits = f"Max rows: {sheet.row_count}, max columns: {sheet.column_count}"
        raise ApiError(400, f"Range ({text}) exceeds grid limits. {limits}")
    for down, row in enumerate(rows):
        for right, value in enumerate(row):
            if value is not None:
                cell = sheet.cell(block.top + down, block.left + right)
                written = replace(cell, value=None if value == "" else value, formula=None)
                if option == "USER_ENTERED":
                    written = typed(cell, value)
                sheet.put(block.top + down, block.left + right, EMPTY if written == EMPTY else written)
    changed = Block(sheet, block.top, block.left, block.top + len(rows), block.left + width)
    return {
        "spreadsheetId": book.id,
        "updatedRange": changed.a1,
        "updatedRows": len(rows),
        "updatedColumns": width,
        "updatedCells": sum(map(len, rows)),
    }


def typed(cell: Cell, value: Any) -> Cell:
    """What a spreadsheet of locale id_ID makes of a text that a person types into `cell`: a number, a date, a formula
    (kept as text, never worked out) or text; in a cell formatted as text it stays text."""
    if not isinstance(value, str):
        return replace(cell, value=value, formula=None)
    if cell.format.get("numberFormat", {}).get("type") == "TEXT":
        return replace(cell, value=value or None, formula=None)
    if value.startswith(("=", "+")) and len(value) > 1:
        return replace(cell, value=None, formula="=" + value[1:])
    scalar: Scalar = value.removeprefix("'") or None
    if day := re.fullmatch(r"(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}))?", value):
        try:
            serial = serial_of(date(int(day[3] or 2026), int(day[2]), int(day[1])))
        except ValueError:
            return replace(cell, value=value, formula=None)
        return replace(cell, value=serial, formula=None, format={**cell.format, **DATE_FORMAT})
    if re.fullmatch(r"-?\d+", value):
        scalar = int(value)
    elif re.fullmatch(r"-?\d{1,3}(\.\d{3})+", value):
        scalar = int(value.replace(".", ""))
    elif re.fullmatch(r"-?\d+,\d+", value):
        scalar = float(value.replace(",", "."))
    elif value.upper() in ("TRUE", "FALSE"):
        scalar = value.upper() == "TRUE"
    return replace(cell, value=scalar, formula=None)
