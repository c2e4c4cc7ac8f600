"""`setup` turns spreadsheets into ones that guide the people who fill them, and leaves alone what is theirs."""

import shutil
from copy import copy
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook as Book, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from automation.reading.tabs import GUIDE, LISTS
from automation.sheets.local.reading import UNCALCULATED
from automation.sheets.looks.lists import FRESH, LIST_HEADINGS
from automation.sheets.prepare import INTAKE_COLUMNS
from automation.tables import intake
from automation.tables.kendali import CATEGORIES, HEADINGS, PLACES, RECIPIENTS
from tests.conftest import Say
from tests.google_city import City
from tests.local_city import GOOD_ROW, KELURAHAN, LocalCity
from tests.programs import Office
from tests.sheets_server.fixtures import Google
from tests.town import TUESDAY
from tests.xlsx_person import make_file

pytestmark = pytest.mark.sampled(tests=7)

HEADS = [str(column) for column in INTAKE_COLUMNS]
AT: dict[str, int] = {column: at for at, column in enumerate(INTAKE_COLUMNS)}


def people_s_own(book: Book) -> None:
    """A spreadsheet as people keep it: a title, a column of their own between ours, colours, notes, a list, a tab."""
    sheet: Any = book["Gondrong"]
    sheet.insert_rows(1)
    sheet.insert_cols(9)
    sheet["A1"] = "Laporan warga Gondrong"
    sheet["I2"] = "Catatan RW"
    sheet["F2"].fill = PatternFill("solid", fgColor="FF00FF00")
    sheet["F2"].comment = Comment("punya kami", "RW")
    sheet.column_dimensions["I"].width = 33
    for row in range(3, 6):
        for column, value in enumerate((None,) * 5 + (date(2026, 11, 20), "WA", f"Warga {row}", "rahasia RW"), start=1):
            sheet.cell(row, column, value).font = Font(color="FF112233", italic=True)
    choice = DataValidation("list", formula1='"Satu,Dua"')
    choice.add("I3:I99")
    sheet.add_data_validation(choice)
    book.create_sheet("Anggaran")["B7"] = "=1+1"


def seen(path: Path) -> dict[tuple[str, str], tuple[object, ...]]:
    """Every cell that holds something or looks like something, and how."""
    cells: dict[tuple[str, str], tuple[object, ...]] = {}
    for sheet in load_workbook(path):
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            look = (cell.value, copy(cell.font), copy(cell.fill), cell.comment.text if cell.comment else None)
            if cell.value is not None or cell.has_style:
                cells[sheet.title, cell.coordinate] = look
    return cells


@pytest.fixture
def city(tmp_path: Path) -> LocalCity:
    """A city before `setup` has seen its spreadsheet: it is people's own, and full."""
    return LocalCity.lay_out(tmp_path, {"Laporan": ("Gondrong",)}, begin)


def begin(city: LocalCity) -> None:
    city.make("Milik Orang", "Gondrong")
    city.edit("Milik Orang", people_s_own)


def test_every_cell_and_colour_that_people_made_is_as_before_and_the_second_time_nothing_changes(
    city: LocalCity,
) -> None:
    before = seen(city.path("Milik Orang"))
    city.list_sources("Laporan.xlsx", "Milik Orang.xlsx")
    assert city.run("setup") == 0
    after = seen(city.path("Milik Orang"))
    robots = set()
    for place, look in before.items():
        if look != after[place]:
            robots.add(place)
    # Headings of ours that were bare have their colours now; nothing else of theirs differs.
    assert all(before[place][0] in HEADS and after[place][0] == before[place][0] for place in robots)
    assert ("Gondrong", "F2") not in robots, "it has a colour and a note of theirs"
    sheet: Any = load_workbook(city.path("Milik Orang"))["Gondrong"]
    assert sheet.column_dimensions["I"].width == 33
    assert [one.formula1 for one in sheet.data_validations.dataValidation if "I3" in one.sqref] == ['"Satu,Dua"']
    assert not any("I" in str(rule.sqref) for rule in sheet.conditional_formatting if ":" in str(rule.sqref)[:3])
    files = city.files()
    assert city.run("setup") == 0
    assert city.files() == files


def test_setup_says_what_it_added_and_what_it_left_alone(city: LocalCity, say: Say) -> None:
    city.edit("Milik Orang", lambda book: book.create_sheet(GUIDE).append(["Cara kami"]))
    city.list_sources("Milik Orang.xlsx")
    say()
    assert city.run("setup") == 0
    said = say()
    assert "tampilannya dilengkapi" in said
    assert "tab Panduan sudah ada dan isinya milik orang" in said
    assert city.rows("Milik Orang", GUIDE) == [["Cara kami"]]


def lists(city: LocalCity) -> dict[str, list[Any]]:
    """What may be chosen in the spreadsheet Laporan."""
    head, *rows = city.rows("Laporan", LISTS)
    return {heading: [row[at] for row in rows if len(row) > at and row[at]] for at, heading in enumerate(head)}


def test_lists_follow_kendali_in_the_next_cycle_and_a_quiet_hour_costs_no_write(city: LocalCity) -> None:
    assert city.sync(TUESDAY).well
    coordinator = PLACES.headings.index("Koordinator")
    row = next(at for at, row in enumerate(city.rows("Kendali", PLACES)) if "Gondrong" in row)
    city.put("Kendali", PLACES, {(row, coordinator): "Bu Lurah"})
    city.edit("Kendali", lambda book: book[CATEGORIES].append(["Laut & Pesisir", None, None, None, "Tidak"]))
    person = ("Pak Camat", "camat@fraksi.example", "Camat", "Kelurahan Gondrong", "harian")
    city.edit("Kendali", lambda book: book[RECIPIENTS].append(person))
    assert city.sync(TUESDAY + timedelta(minutes=5)).well
    assert lists(city)["Daftar Penanggung Jawab"] == ["Bu Lurah", "Pak Camat"]
    assert lists(city)["Daftar Kategori"][-1] == "Laut & Pesisir"
    assert len(lists(city)["Daftar Kelurahan"]) == len(KELURAHAN)
    assert lists(city)[LIST_HEADINGS[-2]] == ["24/11/2026 09.05"]
    before = city.path("Laporan").read_bytes()
    assert city.sync(TUESDAY + timedelta(minutes=50)).well
    assert city.path("Laporan").read_bytes() == before
    assert city.sync(TUESDAY + timedelta(minutes=5) + FRESH).well
    assert lists(city)[LIST_HEADINGS[-2]] == ["24/11/2026 10.05"]
    city.put("Kendali", PLACES, {(row, coordinator): None})
    assert city.sync(TUESDAY + timedelta(minutes=70)).well
    assert lists(city)["Daftar Penanggung Jawab"] == ["Pak Camat"]


def test_a_list_that_somebody_spoiled_is_put_right_and_without_its_tab_a_cycle_makes_none(city: LocalCity) -> None:
    assert city.sync(TUESDAY).well
    city.put("Laporan", LISTS, {(1, 0): "Merpati Pos", (30, 2): "Nanti"})
    assert city.sync(TUESDAY).well
    assert lists(city)["Daftar Saluran"][0] == "Hotline" and "Nanti" not in lists(city)["Daftar Prioritas"]
    city.edit("Laporan", lambda book: book.remove(book[LISTS]))
    before = city.path("Laporan").read_bytes()
    assert city.sync(TUESDAY).well
    assert city.path("Laporan").read_bytes() == before


def test_on_google_lists_and_the_time_are_written_with_the_rest_in_one_request(google: Google, tmp_path: Path) -> None:
    city = City.prepared(google, tmp_path, "Benda")
    person = city.spreadsheets["Benda"]
    city.type("Benda", "Pajang", "yati", category="Jalan & Drainase")
    below = len(city.kendali.values(CATEGORIES))
    for heading, value in (("Kategori", "Laut & Pesisir"), ("Sensitif", "Tidak")):
        city.kendali.set(CATEGORIES, below, HEADINGS[CATEGORIES].index(heading), value)
    city.requests(person)
    assert city.run("sync") == 0
    assert city.requests(person) == {"files.get": 1, "get": 1, "batchUpdate": 1}
    assert any(row[1] == "Laut & Pesisir" for row in person.values(LISTS) if len(row) > 1)
    assert city.tickets("Benda", "Pajang")["yati"]
    assert city.run("sync") == 0
    assert city.requests(person) == {"files.get": 1, "get": 1}
    assert city.run("setup") == 0
    assert city.requests(person)["batchUpdate"] == 0, "setup after cycles changes nothing"


@pytest.mark.libreoffice
def test_in_libreoffice_the_status_line_counts_and_a_row_typed_there_gets_its_ticket(tmp_path: Path) -> None:
    city = LocalCity.lay_out(tmp_path, {})
    path = make_file(city.path("Kecamatan Cipondoh"), {"Daftar Hadir": [["Nama"]]})
    city.list_sources("Kecamatan Cipondoh.xlsx")
    assert city.run("setup") == 0
    typed = {**GOOD_ROW, intake.RECEIVED: "2026-11-02", intake.NAME: "Bu Siti"}
    complaints: list[dict[str, Any]] = [{}, {intake.CATEGORY: "Naga"}, {intake.NAME: "", intake.PHONE: "0812999900"}]
    steps: list[list[object]] = [
        ["type", "Gondrong", row, AT[column], text]
        for row, more in enumerate(complaints, start=3)
        for column, text in {**typed, **more}.items()
        if text
    ]
    office = Office(tmp_path)
    office.edit((path, steps))
    assert city.sync(TUESDAY).well
    rows = city.rows("Kecamatan Cipondoh", "Gondrong")
    assert str(rows[3][AT[intake.TICKET]]).startswith("RR-") and not rows[4][AT[intake.TICKET]]
    shutil.copy(office.convert(path, "xlsx"), path)
    (line,) = [cell for cell in city.rows("Kecamatan Cipondoh", "Gondrong")[0] if cell]
    assert line != UNCALCULATED.text
    assert line == (
        "Terakhir diperiksa program: 24/11/2026 09.00 · 1 laporan bertiket · 2 perlu diperbaiki atau dilengkapi · "
        "1 terlambat"
    )
    assert city.sync(TUESDAY).well
    before = path.read_bytes()
    assert city.sync(TUESDAY).well
    assert path.read_bytes() == before
