"""Requests of a batch that change what a tab looks like: rules, views, charts, merged cells, lists."""

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.sheets_server.answer import ApiError, InvalidRequest
from tests.sheets_server.cells import each_cell, updated
from tests.sheets_server.masks import kept_format, parse_mask
from tests.sheets_server.model import Book, Sheet
from tests.sheets_server.ranges import Block, a1_block, grid_block, sheet_of
from tests.sheets_server.structure import take

Reply = dict[str, Any]

#: What a rule may set: https://developers.google.com/workspace/sheets/api/samples/conditional-formatting
RULE_FORMATS = {"backgroundColor", "backgroundColorStyle", "textFormat"}
RULE_LETTERS = {"bold", "italic", "strikethrough", "underline", "foregroundColor", "foregroundColorStyle"}
#: How many values a condition has; None for any number from one on.
VALUES = {
    "ONE_OF_LIST": None,
    "ONE_OF_RANGE": 1,
    "CUSTOM_FORMULA": 1,
    "NUMBER_BETWEEN": 2,
    "DATE_IS_VALID": 0,
    "BOOLEAN": 0,
}
FUNCTION = re.compile(r'"[^"]*"|[a-z]+(?=\()')


def bounded(book: Book, grid: Mapping[str, Any]) -> dict[str, Any]:
    """A range with all of its ends, as Google shows it."""
    block = grid_block(book, grid)
    return {
        "sheetId": block.sheet.id,
        "startRowIndex": block.top,
        "endRowIndex": block.bottom,
        "startColumnIndex": block.left,
        "endColumnIndex": block.right,
    }


def kept_condition(book: Book, condition: Mapping[str, Any]) -> dict[str, Any]:
    """A condition as Google keeps it: functions in capitals, ranges without needless quotation marks."""
    kind = condition.get("type", "")
    values = [value.get("userEnteredValue", "") for value in condition.get("values", ())]
    if kind not in VALUES:
        raise NotImplementedError(f"this server does not know the condition {kind!r} yet")
    wanted = VALUES[kind]
    if len(values) != wanted if wanted is not None else not values:
        raise InvalidRequest(f"Invalid number of values for condition {kind}: {len(values)}")
    if kind in ("CUSTOM_FORMULA", "ONE_OF_RANGE") and not values[0].startswith("="):
        raise InvalidRequest(f"Invalid ConditionValue.userEnteredValue: {values[0]}")
    if kind == "CUSTOM_FORMULA":
        if "," in re.sub(r'"[^"]*"', "", values[0]):  # id_ID separates arguments by semicolons
            raise InvalidRequest(f"Invalid ConditionValue.userEnteredValue: {values[0]}")
        values = [FUNCTION.sub(lambda name: name[0] if name[0][0] == '"' else name[0].upper(), values[0])]
    if kind == "ONE_OF_RANGE":
        try:
            a1_block(book, values[0].removeprefix("=").replace("$", ""))
        except ApiError:
            raise InvalidRequest(f"Invalid ConditionValue.userEnteredValue: {values[0]}") from None
        values = [re.sub(r"^='([A-Za-z_]+)'!", r"=\1!", values[0])]
    kept: dict[str, Any] = {"type": kind}
    if values:
        kept["values"] = [{"userEnteredValue": value} for value in values]
    return kept


def set_data_validation(book: Book, body: Mapping[str, Any]) -> None:
    """setDataValidation: stored, not enforced; without a rule it takes the rules of the range away."""
    data: dict[str, Any] = {}
    if "rule" in body:
        data["dataValidation"] = {**body["rule"], "condition": kept_condition(book, body["rule"].get("condition", {}))}
    each_cell(grid_block(book, body["range"]), lambda cell: updated(cell, data, {"dataValidation": None}))


def _kept_rule(book: Book, rule: Mapping[str, Any]) -> dict[str, Any]:
    ranges = [bounded(book, grid) for grid in rule.get("ranges", ())]
    if not ranges or len({grid["sheetId"] for grid in ranges}) > 1:
        raise InvalidRequest("A rule needs ranges, all of them on one sheet")
    if "booleanRule" not in rule:
        raise NotImplementedError("this server only knows boolean rules")
    format = rule["booleanRule"].get("format", {})
    if not format or format.keys() - RULE_FORMATS or format.get("textFormat", {}).keys() - RULE_LETTERS:
        raise InvalidRequest("ConditionalFormatRule.format may only set bold, italic, strikethrough and colours")
    condition = kept_condition(book, rule["booleanRule"].get("condition", {}))
    return {"ranges": ranges, "booleanRule": {"condition": condition, "format": kept_format(format)}}


def add_rule(book: Book, body: Mapping[str, Any]) -> None:
    rule = _kept_rule(book, body.get("rule", {}))
    rules = sheet_of(book, rule["ranges"][0]["sheetId"]).rules
    index = body.get("index", 0)
    if not 0 <= index <= len(rules):
        raise InvalidRequest(f"No conditional format on sheet at index: {index}")
    rules.insert(index, rule)


def delete_rule(book: Book, body: Mapping[str, Any]) -> Reply:
    rules = sheet_of(book, body.get("sheetId", 0)).rules
    index = body.get("index", 0)
    if not 0 <= index < len(rules):
        raise InvalidRequest(f"No conditional format on sheet at index: {index}")
    return {"deleteConditionalFormatRule": {"rule": rules.pop(index)}}


def _kept_filter(book: Book, wanted: Mapping[str, Any]) -> dict[str, Any]:
    kept = copy.deepcopy(dict(wanted))
    kept["range"] = bounded(book, wanted.get("range", {}))
    if "filterSpecs" in wanted:
        for spec in kept["filterSpecs"]:
            column = spec.get("columnIndex", 0)
            if not kept["range"]["startColumnIndex"] <= column < kept["range"]["endColumnIndex"]:
                raise InvalidRequest(f"Filter column {column} is outside of the filter's range")
            condition = spec.get("filterCriteria", {}).get("condition")
            if condition:
                spec["filterCriteria"]["condition"] = kept_condition(book, condition)
        kept["criteria"] = {str(spec.get("columnIndex", 0)): spec["filterCriteria"] for spec in kept["filterSpecs"]}
    return kept


def add_filter_view(book: Book, body: Mapping[str, Any]) -> Reply:
    view = _kept_filter(book, body.get("filter", {}))
    id = view.setdefault("filterViewId", 1 + max((id for sheet in book.sheets for id in sheet.views), default=100))
    if any(id in sheet.views for sheet in book.sheets):
        raise InvalidRequest(f"A filter view with id {id} already exists.")
    sheet_of(book, view["range"]["sheetId"]).views[id] = view
    return {"addFilterView": {"filter": view}}


def set_basic_filter(book: Book, body: Mapping[str, Any]) -> None:
    """setBasicFilter: the filter that all see."""
    kept = _kept_filter(book, body.get("filter", {}))
    sheet_of(book, kept["range"]["sheetId"]).filter = kept


def _sources(spec: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    basic = spec.get("basicChart", {})
    for entry, name in ((entry, "domain") for entry in basic.get("domains", ())):
        yield from entry[name]["sourceRange"]["sources"]
    for entry in basic.get("series", ()):
        yield from entry["series"]["sourceRange"]["sources"]


def _kept_spec(book: Book, spec: Mapping[str, Any]) -> dict[str, Any]:
    basic = spec.get("basicChart")
    if basic is None or not basic.get("series"):
        raise InvalidRequest("Chart spec must be specified, with at least one series")
    for grid in _sources(spec):
        block = grid_block(book, grid)
        if block.bottom - block.top > 1 and block.right - block.left > 1:
            raise InvalidRequest("A source of a chart must have a width or a height of 1")
    bars = basic.get("chartType") == "BAR"
    for series in basic["series"]:
        axis = series.get("targetAxis", "")
        if axis and (axis == "BOTTOM_AXIS") != bars:
            raise InvalidRequest(f"Axis {axis} is no valid minor axis for the chart type {basic.get('chartType')}")
    return {"hiddenDimensionStrategy": "SKIP_HIDDEN_ROWS_AND_COLUMNS", "fontName": "Roboto", **kept_format(spec)}


def add_chart(book: Book, body: Mapping[str, Any]) -> Reply:
    wanted = body.get("chart", {})
    place = copy.deepcopy(wanted.get("position", {}).get("overlayPosition"))
    if place is None:
        raise NotImplementedError("this server only knows charts over cells")
    sheet = sheet_of(book, place["anchorCell"].get("sheetId", 0))
    id = wanted.get("chartId", 1 + max((id for sheet in book.sheets for id in sheet.charts), default=500))
    if any(id in sheet.charts for sheet in book.sheets):
        raise InvalidRequest(f"A chart with id {id} already exists.")
    chart = {"chartId": id, "spec": _kept_spec(book, wanted.get("spec", {})), "position": {"overlayPosition": place}}
    sheet.charts[id] = chart
    return {"addChart": {"chart": chart}}


def _with_chart(book: Book, id: int) -> Sheet:
    for sheet in book.sheets:
        if id in sheet.charts:
            return sheet
    raise InvalidRequest(f"No chart with id: {id}")


def update_chart_spec(book: Book, body: Mapping[str, Any]) -> None:
    id = body.get("chartId", 0)
    _with_chart(book, id).charts[id]["spec"] = _kept_spec(book, body.get("spec", {}))


def move_chart(book: Book, body: Mapping[str, Any]) -> None:
    chart = _with_chart(book, body.get("objectId", 0)).charts[body["objectId"]]
    if not body.get("fields"):
        raise InvalidRequest("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    take(chart["position"]["overlayPosition"], body["newPosition"]["overlayPosition"], parse_mask(body["fields"]))


def merge_cells(book: Book, body: Mapping[str, Any]) -> None:
    """mergeCells: only the first cell keeps its value."""
    if body.get("mergeType") != "MERGE_ALL":
        raise NotImplementedError("this server only merges all cells of a range")
    block = grid_block(book, body["range"])
    if any(_meet(block, merge) for merge in block.sheet.merges):
        raise InvalidRequest("You must select all cells in a merged range to merge or unmerge them.")
    first = block.sheet.cell(block.top, block.left)
    each_cell(block, lambda cell: updated(cell, {}, {"userEnteredValue": None}))
    block.sheet.put(block.top, block.left, first)
    block.sheet.merges.append(bounded(book, body["range"]))


def unmerge_cells(book: Book, body: Mapping[str, Any]) -> None:
    block = grid_block(book, body["range"])
    block.sheet.merges = [merge for merge in block.sheet.merges if not _meet(block, merge)]


def _meet(block: Block, merge: Mapping[str, Any]) -> bool:
    rows: bool = block.top < merge["endRowIndex"] and merge["startRowIndex"] < block.bottom
    columns: bool = block.left < merge["endColumnIndex"] and merge["startColumnIndex"] < block.right
    return rows and columns
