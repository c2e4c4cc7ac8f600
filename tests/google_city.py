"""A city on the tests' Google: a Kendali and kecamatan spreadsheets, run by the command line as an operator would."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from automation.cases.events import JOURNAL
from automation.cli.main import main
from automation.model.cells import Value
from automation.reading.tabs import GUIDE, LISTS
from automation.sheets.prepare import INTAKE_COLUMNS, INTAKE_HEADING_ROW as HEAD
from automation.tables import intake
from automation.tables.kendali import RECIPIENTS, SOURCES
from tests.made_once import made_once
from tests.sheets_server.fixtures import Google
from tests.sheets_server.model import Book
from tests.sheets_server.people import Person
from tests.town import GOOD

NOTE = "Catatan"


class City:
    """People's view of the spreadsheets, and the operator's terminal."""

    def __init__(self, google: Google, folder: Path, *kecamatan: str, smtp: Mapping[str, Any] | None = None) -> None:
        self.google, self.server = google, google.server
        self.kendali = google.spreadsheet("Kendali", {})
        self.spreadsheets = {name: google.spreadsheet(f"Kecamatan {name}", {}) for name in kecamatan}
        self.folder, self.credentials = folder, folder / "credentials.json"
        self.enter(**({"smtp": smtp} if smtp else {}))

    def enter(self, **more: Any) -> None:
        """Fill in credentials.json."""
        content = {"kendali": link(self.kendali), "google": self.google.key, **more}
        self.credentials.write_text(json.dumps(content), "utf-8")

    @classmethod
    def with_one(
        cls,
        google: Google,
        folder: Path,
        tabs: Mapping[str, Sequence[Sequence[Any]]],
        begin: "Callable[[City], object]" = lambda _: None,
        name: str = "Laporan",
    ) -> "City":
        """One spreadsheet that people made, in which `begin` has happened: once for all that begin alike."""
        city = cls(google, folder)
        city.spreadsheets[name] = google.spreadsheet(
            name, {tab: [list(row) for row in rows] for tab, rows in tabs.items()}
        )

        def make() -> None:
            city.run("setup")
            city.kendali.set(SOURCES, 1, 0, name)
            city.kendali.set(SOURCES, 1, 1, link(city.spreadsheets[name]))
            assert city.run("setup") == 0
            begin(city)

        city.once(f"{begin.__module__}.{begin.__qualname__} {tabs}", make)
        return city

    @classmethod
    def prepared(cls, google: Google, folder: Path, *kecamatan: str, smtp: Mapping[str, Any] | None = None) -> "City":
        """One that is set up."""
        city = cls(google, folder, *kecamatan, smtp=smtp)
        city.set_up()
        return city

    def once(self, key: str, make: Callable[[], object], *more: Person) -> None:
        """Let the spreadsheets, and `more`, be what they are once this was made of them."""
        books = [person.book for person in (self.kendali, *self.spreadsheets.values(), *more)]

        def made() -> list[Book]:
            make()
            return [book.copy() for book in books]

        ids = [book.id for book in books]
        for book, ready in zip(books, made_once(f"google {ids} {key}", made), strict=True):
            book.become(ready.copy())

    def run(self, *arguments: str) -> int:
        return main(["--credentials", str(self.credentials), *arguments])

    def set_up(self) -> None:
        """Setup, links in Sumber, setup again: as the README says. Then Gondrong-like tabs can be typed into. All this
        is done once for cities of the same spreadsheets."""
        self.once(f"set up {list(self.spreadsheets)}", self.prepare)

    def prepare(self) -> None:
        self.run("setup")
        for number, (name, person) in enumerate(self.spreadsheets.items(), start=1):
            self.kendali.set(SOURCES, number, 0, f"Kecamatan {name}")
            self.kendali.set(SOURCES, number, 1, link(person))
        assert self.run("setup") == 0
        for person in self.spreadsheets.values():
            for sheet in person.book.sheets:
                if sheet.title not in (JOURNAL, LISTS, GUIDE, "Sheet1"):
                    person.set(sheet.title, HEAD, len(INTAKE_COLUMNS), NOTE)

    def person(self, name: str) -> Person:
        """Who works in the spreadsheet of this name."""
        return self.kendali if name == "Kendali" else self.spreadsheets[name]

    def rows(self, name: str, tab: str) -> list[list[Any]]:
        return self.person(name).values(tab)

    def put(self, name: str, tab: str, cells: Mapping[tuple[int, int], Value]) -> None:
        """Type into cells, by 0-based row and column."""
        for (row, column), value in cells.items():
            self.person(name).set(tab, row, column, value)

    def subscribe(self, email: str, scope: str = "Kota", row: int = 1) -> None:
        told = ("Ibu Ratna", email, "Anggota DPRD", scope, "harian", "Ya", "Ya")
        self.put("Kendali", RECIPIENTS, {(row, column): value for column, value in enumerate(told)})

    def type(self, kecamatan: str, tab: str, identity: str, cells: Mapping[str, Value] = GOOD, **more: Value) -> None:
        """Type a complaint below the last one, with its identity in the people's own column."""
        rows = self.rows(kecamatan, tab)
        titles = rows[_head(rows)]
        typed = {**cells, **{getattr(intake, name.upper()): value for name, value in more.items()}, NOTE: identity}
        self.put(kecamatan, tab, {(len(rows), titles.index(heading)): value for heading, value in typed.items()})

    def tickets(self, kecamatan: str, tab: str) -> dict[str, str]:
        rows = self.rows(kecamatan, tab)
        titles, *below = rows[_head(rows) :]
        ticket, note = titles.index(intake.TICKET), titles.index(NOTE)
        return {str(row[note]): str(row[ticket] or "") for row in below if len(row) > note}

    def requests(self, person: Person) -> Counter[str]:
        """What was asked of one spreadsheet since the last call, by kind of request."""
        seen = Counter(request.kind for request in self.server.requests if person.book.id in request.path)
        self.server.requests[:] = [r for r in self.server.requests if person.book.id not in r.path]
        return seen


def _head(rows: Sequence[Sequence[Value]]) -> int:
    """The row of the headings: the third in a tab that `setup` made."""
    return next(at for at, row in enumerate(rows) if intake.TICKET in row)


def link(person: Person) -> str:
    return f"https://docs.google.com/spreadsheets/d/{person.book.id}/edit?usp=sharing#gid=0"
