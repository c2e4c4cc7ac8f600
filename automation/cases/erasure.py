"""Takes people's words out of what the program keeps, without changing a fact: numbers, deadlines and figures stay.

The declaration of a column says whether it holds words. Once a case has an event ERASED, that wins for ever over any
words of it in any copy of any journal: a restored spreadsheet brings nothing back. What is left of a journal row says
so. Words that a correction replaced, or that stayed behind where a row moved away, are removed after some days.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set as AbstractSet
from datetime import datetime, timedelta
from hashlib import blake2s
from typing import Any, NamedTuple

from msgspec.structs import replace

from automation.cases.codec import EMPTIED, decode, encode, is_ticket, signed
from automation.cases.events import LAST_NUMBER, PEOPLE_HEADINGS, Event, EventKind, Key
from automation.model.cells import CellWrite, Tab, Value, Writable, fold
from automation.model.complaint import Channel, Priority, Status
from automation.model.tickets import Ticket
from automation.reading.cell_text import line_of
from automation.reading.dates import read_date
from automation.tables import intake
from automation.tables.intake import PEOPLE, POSITION
from automation.tables.table import NO, Column, Form, Nature

#: The key that marks an event as one that words were taken out of.
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
#: How to tell whether a text or a number is what its column asks for; anything else counts as words.
_SAYS = {column.heading: _FORMS[column.form] for column in PEOPLE if column.form in _FORMS}
_TRACED = (intake.ORIGIN, intake.NAME, intake.PHONE, intake.DESCRIPTION)
_TELLING = 5  # a number with so many characters is one complaint's; many lists have a row 12
RETENTION = "Retensi"  # the reason given where words are taken out without a request
_CLOCKS = timedelta(hours=1)  # by so much the clocks of two robots may differ
_TICKET, DETAILS = 2, 4  # the positions of the ticket and of the details in a row of `Riwayat`
#: A place in a journal: the event's number, and its time where two robots used one number. The number comes first: the
#: time is when a cycle began, so a slow robot's may be earlier than that of the events that it follows.
_Moment = tuple[int, datetime]


class Taken(NamedTuple):
    """What must no longer be held: all words of the tickets `erased`; the `outdated` events (by spreadsheet and key),
    each with what may stay instead; and rows with these `marks`, which people spoiled long ago."""

    erased: set[str]
    outdated: dict[tuple[str, Key], Event]
    marks: set[str]

    def left_of(self, source: str, event: Event) -> Event:
        """What may be kept of an event of this spreadsheet."""
        return without_words(event) if event.ticket in self.erased else self.outdated.get((source, event.key), event)


def facts_of(content: Iterable[Value], read: Mapping[str, str]) -> tuple[Value, ...]:
    """A row's cells without people's words. A cell that was `read` as an entry, by heading, becomes that or None."""
    cells = zip(PEOPLE_HEADINGS, content, strict=True)
    return tuple(_fact(heading, value, read) if heading in _FACTS else None for heading, value in cells)


def words_left(content: Iterable[Value]) -> list[Column]:
    """The columns of a row in which people's words stand."""
    told = zip(PEOPLE, content, strict=True)
    return [column for column, value in told if value is not None and column.heading not in _FACTS]


def erased_as(content: Sequence[Value], reason: str) -> dict[str, str]:
    """The details of an event ERASED: why, and the traces of the row's `content`."""
    return {"sebab": reason, "asal": " ".join(sorted(traces(content)))}


def traces(content: Sequence[Value]) -> set[str]:
    """Digests by which a list's row is known again once its words are erased: of its day with its number there, or with
    who says what; with a telephone of that alone, too. They hold no word, and a guess fits them by chance, too."""
    day = read_date(content[POSITION[intake.RECEIVED]]) or line_of(content[POSITION[intake.RECEIVED]])
    number, who, phone, said = (line_of(content[POSITION[one]]) for one in _TRACED)
    told: list[object] = [(day, number)] * (len(number) >= _TELLING) + [(day, who, phone, said)] * bool(said)
    told += [(who, phone, said)] * bool(phone and said)
    return {blake2s(repr(one).encode("utf-8", "replace"), digest_size=4).hexdigest() for one in told}


def _fact(heading: str, value: Any, read: Mapping[str, str]) -> Any:
    """The part of a cell that is a fact; None for words, such as text that is no entry of its column's list. In a pair
    (old, new) `read` is about the new value; the old one goes if the list is the city's: how it was read is unknown."""
    if isinstance(value, list):
        before = _fact(heading, value[0], {}) if heading in _ENTRIES or heading in _SAYS else None
        return [before, _fact(heading, value[1], read)]
    if value is not None and heading in read:
        return read[heading] or None
    if heading in _ENTRIES:
        return value if value is None or fold(value) in _ENTRIES[heading] else None
    return value if not isinstance(value, (str, int, float)) or _SAYS.get(heading, bool)(value) else None


def without_words(event: Event) -> Event:
    """The event without people's words; the same event if it has none."""
    if event.kind is EventKind.ERASED:
        return event
    left = ((heading, _left(event, heading, value)) for heading, value in event.cells.items())
    return _without(event, {heading: rest for heading, rest in left if rest is not None or heading in _FACTS}, _WORDS)


def _without(event: Event, cells: Mapping[str, Any], words: AbstractSet[str]) -> Event:
    """The event with these cells and without the keys `words`; the same event if that changes nothing."""
    details = {key: cells if key == "isi" else value for key, value in event.details.items() if key not in words}
    return event if details == event.details else replace(event, details={**details, WORDLESS: True}, digest=None)


def without_old_words(events: Collection[Event], before: datetime, gone: Mapping[str, datetime]) -> Iterator[Event]:
    """What is left of each event that loses words: those that were corrected up to `before`, and, if the ticket's row
    is `gone` to another spreadsheet since a time, all that were written up to that time."""
    replaced: dict[str, dict[str, _Moment]] = defaultdict(dict)  # by ticket and heading: the last correction
    for event in events:
        if event.kind is EventKind.ISSUED or not (cells := event.cells):
            continue
        whole = event.kind is EventKind.MOVED_IN or WORDLESS in event.details
        for heading in PEOPLE_HEADINGS if event.kind is EventKind.MOVED_IN else cells:
            # In most cases the cell is filled for the first time.
            had_words = whole or ((pair := cells[heading])[0] is not None and _before(event, heading, pair) != pair[0])
            if had_words and event.at <= before:
                told = replaced[event.ticket]
                told[heading] = max(told.get(heading, (0, event.at)), (event.sequence, event.at))
    for event in events:
        left_here = event.ticket in gone and event.at <= gone[event.ticket] + _CLOCKS
        if left_here or event.ticket in replaced or event.kind is EventKind.TICKET_RESTORED:
            last = dict.fromkeys(PEOPLE_HEADINGS, (LAST_NUMBER, event.at)) if left_here else replaced[event.ticket]
            left = _current(event, last)
            if left is not None or ("tertulis" in event.details and event.at <= before):
                yield signed(_without(event, left or {}, frozenset({"tertulis"})))


def _current(event: Event, replaced: Mapping[str, _Moment]) -> Mapping[str, Any] | None:
    """An event's cells without the words that were `replaced` later, by heading; None where nothing changes."""
    cells, at, left = event.cells, (event.sequence, event.at), {}
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
    """What is left of an event's cell once its words are taken out: of an answer also that it was emptied, because the
    case is then closed since it first was."""
    if heading == intake.TOLD and isinstance(value, list) and value[1] is None:
        return [None, None]
    return _fact(heading, value, event.details.get("dibaca", {})) if heading in _FACTS else None


def _before(event: Event, heading: str, pair: Any) -> Any:
    """What is left, without words, of what stood in a cell before it was edited."""
    return left[0] if (left := _left(event, heading, pair)) is not None else None


def leading(events: Collection[Event]) -> tuple[Collection[Event], Mapping[Key, Event]]:
    """Where events differ only in that words were taken out of one, only that one stays. Returns the events that stay,
    and by the keys of the others the event that replaces each."""
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
    """Whether `rest` is `event` with words taken out."""
    cells, whole, details = rest.cells, event.cells, event.details
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
    """The cells to write so that the journal of `source` (None: the second copy of all journals) holds no more than it
    may. A row that people have spoiled is reduced to the first cells of its event, or to the ticket in it, if it names
    an erased ticket anywhere, or if nobody can tell whose it is."""
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
        elif event is None and not any(row[:begin]) and f'"{WORDLESS}":true' in str(row[begin:]):
            wanted = []  # what was written for an event landed in a row that people inserted
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
    """Whether this looks like the sound event of a case that is not erased; nearly all do."""
    return len(event) == DETAILS + 1 and is_ticket(event[_TICKET]) and event[_TICKET] not in erased
