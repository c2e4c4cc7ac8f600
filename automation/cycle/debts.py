"""What a commit is about to write, noted in the program's own folder until it was read back. Cells are written by
position. If somebody moves a column at that moment, and the network is then lost for good, the robot's value stays
under a heading of people's. So the next process to start looks up each noted place, and removes a value of the robot's
from under a person's heading. Only a noted debt is collected: people type tickets, too. A note names spreadsheet, tab,
place and heading, and only a digest of the value. Each process has its own file. If the folder vanishes or can't be
written, debts are known in memory only. Nothing here raises."""

import hashlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from automation.cycle.overwritten import Overwritten, RobotColumns
from automation.model.cells import CellWrite, Tab, as_read, fold
from automation.reading.cell_text import writable
from automation.sheets.port import Snapshot
from automation.whole_file import names_of, write_down

Columns = Callable[[Tab], RobotColumns | None]
#: Key of the tab, 0-based row and column, the heading as `fold` gives it, and the digest of the value.
Note = tuple[str, int, int, str, str]
_NOTES = msgspec.json.Decoder(dict[str, list[Note]])


class Debts:
    """The debts of all processes that use these credentials, by spreadsheet."""

    def __init__(
        self, folder: Path, credentials: Path, process: str = "", is_alive: Callable[[str], bool] | None = None
    ) -> None:
        self._folder, self.process, self._is_alive = folder, process or str(os.getpid()), is_alive or _is_alive
        self._names = names_of("utang", credentials)
        # The notes of a dead process with the same number: in a container all have the same.
        self._path = folder / f"{self._names}{self.process}"
        self._own = _read(self._path)
        self._looked_up: dict[str, list[Path]] = {}  # by spreadsheet: the files of dead processes that were looked up

    def note(self, source: str, seen: Snapshot, cells: Iterable[CellWrite], columns: Columns) -> None:
        """Note that these cells are about to be written."""
        tabs = {tab.key: (tab, columns(tab)) for tab in seen.tabs}
        notes = []
        for cell in cells:
            tab, ours = tabs.get(cell.tab, (None, None))
            if tab is not None and ours is not None:
                heading = fold(tab.at(ours.row, cell.column))
                notes.append((cell.tab, cell.row, cell.column, heading, _mark(as_read(cell.value))))
        if notes:  # each once, however often the write is refused
            self._own[source] = [*dict.fromkeys((*self._own.get(source, ()), *notes))]
            _write(self._path, self._own)

    def look_up(self, source: str) -> None:
        """Find the dead processes before the spreadsheet is read: one that dies meanwhile may have written since."""
        self._looked_up[source] = [path for path, _ in self._others()]

    def owed(self, source: str, seen: Snapshot, columns: Columns) -> Iterator[Overwritten]:
        """The cells of people's that show what the robot wrote, to be emptied: what stood there is in the version
        history. A heading of the robot's own that it wrote over, because of a row inserted above it, is put back."""
        tabs = {tab.key: (tab, columns(tab)) for tab in seen.tabs}
        shown, files = [], (self._own, *map(_read, self._looked_up.get(source, ())))
        for key, row, column, meant, mark in dict.fromkeys(note for notes in files for note in notes.get(source, ())):
            tab, ours = tabs.get(key, (None, None))
            if tab is None or ours is None or _mark(value := tab.at(row, column)) != mark:
                continue
            lost = row == ours.row and meant not in map(fold, tab.rows[row])
            put_back = row == ours.row and fold(value) in ours.headings
            back = ours.headings.get(meant) if lost else None
            if (value is not None or back is not None) and not put_back:
                shown.append((tab, ours, meant, Overwritten(writable(value), CellWrite(key, row, column, back))))
        titles = {(one.back.tab, one.back.column): one.back.value for *_, one in shown if one.back.value is not None}
        for tab, ours, meant, one in shown:
            heading = fold(titles.get((tab.key, one.back.column)) or tab.at(ours.row, one.back.column))
            if one.back.row <= ours.row or (heading != meant and heading not in ours.headings):
                yield one

    def settle(self, source: str) -> None:
        """Strike what this process wrote to a spreadsheet, which is read back now, and what processes owed that were
        dead at the first reading. The debts of those that died since are left to others."""
        self._own.pop(source, None)
        _write(self._path, self._own)
        looked_up = self._looked_up.pop(source, ())
        for path, notes in self._others():
            if path in looked_up and notes.pop(source, None) is not None:
                _write(path, notes)

    def _others(self) -> Iterator[tuple[Path, dict[str, list[Note]]]]:
        """The files and notes of processes that are dead."""
        with suppress(OSError):
            for path in [*self._folder.glob(f"{self._names}*")]:
                number = path.name.removeprefix(self._names)
                if number != self.process and not self._is_alive(number):
                    yield path, _read(path)


def _read(path: Path) -> dict[str, list[Note]]:
    with suppress(OSError, ValueError):
        return _NOTES.decode(path.read_bytes())
    return {}


def _write(path: Path, notes: Mapping[str, list[Note]]) -> None:
    with suppress(OSError, ValueError):
        if not notes:
            path.unlink(missing_ok=True)
        else:
            write_down(path, msgspec.json.encode(notes))


def _is_alive(process: str) -> bool:
    """Whether the process runs. False where that can't be told: on Windows the call that asks would be a Ctrl-C."""
    try:
        if sys.platform == "win32":
            return False
        os.kill(int(process), 0)
    except (OSError, ValueError, OverflowError):
        return False
    return True


def _mark(value: object) -> str:
    return hashlib.sha256(str(value).encode("utf-8", "surrogatepass")).hexdigest()[:16]
