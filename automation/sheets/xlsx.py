"""A local workbook (xlsx) behind the port `Workbook`."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence, Set as AbstractSet
from contextlib import suppress
from pathlib import Path

from openpyxl.utils import get_column_letter

from automation.cases.cells import Link, Value
from automation.sheets import xlsx_files as files
from automation.sheets.looks.model import TabLook
from automation.sheets.port import Changes, NewTab, Snapshot, Tab
from automation.sheets.xlsx_formulas import Place
from automation.sheets.xlsx_guard import refuse_losses
from automation.sheets.xlsx_looks import dress
from automation.sheets.xlsx_read import UNCALCULATED, read_tabs
from automation.sheets.xlsx_write import apply, check, expected, new_file
from automation.trouble import Outrun, WorkbookError


class XlsxWorkbook:
    """One xlsx file. A commit is fenced by the file's content: it applies to exactly the bytes that were read, so
    whoever saves in between, person or robot, makes it `Outrun`.

    `source` is what `Sumber` calls it; `base` is the folder that links start from (without it they are absolute).
    """

    def __init__(self, path: Path, source: str, *, base: Path | None = None) -> None:
        self._path = path
        self._source = source
        self._base = base

    @classmethod
    def create(
        cls, path: Path, source: str | None = None, *, base: Path | None = None, tabs: Sequence[NewTab] = ()
    ) -> XlsxWorkbook:
        """Make a new file with these tabs (or one empty one). Never overwrites: `WorkbookError` if there is one."""
        workbook = cls(path, source or str(path), base=base)
        workbook._check_kind()
        with files.only_writer(path):
            if path.exists():
                raise WorkbookError("lokal.sudah-ada", berkas=str(path))
            files.replace(path, new_file(tabs))
        return workbook

    @property
    def source(self) -> str:
        """What `Sumber` calls it."""
        return self._source

    @property
    def largest_commit(self) -> int | None:
        """None: a file takes everything at once."""
        return None

    @property
    def assumptions(self) -> None:
        """None: what is promised here, the tests prove."""
        return None

    def read(self) -> Snapshot:
        """The workbook as it stands now, also while somebody has it open (then as it was last saved)."""
        self._check_kind()
        return self._snapshot(files.read_bytes(self._path))

    def commit(self, changes: Changes, seen: Snapshot) -> Snapshot:
        """Apply `changes` whole, and return the workbook as it was written, read back before it took the old one's
        place. Refused (`WorkbookError`) while somebody has the file open, and where saving would lose something."""
        self._check_kind()
        path = Path(os.path.realpath(self._path))
        with files.only_writer(path):
            files.refuse_if_open(path)
            data = files.read_bytes(path)
            self._check_unchanged(data, seen)
            if not changes:
                return seen
            files.refuse_if_read_only(path)
            check(changes, seen, str(self._path))
            written = apply(data, changes, seen, str(self._path))
            refuse_losses(data, written, str(self._path))
            after = self._read_back(written, expected(changes, seen))
            files.refuse_if_open(path)
            self._check_unchanged(files.read_bytes(path), seen)
            files.replace(path, written)
        return after

    def dress(self, looks: Sequence[TabLook]) -> int:
        """Give each tab what it lacks of its look, and return how many things that were; with 0 the file is as it was.

        What people made stays, and so does every value. Refused (`WorkbookError`) like a commit.
        """
        self._check_kind()
        path = Path(os.path.realpath(self._path))
        with files.only_writer(path):
            data = files.read_bytes(path)
            seen = self._snapshot(data)
            dressed = dress(data, looks, seen, str(self._path))
            if not dressed.given:
                return 0
            files.refuse_if_open(path)
            files.refuse_if_read_only(path)
            refuse_losses(dressed.before, dressed.data, str(self._path), dressed.taken)
            self._read_back(dressed.data, expected(Changes(), seen), dressed.formulas)
            files.refuse_if_open(path)
            self._check_unchanged(files.read_bytes(path), seen)
            files.replace(path, dressed.data)
        return dressed.given

    def link(self, tab: Tab, row: int) -> str:
        """Opens the file at a row: ``Kecamatan Cipondoh.xlsx#'Gondrong'!A12``, the path relative to `base`."""
        path = Path.cwd() / self._path
        if self._base is not None:
            with suppress(ValueError):  # another drive on Windows
                path = Path(os.path.relpath(path, self._base))
        title = tab.title.replace("'", "''")
        return f"{path.as_posix()}#'{title}'!A{row + 1}"

    def _snapshot(self, data: bytes) -> Snapshot:
        return Snapshot(name=self._path.stem, tabs=read_tabs(data, str(self._path)), revision=_digest(data))

    def _check_kind(self) -> None:
        if self._path.suffix.lower() != ".xlsx":
            raise WorkbookError("lokal.bukan-xlsx", berkas=str(self._path), jenis=self._path.suffix or "-")

    def _check_unchanged(self, data: bytes, seen: Snapshot) -> None:
        if _digest(data) != seen.revision:
            raise Outrun("lokal.didahului", berkas=str(self._path))

    def _read_back(
        self,
        written: bytes,
        grids: dict[str, dict[tuple[int, int], Value]],
        formulas: AbstractSet[Place] = frozenset(),
    ) -> Snapshot:
        """The file as it was written. Every cell of every tab must hold what it held, or what was to be written there
        (`grids`); only the result of a formula that depends on what was written, or is new (`formulas`), is not known
        yet."""
        after = self._snapshot(written)
        for tab in after.tabs:
            grid = grids.pop(tab.title, {})
            found = {
                (r, c): value for r, row in enumerate(tab.rows) for c, value in enumerate(row) if value is not None
            }
            open_to = grid.keys() | {(row, column) for title, row, column in formulas if title == tab.title}
            wrong = [
                position
                for position in found.keys() | grid.keys()
                if not _holds(found.get(position), grid.get(position))
                and not (found.get(position) == UNCALCULATED and position in open_to)
            ]
            if wrong:
                raise self._damaged(tab.title, *min(wrong))
        if grids:
            raise self._damaged(min(grids), 0, 0)
        return after

    def _damaged(self, title: str, row: int, column: int) -> WorkbookError:
        cell = f"{get_column_letter(column + 1)}{row + 1}"
        return WorkbookError("lokal.tidak-utuh", berkas=str(self._path), lembar=title, sel=cell)


def _holds(found: Value, expected: Value) -> bool:
    """Whether a cell says what it should, and leads where it should."""
    return found == expected and (
        not isinstance(expected, Link) or (isinstance(found, Link) and found.address == expected.address)
    )


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
