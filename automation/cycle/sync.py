"""One cycle: Kendali is read, every spreadsheet has its turn, and Kendali is brought up to date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from automation.cases.cells import Link, Value, Writable
from automation.cases.entries import make_entries
from automation.cases.events import JOURNAL
from automation.cases.examiner import Examiner
from automation.cases.headings import fold
from automation.cases.intake import Row
from automation.cases.masking import shorten
from automation.cases.register import Entry
from automation.cases.texts import Texts
from automation.config.kendali import read_kendali
from automation.config.kinds import text
from automation.config.settings import Settings, Source
from automation.config.tables import CATEGORIES, HEADINGS, HOLIDAYS, PLACES, REPAIRS, SETTINGS
from automation.cycle.commits import append, commit_until_done
from automation.cycle.holdings import last_readings, read_links, table_of
from automation.cycle.intake import Outcome, process
from automation.cycle.kendali import Contents, SourceHealth, changes_of, ours
from automation.cycle.opening import Failure, Listed, OpenSource, Progress, failure_of, open_listed
from automation.cycle.registry import Registry
from automation.digests.case_rows import Facts, register_row
from automation.digests.charts import overview
from automation.digests.figures import measures
from automation.digests.flow import passage
from automation.sheets.google.links import spreadsheet_id
from automation.sheets.kendali_looks import list_rows
from automation.sheets.looks.kendali_charts import charts_page
from automation.sheets.port import Snapshot, Workbook
from automation.trouble import Trouble

__all__ = ["Failure", "Report", "Syncer"]

#: Characters of one trouble, and of all, that stand beside a spreadsheet in Sumber.
TROUBLE_SHOWN, STATE_SHOWN = 500, 3000


@dataclass(frozen=True, slots=True)
class Report:
    """What a cycle did. `orphans` are running cases (by ticket) whose rows stood in a spreadsheet to which `Sumber`
    leads no more: nobody reads them; `health` is how each row of Sumber fares."""

    settings: Settings
    outcomes: tuple[Outcome, ...]
    failures: tuple[Failure, ...]
    entries: tuple[Entry, ...]
    orphans: tuple[str, ...]
    health: tuple[SourceHealth, ...]

    @property
    def well(self) -> bool:
        """Whether everything could be done."""
        return not (self.failures or self.settings.problems or any(outcome.troubles for outcome in self.outcomes))

    @property
    def vanished(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """By the spreadsheet's name, the tickets whose rows were found gone in this cycle, and stand nowhere else."""
        gone = {entry.ticket for entry in self.entries if not entry.present}
        found = ((one.name, tuple(dict.fromkeys(filter(gone.__contains__, one.vanished)))) for one in self.outcomes)
        return tuple((name, tickets) for name, tickets in found if tickets)

    @property
    def restored(self) -> tuple[tuple[str, int], ...]:
        """By the spreadsheet's name, how many events it had lost, and got back from Kendali."""
        return tuple((outcome.name, outcome.restored) for outcome in self.outcomes if outcome.restored)

    def row_of(self, ticket: str) -> tuple[str, Row] | None:
        """The spreadsheet's name and the row of a ticket; None where it has none that can be read."""
        rows = ((one.name, judged) for one in self.outcomes for judged in one.judged)
        return next(((name, judged.row) for name, judged in rows if judged.ticket == ticket), None)

    @property
    def missing(self) -> tuple[str, ...]:
        """Running cases (by ticket) whose rows were found gone in an earlier cycle, and have not come back."""
        told = {ticket for _, tickets in self.vanished for ticket in tickets}.union(self.orphans)
        return tuple(
            entry.ticket for entry in self.entries if not (entry.present or entry.status.closed or entry.ticket in told)
        )

    @property
    def renamed(self) -> tuple[tuple[str, str], ...]:
        """Spreadsheets on Google that Sumber calls by another name than they have: that name, and theirs. They are
        found by their link all the same."""
        titles = {outcome.source: outcome.name for outcome in self.outcomes}
        named = ((source.name, titles.get(spreadsheet_id(source.link) or "")) for source in self.settings.sources)
        return tuple((name, title) for name, title in named if title is not None and fold(name) != fold(title))


@dataclass(slots=True)
class Syncer:
    """Runs cycles. It keeps what was examined from one cycle to the next, as long as the rules and the day are the
    same; and when each row of Sumber was last read, which Kendali knows only to the hour while nothing changes."""

    kendali: Workbook
    open_source: OpenSource
    texts: Texts
    _examiner: Examiner | None = None
    _rules_written: object = field(default=None, repr=False)
    read_at: dict[str, datetime] = field(default_factory=dict, init=False, repr=False)

    def sync(self, now: datetime, progress: Progress = lambda *_: None) -> Report:
        """One cycle. Raises `ConfigurationError` when Kendali can't be used, `WorkbookError` when it can't be reached;
        what befalls any other spreadsheet is in the report."""
        # Journals hold whole seconds; what happens now must be the same when it is read again.
        return _Cycle(self, now.replace(microsecond=0), progress).run()

    def examiner(self, snapshot: Snapshot, settings: Settings, now: datetime) -> Examiner:
        """The examiner for these rules and this day: the last one, if they are the same."""
        tabs = (snapshot.tab(title) for title in (SETTINGS, CATEGORIES, PLACES, HOLIDAYS))
        written = [tab.rows if tab is not None else None for tab in tabs]
        if self._examiner is None or self._examiner.today != now.date() or written != self._rules_written:
            self._examiner, self._rules_written = Examiner(settings.rules, now.date()), written
        return self._examiner


@dataclass(slots=True)
class _Turn:
    """A spreadsheet's turn; neither outcome nor failure before it was taken."""

    listed: Listed
    outcome: Outcome | None = None
    failure: Failure | None = None


class _Cycle:
    def __init__(self, syncer: Syncer, now: datetime, progress: Progress) -> None:
        self.kendali, self.open_source, self.texts = syncer.kendali, syncer.open_source, syncer.texts
        self.now, self.progress, self.read_at = now, progress, syncer.read_at
        self.snapshot = self.kendali.read()
        self.settings = read_kendali(self.snapshot, self.texts)
        self.examiner = syncer.examiner(self.snapshot, self.settings, now)
        self.registry = Registry(self._rows(JOURNAL))
        self.readings = last_readings(self.snapshot, now)

    def run(self) -> Report:
        listed, self.unopened = open_listed(self.settings.sources, self.open_source, self.kendali)
        self.turns = [_Turn(one) for one in listed]
        self.registry.listed = [one.workbook.source for one in listed]
        self.registry.all_listed = not self.unopened
        self._take(self.turns, allow_claims=False)
        # Only now is every ticket known that any spreadsheet holds: lanes of numbers can be given, and a row that was
        # moved can be told from a copy.
        self.registry.all_had_their_turn = True
        waiting = [turn for turn in self.turns if turn.outcome and turn.outcome.waiting]
        uncertain = [turn for turn in self.turns if turn.outcome and turn.outcome.uncertain and turn not in waiting]
        self._take([*waiting, *uncertain], allow_claims=True)
        self.registry.retire(self.now)
        self._tell_doubles()
        outcomes = [turn.outcome for turn in self.turns if turn.outcome is not None]
        failures = [*self.unopened, *(turn.failure for turn in self.turns if turn.failure is not None)]
        entries = make_entries(self.registry.cases().values(), self._links(outcomes), self.examiner, self.now)
        rules, today = self.settings.rules, self.now.date()
        cases = [passage(entry) for entry in entries]
        facts = [Facts(case.entry, measures(case, today, rules.calendar), self.texts) for case in cases]
        contents = Contents(
            journal=self.registry.pending_rows(),
            register=[register_row(case) for case in facts],
            repairs=self._repairs(outcomes, everything_read=not failures),
            lists=list_rows(rules.places),
            charts=charts_page(overview(cases, self.now, rules), self.texts),
            health=[self._health(source) for source in self.settings.sources],
            heartbeat=self.settings.heartbeat,
        )
        most = self.kendali.largest_commit
        commit_until_done(self.kendali, self.snapshot, lambda seen: changes_of(seen, contents), ours, most)
        return Report(
            settings=self.settings,
            outcomes=tuple(outcomes),
            failures=tuple(failures),
            entries=tuple(entries),
            orphans=self._orphans(entries),
            health=tuple(contents.health),
        )

    def _take(self, turns: Sequence[_Turn], *, allow_claims: bool) -> None:
        for number, turn in enumerate(turns):
            workbook, source = turn.listed.workbook, turn.listed.source
            self.progress(number, len(turns), source.name)

            def claim(codes: frozenset[str], spreadsheet: str = workbook.source) -> None:
                self._claim(spreadsheet, codes)

            try:
                asked = claim if allow_claims else None
                recipients = self.settings.recipients
                outcome = process(workbook, self.registry, self.examiner, recipients, self.now, asked)
                turn.outcome = outcome.after(turn.outcome) if turn.outcome is not None else outcome
            except Exception as error:
                turn.outcome, turn.failure = None, failure_of(source, source.name, error)
        self.progress(len(turns), len(turns), "")

    def _claim(self, spreadsheet: str, codes: frozenset[str]) -> None:
        """Give a spreadsheet its own lane of numbers for each of these kelurahan: from here on Kendali says so."""
        places = self.settings.rules.places
        before = self.registry.lanes(spreadsheet, places)

        def rows(snapshot: Snapshot) -> list[list[Writable]]:
            self.snapshot = snapshot
            self.registry.take(self._rows(JOURNAL))
            given = self.registry.lanes(spreadsheet, places)
            # Another robot may just have got them for it.
            still = [code for code in codes if given.get(code) == before.get(code)]
            return self.registry.lanes_for({spreadsheet: still}, self.now)

        self.snapshot = append(self.kendali, self.snapshot, JOURNAL, rows)
        self.registry.take(self._rows(JOURNAL))

    def _rows(self, title: str) -> Sequence[Sequence[Value]]:
        tab = self.snapshot.tab(title)
        return tab.rows if tab is not None else ()

    def _orphans(self, entries: Sequence[Entry]) -> tuple[str, ...]:
        if not self.registry.all_listed:  # their spreadsheet may be behind a link that could not be followed
            return ()
        running = (entry for entry in entries if not entry.status.closed)
        return tuple(entry.ticket for entry in running if entry.source not in self.registry.listed)

    def _tell_doubles(self) -> None:
        doubles = self.registry.doubles()
        names = {turn.listed.workbook.source: turn.outcome.name for turn in self.turns if turn.outcome is not None}
        for turn in self.turns:
            if turn.outcome is not None and (other := doubles.get(turn.outcome.source)) is not None:
                trouble = Trouble("siklus.salinan", workbook=turn.outcome.name, other=names.get(other, other))
                turn.outcome = replace(turn.outcome, troubles=(*turn.outcome.troubles, trouble))

    def _links(self, outcomes: Sequence[Outcome]) -> dict[str, str]:
        """Where each case's row is: as read now, and for spreadsheets that could not be read as the register says."""
        links = read_links(self.snapshot)
        for outcome in reversed(outcomes):  # of a case that two hold, the first one's row
            links.update(outcome.links)
        return links

    def _repairs(self, outcomes: Sequence[Outcome], *, everything_read: bool) -> list[list[Writable]]:
        """Rows that wait for a fix; those of spreadsheets that could not be read now stay as they are."""
        rows: list[list[Writable]] = []
        if not everything_read:
            read = {outcome.source for outcome in outcomes}
            rows += [
                [_again(heading, row[heading]) for heading in HEADINGS[REPAIRS]]
                for row in table_of(self.snapshot, REPAIRS)
                if row["Sumber"] not in read
            ]
        for outcome in outcomes:
            rows += [
                [repair.kecamatan, repair.kelurahan, repair.row, repair.check, Link(repair.link), outcome.source]
                for repair in outcome.repairs
            ]
        return rows

    def _health(self, source: Source) -> SourceHealth:
        turns = [turn for turn in self.turns if source in turn.listed.sources]
        outcomes = [turn.outcome for turn in turns if turn.outcome is not None]
        failures = [turn.failure for turn in turns if turn.failure is not None]
        failures += [failure for failure in self.unopened if failure.source is source]
        troubles = [failure.trouble for failure in failures]
        troubles += [trouble for outcome in outcomes for trouble in outcome.troubles]
        state = self._state(troubles)
        if failures:
            read_at, rows, noted = self.readings.get(source.link, (None, None, ""))
            remembered = self.read_at.get(source.link)
            # Once it is noted that it fails, the time beside it names the incident: it stays as it is.
            if remembered is not None and noted != text(state) and (read_at is None or read_at < remembered):
                read_at = remembered
            return SourceHealth(source.link, read_at, rows, state)
        self.read_at[source.link] = self.now
        return SourceHealth(source.link, self.now, sum(len(outcome.judged) for outcome in outcomes), state)

    def _state(self, troubles: Sequence[Trouble]) -> str:
        """What is wrong, a line each, as far as a cell of Sumber should hold it; failures come first."""
        lines: list[str] = []
        for trouble in troubles:
            words = " ".join(self.texts.say(trouble.code, **trouble.particulars).split())
            if sum(map(len, lines)) + len(words) > STATE_SHOWN:
                lines.append(self.texts.say("siklus.dan-lagi", banyak=len(troubles) - len(lines)))
                break
            lines.append(shorten(words, TROUBLE_SHOWN))
        return "\n".join(lines) or self.texts.say("siklus.baik")


def _again(heading: str, value: Value) -> Writable:
    """A cell of Perbaikan as it was written before."""
    if isinstance(value, (int, float)):
        return int(value)
    words = str(value or "")
    return Link(words) if heading == "Tautan" else words
