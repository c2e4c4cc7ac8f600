"""The second copy of all journals: every event of every spreadsheet, in Kendali's `Riwayat`, behind the spreadsheet's
identity; and the highest numbers, in `Nilai Terakhir`. All goes through these functions: nothing else knows where it
stands. It also gives lanes: the numbers of a kelurahan and a year that one spreadsheet alone may issue."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain, count
from typing import Any, NamedTuple

from automation.cases.archive import TOLD, is_put_away
from automation.cases.codec import FORMAT, Damaged, Decoder, decode, encode, newer_format
from automation.cases.events import JOURNAL, Event, EventKind
from automation.cycle.commit import appended
from automation.model.cells import Tab, Writable
from automation.model.places import Places
from automation.model.tickets import LANE_WIDTH, highest, is_exact, lane_key, prefix_of
from automation.sheets.port import Changes, Snapshot
from automation.tables.kendali import FILED, HEADINGS, LAST_VALUES, SETTINGS
from automation.trouble import ConfigurationError

#: The name of the rows with the highest numbers among the last values, and how many tickets stand in one.
_NUMBERS, _IN_A_ROW = "Nomor Terakhir", 500
_REST_OF_WEEK = timedelta(days=6)


def journals(kendali: Snapshot, *, archives: bool = True) -> list[Tab]:
    """The tabs of the copy: those of years that were put away, and the one that is written to."""
    away = [tab for tab in kendali.tabs if archives and is_put_away(tab.title) and tab.at(0, 0) == HEADINGS[JOURNAL][0]]
    return [*away, *filter(None, [kendali.tab(JOURNAL)])]


def read(kendali: Snapshot, decoder: Decoder, *, archives: bool = False) -> Iterator[tuple[str, int, Event | Damaged]]:
    """Each event, or its damaged row, with its spreadsheet's identity and its row number from 1."""
    tabs = journals(kendali, archives=archives)
    for at, row in chain.from_iterable(enumerate(tab.rows, start=1) for tab in tabs):
        if len(row) > 1 and row[0] and isinstance(row[0], str) and (found := decoder.decode(row[1:])) is not None:
            yield row[0], at, found


def events_of(kendali: Snapshot, ticket: str) -> tuple[list[Event], dict[str, list[Event]]]:
    """The events of a case; and, by table of Kendali, those of all rows that were laid there, for any case."""
    rows = ((row[0], decode(row[1:])) for tab in journals(kendali) for row in tab.rows if ticket in row[3:4])
    events = [(source, event) for source, event in rows if isinstance(event, Event) and event.ticket == ticket]
    last = {event.key: source for source, event in events}
    # From a spreadsheet whose copy was listed in its place, no row is gone: its journal goes on in the copy.
    copied = {source for source, event in events if last[event.key] != source}
    typed: dict[str, list[Event]] = {table: filed_in(kendali, table, archives=True) for table in FILED}
    return [one for source, one in events if not (source in copied and one.kind is EventKind.VANISHED)], typed


def filed_in(kendali: Snapshot, table: str, *, archives: bool = False) -> list[Event]:
    """The events of the rows that were laid in a table of Kendali."""
    tabs = journals(kendali, archives=archives)
    events = (decode(row[1:]) for tab in tabs for row in tab.rows if row and row[0] == table)
    return [event for event in events if isinstance(event, Event) and event.kind is EventKind.FILED]


def refuse_newer(kendali: Snapshot) -> None:
    """Raise `ConfigurationError` for a copy of a later version: then no command may write anything."""
    marks = (decode(row[1:]) for row in kendali.rows(JOURNAL) if EventKind.FORMAT in row[4:5])
    if (trouble := newer_format(marks)) is not None:
        raise ConfigurationError(trouble)


def whole_since(kendali: Snapshot, pending: Iterable[Sequence[Any]] = ()) -> datetime | None:
    """Since when no closed case is away with a year that has ended, a week later at most, so that each week since then
    is whole; None if no year is away. `pending` are rows to be added to the copy."""
    ends = {EventKind.ARCHIVED, EventKind.BACK_FROM_ARCHIVE}
    rows = chain(kendali.rows(JOURNAL), pending)
    told = (decode(row[1:]) for row in rows if not ends.isdisjoint(row[4:5]))
    last = max((one for one in told if isinstance(one, Event)), key=lambda one: one.at, default=None)
    return last.at - TOLD + _REST_OF_WEEK if last is not None and last.kind is EventKind.ARCHIVED else None


def row_of(source: str, event: Event) -> list[Writable]:
    """The row to append for an event of a spreadsheet."""
    return [source, *encode(event)]


def noted_tickets(kendali: Snapshot) -> set[str]:
    """The tickets noted beside the copy as the highest of their lanes and years, whatever became of them."""
    rows = (row for row in kendali.rows(LAST_VALUES) if len(row) > 1 and row[0] == _NUMBERS)
    return {word for row in rows for word in str(row[1]).split() if is_exact(word)}


def number_rows(used: Iterable[str]) -> list[list[Writable]]:
    """The rows that note the highest of these tickets."""
    tickets = sorted(highest(used).values())
    return [[_NUMBERS, " ".join(tickets[at : at + _IN_A_ROW])] for at in range(0, len(tickets), _IN_A_ROW)]


def mark(kendali: Snapshot, titles: Iterable[str] = (JOURNAL,)) -> int:
    """A number that differs if the copy does, or these tabs."""
    return hash(tuple(tuple(map(tuple, kendali.rows(title))) for title in titles))


def lacking(kendali: Snapshot, rows: Sequence[Sequence[Writable]]) -> Changes:
    """What to write so that the copy has these rows; another robot may have copied some already."""
    there = set(map(tuple, kendali.rows(JOURNAL))) if rows else set()
    return added(kendali, [row for row in rows if tuple(row) not in there])


def added(kendali: Snapshot, rows: Sequence[Sequence[Writable]]) -> Changes:
    """What to write so that these rows stand below the others."""
    return appended(kendali, JOURNAL, HEADINGS[JOURNAL], rows)


def journalled(kendali: Snapshot, source: str, events: Iterable[Event]) -> Changes:
    """What to write so that these events of a spreadsheet stand below the others."""
    return added(kendali, [row_of(source, event) for event in events])


# Lanes of numbers

#: By spreadsheet: the kelurahan (codes) and years for which it needs a lane.
Wanted = Mapping[str, Iterable[tuple[str, int]]]


class _Given(NamedTuple):
    """A lane given to a spreadsheet: its index in a kelurahan (`place`, as in tickets), from `since` to `until`."""

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
        """A function that later tells which of these are unchanged: another robot may just have got the others."""
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
                rows.append(row_of(SETTINGS, Event(0, now, "", EventKind.FORMAT, {"nomor": FORMAT})))
            rows.append(row_of(source, given))
        return rows
