"""What Kendali knows of all spreadsheets while a cycle runs: every event, every case, and the lanes of numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import count

from automation.cases.cells import Value, Writable
from automation.cases.events import Event, EventKind, decode, encode
from automation.cases.journal import Case, fold
from automation.cases.numbering import LANE_WIDTH, lane_of
from automation.cases.places import Places
from automation.cases.tickets import prefix_of


class Registry:
    """Kendali's copy of the journals, by spreadsheet, and what has been learned since it was read."""

    def __init__(self, rows: Iterable[Sequence[Value]], until: datetime | None = None) -> None:
        """`rows` are those of Kendali's `Riwayat`: the spreadsheet's identity, then the event. With `until`, only what
        had happened by then."""
        self._until = until
        self._copied: dict[str, dict[int, Event]] = defaultdict(dict)
        self._lanes: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        self._cases: dict[str, dict[str, Case]] = {}
        self._pending: dict[str, list[Event]] = {}
        self.take(rows)

    def take(self, rows: Iterable[Sequence[Value]]) -> None:
        """Take in rows of Kendali's `Riwayat` (again): lanes given meanwhile, events copied by another robot."""
        for row in rows:
            event = decode(row[1:]) if len(row) > 1 and isinstance(row[0], str) else None
            if event is None or (self._until is not None and event.at > self._until):
                continue
            source = str(row[0])
            if event.kind is EventKind.LANE:
                self._lanes[source][str(event.details["kelurahan"])].add(int(event.details["awal"]))
            elif event.sequence not in self._copied[source]:
                self._copied[source][event.sequence] = event
                self._cases.pop(source, None)

    def journal(self, source: str, own: Sequence[Event]) -> tuple[list[Event], list[Event]]:
        """The whole journal of a spreadsheet, and those of its events that it has lost and Kendali still has.

        A spreadsheet restored to an old version comes back without its newest events; what they tell has happened.
        """
        present = {event.sequence for event in own}
        lost = [event for sequence, event in self._copied.get(source, {}).items() if sequence not in present]
        if not lost:
            return list(own), []
        lost.sort(key=lambda event: event.sequence)
        return sorted([*own, *lost], key=lambda event: event.sequence), lost

    def learn(self, source: str, events: Sequence[Event], cases: Mapping[str, Case]) -> None:
        """Take in a spreadsheet's journal as it stands now, and its cases."""
        copied = self._copied[source]
        fresh = [event for event in events if event.sequence not in copied]
        copied.update((event.sequence, event) for event in fresh)
        self._pending[source] = [*self._pending.get(source, ()), *fresh]
        self._cases[source] = dict(cases)

    def pending_rows(self) -> list[list[Writable]]:
        """Events that Kendali's `Riwayat` does not have yet, as its rows."""
        return [[source, *encode(event)] for source, events in self._pending.items() for event in events]

    def cases_of(self, source: str) -> Mapping[str, Case]:
        """The cases of one spreadsheet by ticket."""
        if source not in self._cases:
            events = sorted(self._copied.get(source, {}).values(), key=lambda event: event.sequence)
            self._cases[source] = fold(events)
        return self._cases[source]

    def cases(self, without: str | None = None) -> dict[str, tuple[str, Case]]:
        """All cases with the spreadsheet where each lives, by ticket; those of the spreadsheet `without` left out.

        A case that was moved is known to two spreadsheets: it lives where its row is, or was seen last.
        """
        merged: dict[str, tuple[str, Case]] = {}
        for source in self._copied:
            if source == without:
                continue
            for ticket, case in self.cases_of(source).items():
                rival = merged.get(ticket)
                if rival is None or _seen(case) > _seen(rival[1]):
                    merged[ticket] = (source, case)
        return merged

    def lanes(self, source: str, places: Places) -> dict[str, int]:
        """The lane (its numbers' base) in which a spreadsheet issues now, by kelurahan code: the newest it was given,
        or the one that its own tickets tell, should Kendali have forgotten."""
        lanes = {code: max(bases) for code, bases in self._lanes.get(source, {}).items()}
        codes = {prefix_of(place.code): place.code for place in places}
        for place, base in self._lanes_in_use(source):
            if (code := codes.get(place)) is not None:
                lanes[code] = max(base, lanes.get(code, 0))
        return lanes

    def lanes_for(self, wanted: Mapping[str, Iterable[str]], now: datetime) -> list[list[Writable]]:
        """Rows for Kendali's `Riwayat` that give each of these spreadsheets a lane of its own for each of its
        kelurahan (by code). They count from the moment when Kendali has them: `take` them then."""
        in_use = {lane for other in self._copied for lane in self._lanes_in_use(other)}
        given: set[tuple[str, int]] = set()
        rows: list[list[Writable]] = []
        for source, code in ((source, code) for source, codes in wanted.items() for code in sorted(codes)):
            taken = {base for lanes in self._lanes.values() for base in lanes.get(code, ())}
            taken |= {base for place, base in in_use if place == prefix_of(code)}
            base = next(n for n in count(0, LANE_WIDTH) if n not in taken and (code, n) not in given)
            given.add((code, base))
            rows.append([source, *encode(Event(0, now, "", EventKind.LANE, {"kelurahan": code, "awal": base}))])
        return rows

    def _lanes_in_use(self, source: str) -> set[tuple[str, int]]:
        """Places and lanes in which a spreadsheet has issued tickets."""
        events = self._copied.get(source, {}).values()
        return {lane_of(event.ticket) for event in events if event.kind is EventKind.ISSUED}


def _seen(case: Case) -> tuple[bool, datetime]:
    return case.present, case.last_event_at or case.issued_at
