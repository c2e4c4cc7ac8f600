"""Requests of a batch that change what cells hold."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from tests.sheets_server.answer import InvalidRequest
from tests.sheets_server.masks import Mask, kept, kept_format, paired_mask
from tests.sheets_server.model import EMPTY, Book, Cell, Failure, Scalar, Sheet
from tests.sheets_server.ranges import Block, grid_block, sheet_of
from tests.sheets_server.schema import api, snake

WRITABLE = {
    "userEnteredValue", "userEnteredFormat", "dataValidation", "note", "textFormatRuns", "chipRuns", "pivotTable",
    "dataSourceTable",
}  # fmt: skip
LONGEST = 50_000
LINK_LOOK = {"underline": True, "foregroundColorStyle": {"themeColor": "LINK"}}
MOST_CELLS = 10_000_000


def cell_mask(text: str) -> Mask:
    """The mask of an update, which must name at least one field of CellData that can be written."""
    if not text:
        raise InvalidRequest("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    sheets = api("sheets.v4")
    mask = sheets.check_mask(text, "CellData") if text != "*" else dict.fromkeys(WRITABLE)
    for name in mask or {}:
        if name not in WRITABLE:
            raise InvalidRequest(f"Invalid field: {snake(name)}")
    return mask if mask is not None else dict.fromkeys(WRITABLE)


def updated(cell: Cell, data: Mapping[str, Any], mask: Mask) -> Cell:
    """`cell` with the fields of `mask` taken from `data`; a field that is missing there is cleared."""
    extra = dict(cell.extra)
    for name, child in (mask or {}).items():
        if name == "userEnteredValue":
            cell = entered(cell, data.get(name, {}))
        elif name == "userEnteredFormat":
            format = _merged(cell.format, kept_format(data.get(name, {})), paired_mask(child))
            cell = replace(cell, format=_as_link(format, data, child))
        else:
            extra.pop(name, None)
            if name in data:
                extra[name] = data[name]
    result = cell if extra == cell.extra else replace(cell, extra=extra)
    return EMPTY if result == EMPTY else result


def entered(cell: Cell, value: Mapping[str, Any]) -> Cell:
    """`cell` with another ExtendedValue. Of a formula only the text that it begins with is worked out, else it
    counts nothing."""
    if "formulaValue" in value:
        begins = re.match(r'="([^"]*)"&', value["formulaValue"])
        return replace(cell, value=f"{begins[1]}…" if begins else 0, formula=value["formulaValue"])
    if "errorValue" in value:
        raise InvalidRequest("User entered value cannot be an error")
    scalar: Scalar = next(iter(value.values()), None)
    if isinstance(scalar, str) and len(scalar) > LONGEST:
        raise InvalidRequest(f"Your input contains more than the maximum of {LONGEST} characters in a single cell.")
    return replace(cell, value=None if scalar == "" else scalar, formula=None)


def _merged(old: Mapping[str, Any], new: Mapping[str, Any], mask: Mask) -> Mapping[str, Any]:
    if mask is None:
        return new
    taken = kept(new, mask)
    merged = {name: value for name, value in old.items() if name not in mask}
    for name, child in mask.items():
        inside = _merged(old.get(name, {}), taken.get(name, {}), child) if child else taken.get(name)
        if inside or (name in taken and not child):
            merged[name] = inside
    return merged


def _as_link(format: Mapping[str, Any], data: Mapping[str, Any], mask: Mask) -> Mapping[str, Any]:
    """What Google documents of TextFormat.link: the text takes the look of a link, unless the same request gives it
    another."""
    given = kept(data.get("userEnteredFormat", {}), mask).get("textFormat", {})
    if not given.get("link", {}).get("uri"):
        return format
    return {**format, "textFormat": {**format.get("textFormat", {}), **LINK_LOOK, **kept_format(given)}}


def _write(sheet: Sheet, top: int, left: int, rows: Sequence[Mapping[str, Any]], mask: Mask) -> None:
    for down, row in enumerate(rows):
        values = row.get("values", [])
        if top + down >= sheet.row_count:
            raise InvalidRequest(
                f"Attempting to write row: {top + down}, beyond the last requested row of: {sheet.row_count - 1}"
            )
        if left + len(values) > sheet.column_count:
            raise InvalidRequest(
                f"Attempting to write column: {sheet.column_count}, beyond the last requested column of: "
                f"{sheet.column_count - 1}"
            )
        cells = tuple(updated(sheet.cell(top + down, left + right), data, mask) for right, data in enumerate(values))
        if any(
            cell.formula is None and cell.value is not None and sheet.cell(top + down, left + at).formula == ""
            for at, cell in enumerate(cells)
        ):
            _collapse(sheet)
        if cells:
            sheet.put_row(top + down, left, cells)
        for right, cell in enumerate(cells):
            for below, value in enumerate(shown_below(cell.formula or ""), start=1):
                sheet.put(top + down + below, left + right, Cell(value, formula=""))


def shown_below(formula: str) -> Sequence[float]:
    """What ``={1;2}`` shows in the cells below its own."""
    listed = re.fullmatch(r"=\{([\d;]+)\}", formula)
    return [float(number) for number in listed[1].split(";")[1:]] if listed else ()


def _collapse(sheet: Sheet) -> None:
    """Something was written where a formula shows its results: it shows none any more."""
    for at, row in enumerate(sheet.rows):
        alone = (
            replace(one, value=Failure("REF")) if one.formula else EMPTY if one.formula == "" else one for one in row
        )
        sheet.rows[at] = tuple(alone)


def update_cells(book: Book, body: Mapping[str, Any]) -> None:
    """updateCells, by ``start`` or by ``range`` (what the rows don't cover is cleared)."""
    mask = cell_mask(body.get("fields", ""))
    rows = body.get("rows", [])
    if "range" in body:
        block = grid_block(book, body["range"])
        sheet, width = block.sheet, block.right - block.left
        padded = [{"values": [*row.get("values", []), *[{}] * (width - len(row.get("values", [])))]} for row in rows]
        padded += [{"values": [{}] * width}] * (block.bottom - block.top - len(rows))
        _write(sheet, block.top, block.left, padded, mask)
    else:
        start = body.get("start", {})
        sheet = sheet_of(book, start.get("sheetId", 0))
        _write(sheet, start.get("rowIndex", 0), start.get("columnIndex", 0), rows, mask)
    for block in (grid_block(book, merge) for merge in sheet.merges):  # of which all but the first cell keep nothing
        first = sheet.cell(block.top, block.left)
        each_cell(block, lambda cell: updated(cell, {}, {"userEnteredValue": None}))
        sheet.put(block.top, block.left, first)


def append_cells(book: Book, body: Mapping[str, Any]) -> None:
    """appendCells: below the last row that holds data, with more rows where the grid ends."""
    sheet = sheet_of(book, body.get("sheetId", 0))
    rows = body.get("rows", [])
    top = sheet.last_data_row() + 1
    sheet.grid["rowCount"] = max(sheet.row_count, top + len(rows))
    check_size(book)
    _write(sheet, top, 0, rows, cell_mask(body.get("fields", "")))


def repeat_cell(book: Book, body: Mapping[str, Any]) -> None:
    mask = cell_mask(body.get("fields", ""))
    data = body.get("cell", {})
    each_cell(grid_block(book, body["range"]), lambda cell: updated(cell, data, mask))


def each_cell(block: Block, change: Callable[[Cell], Cell]) -> None:
    """Change all cells of a block."""
    known: dict[int, Cell] = {}
    for row in range(block.top, block.bottom):
        cells: list[Cell] = []
        for column in range(block.left, block.right):
            cell = block.sheet.cell(row, column)
            if id(cell) not in known:
                known[id(cell)] = change(cell)
            cells.append(known[id(cell)])
        block.sheet.put_row(row, block.left, tuple(cells))


def sort_range(book: Book, body: Mapping[str, Any]) -> None:
    """sortRange: numbers before text before booleans before errors, empty cells last in either order."""
    block = grid_block(book, body["range"])
    sort_rows(block, [(spec["dimensionIndex"], spec.get("sortOrder") == "DESCENDING") for spec in body["sortSpecs"]])


def sort_rows(block: Block, specs: Sequence[tuple[int, bool]]) -> None:
    """Sort the rows of a block by these columns (and whether descending), the first being the weightiest."""
    sheet = block.sheet
    span = range(block.top, block.bottom)
    rows = [(r, tuple(sheet.cell(r, c) for c in range(block.left, block.right))) for r in span]
    for column, descending in reversed(specs):
        at = column - block.left
        filled = [row for row in rows if row[1][at].value is not None]
        filled.sort(key=lambda row: _rank(row[1][at].value), reverse=descending)
        rows = filled + [row for row in rows if row[1][at].value is None]
    if block.left == 0 and block.right >= sheet.column_count:  # whole rows take their marks along
        moved = {block.top + down: sheet.marks[old] for down, (old, _) in enumerate(rows) if old in sheet.marks}
        sheet.marks = {row: marks for row, marks in sheet.marks.items() if row not in span} | moved
    for down, (_, row) in enumerate(rows):
        if row != (EMPTY,) * len(row) or block.top + down < len(sheet.rows):
            sheet.put_row(block.top + down, block.left, row)


def _rank(value: Scalar) -> tuple[int, float, str]:
    if isinstance(value, bool):
        return 2, float(value), ""
    if isinstance(value, int | float):
        return 0, float(value), ""
    if isinstance(value, Failure):
        return 3, 0, value.type
    return 1, 0, str(value).casefold()


def check_size(book: Book) -> None:
    """Refuse a spreadsheet of more than ten million cells."""
    if sum(sheet.row_count * sheet.column_count for sheet in book.sheets) > MOST_CELLS:
        raise InvalidRequest(
            f"This action would increase the number of cells in the workbook above the limit of {MOST_CELLS} cells."
        )


def touched_rows(book: Book, kind: str, body: Mapping[str, Any]) -> Block | None:
    """The cells that a request would change, for the check against protection; None if it names no cells."""
    if kind == "updateCells" and "start" in body:
        start, rows = body["start"], body.get("rows", [])
        sheet = sheet_of(book, start.get("sheetId", 0))
        top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
        width = max((len(row.get("values", [])) for row in rows), default=0)
        return Block(sheet, top, left, top + len(rows), left + width)
    if kind in ("updateCells", "repeatCell", "sortRange") and "range" in body:
        return grid_block(book, body["range"])
    if kind == "appendCells":
        sheet = sheet_of(book, body.get("sheetId", 0))
        top = sheet.last_data_row() + 1
        return Block(sheet, top, 0, top + len(body.get("rows", [])), sheet.column_count)
    return None
