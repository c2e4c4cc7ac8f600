"""What is worth knowing of Google's behaviour, and holds up no ticket: `check` looks at it on the operator's own
account. What was asked and answered is all about a tab of its own, so that it can be shown to anybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from automation.sheets.google.cells import DATE, VALUE_FIELDS, Request, cell, update
from automation.sheets.google.failures import NAMED, OUTRUN
from automation.sheets.port import Proof

#: Sends requests as one batch; returns the words of a refusal, or nothing.
Post = Callable[[Sequence[Request]], str]
#: These fields of the spreadsheet, of its sheets only the one that is looked at.
Get = Callable[[str], Mapping[str, Any]]
Seen = Mapping[str, Any]

_ROW = 30  # of the two that are sorted, the first


@dataclass(frozen=True, slots=True)
class Observation:
    """Batches to send about a tab (by its id), what to look at then, and whether it is as we think."""

    code: str
    batches: Callable[[int], Sequence[Sequence[Request]]]
    fields: str
    holds: Callable[[Seen, str], bool]

    def look(self, tab: int, post: Post, get: Get) -> tuple[Proof, dict[str, Any]]:
        """The proof, and what was sent and answered."""
        batches = self.batches(tab)
        words = next(filter(None, map(post, batches)), "")
        seen = get(self.fields) if self.fields else {}
        told = {"code": self.code, "sent": batches, "refused": words, "seen": seen}
        return Proof(self.code, self.holds(seen, words), words[:200]), told


def _area(tab: int, top: int, bottom: int) -> Request:
    return {"sheetId": tab, "startRowIndex": top, "endRowIndex": bottom, "startColumnIndex": 0, "endColumnIndex": 1}


def _locks(tab: int) -> Sequence[Sequence[Request]]:
    """A warning only: a real one might keep the robot itself out, and the tab could not be taken away."""
    warns = {"range": {"sheetId": tab}, "unprotectedRanges": [_area(tab, 10, 11)], "warningOnly": True}
    return [[{"addProtectedRange": {"protectedRange": warns}}]]


def _locks_shown(seen: Seen, _: str) -> bool:
    fields = ("requestingUserCanEdit", "unprotectedRanges", "warningOnly")
    shown = (one for sheet in seen["sheets"] for one in sheet.get("protectedRanges", ()))
    return any(all(one.get(field) for field in fields) for one in shown)


def _table(tab: int) -> Sequence[Sequence[Request]]:
    typed = {"columnIndex": 0, "columnName": "Angka", "columnType": "DOUBLE"}
    table = {"name": "uji", "range": _area(tab, 20, 23), "columnProperties": [typed]}
    return [[{"addTable": {"table": table}}], [update(str(tab), 21, 0, [[cell("bukan angka")]], VALUE_FIELDS)]]


def _marked_and_sorted(tab: int) -> Sequence[Sequence[Request]]:
    place = {"dimensionRange": {"sheetId": tab, "dimension": "ROWS", "startIndex": _ROW + 1, "endIndex": _ROW + 2}}
    mark = {"metadataKey": "uji", "metadataValue": "a", "visibility": "DOCUMENT", "location": place}
    rows = {"sheetId": tab, "startRowIndex": _ROW, "endRowIndex": _ROW + 2}
    return [
        [
            update(str(tab), _ROW, 0, [[cell("b")], [cell("a")]], VALUE_FIELDS),
            {"createDeveloperMetadata": {"developerMetadata": mark}},
            {"sortRange": {"range": rows, "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]}},
        ]
    ]


def _rows_of(seen: Seen, name: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    return enumerate(row for sheet in seen["sheets"] for data in sheet.get("data", ()) for row in data.get(name, ()))


def _formatted(tab: int) -> Sequence[Sequence[Request]]:
    look = {"cell": {"userEnteredFormat": {"numberFormat": DATE}}, "fields": "userEnteredFormat.numberFormat"}
    return [[{"repeatCell": {"range": _area(tab, 40, 41), **look}}]]


def _semicolons(tab: int) -> Sequence[Sequence[Request]]:
    condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": '=FIND("a";$A41)'}]}
    rule = {
        "ranges": [_area(tab, 40, 41)],
        "booleanRule": {"condition": condition, "format": {"textFormat": {"bold": True}}},
    }
    return [[{"addConditionalFormatRule": {"rule": rule, "index": 0}}]]


OBSERVATIONS = (
    Observation(
        "uji.sel-kosong",
        _formatted,
        "sheets(properties.sheetId,data(rowData(values(effectiveValue,hyperlink))))",
        lambda seen, _: not any(at == 40 and any(row.get("values", ())) for at, row in _rows_of(seen, "rowData")),
    ),
    Observation(
        "uji.penanda-baris",
        _marked_and_sorted,
        "sheets(properties.sheetId,data(rowMetadata(developerMetadata(metadataValue))))",
        lambda seen, _: [at for at, row in _rows_of(seen, "rowMetadata") if row.get("developerMetadata")] == [_ROW],
    ),
    Observation("uji.titik-koma", _semicolons, "", lambda _, words: not words),
    Observation("uji.tabel", _table, "", lambda _, words: not words or NAMED.search(words) is not None),
    Observation(
        "uji.kunci",
        _locks,
        "sheets(properties.sheetId,protectedRanges(range,requestingUserCanEdit,warningOnly,unprotectedRanges))",
        _locks_shown,
    ),
    Observation(
        "uji.bahasa", lambda _: [], "properties(locale,timeZone)", lambda seen, _: "locale" in seen["properties"]
    ),
    Observation(
        "uji.penanda-asing",
        lambda _: [[{"deleteNamedRange": {"namedRangeId": "robot_uji_entah"}}]],
        "",
        lambda _, words: OUTRUN.search(words) is not None,
    ),
)
