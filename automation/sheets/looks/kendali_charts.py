"""The page of charts in Kendali: four charts, and below them the tables that they are drawn from.

Everything has its fixed place, so that charts which were drawn once need never be drawn again: only numbers change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from automation.cases.cells import Writable
from automation.cases.texts import Texts
from automation.config.tables import CHARTS
from automation.digests.charts import BANDS
from automation.digests.figures import FEWEST, share
from automation.digests.flow import monday_of
from automation.digests.overview import WEEKS_SHOWN, Overview
from automation.sheets.looks.colours import CHAPTER, QUIET, ROBOT, ROBOT_TAB, TEXT, TITLE
from automation.sheets.looks.model import Cells, Chart, ChartKind, Style, TabLook
from automation.sheets.looks.page import TABLE_ROW, Page, Piece

#: The first cell, by which the page is known.
HEADING = "Grafik laporan warga"
#: Kecamatan of Kota Tangerang; a table with more goes on below what the chart shows.
KECAMATAN = 13

#: Pixels of the grid: three tables side by side, with a gap between them.
_WIDTHS = (90, 90, 90, 100, 110, 120, 20, 130, 90, 20, 180, 90, 90)
#: The first column of each table.
_WEEKLY, _AGES, _AREAS = 0, 7, 10
_LEFT, _RIGHT = sum(_WIDTHS[:6]), sum(_WIDTHS[7:])
#: The first row of the upper charts and of the lower ones, and how many rows these are high.
_UPPER, _LOWER, _UPPER_ROWS, _LOWER_ROWS = 4, 21, 16, 21
#: The row of the tables' headings.
_TABLES = _LOWER + _LOWER_ROWS + 2

_NUMBER = Style(ink="222222", size=10, centred=True, boxed=True)
_NAME = Style(ink="222222", size=10, boxed=True)
_HEADING = Style(fill=ROBOT.fill, ink=ROBOT.ink, bold=True, size=10, centred=True, boxed=True)
_NOTHING = Style()

#: Blue, green, amber, red: each at least 3:1 against white, none as light as its neighbour.
_BLUE, _GREEN, _AMBER, _RED = "1F4E8C", "4E9A5D", "C77700", "B3261E"

Row = Sequence[Writable]


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of the page: its title, its headings, and its rows, of which a chart draws the first `drawn`; the first
    column holds names."""

    title: str
    headings: Row
    rows: Sequence[Row]
    drawn: int

    def row(self, number: int) -> tuple[Row, list[Style]]:
        """A row and its looks, which are the same whatever it says."""
        width = len(self.headings)
        styles = [_NAME, *(_NUMBER,) * (width - 1)] if number < self.drawn else [_NOTHING] * width
        return self.rows[number] if number < len(self.rows) else (None,) * width, styles


def charts_page(overview: Overview, texts: Texts) -> Page:
    """The page's cells for this overview."""
    page = Page(CHARTS, HEADING, _WIDTHS, TITLE)
    numbers = {"tanggal": f"{overview.day:%d/%m/%Y}", "terbuka": overview.open_cases, "terlambat": overview.overdue}
    state = texts.say("grafik.keadaan", **numbers) if overview.weeks else texts.say("grafik.belum")
    page.add(Piece(state, len(_WIDTHS), replace(TEXT, bold=True, size=11)))
    page.add(Piece(texts.say("grafik.cara", paling_sedikit=FEWEST), len(_WIDTHS), QUIET))
    while len(page.rows) < _TABLES - 1:
        page.space(TABLE_ROW)
    tables = _weekly(overview, texts), _ages(overview, texts), _areas(overview, texts)
    weekly, ages, areas = (Piece(table.title, len(table.headings), CHAPTER) for table in tables)
    page.add(weekly, Piece(), ages, Piece(), areas, height=TABLE_ROW)
    _line(page, [(table.headings, [_HEADING] * len(table.headings)) for table in tables])
    for number in range(max(max(len(table.rows), table.drawn) for table in tables)):
        _line(page, [table.row(number) for table in tables])
    return page


def charts_look(page: Page, texts: Texts) -> TabLook:
    """How the page looks, with its charts."""
    say = texts.say
    weekly = partial(_cells, rows=WEEKS_SHOWN)
    ages = partial(_cells, rows=len(BANDS) + 1)
    areas = partial(_cells, rows=KECAMATAN)
    right = _AGES
    upper, lower = TABLE_ROW * _UPPER_ROWS, TABLE_ROW * _LOWER_ROWS
    charts = (
        Chart(
            title=say("grafik.minggu.grafik"),
            kind=ChartKind.COLUMNS,
            categories=weekly(_WEEKLY),
            series=(weekly(_WEEKLY + 1), weekly(_WEEKLY + 2), weekly(_WEEKLY + 3)),
            inks=(_BLUE, _GREEN, _AMBER),
            row=_UPPER,
            column=0,
            width=_LEFT,
            height=upper,
        ),
        Chart(
            title=say("grafik.minggu.tepat-waktu"),
            kind=ChartKind.LINES,
            categories=weekly(_WEEKLY),
            series=(weekly(_WEEKLY + 5),),
            inks=(_GREEN,),
            row=_UPPER,
            column=right,
            width=_RIGHT,
            height=upper,
            highest=100,
        ),
        Chart(
            title=say("grafik.umur.grafik"),
            kind=ChartKind.COLUMNS,
            categories=ages(_AGES),
            series=(ages(_AGES + 1),),
            inks=(_BLUE,),
            row=_LOWER,
            column=0,
            width=_LEFT,
            height=lower,
        ),
        Chart(
            title=say("grafik.kecamatan.grafik"),
            kind=ChartKind.BARS,
            categories=areas(_AREAS),
            series=(areas(_AREAS + 1), areas(_AREAS + 2)),
            inks=(_BLUE, _RED),
            row=_LOWER,
            column=right,
            width=_RIGHT,
            height=lower,
        ),
    )
    return replace(page.look(say("grafik.jaga"), ROBOT_TAB), charts=charts)


def _cells(column: int, rows: int) -> Cells:
    return Cells(CHARTS, _TABLES, column, rows + 1)


def _line(page: Page, parts: Sequence[tuple[Row, Sequence[Style]]]) -> None:
    """A row of all three tables, with an empty column between each two."""
    values: list[Writable] = []
    styles: list[Style] = []
    for row, looks in parts:
        if values:
            values.append(None)
            styles.append(_NOTHING)
        values += row
        styles += looks
    page.line(values, styles)


def _weekly(overview: Overview, texts: Texts) -> _Table:
    """Weeks before the first ticket keep their place, without numbers: nobody knows what happened in them."""
    known = {week.monday: week for week in overview.weeks}
    rows: list[Row] = []
    for back in range(WEEKS_SHOWN - 1, -1, -1):
        monday = monday_of(overview.day) - timedelta(weeks=back)
        name = f"{monday:%d/%m}"
        if (week := known.get(monday)) is None:
            rows.append((name, None, None, None, None, None))
        else:
            percent = share(week.kept, week.resolved).value
            rows.append((name, week.received, week.resolved, week.otherwise, week.kept, percent))
    names = ("minggu", "masuk", "selesai", "lain", "tepat", "persen")
    headings = [texts.say(f"grafik.minggu.kolom-{name}") for name in names]
    return _Table(texts.say("grafik.minggu.tabel"), headings, rows, WEEKS_SHOWN)


def _ages(overview: Overview, texts: Texts) -> _Table:
    rows = [
        (
            texts.say("grafik.umur.lebih", batas=band.youngest - 1)
            if band.oldest is None
            else texts.say("grafik.umur.sampai", dari=band.youngest, sampai=band.oldest),
            band.cases,
        )
        for band in overview.ages
    ]
    headings = [texts.say(f"grafik.umur.kolom-{name}") for name in ("umur", "terbuka")]
    return _Table(texts.say("grafik.umur.tabel"), headings, rows, len(rows))


def _areas(overview: Overview, texts: Texts) -> _Table:
    rows = [
        (area.kecamatan or texts.say("grafik.kecamatan.lain"), area.open_cases, area.overdue) for area in overview.areas
    ]
    headings = [texts.say(f"grafik.kecamatan.kolom-{name}") for name in ("kecamatan", "terbuka", "terlambat")]
    return _Table(texts.say("grafik.kecamatan.tabel"), headings, rows, KECAMATAN)
