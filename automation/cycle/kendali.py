"""Bringing Kendali up to date at the end of a cycle: the register, the rows that wait, the copy of the journals, and
how each spreadsheet fares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from automation.cases.cells import Value, Writable, shown_alike
from automation.cases.events import JOURNAL
from automation.cases.grid import CellWrite, Tab
from automation.cases.headings import fold
from automation.config.kinds import is_empty, text
from automation.config.table import find_header, records
from automation.config.tables import HEADINGS, LISTS, PLACES, REGISTER, REPAIRS, SETTINGS, SOURCES
from automation.cycle.covered import Ours
from automation.cycle.registry import read_copy
from automation.cycle.robot_table import plain, table_cells
from automation.sheets.looks.page import Page
from automation.sheets.port import Changes, Snapshot
from automation.sheets.prepare import new_tab

READ_AT = "Terakhir Dibaca"
STAMP = "%Y-%m-%d %H:%M"

_ROBOTS = {
    REGISTER: frozenset(map(fold, HEADINGS[REGISTER])),
    REPAIRS: frozenset(map(fold, HEADINGS[REPAIRS])),
    SOURCES: frozenset(map(fold, (READ_AT, "Baris", "Keadaan"))),
}


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """The robot's cells in the rows of Sumber that hold `link`: when all of it was last read and how many rows there
    were then (None: never), and what is wrong, if anything."""

    link: str
    read_at: datetime | None
    rows: int | None
    state: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What Kendali's own tabs should say. `journal` are rows still to be appended to its `Riwayat`. `Terakhir Dibaca`
    alone is no reason to write; it is renewed with other changes, or when it is as old as `heartbeat`."""

    journal: Sequence[Sequence[Writable]]
    register: Sequence[Sequence[Writable]]
    repairs: Sequence[Sequence[Writable]]
    lists: Sequence[Sequence[Writable]]
    charts: Page
    health: Sequence[SourceHealth]
    heartbeat: timedelta


def is_kendali(snapshot: Snapshot) -> bool:
    """Whether a spreadsheet is a Kendali (or a copy of one): its `Rekap` looks like an intake tab, and is none."""
    return all(snapshot.tab(title) is not None for title in (SETTINGS, PLACES, SOURCES, REGISTER))


def ours(tab: Tab) -> Ours | None:
    """What is the robot's in one of Kendali's tabs."""
    title = next((title for title in _ROBOTS if title.casefold() == tab.title.strip().casefold()), None)
    if title is None:
        return None
    header = find_header(tab.rows, HEADINGS[title])
    return Ours(header.row, _ROBOTS[title]) if header.columns else None


def changes_of(snapshot: Snapshot, contents: Contents) -> Changes:
    """What Kendali needs so that it says `contents`: nothing when it says so already."""
    missing = (title for title in (REGISTER, REPAIRS, JOURNAL) if snapshot.tab(title) is None)
    new_tabs = tuple(new_tab(title, HEADINGS[title]) for title in missing)
    cells: list[CellWrite] = []
    if (register := snapshot.tab(REGISTER)) is not None:
        cells += table_cells(register, HEADINGS[REGISTER], contents.register, key=HEADINGS[REGISTER][0])
    if (repairs := snapshot.tab(REPAIRS)) is not None:
        cells += table_cells(repairs, HEADINGS[REPAIRS], contents.repairs)
    cells += extras(snapshot, contents.lists, contents.charts)
    appends = journal_appends(snapshot, contents.journal)
    cells += _health_cells(snapshot, contents, renew=bool(new_tabs or appends or cells))
    return Changes(new_tabs, appends, cells)


def extras(snapshot: Snapshot, lists: Sequence[Sequence[Writable]], charts: Page) -> list[CellWrite]:
    """The cells of the lists and charts, in the tabs that `setup` has made for them: a Kendali can do without."""
    tab = snapshot.tab(LISTS)
    is_ours = tab is not None and find_header(tab.rows, HEADINGS[LISTS]).columns
    cells = table_cells(tab, HEADINGS[LISTS], lists) if tab is not None and is_ours else []
    if snapshot.tab(charts.title) is not None:
        cells += charts.changes(snapshot).cells
    return cells


def journal_appends(snapshot: Snapshot, rows: Sequence[Sequence[Writable]]) -> dict[str, Sequence[Sequence[Writable]]]:
    """Those of the rows that Kendali's `Riwayat` does not have, ready to be appended. Another robot may have been
    quicker to copy an event: spreadsheet, number, time, ticket and kind tell that it is the same."""
    if not rows:
        return {}
    tab = snapshot.tab(JOURNAL)
    if tab is None:
        return {JOURNAL: rows}
    known: dict[tuple[object, ...], Sequence[Value]] = {tuple(row[:5]): row for row in tab.rows}
    # A copy that somebody has damaged is none.
    missing = [row for row in rows if (copy := known.get(tuple(row[:5]))) is None or read_copy(copy) is None]
    return {tab.title: missing} if missing else {}


def _health_cells(snapshot: Snapshot, contents: Contents, *, renew: bool) -> list[CellWrite]:
    tab = snapshot.tab(SOURCES)
    if tab is None:
        return []
    header = find_header(tab.rows, HEADINGS[SOURCES])
    by_link = {source.link: source for source in contents.health}
    cells: list[CellWrite] = []
    stamps: list[CellWrite] = []
    for row in records(tab, header):
        link = text(row["Tautan"])
        if not link:  # what is left of a row that somebody cleared or moved while it was written to
            robots = (heading for heading in (READ_AT, "Baris", "Keadaan") if not is_empty(row[heading]))
            cells += [CellWrite(tab.key, row.number, header.columns[heading], None) for heading in robots]
        source = by_link.get(link)
        if source is None:
            continue
        for heading, value in (("Baris", source.rows), ("Keadaan", plain(source.state))):
            if heading in header.columns and not shown_alike(row[heading], value):
                cells.append(CellWrite(tab.key, row.number, header.columns[heading], value))
        stamp = source.read_at.strftime(STAMP) if source.read_at is not None else None
        if READ_AT in header.columns and not shown_alike(row[READ_AT], stamp):
            stamps.append(CellWrite(tab.key, row.number, header.columns[READ_AT], stamp))
            renew = renew or source.read_at is None or _is_old(row[READ_AT], source.read_at, contents.heartbeat)
    return [*cells, *stamps] if cells or renew else []


def read_stamp(value: Value, zone: tzinfo | None) -> datetime | None:
    """The time in a cell `Terakhir Dibaca`; None where there is none."""
    try:
        return datetime.strptime(str(value), STAMP).replace(tzinfo=zone)
    except ValueError:
        return None


def _is_old(shown: Value, now: datetime, heartbeat: timedelta) -> bool:
    before = read_stamp(shown, now.tzinfo)
    return before is None or now - before >= heartbeat
