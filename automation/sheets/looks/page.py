"""A tab that is a page to read: rows of text on a grid of columns, kept up to date by the robot. Such is the page of
Kendali's charts, above their tables: all has a fixed place there, so charts are drawn once, then numbers change."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import chain
from math import ceil

from msgspec.structs import replace

from automation.digests.charts import BANDS, WEEKS_SHOWN, Band, Overview
from automation.digests.figures import FEWEST, share
from automation.digests.flow import monday_of
from automation.model.cells import Tab, Writable
from automation.model.texts import Texts
from automation.sheets.looks.colours import CHAPTER, QUIET, ROBOT, ROBOT_TAB, TEXT, TITLE
from automation.sheets.looks.model import Area, Cells, Chart, ChartKind, ColumnLook, Style, TabLook
from automation.sheets.port import Changes, NewTab, Snapshot
from automation.tables.kendali import CHARTS

#: The default size of text, in points.
_SIZE = 10
#: The width of a letter and the height of a line, in pixels for each point; measured in Arial and Liberation Sans.
_LETTER, _BOLD_LETTER, _LINE = 0.62, 0.68, 1.6
#: Pixels of a cell around its text.
_PADDING = 3
#: The least height of a row, in pixels.
_LOWEST = 4
#: A row of a table, in pixels.
TABLE_ROW = 21

#: A value, how many columns of the page's grid it spans, and its style.
Piece = tuple[str | int | None, int, Style]


class PageLook:
    """A page under construction: rows are added from the top. `heading` stands in its first cell, by which the page is
    known later; `widths` are those of the grid's columns, in pixels; `colour` is that of the tab. Its words stand in
    the table `key` of the `texts`; `guard` is the whole key of what describes its protection."""

    def __init__(
        self, title: str, heading: str, widths: Sequence[int], texts: Texts, key: str, guard: str, colour: str
    ) -> None:
        self.title, self.heading, self.texts, self._widths, self._key = title, heading, texts, tuple(widths), key
        columns = tuple(ColumnLook(at, width=width) for at, width in enumerate(widths))
        look = TabLook(title, columns=columns, colour=colour, guard=texts.say(guard), protected=True, ours=True)
        self._look = replace(look, gridlines=False, one_page=True)
        self.rows: list[list[Writable]] = []
        self.charts: tuple[Chart, ...] = ()
        self._areas: list[Area] = []
        self._heights: list[tuple[int, int]] = []
        self.text(heading, TITLE)

    def say(self, key: str, **particulars: object) -> str:
        return self.texts.say(f"{self._key}.{key}", **particulars)

    def entries(self, table: str) -> list[str]:
        """The names of the words in a table of the page, in the order in which they are written, but for its title."""
        beginning = f"{self._key}.{table}."
        found = (key.removeprefix(beginning) for key in self.texts.entries if key.startswith(beginning))
        return [name for name in found if name != "judul"]

    def text(self, text: str, style: Style = TEXT) -> None:
        self.row((text, len(self._widths), style))

    def chapter(self, key: str) -> None:
        """A little space, and the title of what comes next."""
        self.row(height=6)
        self.text(self.say(f"{key}.judul"), CHAPTER)

    def row(self, *pieces: Piece, height: int = 0) -> None:
        """Add a row of pieces, from the left; as high as the longest of them needs, and at least `height` pixels."""
        row, column = len(self.rows), 0
        cells: list[Writable] = [None] * len(self._widths)
        for value, span, style in pieces:
            end = column + span
            cells[column] = None if value == "" else value
            self._areas.append(Area((row, column, row + 1, end), style, merged=span > 1))
            height = max(height, _height(str(value or ""), style, sum(self._widths[column:end])))
            column = end
        self.rows.append(cells)
        self._heights.append((row, height))

    def look(self) -> TabLook:
        areas, heights = tuple(self._areas), tuple(self._heights)
        return replace(self._look, areas=areas, row_heights=heights, charts=self.charts)

    def is_in(self, tab: Tab) -> bool:
        """Whether a tab is this page (perhaps of an earlier version) or empty; if not, it is somebody's own."""
        return tab.at(0, 0) == self.heading or not tab.width

    def changes(self, snapshot: Snapshot) -> Changes:
        """What has to be written so that the page is there; nothing into a tab that is somebody's own."""
        tab = snapshot.tab(self.title)
        if tab is None:
            first, *rest = self.rows
            return Changes((NewTab(self.title, tuple(str(value or "") for value in first)),), {self.title: rest})
        if not self.is_in(tab):
            return Changes()
        return Changes(cells=tab.differs(self.rows, max(len(self._widths), tab.width)))


def _height(text: str, style: Style, width: int) -> int:
    """The height that a text needs, in pixels; an estimate, necessary because rows of merged cells don't grow."""
    size = style.size or _SIZE
    room = max(1, int((width - _PADDING) / (size * (_BOLD_LETTER if style.bold else _LETTER))))
    lines = sum(max(1, ceil(len(line) / room)) if style.wrapped else 1 for line in text.split("\n"))
    return max(_LOWEST, ceil(lines * size * _LINE) + _PADDING) if text else _LOWEST


# The page of charts

#: The first cell, by which the page is known.
HEADING = "Grafik laporan warga"
#: The number of kecamatan in Kota Tangerang; rows of a longer table are not in the chart.
KECAMATAN = 13

#: Pixels of the grid: three tables side by side, with a gap between them.
_WIDTHS = (90, 90, 90, 100, 110, 120, 20, 130, 90, 20, 180, 90, 90)
#: The first column of each table; the first column and the width of the charts on the left and on the right.
_WEEKLY, _AGES, _AREAS = 0, 7, 10
_LEFT, _RIGHT = (_WEEKLY, sum(_WIDTHS[:6])), (_AGES, sum(_WIDTHS[7:]))
#: The first row and the height in rows of the upper charts, and of the lower ones.
_ABOVE, _BELOW = (4, 16), (21, 21)
#: The row of the tables' headings.
_TABLES = sum(_BELOW) + 2

_PLAIN = Style()
_NUMBER = Style(ink="222222", size=10, centred=True, boxed=True)
_NAME = replace(_NUMBER, centred=False)
_HEADING = replace(_NUMBER, fill=ROBOT.fill, ink=ROBOT.ink, bold=True)

#: Blue, green, amber, red: each at least 3:1 against white, none as light as its neighbour.
_BLUE, _GREEN, _AMBER, _RED = "1F4E8C", "4E9A5D", "C77700", "B3261E"

Row = Sequence[str | int | None]


def charts_page(overview: Overview, texts: Texts) -> PageLook:
    """The page for this overview."""
    page = PageLook(CHARTS, HEADING, _WIDTHS, texts, "grafik", "grafik.jaga", ROBOT_TAB)
    page.charts = tuple(_charts(page))
    numbers = {"tanggal": f"{overview.day:%d/%m/%Y}", "terbuka": overview.open_cases, "terlambat": overview.overdue}
    state = page.say("keadaan", **numbers) if overview.weeks else page.say("belum")
    page.text(state, replace(TEXT, bold=True, size=11))
    page.text(page.say("cara", paling_sedikit=FEWEST), QUIET)
    while len(page.rows) < _TABLES - 1:
        page.row(height=TABLE_ROW)
    other = page.say("kecamatan.lain")
    areas = [(area.kecamatan or other, area.open_cases, area.overdue) for area in overview.areas]
    # Of each table: its columns, its rows, and how many rows a chart draws.
    tables: dict[str, tuple[list[str], Sequence[Row], int]] = {
        "minggu": (["minggu", "masuk", "selesai", "lain", "tepat", "persen"], _weekly(overview), WEEKS_SHOWN),
        "umur": (["umur", "terbuka"], [(_name(page, band), band.cases) for band in overview.ages], len(BANDS) + 1),
        "kecamatan": (["kecamatan", "terbuka", "terlambat"], areas, KECAMATAN),
    }
    _line(page, *([(page.say(f"{name}.tabel"), len(of[0]), CHAPTER)] for name, of in tables.items()), gap=TEXT)
    _line(page, *([(page.say(f"{name}.kolom-{one}"), 1, _HEADING) for one in of[0]] for name, of in tables.items()))
    for number in range(max(max(len(rows), drawn) for _, rows, drawn in tables.values())):
        _line(page, *(_row(rows, number, len(columns), number < drawn) for columns, rows, drawn in tables.values()))
    return page


def _row(rows: Sequence[Row], number: int, width: int, drawn: bool) -> list[Piece]:
    """A row and its looks, which do not depend on the content; the first column holds names."""
    styles = [_NAME, *[_NUMBER] * (width - 1)] if drawn else [_PLAIN] * width
    values = rows[number] if number < len(rows) else [None] * width
    return [(value, 1, style) for value, style in zip(values, styles, strict=True)]


def _line(page: PageLook, *parts: Sequence[Piece], gap: Style = _PLAIN) -> None:
    """Add a row of all three tables, with an empty column between them."""
    first, *others = parts
    page.row(*first, *chain.from_iterable([("", 1, gap), *part] for part in others), height=TABLE_ROW)


def _charts(page: PageLook) -> Sequence[Chart]:
    """The charts: each draws columns of a table, whose first column names what the others count."""

    def chart(
        name: str, kind: ChartKind, table: int, rows: int, inks: dict[int, str], x: tuple[int, int], y: tuple[int, int]
    ) -> Chart:
        names, *series = (Cells(CHARTS, _TABLES, table + column, rows + 1) for column in (0, *inks))
        title, colours = page.say(name), tuple(inks.values())
        return Chart(title, kind, names, tuple(series), colours, y[0], x[0], x[1], y[1] * TABLE_ROW)

    flow = {1: _BLUE, 2: _GREEN, 3: _AMBER}
    on_time = chart("minggu.tepat-waktu", ChartKind.LINES, _WEEKLY, WEEKS_SHOWN, {5: _GREEN}, _RIGHT, _ABOVE)
    return (
        chart("minggu.grafik", ChartKind.COLUMNS, _WEEKLY, WEEKS_SHOWN, flow, _LEFT, _ABOVE),
        replace(on_time, highest=100),
        chart("umur.grafik", ChartKind.COLUMNS, _AGES, len(BANDS) + 1, {1: _BLUE}, _LEFT, _BELOW),
        chart("kecamatan.grafik", ChartKind.BARS, _AREAS, KECAMATAN, {1: _BLUE, 2: _RED}, _RIGHT, _BELOW),
    )


def _weekly(overview: Overview) -> list[Row]:
    """The table of weeks. Weeks before the first ticket keep their rows, without numbers, because nothing is known."""
    known = {week.monday: week for week in overview.weeks}
    rows: list[Row] = []
    for back in range(WEEKS_SHOWN - 1, -1, -1):
        monday = monday_of(overview.day) - timedelta(weeks=back)
        counts: Row = [None] * 5
        if week := known.get(monday):
            percent = share(week.kept, week.resolved).value
            counts = week.received, week.resolved, week.otherwise, week.kept, percent
        rows.append([f"{monday:%d/%m}", *counts])
    return rows


def _name(page: PageLook, band: Band) -> str:
    if band.oldest is None:
        return page.say("umur.lebih", batas=band.youngest - 1)
    return page.say("umur.sampai", dari=band.youngest, sampai=band.oldest)
