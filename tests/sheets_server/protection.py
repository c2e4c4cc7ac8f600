"""Who may change what: protected ranges, and who asks."""

import copy
from collections.abc import Mapping
from typing import Any

from tests.sheets_server.answer import InvalidRequest
from tests.sheets_server.cells import touched_rows
from tests.sheets_server.model import Book, Sheet
from tests.sheets_server.ranges import Block, grid_block, sheet_of

Reply = dict[str, Any]

REFUSED = (
    "You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection if "
    "you need to edit."
)
#: Requests that change a tab as such; the field that names it, and whether they also need all that is protected in it.
OF_TABS = {
    "deleteSheet": ("sheetId", True),
    "updateSheetProperties": ("properties", False),
    "appendDimension": ("sheetId", False),
    "deleteConditionalFormatRule": ("sheetId", False),
}


def add_protected_range(book: Book, body: Mapping[str, Any]) -> Reply:
    """addProtectedRange. The editors of a warning are ignored, as Google does."""
    wanted = copy.deepcopy(dict(body.get("protectedRange", {})))
    if "range" not in wanted:
        raise InvalidRequest("A protected range needs a range")
    grid_block(book, wanted["range"])
    id = wanted.setdefault("protectedRangeId", max(book.protected, default=1000) + 1)
    if id in book.protected:
        raise InvalidRequest(f"A protected range with id {id} already exists.")
    if wanted.get("warningOnly"):
        wanted.pop("editors", None)
    book.protected[id] = wanted
    return {"addProtectedRange": {"protectedRange": wanted}}


def delete_protected_range(book: Book, body: Mapping[str, Any]) -> None:
    if book.protected.pop(id := body.get("protectedRangeId", 0), None) is None:
        raise InvalidRequest(f"No protected range with id: {id}")


def check_request(book: Book, kind: str, body: Mapping[str, Any], account: str) -> None:
    """Refuse a request that changes what is protected against `account`, who does not own the spreadsheet."""
    if kind in OF_TABS:
        field, all_of_it = OF_TABS[kind]
        named = body.get(field, 0)
        sheet = sheet_of(book, named.get("sheetId", 0) if isinstance(named, Mapping) else named)
        for area in _against(book, sheet, account):
            if all_of_it or area["range"].keys() <= {"sheetId"}:
                raise InvalidRequest(REFUSED)
    elif kind == "deleteProtectedRange":
        id = body.get("protectedRangeId", 0)
        if id in book.protected and is_against(book.protected[id], account):
            raise InvalidRequest(REFUSED)
    elif block := touched_rows(book, kind, body) or _other_block(book, kind, body):
        check_block(book, block, account)


def _other_block(book: Book, kind: str, body: Mapping[str, Any]) -> Block | None:
    """The cells that a request means without writing into them."""
    if kind in ("setDataValidation", "mergeCells", "unmergeCells") and "range" in body:
        return grid_block(book, body["range"])
    if kind == "setBasicFilter":
        return grid_block(book, body.get("filter", {}).get("range", {}))
    if kind == "addConditionalFormatRule" and body.get("rule", {}).get("ranges"):
        return grid_block(book, body["rule"]["ranges"][0])
    if kind in ("insertDimension", "deleteDimension", "updateDimensionProperties"):
        bounds = body.get("range", {})
        sheet = sheet_of(book, bounds.get("sheetId", 0))
        first, last = bounds.get("startIndex", 0), bounds.get("endIndex", 0)
        if bounds.get("dimension") == "ROWS":
            return Block(sheet, first, 0, last, sheet.column_count)
        return Block(sheet, 0, first, sheet.row_count, last)
    return None


def check_block(book: Book, block: Block, account: str) -> None:
    """Refuse to change cells that are protected against `account`."""
    for area in _against(book, block.sheet, account):
        grid = area["range"]
        if (
            grid.get("startRowIndex", 0) < block.bottom
            and grid.get("endRowIndex", block.bottom) > block.top
            and grid.get("startColumnIndex", 0) < block.right
            and grid.get("endColumnIndex", block.right) > block.left
            and not any(_covers(free, block) for free in area.get("unprotectedRanges", ()))
        ):
            raise InvalidRequest(REFUSED)


def _covers(grid: Mapping[str, Any], block: Block) -> bool:
    rows = grid.get("startRowIndex", 0) <= block.top and grid.get("endRowIndex", block.bottom) >= block.bottom
    columns = grid.get("startColumnIndex", 0) <= block.left and grid.get("endColumnIndex", block.right) >= block.right
    return bool(rows and columns)


def _against(book: Book, sheet: Sheet, account: str) -> list[dict[str, Any]]:
    ours = [area for area in book.protected.values() if area["range"].get("sheetId", 0) == sheet.id]
    return [area for area in ours if is_against(area, account)]


def is_against(area: Mapping[str, Any], account: str) -> bool:
    """Whether a protection keeps `account` out."""
    return not area.get("warningOnly") and account not in area.get("editors", {}).get("users", ())
