"""The two copies of a journal: which of their events count, and which events one copy lacks."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from automation.cases.codec import Damaged, Numbered, encode, mark_of
from automation.cases.erasure import WORDLESS, leading
from automation.cases.events import Event, Key, Spoiled
from automation.cases.journal import Case


class Journal(NamedTuple):
    """The journal of a spreadsheet: the events that it has `lost`, what people have `spoiled`, and the `cases` that all
    of its events add up to."""

    lost: Sequence[Event]
    spoiled: Spoiled
    cases: dict[str, Case]


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
                altered[mark_of(encode(one))] = at
    lacking = (event for key, event in counts.items() if key not in keys)
    return altered, [
        one for one in lacking if (one.sequence, one.at) not in bare or (one.sequence, one.at) not in moments
    ]
