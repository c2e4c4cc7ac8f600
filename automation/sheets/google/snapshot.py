"""A spreadsheet as the Sheets API shows it, understood as a `Snapshot`."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from sys import intern
from typing import Any, TypedDict, cast

from msgspec import Raw, Struct
from msgspec.json import Decoder
from msgspec.structs import replace

from automation.model.cells import Area, CellError, Link, Lock, Part, Value
from automation.sheets.port import Snapshot, Tab
from automation.tables.kendali import JOURNAL

#: All that is read, in one request: names, tabs, fences, what is protected, each cell's raw value and where it leads.
_SHEET = (
    "properties(sheetId,title,hidden,sheetType,gridProperties(rowCount,columnCount)),"
    "protectedRanges(range,requestingUserCanEdit,warningOnly,unprotectedRanges),merges"
)
SHEETS = f"sheets({_SHEET},data(startRow,startColumn,rowData(values(effectiveValue,hyperlink))))"
READ_FIELDS = f"properties(title,locale,timeZone),namedRanges(namedRangeId,name,range),{SHEETS}"
#: The same without where cells lead, which is a third of all there is to read.
VALUE_FIELDS = READ_FIELDS.replace("effectiveValue,hyperlink", "effectiveValue")
#: The same without the cells.
OUTLINE_FIELDS = f"properties(title,locale,timeZone),namedRanges(namedRangeId,name,range),sheets({_SHEET})"
READ_BACK_FIELDS = f"updatedSpreadsheet(properties(title,locale,timeZone),{SHEETS})"

#: Our own field of a sheet whose cells Google could not return: their values.
UNREAD = "unread"
#: Our own field of a sheet that was put away, so that only its top was asked for.
AWAY = "away"
_FEW = 10  # rows of a protection that is looked at together with others of the same columns
#: Our named ranges begin so: ``robot_0`` says that there have been commits, ``robot_<n>`` counts them.
FENCE = "robot"
#: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/other#errortype
ERRORS = {
    "ERROR": "#ERROR!",
    "NULL_VALUE": "#NULL!",
    "DIVIDE_BY_ZERO": "#DIV/0!",
    "VALUE": "#VALUE!",
    "REF": "#REF!",
    "NAME": "#NAME?",
    "NUM": "#NUM!",
    "N_A": "#N/A",
    "LOADING": "Loading...",
}
#: The values of cells that show such a text, or an empty one.
_ERRONEOUS: Mapping[object, Value] = {text: CellError(text) for text in ERRORS.values()} | {"": None}


class _ExtendedValue(Struct, gc=False, rename="camel"):
    string_value: str | None = None
    number_value: int | float | None = None
    bool_value: bool | None = None
    error_value: dict[str, Any] | None = None


class _CellData(Struct, gc=False, rename="camel"):
    effective_value: _ExtendedValue | None = None
    hyperlink: str | None = None


class _RowData(Struct, gc=False):
    values: list[_CellData] = []


class _GridData(TypedDict, total=False):
    startRow: int
    startColumn: int
    rowData: list[Raw]


class _Sheet(TypedDict, total=False):
    properties: dict[str, Any]
    protectedRanges: list[dict[str, Any]]
    merges: list[dict[str, Any]]
    data: list[_GridData]


class _Spreadsheet(TypedDict, total=False):
    properties: dict[str, Any]
    namedRanges: list[dict[str, Any]]
    sheets: list[_Sheet]
    updatedSpreadsheet: "_Spreadsheet"  # in the answer to a batchUpdate


_ROW, _ANSWER = Decoder(_RowData), Decoder[Any](_Spreadsheet)
#: The fields of answers with cells, which `with_rows` reads.
WITH_CELLS = (READ_FIELDS, VALUE_FIELDS, READ_BACK_FIELDS)


def with_rows(content: bytes) -> dict[str, Any]:
    """An answer with cells; its `rowData` are rows of values. Answers are large, so they are decoded row by row: an
    object for every cell would take twice the memory, and dictionaries three times the time. Raises `ValueError`."""
    answer: dict[str, Any] = _ANSWER.decode(content)
    for _, _, sheet in grid_sheets(answer.get("updatedSpreadsheet", answer)):
        for data in sheet.get("data", ()):
            data["rowData"] = trimmed(_row(_ROW.decode(row).values) for row in data.get("rowData", ()))
    return answer


def echoing(ranges: Sequence[str]) -> dict[str, Any]:
    """What a batch asks for so that its answer shows what stands in these ranges afterwards."""
    return {"includeSpreadsheetInResponse": True, "responseIncludeGridData": True, "responseRanges": ranges}


class Revision(Struct, frozen=True):
    """The moment of a snapshot: the numbers of the fences that stood (in order; `robot_00` counts as 0, too), and how
    many rows and columns each tab (by its key) has.

    `taken` are the ids of all sheets, including those that are no grids; `fence` is the beginning of the fences' names;
    `guarded` are the keys of tabs with a protection that only warns.
    """

    fences: tuple[int, ...]
    grids: Mapping[str, tuple[int, int]]
    taken: frozenset[int]
    fence: str = FENCE
    guarded: frozenset[str] = frozenset()


def snapshot_of(spreadsheet: Mapping[str, Any], fence: str, locks: Sequence[tuple[str, Lock]]) -> Snapshot:
    """The snapshot in an answer to a read, behind fences of this name; `locks` are further refusals, by tab key."""
    pattern = re.compile(rf"{fence}_(\d+)\Z")
    named = (pattern.match(each.get("namedRangeId", "")) for each in spreadsheet.get("namedRanges", ()))
    fences = tuple(sorted(int(match[1]) for match in named if match))
    taken = frozenset(sheet["properties"].get("sheetId", 0) for sheet in spreadsheet.get("sheets", ()))
    guards = ((key, sheet.get("protectedRanges", ())) for key, _, sheet in grid_sheets(spreadsheet))
    guarded = frozenset(key for key, ranges in guards if any(one.get("warningOnly") for one in ranges))
    found = ((tab, [lock for key, lock in locks if key == tab.key]) for tab in tabs_of(spreadsheet))
    tabs = (replace(tab, locks=(*tab.locks, *refused)) for tab, refused in found)
    revision = Revision(fences, grids_of(spreadsheet), taken, fence, guarded)
    return make_snapshot(spreadsheet["properties"], tabs, revision)


def make_snapshot(properties: Mapping[str, Any], tabs: Iterable[Tab], revision: Revision) -> Snapshot:
    """The snapshot of a spreadsheet with these properties."""
    locale, zone = properties.get("locale", ""), properties.get("timeZone", "")
    return Snapshot(properties["title"], tuple(tabs), revision, locale, zone=zone)


def grid_sheets(spreadsheet: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """The tabs that are grids: key, properties, and all of it."""
    for sheet in spreadsheet.get("sheets", ()):
        properties = sheet["properties"]
        if properties.get("sheetType", "GRID") == "GRID":
            yield str(properties.get("sheetId", 0)), properties, sheet


def rows_in(sheet: Mapping[str, Any], name: str = "rowData") -> list[Mapping[str, Any]]:
    """What a sheet shows of each row (``rowMetadata``: of the row itself)."""
    return [row for data in sheet.get("data", ()) for row in data.get(name, ())]


def grids_of(spreadsheet: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """Rows and columns of each tab, by its key."""
    sizes = ((key, properties["gridProperties"]) for key, properties, _ in grid_sheets(spreadsheet))
    return {key: (size.get("rowCount", 0), size.get("columnCount", 0)) for key, size in sizes}


def tabs_of(spreadsheet: Mapping[str, Any]) -> Iterator[Tab]:
    """The tabs that hold cells; charts and the like are passed over."""
    for key, properties, sheet in grid_sheets(spreadsheet):
        rows: list[list[Value]] = next((data["rowData"] for data in sheet.get("data", ())), [])
        locks, held = list[Lock](), defaultdict[Area, set[int]](set)  # locks of few rows make one for their columns
        for one in sheet.get("protectedRanges", ()):
            area, free = area_of(one.get("range", {})), tuple(map(area_of, one.get("unprotectedRanges", ())))
            if one.get("warningOnly") or one.get("requestingUserCanEdit"):  # it stops nobody, or not this account
                continue
            if free or area.bottom - area.top > _FEW:
                locks.append(Lock(area, free))
            else:
                held[Area(left=area.left, right=area.right)].update(range(int(area.top), int(area.bottom)))
        # Of merged cells only the first one keeps, or shows, what is written.
        for top, left, bottom, right in merged_areas(sheet):
            held[Area(left=left + 1, right=right)].add(top)
            held[Area(left=left, right=right)].update(range(top + 1, bottom))
        locks += [Lock(area, rows=frozenset(rows)) for area, rows in held.items() if rows]
        if unread := UNREAD in sheet:
            rows = trimmed([_ERRONEOUS.get(value, value) for value in row] for row in sheet[UNREAD])
            # Locked, because writes must be read back; not the journal, to which rows are only appended.
            locks = [] if properties["title"] == JOURNAL else [Lock(Area())]
        part = Part.AWAY if AWAY in sheet else Part.ALL
        yield Tab(key, properties["title"], rows, properties.get("hidden", False), tuple(locks), unread, part=part)


def area_of(grid: Mapping[str, Any]) -> Area:
    """The area of a GridRange, which leaves out sides that are the tab's own."""
    sides = {"top": "startRowIndex", "left": "startColumnIndex", "bottom": "endRowIndex", "right": "endColumnIndex"}
    return Area(**{side: grid[name] for side, name in sides.items() if name in grid})


def merged_areas(sheet: Mapping[str, Any]) -> list[tuple[int, int, int, int]]:
    """The merged cells of a sheet: first row and column, and those behind the last."""
    return [cast("tuple[int, int, int, int]", area_of(one)) for one in sheet.get("merges", ())]


def _row(cells: Sequence[_CellData]) -> list[Value]:
    return [None if (value := cell.effective_value) is None else _value(value, cell.hyperlink) for cell in cells]


def _value(effective: _ExtendedValue, address: str | None) -> Value:
    if (text := effective.string_value) is not None:
        return Link(text, address) if address is not None and text != address else intern(text)
    if effective.error_value is not None:
        return CellError(ERRORS.get(effective.error_value.get("type", ""), "#ERROR!"))
    return _one(effective.number_value) if effective.number_value is not None else effective.bool_value


#: One copy of a number that many cells hold: mostly they are days.
_one = lru_cache(maxsize=4096, typed=True)(lambda number: number)


def trimmed(rows: Iterator[list[Value]]) -> list[list[Value]]:
    """`rows` without trailing empty cells and rows, which formats alone leave behind."""
    kept = []
    for row in rows:
        while row and row[-1] is None:
            row.pop()
        kept.append(row[:])  # a copy takes no more memory than it needs
    while kept and not kept[-1]:
        kept.pop()
    return kept
