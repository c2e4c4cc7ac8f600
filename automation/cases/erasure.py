"""Taking a person's words out of what the program keeps, so that no fact changes: numbers, deadlines and figures stay.

Which columns are words says their declaration. Once a case has an event ERASED, that wins over any words of it in any
copy of any journal, for ever: a restored spreadsheet brings nothing back. What is left of a journal's row says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set as AbstractSet
from dataclasses import replace
from typing import Any

from automation.cases.codec import decode, encode, is_ticket
from automation.cases.events import Event, EventKind
from automation.model.cells import CellWrite, Tab, Value, Writable, fold
from automation.model.complaint import Channel, Priority, Status
from automation.tables import intake
from automation.tables.intake import PEOPLE
from automation.tables.table import Nature

#: The key that says of an event that words were taken out of it.
WORDLESS = "tanpa"
_FACTS = frozenset(column.heading for column in PEOPLE if column.nature is Nature.FACT)
_WORDS = frozenset({"tertulis", "alasan"})
_LISTS = {intake.CHANNEL: Channel, intake.PRIORITY: Priority, intake.STATUS: Status}
_ENTRIES = {column.heading: {fold(entry.value) for entry in entries} for column, entries in _LISTS.items()}
#: Why words are taken out without anybody asking for it.
RETENTION = "Retensi"
#: Where, in a row of `Riwayat`, the ticket and the details stand.
_TICKET, DETAILS = 2, 4


def facts_of(content: Iterable[Value]) -> tuple[Value, ...]:
    """A row's cells without people's words."""
    return tuple(
        _fact(column.heading, value) if column.heading in _FACTS else None
        for column, value in zip(PEOPLE, content, strict=True)
    )


def has_words(content: Iterable[Value]) -> bool:
    """Whether any of people's words stand in a row."""
    return any(value is not None for column, value in zip(PEOPLE, content, strict=True) if column.heading not in _FACTS)


def facts_in(cells: Mapping[str, Any]) -> dict[str, Any]:
    """Of cells by heading those that are facts: what is typed where a list's entry belongs, and is none, is words."""
    return {heading: _fact(heading, value) for heading, value in cells.items() if heading in _FACTS}


def _fact(heading: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_fact(heading, one) for one in value]
    entries = _ENTRIES.get(heading)
    return value if entries is None or value is None or fold(value) in entries else None


def without_words(event: Event) -> Event:
    """The event without people's words; itself where there are none in it."""
    if event.kind is EventKind.ERASED or WORDLESS in event.details:
        return event
    details = {key: value for key, value in event.details.items() if key not in _WORDS}
    if "isi" in details:
        details["isi"] = facts_in(details["isi"])
    return replace(event, details={**details, WORDLESS: True}, digest=None) if details != event.details else event


def leading(events: Iterable[Event]) -> list[Event]:
    """Of events that differ only in that words were taken out of one, that one."""
    events = list(events)
    bare = {_same(event): event for event in events if WORDLESS in event.details}
    return [
        event
        for event in events
        if (other := bare.get(_same(event))) is None or other is event or without_words(event) != other
    ]


def _same(event: Event) -> tuple[object, ...]:
    return event.sequence, event.at, event.ticket, event.kind


def cells_without_words(tab: Tab | None, first: int, erased: AbstractSet[str]) -> list[CellWrite]:
    """The cells to write so that a journal, whose events begin at the column `first`, holds no words of these tickets.
    Of a row that people have spoiled nothing is left but the beginning of its event, or the ticket that it names, if it
    names one of these anywhere, or if nobody can tell whose it is."""
    cells: list[CellWrite] = []
    if tab is None or not erased:
        return cells
    for number, row in enumerate(tab.rows):
        if len(row) <= first + _TICKET or _is_anothers(row[first:], erased):
            continue
        begin, wanted, event = first + DETAILS, list[Writable](), decode(row[first:])
        if isinstance(event, Event):
            if event.ticket not in erased:
                continue
            wanted = encode(without_words(event))[DETAILS:]
        elif event is None:
            if erased.isdisjoint(map(str, row)):
                continue
            begin, wanted = 0, [value if isinstance(value, str) and value in erased else None for value in row]
        elif event.ticket and erased.isdisjoint(map(str, row)):
            continue
        pieces = [*wanted, *[None] * (len(row) - begin - len(wanted))]
        cells += tab.lacks(number, enumerate(pieces, start=begin))
    return cells


def _is_anothers(event: Sequence[Value], erased: AbstractSet[str]) -> bool:
    """Whether it looks like the sound event of another case; nearly all do."""
    return len(event) == DETAILS + 1 and is_ticket(event[_TICKET]) and event[_TICKET] not in erased
