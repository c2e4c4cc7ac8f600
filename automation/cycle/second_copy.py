"""The second copy of every event, by which a spreadsheet gets back what it has lost, and its cases are known while it
can't be read. It also holds what only the city knows: lanes of numbers, and what was tried out.

It stands in Kendali's `Riwayat`; nobody else looks there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from automation.cases.events import JOURNAL, Decoder, Event, EventKind, decode, encode, newer_format
from automation.cycle.commit import appended
from automation.model.cells import Value, Writable
from automation.sheets.port import Changes, Snapshot
from automation.tables.kendali import HEADINGS
from automation.trouble import ConfigurationError


def read(kendali: Snapshot, decoder: Decoder) -> Iterator[tuple[str, Event]]:
    """Each event, with its spreadsheet's identity."""
    for row in kendali.rows(JOURNAL):
        if len(row) > 1 and isinstance(row[0], str) and (event := decoder.decode(row[1:])) is not None:
            yield row[0], event


def refuse_newer(kendali: Snapshot) -> None:
    """Raise `ConfigurationError` for a copy of a later version: then nothing may be written, whatever the command."""
    marks = (decode(row[1:]) for row in kendali.rows(JOURNAL) if EventKind.FORMAT in row[4:5])
    if (trouble := newer_format(filter(None, marks))) is not None:
        raise ConfigurationError(trouble)


def row_of(source: str, event: Event) -> list[Writable]:
    """The row to append for an event of a spreadsheet."""
    return [source, *encode(event)]


def mark(kendali: Snapshot) -> int:
    """A number that tells what it says from anything else."""
    return hash(tuple(map(tuple, kendali.rows(JOURNAL))))


def lacking(kendali: Snapshot, rows: Sequence[Sequence[Writable]]) -> Changes:
    """What has to be written so that the copy has these rows. Another robot may have been quicker to copy an event:
    spreadsheet, number, time, ticket and kind tell that it is the same. A copy that somebody has damaged is none."""
    known: dict[tuple[object, ...], Sequence[Value]] = {}
    if rows:
        known = {tuple(row[:5]): row for row in kendali.rows(JOURNAL)}
    missing = [row for row in rows if (copy := known.get(tuple(row[:5]))) is None or decode(copy[1:]) is None]
    return added(kendali, missing)


def added(kendali: Snapshot, rows: Sequence[Sequence[Writable]]) -> Changes:
    """What has to be written so that these rows stand below the others."""
    return appended(kendali, JOURNAL, HEADINGS[JOURNAL], rows)
