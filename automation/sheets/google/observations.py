"""Google's behaviour that is worth knowing, though no ticket depends on it: `check` tries it out on the operator's own
account. All that is asked and answered is about a tab of its own, so that it can be shown to anybody."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from automation.sheets.google.failures import NAMED, OUTRUN
from automation.sheets.google.resources import DATE, VALUE_FIELDS, Request, cell, formula_holds, grid_range, update
from automation.sheets.google.snapshot import rows_in

Seen = Mapping[str, Any]

_ROW = 30  # the first of the two rows that are sorted
_SPILL = 44  # the first of the two rows that a formula fills
_TWO_ROWS = {"userEnteredValue": {"formulaValue": "={1;2}"}}


class Observation(NamedTuple):
    """Batches to send, whether what is seen afterwards and the words of a refusal (empty if there was none) are as
    expected, and the fields of the spreadsheet to look at (of its sheets only the one that is tried on)."""

    code: str
    batches: Sequence[Sequence[Request]]
    holds: Callable[[Seen, str], bool]
    fields: str = ""


def observations(tab: int) -> Sequence[Observation]:
    """All observations, in the tab with this id."""

    def area(first: int, end: int) -> Request:
        return grid_range(tab, (first, 0, end, 1))

    def put(row: int, *texts: str) -> Request:
        return update(str(tab), row, 0, [[cell(text)] for text in texts], VALUE_FIELDS)

    dated = {"range": area(40, 41), "cell": {"userEnteredFormat": {"numberFormat": DATE}}}
    place = {"dimensionRange": {"sheetId": tab, "dimension": "ROWS", "startIndex": _ROW + 1, "endIndex": _ROW + 2}}
    mark = {"metadataKey": "uji", "metadataValue": "a", "visibility": "DOCUMENT", "location": place}
    rows = {"sheetId": tab, "startRowIndex": _ROW, "endRowIndex": _ROW + 2}
    sort = {"range": rows, "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]}
    bold = {"condition": formula_holds('=FIND("a",$A41)'), "format": {"textFormat": {"bold": True}}}
    typed = {"columnIndex": 0, "columnName": "Angka", "columnType": "DOUBLE"}
    table = {"name": "uji", "range": area(20, 23), "columnProperties": [typed]}
    # A warning only: a real one might keep the robot itself out, and the tab could not be taken away.
    warns = {"range": {"sheetId": tab}, "unprotectedRanges": [area(10, 11)], "warningOnly": True}
    return (
        Observation(
            "uji.sel-kosong",
            [[{"repeatCell": {**dated, "fields": "userEnteredFormat.numberFormat"}}]],
            lambda seen, _: not any(map(any, _rows_of(seen, "rowData", "values")[40:41])),
            "sheets(properties.sheetId,data(rowData(values(effectiveValue,hyperlink))))",
        ),
        Observation(
            "uji.penanda-baris",
            [[put(_ROW, "b", "a"), {"createDeveloperMetadata": {"developerMetadata": mark}}, {"sortRange": sort}]],
            _marks_its_row,
            "sheets(properties.sheetId,data(rowMetadata(developerMetadata(metadataValue))))",
        ),
        Observation(
            "uji.titik-koma",
            [[{"addConditionalFormatRule": {"rule": {"ranges": [area(40, 41)], "booleanRule": bold}, "index": 0}}]],
            lambda _, words: not words,
        ),
        Observation(
            "uji.tabel",
            [[{"addTable": {"table": table}}], [put(21, "bukan angka")]],
            lambda _, words: not words or NAMED.search(words) is not None,
        ),
        Observation(
            "uji.kunci",
            [[{"addProtectedRange": {"protectedRange": warns}}]],
            _locks_shown,
            "sheets(properties.sheetId,protectedRanges(range,requestingUserCanEdit,warningOnly,unprotectedRanges))",
        ),
        Observation(
            "uji.rumus-menjalar",
            [[update(str(tab), _SPILL, 0, [[_TWO_ROWS]], VALUE_FIELDS)]],
            _is_shown_and_not_typed,
            "sheets(properties.sheetId,data(rowData(values(effectiveValue,userEnteredValue))))",
        ),
        Observation("uji.bahasa", [], lambda seen, _: "locale" in seen["properties"], "properties(locale,timeZone)"),
        Observation(
            "uji.penanda-asing",
            [[{"deleteNamedRange": {"namedRangeId": "robot_uji_entah"}}]],
            lambda _, words: OUTRUN.search(words) is not None,
        ),
    )


def _rows_of(seen: Seen, name: str, field: str) -> list[Sequence[Any]]:
    """A field of each row of the tab."""
    return [row.get(field, ()) for sheet in seen["sheets"] for row in rows_in(sheet, name)]


def _marks_its_row(seen: Seen, _: str) -> bool:
    return [at for at, data in enumerate(_rows_of(seen, "rowMetadata", "developerMetadata")) if data] == [_ROW]


def _is_shown_and_not_typed(seen: Seen, _: str) -> bool:
    cells = [cell for row in _rows_of(seen, "rowData", "values")[_SPILL : _SPILL + 2] for cell in row]
    entered = ["formulaValue" in cell.get("userEnteredValue", ()) for cell in cells]
    return entered == [True, False] and "effectiveValue" in cells[1] and "userEnteredValue" not in cells[1]


def _locks_shown(seen: Seen, _: str) -> bool:
    fields = ("requestingUserCanEdit", "unprotectedRanges", "warningOnly")
    shown = (one for sheet in seen["sheets"] for one in sheet.get("protectedRanges", ()))
    return any(all(one.get(field) for field in fields) for one in shown)
