"""How events stand in the rows of `Riwayat`, and what is made of rows that people have changed.

`Rincian` is JSON; a spreadsheet cell holds 32,767 characters (xlsx) and a complaint may be longer than that, so long
JSON goes on in the cells to the right of `Rincian`. Its last key is a short digest over number, time, ticket, kind and
all before it, as they are stored. It is there against hands, not against thieves: no secret is in it.

Nothing in a row is believed: what is not exactly an event as this program writes it changes no case.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from sys import intern
from typing import Any

from automation.cases.events import CASE_KINDS, LAST_NUMBER, Event, EventKind, is_shaped, moment
from automation.model.bulk import in_bulk
from automation.model.cells import Value, Writable
from automation.trouble import WorkbookError

#: The format of the journal that this version reads and writes. Kinds of event and keys may be added to it: what is
#: not known is kept, and passed over. 1 had lanes of numbers that held for ever.
FORMAT = 2
#: Characters of JSON in one cell. xlsx allows 32,767 and counts an emoji as two.
PIECE = 15_000
#: Characters of all of it: more than all cells of a row hold, twice.
_LONGEST = 4_000_000
#: The highest number that is believed where nothing vouches for it: more rows no spreadsheet has.
_HIGHEST = 2_000_000
#: What stands for the details of a row that people had spoiled, once its words were taken out.
EMPTIED = '{"tanpa":true}'
#: What a spreadsheet does not keep as it was written; in JSON it can stand in another way.
_UNKEPT = re.compile("[\x7f\ud800-\udfff\ufffe\uffff]")
_TICKET = re.compile(r"RR-[0-9]{6}-[0-9]{4,9}-[0-9]")
_DIGEST = "sidik"
_SIGNED = re.compile(rf'(?:,|(?<=\{{))"{_DIGEST}":"([0-9a-f]{{16}})"\}}')
_SIGNATURE = len(f',"{_DIGEST}":"0123456789abcdef"}}')

_KINDS: Mapping[object, EventKind] = {kind.value: kind for kind in EventKind}


@dataclass(frozen=True, slots=True)
class Damaged:
    """A row that was an event and is none as it stands, because people have changed it. Its `sequence` and its `ticket`
    (0, and empty, where they can't be told) count as used; `mark` tells it from any other; it is empty once its words
    were taken out."""

    sequence: int
    ticket: str
    mark: str


Numbered = Sequence[tuple[int, Event | Damaged]]


def encode(event: Event) -> list[Writable]:
    """The event as a row of `Riwayat`; one that was read without a digest stays without."""
    details = json.dumps(event.details, ensure_ascii=False, separators=(",", ":"))
    details = _UNKEPT.sub(lambda found: f"\\u{ord(found[0]):04x}", details)
    time, kind = event.at.isoformat(timespec="seconds"), str(event.kind)
    if event.digest != "":
        digest = _digest([event.sequence, time, event.ticket, kind, details])
        details = f'{details[:-1]}{"," if event.details else ""}"{_DIGEST}":"{digest}"}}'
    pieces = (details[at : at + PIECE] for at in range(0, len(details), PIECE))
    return [event.sequence, time, event.ticket or None, kind, *pieces]


def signed(event: Event) -> Event:
    """The event as it will be read once it was written."""
    return replace(event, digest=_parted("".join(map(str, encode(event)[4:])))[1])


def mark_of(row: Sequence[object]) -> str:
    """What tells a row from any other."""
    return _digest([piece for piece in row if piece is not None])


def _digest(pieces: Iterable[object]) -> str:
    return blake2b("\n".join(map(str, pieces)).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def decode(row: Sequence[Value]) -> Event | Damaged | None:
    """The event in a row of `Riwayat`; None where the row is none: a heading, a person's note, a kind of event that
    nobody has vouched for and this version does not know."""
    if len(row) < 4:
        return None
    number, time, ticket, kind = row[:4]
    text = row[4] if len(row) == 5 and isinstance(row[4], str) else "".join(str(piece or "") for piece in row[4:])
    known, (body, digest) = _KINDS.get(kind), _parted(text)
    if known is None and not digest:
        return None
    case = str(ticket) if is_ticket(ticket) else ""
    sequence, at, details = _sequence(number), moment(time), _details(body)
    if text == EMPTIED:
        return Damaged(sequence or 0, case, "")
    if sequence is not None and at is not None and details is not None and (case or known not in CASE_KINDS):
        fits = sequence <= _HIGHEST if not digest else digest == _digest([sequence, time, ticket or "", kind, body])
        if fits and (known is None or is_shaped(known, details)):
            return Event(sequence, at, str(ticket or ""), known or str(kind), details, digest)
    return Damaged(sequence or 0, case, mark_of(row)) if case or known else None


def is_ticket(value: Value) -> bool:
    """Whether a cell is written as we write tickets."""
    return isinstance(value, str) and _TICKET.fullmatch(value) is not None


def _parted(text: str) -> tuple[str, str]:
    """The JSON before the digest, and the digest; all of it and nothing where there is none."""
    found = _SIGNED.search(text, max(0, len(text) - _SIGNATURE))
    return (text[: found.start()] + "}", found[1]) if found else (text, "")


def _sequence(number: Value) -> int | None:
    if isinstance(number, bool) or not isinstance(number, (int, float)) or not 0 <= number <= LAST_NUMBER:
        return None
    return int(number) if number == int(number) else None


def _details(body: str) -> dict[str, Any] | None:
    """The JSON of an event; None where it is none, or no spreadsheet could hold what it says."""
    try:
        details = _JSON.decode(body) if len(body) <= _LONGEST else None
    except (ValueError, RecursionError):
        return None
    return details if isinstance(details, dict) and _DIGEST not in details else None


def _sharing(details: dict[str, Any]) -> dict[str, Any]:
    """The same details with one copy of what many events say alike, and cells: headings, choices, words. It is the
    half of what a journal takes of memory."""
    return {intern(key): intern(value) if type(value) is str else value for key, value in details.items()}


#: Refuses NaN, which is no whole number: equal to nothing, it would be a correction for ever.
_JSON = json.JSONDecoder(object_hook=_sharing, parse_constant=int)


class Decoder:
    """Decodes each row once, however often, and in whichever copy of a journal, it is met."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], Event | Damaged | None] = {}

    def decode(self, row: Sequence[Value]) -> Event | Damaged | None:
        """As `decode`; equal rows give the very same event."""
        key = (*row, type(row[0]) if row else None)  # True is no 1
        try:
            return self._known[key]
        except KeyError:
            return self._known.setdefault(key, decode(row))

    @in_bulk
    def journal(self, rows: Iterable[Sequence[Value]]) -> Numbered:
        """What stands in a `Riwayat` tab, each with the number of its row, from 1; whatever is no event, and was none,
        is passed over."""
        return [(at, found) for at, row in enumerate(rows, start=1) if (found := self.decode(row)) is not None]


def newer_format(found: Iterable[Event | Damaged | None]) -> WorkbookError | None:
    """What is to be said where one of the events is the mark of a format that only a later version understands."""
    marks = (one.details for one in found if isinstance(one, Event) and one.kind is EventKind.FORMAT)
    newer = next((mark["nomor"] for mark in marks if mark.get("nomor", 0) > FORMAT), None)
    return WorkbookError("siklus.format-baru", nomor=newer, dikenal=FORMAT) if newer is not None else None
