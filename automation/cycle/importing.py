"""Imports an old list into an intake tab: finds the tab, decides which rows it lacks, and appends them. Appended rows
have no ticket; the next cycle treats them as if people had typed them. Nothing in the tab is overwritten. If we crash
in between, or somebody else is at work, a second run adds what is still lacking."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace
from rapidfuzz import fuzz, process

from automation.cases.erasure import traces
from automation.cases.events import JOURNAL, Event, EventKind
from automation.cases.one_matter import seem_there
from automation.config.defaults import load_lapor
from automation.config.kendali import read_kendali
from automation.cycle import second_copy
from automation.cycle.commit import Displaced, commit
from automation.cycle.imported import Correction, columns, corrected, kept_profiles, remember
from automation.cycle.kendali import is_kendali
from automation.cycle.registry import Registry
from automation.cycle.sources import Failure, Listed, Progress, failure_of, open_listed
from automation.cycle.sync import Syncer
from automation.importing.layout import Finder, Incoming, KnownRow, Layout, changed, known_rows, missing, near_misses
from automation.importing.old_list import OldList, check_days
from automation.importing.profiles import Profile, kept_row, profile_for, said_before
from automation.importing.translation import Translation, translate
from automation.model.cells import Part, fold
from automation.model.complaint import Complaint, Status
from automation.reading.headings import Said
from automation.reading.tabs import Intake, IntakeTab, Row, read_intake
from automation.sheets.port import Changes, ReadRequest, Snapshot, Workbook
from automation.tables.intake import DATE_RIGHT, KELURAHAN
from automation.tables.table import YES
from automation.trouble import ConfigurationError, Trouble, WorkbookError

_ALIKE, _MOST_NAMED = 60.0, 5  # from this likeness (of 100) on a tab may have been meant; how many such are named


class Target(Struct, frozen=True, dict=True):
    """The tab that the rows are imported into, in its spreadsheet as it was read."""

    workbook: Workbook
    snapshot: Snapshot
    intake: Intake
    tab: IntakeTab

    @cached_property
    def layout(self) -> Layout:
        """Where the tab's columns are."""
        return Layout(self.snapshot.by_key[self.tab.key], self.tab)

    def standing(self, label: str) -> list[KnownRow]:
        """The rows of the spreadsheet that are not blank."""
        return known_rows([row for row in self.intake.rows if not row.blank], self.snapshot.by_key, label)


class ImportPlan(Struct, frozen=True):
    """What the import would do: `rows` to append, each with how it will be understood, and how many of them are `late`
    at once; `already`: rows of the list that stand in the spreadsheet, with their number in the list; `corrections`:
    what those say differently by now; `shelved`: likewise, of rows in tabs that a year has put away, where nobody
    reads; `alike`: by number in the list, a case that likely tells of the same; `nearly`: as `already`, but the row
    there differs in one cell that identifies it; `erased`: numbers in the list of rows whose words were erased."""

    target: Target
    old: OldList
    profile: Profile
    translation: Translation
    rows: tuple[tuple[Incoming, Complaint], ...]
    already: tuple[tuple[str, Row], ...]
    corrections: tuple[Correction, ...]
    shelved: tuple[Correction, ...]
    late: int
    alike: Mapping[str, str]
    nearly: tuple[tuple[str, Row], ...]
    erased: tuple[str, ...]


class TakingIn:
    """Imports one list. Raises `ConfigurationError` and `WorkbookError` for Kendali."""

    def __init__(self, syncer: Syncer, now: datetime) -> None:
        self.kendali, self.open_source, self.now = syncer.kendali, syncer.open_source, now
        snapshot = self.kendali.read()
        self.settings = read_kendali(snapshot, syncer.texts)
        self.registry = Registry(snapshot, decoder=syncer.decoder)
        told = (event for _, _, event in second_copy.read(snapshot, syncer.decoder, archives=True))
        lost = (one for one in told if isinstance(one, Event) and one.kind is EventKind.ERASED)
        self.erased = frozenset(" ".join(one.details.get("asal", "") for one in lost).split())  # see `traces`
        self.examiner = syncer.examiner(snapshot, self.settings, now)
        self.places = self.settings.rules.places
        self.profiles, self.unread = kept_profiles(snapshot)

    def find(self, title: str, spreadsheet: str = "", progress: Progress = lambda *_: None) -> Target:
        """The tab with this title, or of the kelurahan with this name, in the spreadsheet that Sumber, or its owner,
        calls `spreadsheet`; in any, if that is empty. Raises `ConfigurationError` if there is none, or several."""
        listed, failures = open_listed(self.settings.sources, self.open_source, self.kendali)
        named = [one for one in listed if spreadsheet and fold(one.source.name) == fold(spreadsheet)]
        read = [*self._read(named or listed, failures, progress)]
        if spreadsheet and not named:
            known = [snapshot.name for _, snapshot, _ in read]
            read = [one for one in read if fold(one[1].name) == fold(spreadsheet)]
            if not read:
                raise self._not_found("spreadsheet", spreadsheet, known, failures)
        targets = [Target(*one, tab) for one in read for tab in self._tabs(title, *one)]
        if len(targets) > 1:
            names = ", ".join(f"“{target.tab.title}” ({target.snapshot.name})" for target in targets)
            raise ConfigurationError(Trouble("impor.tab-ganda", tab=title, ada=names))
        if not targets:
            titles = [tab.title for *_, intake in read for tab in intake.tabs]
            raise self._not_found("tab", title, titles, failures)
        return targets[0]

    def _read(
        self, listed: Sequence[Listed], failures: list[Failure], progress: Progress
    ) -> Iterable[tuple[Workbook, Snapshot, Intake]]:
        for number, one in enumerate(listed):
            progress(number, len(listed), one.source.name)
            try:
                snapshot = one.workbook.read()
                self.registry.learn(one.workbook.source, snapshot)  # raises for one of a later version
            except Exception as error:
                failures.append(failure_of(one.source, error))
                continue
            if not is_kendali(snapshot):
                yield one.workbook, snapshot, self._intake(one.workbook, snapshot)

    def _tabs(self, title: str, workbook: Workbook, snapshot: Snapshot, intake: Intake) -> list[IntakeTab]:
        """The tabs with this title that are read. Raises `ConfigurationError` for one whose headings can't be read."""
        for unread in intake.frozen:
            if fold(unread) == fold(title):
                trouble = next((one for one in intake.troubles if one.particulars.get("tab") == unread), None)
                nothing = Trouble("impor.tab-tanpa-judul", tab=unread, spreadsheet=snapshot.name)
                raise ConfigurationError(trouble or nothing)
        live = [tab for tab in intake.tabs if tab.key not in self.registry.archive(workbook.source).tabs]
        exact = [tab for tab in live if fold(tab.title) == fold(title)]
        return exact or [tab for tab in live if tab.place is not None and tab.place == self.places.find(title)]

    @staticmethod
    def _not_found(what: str, name: str, known: Sequence[str], failures: Sequence[Failure]) -> ConfigurationError:
        near = process.extract(name, known, scorer=fuzz.WRatio, processor=fold, score_cutoff=_ALIKE, limit=_MOST_NAMED)
        shown = ", ".join(f"“{found}”" for found in dict.fromkeys([found for found, *_ in near] or known[:_MOST_NAMED]))
        causes = [Trouble(f"impor.{what}-{'mirip' if near else 'asing'}", nama=name, ada=shown or "-")]
        return ConfigurationError(*causes, *(failure.trouble for failure in failures))

    def _intake(self, workbook: Workbook, snapshot: Snapshot) -> Intake:
        journal, away = snapshot.tab(JOURNAL), self.registry.archive(workbook.source).tabs
        tabs = [tab for tab in snapshot.tabs if tab is not journal]
        # A row that went along with a year is found first in the tab that is still read.
        return read_intake(sorted(tabs, key=lambda tab: tab.key in away), self.places, snapshot.name)

    def plan(
        self, target: Target, old: OldList, said: Said | None = None, words: Mapping[str, str] | None = None
    ) -> ImportPlan:
        """What importing the list into this tab would do, with what was `said` of its headings, and of its `words`.
        Raises `ConfigurationError` where days would be misread."""
        profile = profile_for(old, self.profiles, load_lapor())
        profile = replace(profile, said={**profile.said, **(said or {})}, words={**profile.words, **(words or {})})
        old = old.understood(profile.said)
        check_days(old)
        translation = translate(old, target.layout, self.settings.rules, profile)
        erased = [row for row in translation.rows if self.erased and not self.erased.isdisjoint(traces(row.people))]
        translation.rows = [row for row in translation.rows if row not in erased]
        known = Finder(stand := target.standing(old.reference))
        found = [(row, stands) for row in translation.rows if (stands := known.find(row)) is not None]
        already = [(row.number, stands.row) for row, stands in found]
        away = self.registry.archive(target.workbook.source).tabs
        found = [one for one in found if one[1].row.ticket_text not in self.registry.taken.erased]
        differ = [(row, stands, says) for row, stands in found if (says := changed(row, stands))]
        corrections, shelved = (
            tuple(one for one in differ if (one[1].row.tab.key in away) is gone) for gone in (False, True)
        )
        numbers, there = {number for number, _ in already}, {row.place for _, row in already}
        tab, new = target.tab, [row for row in translation.rows if row.number not in numbers]
        nearly = dict(near_misses(new, (one for one in stand if one.row.place not in there)))
        rows = [(row, self.examiner.examine(row.people, tab.place, tab.has(KELURAHAN))) for row in new]
        late = sum(self._is_late(complaint) for _, complaint in rows)
        cases = ((row.ticket_text, self.examiner.row(row)) for row in target.intake.rows if row.ticket_text)
        news = [(row.number, one) for row, one in rows if row.number not in nearly]
        told = tuple(rows), tuple(already), corrections, shelved, late, seem_there(news, cases, self.settings.rules)
        without = tuple(row.number for row in erased)
        return ImportPlan(target, old, profile, translation, *told, tuple(nearly.items()), without)

    def _is_late(self, complaint: Complaint) -> bool:
        if complaint.received is None or complaint.received > self.now.date():
            return False
        statuses = [(self.now, complaint.status or Status.NEW)]
        return self.examiner.clock(complaint, complaint.received, statuses, None)[0].days_late > 0

    def append(self, plan: ImportPlan, *, vouched: bool = False) -> int:
        """Append the rows; `vouched`: somebody says that their days of receipt are right. Returns how many rows do not
        stand there as they should, because somebody moved columns or typed into them at that very moment."""
        workbook, label = plan.target.workbook, plan.old.reference
        numbers = {incoming.number for incoming, _ in plan.rows}
        rules, kinds, translated = self.settings.rules, plan.target.layout.kinds, [row for row, _ in plan.rows]

        def lacking(seen: Snapshot) -> tuple[Target, list[Incoming]]:
            target, rows = self._again(plan.target, seen), translated
            if target.layout.kinds != kinds:  # people have added a column, or taken one away
                found = translate(plan.old, target.layout, rules, plan.profile).rows
                rows = [row for row in found if row.number in numbers]
            return target, missing(rows, target.standing(label))

        def wanted(seen: Snapshot) -> Changes:
            target, rows = lacking(seen)
            # Headings first, so that the rows are laid out by those that stand there then.
            if headings := target.layout.making(rows):
                return Changes(cells=headings)
            if vouched and target.tab.has(DATE_RIGHT):
                rows = [replace(row, ours={**row.ours, DATE_RIGHT: YES}) for row in rows]
            return Changes(appends={target.tab.title: [*map(target.layout.lay_out, rows)]})

        left = commit(workbook, plan.target.snapshot, wanted, columns=columns, most=workbook.largest_commit)
        seen = workbook.read(ReadRequest(lambda _: Part.ALL))
        return len(lacking(seen)[1]) if seen.tabs != left.tabs else 0

    def correct(self, plan: ImportPlan) -> None:
        """Write what the list says differently into the rows that came from it."""
        workbook, displaced = plan.target.workbook, Displaced()

        def wanted(seen: Snapshot) -> Changes:
            standing = self._again(plan.target, seen).standing(plan.old.reference)
            return corrected(plan.corrections, displaced, seen, standing)

        commit(workbook, workbook.read(), wanted, columns=columns, most=workbook.largest_commit)

    def remember(self, old: OldList, said: Said, words: Mapping[str, str], file: str) -> None:
        """Keep what was `said` of the headings of a list, and of its words, in Kendali for the next list from there."""
        before, words_before = said_before(old, self.profiles)
        remember(self.kendali, kept_row(old, {**before, **said}, {**words_before, **words}, file))

    def _again(self, target: Target, seen: Snapshot) -> Target:
        self.registry.learn(target.workbook.source, seen)  # a year may have ended meanwhile
        intake, tab = self._intake(target.workbook, seen), target.tab
        found = [one for one in intake.tabs if one.key == tab.key or one.title == tab.title]
        found.sort(key=lambda one: one.key != tab.key)
        if not found or found[0].key in self.registry.archive(target.workbook.source).tabs:
            raise WorkbookError("impor.tab-berubah", tab=tab.title, spreadsheet=seen.name)
        return Target(target.workbook, seen, intake, found[0])
