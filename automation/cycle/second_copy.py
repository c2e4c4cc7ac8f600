"""The second copy of all journals: every event of every spreadsheet, in Kendali's `Riwayat`, behind the spreadsheet's
identity; and the highest numbers, in `Nilai Terakhir`. All reading and adding goes through these functions; nothing
else knows where the copy stands."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from automation.cases.archive import is_put_away
from automation.cases.codec import Damaged, Decoder, decode, encode, newer_format
from automation.cases.events import JOURNAL, Event, EventKind
from automation.cycle.commit import appended
from automation.model.cells import Tab, Writable
from automation.model.tickets import highest, is_exact
from automation.sheets.port import Changes, Snapshot
from automation.tables.kendali import FILED, HEADINGS, LAST_VALUES
from automation.trouble import ConfigurationError

#: The name of the rows with the highest numbers among the last values, and how many tickets stand in one.
_NUMBERS, _IN_A_ROW = "Nomor Terakhir", 500


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
    events = (decode(row[1:]) for tab in journals(kendali) for row in tab.rows if ticket in row[3:4])
    typed: dict[str, list[Event]] = {table: filed_in(kendali, table, archives=True) for table in FILED}
    return [event for event in events if isinstance(event, Event) and event.ticket == ticket], typed


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


def mark(kendali: Snapshot) -> int:
    """A number that differs if the copy does."""
    return hash(tuple(map(tuple, kendali.rows(JOURNAL))))


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
