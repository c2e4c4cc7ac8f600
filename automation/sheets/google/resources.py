"""How the Sheets API writes things: values (rows to append, cells to change), looks, and objects with ids of our own.

Google shows a colour twice (``backgroundColor`` and ``backgroundColorStyle``), as fractions with zeros left out, and
formulas with their functions in capitals.
"""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from automation.model.cells import Link, Tab, Writable, kept_text, letters, runs, serial_of
from automation.sheets.links import quoted_title
from automation.sheets.looks import model
from automation.sheets.looks.formulas import with_semicolons
from automation.sheets.port import Changes

Request = dict[str, Any]
#: Rows and columns.
Size = tuple[int, int]
#: Cells by row and column.
Rows = dict[int, dict[int, Writable]]

DATE, TEXT = {"type": "DATE", "pattern": "dd/mm/yyyy"}, {"type": "TEXT"}
VALUE_FIELDS = "userEnteredValue"
_NUMBER_FORMAT, _LINK = "userEnteredFormat.numberFormat", "userEnteredFormat.textFormat.link"
DATE_FIELDS = f"{VALUE_FIELDS},{_NUMBER_FORMAT}"
#: For a cell that opens an address: nothing else of its format is set or cleared.
LINK_FIELDS = f"{VALUE_FIELDS},{_LINK}"


def append(key: str, rows: Sequence[Sequence[Writable]]) -> Request:
    """Appends rows below the last one that holds data. If there are dates, the format of every cell is set; the others
    get the text format, so that a telephone number typed there later keeps its zero."""
    dated = any(isinstance(value, date) for row in rows for value in row)
    format = {"userEnteredFormat": {"numberFormat": TEXT}} if dated else {}
    cells = [{"values": [{**format, **cell(value)} for value in row]} for row in rows]
    fields = DATE_FIELDS if dated else VALUE_FIELDS
    if any(_opens(value) for row in rows for value in row):
        fields += f",{_LINK}"
    return {"appendCells": {"sheetId": int(key), "rows": cells, "fields": fields}}


def writes(changes: Changes, tabs: Mapping[str, Tab], grids: Mapping[str, Size]) -> Iterator[Request]:
    """The requests for these writes, one for each block of neighbouring cells; dates and links are kept apart, because
    they set a format. A link that a cell of the `tabs` has had goes with its text."""
    for key, rows in changes.rows.items():
        yield from grown(key, grids[key], (1 + max(rows), 1 + max(map(max, rows.values()))))
        by_fields: dict[str, Rows] = {VALUE_FIELDS: {}, LINK_FIELDS: {}, DATE_FIELDS: {}}
        for row, values in rows.items():
            for column, value in values.items():
                linked = _opens(value) or isinstance(tabs[key].at(row, column), Link)
                fields = DATE_FIELDS if isinstance(value, date) else LINK_FIELDS if linked else VALUE_FIELDS
                by_fields[fields].setdefault(row, {})[column] = value
        for fields, chosen in by_fields.items():
            for row, column, block in _blocks(chosen):
                yield update(key, row, column, block, fields)


def _opens(value: Writable) -> bool:
    """Whether the cell gets a link. Google says that its function HYPERLINK refuses other kinds than pages (``tel:``),
    https://support.google.com/docs/answer/3093313, and nothing about links in a format: they stay text."""
    return isinstance(value, Link) and value.labelled and value.is_page


def grown(key: str, grid: Size, needed: Size) -> Iterator[Request]:
    """Adds rows or columns if the grid is too small: writing outside it is an error."""
    for dimension, there, wanted in zip(("ROWS", "COLUMNS"), grid, needed, strict=True):
        if wanted > there:
            yield {"appendDimension": {"sheetId": int(key), "dimension": dimension, "length": wanted - there}}


def _blocks(cells: Rows) -> Iterator[tuple[int, int, list[list[Request]]]]:
    """Row, column and content of blocks that cover `cells`: runs in consecutive rows that start in the same column."""
    by_start: dict[int, dict[int, list[Request]]] = {}
    for row in sorted(cells):
        for first, last in runs(cells[row]):
            by_start.setdefault(first, {})[row] = [cell(cells[row][column]) for column in range(first, last + 1)]
    for start, rows in by_start.items():
        for top, bottom in runs(rows):
            yield top, start, [rows[row] for row in range(top, bottom + 1)]


def update(key: str, row: int, column: int, block: Sequence[Sequence[Request]], fields: str) -> Request:
    """Writes a block of cells, given its top left corner; `fields` names what is set."""
    start = {"sheetId": int(key), "rowIndex": row, "columnIndex": column}
    return {"updateCells": {"start": start, "rows": [{"values": list(run)} for run in block], "fields": fields}}


def cell(value: Writable) -> Request:
    """The CellData. Text is always a stringValue, so it never runs as a formula; None or "" clears the value."""
    if isinstance(value, date):
        return {"userEnteredValue": {"numberValue": serial_of(value)}, "userEnteredFormat": {"numberFormat": DATE}}
    if isinstance(value, (int, float)):
        return {"userEnteredValue": {"numberValue": value}}
    text = kept_text(value or "")
    data: Request = {"userEnteredValue": {"stringValue": text}} if text else {}
    if isinstance(value, Link) and _opens(value):
        data["userEnteredFormat"] = {"textFormat": {"link": {"uri": value.address}}}
    return data


# Looks

#: All that a style may set.
STYLE_FIELDS = ("backgroundColorStyle", "wrapStrategy", "horizontalAlignment", "borders", "textFormat")
FORMATS = {model.Format.TEXT: TEXT, model.Format.DATE: DATE}
CHART_TYPES = {model.ChartKind.COLUMNS: "COLUMN", model.ChartKind.BARS: "BAR", model.ChartKind.LINES: "LINE"}
FONT = {"bold": "bold", "italic": "italic", "strikethrough": "struck", "underline": "underlined", "fontSize": "size"}
_LINE = {"style": "SOLID", "colorStyle": {"rgbColor": {"red": 0.718, "green": 0.718, "blue": 0.718}}}
CHANNELS = ("red", "green", "blue")


def colour(rrggbb: str) -> dict[str, Any]:
    """A ColorStyle."""
    return {"rgbColor": {name: int(rrggbb[2 * at : 2 * at + 2], 16) / 255 for at, name in enumerate(CHANNELS)}}


def format_of(style: model.Style) -> dict[str, Any]:
    """A CellFormat. Rules may only set letters and background.
    https://developers.google.com/workspace/sheets/api/samples/conditional-formatting"""
    asked = {name: getattr(style, field) for name, field in FONT.items()}
    asked["foregroundColorStyle"] = style.ink and colour(style.ink)
    format = {
        "backgroundColorStyle": style.fill and colour(style.fill),
        "wrapStrategy": style.wrapped and "WRAP",
        "horizontalAlignment": style.centred and "CENTER",
        "borders": style.boxed and dict.fromkeys(("top", "bottom", "left", "right"), _LINE),
        "textFormat": {name: value for name, value in asked.items() if value},
    }
    return {name: value for name, value in format.items() if value}


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
