"""Kendali with Cadangan: a spreadsheet with the copy of all journals, which only the operator and the robot open.

Callers see one workbook, whose tabs `Riwayat` and `Nilai Terakhir` are those of Cadangan. A commit goes to Cadangan
first, then to Kendali; if the program is killed in between, the next cycle makes Kendali say what Cadangan knows. Rows
of Kendali's own older `Riwayat` stand below Cadangan's until they are moved. Without a Cadangan it is Kendali alone.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import cast

from msgspec import Struct
from msgspec.structs import replace

from automation.cases.archive import is_put_away
from automation.cases.events import JOURNAL
from automation.config.defaults import BACKUP
from automation.config.tabs import BACKUP_KEY, rows_of
from automation.config.values import Unfit, text
from automation.model.cells import CellWrite, Part, Tab, fold, fold_title, is_empty, trimmed
from automation.model.tickets import Ticket
from automation.reading.cell_text import writable
from automation.sheets.looks.model import TabLook
from automation.sheets.port import Changes, ReadRequest, Snapshot, Workbook
from automation.sheets.prepare import new_tab
from automation.tables.kendali import HEADINGS, LAST_VALUES, OWN, REGISTER, SETTINGS
from automation.trouble import Trouble, WorkbookError
from automation.whole_file import write_whole

#: Cells of a spreadsheet that Google allows (https://support.google.com/drive/answer/37603).
MOST_CELLS = 10_000_000
#: The trouble that a spreadsheet knows less than the previous Cadangan.
_LESS = "kendali.cadangan-kurang"
#: The trouble that there is no such file (yet: `setup` makes it).
_MISSING = "operator.kendali.tidak-ada"


class _Both(Struct, frozen=True):
    """Both workbooks as they stood; `left`: the rows (0-based) of Kendali's own journal that Cadangan lacks."""

    kendali: Snapshot
    backup: Snapshot
    left: Sequence[int]

    def is_apart(self, title: str) -> bool:
        """Whether a tab belongs to Cadangan. The last values do once they were moved."""
        if is_put_away(title):
            return self.backup.tab(title) is not None
        moved = self.backup.tab(LAST_VALUES) is not None or self.kendali.tab(LAST_VALUES) is None
        return fold_title(title) in [fold_title(JOURNAL), *([fold_title(LAST_VALUES)] if moved else [])]


class BackedUp:
    """Implements `Workbook` for Kendali and Cadangan together. Cadangan's link (`backup_link` while in use) is the one
    that is `named`; otherwise the last one in Pengaturan that could be opened, which is kept in the file `note`."""

    def __init__(self, kendali: Workbook, named: str, opened: Callable[[str], Workbook], note: Path | None) -> None:
        self._kendali, self._named, self._opened, self._note = kendali, named, opened, note
        self.source, self.largest_commit, self.assumptions = kendali.source, kendali.largest_commit, kendali.assumptions
        self.backup_link = ""
        self._backup: Workbook | None = None
        self._copy: Snapshot | None = None  # Cadangan as it was read last

    @property
    def apart(self) -> str:
        """Cadangan's source, once Kendali was read; empty if there is no Cadangan."""
        return self._backup.source if self._backup is not None else ""

    def read(self, request: ReadRequest | None = None) -> Snapshot:
        """Both, as one; if Cadangan was read a moment ago, it is read again only if its tabs are asked for. Raises
        `WorkbookError` if the copy must lie in a Cadangan that nobody can name any more, or in another one than is
        named; and if Kendali is really a Cadangan, or a spreadsheet with complaints."""
        seen = self._kendali.read(request)
        if seen.tab(JOURNAL) is not None and not any(seen.tab(title) for title in OWN):
            raise WorkbookError("kendali.bukan-kendali", workbook=seen.name)
        if self._named and self._backup is None:
            backup = self._opened(self._named)
            if not self._is_one(backup, self._named, "credentials.json"):
                raise WorkbookError("kendali.bukan-cadangan")
            self._backup, self.backup_link = backup, self._named
        elif not self._named:
            seen = replace(seen, troubles=self._follow(seen))
        if self._backup is None:
            return seen
        copy = self._copy if request is not None and request.now is None else None
        if copy is None or request is None or any(request.part(tab) is Part.ALL for tab in copy.tabs):
            self._copy = copy = self._backup.read(request)
        return _joined(seen, copy)

    def mark(self, request: ReadRequest | None = None) -> str:
        """Of both; of a Cadangan that was not opened yet if it is the last good one."""
        if self._backup is None and request is not None and (link := self._noted()) and self._named in ("", link):
            self._backup, self.backup_link = self._opened(link), link
        marks = [one.mark(request) for one in (self._kendali, self._backup) if one is not None]
        return " ".join(marks) if all(marks) else ""

    def _follow(self, seen: Snapshot) -> tuple[Trouble, ...]:
        """What to report after opening what Pengaturan names; or the last good one, if that is none, or empty."""
        rows = [row for row in rows_of(seen, SETTINGS) if fold(row["Pengaturan"]) == fold(BACKUP.name)]
        told, wrong = text(rows[0]["Nilai"]) if rows else "", list[Trouble]()
        links = [*dict.fromkeys(filter(None, (told, self.backup_link, self._noted())))]
        place = rows[0].place("Nilai") if rows else str(SETTINGS)
        for link in links:
            if link == self.backup_link:
                return tuple(wrong)
            with suppress(Unfit):  # reported with its cell elsewhere
                try:
                    if self._is_one(backup := self._opened(BACKUP.read(link)), link, place):
                        self._backup, self.backup_link, self._copy = backup, link, None
                        return tuple(wrong)
                    unlike = True
                except Trouble as error:
                    unlike = error.code != _LESS and (len(links) > 1 or error.causes[0].code != _MISSING)
                    wrong += [error] if error.code == _LESS else []
                if unlike and link == told:
                    wrong.append(Trouble("kendali.cadangan-lain", cell=place))
        # Without Cadangan, all words of citizens would be written into Kendali again, which many people read.
        titles = (JOURNAL,) if links else (JOURNAL, LAST_VALUES)  # nobody deletes both by a slip
        has_own = any(not is_empty(value) for title in titles for row in seen.rows(title)[1:] for value in row)
        if not has_own and _shown_only(seen, seen):
            raise next((one for one in wrong if one.code == _LESS), WorkbookError("kendali.cadangan-keliru"))
        return tuple(wrong)

    def _noted(self) -> str:
        with suppress(OSError):
            return self._note.read_text("utf-8") if self._note is not None else ""
        return ""

    def _is_one(self, backup: Workbook, link: str, place: str) -> bool:
        """Whether a workbook can be Cadangan: it holds a copy of journals, or nothing. Citizens' words are written
        there, so it must not be anybody's spreadsheet. Checked once, when its link is new. Raises `WorkbookError` if it
        lacks cases that Kendali shows: they are in another Cadangan. `place`: where it is named."""
        if link == self._noted() or (self._named and self._note is None):
            return True
        seen = backup.read()
        copied = seen.tab(JOURNAL)
        empty = all(is_empty(cell) for tab in seen.tabs for row in tab.rows for cell in row)
        copies = copied is not None and copied.at(0, 0) == HEADINGS[JOURNAL][0]
        fits = backup.source != self.source and (empty or (copies and not any(seen.tab(title) for title in OWN)))
        if fits and (unknown := _shown_only(self._kendali.read(), seen)):
            raise WorkbookError(_LESS, cell=place, banyak=unknown)
        with suppress(OSError):
            if fits and self._note is not None:
                write_whole(self._note, link.encode())
        return fits

    def commit(self, changes: Changes, seen: Snapshot) -> Snapshot:
        """Write to Cadangan, then to Kendali. Raises `Outrun` if another was quicker at either; the first stays."""
        both = seen.revision
        if self._backup is None or not isinstance(both, _Both):
            return replace(self._kendali.commit(changes, seen), troubles=seen.troubles)
        copied, own = both.backup.tab(JOURNAL), both.kendali.tab(JOURNAL)
        height, journal = (len(copied.rows), copied.key) if copied is not None else (1, "")
        to_backup, to_kendali = list[CellWrite](), list[CellWrite]()
        for cell in changes.cells:
            key = cell.tab.removeprefix(BACKUP_KEY)
            if key == cell.tab:
                to_kendali.append(cell)
            elif key != journal or cell.row < height:
                to_backup.append(replace(cell, tab=key))
            elif own is not None:
                to_kendali.append(replace(cell, tab=own.key, row=both.left[cell.row - height]))
        appends = {title: rows for title, rows in changes.appends.items() if both.is_apart(title)}
        new = [tab for tab in changes.new_tabs if both.is_apart(tab.title)]
        if copied is None and JOURNAL in appends and all(tab.title != JOURNAL for tab in new):
            new.append(new_tab(JOURNAL, HEADINGS[JOURNAL]))
        others = tuple(tab for tab in changes.new_tabs if tab not in new)
        rest = {title: rows for title, rows in changes.appends.items() if title not in appends}
        away = {key.removeprefix(BACKUP_KEY): to for key, to in changes.put_away.items() if key.startswith(BACKUP_KEY)}
        own_away = {key: to for key, to in changes.put_away.items() if not key.startswith(BACKUP_KEY)}
        apart = Changes(tuple(new), appends, to_backup, put_away=away)
        self._copy = backup = self._backup.commit(apart, both.backup)
        remaining = replace(changes, new_tabs=others, appends=rest, cells=to_kendali, put_away=own_away)
        kendali = self._kendali.commit(remaining, both.kendali)
        return _joined(replace(kendali, troubles=seen.troubles), backup)

    def dress(self, looks: Sequence[TabLook]) -> int:
        if self._backup is None:
            return self._kendali.dress(looks)
        apart = [look for look in looks if look.title in (JOURNAL, LAST_VALUES)]
        return self._kendali.dress([look for look in looks if look.title != JOURNAL]) + self._backup.dress(apart)

    def link(self, tab: Tab, row: int) -> str:
        return self._kendali.link(tab, row)

    def move(self) -> int:
        """Move Kendali's own `Riwayat` to Cadangan, in portions, and empty it once Cadangan has it all; the last values
        likewise. Returns how many rows of `Riwayat` were emptied. If cut off, the next call goes on from there."""
        if self._backup is None:
            return 0
        most, seen = self.largest_commit or 10_000, self.read()
        while (both := cast("_Both", seen.revision)).left:
            rows = [[*map(writable, both.kendali.rows(JOURNAL)[at])] for at in both.left[:most]]
            seen = self.commit(Changes(appends={JOURNAL: rows}), seen)
        if not both.is_apart(LAST_VALUES):
            kept = [[*map(writable, row)] for row in both.kendali.rows(LAST_VALUES)[1:]]
            there = (new_tab(LAST_VALUES, HEADINGS[LAST_VALUES]),)
            self._backup.commit(Changes(there, {LAST_VALUES: kept} if kept else {}), both.backup)
        kendali, emptied = both.kendali, 0
        for own in filter(None, map(kendali.tab, (LAST_VALUES, JOURNAL))):
            held = [(at, row) for at, row in enumerate(own.rows) if at and row]
            emptied = len(held)
            while held:
                cells = [CellWrite(own.key, at, column, None) for at, row in held[-most:] for column in range(len(row))]
                kendali, held = self._kendali.commit(Changes(cells=cells), kendali), held[:-most]
        return emptied

    def own_archives(self) -> list[str]:
        """The titles of journals that Kendali has put away itself: before there was a Cadangan."""
        tabs = self._kendali.read(ReadRequest(lambda _: Part.TOP)).tabs
        return [tab.title for tab in tabs if is_put_away(tab.title) and tab.title.startswith(JOURNAL)]


def fullness(seen: Snapshot) -> Iterator[tuple[str, int]]:
    """The name and the number of cells, empty ones too, of a workbook (0 for a file), or of Kendali and Cadangan."""
    both = seen.revision
    for one in (both.kendali, both.backup) if isinstance(both, _Both) else (seen,):
        yield one.name, sum(rows * columns for rows, columns in getattr(one.revision, "grids", {}).values())


def home_of(seen: Snapshot, title: str) -> str:
    """The name of the workbook in which a tab stands: Cadangan's, or Kendali's own."""
    both = seen.revision
    return both.backup.name if isinstance(both, _Both) and both.backup.tab(title) is not None else seen.name


def _shown_only(kendali: Snapshot, backup: Snapshot) -> int:
    """How many cases the register shows that no journal in either workbook mentions."""
    tabs = (tab for tab in (*kendali.tabs, *backup.tabs) if tab.title == JOURNAL or is_put_away(tab.title))
    told = {cell for tab in tabs for row in tab.rows for cell in row[3:4]}
    shown = {text(row["No. Tiket"]) for row in rows_of(kendali, REGISTER)}
    return len({one for one in shown - told if Ticket.parse(one) is not None})  # else somebody's note


def _joined(kendali: Snapshot, backup: Snapshot) -> Snapshot:
    copied, own = backup.tab(JOURNAL), kendali.tab(JOURNAL)
    old = [(at, row) for at, row in enumerate(kendali.rows(JOURNAL)) if at and row]
    there = {tuple(trimmed(row)) for row in backup.rows(JOURNAL)} if old else ()
    left = [at for at, row in old if tuple(trimmed(row)) not in there]
    both = _Both(kendali, backup, left)
    tabs = [tab for tab in kendali.tabs if not both.is_apart(tab.title)]
    if copied is not None or own is not None:
        rows = [*(copied.rows if copied is not None else [HEADINGS[JOURNAL]]), *(own.rows[at] for at in left if own)]
        copied = copied or Tab("", JOURNAL, (), hidden=True)
        tabs.append(replace(copied, key=BACKUP_KEY + copied.key, rows=rows))
    apart = [tab for tab in backup.tabs if tab.title == LAST_VALUES or is_put_away(tab.title)]
    return replace(kendali, tabs=(*tabs, *(replace(tab, key=BACKUP_KEY + tab.key) for tab in apart)), revision=both)
