"""One small city on either kind of spreadsheet, and what people and the world do to it.

Whatever is done is an `Act`: a function of the `Site` that does it and returns what undoes it.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol
from zipfile import BadZipFile

from automation.cases import examiner
from automation.model.cells import Value
from automation.model.complaint import Complaint
from automation.reading.tabs import LISTS
from automation.sheets.looks.lists import CHECKED as LOOKED, HEED
from automation.sheets.prepare import INTAKE_COLUMNS, INTAKE_HEADING_ROW as HEAD
from automation.tables import intake
from automation.tables.intake import ROBOT
from automation.tables.kendali import CHECK, CHECKED, REGISTER, SOURCES
from automation.tables.table import Column
from tests.google_city import City
from tests.local_city import LocalCity
from tests.sheets_server import server
from tests.sheets_server.answer import ApiError, InvalidRequest
from tests.sheets_server.batch import HANDLERS
from tests.sheets_server.fixtures import Google
from tests.sheets_server.looks import merge_cells, unmerge_cells
from tests.sheets_server.masks import inner, wants
from tests.sheets_server.model import Book
from tests.town import GOOD, NOTE
from tests.xlsx_person import make_file, titles

KENDALI, HERE, THERE = "Kendali", "Cipondoh", "Karawaci"
#: A tab, its neighbour, and one in another spreadsheet.
ITSELF, NEIGHBOUR, OTHER = (HERE, "Gondrong"), (HERE, "Petir"), (THERE, "Cimone")
TABS = {"i": ITSELF, "n": NEIGHBOUR, "o": OTHER}

Undo = Callable[[], object]


class Site(Protocol):
    """A Kendali and two spreadsheets: in each of three tabs a complaint with a ticket, and one that is new."""

    folder: Path

    def run(self, *arguments: str) -> int: ...
    def tabs(self, book: str) -> list[str]: ...
    def rows(self, book: str, tab: str) -> list[list[Any]]: ...
    def put(self, book: str, tab: str, cells: Mapping[tuple[int, int], Value]) -> None: ...
    def delete_tab(self, book: str, tab: str) -> None: ...
    def rename_tab(self, book: str, old: str, new: str) -> None: ...
    def add_tab(self, book: str, tab: str, rows: Sequence[Sequence[Value]], *, hidden: bool) -> None: ...
    def insert(self, book: str, tab: str, dimension: str, length: int) -> None: ...
    def keep(self, book: str) -> Undo: ...
    def writes(self) -> object: ...


Act = Callable[[Any], Undo]
#: What was told of first, and what is new, by tab: no two of them alike.
_MATTERS = {
    "lama": ("tanggul kali retak panjang", "pohon tumbang menutup jalan", "lampu jalan padam sejak kemarin"),
    "baru": ("sampah menumpuk di pasar", "air keruh dari keran umum", "anjing liar berkeliaran di taman"),
}


def _lay_out(city: LocalCity) -> None:
    for name in (HERE, THERE):
        make_file(city.path(name), {"Sheet1": []})
    city.list_sources(f"{HERE}.xlsx", f"{THERE}.xlsx")
    assert city.run("setup") == 0
    for book, tab in TABS.values():
        city.put(book, tab, {(HEAD, len(INTAKE_COLUMNS)): NOTE})
    _begin(city, city.type)


def _begin(city: LocalCity | City, report: Callable[[str, str, Mapping[str, Any]], object]) -> None:
    for new in ("lama", "baru"):
        for at, (book, tab) in enumerate(TABS.values()):
            about: dict[str, Value] = {
                NOTE: f"{new} {tab}",
                intake.NAME: f"Warga {new} {tab}",
                intake.CATEGORY: "Jalan & Drainase",
            }
            told: dict[str, Value] = {
                intake.PHONE: f"0812900000{at}{new.index('a')}",
                intake.DESCRIPTION: _MATTERS[new][at],
            }
            report(book, tab, {**about, **told})
        assert new == "baru" or city.run("sync") == 0


class OnDisk(LocalCity):
    @classmethod
    def begun(cls, folder: Path) -> "OnDisk":
        return cls.lay_out(folder, {}, _lay_out)

    def tabs(self, book: str) -> list[str]:
        try:
            return titles(self.path(book))
        except (OSError, BadZipFile):
            return []

    def delete_tab(self, book: str, tab: str) -> None:
        self.edit(book, lambda opened: opened.remove(opened[tab]))

    def rename_tab(self, book: str, old: str, new: str) -> None:
        with self.editing(book) as opened:
            opened[old].title = new

    def add_tab(self, book: str, tab: str, rows: Sequence[Sequence[Value]], *, hidden: bool) -> None:
        with self.editing(book) as opened:
            sheet = opened.create_sheet(tab)
            sheet.sheet_state = "hidden" if hidden else "visible"
            for row in rows:
                sheet.append(row)

    def insert(self, book: str, tab: str, dimension: str, length: int) -> None:
        with self.editing(book) as opened:
            getattr(opened[tab], "insert_rows" if dimension == "ROWS" else "insert_cols")(1, length)

    def keep(self, book: str) -> Undo:
        content = self.path(book).read_bytes()
        return lambda: self.path(book).write_bytes(content)

    def writes(self) -> object:
        """The workbooks. What the program keeps beside them knows in which second it last tried."""
        return {name: content for name, content in self.files().items() if name.endswith(".xlsx")}


class OnGoogle(City):
    @classmethod
    def begun(cls, google: Google, folder: Path) -> "OnGoogle":
        city = cls(google, folder, HERE, THERE)
        city.set_up()

        def report(book: str, tab: str, cells: Mapping[str, Any]) -> None:
            city.type(book, tab, cells[NOTE], {**GOOD, **cells})

        city.once("a site", lambda: _begin(city, report))
        return city

    def tabs(self, book: str) -> list[str]:
        return [sheet.title for sheet in self.person(book).book.sheets]

    def delete_tab(self, book: str, tab: str) -> None:
        self.person(book).delete_tab(tab)

    def rename_tab(self, book: str, old: str, new: str) -> None:
        self.person(book).rename_tab(old, new)

    def add_tab(self, book: str, tab: str, rows: Sequence[Sequence[Value]], *, hidden: bool) -> None:
        self.person(book).add_tab(tab, rows).properties["hidden"] = hidden
        for kept in self.folder.glob(".ingat-*"):  # else it is found after half an hour
            kept.unlink()

    def insert(self, book: str, tab: str, dimension: str, length: int) -> None:
        getattr(self.person(book), "insert_row" if dimension == "ROWS" else "insert_column")(tab, 0, length)

    def keep(self, book: str) -> Undo:
        kept = self.person(book).book.copy()
        return lambda: self.person(book).book.become(kept.copy())

    def writes(self) -> object:
        return self.server.count("batchUpdate")


# What is seen ---------------------------------------------------------------------------------------------------------


def complaints(site: Site) -> dict[str, tuple[str, dict[str, Value]]]:
    """By the note of people's own: the ticket beside it, and what stands in people's columns."""
    found = {}
    for rows in (site.rows(book, tab) for book in (HERE, THERE) for tab in site.tabs(book)):
        at = next((at for at, row in enumerate(rows) if NOTE in row and intake.TICKET in row), len(rows))
        for row in rows[at + 1 :]:
            cells = {str(head): value for head, value in zip(rows[at], row, strict=False) if value is not None}
            peoples = {heading: value for heading, value in cells.items() if heading not in ROBOT}
            if NOTE in cells:
                found[str(cells[NOTE])] = str(cells.get(intake.TICKET, "")), peoples
    return found


def states(site: Site) -> dict[str, str]:
    """By the name in Sumber, how it fares; nothing where that can't be read."""
    with suppress(AssertionError, KeyError):
        return {str(row[0]).removeprefix("Kecamatan "): str(row[4]) for row in site.rows(KENDALI, SOURCES) if row[4:]}
    return {}


def heeded(site: Site) -> str:
    """What stands beside the time in the status line of all tabs."""
    rows = site.rows(HERE, LISTS) if LISTS in site.tabs(HERE) else []
    return str(rows[LOOKED[0]][LOOKED[1]]).partition(HEED)[2] if len(rows) > LOOKED[0] else ""


def findings(site: Site) -> list[str]:
    """What stands beside the rows of people's tables in Kendali."""
    tables = (site.rows(KENDALI, table) for table in CHECKED if table in site.tabs(KENDALI))
    columns = ((rows, rows[0].index(CHECK)) for rows in tables if rows and CHECK in rows[0])
    return [str(row[at]) for rows, at in columns for row in rows[1:] if len(row) > at and row[at]]


def registered(site: Site) -> set[str]:
    return {str(row[0]) for row in site.rows(KENDALI, REGISTER)[1:]}


# What is done ---------------------------------------------------------------------------------------------------------


def below(*columns: Column) -> Mapping[str, int]:
    """Whole columns of an intake tab."""
    at = [INTAKE_COLUMNS.index(column) for column in columns]
    return {"startColumnIndex": min(at), "endColumnIndex": max(at) + 1}


def protected(tab: str, area: Mapping[str, int] | None = None, book: str = HERE, **more: Any) -> Act:
    def act(site: OnGoogle) -> Undo:
        person = site.person(book)
        id = person.sheet(tab).id
        free = {"unprotectedRanges": [{**one, "sheetId": id} for one in more["free"]]} if "free" in more else {}
        warns = {name: value for name, value in more.items() if name != "free"}
        grid = {"range": {"sheetId": id, **(area or {})}, "editors": {"users": ["koordinator@example.org"]}}
        person.book.protected[77] = grid | warns | free
        return lambda: person.book.protected.pop(77)

    return act


def merged(tab: str, column: Column, top: int, bottom: int) -> Act:
    """Cells of a column become one, from row `top` on (0-based), up to `bottom` without it."""

    def act(site: OnGoogle) -> Undo:
        person = site.person(HERE)
        area = {"sheetId": person.sheet(tab).id, "startRowIndex": top, "endRowIndex": bottom, **below(column)}
        merge_cells(person.book, {"range": area, "mergeType": "MERGE_ALL"})
        return lambda: unmerge_cells(person.book, {"range": area})

    return act


def typed(book: str, tab: str, beside: str, value: Value, step: int = 0) -> Act:
    """Into the cell that shows `beside`, or so many to the right of it."""

    def act(site: Site) -> Undo:
        rows = site.rows(book, tab)
        row, column = next((r, row.index(beside)) for r, row in enumerate(rows) if beside in row)
        at = (row, column + step)
        old = rows[row][at[1]] if at[1] < len(rows[row]) else None
        site.put(book, tab, {at: value})
        return lambda: site.put(book, tab, {at: old})

    return act


def wiped(book: str, tab: str, first: int = 1, last: int = 1000) -> Act:
    """Rows that are emptied, 0-based."""

    def act(site: Site) -> Undo:
        rows = site.rows(book, tab)[:last]
        old = {(r, c): value for r, row in enumerate(rows) for c, value in enumerate(row) if r >= first}
        site.put(book, tab, dict.fromkeys(old))
        return lambda: site.put(book, tab, old)

    return act


def deleted(book: str, tab: str) -> Act:
    def act(site: Site) -> Undo:
        undo = site.keep(book)
        site.delete_tab(book, tab)
        return undo

    return act


def renamed(book: str, tab: str, new: str) -> Act:
    def act(site: Site) -> Undo:
        site.rename_tab(book, tab, new)

        def undo() -> None:
            if tab in site.tabs(book):  # the robot has made itself another one
                site.delete_tab(book, tab)
            site.rename_tab(book, new, tab)

        return undo

    return act


def sunk(tab: str, top: int) -> Act:
    """The headings stand below the first row, as if they were sorted along with it."""

    def swap(site: Site) -> None:
        first, second = (dict(enumerate([*row, *[None] * 40][:40])) for row in site.rows(HERE, tab)[top : top + 2])
        site.put(HERE, tab, {(top, at): value for at, value in second.items()})
        site.put(HERE, tab, {(top + 1, at): value for at, value in first.items()})

    def act(site: Site) -> Undo:
        swap(site)
        return lambda: swap(site)

    return act


def grouped(tab: str, top: int) -> Act:
    """Names of groups of columns stand above the headings, as in official forms."""

    def act(site: Site) -> Undo:
        heads, names = site.rows(HERE, tab)[HEAD], ("PROGRAM", "LAPORAN", "LOKASI", "PELAPOR", "WAKTU")
        at = map(heads.index, (intake.TICKET, intake.DESCRIPTION, intake.ADDRESS, intake.NAME, intake.DUE))
        cells = {(top, column): name for column, name in zip(at, names, strict=True)}
        site.put(HERE, tab, cells)

        def undo() -> None:
            assert {at: site.rows(HERE, tab)[at[0]][at[1]] for at in cells} == cells
            site.put(HERE, tab, dict.fromkeys(cells))

        return undo

    return act


def added(tab: str, *rows: Sequence[Value], hidden: bool = False) -> Act:
    def act(site: Site) -> Undo:
        site.add_tab(HERE, tab, rows, hidden=hidden)
        return lambda: site.delete_tab(HERE, tab)

    return act


def inserted(tab: str, dimension: str, length: int = 1) -> Act:
    def act(site: Site) -> Undo:
        site.insert(HERE, tab, dimension, length)
        return lambda: None

    return act


def row_of_sumber(name: str, **values: Value) -> Act:
    """Another name or link, by the 0-based column."""

    def act(site: Site) -> Undo:
        rows = site.rows(KENDALI, SOURCES)
        at = next(at for at, row in enumerate(rows) if name in str(row[0]))
        site.put(KENDALI, SOURCES, {(at, int(column[1:])): value for column, value in values.items()})
        return lambda: site.put(KENDALI, SOURCES, {(at, column): rows[at][column] for column in range(2)})

    return act


def edited(path: str, content: str) -> Act:
    """A file beside credentials.json."""

    def act(site: Site) -> Undo:
        file = site.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, "utf-8")
        return file.unlink

    return act


def fails_at(name: str) -> Act:
    """Our own code fails for the rows of this reporter, and another version does not."""

    def act(site: Site) -> Undo:
        real = examiner.examine

        def failing(people: tuple[Value, ...], *more: Any) -> Complaint:
            if name in people:
                raise ZeroDivisionError
            return real(people, *more)

        def undo() -> None:
            setattr(examiner, "examine", real)  # noqa: B010 - another signature
            (site.folder / ".credentials.json.tenang").unlink(missing_ok=True)  # it holds for one version

        setattr(examiner, "examine", failing)  # noqa: B010 - another signature
        return undo

    return act


# On Google ------------------------------------------------------------------------------------------------------------


def shared(book: str = HERE, **rights: Any) -> Act:
    """Other rights, or the waste-paper basket; `gone`: for ever."""

    def act(site: OnGoogle) -> Undo:
        files, id = site.server.drive.files, site.person(book).book.id
        file = files[id]
        old = {name: getattr(file, name) for name in rights if name != "gone"}
        for name in old:
            setattr(file, name, rights[name])
        if "gone" in rights:
            del files[id]

        def undo() -> None:
            files[id] = file
            for name, value in old.items():
                setattr(file, name, value)

        return undo

    return act


def answered(status: int, book: str = HERE, kinds: tuple[str, ...] = ("get",), words: str = "") -> Act:
    """Whatever is asked of a spreadsheet."""

    def act(site: OnGoogle) -> Undo:
        real, id = type(site.server)._sheets, site.person(book).book.id

        def failing(method: Any, names: Mapping[str, str], *more: Any) -> Any:
            if names["spreadsheetId"] == id and method.kind in kinds:
                raise ApiError(status, words)
            return real(site.server, method, names, *more)

        setattr(site.server, "_sheets", failing)  # noqa: B010
        return lambda: delattr(site.server, "_sheets")

    return act


def refused(kind: str, tab: str, column: Column | None = None, book: str = HERE) -> Act:
    """A request of this kind on a tab, for a reason that we don't know: Google names it."""

    def act(site: OnGoogle) -> Undo:
        real, sheet, here = HANDLERS[kind], site.person(book).sheet(tab).id, site.person(book).book.id
        at = INTAKE_COLUMNS.index(column) if column is not None else None

        def picky(of: Book, body: Mapping[str, Any]) -> Any:
            start = body.get("start", body)
            width = max(len(row.get("values", ())) for row in body["rows"])
            first = start.get("columnIndex", 0)
            if of.id == here and start.get("sheetId") == sheet and (at is None or first <= at < first + width):
                raise InvalidRequest("This column of the table holds only ratings.")
            return real(of, body)

        HANDLERS[kind] = picky
        return lambda: HANDLERS.update({kind: real})

    return act


def unreadable(tab: str, book: str = HERE) -> Act:
    """Google answers with 500 whenever the grid of this tab is asked for."""

    def act(site: OnGoogle) -> Undo:
        real, here = server.spreadsheet_json, site.person(book).book

        def huge(of: Book, mask: Any, blocks: Any, **more: Any) -> Any:
            asked = [block.sheet.title for block in blocks] or [sheet.title for sheet in of.sheets]
            if of.id == here.id and tab in asked and wants(inner(mask, "sheets"), "data"):
                raise ApiError(500)
            return real(of, mask, blocks, **more)

        setattr(server, "spreadsheet_json", huge)  # noqa: B010
        return lambda: setattr(server, "spreadsheet_json", real)

    return act


# On disk --------------------------------------------------------------------------------------------------------------


def file_became(content: bytes | None, name: str = f"{HERE}.xlsx") -> Act:
    """What stands in a file; None: it is gone."""

    def act(site: OnDisk) -> Undo:
        path = site.folder / name
        old = path.read_bytes() if path.exists() else None
        path.write_bytes(content) if content is not None else path.unlink()

        def undo() -> None:
            path.write_bytes(old) if old is not None else path.unlink()

        return undo

    return act


def cut_short(site: OnDisk) -> Undo:
    path = site.path(HERE)
    return file_became(path.read_bytes()[: path.stat().st_size // 2])(site)


def each(*acts: Act) -> Act:
    """Several at once."""

    def act(site: Site) -> Undo:
        undo = [one(site) for one in acts]
        return lambda: [one() for one in reversed(undo)]

    return act
