"""Requests of a batch that change tabs, dimensions, named ranges and protection."""

import copy
import re
from collections.abc import Callable, Mapping
from typing import Any

from openpyxl.utils import column_index_from_string

from automation.model.cells import letters
from tests.sheets_server.answer import InvalidRequest
from tests.sheets_server.cells import check_size
from tests.sheets_server.masks import Mask, kept_format, paired_mask, parse_mask
from tests.sheets_server.model import EMPTY, Book, Row, Sheet
from tests.sheets_server.ranges import grid_block, sheet_of
from tests.sheets_server.schema import api, snake

Reply = dict[str, Any]
#: Where a row or column (or the end of a range) stands after others were inserted or deleted.
Moved = Callable[[int, bool], int]
REFERENCE = re.compile(r'"[^"]*"|(?P<a>\$?)(?P<column>[A-Z]{1,3})(?P<b>\$?)(?P<row>\d+)(?![\w(])')


def add_sheet(book: Book, body: Mapping[str, Any]) -> Reply:
    wanted = copy.deepcopy(dict(body.get("properties", {})))
    id = wanted.setdefault("sheetId", max((sheet.id for sheet in book.sheets), default=0) + 1)
    title = wanted.setdefault("title", f"Sheet{len(book.sheets) + 1}")
    if id < 0:
        raise InvalidRequest(f"Invalid sheet id: {id}")
    if book.by_id(id):
        raise InvalidRequest(f"A sheet with the id {id} already exists. Please use a different id.")
    _check_title(book, title)
    index = wanted.pop("index", len(book.sheets))
    wanted.setdefault("sheetType", "GRID")
    wanted["gridProperties"] = {"rowCount": 1000, "columnCount": 26} | wanted.get("gridProperties", {})
    _check_frozen(wanted["gridProperties"])
    book.sheets.insert(index, Sheet(wanted))
    check_size(book)
    return {"addSheet": {"properties": {**wanted, "index": index}}}


def delete_sheet(book: Book, body: Mapping[str, Any]) -> None:
    """deleteSheet, with the named and protected ranges on it."""
    remove_sheet(book, sheet_of(book, body.get("sheetId", 0)))


def remove_sheet(book: Book, sheet: Sheet) -> None:
    """Take a tab away, and what is bound to it."""
    if len(book.sheets) == 1:
        raise InvalidRequest("You can't remove all the sheets in a document.")
    book.sheets.remove(sheet)
    book.named = {key: named for key, named in book.named.items() if named["range"].get("sheetId", 0) != sheet.id}
    book.protected = {key: area for key, area in book.protected.items() if area["range"].get("sheetId", 0) != sheet.id}


def update_sheet_properties(book: Book, body: Mapping[str, Any]) -> None:
    wanted = body.get("properties", {})
    sheet = sheet_of(book, wanted.get("sheetId", 0))
    text = body.get("fields", "")
    mask = api("sheets.v4").check_mask(text, "SheetProperties")
    if not text:
        raise InvalidRequest("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    for name in mask or ():
        if name in ("sheetType", "dataSourceSheetProperties"):
            raise InvalidRequest(f"Invalid field: {snake(name)}")
    if "title" in (mask or wanted):
        retitle(book, sheet, wanted.get("title", ""))
    if mask and "index" in mask:
        book.sheets.remove(sheet)
        book.sheets.insert(wanted.get("index", 0), sheet)
    named = {name: child for name, child in (mask or {}).items() if name != "index"}
    take(sheet.properties, kept_format(wanted), paired_mask(named))
    _check_frozen(sheet.grid)
    check_size(book)


def retitle(book: Book, sheet: Sheet, title: str) -> None:
    if title.casefold() != sheet.title.casefold():
        _check_title(book, title)
    sheet.properties["title"] = str(title)


def _check_title(book: Book, title: str) -> None:
    if not title or len(title) > 100:
        raise InvalidRequest("Sheet titles must be between 1 and 100 characters long.")
    if book.by_title(title):
        raise InvalidRequest(f'A sheet with the name "{title}" already exists. Please enter another name.')


def _check_frozen(grid: Mapping[str, Any]) -> None:
    if grid.get("frozenRowCount", 0) >= grid["rowCount"]:
        raise InvalidRequest("You can't freeze all visible rows on the sheet.")


def take(target: dict[str, Any], source: Mapping[str, Any], mask: Mask) -> None:
    """Set the fields of `mask`; one that `source` lacks is cleared."""
    for name, child in (mask or dict.fromkeys(source)).items():
        if child and isinstance(source.get(name), Mapping):
            take(target.setdefault(name, {}), source[name], child)
        elif name in source:
            target[name] = copy.deepcopy(source[name])
        else:
            target.pop(name, None)


def update_spreadsheet_properties(book: Book, body: Mapping[str, Any]) -> None:
    mask = api("sheets.v4").check_mask(body.get("fields", ""), "SpreadsheetProperties")
    if not mask:
        raise InvalidRequest("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    take(book.properties, body.get("properties", {}), mask)


def append_dimension(book: Book, body: Mapping[str, Any]) -> None:
    sheet = sheet_of(book, body.get("sheetId", 0))
    length = body.get("length", 0)
    if length < 1:
        raise InvalidRequest("length must be positive")
    sheet.grid[_count_of(body)] += length
    check_size(book)


def update_dimension_properties(book: Book, body: Mapping[str, Any]) -> None:
    bounds = body["range"]
    sheet, start, end = sheet_of(book, bounds.get("sheetId", 0)), bounds.get("startIndex", 0), bounds["endIndex"]
    if body["fields"] != "pixelSize":
        raise NotImplementedError(f"this server knows no dimension property {body['fields']!r} yet")
    if not start < end <= sheet.grid[_count_of(bounds)]:
        raise InvalidRequest(f"Dimensions {start} to {end} are outside the grid")
    for index in range(start, end):
        sheet.sizes[bounds["dimension"], index] = body["properties"]["pixelSize"]


def insert_dimension(book: Book, body: Mapping[str, Any]) -> None:
    bounds = body["range"]
    sheet, start, end = sheet_of(book, bounds.get("sheetId", 0)), bounds.get("startIndex", 0), bounds["endIndex"]
    if start == 0 and body.get("inheritFromBefore"):
        raise InvalidRequest("inheritFromBefore cannot be true when startIndex is 0")
    if start > sheet.grid[_count_of(bounds)] or end <= start:
        raise InvalidRequest(f"Cannot insert at {start}: it is outside the grid")
    insert(book, sheet, bounds["dimension"], start, end - start)
    check_size(book)


def insert(book: Book, sheet: Sheet, dimension: str, start: int, length: int) -> None:
    """Insert empty rows or columns; ranges below or right of them move."""
    sheet.grid["rowCount" if dimension == "ROWS" else "columnCount"] += length
    if dimension == "ROWS":
        if start < len(sheet.rows):
            sheet.rows[start:start] = [()] * length
    else:
        sheet.rows = [_widened(row, start, length) for row in sheet.rows]
    _shift(book, sheet, dimension, lambda at, is_end: at + length if at > start or (at == start and not is_end) else at)


def _widened(row: Row, start: int, length: int) -> Row:
    return row if start >= len(row) else row[:start] + (EMPTY,) * length + row[start:]


def delete_dimension(book: Book, body: Mapping[str, Any]) -> None:
    bounds = body["range"]
    sheet = sheet_of(book, bounds.get("sheetId", 0))
    start, end = bounds.get("startIndex", 0), bounds.get("endIndex", sheet.grid[_count_of(bounds)])
    if end > sheet.grid[_count_of(bounds)] or end <= start:
        raise InvalidRequest(f"Cannot delete {start} to {end}: it is outside the grid")
    if end - start >= sheet.grid[_count_of(bounds)]:
        raise InvalidRequest(f"You can't delete all the {bounds['dimension'].lower()} on the sheet.")
    delete(book, sheet, bounds["dimension"], start, end - start)


def delete(book: Book, sheet: Sheet, dimension: str, start: int, length: int) -> None:
    """Delete rows or columns; ranges below or right of them move."""
    sheet.grid["rowCount" if dimension == "ROWS" else "columnCount"] -= length
    if dimension == "ROWS":
        del sheet.rows[start : start + length]
    else:
        sheet.rows = [row[:start] + row[start + length :] for row in sheet.rows]
    _shift(book, sheet, dimension, lambda at, _: at if at <= start else max(start, at - length))


def _shift(book: Book, sheet: Sheet, dimension: str, moved: Moved) -> None:
    axis = "Row" if dimension == "ROWS" else "Column"
    for area in (*book.named.values(), *book.protected.values()):
        _shift_range(area["range"], sheet, axis, moved)
    for rule in sheet.rules:
        for grid in rule["ranges"]:
            _shift_range(grid, sheet, axis, moved)
        shift_formulas(rule["booleanRule"], axis, moved)
    for each in (*sheet.views.values(), *([sheet.filter] if sheet.filter else ())):
        _shift_range(each["range"], sheet, axis, moved)
        shift_formulas(each, axis, moved)
        if axis == "Column":
            _shift_columns(each, moved)
    for merge in sheet.merges:
        _shift_range(merge, sheet, axis, moved)
    sheet.sizes = {(of, moved(at, False) if of == dimension else at): size for (of, at), size in sheet.sizes.items()}


def _shift_range(grid: dict[str, Any], sheet: Sheet, axis: str, moved: Moved) -> None:
    if grid.get("sheetId", 0) == sheet.id:
        for name, is_end in ((f"start{axis}Index", False), (f"end{axis}Index", True)):
            if name in grid:
                grid[name] = moved(grid[name], is_end)


def _shift_columns(filter: dict[str, Any], moved: Moved) -> None:
    for spec in filter.get("sortSpecs", ()):
        spec["dimensionIndex"] = moved(spec.get("dimensionIndex", 0), False)
    for spec in filter.get("filterSpecs", ()):
        spec["columnIndex"] = moved(spec.get("columnIndex", 0), False)


def shift_formulas(within: Mapping[str, Any], axis: str, moved: Moved) -> None:
    """Formulas of conditions point to the same cells as before, as those in cells do."""

    def reference(match: re.Match[str]) -> str:
        if match["row"] is None:
            return match[0]
        column, row = match["column"], match["row"]
        if axis == "Row":
            row = str(moved(int(row) - 1, False) + 1)
        else:
            column = letters(moved(column_index_from_string(column) - 1, False))
        return f"{match['a']}{column}{match['b']}{row}"

    conditions = [within.get("condition", {})]
    conditions += [spec.get("filterCriteria", {}).get("condition", {}) for spec in within.get("filterSpecs", ())]
    for condition in conditions:
        if condition.get("type") == "CUSTOM_FORMULA":
            for value in condition["values"]:
                value["userEnteredValue"] = REFERENCE.sub(reference, value["userEnteredValue"])


def _count_of(body: Mapping[str, Any]) -> str:
    match body.get("dimension"):
        case "ROWS":
            return "rowCount"
        case "COLUMNS":
            return "columnCount"
    raise InvalidRequest("dimension must be specified")


def add_named_range(book: Book, body: Mapping[str, Any]) -> Reply:
    """addNamedRange. Neither the id nor the name may exist."""
    wanted = copy.deepcopy(dict(body.get("namedRange", {})))
    name = wanted.get("name", "")
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,249}", name) or re.fullmatch(r"[A-Za-z]{1,3}\d+|R\d+C\d+", name):
        raise InvalidRequest(f"Invalid name: {name}")
    id = wanted.setdefault("namedRangeId", str(1_000_000 + len(book.named)))
    if id in book.named:
        raise InvalidRequest(f"Cannot add named range with id {id}, a named range with that id already exists.")
    if any(named["name"].casefold() == name.casefold() for named in book.named.values()):
        raise InvalidRequest(f"Cannot add named range with name {name}, a named range with that name already exists.")
    grid_block(book, wanted.get("range", {}))
    book.named[id] = wanted
    return {"addNamedRange": {"namedRange": wanted}}


def update_named_range(book: Book, body: Mapping[str, Any]) -> None:
    wanted = body.get("namedRange", {})
    named = book.named.get(wanted.get("namedRangeId", ""))
    if named is None:
        raise InvalidRequest(f"No NamedRange with id: {wanted.get('namedRangeId', '')}")
    if not body.get("fields"):
        raise InvalidRequest("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    take(named, wanted, parse_mask(body["fields"]))
    grid_block(book, named["range"])


def delete_named_range(book: Book, body: Mapping[str, Any]) -> None:
    if book.named.pop(body.get("namedRangeId", ""), None) is None:
        raise InvalidRequest(f"No NamedRange with id: {body.get('namedRangeId', '')}")


def add_table(book: Book, body: Mapping[str, Any]) -> dict[str, Any]:
    """addTable. What its typed columns refuse is not known: here nothing."""
    table = {"tableId": f"tabel-{len(book.sheets)}", **body.get("table", {})}
    sheet_of(book, table.get("range", {}).get("sheetId", 0)).tables.append(table)
    return {"addTable": {"table": table}}


def mark_row(book: Book, body: Mapping[str, Any]) -> dict[str, Any]:
    """createDeveloperMetadata, of one row."""
    mark = body["developerMetadata"]
    place = mark["location"]["dimensionRange"]
    if place.get("dimension") != "ROWS" or place["endIndex"] - place["startIndex"] != 1:
        raise InvalidRequest("Metadata stands at one row or column.")
    sheet_of(book, place.get("sheetId", 0)).marks.setdefault(place["startIndex"], []).append(dict(mark))
    return {"createDeveloperMetadata": {"developerMetadata": mark}}
