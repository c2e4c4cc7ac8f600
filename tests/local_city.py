"""A city of xlsx files in a folder, run by the command line as an operator would, and people who edit the files."""

import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from openpyxl import Workbook as Book

from automation.cases.events import JOURNAL
from automation.cli.compose import compose
from automation.cli.main import main
from automation.cycle.sync import Report, Syncer
from automation.model.cells import CellError, Value
from automation.sheets.local.book import Book as Parts
from automation.sheets.looks.model import TabLook
from automation.sheets.port import Assumptions, Changes, ReadRequest, Snapshot, Tab, Workbook
from automation.sheets.prepare import INTAKE_COLUMNS
from automation.tables import intake
from automation.tables.kendali import PLACES, RECIPIENTS, REGISTER, SETTINGS, SOURCES
from tests.made_once import made_once
from tests.town import GOOD, NOTE, TUESDAY, WORDS
from tests.workbook_contract import Typed
from tests.xlsx_person import Editor, editing, make_file, put, read_rows

#: Of an intake tab as `setup` makes it, and the people's own column at the end.
TITLES: tuple[str, ...] = (*map(str, INTAKE_COLUMNS), NOTE)
KELURAHAN = ("Gondrong", "Petir", "Cimone")
GOOD_ROW: Mapping[str, Value] = {**GOOD, intake.CATEGORY: "Jalan & Drainase"}
#: Other reporters than that of `GOOD_ROW`, each with a note of people's own.
YATI: Mapping[str, Typed] = {NOTE: "yati"}
AMIR: Mapping[str, Typed] = {NOTE: "amir", intake.NAME: "Pak Amir", intake.PHONE: "081200001022"}
SRI: Mapping[str, Typed] = {NOTE: "sri", intake.NAME: "Bu Sri", intake.PHONE: "081200001023"}
WAWAN: Mapping[str, Typed] = {NOTE: "wawan", intake.NAME: "Wawan", intake.PHONE: "081200001024"}


def head_of(rows: Sequence[Sequence[Value]]) -> int:
    """The row (0-based) of a tab's headings: the third in an intake tab that `setup` made, the first of any other."""
    return next((at for at, row in enumerate(rows) if intake.TICKET in row), 0)


class Disturbed:
    """A workbook with which something happens just before its next commit."""

    def __init__(self, workbook: Workbook, *acts: Callable[[], object]) -> None:
        self._workbook, self._acts = workbook, [*acts]

    @property
    def source(self) -> str:
        return self._workbook.source

    @property
    def largest_commit(self) -> int | None:
        return self._workbook.largest_commit

    @property
    def assumptions(self) -> Assumptions | None:
        return self._workbook.assumptions

    def read(self, request: ReadRequest | None = None) -> Snapshot:
        return self._workbook.read(request)

    def mark(self, request: ReadRequest | None = None) -> str:
        return self._workbook.mark(request)

    def commit(self, changes: Changes, seen: Snapshot) -> Snapshot:
        if self._acts:
            self._acts.pop()()
        return self._workbook.commit(changes, seen)

    def dress(self, looks: Sequence[TabLook]) -> int:
        return self._workbook.dress(looks)

    def link(self, tab: Tab, row: int) -> str:
        return self._workbook.link(tab, row)


def _a_small_town(book: Book) -> None:
    """Only a few kelurahan: reading them all takes its time, again and again."""
    places = book[PLACES]
    kept = [[cell.value for cell in row] for row in places.iter_rows(min_row=2) if row[2].value in KELURAHAN]
    places.delete_rows(2, places.max_row)
    for row in kept:
        places.append(row)


_Files = Mapping[str, bytes]
_Layout = tuple[tuple[str, tuple[str, ...]], ...]
Begin = Callable[["LocalCity"], object]


def _files(folder: Path) -> _Files:
    return {path.name: path.read_bytes() for path in folder.glob("*.xlsx")}


def new_kendali() -> bytes:
    """The file as the first `setup` makes it."""

    def make() -> bytes:
        with TemporaryDirectory() as name:
            city = LocalCity(Path(name))
            city.enter(kendali="Kendali.xlsx")
            assert city.run("setup") == 0
            return city.path("Kendali").read_bytes()

    return made_once("Kendali", make)


def _small_kendali() -> bytes:
    with TemporaryDirectory() as name:
        city = LocalCity(Path(name))
        city.path("Kendali").write_bytes(new_kendali())
        city.edit("Kendali", _a_small_town)
        return city.path("Kendali").read_bytes()


def _made_ready(spreadsheets: _Layout) -> _Files:
    """The files of a city in which nothing has happened yet: wherever they lie they are the same."""
    with TemporaryDirectory() as name:
        city = LocalCity(Path(name))
        city.enter(kendali="Kendali.xlsx")
        city.path("Kendali").write_bytes(made_once("a small Kendali", _small_kendali))
        for spreadsheet, tabs in spreadsheets:
            city.make(spreadsheet, *tabs)
        city.list_sources(*(f"{spreadsheet}.xlsx" for spreadsheet, _ in spreadsheets))
        assert city.run("setup") == 0
        return _files(city.folder)


def _begun(spreadsheets: _Layout, begin: Begin) -> _Files:
    """The files of a city in which this has happened."""
    with TemporaryDirectory() as name:
        city = LocalCity.lay_out(Path(name), dict(spreadsheets))
        begin(city)
        return _files(city.folder)


class LocalCity:
    """Kendali and the spreadsheets in `folder`; `names` of spreadsheets are those of their files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.credentials = folder / "credentials.json"

    @classmethod
    def lay_out(
        cls,
        folder: Path,
        spreadsheets: Mapping[str, Sequence[str]],
        begin: Begin | None = None,
        **credentials: Any,
    ) -> Self:
        """A city with these spreadsheets, each with these tabs, made ready by `setup`, in which `begin` has happened:
        once for all cities that begin alike."""
        city = cls(folder)
        folder.mkdir(parents=True, exist_ok=True)
        city.enter(kendali="Kendali.xlsx", **credentials)
        layout = tuple((name, tuple(tabs)) for name, tabs in spreadsheets.items())
        files = made_once(f"local {layout}", lambda: _made_ready(layout))
        if begin is not None:
            key = f"{begin.__module__}.{begin.__qualname__} {layout}"
            files = made_once(key, lambda: _begun(layout, begin))
        for name, data in files.items():
            (folder / name).write_bytes(data)
        return city

    def enter(self, **credentials: Any) -> None:
        self.credentials.write_text(json.dumps(credentials), "utf-8")

    def copy_to(self, folder: Path) -> "LocalCity":
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return LocalCity(folder)

    def run(self, *arguments: str) -> int:
        return main(["--credentials", str(self.credentials), *arguments])

    def syncer(self, between: Mapping[str, Callable[[], object]] | None = None) -> Syncer:
        """A robot of its own. `between`: by spreadsheet, what happens once between its reading and its writing."""
        program = compose(self.credentials, WORDS)
        acts = dict(between or {})

        def disturbed(workbook: Workbook) -> Workbook:
            act = acts.pop(Path(workbook.source).stem, None)
            return Disturbed(workbook, act) if act is not None else workbook

        open_source = program.syncer.open_source
        return Syncer(disturbed(program.kendali), lambda source: [disturbed(one) for one in open_source(source)], WORDS)

    def sync(self, now: datetime = TUESDAY, between: Mapping[str, Callable[[], object]] | None = None) -> Report:
        return self.syncer(between).sync(now)

    def path(self, name: str) -> Path:
        return self.folder / f"{name}.xlsx"

    def files(self) -> dict[str, bytes]:
        """Every file in the folder but what tells of the last cycle, to be compared."""
        told = (".log", ".siklus", ".tenang")
        paths = (path for path in self.folder.rglob("*") if path.is_file() and path.suffix not in told)
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in paths}

    # What people do

    def make(self, name: str, *tabs: str) -> None:
        """A new spreadsheet with these intake tabs."""
        make_file(self.path(name), {tab: [list(TITLES)] for tab in tabs or ("Gondrong",)})

    def editing(self, name: str) -> AbstractContextManager[Any]:
        """Open a spreadsheet, change the book, and save it."""
        return editing(self.path(name))

    def edit(self, name: str, change: Callable[[Book], object]) -> None:
        """The same, in one step."""
        Editor(self.path(name)).edit(change)

    def put(self, name: str, tab: str, cells: Mapping[tuple[int, int], Typed]) -> None:
        """Type into cells, by 0-based row and column. A file of openpyxl's is read in the tests of single workbooks;
        here thousands of cells are typed, and it takes thirty times as long to save one."""
        if any(isinstance(value, bool | CellError) for value in cells.values()):
            with self.editing(name) as book:
                for (row, column), value in cells.items():
                    put(book[tab], row, column, value)
            return
        path, rows = self.path(name), defaultdict[int, dict[int, Any]](dict)
        for (row, column), value in cells.items():
            rows[row + 1][column + 1] = value
        book = Parts(path.read_bytes())
        for row, values in rows.items():
            book.put_row(tab, row, values)
        path.write_bytes(book.saved().data)

    def put_rows(self, name: str, tab: str, rows: Sequence[Sequence[Typed]], at: int = 1) -> None:
        """Type rows from row `at` on, passing over what is empty in them."""
        filled = {(r, c): v for r, row in enumerate(rows, at) for c, v in enumerate(row) if v is not None}
        self.put(name, tab, filled)

    def list_sources(self, *links: str) -> None:
        """What Sumber lists, one link a row; each is called after its file."""
        cells: dict[tuple[int, int], Typed] = {
            (row, column): None for row in range(1, len(self.rows("Kendali", SOURCES))) for column in range(2)
        }
        for row, link in enumerate(links, start=1):
            cells |= {(row, 0): Path(link).stem, (row, 1): link}
        self.put("Kendali", SOURCES, cells)

    def subscribe(self, *people: tuple[str, str]) -> None:
        """Recipients of the daily digest, by address and scope, even when there is nothing to tell."""
        rows = [("Ibu Ratna", email, "Anggota DPRD", scope, "harian", "Ya", "Ya") for email, scope in people]
        self.put("Kendali", RECIPIENTS, {(r, c): v for r, row in enumerate(rows, 1) for c, v in enumerate(row)})

    def setting(self, name: str, value: Value) -> None:
        names = [row[0] for row in self.rows("Kendali", SETTINGS)]
        self.put("Kendali", SETTINGS, {(names.index(name), 1): value})

    def type(self, name: str, tab: str, *complaints: Mapping[str, Typed]) -> None:
        """Type complaints below the last one; what is not said is as in a good one."""
        rows = self.rows(name, tab)
        titles = rows[head_of(rows)]
        cells: dict[tuple[int, int], Typed] = {}
        for row, complaint in enumerate(complaints, start=len(rows)):
            for heading, value in {**GOOD_ROW, **complaint}.items():
                cells[row, titles.index(heading)] = value
        self.put(name, tab, cells)

    def take_in(self, name: str, tab: str, *complaints: Mapping[str, Typed]) -> None:
        """The same, and let a robot come."""
        self.type(name, tab, *complaints)
        self.sync()

    # What people see

    def rows(self, name: str, tab: str) -> list[list[Any]]:
        rows = read_rows(self.path(name), tab)
        while rows and not any(value not in (None, "") for value in rows[-1]):
            rows.pop()
        return rows

    def column(self, name: str, tab: str, heading: str) -> list[Any]:
        rows = self.rows(name, tab)
        titles, *below = rows[head_of(rows) :]
        return [row[titles.index(heading)] for row in below]

    def tickets(self, name: str, tab: str = "Gondrong") -> dict[str, str]:
        """The ticket beside each complaint, by the people's own note."""
        notes, tickets = (self.column(name, tab, heading) for heading in (NOTE, str(intake.TICKET)))
        return {str(note): ticket or "" for note, ticket in zip(notes, tickets, strict=True)}

    def journal(self, name: str) -> list[list[Any]]:
        return self.rows(name, JOURNAL)[1:]

    def register(self) -> dict[str, dict[str, Any]]:
        titles, *rows = self.rows("Kendali", REGISTER)
        table = (dict(zip(titles, row, strict=False)) for row in rows)
        return {str(row[REGISTER.headings[0]]): row for row in table}

    def state(self, row: int = 1) -> str:
        """`Keadaan` of a row of Sumber."""
        return str(self.rows("Kendali", SOURCES)[row][4] or "")
