"""Lanes of numbers: which numbers of a kelurahan and a year a spreadsheet may issue, so that no two issue the same."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from itertools import chain, count
from typing import NamedTuple

from automation.cases.codec import FORMAT
from automation.cases.events import Event, EventKind
from automation.cycle import second_copy
from automation.model.cells import Writable
from automation.model.places import Places
from automation.model.tickets import LANE_WIDTH, lane_key, prefix_of
from automation.tables.kendali import SETTINGS

#: By spreadsheet: the kelurahan (codes) and years for which it needs a lane.
Wanted = Mapping[str, Iterable[tuple[str, int]]]


class _Given(NamedTuple):
    """A lane that a spreadsheet was given: its index among those of a kelurahan (`place`, as tickets name it:
    ``0503``), for tickets of the years from `since` to `until`."""

    place: str
    lane: int
    since: int
    until: int


class Lanes:
    """The lanes by spreadsheet: those given to it according to the second copy, and those that its tickets show. A lane
    is given for one year, or for all up to the year in which it is given."""

    def __init__(self) -> None:
        self._given: dict[str, dict[_Given, str]] = defaultdict(dict)  # each with the whole code of its kelurahan
        self._used: dict[str, set[tuple[int, str, int]]] = defaultdict(set)  # years have two digits
        self.are_by_year = False  # whether earlier versions, which know no years, were told to stop

    def give(self, source: str, event: Event) -> None:
        """Take in an event that gives a lane, if it names a kelurahan; or one that tells earlier versions to stop."""
        self.are_by_year |= event.kind is EventKind.FORMAT
        code, base, year = map(event.details.get, ("kelurahan", "awal", "tahun"))
        if base is not None and code is not None and "." in code:
            given = _Given(prefix_of(code), base // LANE_WIDTH, year or 0, year or event.at.year)
            self._given[source][given] = code

    def use(self, source: str, ticket: str) -> None:
        """Take in a ticket that a spreadsheet has issued."""
        self._used[source].add(lane_key(ticket))

    def of(self, source: str, places: Places, listed: Collection[str] = ()) -> Callable[[str, int], int | None]:
        """A function that gives the lane (its numbers' base) in which a spreadsheet issues tickets of a kelurahan (by
        code) and a year: the highest that it was given. If Kendali has forgotten that, the one that its own tickets
        show, unless another of those `listed` has it. None if it has none."""
        known = {place.code for place in places}
        codes = {prefix_of(place.code): place.code for place in places}

        def base(code: str, year: int) -> int | None:
            place = prefix_of(code)
            mine = self._given_for(source, place, year)
            if not mine:  # otherwise tickets of other lanes were typed or copied there
                used = (lane for lane in self._used[source] if lane[:2] == (year % 100, place))
                mine = {lane[2]: "" for lane in used if not self._is_anothers(source, lane, year, listed)}
            # The codes of two kelurahan may have the same end; and a code may have been corrected since.
            fit = [index for index, whole in mine.items() if (whole if whole in known else codes.get(place)) == code]
            return max(fit) * LANE_WIDTH if fit else None

        return base

    def _given_for(self, source: str, place: str, year: int) -> dict[int, str]:
        """The lanes that a spreadsheet was given for a place and a year, each with its kelurahan's whole code."""
        given = self._given[source].items() if source in self._given else ()
        return {one.lane: code for one, code in given if one.place == place and one.since <= year <= one.until}

    def _is_anothers(self, source: str, lane: tuple[int, str, int], year: int, listed: Collection[str]) -> bool:
        """Whether a lane that `source` was not given belongs to another listed spreadsheet: a copy shows tickets of its
        original's lane. Among spreadsheets that were not given it, the alphabetically first has it."""
        others = [other for other in listed if other != source]
        return any(
            lane[2] in self._given_for(other, lane[1], year) or (lane in self._used[other] and other < source)
            for other in others
        )

    def lacking(self, wanted: Wanted, places: Places, listed: Collection[str]) -> Callable[[], Wanted]:
        """A function that later tells which of these lanes are unchanged: another robot may just have got the
        others."""
        tell = {source: self.of(source, places, listed) for source in wanted}
        before = {source: [(one, tell[source](*one)) for one in all] for source, all in wanted.items()}
        return lambda: {
            source: [one for one, had in all if tell[source](*one) == had] for source, all in before.items()
        }

    def rows_for(self, wanted: Wanted, now: datetime) -> list[list[Writable]]:
        """Rows for the second copy that give each of these spreadsheets a lane of its own for each of its kelurahan (by
        code) and years: the one it has in another year, if that is free. They count once they stand there: call
        `refresh` then. Before a lane is given that another had in another year, earlier versions are told to stop: they
        would take it as given to both."""
        rows, after = list[list[Writable]](), Lanes()
        after._given |= {source: dict(given) for source, given in self._given.items()}
        for source, code, year in sorted((source, *one) for source, all in wanted.items() for one in all):
            place = prefix_of(code)
            had: dict[str, set[int]] = {}  # in any year
            taken: set[int] = set()
            for other in {*after._given, *self._used}:
                used = {lane[2] for lane in self._used[other] if lane[1] == place}
                had[other] = used | {one.lane for one in after._given[other] if one.place == place}
                taken |= {lane[2] for lane in self._used[other] if lane[:2] == (year % 100, place)}
                taken |= after._given_for(other, place, year).keys()
            free = next(index for index in chain(sorted(had.get(source, ())), count()) if index not in taken)
            anothers = any(free in indexes for other, indexes in had.items() if other != source)
            details = {"kelurahan": code, "awal": free * LANE_WIDTH}
            details |= {"tahun": year} if anothers or year != now.year else {}
            given = Event(0, now, "", EventKind.LANE, details)
            after.give(source, given)
            if anothers and not (self.are_by_year or after.are_by_year):
                after.are_by_year = True
                rows.append(second_copy.row_of(SETTINGS, Event(0, now, "", EventKind.FORMAT, {"nomor": FORMAT})))
            rows.append(second_copy.row_of(source, given))
        return rows
