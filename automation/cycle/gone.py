"""The operator's answers to a row that is gone: put it back, or close its case without it. A cycle before finds out how
all stands; one after recognises a row that was put back like any other, even if we crash right after it was written.
Between them everything is decided on the snapshot that the commit is fenced by."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property, partial

from msgspec.structs import replace

from automation.cases.archive import is_put_away, title_of
from automation.cases.event_details import Told
from automation.cases.events import Event, EventKind
from automation.cases.gone import closing, is_back, row_of, tab_for
from automation.cases.journal import Case
from automation.cases.plausible import Asked
from automation.config.kendali import read_kendali
from automation.cycle import second_copy
from automation.cycle.carrying import carried_events
from automation.cycle.commit import commit, journalled
from automation.cycle.registry import Registry
from automation.cycle.sources import open_listed
from automation.cycle.sync import Report, Syncer
from automation.model.cells import Writable
from automation.model.tickets import unknown
from automation.reading.tabs import Intake, peoples, read_intake
from automation.sheets.port import Changes, Snapshot, combined
from automation.trouble import Trouble, WorkbookError


class GoneCases:
    """The cases as they stand after the cycle of `report`. Raises what reading Kendali raises."""

    def __init__(self, syncer: Syncer, report: Report, now: datetime) -> None:
        self.kendali, self.report, self.now = syncer.kendali, report, now.replace(microsecond=0)
        self.snapshot = self.kendali.read()
        settings = read_kendali(self.snapshot, syncer.texts)
        self.examiner = syncer.examiner(self.snapshot, settings, now)
        self.places = settings.rules.places
        self.registry = Registry(self.snapshot, decoder=syncer.decoder)
        listed, self.unopened = open_listed(settings.sources, syncer.open_source, self.kendali)
        self.workbooks = {one.workbook.source: one.workbook for one in listed}
        self.registry.listed = tuple(self.workbooks)
        self.registry.all_listed = settings.all_linked and not self.unopened
        self.names = {one.workbook.source: one.source.name for one in listed}
        self.names |= {outcome.source: outcome.name for outcome in report.outcomes}
        self._cases = self.registry.cases()
        self._read: dict[str, Snapshot] = {}

    def restore(self, tickets: Sequence[str]) -> dict[str, Trouble]:
        """Put the rows of these cases back, each below the last one of its tab. Returns the troubles, by ticket."""
        troubles: dict[str, Trouble] = {}
        rows: dict[str, list[Case]] = defaultdict(list)  # by the spreadsheet that gets them
        for ticket in dict.fromkeys(tickets):
            try:
                if self.known(ticket)[1].erased:
                    raise Trouble("kasus.dihapus", tiket=ticket)
                source, case = self._find(ticket)
                rows[self._home(source, case)].append(case)
            except Trouble as error:
                troubles[ticket] = error
        for source, cases in rows.items():
            workbook = self.workbooks[source]
            wanted = partial(self._missing, source, cases)
            try:
                commit(workbook, self.read(source), wanted, most=workbook.largest_commit)
            except WorkbookError as error:
                troubles |= {case.ticket: error for case in cases}
        return troubles

    def _home(self, source: str, case: Case) -> str:
        """The spreadsheet that gets the row: the case's own; else the one that continues it after a year; else the
        first one with a tab for its kelurahan; else one with any tab for it."""
        found = dict[str, tuple[bool, bool]]()
        for candidate in sorted(self.workbooks, key=lambda other: other != source):
            try:
                intake = self.intake(self.read(candidate), candidate)
            except WorkbookError:
                if candidate == source:
                    raise
                continue
            if candidate == source and case.tab in intake.frozen:  # its row may stand in it
                told = {"tiket": case.ticket, "spreadsheet": self.names[source], "tab": case.tab}
                raise WorkbookError("kasus.tab-tak-terbaca", **told)
            on = self._goes_on(source, candidate)
            if (tab := tab_for(case, intake.tabs, home=on)) is not None:
                if candidate == source:
                    return candidate
                found[candidate] = not on, tab.place is None
        if found:
            return min(found, key=found.__getitem__)
        place, years = self.places.by_code.get(case.kelurahan), self.registry.archive(source).years
        name = place.name if place is not None else case.tab
        title = title_of(name, years[-1] + 1) if years else name  # the tab without a year is no longer read
        raise Trouble("kasus.tanpa-tab", tiket=case.ticket, kelurahan=name, tab=title)

    def _goes_on(self, source: str, other: str) -> bool:
        """Whether the cases of spreadsheet `source` stand in spreadsheet `other` by now, which may be the same one."""
        return other == source or any(case.came_from == source for case in self.registry.cases_of(other).values())

    def _missing(self, source: str, cases: Sequence[Case], seen: Snapshot) -> Changes:
        """The rows to append, for cases that have none by now, whoever put it there. For a case that was put away also
        all that is known of it, or its row would count as a new case."""
        own = self._learn(source, seen)
        intake = self.intake(seen, source)
        rows: dict[str, list[Sequence[Writable]]] = defaultdict(list)
        told = list[Told]()
        for case in cases:
            known, holder = own.get(case.ticket), self.known(case.ticket)[0]
            tab = tab_for(case, intake.tabs, home=self._goes_on(holder, source))
            if (known is None or not known.present) and tab is not None and not is_back(case, intake.rows, self._cases):
                rows[tab.title].append(row_of(case, tab, self.places.by_code.get(case.kelurahan)))
                if case.ticket in self.put_away:
                    back, origin = replace(case, present=True), "" if holder == source else holder
                    told += carried_events(back, tab.title, self.now.year - 1, origin=origin)
        return combined(Changes(appends=rows), journalled(seen, self.registry.numbered(source, told, self.now)))

    def close(self, ticket: str, reason: str) -> bool:
        """Close the case as unresolved; returns whether the reason is kept, as it is not if the case is erased. If its
        spreadsheet is no longer listed, only Kendali's copy of the journal says so. Raises `Trouble` if it can't."""
        source, case = self._find(ticket)
        self._closing(source, case, reason)  # refuses what is closed

        def in_spreadsheet(seen: Snapshot) -> Changes:
            if (case := self._learn(source, seen).get(ticket)) is None:  # its year is just being ended
                raise WorkbookError("siklus.terlalu-ramai", workbook=seen.name)
            if case.present or is_back(case, self.intake(seen, source).rows, self._cases):
                raise Trouble("kasus.kembali", tiket=ticket, spreadsheet=self.names[source])
            return journalled(seen, self._closing(source, case, reason))

        def in_copy(seen: Snapshot) -> Changes:
            self.registry.refresh(seen)
            holder, case = self.registry.cases()[ticket]
            if holder != source:
                raise Trouble("kasus.kembali", tiket=ticket, spreadsheet=self.names.get(holder, holder))
            return second_copy.journalled(seen, source, self._closing(source, case, reason))

        if (workbook := self.workbooks.get(source)) is None:
            commit(self.kendali, self.snapshot, in_copy, once=True)
        else:
            commit(workbook, self.read(source), in_spreadsheet, once=True)
        return not case.erased

    def confirm_date(self, ticket: str) -> date:
        """Let the typed day of receipt that is asked about count; returns it. Raises `Trouble` if there is none."""
        source, _ = self.known(ticket)
        if source not in self.workbooks:
            raise WorkbookError("kasus.sumber-tak-terbaca", tiket=ticket, sumber=self.names.get(source, source))

        def wanted(seen: Snapshot) -> Changes:
            cases = self._learn(source, seen)
            details = Asked(cases).vouch(cases[ticket]) if ticket in cases else None  # put away
            if details is None:
                raise Trouble("kasus.tidak-ditanya", tiket=ticket)
            answer = [(ticket, EventKind.DATE_CONFIRMED, details)]
            return journalled(seen, self.registry.numbered(source, answer, self.now))

        day = self.known(ticket)[1].said_received
        commit(self.workbooks[source], self.read(source), wanted, once=True)
        return day

    def _closing(self, source: str, case: Case, reason: str) -> list[Event]:
        """The events; where nobody reads any more, also that the row is gone. Raises `Trouble` if closed already."""
        if case.closed_at is not None:
            since = f"{case.closed_at:%d/%m/%Y}"
            raise Trouble("kasus.sudah-ditutup", tiket=case.ticket, status=case.status.value, tanggal=since)
        gone = [(case.ticket, EventKind.VANISHED, {"tab": case.tab})] if case.present else []
        events = self.registry.numbered(source, gone, self.now)
        return [*events, closing(case, reason, self.registry.last[source] + len(events) + 1, self.examiner, self.now)]

    @cached_property
    def whole(self) -> Registry:
        """The registry with all years that were put away."""
        away = any(is_put_away(tab.title) for tab in self.snapshot.tabs)
        return Registry(self.snapshot, whole=True) if away else self.registry

    @cached_property
    def put_away(self) -> dict[str, tuple[str, Case]]:
        """The cases of years that were put away, marked as if their rows were gone: nobody looks for them."""
        ended = ((ticket, one) for ticket, one in self.whole.cases().items() if ticket not in self._cases)
        return {ticket: (source, replace(case, present=False)) for ticket, (source, case) in ended}

    def _find(self, ticket: str) -> tuple[str, Case]:
        """The case, and where its row was last seen. Raises `Trouble` if it is unknown, or its row may not be gone."""
        found = source, case = self.known(ticket)
        if source in self.workbooks:
            if case.present:
                raise self._present(source, case)
        elif not self.registry.all_listed:  # or the link was emptied
            names = ", ".join(failure.source.name for failure in self.unopened) or source
            raise WorkbookError("kasus.sumber-tak-terbaca", tiket=ticket, sumber=names)
        return found

    def known(self, ticket: str) -> tuple[str, Case]:
        """The spreadsheet and the case of a ticket. Raises `Trouble` if it is unknown."""
        if (found := self._cases.get(ticket) or self.put_away.get(ticket)) is None:
            raise unknown(ticket, [*self._cases, *self.put_away])
        return found

    def _present(self, source: str, case: Case) -> Trouble:
        """The trouble that says where the row stands, or stood, if its tab or spreadsheet can't be read now."""
        if (found := self.report.row_of(case.ticket)) is None:
            return WorkbookError("kasus.tak-pasti", tiket=case.ticket, spreadsheet=self.names[source], tab=case.tab)
        name, row = found
        return Trouble("kasus.masih-ada", tiket=case.ticket, spreadsheet=name, tab=row.tab.title, baris=row.number + 1)

    def read(self, source: str) -> Snapshot:
        """A spreadsheet as it was when first read."""
        if source not in self._read:
            self._read[source] = self.workbooks[source].read()
        return self._read[source]

    def intake(self, snapshot: Snapshot, source: str | None = None) -> Intake:
        """The rows of a spreadsheet; with its `source`, without those that are put away."""
        tabs = peoples(snapshot.tabs)
        live = tabs if source is None else self.registry.archive(source).live(tabs)
        return read_intake(live, self.places, snapshot.name)

    def _learn(self, source: str, seen: Snapshot) -> dict[str, Case]:
        """The cases of a spreadsheet as its own journal and Kendali's copy of it tell now."""
        self.registry.learn(source, seen)
        return self.registry.cases_of(source)
