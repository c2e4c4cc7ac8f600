"""A year that was put away is brought back: what its journals told counts again, and its tabs are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import count

from automation.cases.archive import title_of
from automation.cases.codec import Damaged, decode, encode
from automation.cases.erasure import DETAILS, WORDLESS
from automation.cases.events import JOURNAL, JOURNAL_HEADINGS, Event, EventKind
from automation.cycle.commit import appended
from automation.cycle.intake import Turn
from automation.model.cells import Writable, as_read, trimmed
from automation.reading.cell_text import writable
from automation.sheets.port import Changes, Snapshot
from automation.trouble import WorkbookError


def brought_back(turn: Turn, seen: Snapshot, year: int, kept: Sequence[Sequence[Writable]]) -> Changes:
    """What brings a year of a spreadsheet back, of whose journal the second copy has `kept` these rows: as many of them
    as one commit should carry, and at last that it is back. Raises `WorkbookError` where a later one has ended."""
    archive = turn.registry.archive(turn.workbook.source)
    if archive.years[-1] != year:
        raise WorkbookError("tahun.lebih-baru", workbook=seen.name, tahun=archive.years[-1])
    old = seen.tab(title_of(JOURNAL, year))
    there = {tuple(trimmed(row)) for row in seen.rows(JOURNAL)}
    bare = {row[:DETAILS] for row in there if f'"{WORDLESS}":true' in str(row[DETAILS:])}  # what is kept of them
    known = [[*map(writable, trimmed(row))] for row in (old.rows if old is not None else ())]
    rows = {tuple(map(as_read, row)): row for row in [*known, *kept]}
    sound = {event.ticket for read in rows if isinstance(event := decode(read), Event)}
    unique = [
        row
        for read, row in rows.items()
        if read not in there and read[:DETAILS] not in bare
        if not (isinstance(found := decode(read), Damaged) and found.ticket in {"", *sound})  # by people
    ]
    if unique:
        most = turn.workbook.largest_commit or len(unique)
        return Changes(appends={JOURNAL: unique[:most]}, partial=True, sure=True)
    event = Event(
        turn.registry.last[turn.workbook.source] + 1, turn.now, "", EventKind.BACK_FROM_ARCHIVE, {"tahun": year}
    )
    away = {old.key: unused(seen, old.title)} if old is not None else {}
    return replace(appended(seen, JOURNAL, JOURNAL_HEADINGS, [encode(event)]), sure=True, put_away=away)


def unused(seen: Snapshot, title: str) -> str:
    """The title with a number, under which no tab is there."""
    return next(one for number in count(1) if seen.tab(one := f"{title} ({number})") is None)
