"""Local workbooks (xlsx) behind the port `Workbook`, opened by a link in Sumber to a file or to a folder of them."""

import hashlib
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import zip_longest
from operator import itemgetter
from pathlib import Path
from xml.parsers.expat import ExpatError

from msgspec.structs import replace

from automation.model.bulk import in_bulk
from automation.model.cells import Rows, Value
from automation.sheets.links import is_there, local_path, quoted_title
from automation.sheets.local import files
from automation.sheets.local.areas import Cell, to_a1
from automation.sheets.local.book import Book, Saved
from automation.sheets.local.dress import dress
from automation.sheets.local.reading import read_tabs
from automation.sheets.looks.model import TabLook
from automation.sheets.port import Changes, ReadRequest, Snapshot, Tab
from automation.trouble import Outrun, WorkbookError, reason_of

#: Kinds of spreadsheet that people may have saved by mistake; opened too, so that each reports that it can't be read.
_OTHER_KINDS = (".xls", ".xlsm", ".xlsb", ".ods")
#: Characters of a link that a message quotes.
_QUOTED = 100
#: Seconds for which a file's time tells nothing: some file systems store it only to two seconds.
_YOUNG = 3.0


@dataclass(slots=True)
class Seen:
    """What a file held when it was last read or written: its worksheets by their marks; its own (`files.outside`)."""

    snapshot: Snapshot | None = None
    tabs: dict[bytes, Tab] = field(default_factory=dict)
    outside: object = None


#: By path.
Known = dict[Path, Seen]


class XlsxWorkbook:
    """One xlsx file. A commit is fenced by the file's content: it applies to exactly the bytes that were read, so it
    raises `Outrun` if anybody, person or robot, has saved in between.

    `source` is its name in `Sumber`; `base` is the folder that links start from (without it they are absolute). If the
    file is as it is `known`, a read with a request does not open it.
    """

    largest_commit: int | None = None  # a file takes everything at once
    assumptions = None  # the tests prove what is promised here

    def __init__(self, path: Path, source: str, *, base: Path | None = None, known: Known | None = None) -> None:
        self.source, self._path, self._base = source, path, base
        self._known = ({} if known is None else known).setdefault(path, Seen())

    @classmethod
    def create(cls, path: Path, source: str | None = None, *, tab: str = files.FIRST_TAB) -> "XlsxWorkbook":
        """Make a new file with one empty tab. Raises `WorkbookError` if the file is there already."""
        workbook = cls(path, source or str(path))
        workbook.check_kind()
        with files.only_writer(path):
            if path.exists():
                raise WorkbookError("lokal.sudah-ada", berkas=str(path))
            files.replace(path, files.new_file(tab))
        return workbook

    def check_kind(self) -> None:
        """Raise `WorkbookError` for a file of another kind."""
        if self._path.suffix.lower() != ".xlsx":
            raise WorkbookError("lokal.bukan-xlsx", berkas=str(self._path), jenis=self._path.suffix or "-")

    def read(self, request: ReadRequest | None = None) -> Snapshot:
        """The workbook as it was last saved, even if somebody has it open."""
        self.check_kind()
        known, outside = self._known, files.outside(self._path, time.time() - _YOUNG)
        seen = known.snapshot if request is not None else None
        if seen is None or known.outside is None or known.outside != outside:
            data = files.read_bytes(self._path)
            seen = seen if seen is not None and seen.revision == _digest(data) else self._snapshot(data)
            known.snapshot, known.outside = seen, outside
        return seen

    def mark(self, request: ReadRequest | None = None) -> str:
        """The digest of the file, which is not opened for it."""
        if request is not None:
            return _digest(files.read_bytes(self._path))
        return str(self._known.snapshot.revision) if self._known.snapshot is not None else ""

    def commit(self, changes: Changes, seen: Snapshot) -> Snapshot:
        """Apply `changes` whole; returns what was read back before the file was replaced. Refused while it is open."""
        with self._held() as (path, data):
            files.refuse_if_open(path)
            self._check_unchanged(data, seen)
            if changes.removed and not Book(data).is_bare(changes.removed):
                changes = replace(changes, removed="")
            if not changes:
                return seen
            files.refuse_if_read_only(path)
            files.check_changes(changes, seen, str(self._path))
            return self._replace(path, _apply(data, changes, seen), seen, changes.put_away)

    def dress(self, looks: Sequence[TabLook]) -> int:
        """Give each tab what it lacks of its look, and return how many things were given; if none, nothing is written.
        What people made stays, and so does every value. Refused (`WorkbookError`) like a commit."""
        with self._held() as (path, data):
            seen = self._snapshot(data)
            given, saved = dress(data, looks, seen)
            if saved is not None:
                files.refuse_if_open(path)
                files.refuse_if_read_only(path)
                self._replace(path, saved, seen, {})
        return given

    def link(self, tab: Tab, row: int) -> str:
        """Opens the file at a row: ``Kecamatan Cipondoh.xlsx#'Gondrong'!A12``, the path relative to `base`."""
        return f"{self._shown_path}#{quoted_title(tab.title)}!A{row + 1}"

    @cached_property
    def _shown_path(self) -> str:
        path = Path.cwd() / self._path
        if self._base is not None:
            with suppress(ValueError):  # another drive on Windows
                path = Path(os.path.relpath(path, self._base))
        return path.as_posix()

    @contextmanager
    def _held(self) -> Iterator[tuple[Path, bytes]]:
        """The path (symbolic links resolved) and content of the file, while no other robot may write to it."""
        self.check_kind()
        path = Path(os.path.realpath(self._path))
        with files.only_writer(path):
            try:
                yield path, files.read_bytes(path)
            except ExpatError as error:  # a part that no reading needs is damaged
                raise WorkbookError("lokal.rusak", berkas=str(path)) from error

    def _snapshot(self, data: bytes) -> Snapshot:
        return Snapshot(self._path.stem, read_tabs(data, str(self._path), known=self._known.tabs), _digest(data))

    def _check_unchanged(self, data: bytes, seen: Snapshot) -> None:
        if _digest(data) != seen.revision:
            raise Outrun("lokal.didahului", berkas=str(self._path))

    def _replace(self, path: Path, saved: Saved, seen: Snapshot, put_away: Mapping[str, str]) -> Snapshot:
        """Replace the file, and return it as it reads. Raises `WorkbookError` unless every cell of every tab holds what
        it held, or what was to be written there."""
        after = self._snapshot(saved.data)
        before, found = ({tab.title: tab.rows for tab in one.tabs} for one in (seen.with_put_away(put_away), after))
        for title in before | found:
            wrong = _first_wrong(before.get(title, ()), found.get(title, ()), saved.cells.get(title, {}))
            if wrong is not None:
                cell = to_a1((*wrong[::-1], *wrong[::-1]))
                raise WorkbookError("lokal.tidak-utuh", berkas=str(self._path), lembar=title, sel=cell)
        files.refuse_if_open(path)
        self._check_unchanged(files.read_bytes(path), seen)
        files.replace(path, saved.data)
        self._known.snapshot, self._known.outside = after, None
        return after


def _first_wrong(before: Rows, after: Rows, written: Mapping[int, Mapping[int, Value]]) -> Cell | None:
    """The first cell whose value or link is neither as it was nor as written; None if there is none."""
    for row, (old, new) in enumerate(zip_longest(before, after, fillvalue=()), start=1):
        told = written.get(row, {})
        for column, (was, found) in enumerate(zip_longest(old, new) if told or old != new else (), start=1):
            wanted = told.get(column, was)
            if found != wanted or getattr(found, "address", None) != getattr(wanted, "address", None):
                return row, column
    return None


@in_bulk
def _apply(data: bytes, changes: Changes, seen: Snapshot) -> Saved:
    """The file with `changes` applied; everything else stays as it is."""
    book, seen = Book(data), seen.with_put_away(changes.put_away)
    heights = {tab.title: len(tab.rows) for tab in seen.tabs}
    for old, title in changes.put_away.items():
        book.put_away(old, title)
    for new in changes.new_tabs:
        book.add_tab(new)
        book.put_rows(new.title, new.heading_row + 1, [new.headings])
        heights[new.title] = new.heading_row + 1 if any(new.headings) else 0
    for wanted, rows in changes.appends.items():
        title = book.title_like(wanted) or wanted
        first = heights[title] + 1
        book.grow(title, first, first + len(rows) - 1)
        book.put_rows(title, first, rows)
    for title, written in changes.rows.items():  # a tab's key is its title
        for row, values in sorted(written.items(), key=itemgetter(0)):
            book.put_row(title, row + 1, {column + 1: value for column, value in values.items()})
    if changes.removed:
        book.remove(changes.removed)
    return book.saved()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def open_local(link: str, folder: Path, known: Known | None = None) -> list[XlsxWorkbook]:
    """The workbook at a path, relative to `folder`, or every one in the folder at that path, sorted by name. Each one's
    source is its path relative to `folder`, however the link was spelled. Raises `WorkbookError` if nothing is at the
    path, the file is no .xlsx file, or the folder has no workbooks."""
    path = local_path(link, folder)
    if not is_there(path):
        shown = str(path) if len(link) <= _QUOTED else link[:_QUOTED] + "…"
        raise WorkbookError("lokal.tidak-ada", berkas=shown)
    if path.is_dir():
        if not (found := spreadsheets_in(path)):
            raise WorkbookError("lokal.folder-kosong", folder=str(path))
        return [local_workbook(file, folder, known) for file in found]
    workbook = local_workbook(path, folder, known)
    workbook.check_kind()
    return [workbook]


def spreadsheets_in(folder: Path) -> list[Path]:
    """The spreadsheets in a folder, sorted by name: no hidden file, nor what Excel (``~$…``) or LibreOffice
    (``.~lock…``) keeps beside an open one. Raises `WorkbookError` if they can't be listed."""
    try:
        named = (file for file in folder.iterdir() if file.suffix.lower() in (".xlsx", *_OTHER_KINDS))
        found = [file for file in named if not file.name.startswith(("~$", ".")) and file.is_file()]
    except OSError as error:
        raise WorkbookError("lokal.tidak-bisa-dibaca", berkas=str(folder), sebab=reason_of(error)) from error
    return sorted(found, key=lambda file: file.name.casefold())


def local_workbook(path: Path, folder: Path, known: Known | None = None) -> XlsxWorkbook:
    """The workbook in a file, which need not exist yet; its source is its path relative to `folder`."""
    base = os.path.normpath(folder)
    source = path.relative_to(base) if path.is_relative_to(base) else path  # it may lie elsewhere
    return XlsxWorkbook(path, source.as_posix(), base=folder, known=known)
