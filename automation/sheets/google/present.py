"""How the tabs of a spreadsheet look now: what is asked for, and the answer understood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from automation.model.cells import fold_title
from automation.sheets.google.cells import Size, quoted
from automation.sheets.google.resources import FORMAT_FIELDS
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
class Present:
    """One tab as Google shows it (a Sheet); `whole` says that this is all of its rows."""

    sheet: Mapping[str, Any] = field(repr=False)
    whole: bool = False

    @property
    def properties(self) -> Mapping[str, Any]:
        """SheetProperties."""
        properties: Mapping[str, Any] = self.sheet["properties"]
        return properties

    @property
    def id(self) -> int:
        """The tab's id."""
        return int(self.properties.get("sheetId", 0))

    @property
    def title(self) -> str:
        """Its title as people spell it."""
        return str(self.properties["title"])

    @property
    def grid(self) -> Size:
        """Rows and columns."""
        grid = self.properties["gridProperties"]
        return grid.get("rowCount", 0), grid.get("columnCount", 0)

    def all(self, name: str) -> Sequence[Mapping[str, Any]]:
        """All of its ``conditionalFormats``, ``filterViews`` and so on."""
        found: Sequence[Mapping[str, Any]] = self.sheet.get(name, ())
        return found

    def data(self, name: str) -> Sequence[Mapping[str, Any]]:
        """Its ``rowData``, ``rowMetadata`` or ``columnMetadata``, as far as they are shown."""
        found: Sequence[Mapping[str, Any]] = next(iter(self.all("data")), {}).get(name, ())
        return found

    def row(self, row: int) -> Sequence[Mapping[str, Any]]:
        """The CellData of a row, without trailing cells that were never touched."""
        rows = self.data("rowData")
        cells: Sequence[Mapping[str, Any]] = rows[row].get("values", ()) if row < len(rows) else ()
        return cells

    def cell(self, row: int, column: int) -> Mapping[str, Any]:
        """CellData."""
        cells = self.row(row)
        return cells[column] if column < len(cells) else {}

    def below(self, heading_row: int, column: int) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """Row and CellData of the cells of a column below its heading that were ever touched."""
        for row, data in enumerate(self.data("rowData")[heading_row + 1 :], start=heading_row + 1):
            if cell := next(iter(data.get("values", ())[column : column + 1]), None):
                yield row, cell

    def formatted(self) -> Iterator[tuple[int, int]]:
        """Row and column of all cells that have a format of their own."""
        for row, data in enumerate(self.data("rowData")):
            cells = enumerate(data.get("values", ()))
            yield from ((row, column) for column, cell in cells if "userEnteredFormat" in cell)

    def texts(self, row: int) -> dict[int, str]:
        """What stands in the cells of a row, by column, as far as anything does."""
        entered = (next(iter(cell.get("userEnteredValue", {}).values()), "") for cell in self.row(row))
        return {column: str(value) for column, value in enumerate(entered) if value != ""}


def present_tabs(spreadsheet: Mapping[str, Any], *, whole: bool = False) -> dict[str, Present]:
    """The tabs of an answer that are grids, by their folded titles."""
    tabs = (Present(sheet, whole) for sheet in spreadsheet.get("sheets", ()))
    return {fold_title(tab.title): tab for tab in tabs if tab.properties.get("sheetType", "GRID") == "GRID"}


# What has to be read


def ranges_of(looks: Sequence[TabLook], known: Mapping[str, Present] | None = None) -> list[str]:
    """What has to be read of each tab that looks are for, or refer to: of people's tabs the headings and the first row
    below, which mostly tells that a column lacks nothing. Without `known` tabs all are taken to be there under these
    titles, and large enough."""
    needed: dict[str, tuple[str, int | None]] = {}
    for look in looks:
        title = needed.get(fold_title(look.title), (look.title, None))[0]
        needed[fold_title(look.title)] = title, _rows_needed(look)
        for title in _referred(look):
            needed.setdefault(fold_title(title), (title, 1))
    ranges = []
    for key, (title, last) in needed.items():
        if known is None:
            ranges.append(quoted(title) + (f"!1:{last}" if last else ""))
        elif (tab := known.get(key)) is not None:
            ranges.append(quoted(tab.title) + (f"!1:{last}" if last and last <= tab.grid[0] else ""))
    return ranges


def size_needed(look: TabLook) -> Size:
    """The rows and columns that a tab needs for its look."""
    ends = [
        (look.heading_row + 2, 1),  # there is a row below the headings
        ((look.frozen_rows or 0) + 1, (look.frozen_columns or 0) + 1),  # Google refuses to freeze all of them
        *((0, column.column + 1) for column in look.columns),
        *((cell.row + 1, cell.column + 1) for cell in look.cells),
        *((cell.row + 1, cell.column + 1) for cell in look.formulas),
        *((area.bottom, area.right) for area in look.areas),
        *((row + 1, 0) for row, _ in look.row_heights),
        *((0, rule.columns[1] + 1) for rule in look.rules),
    ]
    return max(row for row, _ in ends), max(column for _, column in ends)


def _rows_needed(look: TabLook) -> int | None:
    """How many rows from the top show what the look lacks; None for all of them."""
    if look.ours and (look.areas or any(each.format or each.wrapped or each.allowed for each in look.columns)):
        return None
    return size_needed(look)[0]


def _referred(look: TabLook) -> Iterator[str]:
    """The titles of the tabs that lists and charts of a look take from."""
    for allowed in (*(each.allowed for each in look.columns), *(each.allowed for each in look.cells)):
        if allowed is not None and isinstance(allowed.what, ListFrom):
            yield allowed.what.tab
    for chart in look.charts:
        yield from (cells.tab for cells in (chart.categories, *chart.series))
