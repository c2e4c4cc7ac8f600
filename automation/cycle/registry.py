"""What is known of all spreadsheets during a cycle: every event, every case, and the lanes of numbers."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime

from automation.cases.archive import Archive
from automation.cases.codec import Damaged, Decoder, Numbered, newer_format, signed
from automation.cases.copies import Journal, compared, counting
from automation.cases.elsewhere import Elsewhere, Others
from automation.cases.erasure import WORDLESS, Taken, without_old_words
from automation.cases.event_details import Details, Told
from automation.cases.events import CASE_KINDS, JOURNAL, Event, EventKind, Key
from automation.cases.journal import Case, fold
from automation.cycle import second_copy
from automation.cycle.second_copy import Lanes
from automation.model.bulk import in_bulk
from automation.model.cells import Writable
from automation.model.tickets import is_exact
from automation.sheets.port import Snapshot, Workbook
from automation.trouble import WorkbookError

#: A spoiled event's number counts up to so far above the last sound one; an event names at most so many altered rows.
_NEAR, _TOLD_AT_ONCE = 100_000, 200


class Registry:
    """The second copy of the journals, by spreadsheet, and what has been learned since it was read. `listed` are the
    spreadsheets that `Sumber` leads to now; `all_listed`: those are all, because every link could be followed;
    `all_had_their_turn`: each of them was read, or can't be."""

    def __init__(
        self, kendali: Snapshot, until: datetime | None = None, decoder: Decoder | None = None, *, whole: bool = False
    ) -> None:
        """With `until`, only what had happened by then; `whole`: also what was put away."""
        self._until, self._whole, self._decoder = until, whole, decoder or Decoder()
        self._years: dict[str, list[Event]] = defaultdict(list)
        self._events: dict[str, dict[Key, Event]] = defaultdict(dict)
        self.lanes, self.taken = Lanes(), Taken(set(), {}, set())
        self._cases: dict[str, dict[str, Case]] = {}
        self._pending: dict[str, list[Event]] = defaultdict(list)
        self._moved: list[tuple[datetime, str, str, str]] = []  # when which ticket moved in, where, whence
        self._read: dict[str, Collection[str]] = {}  # the spreadsheets read in this cycle, and the tabs that were not
        self._proven: set[str] = set()  # versions of assumptions
        self._spoiled: dict[str, dict[str, int]] = defaultdict(dict)  # altered rows of the copy, by mark
        self._told: dict[str, dict[str, datetime]] = defaultdict(dict)  # marks of altered rows, and when journalled
        self.last: dict[str, int] = defaultdict(int)  # the highest number of an event, whatever became of it
        #: Tickets that any event names, even an altered one, or that are noted: none is issued to another row again.
        self._tickets: set[str] = set()
        self._where: dict[str, str] = {}  # the only spreadsheet that knows a ticket; empty if several do
        self.filed: dict[str, dict[Key, Event]] = defaultdict(dict)  # by table
        self._before = datetime.min.replace(tzinfo=UTC)  # words that were corrected earlier are not kept
        self._rows: object = None  # the rows of the copy that were last taken in
        self.listed: Collection[str] = ()
        self.all_listed = self.all_had_their_turn = False
        self.refresh(kendali)
        self._first = frozenset(self._events)  # what comes later may be in a spreadsheet that was listed since

    @in_bulk
    def refresh(self, kendali: Snapshot) -> bool:
        """Take in what the copy says; whether it has news of a case. Raises `ConfigurationError` for a newer one."""
        if (rows := kendali.rows(JOURNAL)) is self._rows:
            return False
        self._rows = rows
        second_copy.refuse_newer(kendali)
        self._noted, news = second_copy.noted_tickets(kendali), False
        self._tickets |= self._noted
        for source, at, event in second_copy.read(kendali, self._decoder, archives=self._whole):
            if isinstance(event, Damaged):
                self._count_as_used(source, event)
                self._spoiled[source] |= {event.mark: at} if event.mark else {}
            elif event.kind is EventKind.SETTING or (self._until is not None and event.at > self._until):
                continue
            elif event.kind is EventKind.FILED:
                self.filed[source][event.key] = event
            elif event.kind is EventKind.PROVEN:
                self._proven.add(str(event.details.get("versi")))
            elif event.kind in (EventKind.LANE, EventKind.FORMAT):
                self.lanes.give(source, event)
            else:
                news = self._add(source, event) or news
        return news

    def has_proof_for(self, workbook: Workbook) -> bool:
        """Whether everything that this workbook assumes of its service has been tried out, and held."""
        return workbook.assumptions is None or str(workbook.assumptions.version) in self._proven

    def has_ended(self, source: str, *, unheard: bool = False) -> bool:
        """Whether a year ended there since the copy was read; `unheard`: only if the event before that is unknown."""
        ended = [one.sequence for one in self._pending[source] if one.kind is EventKind.ARCHIVED]
        heard = {one.sequence for one in self._events[source].values()} if ended and unheard else ()
        return any(not unheard or at - 1 not in heard for at in ended)

    def learn(self, source: str, snapshot: Snapshot) -> Numbered:
        """Take in a spreadsheet's journal, and return it. Events that the second copy lacks are to be copied, but not
        one without a digest that the copy tells differently. Raises `WorkbookError` for what can't be read."""
        if (tab := snapshot.tab(JOURNAL)) is not None and tab.unread and not tab.rows:
            raise WorkbookError("tab.tak-terbaca", workbook=snapshot.name, tab=JOURNAL)
        own = self._decoder.journal(snapshot.rows(JOURNAL))
        if (trouble := newer_format(event for _, event in own)) is not None:
            raise trouble
        known = self._events[source]
        events = [event for _, event in own if isinstance(event, Event) and event.key not in known]
        told = {(event.sequence, event.at): WORDLESS in event.details for event in known.values()} if events else {}
        for event in events:  # if one of the two copies has lost an event's words, the other will lose them too
            again = told.get((event.sequence, event.at))
            if (event.digest or again is not False) and self._add(source, event):
                bare = WORDLESS in event.details or event.ticket in self.taken.erased or (again and not event.digest)
                self._pending[source] += [] if bare and again is not None else [event]
        for spoiled in (one for _, one in own if isinstance(one, Damaged)):
            self._count_as_used(source, spoiled)
        return own

    def settle(self, source: str, cases: dict[str, Case], frozen: Collection[str] = ()) -> None:
        """Take back the cases of a spreadsheet that has been read; nobody knows the rows of its `frozen` tabs."""
        self._cases[source], self._read[source] = cases, frozen

    def _add(self, source: str, event: Event) -> bool:
        events, key = self._events[source], event.key
        if key in events:
            return False
        events[key] = event
        self._cases.pop(source, None)
        self.last[source] = max(self.last[source], event.sequence)
        if event.kind in CASE_KINDS:
            self._tickets.add(event.ticket)
            self._where[event.ticket] = source if self._where.get(event.ticket, source) == source else ""
        if event.kind is EventKind.ERASED:
            self.taken.erased.add(event.ticket)
        elif event.kind is EventKind.ISSUED:
            self.lanes.use(source, event.ticket)
        elif event.kind is EventKind.MOVED_IN:
            self._moved.append((event.at, event.ticket, source, event.details.get("asal", "")))
        elif event.kind in (EventKind.ARCHIVED, EventKind.BACK_FROM_ARCHIVE):
            self._years[source].append(event)
        elif event.kind is EventKind.ALTERED:
            self._told[source] |= dict.fromkeys(event.details.get("tanda", ()), event.at)
        return True

    def _count_as_used(self, source: str, spoiled: Damaged) -> None:
        if spoiled.sequence < self.last[source] + _NEAR:  # otherwise people made it up
            self.last[source] = max(self.last[source], spoiled.sequence)
        self.note_used(source, [spoiled.ticket] if is_exact(spoiled.ticket) else ())

    def note_used(self, source: str, tickets: Iterable[str]) -> None:
        """Take in tickets that a spreadsheet has issued, whether or not an event tells of them."""
        self._tickets.update(tickets)
        for ticket in tickets:
            self.lanes.use(source, ticket)

    def journal(self, source: str, own: Numbered) -> Journal:
        """The whole journal of a spreadsheet whose tab holds `own`, with its cases, handed over until `settle`. What an
        old version lacks has happened all the same; what people changed in one copy counts as in the other."""
        events, since, cases = self._counting(source), self.archive(source).since, self._cases.pop(source, None)
        altered, lacking = compared([(at, one) for at, one in own if not one.sequence or one.sequence >= since], events)
        ended = max((self.archive(one).numbers for one in self._years), default=0)
        years = ended, {one.ticket for _, one in own} if ended else ()
        told = [self.taken.left_of(source, one) for one in lacking], self._untold(source, altered)
        return Journal(cases or fold(events), *told, self._tickets, self.last[source], self.taken.erased, *years)

    def archive(self, source: str) -> Archive:
        """What a spreadsheet has put away."""
        return Archive.of(self._years[source]) if source in self._years else Archive()

    def _counting(self, source: str) -> list[Event]:
        since = 0 if self._whole else self.archive(source).since
        events, outdated = counting(self._events[source])  # those before `since`, too, must lose their words
        self.taken.outdated.update({(source, key): event for key, event in outdated.items()})
        return [event for event in events if event.sequence >= since] if since else events

    def forget(self, before: datetime, only: str = "") -> None:
        """No longer keep words that were corrected up to `before`; with `only`, in that spreadsheet alone."""
        self._before, moved = before, sorted(one for one in self._moved if one[0] <= before)
        for source, events in [(only, self._events[only])] if only else self._events.items():
            cases, since = self.cases_of(source) if moved else {}, self.archive(source).since
            here = {one.ticket for one in events.values() if one.sequence >= since} if moved else ()  # else put away
            left = {ticket: at for at, ticket, to, _ in moved if to != source}
            gone = {one: at for one, at in left.items() if one not in here or (one in cases and not cases[one].present)}
            for bare in [*without_old_words(events.values(), before, gone)]:
                self._add(source, bare)

    def _untold(self, source: str, altered: Mapping[str, int]) -> list[Details]:
        told, found = self._told[source], list[Details]()
        for rows, in_copy in ((altered, False), (self._spoiled[source], True)):
            self.taken.marks.update(mark for mark in rows if mark in told and told[mark] <= self._before)
            new = [mark for mark in rows if mark not in told]
            for part in (new[begin : begin + _TOLD_AT_ONCE] for begin in range(0, len(new), _TOLD_AT_ONCE)):
                found.append({"baris": [rows[mark] for mark in part], "tanda": part, "salinan": in_copy})
        return found

    def number_rows(self) -> list[list[Writable]]:
        """The highest numbers, to note beside the copy; worked out anew only if there are events to copy."""
        return second_copy.number_rows((not any(self._pending.values()) and self._noted) or self._tickets)

    def pending_rows(self) -> list[list[Writable]]:
        """The events that Kendali's `Riwayat` does not have yet, as its rows."""
        pending = ((source, event) for source, events in self._pending.items() for event in events)
        rows = ((source, event) for source, event in pending if event.sequence >= self.archive(source).since)
        return [second_copy.row_of(source, self.taken.left_of(source, event)) for source, event in rows]

    def cases_of(self, source: str) -> dict[str, Case]:
        """The cases of one spreadsheet, by ticket."""
        if source not in self._cases:
            self._cases[source] = fold(self._counting(source))
        return self._cases[source]

    def events(self) -> dict[str, list[Event]]:
        """All events of each spreadsheet, from which its cases are made."""
        return {source: [*events.values()] for source, events in self._events.items()}

    @in_bulk
    def cases(self) -> dict[str, tuple[str, Case]]:
        """All cases by ticket, with the spreadsheet where each lives: where its row is, or was last seen."""
        merged: dict[str, tuple[str, Case]] = {}
        for source in [*self._events]:
            for ticket, case in self.cases_of(source).items():
                if (rival := merged.get(ticket)) is None or case.last_seen > rival[1].last_seen:
                    merged[ticket] = (source, case)
        return merged

    def elsewhere(self, source: str) -> Elsewhere:
        """What all other spreadsheets hold. Cases of a spreadsheet that is no longer listed may be taken over: their
        rows were moved, and nobody will ever see that they are gone from there."""
        others = Others(source, self._where, self._events, self.cases_of, self._read, self.unlisted())
        went, to_come = {one for _, one, _, origin in self._moved if origin == source}, not self.all_had_their_turn
        ended = any(map(self.has_ended, [*self._pending]))
        return Elsewhere(others, others.held, went=went, to_come=to_come, ended=ended, source=source)

    def unlisted(self) -> list[str]:
        return sorted(self._first.difference(self.listed)) if self.all_listed else []

    def retire(self, now: datetime) -> None:
        """Journal as gone the rows of spreadsheets that are no longer listed (deleted, renamed, replaced by a copy), or
        they would stay in the register for ever. For closed cases only if another spreadsheet holds them now."""
        here = {ticket for source in self.listed for ticket in self.cases_of(source)}
        for source in self.unlisted():
            cases = self.cases_of(source).values()
            gone = [case for case in cases if case.present and (case.ticket in here or not case.status.closed)]
            told = ((case.ticket, EventKind.VANISHED, {"tab": case.tab}) for case in gone)
            for event in map(signed, self.numbered(source, told, now)):
                self._add(source, event)
                self._pending[source].append(event)

    def numbered(self, source: str, told: Iterable[Told], now: datetime) -> list[Event]:
        """The events of a spreadsheet that tell this, with the numbers after its last one."""
        return [Event(number, now, *one) for number, one in enumerate(told, start=self.last[source] + 1)]
