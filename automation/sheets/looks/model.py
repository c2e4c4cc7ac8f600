"""What a tab looks like and what it lets people do, in terms that both kinds of workbook know.

A look is a wish: `Workbook.dress` gives a tab what it lacks of it, and nothing else. Whatever is there already stays,
whether people or an earlier run made it, so that dressing a second time changes nothing. These are given:

- a heading's colours and its note, if the heading has none;
- a column's width, format, wrapping and list, if the column (below its heading) has none of its own;
- frozen rows and columns, the tab's colour, a filter over the headings, if there are none;
- a rule, a filter view, a protection, a chart, if the tab has none with that formula, title or description;
- a formula, if its cell is empty.

Only a tab that is entirely the robot's (`TabLook.ours`) is brought back to what it should look like: its cells, merged
cells, sizes, notes, formulas and charts.
"""

from enum import Enum

from msgspec import Struct

#: First row and column of some cells, then the row and column after the last (None: to the end of the tab); 0-based.
Place = tuple[int, int, int | None, int]


class Format(Enum):
    """How a column shows and reads what is typed."""

    TEXT = "text"  # as it was typed: a phone number keeps its zero, 03/07 is no date
    DATE = "date"  # dd/mm/yyyy


class Style(Struct, frozen=True):
    """How cells look. Colours are ``RRGGBB``; None and False change nothing. `size` is in points."""

    fill: str | None = None
    ink: str | None = None
    bold: bool = False
    italic: bool = False
    struck: bool = False
    underlined: bool = False
    size: int | None = None
    wrapped: bool = False
    centred: bool = False
    boxed: bool = False


class ListFrom(Struct, frozen=True):
    """The entries of a list stand in a column (0-based) of another tab of the same spreadsheet, below its heading."""

    tab: str
    column: int


class ListOf(Struct, frozen=True):
    """The entries of a list are a few words that never change."""

    values: tuple[str, ...]


class AnyDate(Struct, frozen=True):
    """A date may be typed; Google shows a calendar."""


class WholeNumber(Struct, frozen=True):
    """A whole number within these bounds may be typed."""

    low: int
    high: int


class Allowed(Struct, frozen=True):
    """What a cell takes, and the message to somebody who types something else: `strict` refuses that, else it warns."""

    what: ListFrom | ListOf | AnyDate | WholeNumber
    help: str
    strict: bool


class ColumnLook(Struct, frozen=True):
    """One column (0-based), from the row below the headings to the end of the tab. `width` in pixels.

    `guarded` columns warn people who type into them, but let rows be sorted and deleted.
    """

    column: int
    heading: Style = Style()
    note: str = ""
    width: int | None = None
    format: Format | None = None
    wrapped: bool = False
    allowed: Allowed | None = None
    guarded: bool = False


class CellLook(Struct, frozen=True):
    """What one cell (0-based) takes, and its note, for tabs such as Pengaturan where each row is of its own kind; or a
    formula of the robot's, without argument separators (see `Rule`)."""

    row: int
    column: int
    note: str = ""
    allowed: Allowed | None = None
    formula: str = ""


class Rule(Struct, frozen=True):
    """Cells of these columns (first and last, 0-based) below the headings get `style` where `formula` holds.

    `formula` is written for the first row below the headings, with ``$`` before its columns (``=$D3<>""``). It must
    hold in every locale: no argument separators (an Indonesian spreadsheet wants ``;``, others ``,``).
    """

    columns: tuple[int, int]
    formula: str
    style: Style


class FilterView(Struct, frozen=True):
    """A named view (Google only) of rows where formulas (as in `Rule`, each with its column) hold, in order of one."""

    title: str
    shown: tuple[tuple[int, str], ...]
    ordered_by: int


class Area(Struct, frozen=True):
    """Cells with a look; `merged` makes one cell of them."""

    place: Place
    style: Style
    merged: bool = False


class Cells(Struct, frozen=True):
    """A run of cells of one column (0-based) that a chart draws; its first row is its heading."""

    tab: str
    row: int
    column: int
    rows: int


class ChartKind(Enum):
    """How a chart draws its series."""

    COLUMNS = "columns"
    BARS = "bars"
    LINES = "lines"


class Chart(Struct, frozen=True):
    """A chart that the spreadsheet draws itself, anchored at a 0-based cell; `width` and `height` in pixels, `inks` the
    colour of each series. The axis of numbers begins at 0, and ends at `highest` if that is given."""

    title: str
    kind: ChartKind
    categories: Cells
    series: tuple[Cells, ...]
    inks: tuple[str, ...]
    row: int
    column: int
    width: int = 600
    height: int = 320
    highest: int | None = None


class TabLook(Struct, frozen=True):
    """The look of the tab with this title.

    `ours`: everything in it is the robot's. `protected`: only the robot and the spreadsheet's owner may change it
    (Google; locally a protection without a password). `filtered`: arrows on the headings for sorting and filtering
    (only locally; on Google there are views, because one person's filter is everybody's). Protections are known by
    their description, `guard`.
    """

    title: str
    heading_row: int = 0
    columns: tuple[ColumnLook, ...] = ()
    cells: tuple[CellLook, ...] = ()
    frozen_rows: int | None = None
    frozen_columns: int | None = None
    colour: str | None = None
    rules: tuple[Rule, ...] = ()
    views: tuple[FilterView, ...] = ()
    filtered: bool = False
    areas: tuple[Area, ...] = ()
    charts: tuple[Chart, ...] = ()
    protected: bool = False
    ours: bool = False
    guard: str = ""
    row_heights: tuple[tuple[int, int], ...] = ()  # 0-based row and pixels
    gridlines: bool = True
    one_page: bool = False  # printed on one sheet of A4, upright (only locally; Google asks at printing)
