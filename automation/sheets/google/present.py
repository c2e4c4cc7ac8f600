"""A tab as Google shows it: all that the looks need to know."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from automation.model.cells import fold_title
from automation.sheets.google.resources import CHANNELS, FONT, Size, format_of
from automation.sheets.google.snapshot import area_of, merged_areas
from automation.sheets.looks.dressing import Cell
from automation.sheets.looks.formulas import said
from automation.sheets.looks.model import Place, Style

#: All that is compared of a cell's own format. Colours are asked for under both of their names.
_FORMAT = (
    "backgroundColor,backgroundColorStyle,numberFormat(type),wrapStrategy,horizontalAlignment,"
    "borders(top(style,colorStyle),bottom(style,colorStyle),left(style,colorStyle),right(style,colorStyle)),"
    "textFormat(foregroundColor,foregroundColorStyle,bold,italic,strikethrough,underline,fontSize)"
)
_PROPERTIES = "properties(sheetId,title,sheetType,tabColor,tabColorStyle,gridProperties)"
#: Which tabs there are and their sizes: all that is asked for after a range of the looks was refused.
OUTLINE_FIELDS = f"sheets({_PROPERTIES})"
#: The look of a tab, in one answer; for people's cells it shows what the looks must leave alone.
LOOK_FIELDS = (
    f"sheets({_PROPERTIES},conditionalFormats,protectedRanges(protectedRangeId,range,description),filterViews,charts,"
    "merges,data(columnMetadata(pixelSize),rowMetadata(pixelSize),rowData(values(userEnteredValue,note,"
    f"dataValidation(condition(type)),userEnteredFormat({_FORMAT})))))"
)
HEADING_FIELDS = "updatedSpreadsheet(sheets(properties(sheetId),data(rowData(values(userEnteredValue)))))"
#: The kinds of objects with ids of their own, and the names of those fields.
_NAMED = {"filterViews": "filterViewId", "protectedRanges": "protectedRangeId", "charts": "chartId"}
#: Pixels of columns and rows that nobody has set.
_UNSET = {"columnMetadata": 100, "rowMetadata": 21}
#: Two colours are the same if no channel differs by more than half a step of 255.
_STEP = 1 / 510
Shown = Mapping[str, Any]


class Present:
    """One tab (a Sheet of the API); `whole` says that all of its rows are shown."""

    def __init__(self, sheet: Shown, *, whole: bool = False) -> None:
        self._sheet, self.whole = sheet, whole
        self.properties: Shown = sheet["properties"]
        self.id, self.title = int(self.properties.get("sheetId", 0)), str(self.properties.get("title", ""))
        self.frame: Shown = self.properties.get("gridProperties", {})
        self.grid: Size = (self.frame.get("rowCount", 0), self.frame.get("columnCount", 0))
        self._data: Mapping[str, Sequence[Shown]] = next(iter(self.all("data")), {})

    def all(self, name: str) -> Sequence[Shown]:
        """All of its ``conditionalFormats``, ``filterViews`` and so on."""
        found: Sequence[Shown] = self._sheet.get(name, ())
        return found

    def titled(self, kind: str, title: str) -> Shown | None:
        """The view or chart of this title."""
        titles = {each.get("spec", each).get("title", "").strip(): each for each in self.all(kind)}
        return titles.get(title.strip())

    def ids(self) -> set[int]:
        return {each[id] for kind, id in _NAMED.items() for each in self.all(kind)}

    def cells(self, place: Place) -> Iterator[tuple[Cell, Shown]]:
        """Row, column and CellData of the cells of a place that were ever touched."""
        top, left, bottom, right = place
        for row, data in enumerate(self._data.get("rowData", ())[top:bottom], start=top):
            for column, cell in enumerate(data.get("values", ())[left:right], start=left):
                if cell:
                    yield (row, column), cell

    def cell(self, row: int, column: int) -> Shown:
        return next((cell for _, cell in self.cells((row, column, row + 1, column + 1))), {})

    def is_empty(self, row: int, column: int) -> bool:
        return "userEnteredValue" not in self.cell(row, column)

    def entered(self, place: Place, _: object) -> object:
        """The formula of a cell, or its other content."""
        entered: Shown = self.cell(*place[:2]).get("userEnteredValue", {})
        return entered.get("formulaValue", entered)

    def style(self, place: Place, *, exactly: bool) -> Style:
        """The style of a cell. If not `exactly`, any wrapping, alignment or border that people chose counts."""
        format: Shown = self.cell(*place[:2]).get("userEnteredFormat", {})
        shown = format.get("textFormat", {})
        wrapping, side, borders = (format.get(name) for name in ("wrapStrategy", "horizontalAlignment", "borders"))
        return Style(
            fill=colour_in(format, "backgroundColor"),
            ink=colour_in(shown, "foregroundColor"),
            wrapped=wrapping == "WRAP" if exactly else bool(wrapping),
            centred=side == "CENTER" if exactly else bool(side),
            boxed=holds(borders, format_of(Style(boxed=True))["borders"]) if exactly else bool(borders),
            **{field: shown.get(name, getattr(Style(), field)) for name, field in FONT.items()},
        )

    def below(self, place: Place, name: str) -> dict[int, Any]:
        """The values of this field of CellFormat in a column, by row, where it is set."""
        formats = ((row, cell.get("userEnteredFormat", {})) for (row, _), cell in self.cells(place))
        return {row: format[name] for row, format in formats if name in format}

    def styled(self) -> list[Cell]:
        return [at for at, cell in self.cells((0, 0, None, self.grid[1])) if "userEnteredFormat" in cell]

    def texts(self, row: int) -> dict[int, str]:
        """The content of a row's cells that are not empty, as text, by column."""
        entered = ((at[1], cell.get("userEnteredValue")) for at, cell in self.cells((row, 0, row + 1, 1_000_000)))
        return {column: str(next(iter(value.values()))) for column, value in entered if value}

    def size(self, name: str, at: int, wish: int) -> int | None:
        """The width of a column (``columnMetadata``) or height of a row, in pixels; None if nobody has set it."""
        shown = self._data.get(name, ())
        there: int | None = shown[at].get("pixelSize") if at < len(shown) else None
        return there if there == wish or there != _UNSET[name] else None

    def is_guarded(self, place: Place, guard: Shown, ours: str) -> bool:
        """Whether a protection covers a column: one of `ours`, or one of people's on all rows below the headings."""
        area = area_of(guard.get("range", {}))
        whole = area.top <= place[0] and area.bottom >= self.grid[0]
        return area.left <= place[1] < area.right and (whole or guard.get("description") == ours)

    def merges(self, *_: object) -> Sequence[Place]:
        return merged_areas(self._sheet)

    def rules(self) -> list[str]:
        """The formulas of the rules, as `said` from the first row of their ranges; rules of other kinds have none."""
        found = []
        for rule in self.all("conditionalFormats"):
            condition = rule.get("booleanRule", {}).get("condition", {})
            if condition.get("type") == "CUSTOM_FORMULA":
                first = min((area.get("startRowIndex", 0) for area in rule.get("ranges", ())), default=0)
                found.append(said(condition["values"][0]["userEnteredValue"], first))
        return found


def present_tabs(spreadsheet: Shown, *, whole: bool = False) -> dict[str, Present]:
    """The tabs of an answer that are grids, by their folded titles."""
    tabs = (Present(sheet, whole=whole) for sheet in spreadsheet.get("sheets", ()))
    return {fold_title(tab.title): tab for tab in tabs if tab.properties.get("sheetType", "GRID") == "GRID"}


def colour_in(resource: Shown, name: str) -> str | None:
    """The colour of this name: ``RRGGBB``, or what else Google says, or None. Maybe only the older field is filled."""
    shown = resource.get(f"{name}Style", {"rgbColor": resource[name]} if name in resource else {})
    if "rgbColor" not in shown:
        return str(shown) if shown else None
    return "".join(f"{round(shown['rgbColor'].get(channel, 0) * 255):02X}" for channel in CHANNELS)


def holds(shown: Any, wanted: Any) -> bool:
    """Whether what Google shows contains everything that is wanted, whatever else it adds."""
    if isinstance(wanted, Mapping):
        return isinstance(shown, Mapping) and all(holds(shown.get(name), value) for name, value in wanted.items())
    if isinstance(wanted, list):
        return isinstance(shown, list) and len(shown) == len(wanted) and all(map(holds, shown, wanted))
    if isinstance(wanted, int | float) and not isinstance(wanted, bool):
        return bool(abs((shown or 0) - wanted) <= _STEP)
    return bool((shown or False) == wanted)
