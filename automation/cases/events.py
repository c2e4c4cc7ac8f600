"""The journal's events, and how they are written in the rows of `Riwayat`.

Append-only: an event once written is never changed. `Rincian` is JSON; a spreadsheet cell holds 32,767 characters
(xlsx) and a complaint may be longer than that, so long JSON goes on in the cells to the right of `Rincian`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from sys import intern
from typing import Any

from automation.model.bulk import in_bulk
from automation.model.cells import CellError, Value, Writable
from automation.tables.intake import PEOPLE
from automation.tables.journal import JOURNAL as _TABLE
from automation.tables.table import Nature
from automation.trouble import WorkbookError

#: The journal's tab, in every spreadsheet, and its headings.
JOURNAL, JOURNAL_HEADINGS = str(_TABLE), _TABLE.headings

#: The format of the journal that this version reads and writes. Kinds of event and keys may be added to it: what is
#: not known is kept, and passed over.
FORMAT = 1
#: Characters of JSON in one cell. xlsx allows 32,767 and counts an emoji as two.
PIECE = 15_000
#: What a spreadsheet does not keep as it was written; in JSON it can stand in another way.
_UNKEPT = re.compile("[\x7f\ud800-\udfff\ufffe\uffff]")


class EventKind(StrEnum):
    """What happened to a case; the value stands in `Peristiwa`."""

    ISSUED = "Diterbitkan"  # a ticket was issued; the snapshot of its row
    MOVED_IN = "Pindah Masuk"  # its row was moved here from another spreadsheet; the snapshot
    EDITED = "Diubah"
    STATUS = "Status"
    REOPENED = "Dibuka Lagi"
    VANISHED = "Hilang"  # its row is gone
    BACK = "Kembali"
    CLOSED = "Ditutup"  # the operator closed it while its row was gone
    ESCALATED = "Naik Jenjang"  # it came to a higher level of escalation, or its baseline was recorded
    TICKET_RESTORED = "Tiket Dikembalikan"  # people changed the ticket cell, and it was put right
    LANE = "Lajur Nomor"  # in Kendali: which numbers of a kelurahan a spreadsheet may issue
    PROVEN = "Layanan Terbukti"  # in Kendali: what is assumed of the spreadsheets' service was tried out, and holds
    FORMAT = "Format"  # from here on the journal is written as a later version has it; this one writes none


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the journal. `details` by kind:

    - ISSUED, MOVED_IN: ``isi`` (heading: value, the row as people typed it), ``tab``, ``masuk`` (day of receipt),
      ``kelurahan`` (code), ``status``, ``tenggat`` if it came closed, and ``jenjang``, the level of escalation recorded
      of it. ISSUED has ``mirip``, the ticket of a case that seemed to be about the same matter; MOVED_IN has what
      happened before: ``terbit``, ``riwayat``, ``naik``, when that level was reached, and ``prioritas``, since when it
      has its priority, if not from the first
    - EDITED, STATUS, REOPENED, BACK: ``isi`` (heading: [old, new]), and what changed of ``tab``, ``masuk``,
      ``kelurahan``; a change of status has ``dari`` and ``ke``, and closing has ``tenggat``, the deadline it met
    - CLOSED: ``dari``, ``ke``, ``tenggat`` if it had none yet, ``alasan``; its row stays gone
    - ESCALATED: ``jenjang``; ``dasar`` if it is the baseline (see `deadlines`)
    - VANISHED: ``tab``; TICKET_RESTORED: ``tertulis``, what people had written
    """

    sequence: int
    at: datetime
    ticket: str
    kind: EventKind
    details: Mapping[str, Any]


def encode(event: Event) -> list[Writable]:
    """The event as a row of `Riwayat`."""
    details = json.dumps(event.details, ensure_ascii=False, separators=(",", ":"))
    details = _UNKEPT.sub(lambda found: f"\\u{ord(found[0]):04x}", details)
    pieces = [details[at : at + PIECE] for at in range(0, len(details), PIECE)]
    return [event.sequence, event.at.isoformat(timespec="seconds"), event.ticket, event.kind.value, *pieces]


def decode(row: Sequence[Value]) -> Event | None:
    """The event in a row of `Riwayat`; None where the row is not one: a person's note, or a row that was damaged (what
    it told is put back from Kendali's copy)."""
    if len(row) < 5 or not isinstance(row[0], (int, float)) or isinstance(row[0], bool):
        return None
    try:
        event = Event(
            sequence=int(row[0]),
            at=_time(str(row[1])),
            ticket=str(row[2] or ""),
            kind=_KINDS[str(row[3])],
            details=_details(str(row[4]) if len(row) == 5 else "".join(str(piece or "") for piece in row[4:])),
        )
    except (KeyError, ValueError):
        return None
    return event if _is_sound(event) else None


def _is_sound(event: Event) -> bool:
    """Whether a person has not damaged it in a way that would be taken for something else."""
    return (
        isinstance(event.details, dict)
        and event.at.tzinfo is not None
        and (event.kind in _OF_NO_CASE or _TICKET.fullmatch(event.ticket) is not None)
    )


_TICKET = re.compile(r"RR-[0-9]{6}-[0-9]{4,9}-[0-9]")
_OF_NO_CASE = frozenset({EventKind.LANE, EventKind.PROVEN, EventKind.FORMAT})
_KINDS = {kind.value: kind for kind in EventKind}
_time = lru_cache(maxsize=1024)(datetime.fromisoformat)  # a commit's events share one


def _sharing(details: dict[str, Any]) -> dict[str, Any]:
    """The same details with one copy of what many events say alike: headings, places, choices. It is the half of what
    a journal takes of memory."""
    return {
        intern(key): value if key in _ALWAYS_OTHER or type(value) is not str else intern(value)
        for key, value in details.items()
    }


_ALWAYS_OTHER = {column.heading for column in PEOPLE if column.nature is Nature.WORDS}
_details = json.JSONDecoder(object_hook=_sharing).decode


class Decoder:
    """Decodes each row once, however often, and in whichever copy of a journal, it is met."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], Event | None] = {}

    def decode(self, row: Sequence[Value]) -> Event | None:
        """As `decode`; equal rows give the very same event."""
        key = (*row, type(row[0]) if row else None)  # True is no 1
        try:
            return self._known[key]
        except KeyError:
            return self._known.setdefault(key, decode(row))


@in_bulk
def decode_journal(rows: Iterable[Sequence[Value]], decoder: Decoder | None = None) -> list[Event]:
    """All events of a `Riwayat` tab in their order; the headings and whatever is not an event are passed over."""
    read = decoder.decode if decoder is not None else decode
    events = [event for row in rows if (event := read(row)) is not None]
    events.sort(key=lambda event: event.sequence)
    return events


def newer_format(events: Iterable[Event]) -> WorkbookError | None:
    """What is to be said where one of the events is the mark of a format that only a later version understands."""
    numbers = (event.details.get("nomor") for event in events if event.kind is EventKind.FORMAT)
    newer = next((number for number in numbers if isinstance(number, int) and number > FORMAT), None)
    return WorkbookError("siklus.format-baru", nomor=newer, dikenal=FORMAT) if newer is not None else None


def snapshot(people: Sequence[Value]) -> dict[str, Any]:
    """What people typed in a row, for JSON: heading to value, without the empty cells."""
    return {
        heading: jsonable(value)
        for heading, value in zip(PEOPLE_HEADINGS, people, strict=True)
        if value is not None and value != ""
    }


def jsonable(value: Value) -> Any:
    """A cell value as JSON can hold it; an error cell as ``{"galat": "#REF!"}``."""
    return {"galat": value.text} if isinstance(value, CellError) else value


def from_json(value: Any) -> Value:
    """The cell value behind `jsonable`'s result."""
    if isinstance(value, dict):
        return CellError(str(value.get("galat", "")))
    return value if isinstance(value, (str, int, float, bool)) else None


#: Where each column stands in a tuple of PEOPLE's cells.
POSITION = {column: index for index, column in enumerate(PEOPLE)}
POSITION_BY_HEADING: Mapping[str, int] = {column.heading: index for index, column in enumerate(PEOPLE)}
PEOPLE_HEADINGS: tuple[str, ...] = tuple(column.heading for column in PEOPLE)
