"""Looks as the Sheets API writes them, and objects with ids of our own.

Google shows a colour twice (``backgroundColor`` and ``backgroundColorStyle``), as fractions with zeros left out, and
formulas with their functions in capitals.
"""

import zlib
from collections.abc import Mapping
from typing import Any

from automation.model.cells import Tab, letters
from automation.sheets.google.cells import DATE, TEXT, Request
from automation.sheets.links import quoted_title
from automation.sheets.looks import model
from automation.sheets.looks.formulas import with_semicolons

#: All that is compared of a cell's own format. Colours are asked for under both of their names.
FORMAT_FIELDS = (
    "backgroundColor,backgroundColorStyle,numberFormat(type),wrapStrategy,horizontalAlignment,"
    "borders(top(style,colorStyle),bottom(style,colorStyle),left(style,colorStyle),right(style,colorStyle)),"
    "textFormat(foregroundColor,foregroundColorStyle,bold,italic,strikethrough,underline,fontSize)"
)
#: All that a style may set.
STYLE_FIELDS = ("backgroundColorStyle", "wrapStrategy", "horizontalAlignment", "borders", "textFormat")
FORMATS = {model.Format.TEXT: TEXT, model.Format.DATE: DATE}
CHART_TYPES = {model.ChartKind.COLUMNS: "COLUMN", model.ChartKind.BARS: "BAR", model.ChartKind.LINES: "LINE"}
_FONT = {"bold": "bold", "italic": "italic", "strikethrough": "struck", "underline": "underlined", "fontSize": "size"}
_LINE = {"style": "SOLID", "colorStyle": {"rgbColor": {"red": 0.718, "green": 0.718, "blue": 0.718}}}
_CHANNELS = ("red", "green", "blue")
#: Two colours are the same if no channel differs by more than half a step of 255.
_STEP = 1 / 510


def colour(rrggbb: str) -> dict[str, Any]:
    """A ColorStyle."""
    return {"rgbColor": {name: int(rrggbb[2 * at : 2 * at + 2], 16) / 255 for at, name in enumerate(_CHANNELS)}}


def colour_in(resource: Mapping[str, Any], name: str) -> str | None:
    """The colour of this name: ``RRGGBB``, or what else Google says, or None. Maybe only the older field is filled."""
    shown = resource.get(f"{name}Style", {"rgbColor": resource[name]} if name in resource else {})
    if "rgbColor" not in shown:
        return str(shown) if shown else None
    return "".join(f"{round(shown['rgbColor'].get(channel, 0) * 255):02X}" for channel in _CHANNELS)


def format_of(style: model.Style) -> dict[str, Any]:
    """A CellFormat. Rules may only set letters and background.
    https://developers.google.com/workspace/sheets/api/samples/conditional-formatting"""
    asked = {name: getattr(style, field) for name, field in _FONT.items()}
    asked["foregroundColorStyle"] = style.ink and colour(style.ink)
    format = {
        "backgroundColorStyle": style.fill and colour(style.fill),
        "wrapStrategy": style.wrapped and "WRAP",
        "horizontalAlignment": style.centred and "CENTER",
        "borders": style.boxed and dict.fromkeys(("top", "bottom", "left", "right"), _LINE),
        "textFormat": {name: value for name, value in asked.items() if value},
    }
    return {name: value for name, value in format.items() if value}


def style_of(format: Mapping[str, Any], *, exactly: bool) -> model.Style:
    """The style of a CellFormat. If not `exactly`, any wrapping, alignment or border that people chose counts."""
    shown = format.get("textFormat", {})
    wrapping, place, borders = (format.get(name) for name in ("wrapStrategy", "horizontalAlignment", "borders"))
    return model.Style(
        fill=colour_in(format, "backgroundColor"),
        ink=colour_in(shown, "foregroundColor"),
        wrapped=wrapping == "WRAP" if exactly else bool(wrapping),
        centred=place == "CENTER" if exactly else bool(place),
        boxed=holds(borders, format_of(model.Style(boxed=True))["borders"]) if exactly else bool(borders),
        **{field: shown.get(name, getattr(model.Style(), field)) for name, field in _FONT.items()},
    )


def formula_holds(formula: str) -> Request:
    """The condition of rules and views."""
    return _condition("CUSTOM_FORMULA", with_semicolons(formula))


def _condition(kind: str, *values: str) -> Request:
    return {"type": kind, "values": [{"userEnteredValue": value} for value in values]}


def validation(allowed: model.Allowed) -> Request:
    """A DataValidationRule: a list or a calendar to choose from, and words for whoever types something else."""
    match allowed.what:
        case model.ListFrom(tab, column):
            takes = _condition("ONE_OF_RANGE", f"={quoted_title(tab)}!${letters(column)}$2:${letters(column)}")
        case model.ListOf(words):
            takes = _condition("ONE_OF_LIST", *words)
        case model.WholeNumber(low, high):
            takes = _condition("NUMBER_BETWEEN", str(low), str(high))
        case model.AnyDate():
            takes = {"type": "DATE_IS_VALID"}
    return {"condition": takes, "inputMessage": allowed.help, "strict": allowed.strict, "showCustomUi": True}


def view_of(view: model.FilterView) -> Request:
    """A FilterView without its id and range."""
    shown = [{"columnIndex": at, "filterCriteria": {"condition": formula_holds(formula)}} for at, formula in view.shown]
    order = [{"dimensionIndex": view.ordered_by, "sortOrder": "ASCENDING"}]
    return {"title": view.title, "filterSpecs": shown, "sortSpecs": order}


def chart_spec(chart: model.Chart, ids: Mapping[str, int]) -> Request:
    """A ChartSpec; `ids` are those of the tabs that it draws, by the titles that the look gives them."""

    def source(cells: model.Cells) -> Request:
        place = (cells.row, cells.column, cells.row + cells.rows, cells.column + 1)
        return {"sourceRange": {"sources": [grid_range(ids[cells.tab], place)]}}

    axis = "BOTTOM_AXIS" if chart.kind is model.ChartKind.BARS else "LEFT_AXIS"
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
    return {"title": chart.title, "basicChart": basic}


def grid_range(tab: int, place: model.Place) -> Request:
    """A GridRange."""
    names = ("startRowIndex", "startColumnIndex", "endRowIndex", "endColumnIndex")
    return {"sheetId": tab, **{name: at for name, at in zip(names, place, strict=True) if at is not None}}


def holds(shown: Any, wanted: Any) -> bool:
    """Whether what Google shows contains everything that is wanted, whatever else it adds."""
    if isinstance(wanted, Mapping):
        return isinstance(shown, Mapping) and all(holds(shown.get(name), value) for name, value in wanted.items())
    if isinstance(wanted, list):
        return isinstance(shown, list) and len(shown) == len(wanted) and all(map(holds, shown, wanted))
    if isinstance(wanted, int | float) and not isinstance(wanted, bool):
        return bool(abs((shown or 0) - wanted) <= _STEP)
    return bool((shown or False) == wanted)


def own_id(name: str) -> int:
    """The id of an object with this name: the same in every process."""
    return zlib.crc32(name.encode()) & 0x3FFFFFFF


def free_id(name: str, taken: set[int]) -> int:
    """The same, or the next id that is not `taken`; it is added to `taken`."""
    id = own_id(name)
    while id in taken:
        id += 1
    taken.add(id)
    return id


def named_range(id: str, anchor: Tab, name: str = "") -> Request:
    """A NamedRange of the first cell of a tab; its name is its id unless given."""
    return {"namedRangeId": id, "name": name or id, "range": grid_range(int(anchor.key), (0, 0, 1, 1))}


def kept_for(tab: int, robot: str) -> Request:
    """A ProtectedRange of a whole tab, which only the robot and the spreadsheet's owner may change. If the robot's
    address is not known it only warns, because it could keep the robot out, too."""
    return {"range": {"sheetId": tab}, **({"editors": {"users": [robot]}} if robot else {"warningOnly": True})}
