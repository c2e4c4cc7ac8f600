"""The main job through the real gspread and google-auth over HTTPS, as an operator runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from automation.cycle.sync import Syncer
from automation.sheets.prepare import INTAKE_COLUMNS, INTAKE_HEADING_ROW as HEAD
from automation.tables import intake
from automation.tables.intake import ROBOT
from automation.tables.journal import JOURNAL
from automation.tables.kendali import REGISTER, REPAIRS, SOURCES
from automation.tables.table import Column
from tests.conftest import Say
from tests.google_city import City, link
from tests.sheets_server.fixtures import Google
from tests.sheets_server.people import Person
from tests.sheets_server.resource import hyperlink
from tests.town import WORDS

pytestmark = pytest.mark.sampled(2)

#: The first row (0-based) of complaints in a tab that `setup` made.
FIRST = HEAD + 1


def at(column: Column) -> int:
    """Where a column of a prepared tab stands."""
    return INTAKE_COLUMNS.index(column)


@pytest.fixture
def city(google: Google, tmp_path: Path) -> City:
    """Cipondoh and Karawaci, prepared, with three complaints."""
    city = City(google, tmp_path, "Cipondoh", "Karawaci")
    assert city.set_up() == 0
    city.type("Cipondoh", "Gondrong", "yati")
    city.type("Cipondoh", "Gondrong", "amir", name="Pak Amir", phone="081200001022", category="Jalan & Drainase")
    city.type("Karawaci", "Cimone", "sri", name="Bu Sri", phone="081200001023", category="Jalan & Drainase")
    city.spreadsheets["Cipondoh"].set("Gondrong", FIRST, at(intake.CATEGORY), "Jalan & Drainase")
    city.server.requests.clear()
    return city


def test_complaints_come_from_the_rows_into_the_register(city: City, say: Say) -> None:
    assert city.run("sync") == 0
    tickets = city.tickets("Cipondoh", "Gondrong") | city.tickets("Karawaci", "Cimone")
    assert sorted(tickets.values()) == ["RR-260504-0001-3", "RR-260504-0002-1", "RR-260705-0001-0"]
    register = city.kendali.values(REGISTER)
    assert sorted(str(row[0]) for row in register[1:]) == sorted(tickets.values())
    assert all(str(row[14]).startswith("https://docs.google.com/spreadsheets/d/") for row in register[1:])
    assert [row[4] for row in city.kendali.values(SOURCES)[1:3]] == ["Baik", "Baik"]
    assert "3 baru, 3 seluruhnya" in say()


def opened(person: Person, tab: str) -> list[tuple[str, str]]:
    """The ticket of each row, and the address that its `Kabari` opens."""
    rows = [row for row in person.sheet(tab).rows[HEAD + 1 :] if row and row[0].value]
    return [(str(row[0].value), hyperlink(row[at(intake.KABARI)])) for row in rows]


def test_each_case_has_a_link_with_the_words_for_its_reporter_until_the_reporter_was_told(city: City) -> None:
    assert city.run("sync") == 0
    person = city.spreadsheets["Cipondoh"]
    assert [address[:28] for _, address in opened(person, "Gondrong")] == [
        "https://wa.me/6281200001021?",
        "https://wa.me/6281200001022?",
    ]
    assert all(ticket in address for ticket, address in opened(person, "Gondrong"))
    person.set("Gondrong", HEAD + 1, at(intake.PHONE), "021-5512345")
    person.set("Gondrong", HEAD + 2, at(intake.TOLD), "sudah, 24/11")
    assert city.run("sync") == 0
    assert str(person.values("Gondrong")[HEAD + 1][at(intake.KABARI)]).startswith(
        "Telepon (021) 5512345: laporan diterima."
    )
    assert [address for _, address in opened(person, "Gondrong")] == ["", ""]
    city.server.requests.clear()
    assert city.run("sync") == 0
    assert city.requests(person) == {"files.get": 1, "get": 1}, "nothing is left to write"


def test_setup_again_changes_nothing(city: City) -> None:
    assert city.run("setup") == 0
    assert city.server.count("batchUpdate") == 0


def test_one_read_and_at_most_one_write_per_spreadsheet_and_cycle(city: City) -> None:
    assert city.run("sync") == 0
    for person in city.spreadsheets.values():
        assert city.requests(person) == {"files.get": 1, "get": 1, "batchUpdate": 1}
    assert city.requests(city.kendali) == {"files.get": 1, "get": 1, "batchUpdate": 1}
    assert city.run("sync") == 0
    for person in (*city.spreadsheets.values(), city.kendali):
        assert city.requests(person) == {"files.get": 1, "get": 1}


def test_a_program_that_stays_asks_each_spreadsheet_once_a_cycle(city: City) -> None:
    from automation.cli.compose import compose, jakarta_now

    program = compose(city.credentials, WORDS)
    assert isinstance(program.syncer, Syncer)
    program.syncer.sync(jakarta_now())
    city.server.requests.clear()
    assert program.syncer.sync(jakarta_now()).well
    for person in (*city.spreadsheets.values(), city.kendali):
        assert city.requests(person) == {"get": 1}


def test_rows_sorted_between_reading_and_writing_end_with_their_own_tickets(city: City) -> None:
    city.run("sync")
    before = city.tickets("Cipondoh", "Gondrong")
    for number in range(3, 8):
        city.type(
            "Cipondoh",
            "Gondrong",
            f"warga {number}",
            name=f"Warga {9 - number}",
            phone=f"08120000{number:04}",
            category="Jalan & Drainase",
        )
    person = city.spreadsheets["Cipondoh"]
    mine = sorted(map(str, (row[len(ROBOT) :] for row in person.values("Gondrong"))))
    city.server.before("batchUpdate", lambda: person.sort("Gondrong", at(intake.NAME)))
    assert city.run("sync") == 0
    after = city.tickets("Cipondoh", "Gondrong")
    assert {identity: after[identity] for identity in before} == before
    assert len(set(after.values())) == 7 and "" not in after.values()
    assert sorted(map(str, (row[len(ROBOT) :] for row in person.values("Gondrong")))) == mine
    issued = {str(row[2]): str(row[4]) for row in person.values(JOURNAL)[1:] if row[3] == "Diterbitkan"}
    for row in person.values("Gondrong")[FIRST:]:
        assert f'"{row[at(intake.PHONE)]}"' in issued[str(row[0])], "a ticket stands beside another complaint"
    assert all(ticket in address for ticket, address in opened(person, "Gondrong")), (
        "and so do the words for a reporter"
    )


def test_a_second_robot_in_between_makes_the_first_decide_again(city: City) -> None:
    from automation.cli.compose import compose, jakarta_now

    other = compose(city.credentials, WORDS)
    city.server.before("batchUpdate", lambda: other.syncer.sync(jakarta_now()))
    assert city.run("sync") == 0
    tickets = city.tickets("Cipondoh", "Gondrong")
    journal = city.spreadsheets["Cipondoh"].values(JOURNAL)
    assert sorted(str(row[2]) for row in journal[1:]) == sorted(tickets.values())
    copies = [(row[0], row[1]) for row in city.kendali.values(JOURNAL)[1:] if row[1]]
    assert len(copies) == len(set(copies)) == 3


@pytest.mark.parametrize("how", [{"drop": True}, {"status": 503}, {"status": 500, "html": True}, {"cut": True}])
@pytest.mark.parametrize("when", ["before", "after"])
def test_an_answer_lost_on_the_way_issues_nothing_twice(city: City, when: str, how: dict[str, object]) -> None:
    city.server.fail(when=when, kind="batchUpdate", times=1, **how)  # type: ignore[arg-type]
    assert city.run("sync") == 0
    tickets = city.tickets("Cipondoh", "Gondrong")
    journal = city.spreadsheets["Cipondoh"].values(JOURNAL)
    assert sorted(str(row[2]) for row in journal[1:]) == sorted(tickets.values())


def test_a_spreadsheet_nobody_shared_is_reported_and_the_others_go_on(city: City, say: Say) -> None:
    stranger = city.server.spreadsheet("Kecamatan Larangan", {})
    city.kendali.set(SOURCES, 3, 0, "Kecamatan Larangan")
    city.kendali.set(SOURCES, 3, 1, link(stranger))
    assert city.run("sync") == 1
    said = say()
    assert stranger.book.id in said and city.google.key["client_email"] in said
    assert city.tickets("Karawaci", "Cimone")["sri"]
    assert "Bagikan" in str(city.kendali.values(SOURCES)[3][4])


def test_a_renamed_tab_and_moved_columns_are_read_in_the_next_cycle(city: City) -> None:
    city.run("sync")
    before = city.tickets("Cipondoh", "Gondrong")
    person = city.spreadsheets["Cipondoh"]
    person.insert_column("Gondrong", 2)
    person.rename_tab("Gondrong", "Kel. Gondrong")
    assert city.run("sync") == 0
    assert city.tickets("Cipondoh", "Kel. Gondrong") == before


def test_a_folder_in_sumber_means_all_spreadsheets_in_it(google: Google, tmp_path: Path) -> None:
    folder = google.server.folder("Laporan", readers=[google.key["client_email"]])
    city = City(google, tmp_path)
    for name in ("Cipondoh", "Benda"):
        city.spreadsheets[name] = google.spreadsheet(f"Kecamatan {name}", {}, folder=folder)
    city.run("setup")
    city.kendali.set(SOURCES, 1, 0, "Semua kecamatan")
    city.kendali.set(SOURCES, 1, 1, f"https://drive.google.com/drive/folders/{folder}?usp=sharing")
    assert city.run("setup") == 0
    assert {"Gondrong", "Petir"} <= {sheet.title for sheet in city.spreadsheets["Cipondoh"].book.sheets}
    assert {"Belendung", "Pajang"} <= {sheet.title for sheet in city.spreadsheets["Benda"].book.sheets}
    assert city.run("sync") == 0


def test_rows_that_wait_are_in_perbaikan_until_they_are_mended(city: City) -> None:
    city.type("Karawaci", "Cimone", "dedi", name="Dedi", phone="12", category="Jalan & Drainase")
    city.run("sync")
    (waiting,) = city.kendali.values(REPAIRS)[1:]
    assert waiting[:3] == ["Karawaci", "Cimone", FIRST + 2] and "Telepon" in str(waiting[3])
    city.spreadsheets["Karawaci"].set("Cimone", FIRST + 1, at(intake.PHONE), "081200001099")
    city.run("sync")
    assert city.kendali.values(REPAIRS)[1:] == []
    assert city.tickets("Karawaci", "Cimone")["dedi"]


def test_a_renamed_spreadsheet_is_read_by_its_link_and_both_names_are_told(city: City, say: Say) -> None:
    assert city.run("sync") == 0
    assert "samakan namanya" not in say()
    city.spreadsheets["Cipondoh"].rename("Laporan Cipondoh 2027")
    assert city.run("sync") == 0
    said = say()
    assert "“Kecamatan Cipondoh”" in said
    assert "“Laporan Cipondoh 2027”" in said
