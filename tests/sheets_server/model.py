"""A spreadsheet in memory. Rows are immutable tuples, so that a copy to try a batch on costs one pointer a row."""

import pickle
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from msgspec import Struct

ERROR_TEXTS = {
    "ERROR": "#ERROR!",
    "NULL_VALUE": "#NULL!",
    "DIVIDE_BY_ZERO": "#DIV/0!",
    "VALUE": "#VALUE!",
    "REF": "#REF!",
    "NAME": "#NAME?",
    "NUM": "#NUM!",
    "N_A": "#N/A",
    "LOADING": "Loading...",
}
NOTHING: Mapping[str, Any] = {}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Failure:
    """The error that a formula came to; `type` is Google's name for it."""

    type: str

    @property
    def text(self) -> str:
        return ERROR_TEXTS[self.type]


Scalar = str | float | int | bool | Failure | None


class Cell(Struct, frozen=True):
    """`value` is what it shows; a `formula` is kept as text never worked out, and is empty where that of another cell
    shows the value. `extra` holds dataValidation, note."""

    value: Scalar = None
    formula: str | None = None
    format: Mapping[str, Any] = {}
    extra: Mapping[str, Any] = {}

    @property
    def holds_data(self) -> bool:
        return self.value is not None or self.formula is not None


def _twin(made: T) -> T:
    """A copy of it and of all that is in it, quicker than `copy.deepcopy`."""
    twin: T = pickle.loads(pickle.dumps(made, pickle.HIGHEST_PROTOCOL))
    return twin


EMPTY = Cell()
Row = tuple[Cell, ...]
#: Rows of which something is kept.
_KEPT = 20_000


def once_a_row(work: Callable[[Row], T]) -> Callable[[Row], T]:
    """`work`, done once for each row: it never changes, and most of them are shown again and again."""
    done: dict[int, tuple[Row, T]] = {}

    def worked(row: Row) -> T:
        found = done.get(id(row))
        if found is None:
            if len(done) >= _KEPT:
                done.clear()
            found = done[id(row)] = row, work(row)  # with the row: another may not take its place in memory
        return found[1]

    return worked


class Sheet:
    """One tab. `properties` is its SheetProperties as JSON; `rows` may be shorter than the grid; `sizes` are pixels, by
    dimension and index. `rules`, `views`, `charts`, `merges` and the `filter` that all see are JSON as it is shown."""

    def __init__(self, properties: dict[str, Any], rows: Iterable[Row] = ()) -> None:
        self.properties = properties
        self.rows: list[Row] = list(rows)
        self.sizes: dict[tuple[str, int], int] = {}
        self.rules: list[dict[str, Any]] = []
        self.views: dict[int, dict[str, Any]] = {}
        self.charts: dict[int, dict[str, Any]] = {}
        self.merges: list[dict[str, Any]] = []
        self.tables: list[dict[str, Any]] = []
        self.marks: dict[int, list[dict[str, Any]]] = {}  # developer metadata, by row
        self.filter: dict[str, Any] | None = None

    @property
    def looks(self) -> tuple[Any, ...]:
        """What is JSON, and may be changed where it is."""
        return self.properties, self.rules, self.views, self.charts, self.merges, self.filter

    def copy(self, looks: tuple[Any, ...]) -> "Sheet":
        """With a copy of its `looks`."""
        properties, *others = looks
        twin = Sheet(properties, self.rows)
        twin.sizes = dict(self.sizes)
        twin.tables, twin.marks = list(self.tables), dict(self.marks)
        twin.rules, twin.views, twin.charts, twin.merges, twin.filter = others
        return twin

    @property
    def id(self) -> int:
        return int(self.properties["sheetId"])

    @property
    def title(self) -> str:
        return str(self.properties["title"])

    @property
    def grid(self) -> dict[str, Any]:
        properties: dict[str, Any] = self.properties.setdefault("gridProperties", {})
        return properties

    @property
    def row_count(self) -> int:
        return int(self.grid.get("rowCount", 0))

    @property
    def column_count(self) -> int:
        return int(self.grid.get("columnCount", 0))

    def cell(self, row: int, column: int) -> Cell:
        if row < len(self.rows) and column < len(self.rows[row]):
            return self.rows[row][column]
        return EMPTY

    def put(self, row: int, column: int, cell: Cell) -> None:
        self.put_row(row, column, (cell,))

    def put_row(self, row: int, column: int, cells: Row) -> None:
        while len(self.rows) <= row:
            self.rows.append(())
        old = self.rows[row]
        left = old[:column] + (EMPTY,) * (column - len(old))
        self.rows[row] = left + cells + old[column + len(cells) :]

    def last_data_row(self) -> int:
        for row in range(len(self.rows) - 1, -1, -1):
            if any(cell.holds_data for cell in self.rows[row]):
                return row
        return -1


class Book:
    """One spreadsheet: tabs in order, named ranges by id, protected ranges by id."""

    def __init__(self, id: str, title: str) -> None:
        self.id = id
        self.properties: dict[str, Any] = {"title": title, "locale": "id_ID", "timeZone": "Asia/Jakarta"}
        self.sheets: list[Sheet] = []
        self.named: dict[str, dict[str, Any]] = {}
        self.protected: dict[int, dict[str, Any]] = {}

    @property
    def title(self) -> str:
        return str(self.properties["title"])

    def copy(self) -> "Book":
        other = Book(self.id, self.title)
        looks = [sheet.looks for sheet in self.sheets]
        other.properties, other.named, other.protected, looks = _twin(
            (self.properties, self.named, self.protected, looks)
        )
        other.sheets = [sheet.copy(twins) for sheet, twins in zip(self.sheets, looks, strict=True)]
        return other

    def become(self, other: "Book") -> None:
        self.properties, self.sheets, self.named, self.protected = (
            other.properties,
            other.sheets,
            other.named,
            other.protected,
        )

    def by_id(self, id: int) -> Sheet | None:
        return next((sheet for sheet in self.sheets if sheet.id == id), None)

    def by_title(self, title: str) -> Sheet | None:
        """The tab with this title; Google compares them without case."""
        return next((sheet for sheet in self.sheets if sheet.title.casefold() == title.casefold()), None)

    def add_sheet(self, title: str, *, id: int, rows: int = 1000, columns: int = 26, **properties: Any) -> Sheet:
        grid = {"rowCount": rows, "columnCount": columns}
        sheet = Sheet({"sheetId": id, "title": str(title), "sheetType": "GRID", "gridProperties": grid, **properties})
        self.sheets.append(sheet)
        return sheet
