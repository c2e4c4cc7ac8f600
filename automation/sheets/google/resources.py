"""Looks as the Sheets API writes them, and whether what it shows says the same.

Google shows a colour twice (``backgroundColor`` and ``backgroundColorStyle``), as fractions of which zeros are left
out, and formulas with their functions in capitals.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from automation.model.cells import letters
from automation.sheets.google.cells import DATE, TEXT, Request, quoted
from automation.sheets.looks.model import (
    Allowed,
    AnyDate,
    Cells,
    Chart,
    ChartKind,
    Format,
    ListFrom,
    ListOf,
    Style,
    WholeNumber,
)

#: What a style sets, by its path in CellFormat, and what the API says there.
Parts = Mapping[str, Any]

INK, FILL = "textFormat.foregroundColorStyle", "backgroundColorStyle"
#: All that is compared of a cell's own format. Colours are asked for under both of their names.
FORMAT_FIELDS = (
    "backgroundColor,backgroundColorStyle,numberFormat(type),wrapStrategy,horizontalAlignment,"
    "borders(top(style,colorStyle),bottom(style,colorStyle),left(style,colorStyle),right(style,colorStyle)),"
    "textFormat(foregroundColor,foregroundColorStyle,bold,italic,strikethrough,underline,fontSize)"
)
FORMATS = {Format.TEXT: TEXT, Format.DATE: DATE}
CHART_TYPES = {
    ChartKind.COLUMNS: "COLUMN",
    ChartKind.STACKED: "COLUMN",
    ChartKind.BARS: "BAR",
    ChartKind.LINES: "LINE",
}
_LINE = {"style": "SOLID", "colorStyle": {"rgbColor": {"red": 0.718, "green": 0.718, "blue": 0.718}}}
#: Two colours are the same when no channel differs by more than half a step of 255.
_STEP = 1 / 510
#: Of a formula: a text, a reference to a cell (never the name of a function), or any other character.
_TOKEN = re.compile(
    r'(?P<text>"(?:[^"]|"")*")|(?P<column>\$?[A-Z]{1,3})(?P<fixed>\$?)(?P<row>\d+)(?![\w(])|.',
    re.IGNORECASE | re.DOTALL,
)


# Styles


def colour(rrggbb: str) -> dict[str, Any]:
    """A ColorStyle."""
    red, green, blue = (int(rrggbb[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return {"rgbColor": {"red": red, "green": green, "blue": blue}}


def letter_parts(style: Style) -> dict[str, Any]:
    """What a style asks of letters and background: all that a rule may set.
    https://developers.google.com/workspace/sheets/api/samples/conditional-formatting"""
    wanted = {
        FILL: style.fill and colour(style.fill),
        INK: style.ink and colour(style.ink),
        "textFormat.bold": style.bold,
        "textFormat.italic": style.italic,
        "textFormat.strikethrough": style.struck,
        "textFormat.underline": style.underlined,
    }
    return {path: value for path, value in wanted.items() if value}


def cell_parts(style: Style) -> dict[str, Any]:
    """All that a style asks of a cell."""
    wanted = {
        "textFormat.fontSize": style.size,
        "wrapStrategy": "WRAP" if style.wrapped else None,
        "horizontalAlignment": "CENTER" if style.centred else None,
        "borders": dict.fromkeys(("top", "bottom", "left", "right"), _LINE) if style.boxed else None,
    }
    return {**letter_parts(style), **{path: value for path, value in wanted.items() if value is not None}}


#: Everything that a style may ask of a cell.
ALL_PARTS: Parts = cell_parts(Style("FFFFFF", "000000", True, True, True, True, 10, True, True, True))
#: The fields of a CellFormat that hold it.
STYLE_FIELDS: Parts = dict.fromkeys(path.partition(".")[0] for path in ALL_PARTS)


def format_of(parts: Parts) -> dict[str, Any]:
    """A CellFormat (or other resource) with these parts."""
    format: dict[str, Any] = {}
    for path, value in parts.items():
        outer, _, inside = path.rpartition(".")
        (format.setdefault(outer, {}) if outer else format)[inside] = value
    return format


def mask_of(parts: Parts) -> str:
    """The field mask that sets these parts of a cell and no others."""
    return ",".join(f"userEnteredFormat.{path}" for path in parts)


def part(format: Mapping[str, Any], path: str) -> Any:
    """What stands in a resource at a path, or None. A ColorStyle is also found where only the older field beside it is
    filled."""
    outer, _, inside = path.rpartition(".")
    within = format.get(outer, {}) if outer else format
    older = inside.removesuffix("Style")
    if inside.endswith("ColorStyle") and inside not in within and older in within:
        return {"rgbColor": within[older]}
    return within.get(inside)


# Rules, lists, charts


def condition(kind: str, *values: str) -> Request:
    """A BooleanCondition."""
    return {"type": kind, "values": [{"userEnteredValue": value} for value in values]}


def formula_holds(formula: str) -> Request:
    """The condition of rules and views."""
    return condition("CUSTOM_FORMULA", formula)


def validation(allowed: Allowed) -> Request:
    """A DataValidationRule: a list or a calendar to choose from, and words for whoever types something else."""
    match allowed.what:
        case ListFrom(tab, column, first_row):
            cells = f"={quoted(tab)}!${letters(column)}${first_row + 1}:${letters(column)}"
            takes = condition("ONE_OF_RANGE", cells)
        case ListOf(words):
            takes = condition("ONE_OF_LIST", *words)
        case WholeNumber(low, high):
            takes = condition("NUMBER_BETWEEN", str(low), str(high))
        case AnyDate():
            takes = {"type": "DATE_IS_VALID"}
    return {"condition": takes, "inputMessage": allowed.help, "strict": allowed.strict, "showCustomUi": True}


def chart_spec(chart: Chart, ids: Mapping[str, int]) -> Request:
    """A ChartSpec; `ids` are those of the tabs that it draws, by the titles that the look gives them."""

    def source(cells: Cells) -> Request:
        area = grid_range(ids[cells.tab], cells.row, cells.column, cells.row + cells.rows, cells.column + 1)
        return {"sourceRange": {"sources": [area]}}

    axis = "BOTTOM_AXIS" if chart.kind is ChartKind.BARS else "LEFT_AXIS"
    series = [
        {"series": source(cells), "targetAxis": axis, "colorStyle": colour(ink)}
        for cells, ink in zip(chart.series, chart.inks, strict=True)
    ]
    basic: Request = {
        "chartType": CHART_TYPES[chart.kind],
        "legendPosition": "BOTTOM_LEGEND" if len(series) > 1 else "NO_LEGEND",
        "headerCount": 1,
        "domains": [{"domain": source(chart.categories)}],
        "series": series,
    }
    if chart.highest is not None:
        ends = {"viewWindowMode": "EXPLICIT", "viewWindowMin": 0, "viewWindowMax": chart.highest}
        basic["axis"] = [{"position": axis, "viewWindowOptions": ends}]
    if chart.kind is ChartKind.STACKED:
        basic["stackedType"] = "STACKED"
    return {"title": chart.title, "basicChart": basic}


def grid_range(tab: int, top: int, left: int | None, bottom: int | None, right: int | None) -> Request:
    """A GridRange, as far as the tab goes where an end is None."""
    ends = {"startRowIndex": top, "startColumnIndex": left, "endRowIndex": bottom, "endColumnIndex": right}
    return {"sheetId": tab, **{name: at for name, at in ends.items() if at is not None}}


# Whether the same is said


def holds(shown: Any, wanted: Any) -> bool:
    """Whether everything that is wanted stands in what Google shows, whatever else it adds."""
    if isinstance(wanted, Mapping):
        return isinstance(shown, Mapping) and all(holds(shown.get(name), value) for name, value in wanted.items())
    if isinstance(wanted, list):
        return isinstance(shown, list) and len(shown) == len(wanted) and all(map(holds, shown, wanted))
    if isinstance(wanted, bool):
        return bool(shown) == wanted
    if isinstance(wanted, int | float):
        return bool(abs((shown or 0) - wanted) <= _STEP)
    return bool(shown == wanted)


def lacks(wanted: Any, shown: Iterable[Any], *, ours: bool, cells: int = 1) -> bool:
    """Whether a wish for so many cells has to be given; `shown` is what stands in them, as far as anything does.

    People's own keeps it away, whatever it is. In what is `ours` every cell has to hold it.
    """
    return sum(holds(each, wanted) for each in shown) < cells if ours else not any(shown)


def is_exactly(format: Mapping[str, Any], parts: Parts) -> bool:
    """Whether a cell has these parts and no others."""
    shown = {path: value for path in ALL_PARTS if (value := part(format, path))}
    return shown.keys() == parts.keys() and holds(shown, parts)


def same_formula(formula: str, first_row: int = 0) -> str:
    """What a formula says, for comparing: without spaces and capitals, whatever separates arguments, and with rows
    counted from `first_row` (0-based), because a formula moves along with the range that it was written for."""

    def said(match: re.Match[str]) -> str:
        if match["text"]:
            return match[0]
        if match["row"]:
            row = match["row"] if match["fixed"] else f"[{int(match['row']) - 1 - first_row}]"
            return f"{match['column'].upper()}{match['fixed']}{row}"
        return match[0].strip().upper().replace(";", ",")

    return _TOKEN.sub(said, formula)
