"""One commit as one ``spreadsheets.batchUpdate``: what is sent, and what the spreadsheet holds afterwards."""

import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, cast

from msgspec import Struct
from msgspec.structs import replace

from automation.cases.events import JOURNAL
from automation.model.cells import Area, Lock, Part, Tab, Value, fold_title, letters, runs
from automation.model.texts import CITY_ZONE
from automation.reading.tabs import ROWS_SEARCHED as TOP
from automation.sheets.google import resources as api
from automation.sheets.google.failures import NAMED
from automation.sheets.google.resources import Request, Size
from automation.sheets.google.snapshot import Revision, echoing, grid_sheets, grids_of, make_snapshot, tabs_of, trimmed
from automation.sheets.links import quoted_title
from automation.sheets.port import LOCALE, Changes, NewTab, Snapshot

#: The city's language and time.
_PROPERTIES = {"locale": LOCALE, "timeZone": CITY_ZONE}
LOCAL: Request = {"updateSpreadsheetProperties": {"properties": _PROPERTIES, "fields": ",".join(_PROPERTIES)}}
#: The grid of a new tab, unless it needs more at once.
ROWS, COLUMNS = 1000, 26
#: Fences begin to count at one of so many numbers.
MANY = 10**9


class Commit(Struct, frozen=True):
    """A commit ready to be sent: its requests, the tabs to read back, and the workbook as `expected` afterwards."""

    requests: Sequence[Request]
    read_back: "Sequence[ReadBack]"
    expected: Snapshot

    @property
    def body(self) -> dict[str, Any]:
        ranges = [range for one in self.read_back for range in one.ranges]
        return {"requests": self.requests, **(echoing(ranges) if ranges else {})}

    def refused(self, words: str) -> tuple[str, Lock] | None:
        """The tab and its columns that Google does not let us write, if its words name a request that writes cells; the
        rest of the commit can do without that one. None for any other words."""
        named = NAMED.search(words)
        request = self.requests[int(named[1])] if named and int(named[1]) < len(self.requests) else {}
        if "updateCells" not in request:
            return None
        start, rows = request["updateCells"]["start"], request["updateCells"]["rows"]
        left = start["columnIndex"]
        return str(start["sheetId"]), Lock(Area(left=left, right=left + max(len(row["values"]) for row in rows)))

    def after(self, answer: Mapping[str, Any]) -> Snapshot | None:
        """The workbook right after: what was read back, else what is expected. None if a tab was not read back."""
        if not self.read_back:
            return self.expected
        spreadsheet = answer.get("updatedSpreadsheet", {})
        found = {tab.key: tab for tab in tabs_of(spreadsheet)}
        if not all(one.meant.key in found for one in self.read_back):
            return None
        sheets = {key: sheet for key, _, sheet in grid_sheets(spreadsheet)}
        tabs = {(key := one.meant.key): one.shown(found[key], sheets[key]) for one in self.read_back}
        revision = cast("Revision", self.expected.revision)
        grids = {**revision.grids, **grids_of(spreadsheet)}
        shown = (tabs.get(tab.key, tab) for tab in self.expected.tabs)
        return make_snapshot(spreadsheet["properties"], shown, replace(revision, grids=grids))


def commit_of(changes: Changes, seen: Snapshot, robot: str) -> Commit:
    """The commit that applies `changes` to what was `seen`; `robot` is the address that may edit protected tabs."""
    revision = cast("Revision", seen.revision)
    ids = set(revision.taken)
    # Two robots would choose the same ids.
    new = {order.title: str(api.free_id(order.title, ids)) for order in changes.new_tabs}
    expected = seen.after(replace(changes, cells=()))
    named = (replace(tab, key=new[tab.key]) if tab.key in new else tab for tab in expected.tabs)
    expected = replace(expected, tabs=tuple(named))
    tabs, keys = expected.by_key, {fold_title(tab.title): tab.key for tab in expected.tabs}
    appends = {keys[fold_title(title)]: rows for title, rows in changes.appends.items() if rows}
    grids, added = dict(revision.grids), list[Request]()
    for order in changes.new_tabs:
        least, key = 1 if order.hidden else COLUMNS, new[order.title]  # hidden cells count towards Google's limit, too
        grids[key] = ROWS, max(least, len(order.headings), *map(len, appends.get(key, ())))
        added += _added(key, order, grids[key], robot)

    old, fence, fences = _fence(seen, revision, expected, changes.removed)
    requests = [*old, *([LOCAL] if changes.local else [])]
    for key, title in changes.put_away.items():
        away = {"sheetId": int(key), "title": title, "hidden": True}
        requests.append({"updateSheetProperties": {"properties": away, "fields": "title,hidden"}})
    requests += [*added, *fence]
    for key, rows in appends.items():
        width = max(map(len, rows))
        requests += api.grown(key, grids[key], (0, width))
        requests.append(api.append(key, rows))
        grids[key] = (max(grids[key][0], len(tabs[key].rows)), max(grids[key][1], width))
    requests += api.writes(changes, tabs, grids)
    if changes.removed:
        requests.append({"deleteSheet": {"sheetId": int(changes.removed)}})

    touched = changes.rows
    expected = replace(expected, revision=replace(revision, fences=fences, grids=grids, taken=frozenset(ids)))
    meant = expected.after(Changes(cells=changes.cells)).tabs if touched else ()
    known = {tab.key for tab in seen.tabs if tab.part is Part.ALL and not tab.unread and tab.key not in appends}
    back = [ReadBack.of(tab, touched[tab.key], whole=tab.key not in known) for tab in meant if tab.key in touched]
    return Commit(requests, back, expected)


def _fence(
    seen: Snapshot, revision: Revision, there: Snapshot, removed: str
) -> tuple[list[Request], list[Request], tuple[int, ...]]:
    """The requests that take the old fence down, those that put up the new, and the numbers that stand then. The new
    one may stand in a tab that this commit adds (so only in `there`), and never in the one that is `removed`.

    Adding an id that exists is an error, and so is changing one that doesn't: of all robots that saw the same fence
    only the first gets through. A robot that finds no number (in a new spreadsheet, or after somebody tidied up) also
    puts up a fence that is never taken down (`robot_0`, then `robot_00`), so that another one that found none is
    refused even if the first number has come and gone meanwhile. It counts from a random number, so that a third robot
    that saw an old number does not find that again.
    """
    counted, lasting = [number for number in revision.fences if number], revision.fences.count(0)
    standing = seen.tab(JOURNAL) or seen.tabs[0]
    anchor = there.tab(JOURNAL) or next(tab for tab in seen.tabs if tab.key != removed)
    names = [f"{revision.fence}_{number}" for number in counted]
    old: list[Request] = []
    for each in range(lasting if removed else 0):
        kept = api.named_range(f"{revision.fence}_{'0' * (each + 1)}", anchor)
        old.append({"updateNamedRange": {"namedRange": kept, "fields": "range"}})
    if counted:
        old.append({"updateNamedRange": {"namedRange": api.named_range(names[-1], standing), "fields": "range"}})
        old += [{"deleteNamedRange": {"namedRangeId": name}} for name in names]
        number = counted[-1] + 1
    else:
        number = 1 + secrets.randbelow(MANY)
    added = [number] if counted and lasting else ["0" * (lasting + 1), number]
    new = [{"addNamedRange": {"namedRange": api.named_range(f"{revision.fence}_{each}", anchor)}} for each in added]
    return old, new, (*(0,) * (lasting + len(added) - 1), number)


def _added(key: str, order: NewTab, grid: Size, robot: str) -> Iterator[Request]:
    size = {"rowCount": grid[0], "columnCount": grid[1]}
    properties = {"sheetId": int(key), "title": order.title, "hidden": order.hidden, "gridProperties": size}
    yield {"addSheet": {"properties": properties}}
    yield api.update(key, order.heading_row, 0, [[api.cell(heading) for heading in order.headings]], api.VALUE_FIELDS)
    if order.protected:
        yield {"addProtectedRange": {"protectedRange": api.kept_for(int(key), robot)}}


# What is read back of a tab: the rows that were written, those where headings may stand, and a column that tells rows
# from each other. If all that is as it was meant to be, every write landed in its row, and under its heading; if not,
# nothing is known but what was read, and all of the tab has to be read.

#: At most so many ranges of a tab; a tab with fewer rows than `SHORT` is read whole.
_RANGES, SHORT = 50, 30


class ReadBack(Struct, frozen=True):
    """A tab as it is `meant` to stand, its rows that were `written`, and what is read back: `rows` (runs, first and
    last, 0-based) and one `column` of the others; without `rows`, the whole tab."""

    meant: Tab
    written: Collection[int] = ()
    rows: Sequence[tuple[int, int]] = ()
    column: int = 0

    @classmethod
    def of(cls, meant: Tab, written: Collection[int], *, whole: bool) -> "ReadBack":
        """Reads back as little as is enough, unless the `whole` tab is asked for."""
        rows, below = runs({*range(min(TOP, len(meant.rows))), *written}), meant.rows[TOP:]
        if whole or len(meant.rows) < SHORT or max(written) >= len(meant.rows) or len(rows) > _RANGES:
            return cls(meant)
        columns = range(max(map(len, below), default=1))
        column = next((column for column in columns if _tells_apart(below, column)), None)
        return cls(meant) if column is None else cls(meant, written, rows, column)

    @property
    def ranges(self) -> list[str]:
        """The ranges to read back, in A1 notation."""
        title, column, last = quoted_title(self.meant.title), letters(self.column), len(self.meant.rows)
        rows = [f"{title}!{first + 1}:{last + 1}" for first, last in self.rows]
        below = [f"{title}!{column}{TOP + 1}:{column}{last}"] if last > TOP else []  # else the grid may end before it
        return [*rows, *below] if rows else [title]

    def shown(self, tab: Tab, sheet: Mapping[str, Any]) -> Tab:
        """The tab from an answer with these ranges; `Part.MOVED` if it is not as it was meant to be."""
        if not self.rows:
            return tab
        data = sheet.get("data", ())
        blocks = {(one.get("startRow", 0), one.get("startColumn", 0)): one["rowData"] for one in data}
        rows, changed = [*self.meant.rows], list[tuple[int, Value, Value]]()
        for first, last in self.rows:
            found = blocks.get((first, 0), [])
            rows[first : last + 1] = [*found, *[[]] * (last + 1 - first - len(found))]
            pairs = ((at, zip_longest(self.meant.rows[at], rows[at])) for at in range(first, last + 1))
            changed += [(at, was, now) for at, cells in pairs for was, now in cells if was != now]
        if len(changed) == 1:  # the status line may show another time
            ((at, was, now),) = changed
            changed = [] if at not in self.written and isinstance(was, str) and isinstance(now, str) else changed
        known = trimmed([self.meant.at(at, self.column)] for at in range(TOP, len(rows)))
        moved = changed or blocks.get((TOP, self.column), []) != known
        return replace(tab, rows=rows, part=Part.MOVED if moved else self.meant.part)


def _tells_apart(rows: Sequence[Sequence[Value]], column: int) -> bool:
    """Whether no two of these rows show the same in a column, and most show something."""
    values = [row[column] for row in rows if len(row) > column and row[column] is not None]
    return 2 * len(values) >= len(rows) and len({*values}) == len(values)
