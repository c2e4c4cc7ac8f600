"""One intake spreadsheet in one cycle: read, reconcile, commit, read back, until nothing is left to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from automation.cases.events import JOURNAL, JOURNAL_HEADINGS, Event, EventKind, decode_journal, encode
from automation.cases.examiner import Examiner
from automation.cases.grid import CellWrite, Tab
from automation.cases.headings import find_headings, fold
from automation.cases.intake import read_intake
from automation.cases.own_writes import OwnWrites
from automation.cases.reconcile import reconcile
from automation.cases.register import Repair
from automation.cases.robot_cells import Judged
from automation.cases.robot_tabs import peoples
from automation.cycle.commits import Committer
from automation.cycle.covered import Ours
from automation.cycle.kendali import is_kendali
from automation.cycle.registry import Registry
from automation.digests.audience import Recipient
from automation.sheets.looks.lists import checked_cells, list_cells, lists_of, lists_tab, served_by
from automation.sheets.port import Changes, Workbook
from automation.sheets.prepare import new_tab
from automation.tables.intake import ROBOT
from automation.trouble import Trouble, WorkbookError

_ROBOTS = frozenset(map(fold, ROBOT))

#: Has Kendali give the spreadsheet lanes of numbers for these kelurahan.
Claim = Callable[[frozenset[str]], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a spreadsheet stands after its turn. `links` opens the row of each ticket; `issued` counts new tickets,
    `vanished` are the tickets whose rows were found gone, `restored` counts events that it had lost and got back from
    Kendali. `waiting` tells that rows wait for a lane of numbers (no lane is asked for where the spreadsheet's service
    has not been tried out yet, which is one of the `troubles`), `uncertain` that some may have been moved here from a
    spreadsheet that has not been read yet."""

    source: str
    name: str
    judged: tuple[Judged, ...]
    links: Mapping[str, str]
    repairs: tuple[Repair, ...]
    issued: int
    vanished: tuple[str, ...]
    restored: int
    commits: int
    troubles: tuple[Trouble, ...]
    waiting: bool
    uncertain: bool

    def after(self, first: Outcome) -> Outcome:
        """A second turn, with what the `first` one did already."""
        return replace(
            self,
            issued=first.issued + self.issued,
            vanished=(*first.vanished, *self.vanished),
            restored=first.restored + self.restored,
            commits=first.commits + self.commits,
        )


def process(
    workbook: Workbook,
    registry: Registry,
    examiner: Examiner,
    recipients: Sequence[Recipient],
    now: datetime,
    claim: Claim | None,
) -> Outcome:
    """Give a spreadsheet all that it needs. `claim` is None in the round in which not every spreadsheet has been read:
    then one whose rows wait for a lane of numbers is left alone (`Outcome.waiting`), for a second turn.

    Raises `WorkbookError` when it can't be read or written. Whatever its journal said by then is in the registry.
    """
    return _Turn(workbook, registry, examiner, recipients, now).take(claim)


def intake_columns(tab: Tab) -> Ours | None:
    """What is the robot's in an intake tab."""
    headings = find_headings(tab.rows)
    return Ours(headings.row, _ROBOTS) if headings is not None else None


class _Turn:
    """One spreadsheet's turn: `events` is its journal as known in it and in Kendali, `lost` what it has to get back."""

    def __init__(
        self,
        workbook: Workbook,
        registry: Registry,
        examiner: Examiner,
        recipients: Sequence[Recipient],
        now: datetime,
    ) -> None:
        self.workbook, self.registry, self.examiner, self.now = workbook, registry, examiner, now
        self.recipients = recipients
        self.source = workbook.source
        self.writing = OwnWrites()
        self.may_issue = registry.has_proof_for(workbook)
        self.issued = self.restored = self.commits = 0
        self.vanished: list[str] = []

    def take(self, claim: Claim | None) -> Outcome:
        self.committer = Committer(self.workbook, self.workbook.read(), intake_columns)
        if is_kendali(self.committer.snapshot):
            raise WorkbookError("siklus.kendali-lain", workbook=self.committer.snapshot.name)
        self._look_around()
        while True:
            self._decide()
            if self._lacks_lanes and claim is not None:
                claim(self.plan.lanes_wanted)
                self._look_around()  # another robot may have been at work meanwhile
                self._decide()
            # Once something was written, it has to be seen through: it may have landed beside wrong rows.
            waits = self._lacks_lanes and claim is None and not self.writing.judged
            changes, more = (Changes(), True) if waits else self._changes()
            if not (changes or self.committer.owes):
                if not waits:
                    self.registry.settle(self.source, self.plan.cases, self.intake.frozen)
                return self._outcome()
            self._commit(changes, more=more)

    def _commit(self, changes: Changes, *, more: bool) -> None:
        promised, before = self.plan.events, self.writing
        self.writing = before.and_then(self.intake.tabs, changes.cells, self.plan.judged)
        if self.committer.commit(changes, more=more):
            self._count(changes)
        elif promised and promised[0] not in self._own_events():
            self.writing = before  # nothing was written; in the other case it was our own first try that was quicker

    def _look_around(self) -> None:
        """What the other spreadsheets hold."""
        self.elsewhere = self.registry.elsewhere(self.source)

    def _decide(self) -> None:
        snapshot = self.committer.snapshot
        self.journal = snapshot.tab(JOURNAL)
        own = self._own_events()
        self.registry.learn(self.source, own)
        self.events, self.lost = self.registry.journal(self.source, own)
        places = self.examiner.rules.places
        self.intake = read_intake(peoples(snapshot.tabs), places, snapshot.name)
        self.plan = reconcile(
            self.intake,
            self.events,
            self.examiner,
            self.now,
            self.registry.lanes(self.source, places) if self.may_issue else {},
            self.elsewhere,
            most=self.workbook.largest_commit,
            own_writes=self.writing,
        )

    def _own_events(self) -> list[Event]:
        journal = self.committer.snapshot.tab(JOURNAL)
        return decode_journal(journal.rows) if journal is not None else []

    @property
    def _lacks_lanes(self) -> bool:
        return self.may_issue and bool(self.plan.lanes_wanted)

    def _changes(self) -> tuple[Changes, bool]:
        """What to commit next, and whether that is known to be a part only."""
        most = self.workbook.largest_commit
        if most is not None and len(self.lost) > most:
            return self._journal_rows(self.lost[:most], ()), True
        changes = self._journal_rows([*self.lost, *self.plan.events], self.plan.cells)
        return replace(changes, cells=[*changes.cells, *self._kept_up(anyway=bool(changes))]), self.plan.cut

    def _kept_up(self, *, anyway: bool) -> list[CellWrite]:
        """What may be chosen, as Kendali has it now, and when the program last looked; where `setup` has made the tab
        for it. The time alone is mostly no reason to write (see `checked_cells`)."""
        tab = lists_tab(self.committer.snapshot)
        if tab is None:
            return []
        rules = self.examiner.rules
        served = served_by(self.committer.snapshot.tabs, rules.places)
        cells = list_cells(tab, lists_of(rules, self.recipients, served))
        return [*cells, *checked_cells(tab, self.now, anyway=anyway or bool(cells))]

    def _journal_rows(self, events: Sequence[Event], cells: Sequence[CellWrite]) -> Changes:
        rows = [encode(event) for event in events]
        if not rows:
            return Changes(cells=cells)
        if self.journal is None:
            return Changes((new_tab(JOURNAL, JOURNAL_HEADINGS),), {JOURNAL: rows}, cells)
        return Changes((), {self.journal.title: rows}, cells)

    def _count(self, changes: Changes) -> None:
        appended = sum(map(len, changes.appends.values()))
        self.commits += 1
        self.restored += min(appended, len(self.lost))
        if appended > len(self.lost):
            self.issued += sum(event.kind is EventKind.ISSUED for event in self.plan.events)
            self.vanished += [event.ticket for event in self.plan.events if event.kind is EventKind.VANISHED]

    def _outcome(self) -> Outcome:
        snapshot, judged = self.committer.snapshot, self.plan.judged
        tabs = {tab.key: tab for tab in snapshot.tabs}
        return Outcome(
            source=self.source,
            name=snapshot.name,
            judged=judged,
            links={
                found.ticket: self.workbook.link(tabs[found.row.tab.key], found.row.number)
                for found in judged
                if found.ticket
            },
            repairs=tuple(self._repair(found, tabs) for found in judged if found.waits),
            issued=self.issued,
            vanished=tuple(self.vanished),
            restored=self.restored,
            commits=self.commits,
            troubles=(*self.intake.troubles, *self._lost_headings(), *self._unproven()),
            waiting=self._lacks_lanes,
            uncertain=self.plan.uncertain,
        )

    def _lost_headings(self) -> list[Trouble]:
        """Tabs that held complaints, and whose headings are gone."""
        held = {case.tab for case in self.plan.cases.values() if case.present} & self.intake.untitled
        name = self.committer.snapshot.name
        return [Trouble("tab.tanpa-judul", workbook=name, tab=title) for title in sorted(held)]

    def _unproven(self) -> list[Trouble]:
        """Complaints that wait for their numbers until Google has been tried out."""
        if self.may_issue or not self.plan.lanes_wanted:
            return []
        return [Trouble("siklus.belum-diuji", workbook=self.committer.snapshot.name)]

    def _repair(self, found: Judged, tabs: Mapping[str, Tab]) -> Repair:
        place = found.complaint.kelurahan or found.row.tab.place
        return Repair(
            kecamatan=place.kecamatan if place is not None else "",
            kelurahan=place.name if place is not None else found.row.tab.title,
            row=found.row.number + 1,
            check=found.check,
            link=self.workbook.link(tabs[found.row.tab.key], found.row.number),
        )
