"""The end of a year: in each spreadsheet one commit begins the new year's tabs and journal with the cases that still
run, and puts those of the old year away. What continues in another spreadsheet is written there first (see `carrying`).
Nothing else has to agree between spreadsheets: the second copy holds both years until it is put away, too. If the work
is interrupted, the next run continues where it was; nothing is done twice."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from automation.cases.archive import TOLD, archiving, title_of, without_year, year_in
from automation.cases.codec import encode
from automation.cases.event_details import Told
from automation.cases.events import JOURNAL, JOURNAL_HEADINGS
from automation.cases.journal import Case
from automation.cases.one_matter import lineage
from automation.cases.robot_cells import Judged
from automation.cycle.carrying import ColumnMapping, Continuation, carried_events
from automation.cycle.commit import PATIENCE, commit
from automation.cycle.health import Outcome
from automation.cycle.intake import Turn
from automation.cycle.tending import brought_back, columns_and_lines, misleading, put_up_lines
from automation.model.cells import CellWrite, Value, Writable, fold_title
from automation.model.complaint import Code
from automation.reading.tabs import Intake, IntakeTab, Row, peoples, read_intake
from automation.sheets.port import Changes, NewTab, Snapshot, combined
from automation.sheets.prepare import new_tab
from automation.tables.intake import CHECK, KABARI, ROBOT
from automation.trouble import Trouble, WorkbookError

_KABARI = ROBOT.index(KABARI)


class Ended(Struct, frozen=True):
    """A tab that was put away; the tab that continues it (`to`), in the other spreadsheet `there` if that is not empty;
    how many rows went along and were left, and of how many of these the reporters are `untold`."""

    workbook: str
    tab: str
    to: str
    carried: int
    left: int
    untold: int
    there: str = ""


@dataclass(slots=True)
class LastTurn(Turn):
    """A spreadsheet's turn that ends the `year` once nothing else is left to do, or brings it back (`undo`). `ended`
    collects the tabs put away; `kept` are rows of earlier years' journals in the second copy, by spreadsheet; `onward`
    gives, by spreadsheet, the one that continues it; `coming`: those named after the next year, which don't end."""

    year: int = 0
    ended: dict[str, list[Ended]] = field(default_factory=dict)  # by spreadsheet
    kept: Mapping[str, Sequence[Sequence[Writable]]] = field(default_factory=dict)
    onward: Mapping[str, Continuation] = field(default_factory=dict)
    coming: Collection[str] = ()
    decided: Intake | None = None  # the content of the tabs when they were put away
    ahead: tuple[Mapping[str, Sequence[Judged]], Sequence[Case]] | None = None  # what must reach the next one first

    @property
    def next(self) -> Continuation | None:
        """The spreadsheet that continues this one, if it is another."""
        return self.onward.get(self.workbook.source)

    def take(self) -> Outcome:
        """A turn, after which each tab says whether it is put away."""
        outcome = Turn.take(self)
        for _ in range(PATIENCE):
            if self.ahead is None or self.next is None:
                break
            self.next.take(self, *self.ahead)
            self.asked = False
            outcome = Turn.take(self)
        else:
            raise WorkbookError("siklus.terlalu-ramai", workbook=self.seen.name)
        troubles = [*outcome.troubles]
        if self.decided is not None and not self.undo:
            troubles += self._late(self.decided)
        if self.workbook.source in {*self.coming} - {one.workbook.source for one in self.onward.values()}:
            told = {"workbook": self.seen.name, "tahun": self.year, "lanjut": self.year + 1}
            troubles.append(Trouble("tahun.tanpa-asal", **told))
        away, texts = self._archive.tabs, self.examiner.rules.texts
        put_up, columns = partial(put_up_lines, away, self._line, texts), partial(columns_and_lines, texts)
        seen = commit(self.workbook, self.seen, lambda now: combined(put_up(now), self._pointers(now)), columns=columns)
        return replace(outcome, troubles=(*troubles, *misleading(away, texts, seen)))

    def _line(self, title: str) -> str:
        say = partial(self.examiner.rules.texts.say, tahun=self.year)
        if self.next is None:
            return say("tahun.baris-arsip", tab=title_of(title, self.year + 1))
        there = self.next.titles.get(title, without_year(title))
        return say("tahun.baris-arsip-lain", tab=there, spreadsheet=self.next.name)

    def _pointers(self, seen: Snapshot) -> Changes:
        """What to write beside rows in tabs that are read again, and are passed over: where their case goes on."""
        again = {tab.key: tab for tab in peoples(seen.tabs) if tab.key in self._archive.again}
        cells = list[CellWrite]()
        for row in read_intake(again.values(), self.examiner.rules.places, seen.name).rows:
            case, entry = self.plan.cases.get(row.ticket_text), "tahun.baris-berlanjut"
            if case is not None and case.tab == row.tab.title and case.ticket in self.elsewhere.carried:
                case, entry = self.elsewhere.cases[case.ticket], "tahun.baris-berlanjut-lain"
            elif case is None or case.tab == row.tab.title or not case.present:
                continue
            told = self.examiner.rules.texts.say(entry, tab=case.tab)
            cells += again[row.tab.key].lacks(row.number, [(row.tab.headings.columns[CHECK], told)])
        return Changes(cells=cells)

    def wanted(self, seen: Snapshot) -> Changes:
        """What any turn wants; once that is nothing, the end of the year."""
        changes, self.ahead = Turn.wanted(self, seen), None
        years = self._archive.years
        if self.workbook.source in self.coming:
            return changes
        if not (changes or self.waits or self.plan.uncertain) and (self.year in years) is self.undo:
            kept = self.kept.get(self.workbook.source, ())
            self.changes = changes = brought_back(self, seen, self.year, kept) if self.undo else self._put_away(seen)
        return changes

    def _put_away(self, seen: Snapshot) -> Changes:
        if unread := sorted(self.intake.frozen - self.intake.untitled):
            raise WorkbookError("tahun.tab-tak-terbaca", workbook=seen.name, tab=", ".join(unread))
        judged = sorted(self.plan.judged, key=lambda one: one.row.number)
        rows = {tab.title: [one for one in judged if one.row.tab is tab] for tab in self.intake.tabs}
        again = self._archive.again  # their rows that went along are passed over
        there = self.next
        tabs = [tab for tab in self.intake.tabs if (rows[tab.title] or tab.key in again or there) and self._ends(tab)]
        if not tabs:
            return Changes()
        named = without_year if there else partial(title_of, year=self.year + 1)
        targets = {tab.title: named(tab.title) for tab in tabs}
        if len({*map(fold_title, targets.values())}) < len(tabs):
            raise WorkbookError("tahun.judul-sama", workbook=seen.name, tab=", ".join(targets))
        new, appends, cells = list[NewTab](), dict[str, list[list[Writable]]](), list[CellWrite]()
        contents: dict[str, tuple[Value, ...]] = {}
        told: list[Ended] = []
        going = self._going()
        erased = {case.ticket for case in self.plan.cases.values() if case.erased}
        along = {tab.title: [one for one in rows[tab.title] if self._goes_along(one, going)] for tab in tabs}
        if there is not None and (gone := self._ahead(there, along, going)) is not None:
            self.ahead = along, gone
            return Changes()
        for tab in tabs:
            title, stay = targets[tab.title], along[tab.title]
            left = len(rows[tab.title]) - len(stay)
            closed = (one for one in rows[tab.title] if one.ticket and one.ticket not in going)
            untold = sum(bool(one.row.robot[_KABARI]) for one in closed)
            if there is not None:
                went = len(stay) + sum(key == tab.key for key, _ in self.left)
                told.append(Ended(seen.name, tab.title, there.titles[tab.title], went, left, untold, there.name))
                continue
            to = next((one for one in self.intake.tabs if fold_title(one.title) == fold_title(title)), None)
            place = ColumnMapping.between(self, tab, seen, title, to)
            new += place.new
            there_already = {row.people for row in self.intake.rows if row.tab is to}
            moved = [(one, place.row(one, bare=one.ticket in erased)) for one in stay]
            moved = [(one, row) for one, row in moved if one.ticket or place.people(row) not in there_already]
            appends |= {title: [row for _, row in moved]} if moved else {}
            contents |= {one.ticket: place.people(row) for one, row in moved if one.ticket}
            cells += place.added if moved else ()
            told.append(Ended(seen.name, tab.title, title, len(moved), left, untold))
        away = self._archive.tabs.union(tab.key for tab in tabs)
        facts = chain(archiving(self.year, away, again), self._told(targets, contents, going))
        events = self.registry.numbered(self.workbook.source, facts, self.now)
        appends = {JOURNAL: [*map(encode, events)], **appends}
        self.ended[self.workbook.source] = told
        live = self._archive.live(peoples(seen.tabs))
        self.decided = self._as_decided(read_intake(live, self.examiner.rules.places, seen.name))
        put_away = {tab.key: title_of(JOURNAL, self.year) for tab in seen.tabs if tab.title == JOURNAL}
        return Changes((new_tab(JOURNAL, JOURNAL_HEADINGS), *new), appends, cells, sure=True, put_away=put_away)

    def _ahead(
        self, there: Continuation, along: Mapping[str, Sequence[Judged]], going: Collection[str]
    ) -> Sequence[Case] | None:
        """The cases without a row that must go to the other spreadsheet first; None once all that goes is there."""
        lost = [case for case in self.plan.cases.values() if case.ticket in going and case.tab in along]
        gone = [
            case for case in lost if not (case.present or there.knows(self, case) or self.elsewhere.has_taken(case))
        ]
        stand = all(there.has(self, one) for stay in along.values() for one in stay)
        return None if stand and not gone and along.keys() <= there.titles.keys() else gone

    def _ends(self, tab: IntakeTab) -> bool:
        """Whether a tab is put away. Not one of a form, which goes on writing into it, nor a tab of a later year."""
        return not tab.headings.form and year_in(tab.title) <= self.year

    def _going(self) -> set[str]:
        """The tickets of cases that run or whose reporters are being told, and of those that these belong to."""
        city = {**self.elsewhere.cases, **self.plan.cases}
        going = (ticket for ticket, one in city.items() if one.closed_at is None or self.now - one.closed_at < TOLD)
        return {one for ticket in going for one in lineage(ticket, city.get)} & self.plan.cases.keys()

    def _goes_along(self, one: Judged, going: Collection[str]) -> bool:
        """Whether a row goes along: that of a case in `going`, or one that could not get a ticket yet; but no copy."""
        if one.ticket:
            return one.ticket in going
        copied = any(found.code in (Code.ROW_COPIED, Code.COPY_ERASED) for found in one.complaint.findings)
        if copied and one.ticket_cell:  # the copy of a row that can't be read now
            raise WorkbookError("tahun.baris-tak-pasti", workbook=self.seen.name, tiket=one.ticket_cell)
        return not copied

    def _told(
        self, targets: Mapping[str, str], contents: Mapping[str, tuple[Value, ...]], going: Collection[str]
    ) -> Iterator[Told]:
        """All that is known of cases whose rows are elsewhere, or go along."""
        for case in self.plan.cases.values():
            stays = case.present and case.tab not in targets
            if self.elsewhere.has_taken(case) or (case.ticket not in going and not stays):
                continue
            if self.next is not None and case.tab in targets and self.next.knows(self, case):
                continue
            if case.present and not stays and case.ticket not in contents:
                raise WorkbookError("tahun.baris-tak-pasti", workbook=self.seen.name, tiket=case.ticket)
            there = targets.get(case.tab, case.tab)
            known = replace(case, content=contents.get(case.ticket, case.content))
            yield from carried_events(known, there, self.year)

    def _as_decided(self, intake: Intake) -> Intake:
        """The intake without the rows that were typed into after they stood in another spreadsheet."""

        def changed(row: Row) -> bool:
            case = self.plan.cases[row.ticket_text]
            gone = case.ticket in self.registry.taken.erased  # perhaps where the year goes on
            return case.tab == row.tab.title and not gone and row.people != case.content

        rows = tuple(row for row in intake.rows if row.place not in self.left or not changed(row))
        return replace(intake, rows=rows)

    def _late(self, decided: Intake) -> Iterator[Trouble]:
        """What people typed into tabs while these were put away: it went along nowhere."""
        away = {tab.key for tab in decided.tabs if self._ends(tab)}
        seen = [tab for tab in self.workbook.read().tabs if tab.key in away]
        known = Counter((row.tab.key, row.people) for row in decided.rows)
        rows = read_intake(seen, self.examiner.rules.places, self.seen.name).rows
        for row in rows:
            if not row.blank and not known[row.tab.key, row.people]:
                place = {"tab": row.tab.title, "baris": row.number + 1}
                yield Trouble("tahun.diketik", workbook=self.seen.name, **place)
