"""A spreadsheet as the API shows it, with only the fields that were asked for."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from automation.model.cells import EPOCH
from tests.sheets_server.masks import Mask, inner, kept, wants
from tests.sheets_server.model import EMPTY, Book, Cell, Failure, Row, Scalar, Sheet, once_a_row
from tests.sheets_server.protection import is_against
from tests.sheets_server.ranges import Block


def spreadsheet_json(
    book: Book, mask: Mask, blocks: Sequence[Block], *, grid_data: bool, account: str | None = None
) -> dict[str, Any]:
    """The Spreadsheet resource as `account` sees it. `blocks` limit tabs and grid data; none means all tabs. A mask
    decides about grid data by itself, whatever `grid_data` says."""
    whole: dict[str, Any] = {
        "spreadsheetId": book.id,
        "properties": book.properties,
        "namedRanges": list(book.named.values()),
        "spreadsheetUrl": f"https://docs.google.com/spreadsheets/d/{book.id}/edit",
    }
    shown: dict[str, Any] = kept({name: value for name, value in whole.items() if value}, mask)
    if wants(mask, "sheets"):
        limits = [(sheet, [block for block in blocks if block.sheet is sheet]) for sheet in book.sheets]
        of_sheet = inner(mask, "sheets")
        shown["sheets"] = [
            _sheet_json(book, sheet, index, of_sheet, areas or [_all(sheet)], grid_data or mask is not None, account)
            for index, (sheet, areas) in enumerate(limits)
            if areas or not blocks
        ]
    return shown


def _all(sheet: Sheet) -> Block:
    return Block(sheet, 0, 0, sheet.row_count, sheet.column_count)


def _sheet_json(
    book: Book, sheet: Sheet, index: int, mask: Mask, areas: Sequence[Block], grid_data: bool, account: str | None
) -> dict[str, Any]:
    whole: dict[str, Any] = {"properties": {**sheet.properties, "index": index}}
    protected = [
        {**area, **({} if account is not None and is_against(area, account) else {"requestingUserCanEdit": True})}
        for area in book.protected.values()
        if area["range"].get("sheetId", 0) == sheet.id
    ]
    whole |= {
        "protectedRanges": protected,
        "conditionalFormats": sheet.rules,
        "filterViews": list(sheet.views.values()),
        "charts": list(sheet.charts.values()),
        "merges": sheet.merges,
        "basicFilter": sheet.filter,
        "tables": sheet.tables,
    }
    whole = {name: value for name, value in whole.items() if value}
    shown: dict[str, Any] = kept(whole, mask)
    if sheet.properties.get("sheetType") == "GRID" and grid_data and wants(mask, "data"):
        shown["data"] = [_data_json(area, inner(mask, "data")) for area in areas]
    return shown


def _data_json(area: Block, mask: Mask) -> dict[str, Any]:
    whole = {name: at for name, at in (("startRow", area.top), ("startColumn", area.left)) if at}
    shown: dict[str, Any] = kept(whole, mask)
    for name, dimension, usual, span in (
        ("rowMetadata", "ROWS", 21, range(area.top, area.bottom)),
        ("columnMetadata", "COLUMNS", 100, range(area.left, area.right)),
    ):
        if wants(mask, name):
            sizes: list[dict[str, Any]] = [{"pixelSize": area.sheet.sizes.get((dimension, at), usual)} for at in span]
            for at, marks in area.sheet.marks.items() if dimension == "ROWS" else ():
                if at in span:
                    sizes[at - span.start]["developerMetadata"] = marks
            shown[name] = kept(sizes, inner(mask, name))
    if wants(mask, "rowData"):
        of_row = inner(mask, "rowData")
        shared: dict[int, dict[str, Any]] = {}
        cut = (row[area.left : area.right] for row in area.sheet.rows[area.top : area.bottom])
        rows = [_row_json(row, of_row, shared) for row in cut]
        while rows and rows[-1] is None:
            rows.pop()
        if rows:
            shown["rowData"] = [row or {} for row in rows]
    return shown


def _row_json(cells: Row, mask: Mask, shared: dict[int, dict[str, Any]]) -> dict[str, Any] | None:
    """One RowData; None for a row in which nothing was ever set. Trailing cells of that sort are left out. `shared` are
    cells that have been shown already: those that were formatted together are one and the same."""
    if mask in (_VALUES, _LEADING):
        return _values_row(cells) if mask == _VALUES else _leading_row(cells)
    cells = _set(cells)
    if not cells:
        return None
    if not wants(mask, "values"):
        return {}
    of_cell = inner(mask, "values")
    for cell in cells:
        if id(cell) not in shared:
            shared[id(cell)] = kept(cell_json(cell), of_cell)
    return {"values": [shared[id(cell)] for cell in cells]}


#: What the program asks for, of many cells.
_VALUES: Mask = {"values": {"effectiveValue": None}}
_LEADING: Mask = {"values": {"effectiveValue": None, "hyperlink": None}}


@once_a_row
def _values_row(cells: Row) -> dict[str, Any] | None:
    return {"values": [_effective(cell, leads=False) for cell in cells]} if (cells := _set(cells)) else None


@once_a_row
def _leading_row(cells: Row) -> dict[str, Any] | None:
    return {"values": [_effective(cell, leads=True) for cell in cells]} if (cells := _set(cells)) else None


def _set(cells: Row) -> Row:
    """Without the trailing cells in which nothing was ever set."""
    last = len(cells)
    while last and cells[last - 1] is EMPTY:
        last -= 1
    return cells[:last]


def _effective(cell: Cell, *, leads: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {} if cell.value is None else {"effectiveValue": extended(cell.value)}
    if leads and cell.format and (address := hyperlink(cell)):
        shown["hyperlink"] = address
    return shown


def hyperlink(cell: Cell) -> str:
    """The address that a cell opens: the link in its format. (Those of formulas and of runs of text are not known
    here.)"""
    uri: str = cell.format.get("textFormat", {}).get("link", {}).get("uri", "")
    return uri if cell.value is not None else ""


def cell_json(cell: Cell) -> dict[str, Any]:
    shown: dict[str, Any] = dict(cell.extra)
    if cell.formula:
        shown["userEnteredValue"] = {"formulaValue": cell.formula}
    elif cell.value is not None and cell.formula is None:
        shown["userEnteredValue"] = extended(cell.value)
    if cell.value is not None:
        shown["effectiveValue"] = extended(cell.value)
        shown["formattedValue"] = formatted(cell)
    if address := hyperlink(cell):
        shown["hyperlink"] = address
    if cell.format:
        shown["userEnteredFormat"] = cell.format
        shown["effectiveFormat"] = cell.format
    return shown


def extended(value: Scalar) -> Mapping[str, Any]:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int | float):
        return {"numberValue": value}
    if isinstance(value, Failure):
        return {"errorValue": {"type": value.type, "message": value.text}}
    return {"stringValue": value}


def formatted(cell: Cell) -> str:
    """What people see in a cell: enough of it for dates, numbers and booleans."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, Failure):
        return value.text
    if isinstance(value, int | float):
        if cell.format.get("numberFormat", {}).get("type") == "DATE":
            return f"{EPOCH + timedelta(days=int(value)):%d/%m/%Y}"
        return f"{value:.15g}".replace(".", ",")
    return value
