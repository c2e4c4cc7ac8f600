"""Rows that are carried to another tab when a year ends: with their ticket, and with the content of people's own
columns under the same heading. The next cycle fills the robot's other cells."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from automation.cases.event_details import Told, carried
from automation.cases.events import EventKind
from automation.cases.gone import typed_again
from automation.cases.journal import Case
from automation.cases.robot_cells import Judged
from automation.cycle.intake import robot_columns
from automation.cycle.overwritten import RobotColumns
from automation.model.cells import CellError, CellWrite, Tab, Value, Writable, as_read, fold
from automation.model.texts import Texts
from automation.reading.cell_text import row_with, writable
from automation.reading.dates import read_date
from automation.reading.tabs import ROWS_SEARCHED, IntakeTab, headings_of
from automation.sheets.looks.intake import is_line, place_of_line
from automation.sheets.port import Changes, Snapshot
from automation.tables.intake import PEOPLE, TICKET
from automation.tables.table import Column, Nature, Owner

#: If the heading of people's own column begins so, a number below it is a day.
_DAYS = ("tanggal", "tgl")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the cells of a tab's row go in the tab that continues it, by 0-based column. The headings there are the
    same, or those that are there already and those in `added`."""

    headings: Sequence[str]
    columns: Mapping[int, Column]
    to: Mapping[int, int]
    added: Sequence[CellWrite]

    @classmethod
    def between(cls, old: Tab, tab: IntakeTab, new: Tab | None, to: IntakeTab | None, texts: Texts) -> "Place":
        """From an `old` tab to a `new` one, which may still have to be made."""
        shown = [old.at(tab.headings.row, at) for at in range(old.width)]
        headings = ["" if is_line(value, texts) else str(writable(value) or "") for value in shown]
        columns = {at: column for column, at in tab.headings.columns.items()}
        if new is None or to is None:
            return cls(headings, columns, {at: at for at in range(old.width)}, ())
        there = [(fold(value), at) for at, value in enumerate(new.rows[to.headings.row]) if fold(value)]
        free, places, added = count(new.width), dict[int, int](), list[CellWrite]()
        for at, heading in enumerate(headings):
            alike = (place for said, place in there if said == fold(heading) and place not in places.values())
            if (place := next(alike, None)) is None:  # two of people's own columns may have one heading
                place = next(free)
                added += new.lacks(to.headings.row, [(place, heading)]) if heading else []
            places[at] = place
        return cls(headings, columns, places, added)

    def row(self, one: Judged, cells: Sequence[Value], *, bare: bool) -> list[Writable]:
        """A row as it is carried: of the robot's cells only the ticket; `bare`: without anybody's words."""
        found: dict[int, Writable] = {}
        for at, stood in enumerate([*cells, *[None] * (len(self.headings) - len(cells))]):
            column, value = self.columns.get(at), stood.text if isinstance(stood, CellError) else stood
            if column is None:
                written = None if bare else _own(self.headings[at], value)
            elif column.owner is Owner.ROBOT:
                written = (one.ticket or one.ticket_cell or None) if column is TICKET else None
            else:
                written = None if bare and column.nature is Nature.WORDS else typed_again(column, value)
            found[self.to[at]] = written
        return row_with(found)

    def people(self, row: Sequence[Writable]) -> tuple[Value, ...]:
        """What the cells of people's columns in such a row read as."""
        at = {column: self.to[place] for place, column in self.columns.items()}
        return tuple(as_read(row[at[one]]) if one in at and at[one] < len(row) else None for one in PEOPLE)


def went_along(case: Case, there: str, year: int, *, origin: str = "") -> Iterator[Told]:
    """What the journal that continues after a year tells of a case whose row stands, or stood, in the tab `there`: all
    that is known of it, and the spreadsheet it came from (`origin`) if that is another one."""
    came = {"pindah": case.moved_at.isoformat(timespec="seconds")} if case.moved_at is not None else {}
    known = carried(case, there) | {"tahun": year + 1} | came | ({"asal": origin} if origin else {})
    yield case.ticket, EventKind.MOVED_IN, known
    if not case.present:
        yield case.ticket, EventKind.VANISHED, {"tab": there}
    if case.erased:
        yield case.ticket, EventKind.ERASED, {"sebab": EventKind.MOVED_IN}


def _own(heading: str, value: Value) -> Writable:
    """A cell of people's own column: a number is a day only where the heading says so."""
    day = heading.casefold().startswith(_DAYS) and isinstance(value, (int, float)) and not isinstance(value, bool)
    return (read_date(value) if day else None) or writable(value)


def put_up_lines(away: Collection[str], said: Callable[[str], str], texts: Texts, seen: Snapshot) -> Changes:
    """What to write so that each tab that is `away` (by key) with a year says so, in the words that `said` gives for
    its title, unless people have something else in that place; and so that no other tab does."""
    ours = _put_up(texts)
    cells = list[CellWrite]()
    for tab in seen.tabs:
        top = [(row, at, value) for row, line in enumerate(tab.rows[:ROWS_SEARCHED]) for at, value in enumerate(line)]
        there = [(row, at) for row, at, value in top if isinstance(value, str) and ours.fullmatch(value)]
        headings = headings_of(tab)
        if tab.key not in away:
            cells += [CellWrite(tab.key, row, at, None) for row, at in there]
        elif headings is not None and headings.complete and not there:
            row, at = place_of_line(tab, headings, texts)
            free = (shown := tab.at(row, at)) is None or is_line(shown, texts)
            cells += tab.lacks(row, [(at, said(tab.title))] if free else [])
    return Changes(cells=cells)


def columns_and_lines(texts: Texts, tab: Tab) -> RobotColumns | None:
    """The robot's columns in an intake tab, and the lines that stand beside its headings: if people move columns while
    such a line is written, it covers a heading of theirs."""
    if (found := robot_columns(tab)) is None:
        return None
    ours, row = _put_up(texts), [value for value in tab.rows[found.row] if isinstance(value, str)]
    return replace(found, lines={fold(value) for value in row if is_line(value, texts) or ours.fullmatch(value)} - {""})


def _put_up(texts: Texts) -> re.Pattern[str]:
    """Matches the lines of tabs that are put away, whatever is filled in."""
    patterns = (re.split(r"\{\w+\}", texts.raw(key)) for key in ("tahun.baris-arsip", "tahun.baris-arsip-lain"))
    return re.compile("|".join(".+".join(map(re.escape, parts)) for parts in patterns))
