"""What is known of spreadsheets, kept from one process to the next in the program's own folder. It may vanish, be
closed, be old, cut off or another city's at any time: what vouches for it is what vouches for what a process knows
(`recall`), and without it all is read. Of people's rows only their number is kept. Nothing here raises."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from automation.model.cells import CellError, Link, Part, Tab, Value
from automation.sheets.google.recall import TOP, Known
from automation.sheets.google.snapshot import Revision
from automation.sheets.port import Snapshot
from automation.whole_file import write_whole

#: How it is written; what is written otherwise is not read.
_FORM = 1


class Kept:
    """The files of all processes with these credentials, one for each spreadsheet."""

    def __init__(self, folder: Path, credentials: Path) -> None:
        self._folder = folder
        self._names = f".ingat-{hashlib.sha256(os.fsencode(credentials.absolute())).hexdigest()[:8]}-"

    def load(self, source: str) -> Known | None:
        """What was known of a spreadsheet."""
        with suppress(OSError, EOFError, zlib.error, ValueError, TypeError, LookupError, AttributeError):
            form, of, *rest = json.loads(gzip.decompress(self._path(source).read_bytes()))
            return _known(*rest) if (form, of) == (_FORM, source) else None
        return None

    def save(self, known: Mapping[str, Known]) -> None:
        """Keep what has changed, and nothing of spreadsheets that are not known."""
        for source, one in known.items():
            if one.changed:
                with suppress(OSError):
                    told = json.dumps([_FORM, source, *_told(one)], separators=(",", ":"))
                    write_whole(self._path(source), gzip.compress(told.encode("utf-8", "surrogatepass"), 1))
                    one.changed = False
        with suppress(OSError):
            here = {self._path(source) for source in known}
            for path in {*self._folder.glob(f"{self._names}*")} - here:
                path.unlink()

    def _path(self, source: str) -> Path:
        return self._folder / f"{self._names}{source}"


def _told(known: Known) -> list[Any]:
    seen, revision = known.seen, cast("Revision", known.seen.revision)
    tabs = []
    for tab in seen.tabs:
        kept = tab.rows[:TOP] if known.part(tab) in (Part.ALL, Part.TOP) else tab.rows
        rows = [[*map(_cell, row)] for row in kept]
        tabs.append([tab.key, tab.title, tab.hidden, *revision.grids[tab.key], len(tab.rows), rows])
    times = known.whole_at.isoformat(), known.looked_at.isoformat()
    return [*times, seen.name, seen.locale, revision.fences, [*revision.taken], revision.fence, tabs]


def _known(
    whole_at: str,
    looked_at: str,
    name: str,
    locale: str,
    fences: list[int],
    taken: list[int],
    fence: str,
    told: list[Any],
) -> Known:
    tabs, grids = list[Tab](), dict[str, tuple[int, int]]()
    for key, title, hidden, height, width, count, kept in told:
        rows = [[*map(_value, row)] for row in kept]
        tabs.append(Tab(key, title, [*rows, *[[] for _ in range(count - len(rows))]], hidden))
        grids[key] = height, width
    revision = Revision(tuple(fences), grids, frozenset(taken), fence)
    return Known(
        Snapshot(name, tuple(tabs), revision, locale),
        datetime.fromisoformat(whole_at),
        datetime.fromisoformat(looked_at),
    )


def _cell(value: Value) -> Any:
    if isinstance(value, Link):
        return [value, value.address]
    return {"galat": value.text} if isinstance(value, CellError) else value


def _value(cell: Any) -> Value:
    if isinstance(cell, list):
        return Link(*cell)
    return CellError(cell["galat"]) if isinstance(cell, dict) else cast("Value", cell)
