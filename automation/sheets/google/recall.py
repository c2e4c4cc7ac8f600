"""Rereads parts of a spreadsheet that was read whole before: those that are asked for, in one request. The rest is
trusted because no robot has written since (the fence stands where it stood) and the journal's last row is where it was.
If anything differs from what was known, all is read."""

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import zip_longest
from typing import Any, cast

from msgspec import Struct
from msgspec.structs import replace

from automation.model.cells import Link, Part, Rows, Tab, Value, letters, trimmed
from automation.reading.tabs import ROWS_SEARCHED as TOP
from automation.sheets.google.snapshot import AWAY, OUTLINE_FIELDS, READ_FIELDS, VALUE_FIELDS, Revision, grid_sheets
from automation.sheets.links import quoted_title
from automation.sheets.port import AROUND, ReadRequest, Snapshot
from automation.tables import intake
from automation.trouble import WorkbookError

#: The age at which all is read again.
WHOLE_AFTER = timedelta(days=1)
#: Rows that are read below the last one that held anything.
BELOW = 100
#: Rows that are read of a tab that was put away when all is read: its line and its headings.
AWAY_ROWS = TOP
#: After so many part reads in vain, parts are only asked for every so many cycles.
_VAIN, _TRIED_EVERY = 3, 12
#: Characters of all ranges: an address must not become too long.
LONGEST = 6000
Answer = Mapping[str, Any]
#: Asks for fields (and ranges) of the spreadsheet.
Fetch = Callable[..., Answer]


class LinkMarks(Struct, frozen=True):
    """Recognises where cells of one column lead, without keeping addresses: `marks` of their links, by their rows'."""

    column: int
    marks: Mapping[str, str]

    @classmethod
    def of(cls, tab: Tab) -> "LinkMarks | None":
        """The marks of a tab's rows; None if cells in other columns lead somewhere, too."""
        columns = (row.index(intake.KABARI.heading) for row in tab.rows[:TOP] if intake.KABARI.heading in row)
        column, marks = next(columns, -1), dict[str, str]()
        for row in tab.rows:
            at = [column for column, cell in enumerate(row) if type(cell) is Link]
            if at and at != [column]:
                return None
            if at:
                marks[row_mark(row)] = cast("Link", row[column]).mark
        return cls(column, marks)

    def leading(self, row: Sequence[Value]) -> Sequence[Value]:
        """The row with its link back, if it reads as it did."""
        if not 0 <= self.column < len(row) or (mark := self.marks.get(row_mark(row))) is None:
            return row
        return [*row[: self.column], Link(str(row[self.column]), mark), *row[self.column + 1 :]]


def row_mark(row: Sequence[Value]) -> str:
    """A digest that tells a row from any other."""
    return blake2b("\0".join(map(str, row)).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


@dataclass(slots=True)
class KnownSpreadsheet:
    """A spreadsheet as last read or written, when all of it was read, and when it was last looked around in."""

    seen: Snapshot
    whole_at: datetime
    looked_at: datetime
    part: Callable[[Tab], Part] = lambda _: Part.ALL  # what is asked for
    changed: bool = False  # since it was kept
    in_vain: int = 0  # how often in a row all had to be read
    leading: bool = True  # whether it is known where cells lead, from the cells themselves or from (by tab key):
    led: dict[str, LinkMarks] = field(default_factory=dict)
    ahead: Snapshot | None = None  # read for `mark`, and not asked for yet
    kept: dict[str, Part] = field(default_factory=dict)  # what was asked for, by tab key, as the next process knows it

    @property
    def mark(self) -> str:
        """A digest that differs if anything does of what is asked for."""
        told = blake2b(repr((self.seen.name, self.seen.locale, self.seen.zone)).encode(), digest_size=16)
        for tab in self.seen.tabs:
            asked = self.part(tab)
            rows = {Part.ALL: tab.rows, Part.TOP: trimmed(tab.rows[:TOP]), Part.END: tab.rows[-1:]}.get(asked, ())
            about = (
                tab.key,
                str(tab.title),
                tab.hidden,
                tab.locks,
                tab.view,
                tab.unread,
                asked,
                asked is Part.END and len(tab.rows),
            )
            led = [cell.mark for row in rows for cell in row if type(cell) is Link]
            cells = "\n".join(repr([*row]) for row in rows)
            told.update(repr((about, led, cells)).encode("utf-8", "surrogatepass"))
        return told.hexdigest()

    def request(self, like: ReadRequest) -> ReadRequest:
        """The request for what was asked for last."""
        return replace(like, part=self.part, away=any(self.part(tab) is Part.AWAY for tab in self.seen.tabs))

    def ahead_for(self, request: ReadRequest | None) -> Snapshot | None:
        """What was read ahead, once, if that is what is asked for."""
        seen, self.ahead = self.ahead, None
        if seen is None or request is None or request.now is None or request.anew:
            return None
        fits = all(tab.part in (Part.ALL, request.part(tab)) for tab in seen.tabs)
        self.part = request.part if fits else self.part
        return seen if fits else None

    @classmethod
    def of(cls, seen: Snapshot, now: datetime, source: str, before: "KnownSpreadsheet | None") -> "KnownSpreadsheet":
        """All was read now. The times of looking around differ by `source`, so that they don't all come at once."""
        early = timedelta(seconds=zlib.crc32(source.encode()) % AROUND.seconds)
        return cls(seen, now, now - early, in_vain=before.in_vain + 1 if before is not None else 0)

    def read(self, request: ReadRequest, fetch: Fetch, shown: Callable[[Answer], Snapshot]) -> Snapshot | None:
        """The workbook with the parts that are asked for, by one request (now and then two) for some fields and
        ranges. None if all has to be read anew; mostly so, too, after several part reads in vain."""
        now, tabs = request.now, self.seen.tabs
        vain = self.in_vain >= _VAIN and self.in_vain % _TRIED_EVERY
        if vain or any(tab.unread for tab in tabs) or (now is not None and abs(now - self.whole_at) >= WHOLE_AFTER):
            return None
        look = now is not None and abs(now - self.looked_at) >= request.around
        grids = cast("Revision", self.seen.revision).grids
        asked = [tab for tab in tabs if request.part(tab) is not Part.AWAY]  # else each past year would cost a range
        ranges = [quoted_title(tab.title) + _area(request.part(tab), tab, grids[tab.key], wide=look) for tab in asked]
        if sum(map(len, ranges)) > LONGEST:
            return None
        if look:
            there = {key: properties["title"] for key, properties, _ in grid_sheets(fetch(OUTLINE_FIELDS))}
            if there != {tab.key: tab.title for tab in tabs}:
                return None
        try:
            leads = look or now is None or not self.leading  # else a cell with the same text leads where it led
            read = shown(fetch(READ_FIELDS if leads else VALUE_FIELDS, ranges=ranges))
        except WorkbookError as error:  # a tab was renamed, or is one that Google can't tell
            if error.code != "google.ditolak" and not str(error.particulars.get("sebab")).startswith("HTTP 5"):
                raise
            return None
        if look and now is not None:
            self.looked_at, self.changed = now, True
        if (seen := self._joined(read, request, wide=look, leads=leads)) is not None:
            self.in_vain, self.leading, self.led = 0, leads or self.leading, {}
        return seen

    def _joined(self, read: Snapshot, request: ReadRequest, *, wide: bool, leads: bool) -> Snapshot | None:
        """The whole workbook, with what was `read` of the ranges; None if something else is not as it was."""
        known, now = (cast("Revision", one.revision) for one in (self.seen, read))
        away = {tab.key: tab for tab in self.seen.tabs if request.part(tab) is Part.AWAY}
        here = {tab.key: tab for tab in read.tabs} | away
        titles = {key: tab.title for key, tab in here.items()}
        if known.fences != now.fences or titles != {tab.key: tab.title for tab in self.seen.tabs}:
            return None
        grids, tabs = {**known.grids, **now.grids}, list[Tab]()
        for before in self.seen.tabs:
            tab, part = replace(here[before.key], view=before.view), request.part(before)
            height = known.grids[before.key][0]
            if not (wide or before.part is Part.AWAY):
                height = min(height, len(before.rows) + BELOW)
            fits = {
                Part.ALL: len(tab.rows) < height or height >= grids[before.key][0],
                Part.TOP: request.part(tab) is not Part.ALL,
                Part.END: [*map(list, tab.rows)] == [*map(list, before.rows[-1:])],
            }
            if not fits.get(part, True):
                return None
            if part in (Part.END, Part.NONE):
                tab = replace(tab, rows=before.rows)
            elif not leads:
                led = self.led.get(before.key)
                rows = [*map(led.leading, tab.rows)] if led is not None else tab.rows
                tab = replace(tab, rows=_leading(rows, before.rows))
            tabs.append(replace(tab, part=part if request.now is not None or part is Part.ALL else before.part))
        revision = replace(now, grids=grids, taken=known.taken | now.taken)
        return replace(read, tabs=tuple(tabs), revision=revision)


def _leading(rows: Rows, before: Rows) -> Rows:
    """`rows`, read without links, with the links they had `before`: a row gets those of the row that read the same,
    wherever it stood; otherwise each cell gets that of the cell in its place if it reads the same."""
    there = {at: row for at, row in enumerate(before) if Link in map(type, row)}
    alike, found = {tuple(row): row for row in there.values()}, [*rows]
    for at, row in enumerate(rows if there else ()):
        known = there.get(at)
        if (known := known if known == row else alike.get(tuple(row), known)) is not None:
            beside = zip_longest(row, known[: len(row)])
            found[at] = [was if type(was) is Link and was == cell else cell for cell, was in beside]
    return found


def _area(part: Part, tab: Tab, grid: tuple[int, int], *, wide: bool) -> str:
    rows, columns = grid
    if part is Part.ALL and (wide or tab.part is Part.AWAY or len(tab.rows) + BELOW >= rows):
        return ""
    if part is Part.END:
        return f"!A{max(1, len(tab.rows))}:{letters(max(columns, 1) - 1)}"
    last = {Part.ALL: len(tab.rows) + BELOW, Part.NONE: 1}.get(part, TOP)
    return f"!1:{min(last, max(rows, 1))}"


def read_whole(request: ReadRequest | None, fetch: Fetch) -> Answer:
    """All of a spreadsheet; of tabs put away only the top, if the request allows it: after years that is most of it."""
    if request is None or not request.away:
        return fetch(READ_FIELDS)
    outline, ranges = fetch(OUTLINE_FIELDS), dict[str, str]()
    for key, properties, sheet in grid_sheets(outline):
        away = request.part(Tab(key, properties["title"], ())) is Part.AWAY
        ranges[key] = quoted_title(properties["title"]) + f"!1:{AWAY_ROWS}" * away
        cast("dict[str, Any]", sheet).update({AWAY: True} if away else {})
    if not any(AWAY in sheet for sheet in outline["sheets"]) or sum(map(len, ranges.values())) > LONGEST:
        return fetch(READ_FIELDS)
    try:
        read = fetch(READ_FIELDS, ranges=[*ranges.values()])
    except WorkbookError as error:
        if error.code != "google.ditolak":
            raise
        return fetch(READ_FIELDS)  # a tab was renamed or taken away just now
    there, found = ({key: of["title"] for key, of, _ in grid_sheets(one)} for one in (outline, read))
    if there != found or outline.get("namedRanges") != read.get("namedRanges"):  # a range may be another tab's by now
        return fetch(READ_FIELDS)
    cells = {key: sheet for key, _, sheet in grid_sheets(read)}
    sheets = [{**sheet, **cells.get(str(sheet["properties"].get("sheetId", 0)), {})} for sheet in outline["sheets"]]
    return {**read, "sheets": sheets}
