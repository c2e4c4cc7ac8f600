"""One intake spreadsheet in one cycle: read, reconcile, commit, read back, until nothing is left to do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from msgspec.structs import replace

from automation.cases.archive import Archive, title_of
from automation.cases.codec import Numbered
from automation.cases.copies import Journal
from automation.cases.elsewhere import Elsewhere
from automation.cases.erasure import cells_without_words
from automation.cases.event_details import turns_over
from automation.cases.events import JOURNAL, EventKind
from automation.cases.examiner import Examiner
from automation.cases.own_writes import OwnWrites
from automation.cases.reconcile import Reconciliation
from automation.cases.robot_cells import Plan
from automation.config.kendali import Settings
from automation.cycle import health
from automation.cycle.commit import commit, journalled, portion
from automation.cycle.debts import Debts
from automation.cycle.kendali import is_kendali
from automation.cycle.overwritten import RobotColumns
from automation.cycle.registry import Registry
from automation.model.cells import CellWrite, Part, Tab, fold
from automation.reading.tabs import GUIDE, LISTS, Intake, Place, headings_of, peoples, read_intake
from automation.sheets.looks import lists
from automation.sheets.looks.intake import where_put_up
from automation.sheets.port import Changes, ReadRequest, Snapshot, Workbook
from automation.tables.intake import ROBOT
from automation.trouble import Trouble, WorkbookError

_ROBOTS = {fold(title): title for title in ROBOT}

#: Makes Kendali give the spreadsheet lanes of numbers for these kelurahan and years.
Claim = Callable[[frozenset[tuple[str, int]]], None]


def robot_columns(tab: Tab, ours: Mapping[str, str] = _ROBOTS) -> RobotColumns | None:
    """The robot's columns in an intake tab (or `ours`, by their folded headings); None if it has no headings."""
    headings = headings_of(tab)
    return RobotColumns(headings.row, ours) if headings is not None else None


def _part(archive: Archive, top: bool, tab: Tab) -> Part:
    """How much of a tab a cycle must read: of people's own, and of what is put away (surely if `top`), only where
    headings may be."""
    if tab.title == JOURNAL:
        return Part.END
    if top and tab.key in archive.tabs:
        return Part.TOP
    if tab.key in archive.tabs or tab.title in [title_of(JOURNAL, year) for year in archive.years]:
        return Part.AWAY
    ours = tab.title == LISTS or headings_of(tab) is not None
    return Part.ALL if ours else Part.NONE if tab.title == GUIDE else Part.TOP


@dataclass(slots=True)
class Turn:
    """One spreadsheet's turn. `claim` is None in the round in which not every spreadsheet has been read yet: then a
    spreadsheet whose rows wait for a lane of numbers is left alone (`Outcome.waiting`), for a second turn."""

    workbook: Workbook
    registry: Registry
    examiner: Examiner
    settings: Settings
    now: datetime
    claim: Claim | None
    debts: Debts | None = None
    done: health.Done = field(default_factory=health.Done)  # also by an earlier turn in this cycle
    writing: OwnWrites = field(default_factory=OwnWrites)
    before: OwnWrites = field(default_factory=OwnWrites)  # as `writing` was before the last commit
    outrun: bool = False  # somebody was quicker than the last commit
    undo: bool = False  # a year is brought back: then everything is read
    ends: bool = False  # a year ends: the rows that went along have just been written, and old tabs have to say so
    elsewhere: Elsewhere = field(default_factory=Elsewhere)  # what the other spreadsheets hold, if it was `asked`
    asked: bool = False
    # What was put away when the spreadsheet was read, how it stands, and what follows from that:
    archive: Archive = field(init=False)
    seen: Snapshot = field(init=False)
    journal: Journal = field(init=False)
    intake: Intake = field(init=False)
    left: Mapping[Place, bool] = field(init=False)  # rows that went along with a year, and are passed over
    plan: Plan = field(init=False)
    changes: Changes = field(init=False)
    waits: bool = field(init=False, default=False)

    def take(self) -> health.Outcome:
        """Give the spreadsheet all it needs. Raises `WorkbookError`; what its journal told is in the registry then."""
        if self.debts is not None:
            self.debts.look_up(self.workbook.source)
        seen = self._read()
        owed = [*self.debts.owed(self.workbook.source, seen, robot_columns)] if self.debts is not None else []
        self.done.told += health.overwritten_cells(seen, owed)
        wanted, tried = self.wanted, self._tried
        commit(self.workbook, seen, wanted, columns=robot_columns, debts=self.debts, owed=owed, tried=tried)
        if not self.waits:
            self.registry.settle(self.workbook.source, self.plan.cases, self.intake.frozen)
        return self._outcome()

    @property
    def _archive(self) -> Archive:
        return self.registry.archive(self.workbook.source)

    def _read(self) -> Snapshot:
        """What has to be read. Reads again if the journal says that a year was brought back: then its tabs, too."""
        self.archive, around = self._archive, timedelta(minutes=self.settings.new_tabs_minutes)
        request = ReadRequest(partial(_part, self.archive, self.ends), self.now, around, away=bool(self.archive.tabs))
        seen = self.workbook.read(None if self.undo else request)
        if is_kendali(seen):
            raise WorkbookError("siklus.kendali-lain", workbook=seen.name)
        if self.archive.tabs:
            self.registry.learn(self.workbook.source, seen)
        return seen if self.archive.tabs <= self._archive.tabs else self._read()

    def wanted(self, seen: Snapshot) -> Changes:
        """What has to be written now."""
        own = self.registry.learn(self.workbook.source, seen)
        if not (self.undo or self.archive.tabs <= self._archive.tabs):  # others are bringing a year back just now
            raise WorkbookError("siklus.terlalu-ramai", workbook=seen.name)
        if self.outrun and self.plan.events and self.plan.events[0] not in [event for _, event in own]:
            self.writing = self.before  # nothing was written (otherwise our own first try was the quicker one)
        self._decide(seen, own)
        if self._lacks_lanes and self.claim is not None:
            self.claim(self.plan.lanes_wanted)
            self.asked = False  # another robot may have been at work meanwhile
            self._decide(seen, own)
        # Once something was written, the turn must be finished: it may have landed beside wrong rows.
        # And what may have left with a year must be journalled before its new place is looked at.
        seen_through = self.writing.judged or not all(self.left.values())
        self.waits = self._lacks_lanes and self.claim is None and not seen_through
        self.changes = Changes(partial=True) if self.waits else self._changes()
        self.before = self.writing
        self.writing = self.writing.and_then(self.intake.tabs, self.changes.cells, self.plan.judged)
        return self.changes

    def _decide(self, seen: Snapshot, own: Numbered) -> None:
        self.seen = seen
        source, places = self.workbook.source, self.examiner.rules.places
        self.registry.note_used(source, lists.noted_tickets(seen))
        if not self.asked:
            self.elsewhere, self.asked = self.registry.elsewhere(source), True
        self.journal = self.registry.journal(source, own)
        archive = self._archive
        intake = self._read_intake(archive)
        if not self.ends:
            again = [tab.title for tab in intake.tabs if tab.key in archive.again]
            self.elsewhere.came_back(self.journal.cases, again)
        self.left = archive.left_behind(intake, self.journal.cases, self.elsewhere)
        self.intake = replace(intake, rows=tuple(row for row in intake.rows if row.place not in self.left))
        unsure = {row.ticket_text for row in intake.rows if not self.left.get(row.place, True)}
        self.elsewhere.unsure = unsure
        lane = self.registry.lanes.of(source, places, self.registry.listed) if self._may_issue else lambda *_: None
        decided_by = self.examiner, self.now, lane, self.elsewhere, self.workbook.largest_commit, self.writing
        self.plan = Reconciliation(self.intake, self.journal, *decided_by).plan()
        self.plan = replace(self.plan, uncertain=True) if unsure else self.plan

    def _read_intake(self, archive: Archive) -> Intake:
        """The complaints in the tabs that are read. A tab that says it was put away is none of them, though it has
        another key: people renamed it in a file, or copied it. What is known of rows there stays as it was."""
        tabs, texts, name = archive.live(peoples(self.seen.tabs)), self.examiner.rules.texts, self.seen.name
        new = [tab for tab in tabs if archive.tabs and tab.key not in archive.again]
        away = {tab.title for tab in new if where_put_up(tab, texts)}
        found = read_intake([tab for tab in tabs if tab.title not in away], self.examiner.rules.places, name)
        told = (Trouble("tahun.arsip-berganti", workbook=name, tab=title) for title in sorted(away))
        return replace(found, frozen=found.frozen | away, troubles=(*found.troubles, *told))

    @property
    def _may_issue(self) -> bool:
        proven = self.registry.has_proof_for(self.workbook)
        return proven and not self.registry.has_ended(self.workbook.source, unheard=True)

    @property
    def _lacks_lanes(self) -> bool:
        return self._may_issue and bool(self.plan.lanes_wanted)

    def _changes(self) -> Changes:
        most, lost = self.workbook.largest_commit, self.journal.lost
        if most is not None and len(lost) > most:
            return replace(journalled(self.seen, lost[:most]), partial=True, sure=True)
        bare = cells_without_words(self.seen.tab(JOURNAL), self.registry.taken, self.workbook.source)
        part = portion(Changes(cells=bare), most)
        changes, cells = journalled(self.seen, [*lost, *self.plan.events]), [*self.plan.cells, *part.cells]
        cells += self._kept_up(anyway=bool(changes or cells))
        # A row that is gone, or whose place holds another one now, may stand where nobody has looked this time.
        sure = bool(lost or part.cells) or any(map(turns_over, self.plan.events))
        return replace(changes, cells=cells, partial=self.plan.cut or part.partial, sure=sure)

    def _kept_up(self, *, anyway: bool) -> list[CellWrite]:
        """The cells for the lists of choices as Kendali has them now, and for the time of the last look, if `setup` has
        made their tab. The time alone is mostly no reason to write (see `checked_cells`)."""
        if (tab := lists.lists_tab(self.seen)) is None:
            return []
        rules = self.examiner.rules
        served = lists.served_by(self._archive.live(self.seen.tabs), rules.places)
        cells = lists.list_cells(tab, lists.lists_of(rules, self.settings.recipients, served))
        if anyway:  # the highest numbers outlive the journals
            cells += lists.number_cells(tab, [*lists.noted_tickets(self.seen), *self.plan.cases])
        heeds = (" ".join(rules.texts.tell(trouble).split()) for trouble in self._tab_troubles())
        return [*cells, *lists.checked_cells(tab, self.now, anyway=anyway or bool(cells), heed="; ".join(heeds))]

    def _tried(self, written: bool) -> None:
        """Count what was done. An erasure that the journal lacks was not lost: the second copy was told of it first."""
        self.outrun = not written
        rows = sum(map(len, self.changes.appends.values()))
        if written:
            self.done.commits += 1
            self.done.restored += min(rows, sum(one.kind is not EventKind.ERASED for one in self.journal.lost))
        if written and rows > len(self.journal.lost):
            self.done.issued += sum(event.kind is EventKind.ISSUED for event in self.plan.events)
            self.done.vanished += [event.ticket for event in self.plan.events if event.kind is EventKind.VANISHED]
            self.done.told += health.moved_alone(self.seen.name, self.plan.events)
            altered = (event for event in self.plan.events if event.kind is EventKind.ALTERED)
            self.done.told += [health.altered(self.seen.name, event) for event in altered]

    def _outcome(self) -> health.Outcome:
        judged, tabs = self.plan.judged, self.seen.by_key
        shown = [(found, self.workbook.link(tabs[found.row.tab.key], found.row.number)) for found in judged]
        source, texts = self.workbook.source, self.examiner.rules.texts
        # Until Google's service has been tried out, complaints wait for their numbers.
        untried = self.plan.lanes_wanted and not self.registry.has_proof_for(self.workbook)
        unproven = [Trouble("siklus.belum-diuji", workbook=self.seen.name)] if untried else []
        return health.Outcome(
            source=source,
            name=self.seen.name,
            judged=judged,
            links={found.ticket: link for found, link in shown if found.ticket},
            repairs=tuple(health.repair_of(found, link, source, texts) for found, link in shown if found.waits),
            done=self.done,
            troubles=(*self._tab_troubles(), *unproven, *self.done.told),
            waiting=self.plan.lanes_wanted if self._lacks_lanes else frozenset(),
            uncertain=self.plan.uncertain,
            looked_at=lists.checked_at(tab, self.now) if (tab := lists.lists_tab(self.seen)) is not None else None,
        )

    def _tab_troubles(self) -> list[Trouble]:
        live, tab = self._archive.live(self.seen.tabs), lists.lists_tab(self.seen)
        told = {"workbook": self.seen.name, "tab": LISTS, "columns": lists.LIST_HEADINGS[lists.CHECKED[1]]}
        shut = [Trouble("tab.terkunci-kolom", **told)] if tab is not None and tab.refuses(*lists.CHECKED) else []
        lost = health.lost_tabs(replace(self.seen, tabs=tuple(live)), self.intake, self.plan.cases, self.elsewhere)
        return [*self.intake.troubles, *health.foreign(self.seen), *lost, *shut]
