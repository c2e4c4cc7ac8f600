"""How events stand in the rows of `Riwayat`, and what becomes of rows that people have changed.

`Rincian` is JSON. A spreadsheet cell holds 32,767 characters (xlsx) and a complaint may be longer, so long JSON
continues in the cells to the right of `Rincian`. Its last key is a short digest over the number, time, ticket, kind and
all JSON before it, as stored. It protects against accidental edits, not against forgery: it holds no secret.

Nothing in a row is trusted: what is not exactly an event as this program writes it changes no case.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from sys import intern
from typing import Any

from msgspec import Struct
from msgspec.json import Decoder as JsonDecoder
from msgspec.structs import replace

from automation.cases.events import CASE_KINDS, LAST_NUMBER, Event, EventKind, is_shaped, parse_time
from automation.model.bulk import in_bulk
from automation.model.cells import Value, Writable
from automation.trouble import WorkbookError

#: The format of the journal that this version reads and writes. Kinds of event and keys may be added to it: unknown
#: ones are kept and passed over. In format 1 lanes of numbers held for ever.
FORMAT = 2
#: Characters of JSON in one cell. xlsx allows 32,767 and counts an emoji as two.
PIECE = 15_000
_LONGEST = 4_000_000  # characters of the whole JSON at most: more than twice what all cells of a row hold
_HIGHEST = 2_000_000  # the highest event number that is believed without a digest: no spreadsheet has more rows
#: What replaces the details of a row that people had spoiled, once its words were taken out.
EMPTIED = '{"tanpa":true}'
#: Characters that a spreadsheet does not keep as written; JSON can escape them.
_UNKEPT = re.compile("[\x7f\ud800-\udfff\ufffe\uffff]")
_TICKET = re.compile(r"RR-[0-9]{6}-[0-9]{4,9}-[0-9]")
_DIGEST = "sidik"
_SIGNED = re.compile(rf'(?:,|(?<=\{{))"{_DIGEST}":"([0-9a-f]{{16}})"\}}')
_SIGNATURE = len(f',"{_DIGEST}":"0123456789abcdef"}}')

_KINDS: Mapping[object, EventKind] = {kind.value: kind for kind in EventKind}


class Damaged(Struct, frozen=True):
    """A row that was an event, but is none any more because people changed it. Its `sequence` (0 if unknown) and
    `ticket` (empty if unknown) count as used. `mark` identifies the row; it is empty once the words were taken out."""

    sequence: int
    ticket: str
    mark: str


Numbered = Sequence[tuple[int, Event | Damaged]]


def encode(event: Event) -> list[Writable]:
    """The event as a row of `Riwayat`; an event that was read without a digest stays without one."""
    details = json.dumps(event.details, ensure_ascii=False, separators=(",", ":"))
    details = _UNKEPT.sub(lambda found: f"\\u{ord(found[0]):04x}", details)
    time, kind = event.at.isoformat(timespec="seconds"), str(event.kind)
    if event.digest != "":
        digest = _digest([event.sequence, time, event.ticket, kind, details])
        details = f'{details[:-1]}{"," if event.details else ""}"{_DIGEST}":"{digest}"}}'
    pieces = (details[at : at + PIECE] for at in range(0, len(details), PIECE))
    return [event.sequence, time, event.ticket or None, kind, *pieces]


def signed(event: Event) -> Event:
    """The event as it will be read back once it is written."""
    return replace(event, digest=_parted("".join(map(str, encode(event)[4:])))[1])


def row_digest(row: Sequence[object]) -> str:
    """The digest that identifies a row."""
    return _digest([piece for piece in row if piece is not None])


def _digest(pieces: Iterable[object]) -> str:
    return blake2b("\n".join(map(str, pieces)).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def decode(row: Sequence[Value]) -> Event | Damaged | None:
    """The event in a row of `Riwayat`. None where the row holds none: a heading, a person's note, or an event without a
    digest of a kind that this version does not know."""
    if len(row) < 4:
        return None
    number, time, ticket, kind = row[:4]
    text = row[4] if len(row) == 5 and isinstance(row[4], str) else "".join(str(piece or "") for piece in row[4:])
    known, (body, digest) = _KINDS.get(kind), _parted(text)
    if known is None and not digest:
        return None
    case = str(ticket) if is_ticket(ticket) else ""
    sequence, at, details = _sequence(number), parse_time(time), _details(body)
    if text == EMPTIED:
        return Damaged(sequence or 0, case, "")
    if sequence is not None and at is not None and details is not None and (case or known not in CASE_KINDS):
        fits = sequence <= _HIGHEST if not digest else digest == _digest([sequence, time, ticket or "", kind, body])
        if fits and (known is None or is_shaped(known, details)):
            return Event(sequence, at, str(ticket or ""), known or str(kind), details, digest)
    return Damaged(sequence or 0, case, row_digest(row)) if case or known else None


def is_ticket(value: Value) -> bool:
    """Whether a cell holds a ticket in exactly the form that the program writes."""
    return isinstance(value, str) and _TICKET.fullmatch(value) is not None


def _parted(text: str) -> tuple[str, str]:
    """The JSON before the digest, and the digest; the whole text and an empty digest where there is none."""
    found = _SIGNED.search(text, max(0, len(text) - _SIGNATURE))
    return (text[: found.start()] + "}", found[1]) if found else (text, "")


def _sequence(number: Value) -> int | None:
    if isinstance(number, bool) or not isinstance(number, (int, float)) or not 0 <= number <= LAST_NUMBER:
        return None
    return int(number) if number == int(number) else None


def _details(body: str) -> dict[str, Any] | None:
    """The JSON of an event; None where it is not valid, or is longer than any spreadsheet could hold."""
    try:
        if len(body) > _LONGEST:
            return None
        details = _DETAILS.decode(body) if _HALF not in body else json.loads(body, parse_constant=int)
        return _sharing(details) if isinstance(details, dict) and _DIGEST not in details else None
    except (ValueError, RecursionError):
        return None


def _sharing(details: dict[str, Any]) -> dict[str, Any]:
    """The same details with one shared copy of each text that many events repeat (headings, choices, words). That
    halves the memory that a journal takes."""
    return {
        intern(key): intern(value) if type(value) is str else _sharing(value) if type(value) is dict else value
        for key, value in details.items()
    }


#: Refuses NaN: it equals nothing, not even itself, so it would count as a correction for ever.
_DETAILS = JsonDecoder(dict[str, Any])
_HALF = "\\ud"  # of a pair of surrogates: alone, only the slower decoder takes it, whose NaN `int` refuses


class Decoder:
    """Decodes each distinct row once, however often it is met, and in whichever copy of a journal."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], Event | Damaged | None] = {}
        self._last: tuple[object, Numbered] = None, []

    def decode(self, row: Sequence[Value]) -> Event | Damaged | None:
        """As `decode`; equal rows give the very same event."""
        key = (*row, type(row[0]) if row else None)  # True equals 1
        try:
            return self._known[key]
        except KeyError:
            return self._known.setdefault(key, decode(row))

    @in_bulk
    def journal(self, rows: Iterable[Sequence[Value]]) -> Numbered:
        """The events and damaged events of a `Riwayat` tab, each with its row number, from 1. Rows that never were
        events are passed over."""
        if rows is not self._last[0]:
            found = [(at, self.decode(row)) for at, row in enumerate(rows, start=1)]
            self._last = rows, [(at, one) for at, one in found if one is not None]
        return self._last[1]


def newer_format(found: Iterable[Event | Damaged | None]) -> WorkbookError | None:
    """The error to report if one of the events marks a format that only a later version understands; else None."""
    marks = (one.details for one in found if isinstance(one, Event) and one.kind is EventKind.FORMAT)
    newer = next((mark["nomor"] for mark in marks if mark.get("nomor", 0) > FORMAT), None)
    return WorkbookError("siklus.format-baru", nomor=newer, dikenal=FORMAT) if newer is not None else None
