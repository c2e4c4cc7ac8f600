"""Kendali at the end of a cycle: it says what there is, only what changed is written, and people's part is theirs."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook

from automation.cases.events import JOURNAL, EventKind
from automation.model.cells import Area, Lock, letters
from automation.sheets.sources import Rehearsal
from automation.tables import intake
from automation.tables.kendali import (
    CATEGORIES,
    CHARTS,
    CHECK,
    HOLIDAYS,
    LISTS,
    PLACES,
    RECIPIENTS,
    REGISTER,
    REPAIRS,
    SETTINGS,
    SOURCES,
)
from tests.local_city import AMIR, SRI, TITLES, WAWAN, YATI, LocalCity
from tests.town import NOTE, TUESDAY

pytestmark = pytest.mark.sampled(tests=8)

PEOPLE = [YATI, {**AMIR, intake.PRIORITY: "Darurat"}, {**SRI, intake.STATUS: "Diverifikasi"}]
RATNA = ("Bu Ratna", "ratna@example.org", "Kota", "harian")
TICKETS = ["RR-260504-0001-3", "RR-260504-0002-1", "RR-260504-0003-7"]


@pytest.fixture
def city(tmp_path: Path) -> LocalCity:
    """Two spreadsheets; three cases in the first have been through a cycle."""
    return LocalCity.lay_out(tmp_path, {"Barat": ("Gondrong",), "Timur": ("Cimone",)}, begin)


def begin(city: LocalCity) -> None:
    city.take_in("Barat", "Gondrong", *PEOPLE)


def written(city: LocalCity, now: datetime = TUESDAY) -> dict[tuple[str, int, int], Any]:
    """The cells of Kendali that a cycle would write: tab, and 0-based row and column."""
    syncer = city.syncer()
    syncer.kendali = rehearsal = Rehearsal(syncer.kendali)
    syncer.sync(now)
    return {(cell.tab, cell.row, cell.column): cell.value for changes in rehearsal.planned for cell in changes.cells}


def test_a_quiet_cycle_writes_nothing_and_otherwise_only_the_cells_that_changed(city: LocalCity) -> None:
    before = city.files()
    city.sync(TUESDAY + timedelta(minutes=59))
    assert city.files() == before
    renewed = {(SOURCES, row, 2): "2026-11-24 10:00" for row in (1, 2)}
    assert written(city, TUESDAY + timedelta(hours=1)) == renewed, "the time of reading, after an hour"
    city.put("Barat", "Gondrong", {(2, city.rows("Barat", "Gondrong")[0].index("Status")): "Diverifikasi"})
    cells = {place: value for place, value in written(city).items() if place[0] == REGISTER}
    assert cells == {(REGISTER, 2, REGISTER.headings.index("Status")): "Diverifikasi"}


def _keep_a_category_private(city: LocalCity) -> None:
    names = [row[0] for row in city.rows("Kendali", CATEGORIES)]
    city.put("Kendali", CATEGORIES, {(names.index("Jalan & Drainase"), CATEGORIES.headings.index("Sensitif")): "Ya"})


def _somebody_is_told_of(city: LocalCity) -> None:
    city.put("Barat", "Gondrong", {(2, TITLES.index("Penanggung Jawab")): "Bu Ratna"})
    city.put("Kendali", RECIPIENTS, dict(zip([(1, 0), (1, 1), (1, 3), (1, 4)], RATNA, strict=True)))


def _somebody_mistypes_a_setting(city: LocalCity) -> None:
    names = [row[0] for row in city.rows("Kendali", SETTINGS)]
    city.put("Kendali", SETTINGS, {(names.index("Jam Kabar Harian"), 1): "besok pagi"})


@pytest.mark.parametrize(
    ("happens", "days"),
    [
        (lambda city: city.put("Kendali", REGISTER, {(2, REGISTER.headings.index("Ringkasan")): "lain"}), 0),
        (lambda city: city.edit("Barat", lambda book: book["Gondrong"].insert_rows(3)), 0),
        (lambda city: city.put("Barat", "Gondrong", {(2, TITLES.index("Status")): "Selesai"}), 0),
        (_keep_a_category_private, 0),
        (_somebody_is_told_of, 0),
        (_somebody_mistypes_a_setting, 0),
        (lambda city: None, 40),
    ],
    ids=["a hand in Rekap", "rows move", "a status", "a rule", "a name", "a slip", "days"],
)
def test_a_robot_that_stays_says_what_one_that_has_just_begun_would(city: LocalCity, happens: Any, days: int) -> None:
    robot = city.syncer()
    robot.sync(TUESDAY)
    happens(city)
    now = TUESDAY + timedelta(days=days)
    assert written(city, now), "there is something to say"
    robot.sync(now)
    assert not written(city, now)


def test_a_robot_that_stays_reads_the_settings_anew_only_if_what_they_depend_on_has_changed(city: LocalCity) -> None:
    robot = city.syncer()
    city.put("Kendali", REGISTER, {(60, 0): "RR-260504-0008-1"})
    seen = robot.kendali.read()
    settings = robot.settings(seen)
    city.put("Kendali", REGISTER, {(61, 0): "RR-260504-0009-9"})
    assert robot.settings(robot.kendali.read()) is settings
    assert city.rows("Kendali", SOURCES)[1][3:] == [3, "Baik"]
    city.put("Kendali", SOURCES, {(1, 3): 900, (1, 4): "lain"})
    assert robot.settings(robot.kendali.read()) is settings, "what cycles write into Sumber decides nothing"
    (rekap,) = (tab for tab in seen.tabs if tab.title == REGISTER)
    locked = replace(rekap, locks=(Lock(Area(top=len(rekap.rows))),))
    shut = robot.settings(replace(seen, tabs=tuple(locked if tab is rekap else tab for tab in seen.tabs)))
    assert [(one.code, one.particulars["tab"]) for one in shut.problems] == [("kendali.terkunci", REGISTER)]
    taller = replace(locked, rows=(*locked.rows, ("RR-260504-0009-9",)))
    longer = robot.settings(replace(seen, tabs=tuple(taller if tab is rekap else tab for tab in seen.tabs)))
    assert longer is not shut, "whether a lock matters depends on where the rows end"
    assert not robot.settings(seen).problems


def test_a_sorted_register_stays_sorted_and_notes_stay_beside_their_case(city: LocalCity) -> None:
    titles, *rows = city.rows("Kendali", REGISTER)
    noted = [[*row[: len(REGISTER.headings)], f"catatan {row[0]}"] for row in rows[::-1]]
    cells = {(0, len(REGISTER.headings)): "Catatan Fraksi"}
    cells |= {(r, c): value for r, row in enumerate(noted, start=1) for c, value in enumerate(row)}
    city.put("Kendali", REGISTER, cells)
    assert not written(city)
    city.take_in("Barat", "Gondrong", WAWAN)
    rows = city.rows("Kendali", REGISTER)[1:]
    assert [row[0] for row in rows] == [*reversed(TICKETS), "RR-260504-0004-5"]
    assert [row[len(titles)] for row in rows[:3]] == [f"catatan {row[0]}" for row in rows[:3]]


def test_rows_that_people_put_into_the_register_are_overwritten_or_cleared(city: LocalCity) -> None:
    second = city.rows("Kendali", REGISTER)[2]
    city.put_rows("Kendali", REGISTER, [second], at=3)  # a copy over the third
    city.put("Kendali", REGISTER, {(6, 0): "RR-1", (6, 3): "x"})
    city.sync()
    assert [row[0] for row in city.rows("Kendali", REGISTER)[1:]] == TICKETS
    assert not written(city)
    city.edit("Kendali", lambda book: book[REGISTER].delete_rows(1))  # without headings it is begun again
    city.sync()
    rows = city.rows("Kendali", REGISTER)
    assert tuple(rows[0]) == REGISTER.headings
    assert sorted(row[0] for row in rows[1:]) == TICKETS
    assert not written(city)


def test_columns_of_the_register_are_found_wherever_they_were_moved(city: LocalCity) -> None:
    rows = [[None, None, *row] for row in city.rows("Kendali", REGISTER)]
    rows[0][0], rows[1][0], rows[2][1] = "Prioritas Fraksi", "penting", "tanpa judul"
    with city.editing("Kendali") as book:
        book.remove(book[REGISTER])
        for row in rows:
            (book[REGISTER] if REGISTER in book.sheetnames else book.create_sheet(REGISTER)).append(row)
    assert not written(city)
    city.take_in("Barat", "Gondrong", WAWAN)
    rows = city.rows("Kendali", REGISTER)
    assert rows[1][0] == "penting" and rows[2][1] == "tanpa judul"
    assert [row[2] for row in rows[1:]] == [*TICKETS, "RR-260504-0004-5"]


def test_a_heading_of_the_register_that_is_gone_is_added_right_of_what_people_wrote(city: LocalCity) -> None:
    width = len(REGISTER.headings)
    city.put("Kendali", REGISTER, {(0, 9): None, (2, width): "tanpa judul"})
    city.sync()
    rows = city.rows("Kendali", REGISTER)
    assert rows[0][width + 1] == "Ringkasan" and rows[1][width + 1].startswith("Got mampet")
    assert rows[2][width] == "tanpa judul" and rows[1][9].startswith("Got mampet")
    assert not written(city)


def test_the_charts_numbers_are_written_with_the_register_and_only_those_that_changed(city: LocalCity) -> None:
    cells = [value for row in city.rows("Kendali", CHARTS) for value in row if value is not None]
    assert "Per 24/11/2026: 3 laporan masih terbuka, 0 di antaranya terlambat." in cells
    tables = [row[10:13] for row in city.rows("Kendali", CHARTS)]
    assert tables[tables.index(["Kecamatan", "Terbuka", "Terlambat"]) + 1 :][:3] == [
        ["Cipondoh", 3, 0],
        ["Karawaci", 0, 0],
        [None, None, None],
    ]
    column = city.rows("Barat", "Gondrong")[0].index("Status")
    city.put("Barat", "Gondrong", {(1, column): "Selesai"})
    changed = {place: value for place, value in written(city).items() if place[0] == CHARTS}
    assert sorted(map(str, changed.values())) == [
        "1",
        "1",
        "2",
        "2",
        "Per 24/11/2026: 2 laporan masih terbuka, 0 di antaranya terlambat.",
    ]


def test_the_lists_follow_the_places_of_the_city(city: LocalCity) -> None:
    before = [scope for scope in city.column("Kendali", LISTS, "Cakupan") if scope]
    places = city.column("Kendali", PLACES, "Kelurahan")
    city.put("Kendali", PLACES, {(1 + places.index("Cimone"), column): None for column in range(6)})
    city.sync()
    after = [scope for scope in city.column("Kendali", LISTS, "Cakupan") if scope]
    assert set(before) - set(after) == {"Kelurahan Cimone", "Kecamatan Karawaci", "Dapil 1"}
    assert not written(city)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("tab", [CHARTS, LISTS])
def test_a_kendali_does_without_charts_and_lists_until_setup_is_run_again(city: LocalCity, tab: str) -> None:
    city.edit("Kendali", lambda book: book.remove(book[tab]))
    city.sync(TUESDAY + timedelta(hours=2))
    assert tab not in load_workbook(city.path("Kendali")).sheetnames
    assert city.run("setup") == 0
    city.sync(TUESDAY + timedelta(hours=3))
    assert city.rows("Kendali", tab) and not written(city, TUESDAY + timedelta(hours=3))


def test_a_tab_of_somebodys_own_under_the_title_of_one_of_ours_is_left_alone(city: LocalCity) -> None:
    notes = [["Catatan rapat", None], [None, "jangan lupa"]]
    with city.editing("Kendali") as book:
        for title in (CHARTS, LISTS):
            book.remove(book[title])
            for row in notes:
                (book[title] if title in book.sheetnames else book.create_sheet(title)).append(row)
    city.take_in("Barat", "Gondrong", WAWAN)
    assert city.rows("Kendali", CHARTS) == city.rows("Kendali", LISTS) == notes


def test_numbers_to_count_with_are_added_at_the_right_of_an_older_register(city: LocalCity) -> None:
    added = ("Minggu Masuk", "Bulan Masuk", "Umur", "Hari Terlambat", "Tepat Waktu")
    first = len(REGISTER.headings) - len(added)
    with city.editing("Kendali") as book:
        book[REGISTER].delete_cols(first + 1, len(added))
        for row in range(1, 5):
            book[REGISTER].cell(row, first + 1, "Catatan Fraksi" if row == 1 else f"catatan {row}")
    city.sync()
    titles, *rows = city.rows("Kendali", REGISTER)
    assert titles[first:] == ["Catatan Fraksi", *added]
    assert [row[first] for row in rows] == ["catatan 2", "catatan 3", "catatan 4"]
    assert rows[0][first + 1 :] == [datetime(2026, 11, 23), "2026-11", 1, 0, None]
    assert not written(city)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("tab", [REGISTER, REPAIRS, JOURNAL])
def test_a_tab_of_the_robot_that_was_deleted_is_made_anew(city: LocalCity, tab: str) -> None:
    before = city.rows("Kendali", tab)
    city.edit("Kendali", lambda book: book.remove(book[tab]))
    city.sync()
    # Lanes of numbers that nobody has used yet are given when they are needed.
    assert city.rows("Kendali", tab) == [row for row in before if tab != JOURNAL or row[4] != "Lajur Nomor"]
    assert not written(city)


def test_what_is_left_of_a_cleared_row_of_sumber_is_cleared(city: LocalCity) -> None:
    city.put("Kendali", SOURCES, {(2, 0): None, (2, 1): None})
    city.sync()
    assert len(city.rows("Kendali", SOURCES)) == 2


def test_what_people_wrote_is_masked_and_cut_in_the_register(city: LocalCity) -> None:
    long = "Bu Ani 081234567890 " + "dinas terkait " * 2000
    city.take_in(
        "Barat",
        "Gondrong",
        {
            NOTE: "panjang",
            intake.NAME: "Pak Panjang",
            intake.ASSIGNEE: long,
            intake.TOLD: "sudah, NIK 3671050101800001",
            intake.DESCRIPTION: "lampu mati, hubungi 081234567890 atau ani@example.org " + "sekali lagi " * 2000,
        },
    )
    case = city.register()["RR-260504-0004-5"]
    assert "081234567890" not in str(case) and "3671050101800001" not in str(case) and "ani@" not in str(case)
    assert max(len(str(value)) for value in case.values()) <= 140
    assert not written(city)


def test_columns_that_hold_sentences_are_wide_and_those_of_dates_are_not(city: LocalCity) -> None:
    columns = load_workbook(city.path("Kendali"))[REGISTER].column_dimensions
    summary, due = (columns[letters(REGISTER.headings.index(heading))].width for heading in ("Ringkasan", "Tenggat"))
    assert summary > 2 * due


def test_what_failed_is_said_and_what_was_known_before_stays(city: LocalCity) -> None:
    city.type("Barat", "Gondrong", {NOTE: "dedi", intake.NAME: "Dedi", intake.PHONE: "12"})
    city.take_in("Timur", "Cimone", {NOTE: "euis", intake.NAME: "Euis", intake.PHONE: "13"})
    waiting = city.rows("Kendali", REPAIRS)[1:]
    assert [row[5] for row in waiting] == ["Barat.xlsx", "Timur.xlsx"]
    links = {ticket: row["Tautan"] for ticket, row in city.register().items()}
    city.path("Barat").write_bytes(b"rusak")
    report = city.sync(TUESDAY + timedelta(hours=3))
    assert [failure.source.name for failure in report.failures] == ["Barat"]
    (name, _, read_at, rows, state), (_, _, other_read_at, _, other_state) = city.rows("Kendali", SOURCES)[1:3]
    assert (name, read_at, rows) == ("Barat", "2026-11-24 09:00", 4) and "Barat.xlsx" in state
    assert (other_read_at, other_state) == ("2026-11-24 12:00", "Baik")
    assert city.rows("Kendali", REPAIRS)[1:] == waiting
    assert {ticket: row["Tautan"] for ticket, row in city.register().items()} == links
    # A row of the kept ones that moves up is a link still.
    city.put("Timur", "Cimone", {(1, TITLES.index(intake.PHONE)): "081200001099"})
    city.sync(TUESDAY + timedelta(hours=4))
    assert city.rows("Kendali", REPAIRS)[1:] == waiting[:1]


def test_a_row_whose_priority_is_not_understood_has_its_ticket_and_the_question_stands_there_and_in_kendali(
    city: LocalCity,
) -> None:
    city.take_in("Barat", "Gondrong", {**WAWAN, intake.PRIORITY: "gawat"})
    titles, *rows = city.rows("Kendali", REGISTER)
    assert rows[-1][titles.index("Prioritas")] == "Biasa" and len(rows) == len(TICKETS) + 1
    (waiting,) = city.rows("Kendali", REPAIRS)[1:]
    assert any("Perlu diperbaiki – Prioritas: isinya belum dikenal, sementara" in str(cell) for cell in waiting)


def test_no_row_waits_in_a_spreadsheet_that_is_listed_no_more_while_another_one_fails(city: LocalCity) -> None:
    city.take_in("Barat", "Gondrong", {**AMIR, intake.PHONE: "12"})
    assert len(city.rows("Kendali", REPAIRS)) == 2
    city.list_sources("Timur.xlsx")
    city.path("Timur").write_bytes(b"broken")
    city.sync()
    assert len(city.rows("Kendali", REPAIRS)) == 1


@pytest.mark.long
def test_many_troubles_fit_a_cell_and_the_rest_is_counted(city: LocalCity) -> None:
    tabs = [f"Kelurahan {{nomor}} {number:03}" for number in range(150)]
    city.make("Utara", *tabs)
    with city.editing("Utara") as book:
        for sheet in book.worksheets:
            for column in range(6, 12):
                sheet.cell(1, column).value = None
    city.list_sources("Barat.xlsx", "Utara.xlsx")
    city.sync()
    state = city.state(2)
    assert len(state) < 4000 and state.endswith("hal lagi.") and "Kelurahan {nomor} 000" in state
    before = city.path("Kendali").read_bytes()
    city.sync()
    assert city.path("Kendali").read_bytes() == before


def test_a_changed_setting_is_told_in_the_journal_once_and_without_addresses(city: LocalCity) -> None:
    city.setting("Target Hari Kerja", 8)
    city.setting("Balas Ke", "sekretariat@fraksi.example")
    for minutes in (5, 10):
        city.sync(TUESDAY + timedelta(minutes=minutes))
    told = [row for row in city.rows("Kendali", JOURNAL) if row[4] == EventKind.SETTING]
    assert [row[0] for row in told] == [SETTINGS] * 2 and all("2026-11-24T09:05" in str(row[2]) for row in told)
    words = str([row[5] for row in told])
    assert '"nama":"Target Hari Kerja","dari":"6","ke":"8"' in words and "sekretariat" not in words
    city.setting("Target Hari Kerja", "besok")  # the last good value serves: nothing has changed
    city.sync(TUESDAY + timedelta(minutes=15))
    city.edit("Kendali", lambda book: book.remove(book[SETTINGS]))
    city.sync(TUESDAY + timedelta(minutes=20))
    assert [row for row in city.rows("Kendali", JOURNAL) if row[4] == EventKind.SETTING] == told


def test_what_is_wrong_with_a_row_of_kendali_stands_beside_it_also_if_people_sort_meanwhile(city: LocalCity) -> None:
    at = HOLIDAYS.headings.index(CHECK)

    def beside() -> dict[str, str]:
        return {str(row[1]): str(row[at] or "") for row in city.rows("Kendali", HOLIDAYS)[1:]}

    rows = [["24/11/2027", "Pilkada", "Libur"], ["31/31/2027", "Entah", "Libur"], ["25/12/2027", "Natal", "Cuti"]]
    city.put_rows("Kendali", HOLIDAYS, rows)
    city.sync(between={"Kendali": lambda: city.put_rows("Kendali", HOLIDAYS, rows[::-1])})
    found = beside()
    assert not found["Pilkada"] and "Libur!A3" in found["Entah"] and "Libur!C2" in found["Natal"]
    city.sync()
    assert not written(city)
    city.put("Kendali", HOLIDAYS, {(1, 2): "Masuk", (2, 0): None, (2, 1): None, (2, 2): None})
    city.sync()
    assert not any(row[at] for row in city.rows("Kendali", HOLIDAYS)[1:]), "nor beside a row that is no more"
    city.put("Kendali", HOLIDAYS, {(0, at): "Punya orang", (1, 2): "Cuti"})
    assert HOLIDAYS not in {tab for tab, *_ in written(city)}, "a city in which there is no room for it goes on without"


def test_a_waiting_row_is_not_quoted_and_its_example_stays_readable(tmp_path: Path) -> None:
    city = LocalCity.lay_out(tmp_path, {"Laporan": ("Gondrong",)})
    city.type("Laporan", "Gondrong", {NOTE: "x", intake.CATEGORY: "hub 0812 3333 4444", intake.PHONE: "12"})
    assert city.run("sync") == 0
    (row,) = city.rows("Kendali", REPAIRS)[1:]
    check = str(row[3])
    assert "3333" not in check
    assert "0812-3456-7890" in check
