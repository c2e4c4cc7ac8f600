"""Taking a person's words out of what the program keeps, so that no fact changes: numbers, deadlines and figures stay.

Which columns are words says their declaration. Once a case has an event ERASED, that wins over any words of it in any
copy of any journal, for ever: a restored spreadsheet brings nothing back. What is left of a journal's row says so. The
words that a correction has replaced, or that stayed behind where a row moved away, go after some days.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from automation.cases.codec import EMPTIED, decode, encode, is_ticket, signed
from automation.cases.events import LAST_NUMBER, PEOPLE_HEADINGS, Event, EventKind, Key
from automation.model.cells import CellWrite, Tab, Value, Writable, fold
from automation.model.complaint import Channel, Priority, Status
from automation.model.tickets import Ticket
from automation.reading.dates import read_date
from automation.tables import intake
from automation.tables.intake import PEOPLE
from automation.tables.table import NO, Column, Form, Nature

#: The key that says of an event that words were taken out of it.
WORDLESS = "tanpa"
_FACTS = frozenset(column.heading for column in PEOPLE if column.nature is Nature.FACT)
_WORDS = frozenset({"tertulis", "alasan", "kategori"})
_LISTS = {intake.CHANNEL: Channel, intake.PRIORITY: Priority, intake.STATUS: Status}
_ENTRIES = {column.heading: {fold(entry.value) for entry in entries} for column, entries in _LISTS.items()}
_FORMS: Mapping[Form, Callable[[str | float], object]] = {
    Form.DATE: read_date,
    Form.TICKET: lambda told: Ticket.parse(str(told)),
    Form.YES_NO: lambda told: len(str(told)) <= len(NO),
}
#: Whether a text or a number is what its column asks for; else it is words, wherever it stands.
_SAYS = {column.heading: _FORMS[column.form] for column in PEOPLE if column.form in _FORMS}
#: Why words are taken out without anybody asking for it.
RETENTION = "Retensi"
#: Where, in a row of `Riwayat`, the ticket and the details stand.
_TICKET, DETAILS = 2, 4
#: Where in a journal: the number of the event, and of two robots' with one number the time. By the number first: the
#: time is when a cycle began, and a slow robot's is earlier than what it writes after.
_Moment = tuple[int, datetime]


class Taken(NamedTuple):
    """What is to be held no more: any words of the tickets `erased`; of the events `outdated`, each by its spreadsheet
    and key, but what is left of it; and rows with these `marks`, which people spoiled long ago."""

    erased: set[str]
    outdated: dict[tuple[str, Key], Event]
    marks: set[str]

    def left_of(self, source: str, event: Event) -> Event:
        """What may be kept of an event of this spreadsheet."""
        return without_words(event) if event.ticket in self.erased else self.outdated.get((source, event.key), event)


def facts_of(content: Iterable[Value], read: Mapping[str, str]) -> tuple[Value, ...]:
    """A row's cells without people's words; what was `read` as an entry, by heading, gives way to it, or to nothing."""
    cells = zip(PEOPLE_HEADINGS, content, strict=True)
    return tuple(_fact(heading, value, read) if heading in _FACTS else None for heading, value in cells)


def words_left(content: Iterable[Value]) -> list[Column]:
    """The columns in which people's words stand in a row."""
    told = zip(PEOPLE, content, strict=True)
    return [column for column, value in told if value is not None and column.heading not in _FACTS]


def _fact(heading: str, value: Any, read: Mapping[str, str]) -> Any:
    """What is a fact of a cell: what is typed where a list's entry belongs, and is none, is words. What is
    `read` is the second of a pair; of the first nobody knows as what where the entries are the city's."""
    if isinstance(value, list):
        before = _fact(heading, value[0], {}) if heading in _ENTRIES or heading in _SAYS else None
        return [before, _fact(heading, value[1], read)]
    if value is not None and heading in read:
        return read[heading] or None
    if heading in _ENTRIES:
        return value if value is None or fold(value) in _ENTRIES[heading] else None
    return value if not isinstance(value, (str, int, float)) or _SAYS.get(heading, bool)(value) else None


def without_words(event: Event) -> Event:
    """The event without people's words; itself where there are none in it."""
    if event.kind is EventKind.ERASED:
        return event
    cells = {heading: _left(event, heading, value) for heading, value in _cells(event).items() if heading in _FACTS}
    return _without(event, cells, _WORDS)


def _without(event: Event, cells: Mapping[str, Any], words: AbstractSet[str]) -> Event:
    """The event with these cells, and without these keys; itself where it says no more."""
    details = {key: cells if key == "isi" else value for key, value in event.details.items() if key not in words}
    return event if details == event.details else replace(event, details={**details, WORDLESS: True}, digest=None)


def _cells(event: Event) -> Mapping[str, Any]:
    found: Mapping[str, Any] = event.details.get("isi", {})
    return found


def without_old_words(events: Collection[Event], before: datetime, gone: Mapping[str, datetime]) -> Iterator[Event]:
    """What is left of those events of a spreadsheet whose words were corrected `before` then. Of tickets whose rows are
    `gone` to another spreadsheet no words are needed that are older than that."""
    replaced: dict[str, dict[str, _Moment]] = defaultdict(dict)  # by ticket and heading when that was, last
    for event in events:
        if event.kind is EventKind.ISSUED or not (cells := event.details.get("isi")):
            continue
        whole = event.kind is EventKind.MOVED_IN or WORDLESS in event.details
        for heading in PEOPLE_HEADINGS if event.kind is EventKind.MOVED_IN else cells:
            # Mostly something is said for the first time.
            had_words = whole or ((pair := cells[heading])[0] is not None and _before(event, heading, pair) != pair[0])
            if had_words and event.at <= before:
                told = replaced[event.ticket]
                told[heading] = max(told.get(heading, (0, event.at)), (event.sequence, event.at))
    for event in events:
        left_here = event.ticket in gone and event.at <= gone[event.ticket]
        if left_here or event.ticket in replaced or event.kind is EventKind.TICKET_RESTORED:
            last = dict.fromkeys(PEOPLE_HEADINGS, (LAST_NUMBER, event.at)) if left_here else replaced[event.ticket]
            cells = _current(event, last)
            if cells is not None or ("tertulis" in event.details and event.at <= before):
                yield signed(_without(event, cells or {}, frozenset({"tertulis"})))


def _current(event: Event, replaced: Mapping[str, _Moment]) -> Mapping[str, Any] | None:
    """An event's cells without the words that were replaced then; None where nothing was."""
    cells, at, left = event.details.get("isi", {}), (event.sequence, event.at), {}
    for heading, then in replaced.items():
        if (value := cells.get(heading)) is None or at > then or (at == then and not isinstance(value, list)):
            continue
        rest = _left(event, heading, value) if at != then else [_before(event, heading, value), value[1]]
        if rest != value:
            left[heading] = rest
    if not left:
        return None
    return {one: rest for one, value in cells.items() if (rest := left.get(one, value)) is not None}


def _left(event: Event, heading: str, value: Any) -> Any:
    """What is left of an event's cell without words."""
    return _fact(heading, value, event.details.get("dibaca", {})) if heading in _FACTS else None


def _before(event: Event, heading: str, pair: Any) -> Any:
    """What is left without words of what stood in a cell before it was edited."""
    return left[0] if (left := _left(event, heading, pair)) is not None else None


def leading(events: Collection[Event]) -> tuple[Collection[Event], Mapping[Key, Event]]:
    """Of events that differ only in that words were taken out of one, that one; and by the keys of the others that one
    again."""
    bare: dict[tuple[object, ...], list[Event]] = defaultdict(list)
    for event in events:
        if WORDLESS in event.details:
            bare[_same(event)].append(event)
    if not bare:
        return events, {}
    outdated: dict[Key, Event] = {}
    for event in events:
        for rest in bare.get(_same(event), ()):
            if _is_left_of(rest, outdated.get(event.key, event)):
                outdated[event.key] = rest
    return [event for event in events if event.key not in outdated], outdated


def _same(event: Event) -> tuple[object, ...]:
    return event.sequence, event.at, event.ticket, event.kind


def _is_left_of(rest: Event, event: Event) -> bool:
    """Whether an event is what is left of another."""
    cells, whole, details = _cells(rest), _cells(event), event.details
    return rest.details != details and all(
        details.get(key) == value if key != "isi" else all(_is_less(cells[one], whole.get(one)) for one in cells)
        for key, value in rest.details.items()
        if key != WORDLESS
    )


def _is_less(cell: Any, whole: Any) -> bool:
    if isinstance(cell, list) and isinstance(whole, list):
        return all(map(_is_less, cell, whole))
    return cell is None or cell == whole


def cells_without_words(tab: Tab | None, taken: Taken, source: str | None = None) -> list[CellWrite]:
    """The cells to write so that the journal of `source`, or the second copy of all, holds no more than it may. Of a
    row that people have spoiled nothing is left but the beginning of its event, or the ticket that it names, if it
    names one of these anywhere, or if nobody can tell whose it is."""
    cells: list[CellWrite] = []
    erased, outdated, marks = taken
    tickets = erased | {event.ticket for event in outdated.values()}
    first = 1 if source is None else 0
    if tab is None or not (tickets or marks):
        return cells
    for number, row in enumerate(tab.rows):
        if len(row) <= first + _TICKET or (not marks and _is_anothers(row[first:], tickets)):
            continue
        begin, wanted, event = first + DETAILS, list[Writable]([EMPTIED]), decode(row[first:])
        if isinstance(event, Event):
            if (left := taken.left_of(str(row[0]) if source is None else source, event)) is event:
                continue
            wanted = encode(left)[DETAILS:]
        elif event is None:
            if erased.isdisjoint(map(str, row)):
                continue
            begin, wanted = 0, [value if isinstance(value, str) and value in erased else None for value in row]
        elif event.mark not in marks and (event.ticket or not erased) and erased.isdisjoint(map(str, row)):
            continue
        pieces = [*wanted, *[None] * (len(row) - begin - len(wanted))]
        cells += tab.lacks(number, enumerate(pieces, start=begin))
    return cells


def _is_anothers(event: Sequence[Value], erased: AbstractSet[str]) -> bool:
    """Whether it looks like the sound event of another case; nearly all do."""
    return len(event) == DETAILS + 1 and is_ticket(event[_TICKET]) and event[_TICKET] not in erased
