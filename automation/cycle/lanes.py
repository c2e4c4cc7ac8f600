"""Lanes of numbers: which numbers of a kelurahan a spreadsheet may issue, so that no two ever issue the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from itertools import count

from automation.cases.events import Event, EventKind
from automation.cycle import second_copy
from automation.model.cells import Writable
from automation.model.places import Places
from automation.model.tickets import LANE_WIDTH, lane_of, prefix_of

#: A kelurahan as its tickets name it (``0503``), and the number after which a lane begins.
Lane = tuple[str, int]


class Lanes:
    """The lanes by spreadsheet: those that the second copy says it was given, and those that its tickets tell."""

    def __init__(self) -> None:
        self._given: dict[str, dict[Lane, str]] = defaultdict(dict)  # and to which kelurahan, by its whole code
        self._used: dict[str, set[Lane]] = defaultdict(set)

    def give(self, source: str, event: Event) -> None:
        """Take in an event that gives a lane, unless it says of no kelurahan."""
        code, base = event.details.get("kelurahan", ""), event.details.get("awal")
        if base is not None and "." in code:
            self._given[source][prefix_of(code), base] = code

    def use(self, source: str, ticket: str) -> None:
        """Take in a ticket that a spreadsheet has issued."""
        self._used[source].add(lane_of(ticket))

    def of(self, source: str, places: Places, listed: Collection[str] = ()) -> dict[str, int]:
        """The lane (its numbers' base) in which a spreadsheet issues now, by kelurahan code: the newest it was given,
        or the one that its own tickets tell, should Kendali have forgotten and none of those `listed` have it."""
        known = {place.code: prefix_of(place.code) for place in places}
        codes = {prefix: code for code, prefix in known.items()}
        given = self._given[source]
        places_given = {place for place, _ in given}  # what its tickets show there besides was typed or copied
        told = (lane for lane in self._used[source] if lane[0] not in places_given)
        mine = {*given, *(lane for lane in told if not self._is_anothers(source, lane, listed))}
        found: dict[str, int] = {}
        for lane in sorted(mine):  # the highest is the last
            # The codes of two kelurahan may end alike; and that of one may have been corrected since.
            code = given[lane] if given.get(lane) in known else codes.get(lane[0])
            if code is not None:
                found[code] = lane[1]
        return found

    def _is_anothers(self, source: str, lane: Lane, listed: Collection[str]) -> bool:
        """Whether a lane that `source` was not given is another listed spreadsheet's: a copy of a spreadsheet shows
        tickets of its original's lane. Among those that were not given it either, the first in the alphabet has it."""
        others = [other for other in listed if other != source]
        return any(lane in self._given[other] or (lane in self._used[other] and other < source) for other in others)

    def rows_for(self, wanted: Mapping[str, Iterable[str]], now: datetime) -> list[list[Writable]]:
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
