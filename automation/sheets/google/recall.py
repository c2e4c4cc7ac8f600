"""What of a spreadsheet is asked for again, where all of it was read before: the parts that somebody wishes for, in one
request. What vouches for the rest is that no robot has written since (the fence stands where it stood) and that a
journal's last row is where it was. Where anything is not as it was known, there is nothing to build upon."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast

from automation.model.cells import Part, Tab, letters
from automation.sheets.google.links import quoted
from automation.sheets.google.snapshot import Revision, grid_sheets
from automation.sheets.port import Snapshot, Wish

#: How old what is known may be before all is read, and before it is asked which tabs there are, and what stands far
#: below the last row.
WHOLE_AFTER, LOOKED_AFTER = timedelta(days=1), timedelta(minutes=30)
#: Rows that are read below the last one in which something stood, and above, where headings may stand.
BELOW, TOP = 100, 10
#: After so many parts that were read in vain one is asked for no more, but every so many cycles.
_VAIN, _TRIED_EVERY = 3, 12
#: Characters of all ranges: an address must not become too long.
_LONGEST = 6000


@dataclass(slots=True)
class Known:
    """A spreadsheet as it was read or written last, when all of it was read, and when it was last looked around in."""

    seen: Snapshot
    whole_at: datetime
    looked_at: datetime
    part: Callable[[Tab], Part] = lambda _: Part.ALL  # what is wished for
    changed: bool = False  # since it was kept
    in_vain: int = 0  # how often in a row all had to be read

    @classmethod
    def of(cls, seen: Snapshot, now: datetime, source: str, before: Known | None) -> Known:
        """All was read now. Not all spreadsheets are looked around in at the same time."""
        early = timedelta(seconds=zlib.crc32(source.encode()) % LOOKED_AFTER.seconds)
        return cls(seen, now, now - early, in_vain=before.in_vain + 1 if before is not None else 0)

    def is_old(self, wish: Wish) -> bool:
        """Whether all has to be read anew: also where another robot is always quicker, but for a try now and then."""
        unread = any(tab.unread for tab in self.seen.tabs) or (self.in_vain >= _VAIN and self.in_vain % _TRIED_EVERY)
        return bool(unread) or (wish.now is not None and abs(wish.now - self.whole_at) >= WHOLE_AFTER)

    def must_look(self, wish: Wish) -> bool:
        """Whether to look around."""
        return wish.now is not None and abs(wish.now - self.looked_at) >= LOOKED_AFTER

    def has_tabs(self, outline: Mapping[str, Any]) -> bool:
        """Whether there are these tabs, and no others."""
        there = {key: properties["title"] for key, properties, _ in grid_sheets(outline)}
        return there == {tab.key: tab.title for tab in self.seen.tabs}

    def ranges(self, wish: Wish, *, wide: bool) -> list[str] | None:
        """What to ask for; None where that is more than an address may hold."""
        grids = cast("Revision", self.seen.revision).grids
        found = [quoted(tab.title) + _area(wish.part(tab), tab, grids[tab.key], wide=wide) for tab in self.seen.tabs]
        return found if sum(map(len, found)) <= _LONGEST else None

    def joined(self, read: Snapshot, wish: Wish, *, wide: bool) -> Snapshot | None:
        """All of it, with what was `read` of the ranges; None where something else is not as it was."""
        known, now = (cast("Revision", one.revision) for one in (self.seen, read))
        here = {tab.key: tab for tab in read.tabs}
        if known.fences != now.fences or [(tab.key, tab.title) for tab in self.seen.tabs] != [
            (tab.key, tab.title) for tab in read.tabs
        ]:
            return None
        tabs: list[Tab] = []
        for before in self.seen.tabs:
            tab, part = here[before.key], wish.part(before)
            height = known.grids[before.key][0] if wide else min(known.grids[before.key][0], len(before.rows) + BELOW)
            fits = {
                Part.ALL: len(tab.rows) < height or height >= now.grids[before.key][0],
                Part.TOP: wish.part(tab) is not Part.ALL,
                Part.END: [*map(list, tab.rows)] == [*map(list, before.rows[-1:])],
                Part.NONE: True,
            }
            if not fits[part]:
                return None
            if part in (Part.END, Part.NONE):
                tab = replace(tab, rows=before.rows)
            tabs.append(replace(tab, part=part if wish.now is not None or part is Part.ALL else before.part))
        revision = replace(now, taken=known.taken | now.taken)
        return replace(read, tabs=tuple(tabs), revision=revision)


def _area(part: Part, tab: Tab, grid: tuple[int, int], *, wide: bool) -> str:
    rows, columns = grid
    if part is Part.ALL and (wide or len(tab.rows) + BELOW >= rows):
        return ""
    if part is Part.END:
        return f"!A{max(1, len(tab.rows))}:{letters(max(columns, 1) - 1)}"
    last = {Part.ALL: len(tab.rows) + BELOW, Part.TOP: TOP, Part.NONE: 1}[part]
    return f"!1:{min(last, max(rows, 1))}"
