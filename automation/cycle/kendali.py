"""What Kendali's own tabs should say at the end of a cycle: the register, the rows that wait, the second copy of the
journals, and how each spreadsheet fares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from automation.cases.cells import Link, Writable
from automation.cases.grid import Tab
from automation.cases.headings import fold
from automation.cases.masking import mask_text, shorten
from automation.config.kinds import NO, YES
from automation.config.table import find_header
from automation.config.tables import HEADINGS, LISTS, PLACES, REGISTER, REPAIRS, SETTINGS, SOURCES
from automation.cycle import second_copy
from automation.cycle.health import READ_AT, ROWS, STATE, Reading, reading_cells
from automation.cycle.overwritten import RobotColumns
from automation.cycle.table import table_cells
from automation.digests.flow import Passage
from automation.digests.measures import Measures
from automation.sheets.page import Page
from automation.sheets.port import Changes, Snapshot, together
from automation.sheets.prepare import new_tab

#: Characters of what people wrote into a row that are shown in the register.
SHOWN = 120

_ROBOTS = {
    REGISTER: frozenset(map(fold, HEADINGS[REGISTER])),
    REPAIRS: frozenset(map(fold, HEADINGS[REPAIRS])),
    SOURCES: frozenset(map(fold, (READ_AT, ROWS, STATE))),
}

Rows = Sequence[Sequence[Writable]]


@dataclass(frozen=True, slots=True)
class Contents:
    """All of it. `copies` are rows that the second copy may lack; `readings` stand beside the links of Sumber."""

    copies: Rows
    register: Rows
    repairs: Rows
    lists: Rows
    charts: Page
    readings: Mapping[str, Reading]
    heartbeat: timedelta

    def wanted(self, seen: Snapshot) -> Changes:
        """What has to be written: nothing when Kendali says all this already. Lists and charts stand in tabs that
        `setup` has made: a Kendali can do without."""
        parts = [
            Changes(tuple(new_tab(title, HEADINGS[title]) for title in (REGISTER, REPAIRS) if not seen.tab(title)))
        ]
        for title, rows in ((REGISTER, self.register), (REPAIRS, self.repairs), (LISTS, self.lists)):
            tab, headings = seen.tab(title), HEADINGS[title]
            # A tab of people's own may be called as the lists are.
            if tab is not None and (title != LISTS or find_header(tab.rows, headings).columns):
                key = headings[0] if title == REGISTER else None
                parts.append(Changes(cells=table_cells(tab, headings, rows, key)))
        if seen.tab(self.charts.title) is not None:
            parts.append(self.charts.changes(seen))
        changes = together(*parts, second_copy.lacking(seen, self.copies))
        cells = reading_cells(seen, self.readings, self.heartbeat, anyway=bool(changes))
        return replace(changes, cells=[*changes.cells, *cells])


def is_kendali(snapshot: Snapshot) -> bool:
    """Whether a spreadsheet is a Kendali (or a copy of one): its `Rekap` looks like an intake tab, and is none."""
    return all(snapshot.tab(title) is not None for title in (SETTINGS, PLACES, SOURCES, REGISTER))


def robot_columns(tab: Tab) -> RobotColumns | None:
    """What is the robot's in one of Kendali's tabs."""
    title = next((title for title in _ROBOTS if title.casefold() == tab.title.strip().casefold()), None)
    if title is None:
        return None
    header = find_header(tab.rows, HEADINGS[title])
    return RobotColumns(header.row, _ROBOTS[title]) if header.columns else None


def register_row(case: Passage, measured: Measures) -> list[Writable]:
    """The case as a row of Rekap. What people wrote is masked and cut: Kendali is read by many."""
    entry = case.entry
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
        shorten(mask_text(entry.assignee), SHOWN),
        entry.summary,
        entry.due,
        entry.lateness,
        entry.resolved,
        shorten(mask_text(entry.told), SHOWN),
        Link(entry.link),
        entry.parent,
        measured.week,
        measured.month,
        measured.age,
        measured.days_late,
        "" if measured.on_time is None else YES if measured.on_time else NO,
    ]
