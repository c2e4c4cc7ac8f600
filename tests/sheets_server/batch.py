"""A batch: every request in order on a copy, and all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.sheets_server import cells, structure
from tests.sheets_server.errors import ApiError, InvalidRequest
from tests.sheets_server.model import Book
from tests.sheets_server.ranges import Block

Handler = Callable[[Book, Mapping[str, Any]], dict[str, Any] | None]

HANDLERS: dict[str, Handler] = {
    "updateCells": cells.update_cells,
    "appendCells": cells.append_cells,
    "repeatCell": cells.repeat_cell,
    "setDataValidation": cells.set_data_validation,
    "sortRange": cells.sort_range,
    "addSheet": structure.add_sheet,
    "deleteSheet": structure.delete_sheet,
    "updateSheetProperties": structure.update_sheet_properties,
    "appendDimension": structure.append_dimension,
    "insertDimension": structure.insert_dimension,
    "deleteDimension": structure.delete_dimension,
    "updateDimensionProperties": structure.update_dimension_properties,
    "addNamedRange": structure.add_named_range,
    "updateNamedRange": structure.update_named_range,
    "deleteNamedRange": structure.delete_named_range,
    "addProtectedRange": structure.add_protected_range,
}


def apply_batch(book: Book, requests: Sequence[Mapping[str, Any]], account: str, owner: str) -> list[dict[str, Any]]:
    """Apply `requests` to `book` for `account`; raises `ApiError` and leaves `book` alone if one can't be applied."""
    if not requests:
        raise ApiError(400, "Must specify at least one request.")
    draft = book.copy()
    replies: list[dict[str, Any]] = []
    for index, request in enumerate(requests):
        kind, body = next(iter(request.items()), ("", {}))
        handler = HANDLERS.get(kind)
        if handler is None:
            raise NotImplementedError(f"this server does not know the request {kind!r} yet")
        try:
            block = cells.touched_rows(draft, kind, body)
            if block and account != owner:
                check_protection(draft, block, account)
            replies.append(handler(draft, body) or {})
        except InvalidRequest as error:
            raise ApiError(400, f"Invalid requests[{index}].{kind}: {error}") from None
    book.become(draft)
    return replies


def check_protection(book: Book, block: Block, account: str) -> None:
    """Refuse to change cells that are protected against `account`."""
    for area in book.protected.values():
        grid = area["range"]
        inside = (
            grid.get("sheetId", 0) == block.sheet.id
            and grid.get("startRowIndex", 0) < block.bottom
            and grid.get("endRowIndex", block.bottom) > block.top
            and grid.get("startColumnIndex", 0) < block.right
            and grid.get("endColumnIndex", block.right) > block.left
        )
        if inside and not area.get("warningOnly") and account not in area.get("editors", {}).get("users", ()):
            raise InvalidRequest(
                "You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove "
                "protection if you need to edit."
            )
