"""Styles and formulas as the Sheets API writes them, and whether what it shows says the same.

Google shows a colour twice (``backgroundColor`` and ``backgroundColorStyle``), as fractions of which zeros are left
out, and formulas with their functions in capitals.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from automation.sheets.looks.model import Format, Style

#: What a style sets, by its path in CellFormat, and what the API says there.
Parts = Mapping[str, Any]

INK, FILL = "textFormat.foregroundColorStyle", "backgroundColorStyle"
#: All that is compared of a cell's own format. Colours are asked for under both of their names.
FORMAT_FIELDS = (
    "backgroundColor,backgroundColorStyle,numberFormat(type),wrapStrategy,horizontalAlignment,"
    "borders(top(style,colorStyle),bottom(style,colorStyle),left(style,colorStyle),right(style,colorStyle)),"
    "textFormat(foregroundColor,foregroundColorStyle,bold,italic,strikethrough,underline,fontSize)"
)
FORMATS = {Format.TEXT: {"type": "TEXT"}, Format.DATE: {"type": "DATE", "pattern": "dd/mm/yyyy"}}
_LINE = {"style": "SOLID", "colorStyle": {"rgbColor": {"red": 0.718, "green": 0.718, "blue": 0.718}}}
#: Two colours are the same when no channel differs by more than half a step of 255.
_STEP = 1 / 510
#: Text in a formula, or a reference to a cell (never the name of a function).
_TOKEN = re.compile(r'"(?:[^"]|"")*"|(?P<column>\$?[A-Z]{1,3})(?P<fixed>\$?)(?P<row>\d+)(?![\w(])', re.IGNORECASE)


def colour(rrggbb: str) -> dict[str, Any]:
    """A ColorStyle."""
    red, green, blue = (int(rrggbb[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return {"rgbColor": {"red": red, "green": green, "blue": blue}}


def cell_parts(style: Style) -> dict[str, Any]:
    """All that a style asks of a cell."""
    parts = letter_parts(style)
    if style.size is not None:
        parts["textFormat.fontSize"] = style.size
    if style.wrapped:
        parts["wrapStrategy"] = "WRAP"
    if style.centred:
        parts["horizontalAlignment"] = "CENTER"
    if style.boxed:
        parts["borders"] = dict.fromkeys(("top", "bottom", "left", "right"), _LINE)
    return parts


def letter_parts(style: Style) -> dict[str, Any]:
    """What a style asks of letters and background: all that a rule may set.
    https://developers.google.com/workspace/sheets/api/samples/conditional-formatting"""
    parts: dict[str, Any] = {}
    if style.fill is not None:
        parts[FILL] = colour(style.fill)
    if style.ink is not None:
        parts[INK] = colour(style.ink)
    for name, wanted in (
        ("bold", style.bold),
        ("italic", style.italic),
        ("strikethrough", style.struck),
        ("underline", style.underlined),
    ):
        if wanted:
            parts[f"textFormat.{name}"] = True
    return parts


def format_of(parts: Parts) -> dict[str, Any]:
    """A CellFormat with these parts."""
    format: dict[str, Any] = {}
    for path, value in parts.items():
        outer, _, inside = path.rpartition(".")
        (format.setdefault(outer, {}) if outer else format)[inside] = value
    return format


def mask_of(parts: Parts) -> str:
    """The field mask that sets these parts of a cell and no others."""
    return ",".join(f"userEnteredFormat.{path}" for path in parts)


def part(format: Mapping[str, Any], path: str) -> Any:
    """What stands in a CellFormat at a path, or None."""
    outer, _, inside = path.rpartition(".")
    within = format.get(outer, {}) if outer else format
    return shown_colour(within, inside) if inside.endswith("ColorStyle") else within.get(inside)


def shown_colour(within: Mapping[str, Any], name: str) -> Any:
    """The ColorStyle of this name, also where only the older field beside it is filled; None where there is none."""
    older = name.removesuffix("Style")
    return within.get(name, {"rgbColor": within[older]} if older in within else None)


#: Everything that a style may ask of a cell.
ALL_PARTS: Parts = dict.fromkeys((FILL, "textFormat", "wrapStrategy", "horizontalAlignment", "borders"))


def is_exactly(format: Mapping[str, Any], parts: Parts) -> bool:
    """Whether a cell has these parts and no others."""
    letters = {name.removesuffix("Style") for name, value in format.get("textFormat", {}).items() if value is not False}
    shown = {path for path in ALL_PARTS if part(format, path)} - {"textFormat"}
    wanted = {path for path in parts if not path.startswith("textFormat")}
    inks = {path.removeprefix("textFormat.").removesuffix("Style") for path in parts if path.startswith("textFormat")}
    same = shown == wanted and letters == inks
    return same and all(holds(part(format, path), value) for path, value in parts.items())


def has_colours(format: Mapping[str, Any]) -> bool:
    """Whether a cell's background or letters have a colour of their own."""
    return part(format, FILL) is not None or part(format, INK) is not None


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


def same_formula(formula: str, first_row: int = 0) -> str:
    """What a formula says, for comparing: without spaces and capitals, whatever separates arguments, and with rows
    counted from `first_row` (0-based), because a formula moves along with the range that it was written for."""

    def token(match: re.Match[str]) -> str:
        if match["row"] is None:
            return match[0]
        row = match["row"] if match["fixed"] else f"[{int(match['row']) - 1 - first_row}]"
        return f"{match['column'].upper()}{match['fixed']}{row}"

    said: list[str] = []
    at = 0
    for match in _TOKEN.finditer(formula):
        said += (_folded(formula[at : match.start()]), token(match))
        at = match.end()
    return "".join((*said, _folded(formula[at:])))


def _folded(formula: str) -> str:
    return re.sub(r"\s+", "", formula).upper().replace(";", ",")
