"""Taking a person's words out of what the program keeps, so that no fact changes: numbers, deadlines and figures stay.

Which columns are words says their declaration. Once a case has an event ERASED, that wins over any words of it in any
copy of any journal, for ever: a restored spreadsheet brings nothing back. What is left of a journal's row says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from automation.cases.codec import decode, encode
from automation.cases.events import Event, EventKind
from automation.model.cells import CellWrite, Tab, Value
from automation.tables.intake import PEOPLE
from automation.tables.table import Nature

#: The key that says of an event that words were taken out of it.
WORDLESS = "tanpa"
_FACTS = frozenset(column.heading for column in PEOPLE if column.nature is Nature.FACT)
_WORDS = frozenset({"tertulis", "alasan"})
_AT_FACT = tuple(column.nature is Nature.FACT for column in PEOPLE)
#: Where, in a row of `Riwayat`, the ticket and the details stand.
_TICKET, _DETAILS = 2, 4


def facts_of(content: Iterable[Value]) -> tuple[Value, ...]:
    """A row's cells without people's words."""
    return tuple(value if fact else None for value, fact in zip(content, _AT_FACT, strict=True))


def has_words(content: Iterable[Value]) -> bool:
    """Whether any of people's words stand in a row."""
    return any(value is not None for value, fact in zip(content, _AT_FACT, strict=True) if not fact)


def facts_in(cells: Mapping[str, Any]) -> dict[str, Any]:
    """Of cells by heading those that are facts."""
    return {heading: value for heading, value in cells.items() if heading in _FACTS}


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


def cells_without_words(tab: Tab | None, first: int, erased: Collection[str]) -> list[CellWrite]:
    """The cells to write so that a journal, whose events begin at the column `first`, holds no words of these tickets.
    Of a row that people have spoiled nothing is left but its ticket."""
    cells: list[CellWrite] = []
    for number, row in enumerate(tab.rows if tab is not None and erased else ()):
        if len(row) > first + _DETAILS and row[first + _TICKET] in erased:
            event = decode(row[first:])
            bare = without_words(event) if isinstance(event, Event) else None
            if bare is not event or bare is None:
                pieces = encode(bare)[_DETAILS:] if bare is not None else []
                width = max(len(row) - first - _DETAILS, len(pieces))
                wanted = [*pieces, *[None] * (width - len(pieces))]
                cells += tab.lacks(number, enumerate(wanted, start=first + _DETAILS)) if tab is not None else []
    return cells
