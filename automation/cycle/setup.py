"""Setting up: Kendali and every spreadsheet of Sumber get what they lack, and a lane of numbers for each kelurahan."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from automation.cases.cells import Writable
from automation.cases.events import decode_journal
from automation.cases.intake import read_intake
from automation.cases.journal import fold
from automation.cases.places import Places
from automation.cases.texts import Texts
from automation.config.defaults import Defaults
from automation.config.kendali import list_sources, read_kendali
from automation.config.settings import Source
from automation.config.tables import JOURNAL
from automation.cycle.kendali import append, commit_until_done
from automation.cycle.registry import Registry
from automation.cycle.sync import Failure, OpenSource, Progress
from automation.sheets.port import Changes, Snapshot, Workbook
from automation.sheets.prepare import kelurahan_served, prepare_intake, prepare_kendali
from automation.trouble import ConfigurationError, Trouble, WorkbookError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A spreadsheet after its turn: what was added to it."""

    name: str
    tabs: tuple[str, ...]
    cells: int
    rows: int

    @property
    def changed(self) -> bool:
        """Whether anything was missing."""
        return bool(self.tabs or self.cells or self.rows)


@dataclass(frozen=True, slots=True)
class SetupReport:
    """What setup did. `problems` are Kendali's, as `sync` would say them."""

    kendali: Prepared
    spreadsheets: tuple[Prepared, ...]
    failures: tuple[Failure, ...]
    problems: tuple[Trouble, ...]
    sources: int

    @property
    def well(self) -> bool:
        """Whether everything could be prepared."""
        return not (self.failures or self.problems)


def set_up(
    kendali: Workbook,
    open_source: OpenSource,
    defaults: Defaults,
    texts: Texts,
    now: datetime,
    progress: Progress = lambda done, total, name: None,
) -> SetupReport:
    """Prepare everything that is listed; run again, it adds what is missing and changes nothing else.

    Raises `WorkbookError` when Kendali can't be reached.
    """
    return _Setup(kendali, open_source, defaults, texts, now, progress).run()


class _Setup:
    def __init__(
        self,
        kendali: Workbook,
        open_source: OpenSource,
        defaults: Defaults,
        texts: Texts,
        now: datetime,
        progress: Progress,
    ) -> None:
        self.kendali, self.open_source, self.defaults, self.texts = kendali, open_source, defaults, texts
        self.now, self.progress = now, progress
        self.failures: list[Failure] = []
        self.lanes_wanted: dict[str, set[str]] = {}

    def run(self) -> SetupReport:
        added: list[Changes] = []
        self.snapshot = commit_until_done(
            self.kendali, self.kendali.read(), lambda seen: _noted(added, prepare_kendali(seen, self.defaults))
        )
        prepared = _prepared(self.snapshot.name, added)
        sources, problems = list_sources(self.snapshot)
        spreadsheets: list[Prepared] = []
        if sources:  # until some are named there is nothing more to prepare, and nothing to complain of
            try:
                settings = read_kendali(self.snapshot, self.texts)
            except ConfigurationError as error:
                return SetupReport(prepared, (), (), error.causes, len(sources))
            problems = settings.problems
            journal = self.snapshot.tab(JOURNAL)
            self.registry = Registry(journal.rows if journal is not None else ())
            spreadsheets = [done for source in sources for done in self._source(source, settings.rules.places)]
            self._grant_lanes()
        self.progress(len(sources), len(sources), "")
        return SetupReport(prepared, tuple(spreadsheets), tuple(self.failures), tuple(problems), len(sources))

    def _source(self, source: Source, places: Places) -> list[Prepared]:
        done: list[Prepared] = []
        try:
            workbooks = self.open_source(source)
        except Exception as error:
            self._fail(source, source.name, error)
            return done
        for number, workbook in enumerate(workbooks):
            self.progress(number, len(workbooks), source.name)
            try:
                # A folder's spreadsheets are known by their own titles.
                name = source.name if len(workbooks) == 1 else ""
                done.append(self._spreadsheet(workbook, name, places))
            except Exception as error:
                self._fail(source, source.name, error)
        return done

    def _spreadsheet(self, workbook: Workbook, name: str, places: Places) -> Prepared:
        added: list[Changes] = []

        def lacks(seen: Snapshot) -> Changes:
            return _noted(added, prepare_intake(seen, kelurahan_served(name, seen, places)))

        snapshot = commit_until_done(workbook, workbook.read(), lacks)
        journal = snapshot.tab(JOURNAL)
        events = decode_journal(journal.rows) if journal is not None else []
        self.registry.learn(workbook.source, events, fold(events))
        intake = read_intake((tab for tab in snapshot.tabs if tab is not journal), places, snapshot.name)
        have = self.registry.lanes(workbook.source, places)
        wanted = {tab.place.code for tab in intake.tabs if tab.place is not None and tab.place.code not in have}
        if wanted:
            self.lanes_wanted[workbook.source] = wanted
        return _prepared(snapshot.name, added)

    def _grant_lanes(self) -> None:
        """Once every spreadsheet has been read, all at once."""

        def rows(seen: Snapshot) -> list[list[Writable]]:
            journal = seen.tab(JOURNAL)
            self.registry.take(journal.rows if journal is not None else ())
            return self.registry.lanes_for(self.lanes_wanted, self.now)

        self.snapshot = append(self.kendali, self.snapshot, JOURNAL, rows)

    def _fail(self, source: Source, name: str, error: Exception) -> None:
        if isinstance(error, Trouble):
            log.warning("%s: %s", name, error)
            self.failures.append(Failure(source, name, error))
        else:
            log.exception("%s: unexpected", name)
            self.failures.append(Failure(source, name, WorkbookError("siklus.galat-program", workbook=name)))


def _noted(added: list[Changes], changes: Changes) -> Changes:
    if changes:
        added.append(changes)
    return changes


def _prepared(name: str, added: list[Changes]) -> Prepared:
    last = added[-1] if added else Changes()
    return Prepared(
        name=name,
        tabs=tuple(new.title for new in last.new_tabs),
        cells=len(last.cells),
        rows=sum(len(rows) for rows in last.appends.values()),
    )
