"""The port between the program and its spreadsheets. A workbook is read (`Snapshot`) and changed by one commit at a
time (`Changes`), which is applied whole or not at all, and only if nobody else committed since the snapshot was taken.
Both adapters keep the same promises, and ``tests/workbook_contract.py`` holds them to it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from automation.model.cells import CellWrite, Part, Rows, Tab, Value, Writable, as_read, fold_title, trimmed
from automation.model.texts import CITY_ZONE
from automation.sheets.looks.model import TabLook
from automation.trouble import Trouble

#: How a spreadsheet of the city reads what people type.
LOCALE = "id_ID"
#: Reads, and as many writes, that Google allows an account in any minute.
A_MINUTE = 60


class Snapshot(Struct, frozen=True):
    """A workbook as it stood at one moment. `revision` is the adapter's own mark of that moment, for the fence.
    `locale` (``en_US``) is how it reads what people type, and `zone` its time zone; both are empty if not known.
    `troubles` are faults found while reading, such as a link in it that leads nowhere."""

    name: str
    tabs: tuple[Tab, ...]
    revision: object
    locale: str = ""
    troubles: tuple[Trouble, ...] = ()
    zone: str = ""

    @property
    def foreign(self) -> bool:
        """Whether it may read a date typed the Indonesian way as another date."""
        return bool(self.locale) and self.locale.partition("_")[0] not in ("id", "in")

    def unsure(self, changes: "Changes") -> Collection[str]:
        """The titles of tabs that have to be read whole before these changes are written."""
        written = {cell.tab for cell in changes.cells}
        partly = (tab for tab in self.tabs if tab.part is not Part.ALL)
        return {one.title for one in partly if one.key in written or (changes.sure and one.part is not Part.AWAY)}

    @property
    def by_key(self) -> dict[str, Tab]:
        return {tab.key: tab for tab in self.tabs}

    def tab(self, title: str) -> Tab | None:
        """The tab with this title (case and surrounding space forgiven), or None."""
        wanted = fold_title(title)
        return next((tab for tab in self.tabs if fold_title(tab.title) == wanted), None)

    def rows(self, title: str) -> Sequence[Sequence[Value]]:
        tab = self.tab(title)
        return tab.rows if tab is not None else ()

    def misnamed(self, changes: "Changes") -> str | None:
        """The title or key of a missing tab that changes write to, or an existing title that they give; else None."""
        kept = {tab.key: fold_title(tab.title) for tab in self.tabs if tab.key not in changes.put_away}
        titles = {*kept.values()}
        for title in (*changes.put_away.values(), *(new.title for new in changes.new_tabs)):
            if fold_title(title) in titles:
                return title
            titles.add(fold_title(title))
        wrong = [title for title in changes.appends if fold_title(title) not in titles]
        return next(iter([*wrong, *(cell.tab for cell in changes.cells if cell.tab not in kept)]), None)

    def with_put_away(self, titles: Mapping[str, str]) -> "Snapshot":
        """The same workbook with these tabs (by key) hidden under other titles."""
        tabs = self.by_key
        for key in tabs.keys() & titles:
            title = titles[key]
            tabs[key] = replace(tabs[key], key=title if key == tabs[key].title else key, title=title, hidden=True)
        return replace(self, tabs=tuple(tabs.values()))

    def after(self, changes: "Changes") -> "Snapshot":
        """The workbook as it will be read once `changes` are written; rows and tabs that they touch lose trailing empty
        cells and rows. `revision` stays; the key of a new tab is its title. Raises `KeyError` for a missing tab."""
        new = (Tab(tab.title, tab.title, _as_read(tab.top), tab.hidden) for tab in changes.new_tabs)
        there = self.with_put_away(changes.put_away).tabs
        tabs = {tab.key: tab for tab in (*there, *new) if tab.key != changes.removed}
        keys = {fold_title(tab.title): key for key, tab in tabs.items()}
        grids: dict[str, list[Sequence[Value]]] = {}
        for title, rows in changes.appends.items():
            key = keys[fold_title(title)]
            grids[key] = [*tabs[key].rows, *_as_read(rows)]
        for key, written in changes.rows.items():
            grid = grids.setdefault(key, [*tabs[key].rows])
            grid += [()] * (max(written) + 1 - len(grid))
            for row, values in written.items():
                cells = [*grid[row], *[None] * (max(values) + 1 - len(grid[row]))]
                for column, value in values.items():
                    cells[column] = as_read(value)
                grid[row] = trimmed(cells)
        return replace(
            self,
            locale=LOCALE if changes.local else self.locale,
            zone=CITY_ZONE if changes.local else self.zone,
            tabs=tuple(replace(tab, rows=trimmed(grids[key])) if key in grids else tab for key, tab in tabs.items()),
        )


def _as_read(rows: Sequence[Sequence[Writable]]) -> Rows:
    return trimmed([trimmed([*map(as_read, row)]) for row in rows])


class NewTab(Struct, frozen=True):
    """A bare tab to add: its headings (in 0-based row `heading_row`), and whether people see it and may write there."""

    title: str
    headings: tuple[str, ...]
    hidden: bool = False
    protected: bool = False
    heading_row: int = 0

    @property
    def top(self) -> list[tuple[str, ...]]:
        """Its first rows: the empty ones above the headings, and the headings."""
        return [*((),) * self.heading_row, self.headings]


class Changes(Struct, frozen=True):
    """One commit: first tabs to put away (by key, with the title under which they are hidden), then tabs to add, rows
    to append (by tab title; below the last row that holds anything), and cells to write. Text is always written as
    text: a value that starts with ``=``, ``+`` or ``@`` is never run as a formula. `partial`: more changes will follow.
    `local`: days and numbers typed from now on are read the Indonesian way, in the city's time zone; what was typed
    before stays as it was read. `removed` is the key of a tab to delete at the end; if anything at all is found in it
    (a note, a chart, a format), it stays. `sure`: these changes need a workbook that was read whole."""

    new_tabs: tuple[NewTab, ...] = ()
    appends: Mapping[str, Sequence[Sequence[Writable]]] = field(default_factory=dict)
    cells: Sequence[CellWrite] = ()
    partial: bool = False
    local: bool = False
    removed: str = ""
    sure: bool = False
    put_away: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any((self.new_tabs, any(self.appends.values()), self.cells, self.local, self.removed, self.put_away))

    @property
    def rows(self) -> dict[str, dict[int, dict[int, Writable]]]:
        """What is written into cells, by tab, row and column."""
        rows: dict[str, dict[int, dict[int, Writable]]] = defaultdict(lambda: defaultdict(dict))
        for cell in self.cells:
            rows[cell.tab][cell.row][cell.column] = cell.value
        return rows


def combined(*parts: Changes) -> Changes:
    """Several changes as one commit; no two of them append to the same tab."""
    return Changes(
        tuple(new for part in parts for new in part.new_tabs),
        {title: rows for part in parts for title, rows in part.appends.items()},
        [cell for part in parts for cell in part.cells],
        put_away={key: title for part in parts for key, title in part.put_away.items()},
    )


AROUND = timedelta(minutes=30)


class ReadRequest(Struct, frozen=True):
    """Which `part` of each tab of a workbook that was read before is needed at the time `now`. Without a `now` it was
    read a moment ago, and its age does not change. Which tabs there are, and what stands far below the last row, is
    asked again `around` after the last time. `away`: some tabs may be `Part.AWAY`, judged by their titles or keys.
    `anew`: all else is read, whatever was read before."""

    part: Callable[[Tab], Part]
    now: datetime | None = None
    around: timedelta = AROUND
    away: bool = False
    anew: bool = False

    @classmethod
    def only(cls, titles: Collection[str]) -> "ReadRequest":
        return cls(lambda tab: Part.ALL if tab.title in titles else Part.NONE)

    @classmethod
    def all_of(cls, seen: Snapshot) -> "ReadRequest":
        """All of a workbook anew, except tabs that were put away."""
        away = {tab.title for tab in seen.tabs if tab.part is Part.AWAY}
        return cls(lambda tab: Part.AWAY if tab.title in away else Part.ALL, away=bool(away), anew=True)


class Proof(Struct, frozen=True):
    """The result of trying out one assumption. `code` is the key of its words; `holds` is None if it could not be tried
    because an earlier one failed; `cause` is what the service said against it."""

    code: str
    holds: bool | None
    cause: str = ""


class Assumptions(Protocol):
    """All assumptions about the service behind one workbook."""

    @property
    def version(self) -> int:
        """The version of this set of assumptions: after a change of it, all are tried out again."""

    def observe(self, title: str) -> tuple[Sequence[Proof], Sequence[Mapping[str, Any]]]:
        """Try out in the same way what is worth knowing, though nothing depends on it. Returns the proofs, and what was
        sent and answered, as JSON about that tab alone."""

    def try_out(self, title: str) -> Sequence[Proof]:
        """Try each of them in a hidden tab of this title, which is deleted afterwards; nothing else is touched. Raises
        `WorkbookError` if the service can't be reached, or the spreadsheet can't be written to."""


class Workbook(Protocol):
    """One spreadsheet. All methods raise `WorkbookError` (with what to do) when it can't be reached or used."""

    @property
    def source(self) -> str:
        """What `Sumber` calls it: a stable identity (the spreadsheet's id, or the file's path as given)."""

    @property
    def largest_commit(self) -> int | None:
        """How many rows one commit should write at most, so that the request stays small; None without a limit."""

    @property
    def assumptions(self) -> Assumptions | None:
        """What has to be tried out once before tickets are issued here; None if nothing is merely assumed."""

    def read(self, request: ReadRequest | None = None) -> Snapshot:
        """The workbook as it stands now, or at least the parts that are asked for (see `Tab.part`)."""

    def mark(self, request: ReadRequest | None = None) -> str:
        """A digest of what a cycle would find now or, without a request, of what was read last; empty if none was."""

    def commit(self, changes: Changes, seen: Snapshot) -> Snapshot:
        """Apply `changes` whole, and return the workbook as it stands right after. What was written is read back, not
        assumed. If it may not stand where it was meant to, all of its tab is read, or the tab is `Part.MOVED`.

        Raises `Outrun`, with nothing applied, if another commit came after `seen`. An ambiguous failure (time-out,
        reset) is tried again under the same fence, so it can't apply twice.
        """

    def dress(self, looks: Sequence[TabLook]) -> int:
        """Give these tabs what they lack of their looks (see `looks.model`), and return how many things were given. If
        nothing is missing, nothing is written. A look for a tab that is not there is skipped. Raises `Outrun`, with
        nothing given, if people change the tabs faster than they can be looked at."""

    def link(self, tab: Tab, row: int) -> str:
        """An address that opens the workbook at this 0-based row."""
