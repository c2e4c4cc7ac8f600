"""One cycle: Kendali is read, every spreadsheet has its turn, and Kendali is brought up to date."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from automation.cases.codec import Decoder
from automation.cases.examiner import Examiner
from automation.config.kendali import Settings, shut_tabs
from automation.config.tabs import Source
from automation.config.values import text
from automation.cycle import second_copy
from automation.cycle.commit import commit
from automation.cycle.debts import Debts
from automation.cycle.facts import CycleResult, read_links
from automation.cycle.filing import filed_rows, proposed
from automation.cycle.health import Done, Outcome, Reading, doubly_held, last_readings, state_of
from automation.cycle.intake import Turn
from automation.cycle.kendali import (
    contents,
    deciding,
    give_lanes,
    part_of_kendali,
    read_repairs,
    read_settings,
    robot_columns,
)
from automation.cycle.proving import make_sure
from automation.cycle.register import RegisterCache, Summaries
from automation.cycle.registry import Registry
from automation.cycle.second_copy import Wanted
from automation.cycle.sources import Failure, Listed, OpenSource, Progress, failure_of, open_listed
from automation.model.bulk import in_bulk
from automation.model.register import Entry
from automation.model.texts import Texts
from automation.reading.tabs import Row
from automation.sheets.links import is_folder
from automation.sheets.port import ReadRequest, Snapshot, Workbook
from automation.tables.kendali import RULES
from automation.trouble import Trouble, WorkbookError


class Report(Struct, frozen=True):
    """What a cycle did. `orphans`: running cases of spreadsheets to which `Sumber` leads no more; `readings`: the state
    of each of its rows, by link; `known`: for digests (None if another robot worked); `kendali`: as it is then."""

    settings: Settings
    outcomes: tuple[Outcome, ...]
    failures: tuple[Failure, ...]
    entries: tuple[Entry, ...]
    orphans: tuple[str, ...]
    readings: Mapping[str, Reading]
    known: CycleResult | None
    kendali: Snapshot
    wrote: bool  # anything anywhere

    @property
    def well(self) -> bool:
        """Whether everything could be done."""
        troubled = any(outcome.troubles for outcome in self.outcomes)
        return not (self.failures or self.settings.problems or self.orphans or troubled)

    @property
    def vanished(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """By spreadsheet, the tickets whose rows this cycle found gone, and nowhere else; not those that are erased."""
        gone = {entry.ticket for entry in self.entries if not (entry.present or entry.erased)}
        told = ((one.name, dict.fromkeys(one.done.vanished)) for one in self.outcomes)
        found = ((name, tuple(filter(gone.__contains__, tickets))) for name, tickets in told)
        return tuple((name, tickets) for name, tickets in found if tickets)

    @property
    def restored(self) -> tuple[tuple[str, int], ...]:
        """By spreadsheet name, how many events it had lost, and got back from Kendali."""
        return tuple((one.name, one.done.restored) for one in self.outcomes if one.done.restored)

    def row_of(self, ticket: str) -> tuple[str, Row] | None:
        """The spreadsheet's name and the row of a ticket; None if it has none that can be read."""
        rows = ((one.name, judged) for one in self.outcomes for judged in one.judged)
        return next(((name, judged.row) for name, judged in rows if judged.ticket == ticket), None)

    @property
    def missing(self) -> tuple[str, ...]:
        """Running cases (by ticket) whose rows were found gone in an earlier cycle, and have not come back."""
        told = {ticket for _, tickets in self.vanished for ticket in tickets}.union(self.orphans)
        away = (one for one in self.entries if not (one.present or one.erased or one.status.closed))
        return tuple(one.ticket for one in away if one.ticket not in told)


@dataclass(slots=True)
class Syncer:
    """Runs cycles. From one to the next it keeps what was examined, while rules and day are the same, and when each row
    of Sumber was last read, which Kendali knows only to the hour. `remember` keeps what the next process may use."""

    kendali: Workbook
    open_source: OpenSource
    texts: Texts
    makes_sure: bool = True  # whether what is assumed of a service may be tried out, which writes
    debts: Debts | None = None  # what was written and not read back, if there is a place to note it
    summaries: Summaries | None = None  # summaries of descriptions, if there is a place to keep them
    tried_on: date | None = None
    decoder: Decoder = field(default_factory=Decoder, init=False, repr=False)
    register: RegisterCache = field(default_factory=RegisterCache, init=False, repr=False)
    _examiner: Examiner | None = None
    _rules_written: object = field(default=None, repr=False)
    _decided: tuple[Snapshot, Settings] | None = field(default=None, repr=False)
    read_at: dict[str, datetime] = field(default_factory=dict, init=False, repr=False)
    remember: Callable[..., object] = field(default=lambda: None, init=False, repr=False)
    turn: Callable[..., Turn] = field(default=Turn, init=False, repr=False)  # of a spreadsheet; another ends a year

    @in_bulk
    def sync(self, now: datetime, progress: Progress = lambda *_: None) -> Report:
        """Run one cycle. Raises `ConfigurationError` and `WorkbookError` for Kendali; others are in the report."""
        report = _Cycle(self, now.replace(microsecond=0), progress).run()  # journals hold whole seconds
        self.remember()
        return report

    def settings(self, snapshot: Snapshot) -> Settings:
        """What people decide in Kendali: the last settings, if all they depend on is the same."""
        if self._decided is None or self._decided[0] != deciding(snapshot):
            self._decided = deciding(snapshot), read_settings(snapshot, self.texts)
        return self._decided[1]

    def examiner(self, snapshot: Snapshot, settings: Settings, now: datetime) -> Examiner:
        """The examiner for these rules and this day: the last one, if they are the same."""
        written = [snapshot.rows(title) for title in RULES]
        if self._examiner is None or self._examiner.today != now.date() or written != self._rules_written:
            self._examiner, self._rules_written = Examiner(settings.rules, now.date()), written
            if self.summaries is not None:
                self.summaries.load(self._examiner)
        return self._examiner


@dataclass(slots=True)
class _Spreadsheet:
    """A spreadsheet that is listed; it has neither outcome nor failure before its turn."""

    listed: Listed
    done: Done = field(default_factory=Done)
    outcome: Outcome | None = None
    failure: Failure | None = None


class _Cycle:
    def __init__(self, syncer: Syncer, now: datetime, progress: Progress) -> None:
        self.kendali, self.texts, self.turn, self.register = syncer.kendali, syncer.texts, syncer.turn, syncer.register
        self.now, self.progress, self.read_at, self.debts = now, progress, syncer.read_at, syncer.debts
        self.snapshot = self.kendali.read(ReadRequest(part_of_kendali, now, away=True))
        self.settings, self.decided = syncer.settings(self.snapshot), self.snapshot
        self.examiner = syncer.examiner(self.snapshot, self.settings, now)
        self.noted = last_readings(self.snapshot)  # they may change now, like the rules
        self.rules = second_copy.mark(self.snapshot, RULES)
        self.registry = Registry(self.snapshot, decoder=syncer.decoder)
        self.registry.forget(now - timedelta(days=self.settings.rules.correction_days))
        self.examiner.proposed = proposed(self.registry)
        listed, self.unopened = open_listed(self.settings.sources, syncer.open_source, self.kendali)
        self.spreadsheets = [_Spreadsheet(one) for one in listed]
        self.registry.listed = [one.workbook.source for one in listed]
        self.registry.all_listed = self.settings.all_linked and not self.unopened
        if syncer.makes_sure and syncer.tried_on != now.date():
            syncer.tried_on = now.date()
            make_sure([one.workbook for one in listed], self.kendali, self.snapshot, self.registry, self.texts, now)

    def run(self) -> Report:
        self._take(self.spreadsheets, allow_claims=False)
        # Only now are all tickets known that any spreadsheet holds: lanes of numbers can be given, and a moved row can
        # be told from a copy.
        self.registry.all_had_their_turn = True
        waiting = [one for one in self.spreadsheets if one.outcome and one.outcome.waiting]
        with suppress(WorkbookError):  # then each asks for itself
            self._claim({one.outcome.source: one.outcome.waiting for one in waiting if one.outcome})
        uncertain = [one for one in self.spreadsheets if one.outcome and one.outcome.uncertain and one not in waiting]
        self._take([*waiting, *uncertain], allow_claims=True)
        self.registry.retire(self.now)
        self._tell_doubles()
        outcomes = tuple(one.outcome for one in self.spreadsheets if one.outcome is not None)
        failures = (*self.unopened, *(one.failure for one in self.spreadsheets if one.failure is not None))
        links = dict(chain.from_iterable(outcome.links.items() for outcome in reversed(outcomes)))  # the first counts
        if any(case.present and ticket not in links for ticket, (_, case) in self.registry.cases().items()):
            links = read_links(self.snapshot) | links  # for rows that could not be read
        self.register.update(self.registry, links, self.examiner)
        entries, apart = self.register.entries, self.registry.unlisted()  # none while a link can't be followed
        orphans = tuple(one.ticket for one in entries if one.source in apart and not (one.erased or one.status.closed))
        sources = self.settings.sources
        beside = [one for one in sources if is_folder(one.link)] or sources[:1]  # where it was listed nobody can tell
        readings = {one.link: self._reading(one, orphans if one in beside else ()) for one in sources}
        repairs = [repair for outcome in outcomes for repair in outcome.repairs]
        if failures:  # rows of spreadsheets that could not be read this time wait as before
            read, listed = {outcome.source for outcome in outcomes}, self.registry.listed
            before = (repair for repair in read_repairs(self.snapshot) if repair.source not in read)
            repairs[:0] = [repair for repair in before if self.unopened or repair.source in listed]
        wanted = contents(self.decided, self.settings, self.registry, self.register, repairs, readings, self.now)
        most = self.kendali.largest_commit
        self.snapshot = commit(self.kendali, self.snapshot, wanted, columns=robot_columns, most=most)
        known = {one.particulars.get("tab") for one in self.settings.problems if one.code == "kendali.terkunci"}
        refused = (one for one in shut_tabs(self.snapshot) if one.particulars["tab"] not in known)
        settings = replace(self.settings, problems=(*self.settings.problems, *refused))
        newer, filed = self.registry.refresh(self.snapshot), filed_rows(self.registry)  # of another robot
        told = None if newer else CycleResult(self.now, entries, self.rules, second_copy.mark(self.snapshot), filed)
        wrote = self.snapshot is not self.decided or any(outcome.done.commits for outcome in outcomes)
        return Report(settings, outcomes, failures, entries, orphans, readings, told, self.snapshot, wrote)

    def _take(self, spreadsheets: Sequence[_Spreadsheet], *, allow_claims: bool) -> None:
        for number, one in enumerate(spreadsheets):
            workbook, source = one.listed.workbook, one.listed.source
            self.progress(number, len(spreadsheets), source.name)
            claim = (lambda lanes, of=workbook.source: self._claim({of: lanes})) if allow_claims else None
            try:
                common = self.registry, self.examiner, self.settings, self.now
                one.outcome = self.turn(workbook, *common, claim, self.debts, one.done).take()
            except Exception as error:
                one.outcome, one.failure = None, failure_of(source, error)
        self.progress(len(spreadsheets), len(spreadsheets), "")

    def _claim(self, wanted: Wanted) -> None:
        places = self.settings.rules.places
        self.snapshot = give_lanes(self.kendali, self.snapshot, self.registry, wanted, places, self.now)

    def _tell_doubles(self) -> None:
        doubles = doubly_held({one: self.registry.cases_of(one) for one in self.registry.listed})
        names = {one.outcome.source: one.outcome.name for one in self.spreadsheets if one.outcome is not None}
        for one in self.spreadsheets:
            if one.outcome is not None and (other := doubles.get(one.outcome.source)) is not None:
                trouble = Trouble("siklus.salinan", workbook=one.outcome.name, other=names.get(other, other))
                one.outcome = replace(one.outcome, troubles=(*one.outcome.troubles, trouble))

    def _reading(self, source: Source, orphans: Sequence[str]) -> Reading:
        ours = [one for one in self.spreadsheets if source in one.listed.sources]
        outcomes = [one.outcome for one in ours if one.outcome is not None]
        failures = [
            *(one.failure for one in ours if one.failure),
            *(one for one in self.unopened if one.source is source),
        ]
        troubles = [*(one.trouble for one in failures), *(trouble for one in outcomes for trouble in one.troubles)]
        if orphans:
            troubles.append(Trouble("siklus.terlepas", banyak=len(orphans), tiket=orphans[0]))
        state = state_of(troubles, self.texts)
        if not failures:
            self.read_at[source.link] = self.now
            return Reading(self.now, sum(len(outcome.judged) for outcome in outcomes), state)
        noted = self.noted.get(source.link, Reading())
        times = noted.read_at, self.read_at.get(source.link)
        # Once a failure is noted, the time beside it identifies the incident, so it stays as it is.
        read_at = noted.read_at if noted.state == text(state) else max(filter(None, times), default=None)
        return Reading(read_at, noted.rows, state)
