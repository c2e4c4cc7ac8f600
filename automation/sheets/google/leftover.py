"""Deletes the tab that a new spreadsheet began with, and nothing that anybody could miss."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from msgspec.structs import replace

from automation.sheets.google.assumptions import Spreadsheet
from automation.sheets.google.snapshot import FENCE, echoing, rows_in
from automation.sheets.links import quoted_title
from automation.sheets.port import Changes, Snapshot
from automation.trouble import Outrun, WorkbookError

Commit = Callable[[Changes, Snapshot], Snapshot]
#: Everything in a tab that the API reports; it does not report pictures that lie over cells.
_SHEETS = (
    "sheets(properties(sheetId),merges,conditionalFormats,filterViews,protectedRanges,basicFilter,charts,bandedRanges,"
    "developerMetadata,rowGroups,columnGroups,slicers,tables,"
    "data(rowData(values(userEnteredValue,userEnteredFormat,note,dataValidation,pivotTable))))"
)
_FIELDS = f"namedRanges(namedRangeId,range(sheetId)),{_SHEETS}"


def commit_removal(spreadsheet: Spreadsheet, commit: Commit, changes: Changes, seen: Snapshot) -> Snapshot:
    """Run the `commit` of `changes`, deleting their `removed` tab only if it is bare.

    Google deletes a tab whatever stands in it, and no fence keeps people from typing. So the tab is hidden first: then
    nobody types there any more, and the answer shows what was typed until then. Raises `Outrun` if there was something.
    """
    key = changes.removed
    title = next(tab.title for tab in seen.tabs if tab.key == key)
    if not _is_bare(spreadsheet.fetch(_FIELDS), key, title):
        rest = replace(changes, removed="")
        return commit(rest, seen) if rest else seen

    def hide(hidden: bool, fields: str, **back: object) -> Mapping[str, Any]:
        properties = {"properties": {"sheetId": int(key), "hidden": hidden}, "fields": "hidden"}
        return spreadsheet.batch({"requests": [{"updateSheetProperties": properties}], **back}, fields)

    answer = hide(True, f"updatedSpreadsheet({_SHEETS})", **echoing([quoted_title(title)]))
    try:
        if not _is_bare(answer["updatedSpreadsheet"], key, title):
            raise Outrun("google.didahului", workbook=seen.name, sebab=title)
        return commit(changes, seen)
    except WorkbookError:
        with suppress(WorkbookError):
            hide(False, "spreadsheetId")
        raise


def _is_bare(spreadsheet: Mapping[str, Any], key: str, title: str) -> bool:
    """Whether the tab is empty, and no formula or named range refers to it (except our fences, which move)."""
    names = (one for one in spreadsheet.get("namedRanges", ()) if not one["namedRangeId"].startswith(f"{FENCE}_"))
    named = any(str(one["range"].get("sheetId", 0)) == key for one in names)
    told = json.dumps(spreadsheet)
    sheet = next(one for one in spreadsheet["sheets"] if str(one["properties"].get("sheetId", 0)) == key)
    typed = any(any(row.get("values", ())) for row in rows_in(sheet))
    held = any(content for name, content in sheet.items() if name not in ("properties", "data"))
    return not (named or held or typed or f"{title}!" in told or f"{title}'!" in told)
