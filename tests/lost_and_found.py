"""One small city on either kind of workbook: people who delete rows and restore old versions, and an operator."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, Protocol
from zlib import crc32

import pytest

from automation.cases.events import JOURNAL
from automation.cli.compose import jakarta_now
from automation.model.cells import Value
from automation.sheets.prepare import INTAKE_COLUMNS
from automation.tables import intake
from automation.tables.kendali import PLACES, REGISTER, SOURCES
from tests.google_city import City, link
from tests.local_city import GOOD_ROW, KELURAHAN, LocalCity, head_of
from tests.made_once import made_once
from tests.sheets_server.fixtures import Google
from tests.sheets_server.people import Person
from tests.town import NOTE
from tests.xlsx_person import delete_rows, make_file

TITLES = [*map(str, INTAKE_COLUMNS), NOTE]
KENDALI = "Kendali"
#: Spreadsheets by name, each with its tabs; and what happens in a place first.
Layout = Mapping[str, Sequence[str]]
Begin = Callable[["Place"], object]


class Place(Protocol):
    """What people and the operator do; `name` is a spreadsheet's, and rows are counted from 0."""

    credentials: Path

    def run(self, *arguments: str) -> int: ...
    def rows(self, name: str, tab: str) -> list[list[Any]]: ...
    def put(self, name: str, tab: str, row: int, cells: Mapping[int, Value]) -> None: ...
    def delete_row(self, name: str, tab: str, row: int) -> None: ...
    def delete_tab(self, name: str, tab: str) -> None: ...
    def make(self, name: str, tabs: Mapping[str, Sequence[str]]) -> None:
        """A new spreadsheet with these tabs and their headings, in place of the one that had its name."""

    def version(self, name: str) -> object:
        """The spreadsheet as it stands, to come back to by `restore_version`."""

    def restore_version(self, name: str, version: object) -> None: ...
    def remove(self, name: str) -> None:
        """Delete the spreadsheet itself."""

    def address(self, name: str) -> str:
        """What Sumber has for it."""
        ...

    def source(self, name: str) -> str:
        """What Kendali's journal calls it."""
        ...

    # The same for both

    def list_sources(self, *names: str) -> None:
        for row in range(1, 1 + max(len(names), len(self.rows(KENDALI, SOURCES)) - 1)):
            name = names[row - 1] if row <= len(names) else None
            self.put(KENDALI, SOURCES, row, {0: name, 1: self.address(name) if name else None})

    def type(self, name: str, tab: str, identity: str, **changes: Value) -> None:
        """Type a good complaint of today below the last one."""
        rows = self.rows(name, tab)
        titles = rows[head_of(rows)]
        cells = {
            **GOOD_ROW,
            intake.RECEIVED: f"{jakarta_now():%d/%m/%Y}",
            intake.NAME: f"Warga {identity}",
            intake.PHONE: f"0812{crc32(identity.encode()) % 10**8:08}",
            **{getattr(intake, column.upper()): value for column, value in changes.items()},
            NOTE: identity,
        }
        self.put(name, tab, len(rows), {titles.index(heading): value for heading, value in cells.items()})

    def tickets(self, name: str, tab: str) -> dict[str, str]:
        """The ticket of each complaint in a tab, by the reporter's name without “Warga”."""
        return {str(row[intake.NAME]).removeprefix("Warga "): row[intake.TICKET] or "" for row in self.table(name, tab)}

    def table(self, name: str, tab: str) -> list[dict[str, Any]]:
        """The rows of a tab, by heading."""
        rows = self.rows(name, tab)
        titles, *below = rows[head_of(rows) :]
        return [dict(zip(titles, [*row, *[None] * (len(titles) - len(row))], strict=True)) for row in below]

    def register(self) -> dict[str, dict[str, Any]]:
        return {str(row["No. Tiket"]): row for row in self.table(KENDALI, REGISTER)}

    def kinds(self, name: str, ticket: str) -> list[str]:
        """What a spreadsheet's journal tells of a ticket."""
        return [str(row[3]) for row in self.rows(name, JOURNAL)[1:] if row[2] == ticket]

    def copied(self, name: str, ticket: str) -> list[str]:
        """What Kendali's copy of that journal tells."""
        source = self.source(name)
        return [str(row[4]) for row in self.rows(KENDALI, JOURNAL)[1:] if row[0] == source and row[3] == ticket]

    def issued(self) -> list[str]:
        """Every ticket that was ever issued, as Kendali's copy tells."""
        return [str(row[3]) for row in self.rows(KENDALI, JOURNAL)[1:] if row[4] == "Diterbitkan"]


def _nothing(_: object) -> None:
    """Nothing happens first."""


def _in_city(begin: Begin) -> Callable[[LocalCity], object]:
    @wraps(begin)
    def in_city(city: LocalCity) -> None:
        begin(LocalPlace(city))

    return in_city


class LocalPlace(Place):
    def __init__(self, city: LocalCity) -> None:
        self.city, self.credentials = city, city.credentials

    @classmethod
    def lay_out(cls, folder: Path, spreadsheets: Layout, begin: Begin = _nothing) -> "LocalPlace":
        """Prepared spreadsheets with these tabs, in which this has happened."""
        return cls(LocalCity.lay_out(folder, spreadsheets, _in_city(begin)))

    def run(self, *arguments: str) -> int:
        return self.city.run(*arguments)

    def rows(self, name: str, tab: str) -> list[list[Any]]:
        return self.city.rows(name, tab)

    def put(self, name: str, tab: str, row: int, cells: Mapping[int, Value]) -> None:
        self.city.put(name, tab, {(row, column): value for column, value in cells.items()})

    def delete_row(self, name: str, tab: str, row: int) -> None:
        self.city.edit(name, lambda book: delete_rows(book[tab], row))

    def delete_tab(self, name: str, tab: str) -> None:
        with self.city.editing(name) as book:
            if len(book.worksheets) == 1:
                book.create_sheet("Kosong")
            book.remove(book[tab])

    def make(self, name: str, tabs: Mapping[str, Sequence[str]]) -> None:
        make_file(self.city.path(name), {tab: [titles] for tab, titles in tabs.items()})

    def version(self, name: str) -> object:
        return self.city.path(name).read_bytes()

    def restore_version(self, name: str, version: object) -> None:
        assert isinstance(version, bytes)
        self.city.path(name).write_bytes(version)

    def remove(self, name: str) -> None:
        self.city.path(name).unlink()

    def address(self, name: str) -> str:
        return f"{name}.xlsx"

    source = address


class GooglePlace(Place):
    def __init__(self, google: Google, folder: Path, names: Iterable[str]) -> None:
        """Spreadsheets that are still empty; whoever creates them in this order gives them the same addresses."""
        self.google, self.city = google, City(google, folder)
        self.credentials = self.city.credentials
        self.people: dict[str, Person] = {KENDALI: self.city.kendali}
        for name in names:
            self.make(name, {"Sheet1": ()})

    @classmethod
    def lay_out(cls, google: Google, folder: Path, spreadsheets: Layout, begin: Begin = _nothing) -> "GooglePlace":
        """Prepared spreadsheets with these tabs, in a city of a few kelurahan, in which this has happened: once for all
        places that begin alike."""
        place = cls(google, folder, spreadsheets)
        layout = [(name, *tabs) for name, tabs in spreadsheets.items()]

        def make() -> dict[str, object]:
            place._begin(spreadsheets, begin)
            return {name: place.version(name) for name in (KENDALI, *spreadsheets)}

        for name, book in made_once(f"google {begin.__module__}.{begin.__qualname__} {layout}", make).items():
            place.restore_version(name, book)
        return place

    def _begin(self, spreadsheets: Layout, begin: Begin) -> None:
        self.run("setup")
        for number, row in reversed(list(enumerate(self.rows(KENDALI, PLACES)))):
            if number and row[2] not in KELURAHAN:
                self.delete_row(KENDALI, PLACES, number)
        for name, tabs in spreadsheets.items():
            for tab in tabs:
                self.people[name].add_tab(tab, [TITLES])
        self.list_sources(*spreadsheets)
        assert self.run("setup") == 0
        begin(self)

    def run(self, *arguments: str) -> int:
        return self.city.run(*arguments)

    def rows(self, name: str, tab: str) -> list[list[Any]]:
        return self.people[name].values(tab)

    def put(self, name: str, tab: str, row: int, cells: Mapping[int, Value]) -> None:
        for column, value in cells.items():
            self.people[name].set(tab, row, column, value)

    def delete_row(self, name: str, tab: str, row: int) -> None:
        self.people[name].delete_row(tab, row)

    def delete_tab(self, name: str, tab: str) -> None:
        self.people[name].delete_tab(tab)

    def make(self, name: str, tabs: Mapping[str, Sequence[str]]) -> None:
        self.people[name] = self.google.spreadsheet(name, {tab: [list(titles)] for tab, titles in tabs.items()})

    def version(self, name: str) -> object:
        return self.people[name].book.copy()

    def restore_version(self, name: str, version: object) -> None:
        self.people[name].book.become(version.copy())  # type: ignore[attr-defined]

    def remove(self, name: str) -> None:
        del self.city.server.drive.files[self.people[name].book.id]

    def address(self, name: str) -> str:
        return link(self.people[name])

    def source(self, name: str) -> str:
        return self.people[name].book.id


def laid_out(request: pytest.FixtureRequest, folder: Path, spreadsheets: Layout, begin: Begin = _nothing) -> Place:
    """A place of the kind that a fixture's parameter names."""
    if request.param == "local":
        return LocalPlace.lay_out(folder, spreadsheets, begin)
    return GooglePlace.lay_out(request.getfixturevalue("google"), folder, spreadsheets, begin)
