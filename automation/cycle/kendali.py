"""Bringing Kendali up to date at the end of a cycle: the register, the rows that wait, the copy of the journals, and
how each spreadsheet fares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from automation.cases.cells import Link, Value, Writable, shown_alike
from automation.cases.grid import CellWrite, Tab
from automation.cases.register import Entry
from automation.config.kinds import text
from automation.config.table import find_header, records
from automation.config.tables import HEADINGS, JOURNAL, REGISTER, REPAIRS, SOURCES
from automation.sheets.port import Changes, NewTab, Snapshot, Workbook
from automation.trouble import Outrun, WorkbookError

#: `Terakhir Dibaca` alone is no reason to write; it is renewed with other changes, or when it is this old.
HEARTBEAT = timedelta(hours=1)
READ_AT = "Terakhir Dibaca"
STAMP = "%Y-%m-%d %H:%M"
#: How often another robot may be quicker before Kendali waits for the next cycle.
PATIENCE = 6


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """The robot's cells in the rows of Sumber that hold `link`: when all of it was last read (None: as before), how
    many rows were read (None: as before), and what is wrong, if anything."""

    link: str
    read_at: datetime | None
    rows: int | None
    state: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What Kendali's own tabs should say. `journal` are rows still to be appended to its `Riwayat`."""

    journal: Sequence[Sequence[Writable]]
    register: Sequence[Sequence[Writable]]
    repairs: Sequence[Sequence[Writable]]
    health: Sequence[SourceHealth]


def register_row(entry: Entry) -> list[Writable]:
    """The entry as a row of Rekap."""
    place = entry.kelurahan
    return [
        entry.ticket,
        place.kecamatan,
        place.name,
        place.dapil,
        entry.received,
        entry.category,
        entry.priority.value,
        entry.status.value,
        entry.assignee,
        entry.summary,
        entry.due,
        entry.lateness,
        entry.resolved,
        entry.told,
        Link(entry.link),
    ]


def commit_until_done(workbook: Workbook, snapshot: Snapshot, decide: Callable[[Snapshot], Changes]) -> Snapshot:
    """Commit what `decide` asks for, and ask again of what was read back, until it asks for nothing."""
    for _ in range(PATIENCE):
        changes = decide(snapshot)
        if not changes:
            return snapshot
        try:
            snapshot = workbook.commit(changes, snapshot)
        except Outrun:
            snapshot = workbook.read()
    raise WorkbookError("siklus.terlalu-ramai", workbook=snapshot.name)


def append(
    workbook: Workbook, snapshot: Snapshot, title: str, rows_of: Callable[[Snapshot], Sequence[Sequence[Writable]]]
) -> Snapshot:
    """Append to one of Kendali's journals under its fence: `rows_of` is asked again whenever somebody was quicker."""
    for _ in range(PATIENCE):
        rows = rows_of(snapshot)
        if not rows:
            return snapshot
        tab = snapshot.tab(title)
        new_tabs = () if tab is not None else (_new_tab(title),)
        try:
            return workbook.commit(Changes(new_tabs, {tab.title if tab is not None else title: rows}), snapshot)
        except Outrun:
            snapshot = workbook.read()
    raise WorkbookError("siklus.terlalu-ramai", workbook=snapshot.name)


def _new_tab(title: str) -> NewTab:
    return NewTab(title, HEADINGS[title], hidden=title == JOURNAL, protected=title == JOURNAL)


def changes_of(snapshot: Snapshot, contents: Contents) -> Changes:
    """What Kendali needs so that it says `contents`: nothing when it says so already."""
    new_tabs = tuple(_new_tab(title) for title in (REGISTER, REPAIRS, JOURNAL) if snapshot.tab(title) is None)
    cells: list[CellWrite] = []
    for title, rows in ((REGISTER, contents.register), (REPAIRS, contents.repairs)):
        if (tab := snapshot.tab(title)) is not None:
            cells += table_cells(tab, HEADINGS[title], rows)
    appends = journal_appends(snapshot, contents.journal)
    changes = Changes(new_tabs, appends, cells)
    cells += _health_cells(snapshot, contents.health, renew=bool(changes))
    return Changes(new_tabs, appends, cells)


def journal_appends(snapshot: Snapshot, rows: Sequence[Sequence[Writable]]) -> dict[str, Sequence[Sequence[Writable]]]:
    """Those of the rows that Kendali's `Riwayat` does not have, ready to be appended. Another robot may have been
    quicker to copy an event: spreadsheet, number, time and details tell that it is the same."""
    if not rows:
        return {}
    tab = snapshot.tab(JOURNAL)
    known = {(*row[:3], row[5]) for row in tab.rows if len(row) > 5} if tab is not None else set()
    missing = [row for row in rows if (*row[:3], row[5]) not in known]
    return {tab.title if tab is not None else JOURNAL: missing} if missing else {}


def table_cells(tab: Tab, headings: Sequence[str], rows: Sequence[Sequence[Writable]]) -> list[CellWrite]:
    """The cells to write so that the table below the tab's headings says `rows` and nothing else. Columns are found
    by their headings; a missing one is added at the right, and people's own columns are left alone."""
    header = find_header(tab.rows, headings)
    titles = tab.rows[header.row] if header.row < len(tab.rows) else ()
    columns = dict(header.columns)
    cells: list[CellWrite] = []
    free = len(titles)
    for heading in header.missing:
        columns[heading] = free
        cells.append(CellWrite(tab.key, header.row, free, heading))
        free += 1
    at = [columns[heading] for heading in headings]
    first = header.row + 1
    nothing: tuple[Writable, ...] = (None,) * len(headings)
    for number in range(first, max(len(tab.rows), first + len(rows))):
        wanted = rows[number - first] if number - first < len(rows) else nothing
        shown = tab.rows[number] if number < len(tab.rows) else ()
        for column, value in zip(at, wanted, strict=True):
            if not shown_alike(shown[column] if column < len(shown) else None, value):
                cells.append(CellWrite(tab.key, number, column, value if value != "" else None))
    return cells


def _health_cells(snapshot: Snapshot, health: Sequence[SourceHealth], *, renew: bool) -> list[CellWrite]:
    tab = snapshot.tab(SOURCES)
    if tab is None:
        return []
    header = find_header(tab.rows, HEADINGS[SOURCES])
    by_link = {source.link: source for source in health}
    cells: list[CellWrite] = []
    stamps: list[CellWrite] = []
    for row in records(tab, header):
        source = by_link.get(text(row["Tautan"]))
        if source is None:
            continue
        for heading, value in (("Baris", source.rows), ("Keadaan", source.state)):
            if heading in header.columns and value is not None and not shown_alike(row[heading], value):
                cells.append(CellWrite(tab.key, row.number, header.columns[heading], value))
        if source.read_at is not None and READ_AT in header.columns:
            stamp = source.read_at.strftime(STAMP)
            if row[READ_AT] != stamp:
                stamps.append(CellWrite(tab.key, row.number, header.columns[READ_AT], stamp))
                renew = renew or _is_old(row[READ_AT], source.read_at)
    return [*cells, *stamps] if cells or renew else []


def read_stamp(value: Value, zone: tzinfo | None) -> datetime | None:
    """The time in a cell `Terakhir Dibaca`; None where there is none."""
    try:
        return datetime.strptime(str(value), STAMP).replace(tzinfo=zone)
    except ValueError:
        return None


def _is_old(shown: Value, now: datetime) -> bool:
    before = read_stamp(shown, now.tzinfo)
    return before is None or now - before >= HEARTBEAT
