"""How the tabs of a spreadsheet look now: what is asked for, and the answer understood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from automation.sheets.google.commit import quoted
from automation.sheets.google.styles import FORMAT_FIELDS
from automation.sheets.looks.model import ListFrom, TabLook

PROPERTIES = "properties(sheetId,title,sheetType,tabColor,tabColorStyle,gridProperties)"
#: Where tabs are and how large: all that is asked for where a range of the looks was refused.
OUTLINE_FIELDS = f"sheets({PROPERTIES})"
#: What a tab looks like, in one answer. Of people's cells it holds what the looks must leave alone.
LOOK_FIELDS = (
    f"sheets({PROPERTIES},conditionalFormats,protectedRanges(protectedRangeId,range,description),filterViews,charts,"
    "merges,data(columnMetadata(pixelSize),rowMetadata(pixelSize),rowData(values(userEnteredValue,note,"
    f"dataValidation(condition(type)),userEnteredFormat({FORMAT_FIELDS})))))"
)
HEADING_FIELDS = "updatedSpreadsheet(sheets(properties(sheetId),data(rowData(values(userEnteredValue)))))"


@dataclass(frozen=True, slots=True)
class Outline:
    """A tab that is there: its id, its title as people spell it, its grid."""

    id: int
    title: str
    rows: int
    columns: int


def outlines_of(spreadsheet: Mapping[str, Any]) -> dict[str, Outline]:
    """The tabs of an answer that are grids, by their folded titles."""
    found = {}
    for sheet in spreadsheet.get("sheets", ()):
        properties = sheet["properties"]
        if properties.get("sheetType", "GRID") == "GRID":
            grid = properties["gridProperties"]
            size = grid.get("rowCount", 0), grid.get("columnCount", 0)
            found[folded(properties["title"])] = Outline(properties.get("sheetId", 0), properties["title"], *size)
    return found


def folded(title: str) -> str:
    """A title as titles are compared."""
    return title.strip().casefold()


def ranges_of(looks: Sequence[TabLook], known: Mapping[str, Outline] | None = None) -> list[str]:
    """What has to be read of each tab that looks are for, or refer to: of people's tabs the headings and the first row
    below, which mostly tells that a column lacks nothing. Without `known` tabs all are taken to be there under these
    titles, and large enough."""
    rows: dict[str, int | None] = {}
    titles: dict[str, str] = {}
    for look in looks:
        titles.setdefault(folded(look.title), look.title)
        rows[folded(look.title)] = _rows_needed(look)
        for title in _referred(look):
            titles.setdefault(folded(title), title)
            rows.setdefault(folded(title), 1)
    ranges = []
    for key, last in rows.items():
        outline = known.get(key) if known is not None else Outline(0, titles[key], last or 1, 1)
        if outline is not None:
            whole = last is None or (known is not None and last > outline.rows)
            ranges.append(quoted(outline.title) if whole else f"{quoted(outline.title)}!1:{last}")
    return ranges


def _rows_needed(look: TabLook) -> int | None:
    """How many rows from the top show what the look lacks; None for all of them."""
    if look.ours and (look.areas or any(each.format or each.wrapped or each.allowed for each in look.columns)):
        return None
    return furthest(look)[0]


def lacks_below(look: TabLook, present: Present) -> bool:
    """Whether some column lacks something in the first row below the headings: only all of its rows show whether it has
    something of its own further down."""
    for column in look.columns:
        cell = present.cell(look.heading_row + 1, column.column)
        format = cell.get("userEnteredFormat", {})
        if (
            (column.format is not None and "numberFormat" not in format)
            or (column.wrapped and "wrapStrategy" not in format)
            or (column.allowed is not None and "dataValidation" not in cell)
        ):
            return not look.ours
    return False


def furthest(look: TabLook) -> tuple[int, int]:
    """The rows and columns that a tab needs for its look."""
    rows = (
        look.heading_row + 2,  # there is a row below the headings
        (look.frozen_rows or 0) + 1,  # Google refuses to freeze all rows
        *(cell.row + 1 for cell in look.cells),
        *(area.bottom for area in look.areas),
        *(cell.row + 1 for cell in look.formulas),
        *(row + 1 for row, _ in look.row_heights),
    )
    columns = (
        1,
        (look.frozen_columns or 0) + 1,
        *(column.column + 1 for column in look.columns),
        *(cell.column + 1 for cell in look.cells),
        *(rule.columns[1] + 1 for rule in look.rules),
        *(area.right for area in look.areas),
        *(cell.column + 1 for cell in look.formulas),
    )
    return max(rows), max(columns)


def _referred(look: TabLook) -> Iterator[str]:
    """The titles of the tabs that lists and charts of a look take from."""
    for allowed in (*(column.allowed for column in look.columns), *(cell.allowed for cell in look.cells)):
        if allowed is not None and isinstance(allowed.what, ListFrom):
            yield allowed.what.tab
    for chart in look.charts:
        yield from (cells.tab for cells in (chart.categories, *chart.series))


@dataclass(frozen=True)
class Present:
    """One tab as it looks now. `sheet` is what Google shows of it; `whole` says that this is all of its rows."""

    outline: Outline
    sheet: Mapping[str, Any] = field(repr=False)
    whole: bool = False

    @property
    def properties(self) -> Mapping[str, Any]:
        """SheetProperties."""
        properties: Mapping[str, Any] = self.sheet["properties"]
        return properties

    def all(self, name: str) -> Sequence[Mapping[str, Any]]:
        """All of its ``conditionalFormats``, ``filterViews`` and so on."""
        found: Sequence[Mapping[str, Any]] = self.sheet.get(name, ())
        return found

    @cached_property
    def _data(self) -> Mapping[str, Any]:
        data: Mapping[str, Any] = next(iter(self.sheet.get("data", ())), {})
        return data

    def row(self, row: int) -> Sequence[Mapping[str, Any]]:
        """The CellData of a row, without trailing cells that were never touched."""
        rows = self._data.get("rowData", ())
        cells: Sequence[Mapping[str, Any]] = rows[row].get("values", ()) if row < len(rows) else ()
        return cells

    def cell(self, row: int, column: int) -> Mapping[str, Any]:
        """CellData."""
        cells = self.row(row)
        return cells[column] if column < len(cells) else {}

    def below(self, heading_row: int, column: int) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """Row and CellData of the cells of a column below its heading that were ever touched."""
        for row in range(heading_row + 1, len(self._data.get("rowData", ()))):
            if cell := self.cell(row, column):
                yield row, cell

    def touched(self) -> Iterator[tuple[int, int]]:
        """Row and column of all cells that have a format of their own."""
        for row in range(len(self._data.get("rowData", ()))):
            yield from ((row, column) for column, cell in enumerate(self.row(row)) if "userEnteredFormat" in cell)

    def size(self, dimension: str, index: int) -> int | None:
        """Pixels of a row or column (``rowMetadata``, ``columnMetadata``); None beyond those that are shown."""
        shown = self._data.get(dimension, ())
        return shown[index].get("pixelSize") if index < len(shown) else None


def present_tabs(spreadsheet: Mapping[str, Any], *, whole: bool = False) -> dict[str, Present]:
    """The tabs of an answer to `LOOK_FIELDS`, by their folded titles."""
    sheets = {sheet["properties"].get("sheetId", 0): sheet for sheet in spreadsheet.get("sheets", ())}
    return {key: Present(outline, sheets[outline.id], whole) for key, outline in outlines_of(spreadsheet).items()}


def headings_of(spreadsheet: Mapping[str, Any]) -> Iterable[tuple[int, list[str]]]:
    """The id of each tab of an answer to `HEADING_FIELDS`, and its headings."""
    for sheet in spreadsheet.get("sheets", ()):
        data: Mapping[str, Any] = next(iter(sheet.get("data", ())), {})
        row: Mapping[str, Any] = next(iter(data.get("rowData", ())), {})
        yield sheet["properties"].get("sheetId", 0), heading_texts(row.get("values", ()))


def heading_texts(cells: Sequence[Mapping[str, Any]]) -> list[str]:
    """What stands in the cells of a row, without trailing empty ones."""
    texts = [str(next(iter(cell.get("userEnteredValue", {}).values()), "")) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return texts
