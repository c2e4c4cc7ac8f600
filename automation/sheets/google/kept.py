"""Keeps what is known of spreadsheets on Google from one process to the next."""

import gzip
import zlib
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from sys import intern
from typing import Any, cast

import msgspec

from automation.model.cells import CellError, Link, Part, Tab, Value
from automation.reading.tabs import ROWS_SEARCHED as TOP, find_headings
from automation.sheets.google.recall import KnownSpreadsheet, LinkMarks
from automation.sheets.google.snapshot import Revision
from automation.sheets.port import Snapshot
from automation.whole_file import delete_stale, names_of, write_whole

_FORM = 7  # the version of the file format; a file of another version is not read
#: After the version and the source: times, names, fences; of each tab its key, title, which part is asked for, whether
#: it is hidden or a view, its grid, its number of rows, the rows that are kept, and marks of where cells lead.
_TAB = tuple[str, str, int, bool, bool, int, int, int, list[list[Any]], LinkMarks | None]
_KEPT = msgspec.json.Decoder(tuple[int, str, str, str, str, str, str, list[int], list[int], str, list[_TAB]])


class SpreadsheetCache:
    """A file for each spreadsheet in the program's own folder, shared by all processes with these credentials. A file
    may be missing, unreadable, old, cut off or another city's: it is checked like what a process itself knows, and
    without it all is read. Of tabs of complaints, only the headings, the number of rows and marks of where cells lead
    are kept. Nothing here raises."""

    def __init__(self, folder: Path, credentials: Path) -> None:
        self._folder = folder
        self._names = names_of("ingat", credentials)

    def load(self, source: str) -> KnownSpreadsheet | None:
        """What was known of a spreadsheet; None if there is no file that can be used."""
        with suppress(OSError, EOFError, zlib.error, ValueError, TypeError, LookupError, AttributeError):
            form, of, *rest = _KEPT.decode(gzip.decompress(self._path(source).read_bytes()))
            return _known(rest) if (form, of) == (_FORM, source) else None
        return None

    def save(self, known: Mapping[str, KnownSpreadsheet]) -> None:
        """Keep what has changed, and delete the files of spreadsheets that are not known."""
        for source, one in known.items():
            asked = {tab.key: one.part(tab) for tab in one.seen.tabs}
            if one.changed or asked != one.kept:
                with suppress(OSError, ValueError):
                    told = msgspec.json.encode([_FORM, source, *_told(one)])
                    write_whole(self._path(source), gzip.compress(told, 1))
                    one.changed, one.kept = False, asked
        with suppress(OSError):
            here = {self._path(source) for source in known}
            for path in {*self._folder.glob(f"{self._names}*")} - here:
                path.unlink()
            delete_stale(self._folder, "ingat", here)

    def _path(self, source: str) -> Path:
        return self._folder / f"{self._names}{source}"


def _told(known: KnownSpreadsheet) -> list[Any]:
    seen, revision = known.seen, cast("Revision", known.seen.revision)
    tabs = []
    for tab in seen.tabs:
        asked = known.part(tab)
        away = asked is Part.AWAY  # not kept, because nobody asks for it: after some years it is most tabs
        headings = find_headings(tab.rows) if asked is Part.ALL else None
        top = [*[()] * headings.row, tab.rows[headings.row]] if headings is not None else tab.rows[:TOP]
        kept = [] if away else top if asked in (Part.ALL, Part.TOP) else tab.rows
        led = LinkMarks.of(tab) if asked is Part.ALL else LinkMarks(-1, {})
        rows = [[*map(_cell if led is None or not led.marks else _text, row)] for row in kept]
        grid, count = revision.grids[tab.key], 0 if away else len(tab.rows)
        tabs.append([tab.key, str(tab.title), asked.value, tab.hidden, tab.view, *grid, count, rows, led])
    times = known.whole_at.isoformat(), known.looked_at.isoformat()
    return [*times, seen.name, seen.locale, seen.zone, revision.fences, [*revision.taken], revision.fence, tabs]


def _known(told: list[Any]) -> KnownSpreadsheet:
    whole_at, looked_at, name, locale, zone, fences, taken, fence, kept_tabs = told
    tabs, grids, ways = list[Tab](), dict[str, tuple[int, int]](), dict[str, LinkMarks | None]()
    parts = dict[str, Part]()
    for key, title, asked, hidden, view, height, width, count, kept, ways[key] in kept_tabs:
        rows = [[intern(cell) if type(cell) is str else cell and _value(cell) for cell in row] for row in kept]
        tabs.append(Tab(key, title, [*rows, *[[] for _ in range(count - len(rows))]], hidden, view=view))
        grids[key], parts[key] = (height, width), Part(asked)
    seen = Snapshot(name, tuple(tabs), Revision(tuple(fences), grids, frozenset(taken), fence), locale, zone=zone)
    times = datetime.fromisoformat(whole_at), datetime.fromisoformat(looked_at)
    led = {key: led for key, led in ways.items() if led and led.marks}

    def part(tab: Tab) -> Part:
        return parts.get(tab.key, Part.ALL)

    return KnownSpreadsheet(seen, *times, part, leading=None not in ways.values(), led=led, kept=parts)


def _cell(value: Value) -> Any:
    return [str(value), value.address] if isinstance(value, Link) else _text(value)


def _text(value: Value) -> Any:
    return str(value) if isinstance(value, str) else value  # a declared heading is more than its text


def _value(cell: Any) -> Value:
    if isinstance(cell, list):
        return Link(*cell)
    return CellError(**cell) if isinstance(cell, dict) else cast("Value", cell)
