"""Setup: Kendali and every spreadsheet of Sumber get what they lack, and a lane of numbers for each kelurahan."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from automation.config.defaults import load_defaults
from automation.config.kendali import Settings, list_sources
from automation.config.tabs import Source
from automation.cycle import second_copy
from automation.cycle.commit import commit
from automation.cycle.health import foreign, lost_tabs
from automation.cycle.kendali import give_lanes, is_kendali, read_settings
from automation.cycle.proving import Trial, try_out
from automation.cycle.registry import Registry
from automation.cycle.sources import Failure, Listed, Making, OpenSource, Watch, announce, failure_of, open_listed
from automation.model.cells import date_of
from automation.model.places import Places
from automation.model.texts import Texts
from automation.reading.dates import read_date
from automation.reading.tabs import Row, peoples, read_intake
from automation.sheets.looks.model import TabLook
from automation.sheets.looks.spreadsheets import control_looks, prepare_control, prepare_spreadsheet, spreadsheet_looks
from automation.sheets.port import Changes, Snapshot, Workbook
from automation.sheets.prepare import kelurahan_served, lacking_terms, leftover, untouched
from automation.sheets.sources import Rehearsal
from automation.tables.intake import POSITION, RECEIVED
from automation.tables.kendali import SETTINGS, TERMS
from automation.trouble import ConfigurationError, Trouble, WorkbookError

Lacks = Callable[[Snapshot], Changes]


class Prepared(Struct, frozen=True):
    """A spreadsheet after setup, and what was `added` to it. `dressed` counts what its tabs lacked of their looks;
    `taken` are tabs that people have made for themselves under a title that the program would have used; `doubtful` are
    rows whose day of receipt may have been read in another order; `removed` is the title of the superfluous tab;
    `troubles` tell what keeps tabs from being read even so."""

    name: str
    added: Changes
    removed: str = ""
    dressed: int = 0
    taken: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    troubles: tuple[Trouble, ...] = ()


@dataclass(slots=True)
class Setup:
    """Prepares everything that is listed, after making what is missing. Run again, it adds what is missing and changes
    nothing else. `localise`: even spreadsheets in which people have typed read days the Indonesian way from now on;
    `words`: `Istilah` gets the words that it lacks, which people may have removed.

    Afterwards `done` are Kendali and the spreadsheets that could be prepared; `created` are the names of those that it
    made; `problems` are Kendali's, as `sync` would report them; `trial` is None if nothing had to be tried out; `terms`
    tells how many words `Istilah` lacked. Kendali stands as in `snapshot`; `served` are the kelurahan (codes) that the
    tabs of each spreadsheet are named after."""

    kendali: Workbook
    open_source: OpenSource
    texts: Texts
    now: datetime
    watch: Watch = field(default_factory=Watch)
    making: Making | None = None
    localise: bool = False
    words: bool = False
    done: list[Prepared] = field(default_factory=list, init=False)
    created: list[str] = field(default_factory=list, init=False)
    failures: list[Failure] = field(default_factory=list, init=False)
    problems: tuple[Trouble, ...] = field(default=(), init=False)
    sources: tuple[Source, ...] = field(default=(), init=False)
    trial: Trial | None = field(default=None, init=False)
    terms: int = field(default=0, init=False)
    own: Listed = field(init=False)  # Kendali
    listed: list[Listed] = field(default_factory=list, init=False)
    served: dict[str, set[str]] = field(default_factory=dict, init=False)
    snapshot: Snapshot = field(init=False)
    registry: Registry = field(init=False)

    @property
    def well(self) -> bool:
        """Whether everything could be prepared."""
        troubled = self.failures or self.problems or any(one.troubles for one in self.done)
        return not troubled and (self.trial is None or self.trial.passed)

    def run(self) -> Self:
        """Prepare Kendali, and then the rest, if it says what that is."""
        kendali, defaults, today = self.kendali, load_defaults(self.texts), self.now.date()

        def lacks(seen: Snapshot) -> Changes:
            second_copy.refuse_newer(seen)
            changes = prepare_control(seen, defaults, self.texts, today)
            return replace(changes, local=bool(foreign(seen)) and (self.localise or seen.tab(SETTINGS) is None))

        seen, prepared = _prepared(kendali, lacks)
        self.own = Listed(kendali, (Source(seen.name, "", 0),))
        looks, taken = control_looks(seen, self.texts, today)
        dressed = 1
        try:
            dressed = _dressed(kendali, looks, seen, lacks)
        except WorkbookError as error:  # everything but the looks goes on
            self.failures.append(failure_of(self.own.source, error))
        self.done.append(replace(prepared, dressed=dressed, taken=taken))
        seen = kendali.read() if dressed else seen  # the next commit must be based on the file as it is now
        lacking = partial(lacking_terms, rows=defaults[TERMS])
        if (terms := sum(map(len, lacking(seen).appends.values()))) and self.words:
            seen = commit(kendali, seen, lacking)
        self.snapshot, self.registry, self.now = seen, Registry(seen), self.now.replace(microsecond=0)
        self.terms, (self.sources, self.problems) = terms, list_sources(seen)
        if self.sources:  # while none is named there is nothing more to prepare, and nothing to complain of
            try:
                settings = read_settings(seen, self.texts)
            except ConfigurationError as error:
                self.problems = error.causes
                return self
            self.problems = (*settings.problems, *self._make(settings.rules.places))
            self._prepare(settings)
            self._grant_lanes(settings.rules.places)
        elif self.making is not None:
            self.problems += (WorkbookError("operator.setup.tanpa-folder"),)
        self.watch.progress(len(self.listed), len(self.listed), "")
        self._try_out()
        return self

    def _make(self, places: Places) -> Iterator[Trouble]:
        if self.making is not None:
            try:
                self.created, failures = self.making(self.sources, places, self.texts, self.watch)
                self.failures += failures
            except WorkbookError as error:
                yield error

    def _try_out(self) -> None:
        """Try out what is assumed of Google, in the first spreadsheet there: Kendali, or one that could be prepared."""
        prepared = (one for one in self.listed if one.workbook.source in self.served)
        untried = (one for one in (self.own, *prepared) if not self.registry.has_proof_for(one.workbook))
        one = next(untried, None) if not isinstance(self.kendali, Rehearsal) else None
        if one is not None:
            try:
                self.trial = try_out(one.workbook, self.kendali, self.snapshot, self.texts, self.now)
            except WorkbookError as error:
                self.failures.append(failure_of(one.source, error))

    def _prepare(self, settings: Settings) -> None:
        self.listed, failures = listed, _ = open_listed(self.sources, self.open_source, self.kendali)
        self.failures += failures
        workbooks = [one.workbook for one in listed]
        announce(workbooks, self.watch, trial=not all(map(self.registry.has_proof_for, workbooks)))
        self.registry.listed = [one.workbook.source for one in listed]
        shared = Counter(one.source for one in listed)
        for number, one in enumerate(listed):
            self.watch.progress(number, len(listed), one.source.name)
            try:
                # Spreadsheets in a folder are named by their own titles.
                name = one.source.name if shared[one.source] == 1 else ""
                self.done.append(self._spreadsheet(one.workbook, name, settings))
            except Exception as error:
                self.failures.append(failure_of(one.source, error))

    def _spreadsheet(self, workbook: Workbook, name: str, settings: Settings) -> Prepared:
        seen, places = workbook.read(), settings.rules.places
        if is_kendali(seen):
            raise WorkbookError("siklus.kendali-lain", workbook=seen.name)
        self.registry.learn(workbook.source, seen)

        def live(seen: Snapshot) -> Snapshot:  # what is put away stays as it is
            return replace(seen, tabs=tuple(self.registry.archive(workbook.source).live(seen.tabs)))

        def lacks(seen: Snapshot) -> Changes:
            changes = prepare_spreadsheet(live(seen), kelurahan_served(name, seen, places), settings)
            return replace(changes, local=bool(foreign(seen)) and (self.localise or untouched(seen)))

        swaps, (seen, prepared) = seen.foreign, _prepared(workbook, lacks, seen)
        intake = read_intake(peoples(live(seen).tabs), places, seen.name)
        self.served[workbook.source] = {tab.place.code for tab in intake.tabs if tab.place is not None}
        looks, taken = spreadsheet_looks(live(seen), settings)
        cases, elsewhere = self.registry.cases_of(workbook.source), self.registry.elsewhere(workbook.source)
        troubles = (*intake.troubles, *lost_tabs(live(seen), intake, cases, elsewhere))
        found = replace(prepared, taken=taken, doubtful=_swapped_days(intake.rows) if swaps else (), troubles=troubles)
        return replace(found, dressed=_dressed(workbook, looks, seen, lacks))

    def _grant_lanes(self, places: Places) -> None:
        """Give all lanes at once, after every spreadsheet was read: one for each kelurahan where it has none."""
        lanes, year, wanted = self.registry.lanes, self.now.year, dict[str, list[tuple[str, int]]]()
        for source, codes in self.served.items():
            lane = lanes.of(source, places)
            wanted[source] = [(code, year) for code in codes if lane(code, year) is None]
        try:
            self.snapshot = give_lanes(self.kendali, self.snapshot, self.registry, wanted, places, self.now)
        except WorkbookError as error:
            self.failures.append(failure_of(self.own.source, error))


def _prepared(workbook: Workbook, lacks: Lacks, seen: Snapshot | None = None) -> tuple[Snapshot, Prepared]:
    """The workbook after it got what it `lacks`, and what that was."""
    last = Changes()

    def wanted(seen: Snapshot) -> Changes:
        nonlocal last
        last = (changes := lacks(seen)) or last
        return changes

    seen, removed = commit(workbook, seen or workbook.read(), wanted), ""
    if spare := leftover(seen):
        with suppress(WorkbookError):  # it harms nobody: the next setup tries again
            seen = workbook.commit(Changes(removed=spare.key), seen)
            removed = "" if seen.tab(spare.title) else spare.title
    return seen, Prepared(seen.name, last, removed)


def _dressed(workbook: Workbook, looks: Sequence[TabLook], seen: Snapshot, lacks: Lacks) -> int:
    """Dress a workbook; then write the cells that merged cells on our own pages had kept from being written."""
    dressed, ours = workbook.dress(looks), {look.title for look in looks if look.ours}
    free = [replace(tab, locks=()) if tab.title in ours else tab for tab in seen.tabs]
    if dressed and lacks(replace(seen, tabs=tuple(free))):
        _prepared(workbook, lacks)
    return dressed


def _swapped_days(rows: Iterable[Row]) -> tuple[str, ...]:
    days = ((row, row.people[POSITION[RECEIVED]]) for row in rows)
    found = ((row, date_of(day)) for row, day in days if isinstance(day, (int, float)) and read_date(day))
    return tuple(f"{row.tab.title}!{row.number + 1}" for row, day in found if day.day <= 12 and day.day != day.month)
