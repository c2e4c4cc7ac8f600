"""The two copies of a journal: which of their events count, and which events one copy lacks."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from automation.cases.codec import Damaged, Numbered, encode, row_digest
from automation.cases.erasure import WORDLESS, leading
from automation.cases.events import Event, Key
from automation.cases.journal import Case


class Journal(NamedTuple):
    """What is known of a spreadsheet's journal: the `cases` that its events add up to, and those events that it has
    `lost`; the details of events ALTERED that are not journalled yet; the `tickets` ever issued, with an event or not,
    whose numbers are used; and the number of the `last` event, whatever became of it."""

    cases: dict[str, Case]
    lost: Sequence[Event] = ()
    altered: Sequence[Mapping[str, Any]] = ()
    tickets: Collection[str] = ()
    last: int = 0
    erased: Collection[str] = ()  # tickets whose words are not kept
    ended: int = 0  # the last year of which some tickets, anywhere in the city, may be put away
    running: Collection[str] = ()  # tickets in the spreadsheet's own journal


def counting(events: Mapping[Key, Event]) -> tuple[list[Event], Mapping[Key, Event]]:
    """The events that count, in order. Where one stands with its digest, a copy without it was made by people. Where
    one has lost its words, what still has them is outdated: its key maps to the event that counts instead."""
    with_digest = {key[:3] for key in events if key[3]}
    found, outdated = leading(events.values())
    found = [event for event in found if event.digest or event.key[:3] not in with_digest]
    return sorted(found, key=lambda event: (event.sequence, event.at)), outdated


def compared(own: Numbered, events: Iterable[Event]) -> tuple[dict[str, int], Sequence[Event]]:
    """The altered rows of a journal, by their marks, and which of the counting `events` it lacks. An event that lost
    its words in one copy is not lacking where the other still has it: there its words are taken out."""
    counts = {event.key: event for event in events}
    bare = {(event.sequence, event.at) for event in counts.values() if WORDLESS in event.details}
    altered = {one.mark: at for at, one in own if isinstance(one, Damaged) and one.mark}
    keys, moments = set[Key](), set[tuple[int, datetime]]()
    for at, one in own:
        if isinstance(one, Event):
            keys.add(key := one.key)
            moments.add(moment := (one.sequence, one.at))
            if (true := counts.get(key)) is not one and true != one and moment not in bare:
                altered[row_digest(encode(one))] = at
    lacking = (event for key, event in counts.items() if key not in keys)
    return altered, [
        one for one in lacking if (one.sequence, one.at) not in bare or (one.sequence, one.at) not in moments
    ]
