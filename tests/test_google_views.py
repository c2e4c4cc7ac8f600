"""A tab in which a formula shows the rows of another is read by people alone: what is written there would stop it."""

from datetime import timedelta
from pathlib import Path

import pytest

from automation.cli.compose import compose
from automation.model.cells import Value
from automation.sheets.google.client import connect
from automation.tables import intake
from automation.tables.intake import INTAKE, TICKET
from tests.google_city import City
from tests.sheets_server.fixtures import Google
from tests.sheets_server.people import Person, Typed
from tests.town import GOOD, TUESDAY, WORDS

HEADINGS: list[Typed] = [str(column) for column in INTAKE.columns]
OTHER: dict[str, Value] = {
    intake.NAME: "Bu Euis",
    intake.PHONE: "081200000022",
    intake.ADDRESS: "Jl. Anggrek 7",
    intake.CATEGORY: "Jalan & Drainase",
}
pytestmark = pytest.mark.sampled(4, tests=4)

OTHERS = (None, "got mampet", "Gg. Mawar 1", "Ani", "081200000001")


@pytest.fixture
def city(google: Google, tmp_path: Path) -> City:
    """Its spreadsheet has a row with a ticket, and one that has just been typed."""
    city = City.prepared(google, tmp_path, "Cipondoh")
    city.type("Cipondoh", "Gondrong", "satu", category="Jalan & Drainase")
    assert city.run("sync") == 0
    city.type("Cipondoh", "Gondrong", "dua", {**GOOD, **OTHER})
    return city


def view(city: City, *, headings: bool) -> Person:
    """Make a view of all of Gondrong, with its headings or below typed ones, and let the program forget which tabs
    there are: else it would find this one after half an hour."""
    person = city.spreadsheets["Cipondoh"]
    rows: list[list[Typed]] = [
        [cell if isinstance(cell, str | int | float) else None for cell in row] for row in person.values("Gondrong")
    ]
    head = next(at for at, row in enumerate(rows) if TICKET in row)
    person.add_tab("Milik Bu Lurah", [] if headings else [rows[head]])
    person.spill("Milik Bu Lurah", not headings, 0, "=QUERY(Gondrong!A3:Z;…)", rows[head + (not headings) :])
    for kept in city.folder.glob(".ingat-*"):
        kept.unlink()
    return person


@pytest.mark.parametrize(
    ("command", "headings", "dressed"),
    [("sync", True, False), ("sync", False, False), ("setup", True, False), ("sync", False, True)],
    ids=["with its headings", "below typed ones", "when it is set up", "in a tab that was copied and emptied"],
)
def test_a_view_of_a_tab_goes_on_showing_it_and_makes_no_copies(
    city: City, command: str, headings: bool, dressed: bool
) -> None:
    person = view(city, headings=headings)
    if dressed:
        sheet = person.sheet("Milik Bu Lurah")
        person.book.protected[77] = {"protectedRangeId": 77, "range": {"sheetId": sheet.id}, "warningOnly": True}
    shown = person.values("Milik Bu Lurah")
    assert city.run(command) == city.run("sync") == city.run("sync") == 0
    assert person.values("Milik Bu Lurah") == shown
    tickets = city.tickets("Cipondoh", "Gondrong")
    assert all(tickets.values()) and len({*tickets.values()}) == 2
    assert not [row for row in city.rows("Kendali", "Perbaikan")[1:] if any(row)], "nobody is asked about copies"


def test_once_its_rows_are_typed_it_is_a_tab_like_any_other(city: City) -> None:
    person = view(city, headings=True)
    assert city.run("sync") == 0
    typed = city.rows("Cipondoh", "Milik Bu Lurah")
    person.delete_tab("Gondrong")
    person.delete_tab("Milik Bu Lurah")
    person.add_tab(
        "Gondrong", [[cell if isinstance(cell, str | int | float) else None for cell in row] for row in typed]
    )
    assert city.run("sync") == 0
    assert all(city.tickets("Cipondoh", "Gondrong").values())


@pytest.mark.parametrize(
    ("rows", "formulas", "spilled"),
    [
        ([HEADINGS, ["RR-1", *OTHERS], ["RR-2", *OTHERS]], [(1, 0)], []),
        ([HEADINGS, [None, *OTHERS], [None, *OTHERS]], [(1, 2)], [(1, 3), (1, 4), (2, 2), (2, 3), (2, 4)]),
        ([HEADINGS, ["RR-1", *OTHERS], [None, *OTHERS]], [(1, 2)], [(1, 3), (1, 4), (2, 2), (2, 3), (2, 4)]),
        ([HEADINGS, ["RR-1", *OTHERS]], [(0, 0)], [(0, column) for column in range(1, len(HEADINGS))]),
    ],
    ids=[
        "a formula over one ticket",
        "answers that a formula brings in",
        "and that have got tickets",
        "headings alone",
    ],
)
def test_where_the_tickets_are_typed_formulas_make_no_view(
    google: Google, rows: list[list[Typed]], formulas: list[tuple[int, int]], spilled: list[tuple[int, int]]
) -> None:
    person = google.spreadsheet("Kecamatan Cipondoh", {"Gondrong": [[*row] for row in rows]})
    for row, column in (*formulas, *spilled):
        person.formula("Gondrong", row, column, "=A1" if (row, column) in formulas else "", rows[row][column])
    (tab,) = connect(google.key).open(person.book.id).read().tabs
    assert not tab.view


def test_a_view_of_nothing_yet_is_one(google: Google) -> None:
    person = google.spreadsheet("Kecamatan Cipondoh", {"Terlambat": []})
    person.spill("Terlambat", 0, 0, "=QUERY(Gondrong!A3:Z;…)", [HEADINGS])
    (tab,) = connect(google.key).open(person.book.id).read().tabs
    assert tab.view


def test_a_tab_whose_row_is_cut_while_it_is_asked_about_makes_no_view(google: Google) -> None:
    """It would never be read again: nobody asks about a tab that is known to be typed."""
    row: list[Typed] = ["RR-1", *OTHERS]
    person = google.spreadsheet("Kecamatan Cipondoh", {"Gondrong": [HEADINGS, row], "Gondrong 2027": [HEADINGS, row]})
    workbook = connect(google.key).open(person.book.id)
    assert not any(tab.view for tab in workbook.read().tabs)
    google.server.before("get", lambda: None)
    google.server.before("get", lambda: person.delete_row("Gondrong 2027", 1))
    assert not any(tab.view for tab in workbook.read().tabs)
    assert not person.values("Gondrong 2027")[1:], "it was cut just then"


def test_a_tab_that_was_a_view_for_a_while_is_read_again_once_its_rows_are_typed(city: City) -> None:
    person = city.spreadsheets["Cipondoh"]
    assert city.run("sync") == 0
    rows = person.values("Gondrong")
    at = next(at for at, row in enumerate(rows) if TICKET in row)
    head, first = ([cell if isinstance(cell, str) else None for cell in row] for row in rows[at : at + 2])
    person.add_tab("Petir", [head])
    city.type("Cipondoh", "Petir", "tiga", {**GOOD, **OTHER, intake.DESCRIPTION: "pohon tumbang"})
    syncer = compose(city.credentials, WORDS).syncer  # as `run` does, which asks once about a tab that is typed
    syncer.sync(TUESDAY)
    assert city.tickets("Cipondoh", "Petir")["tiga"]
    below = next(at for at, row in enumerate(person.values("Petir")) if TICKET in row) + 1
    person.delete_row("Petir", below)
    person.spill("Petir", below, 0, "=QUERY(Gondrong!A4:Z4;…)", [first])
    assert syncer.sync(TUESDAY + timedelta(minutes=5)).missing == (), "nobody can tell what is gone from there"
    person.delete_row("Petir", below)
    city.type("Cipondoh", "Petir", "empat", {**GOOD, **OTHER, intake.DESCRIPTION: "lampu jalan mati"})
    syncer.sync(TUESDAY + timedelta(minutes=10))
    assert city.tickets("Cipondoh", "Petir")["empat"]
