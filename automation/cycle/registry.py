"""What Kendali knows of all spreadsheets while a cycle runs: every event, every case, and the lanes of numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import NamedTuple

from automation.cases.elsewhere import Elsewhere
from automation.cases.events import JOURNAL, Decoder, Event, EventKind, decode_journal, newer_format
from automation.cases.journal import Case, fold
from automation.cycle import second_copy
from automation.model.bulk import in_bulk
from automation.model.cells import Writable
from automation.model.places import Places
from automation.model.tickets import LANE_WIDTH, lane_of, prefix_of
from automation.sheets.port import Snapshot, Workbook

#: What tells an event from any other of its spreadsheet. Two robots, or a restored spreadsheet, may have used a number
#: of the journal twice; what happened has happened all the same.
Key = tuple[int, str, EventKind]
#: A kelurahan as its tickets name it (``0503``), and the number after which a lane begins.
Lane = tuple[str, int]


class Journal(NamedTuple):
    """The `events` of a spreadsheet in their order, those of them that it has `lost`, and the `cases` they come to."""

    events: Sequence[Event]
    lost: Sequence[Event]
    cases: dict[str, Case]


class Registry:
    """The second copy of the journals, by spreadsheet, and what has been learned since it was read.

    `listed` are the spreadsheets that `Sumber` leads to now; `all_listed` tells whether those are all, because every
    link could be followed; `all_had_their_turn` that each was read, or can't be.
    """

    def __init__(self, kendali: Snapshot, until: datetime | None = None) -> None:
        """With `until`, only what had happened by then."""
        self._until = until
        self._decoder = Decoder()
        self._events: dict[str, dict[Key, Event]] = defaultdict(dict)
        self._given: dict[str, dict[Lane, str]] = defaultdict(dict)  # and to which kelurahan, by its whole code
        self._used: dict[str, set[Lane]] = defaultdict(set)
        self._cases: dict[str, dict[str, Case]] = {}
        self._pending: dict[str, list[Event]] = defaultdict(list)
        self._read: dict[str, Collection[str]] = {}  # spreadsheets read in this cycle, and what of each was not
        self._proven: set[str] = set()  # versions of assumptions
        self.listed: Collection[str] = ()
        self.all_listed = self.all_had_their_turn = False
        self.refresh(kendali)

    @in_bulk
    def refresh(self, kendali: Snapshot) -> bool:
        """Take in what the copy says (by now): lanes given meanwhile, events copied by another robot. Returns whether
        it has an event that was not known. Raises `ConfigurationError` for a copy of a later version."""
        second_copy.refuse_newer(kendali)
        news = False
        for source, event in second_copy.read(kendali, self._decoder):
            if self._until is not None and event.at > self._until:
                continue
            if event.kind is EventKind.PROVEN:
                self._proven.add(str(event.details.get("versi")))
            elif event.kind is not EventKind.LANE:
                news = self._add(source, event) or news
            elif (given := _lane_in(event)) is not None:
                lane, code = given
                self._given[source][lane] = code
        return news

    def own_journal(self, snapshot: Snapshot) -> list[Event]:
        """What the journal of a spreadsheet says. Raises `WorkbookError` for one of a later version."""
        events = decode_journal(snapshot.rows(JOURNAL), self._decoder)
        if (trouble := newer_format(events)) is not None:
            raise trouble
        return events

    def has_proof_for(self, workbook: Workbook) -> bool:
        """Whether all that this workbook assumes of its service has once been tried out, and held."""
        return workbook.assumptions is None or str(workbook.assumptions.version) in self._proven

    def learn(self, source: str, events: Iterable[Event]) -> None:
        """Take in events that stand in a spreadsheet's journal; those that Kendali lacks are to be copied."""
        self._pending[source] += [event for event in events if self._add(source, event)]

    def settle(self, source: str, cases: dict[str, Case], frozen: Collection[str] = ()) -> None:
        """Take back the cases of a spreadsheet that has been read, from whoever has carried them on. Tabs that are
        `frozen` could not be read, so nobody knows whether their rows still stand there."""
        self._cases[source] = cases
        self._read[source] = frozen

    def _add(self, source: str, event: Event) -> bool:
        events, key = self._events[source], _key(event)
        if key in events:
            return False
        events[key] = event
        self._cases.pop(source, None)
        if event.kind is EventKind.ISSUED:
            self._used[source].add(lane_of(event.ticket))
        return True

    def journal(self, source: str, own: Sequence[Event]) -> Journal:
        """The whole journal of a spreadsheet whose `own` says this, and the cases that it comes to. They are handed
        over: `settle` takes them back.

        A spreadsheet restored to an old version comes back without its newest events; what they tell has happened.
        """
        known = self._events[source]
        present = {_key(event): event for event in own}
        lost = sorted((event for key, event in known.items() if key not in present), key=_sequence)
        events = sorted([*own, *lost], key=_sequence) if lost else list(own)
        cases = self._cases.pop(source, None)
        if cases is None or len(present) < len(own) or any(known[key] is not event for key, event in present.items()):
            cases = fold(events)
        return Journal(events, lost, cases)

    def pending_rows(self) -> list[list[Writable]]:
        """Events that Kendali's `Riwayat` does not have yet, as its rows."""
        return [second_copy.row_of(source, event) for source, events in self._pending.items() for event in events]

    def last_sequence(self, source: str) -> int:
        """The number of the last event of a spreadsheet that is known; 0 where none is."""
        return max((event.sequence for event in self._events[source].values()), default=0)

    def cases_of(self, source: str) -> dict[str, Case]:
        """The cases of one spreadsheet by ticket."""
        if source not in self._cases:
            self._cases[source] = fold(sorted(self._events[source].values(), key=_sequence))
        return self._cases[source]

    @in_bulk
    def cases(self, without: str | None = None) -> dict[str, tuple[str, Case]]:
        """All cases with the spreadsheet where each lives, by ticket; those of the spreadsheet `without` left out.

        A case that was moved is known to two spreadsheets: it lives where its row is, or was seen last.
        """
        merged: dict[str, tuple[str, Case]] = {}
        for source in list(self._events):
            if source == without:
                continue
            for ticket, case in self.cases_of(source).items():
                rival = merged.get(ticket)
                if rival is None or _seen(case) > _seen(rival[1]):
                    merged[ticket] = (source, case)
        return merged

    def elsewhere(self, source: str) -> Elsewhere:
        """What all other spreadsheets hold. Whatever stands in one that is listed no more may be taken over: its rows
        were moved, and nobody will ever see that they are gone from there."""
        cases: dict[str, Case] = {}
        unread: set[str] = set()
        for ticket, (holder, case) in self.cases(without=source).items():
            left = self.all_listed and holder not in self.listed and case.present
            cases[ticket] = replace(case, present=False) if left else case
            if not left and (holder not in self._read or (case.present and case.tab in self._read[holder])):
                unread.add(ticket)
        return Elsewhere(cases, unread, to_come=not self.all_had_their_turn)

    def doubles(self) -> dict[str, str]:
        """Listed spreadsheets that hold a ticket which an earlier one holds too, and which one: a copy was listed."""
        holders: dict[str, str] = {}
        found: dict[str, str] = {}
        for source in self.listed:
            for ticket, case in self.cases_of(source).items():
                if case.present and (holder := holders.setdefault(ticket, source)) != source:
                    found.setdefault(source, holder)
        return found

    def retire(self, now: datetime) -> None:
        """Rows of a spreadsheet that is listed no more (deleted, renamed, replaced by its copy, taken out of Sumber)
        are gone: without a word of it they would stand in the register for ever. Of closed cases it matters only
        where another spreadsheet holds them now."""
        if not self.all_listed:
            return
        here = {ticket for source in self.listed for ticket in self.cases_of(source)}
        for source in sorted(set(self._events).difference(self.listed)):
            cases = self.cases_of(source).values()
            gone = [case for case in cases if case.present and (case.ticket in here or not case.status.closed)]
            last = self.last_sequence(source)
            self.learn(
                source,
                [
                    Event(number, now, case.ticket, EventKind.VANISHED, {"tab": case.tab})
                    for number, case in enumerate(gone, start=last + 1)
                ],
            )

    def lanes(self, source: str, places: Places) -> dict[str, int]:
        """The lane (its numbers' base) in which a spreadsheet issues now, by kelurahan code: the newest it was given,
        or the one that its own tickets tell, should Kendali have forgotten and nobody else have it."""
        known = {place.code: prefix_of(place.code) for place in places}
        codes = {prefix: code for code, prefix in known.items()}
        given = self._given[source]
        mine = {*given, *(lane for lane in self._used[source] - given.keys() if not self._is_anothers(source, lane))}
        found: dict[str, int] = {}
        for lane in sorted(mine):  # the highest is the last
            # The codes of two kelurahan may end alike; and that of one may have been corrected since.
            code = given[lane] if given.get(lane) in known else codes.get(lane[0])
            if code is not None:
                found[code] = lane[1]
        return found

    def _is_anothers(self, source: str, lane: Lane) -> bool:
        """Whether a lane that `source` was not given is another listed spreadsheet's: a copy of a spreadsheet shows
        tickets of its original's lane. Among those that were not given it either, the first in the alphabet has it."""
        others = [other for other in self.listed if other != source]
        return any(lane in self._given[other] or (lane in self._used[other] and other < source) for other in others)

    def lanes_for(self, wanted: Mapping[str, Iterable[str]], now: datetime) -> list[list[Writable]]:
        """Rows for the second copy that give each of these spreadsheets a lane of its own for each of its kelurahan (by
        code). They count from the moment when they stand there: `refresh` then."""
        taken = {lane for lanes in (*self._used.values(), *self._given.values()) for lane in lanes}
        rows: list[list[Writable]] = []
        for source, code in ((source, code) for source, codes in wanted.items() for code in sorted(codes)):
            place = prefix_of(code)
            free = next(base for base in count(0, LANE_WIDTH) if (place, base) not in taken)
            taken.add((place, free))
            given = Event(0, now, "", EventKind.LANE, {"kelurahan": code, "awal": free})
            rows.append(second_copy.row_of(source, given))
        return rows


def _lane_in(event: Event) -> tuple[Lane, str] | None:
    """The lane that an event gives, and the kelurahan's code; None where a person has damaged it."""
    code, base = event.details.get("kelurahan"), event.details.get("awal")
    if not isinstance(code, str) or code.count(".") < 1 or not isinstance(base, int):
        return None
    return (prefix_of(code), base), code


def _key(event: Event) -> Key:
    return event.sequence, event.ticket, event.kind


def _sequence(event: Event) -> int:
    return event.sequence


def _seen(case: Case) -> tuple[bool, datetime]:
    return case.present, case.last_event_at or case.issued_at
