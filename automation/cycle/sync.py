"""One cycle: Kendali is read, every spreadsheet has its turn, and Kendali is brought up to date."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from automation.cases.cells import Link, Value, Writable
from automation.cases.entries import make_entries
from automation.cases.examiner import Examiner
from automation.cases.register import Entry
from automation.cases.texts import Texts
from automation.config.kendali import read_kendali
from automation.config.settings import Settings, Source
from automation.config.tables import CATEGORIES, HEADINGS, HOLIDAYS, JOURNAL, PLACES, REPAIRS, SETTINGS
from automation.cycle.holdings import read_links, table_of
from automation.cycle.intake import Outcome, process
from automation.cycle.kendali import (
    Contents,
    SourceHealth,
    append,
    changes_of,
    commit_until_done,
    register_row,
)
from automation.cycle.registry import Registry
from automation.sheets.port import Snapshot, Workbook
from automation.trouble import Trouble, WorkbookError

log = logging.getLogger(__name__)

#: Opens a row of Sumber: one spreadsheet, or all in a folder. Raises `WorkbookError`.
OpenSource = Callable[[Source], Sequence[Workbook]]
#: Told before each spreadsheet: how many are done, how many there are, and the name of the next.
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Failure:
    """A spreadsheet (or a row of Sumber) that could not be read or written."""

    source: Source
    name: str
    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Report:
    """What a cycle did."""

    settings: Settings
    outcomes: tuple[Outcome, ...]
    failures: tuple[Failure, ...]
    entries: tuple[Entry, ...]

    @property
    def well(self) -> bool:
        """Whether everything could be done."""
        return not (self.failures or self.settings.problems or any(outcome.troubles for outcome in self.outcomes))


@dataclass(slots=True)
class _Turn:
    source: Source
    workbook: Workbook
    outcome: Outcome | None = None


@dataclass(slots=True)
class Syncer:
    """Runs cycles. It keeps what was examined from one cycle to the next, as long as the rules and the day are the
    same."""

    kendali: Workbook
    open_source: OpenSource
    texts: Texts
    _examiner: Examiner | None = None
    _rules_written: object = field(default=None, repr=False)

    def sync(self, now: datetime, progress: Progress = lambda done, total, name: None) -> Report:
        """One cycle. Raises `ConfigurationError` when Kendali can't be used, `WorkbookError` when it can't be reached;
        what befalls any other spreadsheet is in the report."""
        return _Cycle(self, now, progress).run()

    def examiner(self, snapshot: Snapshot, settings: Settings, now: datetime) -> Examiner:
        """The examiner for these rules and this day: the last one, if they are the same."""
        tabs = (snapshot.tab(title) for title in (SETTINGS, CATEGORIES, PLACES, HOLIDAYS))
        written = [tab.rows if tab is not None else None for tab in tabs]
        if self._examiner is None or self._examiner.today != now.date() or written != self._rules_written:
            self._examiner, self._rules_written = Examiner(settings.rules, now.date()), written
        return self._examiner


class _Cycle:
    def __init__(self, syncer: Syncer, now: datetime, progress: Progress) -> None:
        self.kendali, self.open_source, self.texts = syncer.kendali, syncer.open_source, syncer.texts
        self.now, self.progress = now, progress
        self.snapshot = self.kendali.read()
        self.settings = read_kendali(self.snapshot, self.texts)
        self.examiner = syncer.examiner(self.snapshot, self.settings, now)
        self.registry = Registry(self._rows(JOURNAL))
        self.failures: list[Failure] = []

    def run(self) -> Report:
        turns = self._open()
        self._take(turns, allow_claims=False)
        # Only now is every ticket known that any spreadsheet holds, and lanes of numbers can be given.
        waiting = [turn for turn in turns if turn.outcome is not None and turn.outcome.waiting]
        self._take(waiting, allow_claims=True)
        done = [(turn.source, turn.outcome) for turn in turns if turn.outcome is not None]
        outcomes = [outcome for _, outcome in done]
        entries = make_entries(self.registry.cases().values(), self._links(outcomes), self.examiner, self.now)
        contents = Contents(
            journal=self.registry.pending_rows(),
            register=[register_row(entry) for entry in entries],
            repairs=self._repairs(outcomes),
            health=[self._health(source, done) for source in self.settings.sources],
        )
        commit_until_done(self.kendali, self.snapshot, lambda snapshot: changes_of(snapshot, contents))
        return Report(self.settings, tuple(outcomes), tuple(self.failures), tuple(entries))

    def _open(self) -> list[_Turn]:
        turns: dict[str, _Turn] = {}
        for source in self.settings.sources:
            try:
                for workbook in self.open_source(source):
                    turns.setdefault(workbook.source, _Turn(source, workbook))
            except Exception as error:
                self._fail(source, source.name, error)
        return list(turns.values())

    def _take(self, turns: Sequence[_Turn], *, allow_claims: bool) -> None:
        for number, turn in enumerate(turns):
            workbook = turn.workbook
            self.progress(number, len(turns), turn.source.name)

            def claim(codes: frozenset[str], source: str = workbook.source) -> None:
                self._claim(source, codes)

            try:
                turn.outcome = process(
                    workbook, self.registry, self.examiner, self.now, claim if allow_claims else None
                )
            except Exception as error:
                turn.outcome = None
                self._fail(turn.source, turn.source.name, error)
        self.progress(len(turns), len(turns), "")

    def _fail(self, source: Source, name: str, error: Exception) -> None:
        """One bad spreadsheet never stops the city. What is our own mistake has its traceback in the log."""
        if isinstance(error, Trouble):
            log.warning("%s: %s", name, error)
            self.failures.append(Failure(source, name, error))
        else:
            log.exception("%s: unexpected", name)
            self.failures.append(Failure(source, name, WorkbookError("siklus.galat-program", workbook=name)))

    def _claim(self, source: str, codes: frozenset[str]) -> None:
        """Give a spreadsheet its own lane of numbers for each of these kelurahan: from here on Kendali says so."""

        def rows(snapshot: Snapshot) -> list[list[Writable]]:
            self.snapshot = snapshot
            self.registry.take(self._rows(JOURNAL))
            return self.registry.lanes_for({source: codes}, self.now)

        self.snapshot = append(self.kendali, self.snapshot, JOURNAL, rows)
        self.registry.take(self._rows(JOURNAL))

    def _rows(self, title: str) -> Sequence[Sequence[Value]]:
        tab = self.snapshot.tab(title)
        return tab.rows if tab is not None else ()

    def _links(self, outcomes: Sequence[Outcome]) -> dict[str, str]:
        """Where each case's row is: as read now, and for spreadsheets that could not be read as the register says."""
        links = read_links(self.snapshot)
        for outcome in outcomes:
            links.update(outcome.links)
        return links

    def _repairs(self, outcomes: Sequence[Outcome]) -> list[list[Writable]]:
        """Rows that wait for a fix; those of spreadsheets that could not be read now stay as they are."""
        read = {outcome.source for outcome in outcomes}
        rows: list[list[Writable]] = []
        if self.failures:
            for row in table_of(self.snapshot, REPAIRS):
                if row["Sumber"] not in read:
                    rows.append([_again(row[heading]) for heading in HEADINGS[REPAIRS]])
        for outcome in outcomes:
            for repair in outcome.repairs:
                rows.append(
                    [repair.kecamatan, repair.kelurahan, repair.row, repair.check, Link(repair.link), outcome.source]
                )
        return rows

    def _health(self, source: Source, done: Sequence[tuple[Source, Outcome]]) -> SourceHealth:
        outcomes = [outcome for of, outcome in done if of is source]
        failures = [failure for failure in self.failures if failure.source is source]
        troubles = [trouble for outcome in outcomes for trouble in outcome.troubles]
        troubles += [failure.trouble for failure in failures]
        words = [self.texts.say(trouble.code, **trouble.particulars) for trouble in troubles]
        return SourceHealth(
            link=source.link,
            read_at=None if failures else self.now,
            rows=None if failures else sum(len(outcome.judged) for outcome in outcomes),
            state="\n".join(words) or self.texts.say("siklus.baik"),
        )


def _again(value: Value) -> Writable:
    return int(value) if isinstance(value, (int, float)) else str(value or "")
