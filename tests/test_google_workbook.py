"""What the Google adapter does over the wire: how much it asks, what it sends, and how its fence holds."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from automation.model.cells import Area, Link, Lock
from automation.sheets.google.client import GoogleWorkbook, connect
from automation.sheets.google.commit import commit_of
from automation.sheets.google.snapshot import Revision, tabs_of
from automation.sheets.port import CellWrite, Changes, NewTab, Snapshot, Tab
from automation.trouble import Outrun, WorkbookError
from tests.sheets_server.batch import HANDLERS
from tests.sheets_server.fixtures import ROBOT, Google
from tests.sheets_server.model import Book
from tests.sheets_server.people import Person, Typed

ROWS: list[list[Typed]] = [["No. Tiket", "Nama"], [None, "Ani"], [None, "Budi"]]
JOURNAL: list[list[Typed]] = [["Urutan", "Rincian"], [1, "satu"]]


@pytest.fixture
def person(google: Google) -> Person:
    return google.spreadsheet("Kecamatan Cipondoh", {"Gondrong": ROWS, "Petir": ROWS, "Riwayat": JOURNAL})


@pytest.fixture
def workbook(google: Google, person: Person) -> GoogleWorkbook:
    return connect(google.key).open(person.book.id)


def cell(seen: Snapshot, row: int, column: int, value: str | date | float | None, title: str = "Gondrong") -> CellWrite:
    tab = seen.tab(title)
    assert tab is not None
    return CellWrite(tab.key, row, column, value)


def event(number: int) -> Changes:
    return Changes(appends={"Riwayat": [[number, "x"]]})


def numbers(person: Person) -> list[int]:
    """The numbers of the fences that stand."""
    counted = (id.removeprefix("robot_") for id in person.book.named)
    return [int(number) for number in counted if number.isdigit() and int(number)]


def test_a_cycle_without_changes_is_one_read_and_one_with_tabs_events_and_cells_one_write(
    google: Google, workbook: GoogleWorkbook
) -> None:
    workbook.read()
    google.server.requests.clear()
    seen = workbook.read()
    assert workbook.commit(Changes(), seen) == seen
    assert [request.kind for request in google.server.requests] == ["get"]
    cells = [cell(seen, row, 0, f"RR-{row}", title) for row in (1, 2) for title in ("Gondrong", "Petir")]
    workbook.commit(Changes((NewTab("Baru", ("a",)),), {"Riwayat": [[2, "dua"]]}, cells), seen)
    assert [request.kind for request in google.server.requests] == ["get", "batchUpdate"]


def test_the_first_reading_asks_drive_once_and_logs_in_once(google: Google, person: Person) -> None:
    other = google.spreadsheet("Kecamatan Pinang", {"Pakojan": ROWS})
    client = connect(google.key)
    for id in (person.book.id, other.book.id, person.book.id):
        client.open(id).read()
    assert google.server.count("token") == 1
    assert google.server.count("files.get") == 2
    assert google.server.count("get") == 3


def test_drive_is_not_asked_again_about_what_its_folder_told_but_about_what_may_not_be_written(google: Google) -> None:
    folder = google.server.folder("Pengaduan", readers=[ROBOT])
    google.spreadsheet("Kecamatan Benda", {"A": ROWS}, folder=folder)
    google.spreadsheet("Kecamatan Pinang", {"A": ROWS}, folder=folder, writers=[], readers=[ROBOT])
    client = connect(google.key)
    mine, other = (client.open(id) for id, _ in client.folder(folder))
    assert mine.read().name == "Kecamatan Benda"
    assert google.server.count("files.get") == 0
    with pytest.raises(WorkbookError) as refused:
        other.read()
    assert refused.value.code == "google.hanya-baca"
    assert google.server.count("files.get") == 1


def test_only_tabs_whose_cells_were_written_come_back(google: Google, workbook: GoogleWorkbook, person: Person) -> None:
    for row in range(3, 300):
        person.set("Petir", row, 1, "panjang " * 20)
    seen = workbook.read()
    workbook.commit(Changes(cells=[cell(seen, 1, 0, "RR-1")]), seen)
    read, written = (google.server.requests[-2].received, google.server.requests[-1].received)
    assert written < read / 20


def test_a_thousand_rows_of_robot_cells_travel_in_a_handful_of_requests() -> None:
    tab = Tab("0", "Gondrong", [])
    seen = Snapshot("x", (tab,), Revision((), {"0": (2000, 26)}, frozenset({0})))
    cells = [CellWrite("0", row, column, "teks") for row in range(1, 1001) for column in (0, 12, 14)]
    cells += [CellWrite("0", row, 13, date(2026, 1, 2)) for row in range(1, 1001)]
    commit = commit_of(Changes(cells=cells), seen, "")
    assert sum("updateCells" in request for request in commit.requests) == 4


def test_new_renamed_and_moved_tabs_are_seen_and_a_chart_is_passed_over(
    workbook: GoogleWorkbook, person: Person
) -> None:
    before = workbook.read()
    address = workbook.link(before.tabs[1], 11)
    assert address == f"https://docs.google.com/spreadsheets/d/{person.book.id}/edit#gid=1&range=A12"
    person.rename_tab("Gondrong", "Gondrong Baru")
    person.add_tab("Grafik", (), kind="OBJECT")
    person.add_tab("Kenanga", [["a"]])
    person.move_tab("Kenanga", 0)
    person.formula("Gondrong Baru", 1, 0, "=1+1", 2)
    after = workbook.read()
    assert [tab.title for tab in after.tabs] == ["Kenanga", "Gondrong Baru", "Petir", "Riwayat"]
    assert after.tabs[1].key == before.tabs[0].key and after.tabs[1].rows[1][0] == 2, "a formula as its result"


def test_dates_are_formatted_a_bare_link_is_text_and_other_cells_keep_the_format_they_had(
    workbook: GoogleWorkbook, person: Person
) -> None:
    person.set("Gondrong", 1, 0, date(2026, 1, 1))
    seen = workbook.read()
    link = CellWrite(cell(seen, 2, 0, None).tab, 2, 0, Link("https://example.org/"))
    workbook.commit(Changes(cells=[cell(seen, 1, 0, None), cell(seen, 1, 2, date(2026, 1, 2)), link]), seen)
    sheet = person.sheet("Gondrong")
    assert sheet.cell(1, 0).value is None
    assert sheet.cell(1, 0).format["numberFormat"]["type"] == "DATE"
    assert sheet.cell(1, 2).format["numberFormat"] == {"type": "DATE", "pattern": "dd/mm/yyyy"}
    assert sheet.cell(1, 1).format == {}
    assert person.values("Gondrong")[2][0] == "https://example.org/"


def test_a_link_with_a_label_touches_no_other_format_and_moves_with_its_row(
    workbook: GoogleWorkbook, person: Person
) -> None:
    look = {"backgroundColor": {"red": 1}, "textFormat": {"bold": True, "fontSize": 9}}
    sheet = person.sheet("Gondrong")
    sheet.put(1, 0, replace(sheet.cell(1, 0), format=look))
    seen = workbook.read()
    link = Link("WhatsApp", "https://wa.me/6281200001021?text=RR-1")
    workbook.commit(Changes(cells=[cell(seen, 1, 0, link)]), seen)
    format = person.sheet("Gondrong").cell(1, 0).format
    assert format["backgroundColor"] == {"red": 1} and format["textFormat"]["bold"]
    assert format["textFormat"]["link"] == {"uri": link.address}
    person.insert_row("Gondrong", 1)
    seen = workbook.read()
    moved = seen.tabs[0].rows[2][0]
    assert isinstance(moved, Link) and moved.address == link.address
    workbook.commit(Changes(cells=[cell(seen, 2, 0, None)]), seen)
    format = person.sheet("Gondrong").cell(2, 0).format
    assert "link" not in format["textFormat"] and format["textFormat"]["bold"] and format["backgroundColor"]


def test_a_protected_tab_can_be_written_by_whoever_logged_in(google: Google, person: Person) -> None:
    person_key = google.server.accounts.user("operator@example.org")
    google.server.drive.files[person.book.id].writers.add("operator@example.org")
    workbook = connect(person_key).open(person.book.id)
    seen = workbook.commit(Changes((NewTab("Arsip", ("a",), protected=True),)), workbook.read())
    workbook.commit(Changes(appends={"Arsip": [["b"]]}), seen)
    assert [area["editors"]["users"] for area in person.book.protected.values()] == [["operator@example.org"]]
    assert person.values("Arsip") == [["a"], ["b"]]


def test_only_our_own_fences_are_taken_down(workbook: GoogleWorkbook, person: Person) -> None:
    whole = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1}
    person.book.named["abc"] = {"namedRangeId": "abc", "name": "robot_milik_kami", "range": whole}
    seen = workbook.commit(event(2), workbook.read())
    (first,) = numbers(person)
    for number in (3, 4):
        seen = workbook.commit(event(number), seen)
    assert numbers(person) == [first + 2]
    assert {"robot_0", "robot_milik_kami"} < {named["name"] for named in person.book.named.values()}


def test_after_somebody_tidied_up_a_robot_that_saw_the_old_number_is_outrun(google: Google, person: Person) -> None:
    slow, fast = (connect(google.key).open(person.book.id) for _ in range(2))
    fast.commit(Changes(cells=[cell(fast.read(), 1, 0, "RR-1")]), fast.read())
    seen = slow.read()
    person.book.named = {"robot_0": person.book.named["robot_0"]}
    fast.commit(Changes(cells=[cell(fast.read(), 2, 0, "RR-2")]), fast.read())
    with pytest.raises(Outrun):
        slow.commit(Changes(cells=[cell(seen, 2, 0, "RR-2")]), seen)


def test_a_robot_that_saw_no_fence_is_outrun_by_two_commits_or_a_new_tab_of_another(
    google: Google, person: Person
) -> None:
    slow, fast = (connect(google.key).open(person.book.id) for _ in range(2))
    new = Changes((NewTab("Arsip", ("a",)),))
    seen = slow.read()
    after = fast.commit(event(3), fast.commit(event(2), fast.read()))
    with pytest.raises(Outrun):
        slow.commit(event(2), seen)
    seen = slow.read()
    fast.commit(new, after)
    with pytest.raises(Outrun):
        slow.commit(new, seen)
    assert [sheet.title for sheet in person.book.sheets].count("Arsip") == 1


def test_the_fence_holds_even_if_taking_down_a_missing_one_were_no_error(
    google: Google, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lenient(book: Book, body: Mapping[str, Any]) -> None:
        book.named.pop(body["namedRangeId"], None)

    monkeypatch.setitem(HANDLERS, "deleteNamedRange", lenient)
    slow, fast = (connect(google.key).open(person.book.id) for _ in range(2))
    fast.commit(event(2), fast.read())
    seen = slow.read()
    fast.commit(event(4), fast.commit(event(3), fast.read()))
    with pytest.raises(Outrun):
        slow.commit(event(3), seen)


def test_work_goes_on_after_somebody_deleted_the_tab_with_the_fence(workbook: GoogleWorkbook, person: Person) -> None:
    workbook.commit(event(2), workbook.read())
    person.delete_tab("Riwayat")
    seen = workbook.read()
    assert person.book.named == {}
    after = workbook.commit(Changes((NewTab("Riwayat", ("Urutan", "Rincian")),), {"Riwayat": [[1, "x"]]}), seen)
    assert workbook.commit(event(2), after).tab("Riwayat") == workbook.read().tab("Riwayat")


@pytest.mark.parametrize("act", ["delete", "rename", "shrink"])
def test_a_tab_that_people_took_away_or_cut_short_in_between_writes_nothing(
    google: Google, workbook: GoogleWorkbook, person: Person, act: str
) -> None:
    seen = workbook.read()
    acts = {
        "delete": lambda: person.delete_tab("Gondrong"),
        "rename": lambda: person.rename_tab("Gondrong", "Lain"),
        "shrink": lambda: person.delete_row("Gondrong", 10, 900),
    }
    google.server.before("batchUpdate", acts[act])
    row = 950 if act == "shrink" else 1
    with pytest.raises(Outrun):
        workbook.commit(Changes(appends={"Riwayat": [[2, "x"]]}, cells=[cell(seen, row, 0, "RR-1")]), seen)
    assert person.values("Riwayat") == JOURNAL
    assert person.values("Petir") == ROWS


def test_a_wide_row_appended_twice_widens_the_tab_once(workbook: GoogleWorkbook, person: Person) -> None:
    seen = workbook.read()
    for _ in range(2):
        seen = workbook.commit(Changes(appends={"Riwayat": [["x"] * 40]}), seen)
    assert person.sheet("Riwayat").column_count == 40
    assert len(workbook.read().tabs[2].rows) == 4


def test_cells_scattered_over_a_tab_each_land_in_their_place(workbook: GoogleWorkbook, person: Person) -> None:
    seen = workbook.read()
    places = [(1, 5), (3, 5), (4, 5), (4, 6), (7, 6), (8, 5), (8, 6), (8, 8), (20, 6)]
    cells = [cell(seen, row, column, f"{row}/{column}") for row, column in reversed(places)]
    cells += [cell(seen, 3, 6, date(2026, 1, 2)), cell(seen, 5, 6, date(2026, 1, 2))]
    rows = workbook.commit(Changes(cells=cells), seen).tabs[0].rows
    for row, column in places:
        assert rows[row][column] == f"{row}/{column}"
    filled = sum(1 for row in rows[1:] for value in row[2:] if value is not None)
    assert (rows[3][6], rows[5][6], filled) == (46024, 46024, len(cells))


@pytest.mark.parametrize("title", ["Kelurahan 'Baru'", "A1", "robot_0", "Poris!Plawad", "R1C1", "東 🙏"])
def test_a_tab_is_found_again_whatever_it_is_called(google: Google, title: str) -> None:
    person = google.spreadsheet("Buku", {"A": [["a"]], title: [["b"]]})
    workbook = connect(google.key).open(person.book.id)
    seen = workbook.commit(Changes(cells=[cell(workbook.read(), 0, 1, "x", title)]), workbook.read())
    assert workbook.commit(Changes(cells=[cell(seen, 1, 1, "y", title)]), seen) == workbook.read()
    assert person.values(title) == [["b", "x"], [None, "y"]]


def test_rows_that_are_locked_one_by_one_make_one_lock() -> None:
    """A script locks each row that is done: a cycle would ask thousands of locks about each cell that it writes."""
    rows = [{"range": {"startRowIndex": row, "endRowIndex": row + 1, "endColumnIndex": 9}} for row in range(0, 99, 2)]
    whole = {"range": {"startColumnIndex": 7, "endColumnIndex": 8}, "unprotectedRanges": [{"endRowIndex": 3}]}
    ours = {"range": {"startRowIndex": 1}, "requestingUserCanEdit": True}
    (tab,) = tabs_of({"sheets": [{"properties": {"title": "Gondrong"}, "protectedRanges": [*rows, whole, ours]}]})
    assert tab.locks == (
        Lock(Area(left=7, right=8), (Area(bottom=3),)),
        Lock(Area(right=9), rows=frozenset(range(0, 99, 2))),
    )
    assert [tab.refuses(*cell) for cell in ((98, 8), (97, 8), (98, 9), (97, 7))] == [True, False, False, True]


def test_cells_merged_in_each_row_make_one_lock() -> None:
    """Each lock is looked at for every row."""
    sides = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")
    areas = [*((row, row + 1, 5, 8) for row in range(300)), (300, 302, 0, 2)]
    merges = [dict(zip(sides, area, strict=True)) for area in areas]
    (tab,) = tabs_of({"sheets": [{"properties": {"title": "Gondrong"}, "merges": merges}]})
    assert tab.locks[0] == Lock(Area(left=6, right=8), rows=frozenset(range(300)))
    assert len(tab.locks) == 3, "one for all rows that hide the same columns"
    assert [(row, column) for row in (300, 301) for column in (0, 1, 2) if tab.refuses(row, column)] == [
        (300, 1),
        (301, 0),
        (301, 1),
    ]


def test_rows_are_appended_below_a_formula_that_shows_nothing(person: Person, workbook: GoogleWorkbook) -> None:
    person.formula("Gondrong", 3, 0, '=IF(FALSE,"x","")', "")
    after = workbook.commit(Changes(appends={"Gondrong": [["RR-1", "Sri"]]}), workbook.read())
    assert after.rows("Gondrong")[3:] == workbook.read().rows("Gondrong")[3:] == [[""], ["RR-1", "Sri"]]
