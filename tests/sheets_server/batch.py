"""A batch: every request in order on a copy, and all of it or nothing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.sheets_server import cells, looks, protection, structure
from tests.sheets_server.answer import ApiError, InvalidRequest
from tests.sheets_server.model import Book

Handler = Callable[[Book, Mapping[str, Any]], dict[str, Any] | None]

HANDLERS: dict[str, Handler] = {
    "updateCells": cells.update_cells,
    "appendCells": cells.append_cells,
    "repeatCell": cells.repeat_cell,
    "sortRange": cells.sort_range,
    "addSheet": structure.add_sheet,
    "deleteSheet": structure.delete_sheet,
    "updateSheetProperties": structure.update_sheet_properties,
    "updateSpreadsheetProperties": structure.update_spreadsheet_properties,
    "appendDimension": structure.append_dimension,
    "insertDimension": structure.insert_dimension,
    "deleteDimension": structure.delete_dimension,
    "updateDimensionProperties": structure.update_dimension_properties,
    "addTable": structure.add_table,
    "createDeveloperMetadata": structure.mark_row,
    "addNamedRange": structure.add_named_range,
    "updateNamedRange": structure.update_named_range,
    "deleteNamedRange": structure.delete_named_range,
    "addProtectedRange": protection.add_protected_range,
    "deleteProtectedRange": protection.delete_protected_range,
    "setDataValidation": looks.set_data_validation,
    "addConditionalFormatRule": looks.add_rule,
    "deleteConditionalFormatRule": looks.delete_rule,
    "addFilterView": looks.add_filter_view,
    "setBasicFilter": looks.set_basic_filter,
    "addChart": looks.add_chart,
    "updateChartSpec": looks.update_chart_spec,
    "updateEmbeddedObjectPosition": looks.move_chart,
    "mergeCells": looks.merge_cells,
    "unmergeCells": looks.unmerge_cells,
}


def apply_batch(book: Book, requests: Sequence[Mapping[str, Any]], account: str, owner: str) -> list[dict[str, Any]]:
    """Apply `requests` to `book` for `account`, which is a copy to try them on; raises `ApiError` if one can't be."""
    if not requests:
        raise ApiError(400, "Must specify at least one request.")
    replies: list[dict[str, Any]] = []
    for index, request in enumerate(requests):
        kind, body = next(iter(request.items()), ("", {}))
        handler = HANDLERS.get(kind)
        if handler is None:
            raise NotImplementedError(f"this server does not know the request {kind!r} yet")
        try:
            if account != owner:
                protection.check_request(book, kind, body, account)
            replies.append(handler(book, body) or {})
        except InvalidRequest as error:
            raise ApiError(400, f"Invalid requests[{index}].{kind}: {error}") from None
    return replies
