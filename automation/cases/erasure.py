"""Taking a person's words out of what the program keeps, so that no fact changes: numbers, deadlines and figures stay.

Which columns are words says their declaration. Once a case has an event ERASED, that wins over any words of it in any
copy of any journal, for ever: a restored spreadsheet brings nothing back. What is left of a journal's row says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set as AbstractSet
from dataclasses import replace
from typing import Any

from automation.cases.codec import Damaged, decode, encode
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
_AT_FACT = tuple(column.nature is Nature.FACT for column in PEOPLE)
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
    return any(value is not None for value, fact in zip(content, _AT_FACT, strict=True) if not fact)


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
    Of a row that people have spoiled, and that names one of them anywhere or no ticket at all, nothing is left."""
    cells: list[CellWrite] = []
    for number, row in enumerate(tab.rows if tab is not None and erased else ()):
        if len(row) <= first + DETAILS or not (row[first + _TICKET] in erased or _is_odd(row, first)):
            continue
        event = decode(row[first:])
        if isinstance(event, Event) and event.ticket in erased:
            wanted: list[Writable] = encode(without_words(event))[DETAILS:]
        elif isinstance(event, Damaged) and (not event.ticket or not erased.isdisjoint(map(str, row))):
            wanted = []
        else:
            continue
        pieces = [*wanted, *[None] * (len(row) - first - DETAILS - len(wanted))]
        cells += tab.lacks(number, enumerate(pieces, start=first + DETAILS)) if tab is not None else []
    return cells


def _is_odd(row: Sequence[Value], first: int) -> bool:
    """Whether a row may be an event that people have spoiled."""
    ticket = row[first + _TICKET]
    return not isinstance(ticket, str) or not ticket.startswith("RR-") or len(row) > first + DETAILS + 1
