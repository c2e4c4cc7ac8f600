"""One intake spreadsheet in one cycle: read, reconcile, commit, read back, until nothing is left to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from automation.cases.events import EventKind, decode_journal, encode
from automation.cases.examiner import Examiner
from automation.cases.grid import Tab
from automation.cases.intake import read_intake
from automation.cases.masking import mask_text
from automation.cases.plan import Judged
from automation.cases.reconcile import reconcile
from automation.cases.register import Repair
from automation.config.tables import JOURNAL, JOURNAL_HEADINGS
from automation.cycle.registry import Registry
from automation.sheets.port import Changes, NewTab, Workbook
from automation.trouble import Outrun, Trouble, WorkbookError

#: How often others may be quicker, or people move rows under our hands, before the rest waits for the next cycle.
PATIENCE = 6

#: Has Kendali give the spreadsheet lanes of numbers for these kelurahan.
Claim = Callable[[frozenset[str]], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a spreadsheet stands after its turn. `links` opens the row of each ticket; `issued` counts new tickets,
    `vanished` the rows that were found gone, and `restored` events that it had lost and got back from Kendali.
    `waiting` tells that rows wait for a lane of numbers."""

    source: str
    name: str
    judged: tuple[Judged, ...]
    links: Mapping[str, str]
    repairs: tuple[Repair, ...]
    issued: int
    vanished: int
    restored: int
    commits: int
    troubles: tuple[Trouble, ...]
    waiting: bool


def process(workbook: Workbook, registry: Registry, examiner: Examiner, now: datetime, claim: Claim | None) -> Outcome:
    """Give a spreadsheet all that it needs. `claim` is None in the round in which not every spreadsheet has been read:
    then one whose rows wait for a lane of numbers is left alone (`Outcome.waiting`), for a second turn.

    Raises `WorkbookError` when it can't be read or written. Whatever was committed before that is in the registry.
    """
    return _Turn(workbook, registry, examiner, now).take(claim)


class _Turn:
    """One spreadsheet's turn: `snapshot` is how it stands, `events` its journal as known in it and in Kendali."""

    def __init__(self, workbook: Workbook, registry: Registry, examiner: Examiner, now: datetime) -> None:
        self.workbook, self.registry, self.examiner, self.now = workbook, registry, examiner, now
        self.source = workbook.source
        self.others = registry.cases(without=self.source)
        self.elsewhere = {ticket: case for ticket, (_, case) in self.others.items()}
        self.issued = self.vanished = self.restored = self.commits = 0

    def take(self, claim: Claim | None) -> Outcome:
        self.snapshot = self.workbook.read()
        setbacks = 0
        while True:
            self._decide()
            if self.plan.lanes_wanted:
                if claim is None:
                    return self._outcome()
                claim(self.plan.lanes_wanted)
                self._decide()
            changes = self._changes()
            if not changes:
                self.registry.learn(self.source, self.events, self.plan.cases)
                return self._outcome()
            if setbacks >= PATIENCE:
                raise WorkbookError("siklus.terlalu-ramai", workbook=self.snapshot.name)
            # A plan cut to size goes on; a whole one that leaves something to do was disturbed by people.
            setbacks += not self.plan.cut
            try:
                self.snapshot = self.workbook.commit(changes, self.snapshot)
            except Outrun:
                self.snapshot = self.workbook.read()
            else:
                self._count()

    def _decide(self) -> None:
        tabs = self.snapshot.tabs
        self.journal = self.snapshot.tab(JOURNAL)
        own = decode_journal(self.journal.rows) if self.journal is not None else []
        self.events, self.lost = self.registry.journal(self.source, own)
        places = self.examiner.rules.places
        intake_tabs = [tab for tab in tabs if tab is not self.journal]
        self.intake = read_intake(intake_tabs, places, self.snapshot.name)
        self.plan = reconcile(
            self.intake,
            self.events,
            self.examiner,
            self.now,
            self.registry.lanes(self.source, places),
            self.elsewhere,
            most=self.workbook.largest_commit,
        )

    def _changes(self) -> Changes:
        rows = [encode(event) for event in (*self.lost, *self.plan.events)]
        new_tabs: tuple[NewTab, ...] = ()
        if rows and self.journal is None:
            new_tabs = (NewTab(JOURNAL, JOURNAL_HEADINGS, hidden=True, protected=True),)
        title = self.journal.title if self.journal is not None else JOURNAL
        return Changes(new_tabs, {title: rows} if rows else {}, self.plan.cells)

    def _count(self) -> None:
        events = self.plan.events
        self.registry.learn(self.source, [*self.events, *events], self.plan.cases)
        self.commits += 1
        self.issued += sum(event.kind is EventKind.ISSUED for event in events)
        self.vanished += sum(event.kind is EventKind.VANISHED for event in events)
        self.restored += len(self.lost)

    def _outcome(self) -> Outcome:
        tabs = {tab.key: tab for tab in self.snapshot.tabs}
        judged = self.plan.judged
        return Outcome(
            source=self.source,
            name=self.snapshot.name,
            judged=judged,
            links={
                found.ticket: self.workbook.link(tabs[found.row.tab.key], found.row.number)
                for found in judged
                if found.ticket
            },
            repairs=tuple(self._repair(found, tabs) for found in judged if found.waits),
            issued=self.issued,
            vanished=self.vanished,
            restored=self.restored,
            commits=self.commits,
            troubles=(*self.intake.troubles, *self._lost_headings()),
            waiting=bool(self.plan.lanes_wanted),
        )

    def _lost_headings(self) -> list[Trouble]:
        """Tabs that held complaints, and whose headings are gone."""
        held = {case.tab for case in self.plan.cases.values() if case.present} & self.intake.untitled
        return [Trouble("tab.tanpa-judul", workbook=self.snapshot.name, tab=title) for title in sorted(held)]

    def _repair(self, found: Judged, tabs: Mapping[str, Tab]) -> Repair:
        place = found.complaint.kelurahan or found.row.tab.place
        return Repair(
            kecamatan=place.kecamatan if place is not None else "",
            kelurahan=place.name if place is not None else found.row.tab.title,
            row=found.row.number + 1,
            check=mask_text(found.check),
            link=self.workbook.link(tabs[found.row.tab.key], found.row.number),
        )
