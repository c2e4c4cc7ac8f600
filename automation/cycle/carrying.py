"""Rows that go along as a year ends, with their ticket and what stands in people's own columns under the same heading.

They go to a tab of the same spreadsheet, or to one that people have made for the next year and named after it; there
all that runs is written before the old tabs are put away. Then those rows count, and the old ones are passed over.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, count

from msgspec import Struct
from msgspec.structs import replace

from automation.cases.archive import without_year, year_in
from automation.cases.event_details import Told, carried
from automation.cases.events import EventKind
from automation.cases.gone import typed_again
from automation.cases.journal import Case
from automation.cases.robot_cells import Judged
from automation.cycle.commit import commit, journalled
from automation.cycle.intake import Turn
from automation.cycle.sources import OpenSource, open_listed
from automation.cycle.sync import Report
from automation.model.cells import CellError, CellWrite, Tab, Value, Writable, as_read, fold, fold_title
from automation.reading.cell_text import row_with, writable
from automation.reading.dates import read_date
from automation.reading.tabs import Intake, IntakeTab, peoples, read_intake
from automation.sheets.looks.intake import is_line, where_put_up
from automation.sheets.port import Changes, NewTab, Snapshot, Workbook, combined
from automation.sheets.prepare import INTAKE_HEADING_ROW, new_tab
from automation.tables.intake import PEOPLE, TICKET
from automation.tables.table import Column, Nature, Owner
from automation.trouble import WorkbookError

_DAYS = ("tanggal", "tgl")  # if the heading of people's own column begins so, a number below it is a day
_ROWS = 3  # how many rows of a commit a carried row takes: its own, and two of the journal


class ColumnMapping(Struct, frozen=True):
    """Where the cells of the `old` tab's rows go in the tab that continues it, by 0-based column. That has to be made
    with the same headings (`new`), or lacks those in `added`."""

    old: Tab
    headings: Sequence[str]
    columns: Mapping[int, Column]
    to: Mapping[int, int]
    new: tuple[NewTab, ...] = ()
    added: Sequence[CellWrite] = ()

    @classmethod
    def between(cls, turn: Turn, tab: IntakeTab, seen: Snapshot, title: str, to: IntakeTab | None) -> "ColumnMapping":
        """From a tab to that in `seen` with this title, made if `to` is None. Raises `WorkbookError` if it is taken."""
        old, new = turn.seen.by_key[tab.key], seen.tab(title)
        shown = [old.at(tab.headings.row, at) for at in range(old.width)]
        texts = turn.examiner.rules.texts
        lines = [value for value in shown if is_line(value, texts)] + [old.at(*at) for at in where_put_up(old, texts)]
        headings = ["" if value in lines else str(writable(value) or "") for value in shown]
        columns = {at: column for column, at in tab.headings.columns.items()}
        if new is None or to is None:
            if new is not None:
                raise WorkbookError("tahun.judul-terpakai", workbook=seen.name, tab=title)
            made = new_tab(title, headings, INTAKE_HEADING_ROW)
            return cls(old, headings, columns, {at: at for at in range(old.width)}, (made,))
        there = [(fold(value), at) for at, value in enumerate(new.rows[to.headings.row]) if fold(value)]
        free, places, added = count(new.width), dict[int, int](), list[CellWrite]()
        for at, heading in enumerate(headings):
            alike = (place for said, place in there if said == fold(heading) and place not in places.values())
            if (place := next(alike, None)) is None:  # two of people's own columns may have one heading
                place = next(free)
                added += new.lacks(to.headings.row, [(place, heading)]) if heading else []
            places[at] = place
        return cls(old, headings, columns, places, added=added)

    def row(self, one: Judged, *, bare: bool) -> list[Writable]:
        """A row as it is carried: of the robot's cells only the ticket; `bare`: without anybody's words."""
        found: dict[int, Writable] = {}
        for at, heading in enumerate(self.headings):  # beyond these there are only spaces
            stood = self.old.at(one.row.number, at)
            column, value = self.columns.get(at), stood.text if isinstance(stood, CellError) else stood
            if column is None:
                written = None if bare else _own(heading, value)
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


def carried_events(case: Case, there: str, year: int, *, origin: str = "") -> Iterator[Told]:
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


@dataclass(slots=True)
class Continuation:
    """The spreadsheet in which the cases of another one continue after the `year`. `titles` gives its tabs by the
    other's; `bare` are rows without a ticket that stand in it, by the tab they came from and what people typed."""

    workbook: Workbook
    name: str
    year: int
    titles: dict[str, str] = field(default_factory=dict)
    bare: set[tuple[str, tuple[Value, ...]]] = field(default_factory=set)
    lacks: int | None = None  # how many rows and cases were still to be written at the last look

    def has(self, turn: Turn, one: Judged) -> bool:
        """Whether a row of the other spreadsheet is known to have gone along."""
        if not one.ticket:
            return (one.row.tab.title, one.row.people) in self.bare
        return self.knows(turn, turn.plan.cases[one.ticket])

    def knows(self, turn: Turn, case: Case) -> bool:
        """Whether a case of the other spreadsheet is known to live in this one."""
        known = turn.registry.cases_of(self.workbook.source).get(case.ticket)
        came = known is not None and known.came_from == turn.workbook.source
        return known is not None and came and (known.present or not case.present)  # clocks of two robots may differ

    def take(self, turn: Turn, rows: Mapping[str, Sequence[Judged]], gone: Collection[Case]) -> None:
        """Make these rows of the other spreadsheet, whose `turn` it is, stand in this one as well, by the title of
        their tab, with their tickets; and journal here the cases without a row (`gone`). Raises `WorkbookError`."""
        commit(self.workbook, self.workbook.read(), partial(self._lacking, turn, rows, gone))

    def _lacking(
        self, turn: Turn, rows: Mapping[str, Sequence[Judged]], gone: Collection[Case], seen: Snapshot
    ) -> Changes:
        """What this spreadsheet lacks of them, or as much of it as one commit should carry."""
        source, registry = self.workbook.source, turn.registry
        registry.learn(source, seen)
        live = registry.archive(source).live(peoples(seen.tabs))
        there = read_intake(live, turn.examiner.rules.places, seen.name)
        most = None if self.workbook.largest_commit is None else self.workbook.largest_commit // _ROWS
        tabs, going = list[Changes](), list[tuple[str, list[Writable], Case | None]]()
        for tab in turn.intake.tabs:
            if tab.title in rows:
                place = self._place(turn, tab, seen, there)
                along = [*self._rows(turn, tab, rows[tab.title], place, there)]
                tabs.append(Changes(place.new, cells=place.added if along else ()))  # none without rows below them
                going += along
        left = [case for case in gone if not self.knows(turn, case)]
        cut = going[:most]
        appends: dict[str, list[list[Writable]]] = {}
        for title, row, _ in cut:
            appends.setdefault(title, []).append(row)
        known = [(case, title) for title, _, case in cut if case is not None]
        known += [(case, self.titles[case.tab]) for case in left[:most]] if len(cut) == len(going) else []
        told = (carried_events(case, title, self.year, origin=turn.workbook.source) for case, title in known)
        journal = journalled(seen, registry.numbered(source, chain.from_iterable(told), turn.now))
        lacks = len(going) + len(left)
        fewer, self.lacks = self.lacks is None or lacks < self.lacks, lacks
        more = lacks > len(cut) + len(left[:most]) and fewer  # not fewer: others are at work, and this must end
        return replace(combined(*tabs, journal, Changes(appends=appends)), partial=more, sure=True)

    def _place(self, turn: Turn, tab: IntakeTab, seen: Snapshot, there: Intake) -> ColumnMapping:
        """Where a tab's rows go here: to the tab of its name, else to that of its kelurahan."""
        names = {fold_title(without_year(one.title)): one for one in reversed(there.tabs)}
        others = {fold_title(without_year(one.title)) for one in turn.intake.tabs}
        near = (one for name, one in names.items() if tab.place and one.place == tab.place and name not in others)
        to = names.get(fold_title(without_year(tab.title))) or next(near, None)
        self.titles[tab.title] = to.title if to is not None else without_year(tab.title)
        return ColumnMapping.between(turn, tab, seen, self.titles[tab.title], to)

    def _rows(
        self, turn: Turn, tab: IntakeTab, rows: Sequence[Judged], place: ColumnMapping, there: Intake
    ) -> Iterator[tuple[str, list[Writable], Case | None]]:
        """What is to be written of a tab's rows, each with its case if it has one."""
        title = self.titles[tab.title]
        stand = {row.people for row in there.rows if row.tab.title == title}
        for one in rows:
            case = turn.plan.cases[one.ticket] if one.ticket else None
            row = place.row(one, bare=case is not None and case.erased)
            people = place.people(row)
            if case is None and people in stand:
                self.bare.add((tab.title, one.row.people))
            elif case is None or not self.knows(turn, case):
                yield title, row, replace(case, content=people) if case is not None else None


def find_continuations(
    report: Report, open_source: OpenSource, kendali: Workbook, year: int
) -> tuple[dict[str, Continuation], Collection[str]]:
    """By each spreadsheet whose year ends: the spreadsheet with the same name and the next year (``Cipondoh 2027``
    after ``Cipondoh``), by its own name or that in `Sumber`; and all spreadsheets named after a later year. Raises
    `WorkbookError` if two have that name."""
    listed, _ = open_listed(report.settings.sources, open_source, kendali)
    titles = {one.source: one.name for one in report.outcomes}
    rows = Counter(row.link for one in listed for row in one.sources)  # a folder's link leads to several
    known = {one.workbook.source: one for one in listed if one.workbook.source in titles}
    called = {of: [titles[of], *(row.name for row in one.sources if rows[row.link] == 1)] for of, one in known.items()}
    spelled = {one: {(fold_title(without_year(it)), year_in(it)) for it in names} for one, names in called.items()}
    coming = [source for source, names in spelled.items() if any(of > year for _, of in names)]
    found = dict[str, Continuation]()
    for source, names in spelled.items():
        new = {(title, year + 1) for title, _ in names if source not in coming}
        fit = [one for one in coming if new & spelled[one]]
        if len(fit) > 1:
            told = ", ".join(f"“{titles[one]}”" for one in fit)
            raise WorkbookError("tahun.dua-lanjutan", workbook=titles[source], nama=told)
        if fit:
            found[source] = Continuation(known[fit[0]].workbook, titles[fit[0]], year)
    return found, coming
