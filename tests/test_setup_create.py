"""`setup --create`: spreadsheets that are missing are made, once, where the account owns storage."""

import json
from datetime import date
from pathlib import Path

import pytest

from automation.cli.main import main
from automation.config.defaults import load_kelurahan, load_terms
from automation.cycle.health import foreign
from automation.cycle.sources import missing_names
from automation.importing.old_list import place_called
from automation.model.cells import serial_of
from automation.model.places import Kelurahan, Places
from automation.sheets.local.workbook import XlsxWorkbook
from automation.sheets.port import Snapshot
from automation.sheets.sources import Sources
from automation.tables import intake
from automation.tables.kendali import PLACES as PLACES_TAB, SOURCES
from tests.conftest import Say
from tests.google_city import City, link
from tests.sheets_server.fixtures import Google
from tests.sheets_server.model import Book
from tests.town import GOOD, WORDS
from tests.xlsx_person import editing

pytestmark = pytest.mark.sampled(tests=8)

KELURAHAN = load_kelurahan()
NAMES = {name for place in KELURAHAN for name in (place.name, place.kecamatan)}
PLACES = Places(KELURAHAN, load_terms().places(NAMES))
OPERATOR = "operator@example.org"


def books(google: Google, folder: str) -> dict[str, Book]:
    files = google.server.drive.files.values()
    return {file.book.title: file.book for file in files if file.book is not None and folder in file.parents}


@pytest.fixture
def folder(google: Google) -> str:
    return google.server.folder("Laporan", writers=[OPERATOR])


@pytest.fixture
def city(google: Google, tmp_path: Path, folder: str) -> City:
    """An operator who lets the program work with their own account, and Sumber with the folder."""
    city = City(google, tmp_path)
    google.server.drive.files[city.kendali.book.id].writers.add(OPERATOR)
    key = google.server.accounts.user(OPERATOR)
    city.credentials.write_text(json.dumps({"kendali": link(city.kendali), "google": key}), "utf-8")
    assert city.run("setup") == 0
    city.kendali.set(SOURCES, 1, 0, "Laporan")
    city.kendali.set(SOURCES, 1, 1, f"https://drive.google.com/drive/folders/{folder}")
    return city


def _leave(places: str, city: City) -> None:
    """Only these kecamatan stay in Wilayah: a whole city takes its time."""
    rows = city.kendali.values("Wilayah")
    for row in range(len(rows) - 1, 0, -1):
        if str(rows[row][1]) not in places:
            city.kendali.delete_row("Wilayah", row)


def test_each_kecamatan_gets_a_spreadsheet_with_a_tab_for_each_kelurahan(
    google: Google, city: City, folder: str, say: Say
) -> None:
    _leave("Cibodas Benda", city)
    google.server.spreadsheet("laporan_warga benda 2026", {}, writers=[OPERATOR], folder=folder)
    assert city.run("setup", "--create", "kecamatan") == 0
    said = say()
    assert "Membuat 1 spreadsheet baru" in said
    assert "Spreadsheet baru: Kecamatan Cibodas." in said and "kira-kira 1 menit" in said
    made = books(google, folder)
    assert set(made) == {"Kecamatan Cibodas", "laporan_warga benda 2026"}
    book = made["Kecamatan Cibodas"]
    assert (book.properties["locale"], book.properties["timeZone"]) == ("id_ID", "Asia/Jakarta")
    assert book.sheets[0].title == "Panduan" and not book.by_title("Sheet1")
    assert {"Uwung Jaya", "Jatiuwung", "Riwayat"} <= {sheet.title for sheet in book.sheets}
    assert city.run("setup", "--create", "kecamatan") == 0
    assert len(books(google, folder)) == 2


@pytest.mark.long
def test_each_kelurahan_gets_a_spreadsheet_with_its_own_tab_only(google: Google, city: City, folder: str) -> None:
    _leave("Cibodas", city)
    assert city.run("setup", "--create", "kelurahan") == 0
    made = books(google, folder)
    assert len(made) == 6
    titles = {sheet.title for sheet in made["Kelurahan Cibodas"].sheets}
    assert "Cibodas" in titles and not {"Cibodas Baru", "Jatiuwung"} & titles


def test_an_answer_that_is_lost_makes_no_second_spreadsheet(google: Google, city: City, folder: str) -> None:
    _leave("Cibodas", city)
    google.server.fail(when="after", kind="files.create", drop=True)
    assert city.run("setup", "--create", "kecamatan") == 0
    files = [file for file in google.server.drive.files.values() if folder in file.parents]
    assert [file.name for file in files] == ["Kecamatan Cibodas"]


def test_a_robot_without_storage_is_told_that_people_make_the_spreadsheets(
    google: Google, city: City, folder: str, say: Say
) -> None:
    google.server.drive.files[folder].writers.add(google.key["client_email"])
    credentials = {"kendali": link(city.kendali), "google": google.key}
    city.credentials.write_text(json.dumps(credentials), "utf-8")
    assert city.run("setup", "--create", "kecamatan") == 1
    said = " ".join(say().split())
    assert "tidak punya ruang penyimpanan" in said and "“Kecamatan Tangerang”" in said and "Bagikan" in said.title()
    assert not books(google, folder)


def test_without_a_folder_in_sumber_it_is_said_what_to_write_there(google: Google, city: City, say: Say) -> None:
    for column in (0, 1):
        city.kendali.set(SOURCES, 1, column, None)
    assert city.run("setup", "--create", "kecamatan") == 1
    assert "tautan sebuah folder di tab Sumber" in " ".join(say().split())


def test_only_creating_asks_for_more_than_reading_what_files_are_called(google: Google, city: City) -> None:
    _leave("Cibodas", city)
    google.server.accounts.grants.clear()
    city.run("setup")
    assert not any("drive.file" in " ".join(grant.scopes) for grant in google.server.accounts.grants.values())
    city.run("setup", "--create", "kecamatan")
    assert any("https://www.googleapis.com/auth/drive.file" in g.scopes for g in google.server.accounts.grants.values())


def test_a_local_folder_is_filled_likewise(tmp_path: Path) -> None:
    credentials = tmp_path / "credentials.json"
    credentials.write_text(json.dumps({"kendali": "Kendali.xlsx"}), "utf-8")
    assert main(["--credentials", str(credentials), "setup"]) == 0
    XlsxWorkbook.create(tmp_path / "Cipondoh.xlsx")
    with editing(tmp_path / "Kendali.xlsx") as book:
        rows = book[PLACES_TAB]
        for row in range(rows.max_row, 1, -1):
            if rows.cell(row, 2).value not in ("Cibodas", "Cipondoh") or rows.cell(row, 3).value == "Cibodas":
                rows.delete_rows(row)
        for row, values in enumerate((("Laporan", "Laporan"), ("Cipondoh", "Cipondoh.xlsx")), start=2):
            for column, value in enumerate(values, start=1):
                book[SOURCES].cell(row, column).value = value
    assert main(["--credentials", str(credentials), "setup", "--create", "kecamatan"]) == 0
    assert [file.name for file in (tmp_path / "Laporan").glob("*.xlsx")] == ["Kecamatan Cibodas.xlsx"]
    (tmp_path / "Laporan" / "Kecamatan Cibodas.xlsx").rename(tmp_path / "Laporan" / "Kecamatan Cibodas.XLSX")
    (lock := tmp_path / "Laporan" / "~$Kecamatan Cipondoh.xlsx").touch()  # Excel's, beside one that is no longer there
    with editing(tmp_path / "Kendali.xlsx") as book:
        for column in (1, 2):
            book[SOURCES].cell(3, column).value = None
    assert main(["--credentials", str(credentials), "setup", "--create", "kecamatan"]) == 1, "the new one seems open"
    lock.unlink()
    assert main(["--credentials", str(credentials), "setup", "--create", "kecamatan"]) == 0
    made = sorted(file.name for file in (tmp_path / "Laporan").glob("Kecamatan*"))
    assert made == ["Kecamatan Cibodas.XLSX", "Kecamatan Cipondoh.xlsx"], "how its kind is spelled does not matter"


def test_a_folder_may_have_a_dot_in_its_name(tmp_path: Path) -> None:
    sources = Sources(None, tmp_path)
    assert sources.in_folder("Kec. Cipondoh") is None, "it might be a file's name, misspelt"
    (tmp_path / "Kec. Cipondoh").mkdir()
    assert sources.in_folder("Kec. Cipondoh") == []


def test_what_stands_after_create_is_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["setup", "--create", "kota"]) == 2
    assert "kecamatan, kelurahan" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "kelurahan"),
    [
        ("Kelurahan Gondrong", "Gondrong"),
        ("Laporan Kel. Cipondoh 2026", "Cipondoh"),
        ("kelurahan poris plawad, kecamatan cipondoh", "Poris Plawad"),
        ("Kelurahan Poris Pelawad", "Poris Plawad"),
        ("Kecamatan Cipondoh", None),
        ("Gondrong", None),
        ("Kelurahan Entah", None),
    ],
)
def test_a_spreadsheet_is_named_after_its_kelurahan(name: str, kelurahan: str | None) -> None:
    found = place_called(name, PLACES)
    assert (found.name if isinstance(found, Kelurahan) else None) == kelurahan


def test_what_is_served_already_is_not_missing() -> None:
    names = ["Kec. Cipondoh", "Kelurahan Pinang", "Kendali"]
    kecamatan = missing_names("kecamatan", names, PLACES, WORDS)
    assert "Kecamatan Cipondoh" not in kecamatan and "Kecamatan Pinang" in kecamatan and len(kecamatan) == 12
    kelurahan = missing_names("kelurahan", names, PLACES, WORDS)
    assert len(kelurahan) == 104 - 10 - 1 and "Kelurahan Gondrong" not in kelurahan


# Of another language


def test_a_spreadsheet_of_another_language_is_set_right_while_nobody_has_typed_in_it(
    google: Google, tmp_path: Path
) -> None:
    city = City(google, tmp_path, "Benda")
    books = [city.kendali.book, city.spreadsheets["Benda"].book]
    for book in books:
        book.properties |= {"locale": "en_US", "timeZone": "America/New_York"}
    city.prepare()
    assert [book.properties["locale"] for book in books] == ["id_ID", "id_ID"]
    assert [book.properties["timeZone"] for book in books] == ["Asia/Jakarta", "Asia/Jakarta"]


def test_another_time_zone_is_set_right_likewise_and_told_where_people_have_typed(
    google: Google, tmp_path: Path, say: Say
) -> None:
    city = City(google, tmp_path, "Benda")
    books = [city.kendali.book, city.spreadsheets["Benda"].book]
    for book in books:
        book.properties["timeZone"] = "Asia/Jayapura"
    city.prepare()
    assert [book.properties["timeZone"] for book in books] == ["Asia/Jakarta"] * 2
    city.type("Benda", "Pajang", "yati", {**GOOD, intake.CATEGORY: "Jalan & Drainase"})
    for book in books:
        book.properties["timeZone"] = "America/New_York"
    for command in ("sync", "check", "setup", "sync"):
        say()
        city.run(command)
        said = say()
        assert command == "setup" or "zona waktu America/New_York" in said, command
        assert command != "check" or "“Kendali” memakai zona waktu" in said
        assert [book.properties["timeZone"] for book in books] == ["America/New_York"] * 2, "what people chose stays"
    told = str(city.kendali.values(SOURCES)[1][-1])
    assert "zona waktu America/New_York" in told and "setup --locale" in told and "berbahasa" not in told
    assert city.run("setup", "--locale") == 0
    assert [book.properties["timeZone"] for book in books] == ["Asia/Jakarta"] * 2
    assert city.run("sync") == 0 and "zona" not in str(city.kendali.values(SOURCES)[1][-1])


@pytest.mark.parametrize(("locale", "swaps"), [("en_US", True), ("en_GB", False), ("de_DE", False), ("id_ID", None)])
def test_that_day_and_month_are_swapped_is_said_where_the_month_comes_first(locale: str, swaps: bool | None) -> None:
    told = [WORDS.tell(one) for one in foreign(Snapshot("Benda", (), None, locale, zone="Asia/Jakarta"))]
    assert len(told) == (swaps is not None)
    assert all(("05/11" in one) is swaps and locale in one and "setup --locale" in one for one in told)


@pytest.mark.parametrize(
    ("zone", "told"), [("Asia/Bangkok", False), ("Asia/Pontianak", False), ("Asia/Makassar", True), ("Mars/Base", True)]
)
def test_a_time_zone_is_told_whose_clock_shows_another_time(zone: str, told: bool) -> None:
    assert bool(foreign(Snapshot("Benda", (), None, "id_ID", zone=zone))) is told


def test_one_in_which_people_have_typed_is_told_with_the_cure_and_set_right_when_asked(
    google: Google, tmp_path: Path, say: Say
) -> None:
    city = City.prepared(google, tmp_path, "Benda")
    person = city.spreadsheets["Benda"]
    good = {**GOOD, intake.CATEGORY: "Jalan & Drainase"}
    city.type("Benda", "Pajang", "yati", good, received=serial_of(date(2026, 5, 11)))  # 05/11/2026, typed in November
    city.type("Benda", "Pajang", "amir", good, name="Pak Amir", received=serial_of(date(2026, 11, 23)))
    city.kendali.book.properties["locale"] = "en_GB"
    assert city.run("sync") == 1 and "Kendali” berbahasa en_GB" in say(), "no row of Sumber tells of Kendali"
    assert city.run("setup", "--locale") == 0 and city.run("sync") == 0
    person.book.properties["locale"] = "en_US"
    say()
    assert city.run("sync") == 1
    told = str(city.kendali.values(SOURCES)[1][-1])
    assert "en_US" in told and "setup --locale" in told and "en_US" in say()
    assert set(city.tickets("Benda", "Pajang")) == {"yati", "amir"} and all(city.tickets("Benda", "Pajang").values())
    assert city.run("setup") == 0 and person.book.properties["locale"] == "en_US", "what people chose stays"
    typed = person.values("Pajang")
    say()
    assert city.run("setup", "--locale") == 0
    said = say()
    assert "1 baris diketik sewaktu spreadsheet ini masih berbahasa lain" in said and "Pajang!4" in said
    assert person.book.properties["locale"] == "id_ID" and person.values("Pajang") == typed
    assert city.run("sync") == 0 and "en_US" not in str(city.kendali.values(SOURCES)[1][-1])
    assert city.run("setup", "--locale") == 0 and "tertukar" not in say(), "told once"
