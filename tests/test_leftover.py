"""The empty tab with which a new spreadsheet began goes by `setup`; a tab in which anything is stays, and nothing is
sent or written for it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from automation.cases.events import JOURNAL
from automation.sheets.google.client import GoogleWorkbook, connect
from automation.sheets.local.workbook import XlsxWorkbook
from automation.sheets.port import Changes, Snapshot
from automation.trouble import Outrun
from tests.conftest import Say
from tests.google_city import City
from tests.local_city import LocalCity
from tests.programs import Office
from tests.sheets_server.fixtures import Google
from tests.sheets_server.people import Person, Typed
from tests.xlsx_parts import WORKBOOK, parts
from tests.xlsx_person import editing, make_file, opened

pytestmark = pytest.mark.sampled(3, tests=3)

ROWS: list[list[Typed]] = [["No. Tiket", "Nama"], [None, "Ani"]]
FIRST = "Sheet1"


def take_away(workbook: GoogleWorkbook | XlsxWorkbook) -> Snapshot:
    seen = workbook.read()
    tab = seen.tab(FIRST)
    assert tab is not None and not tab.width
    return workbook.commit(Changes(removed=tab.key), seen)


# By setup, on both kinds


def test_setup_takes_it_away_says_so_and_is_done(tmp_path: Path, google: Google, say: Say) -> None:
    local = LocalCity.lay_out(tmp_path / "lokal", {"Barat": ("Gondrong",)})
    with local.editing("Barat") as book:
        book.create_sheet(FIRST, 0)
    assert local.run("setup") == 0
    assert "Barat: tab Sheet1 yang kosong dihapus." in say()
    before = local.files()
    assert local.run("setup") == 0 and local.files() == before
    (tmp_path / "jauh").mkdir()
    city = City.prepared(google, tmp_path / "jauh", "Cipondoh")
    assert [sheet.title for sheet in city.spreadsheets["Cipondoh"].book.sheets if sheet.title == FIRST] == []
    google.server.requests.clear()
    assert city.run("setup") == 0 and google.server.count("batchUpdate") == 0


def test_of_a_cadangan_the_only_tab_that_people_see_stays(google: Google, tmp_path: Path) -> None:
    city = City(google, tmp_path, "Cipondoh")
    backup = google.spreadsheet("Cadangan", {})
    city.enter(cadangan=f"https://docs.google.com/spreadsheets/d/{backup.book.id}/edit")
    city.run("setup")
    assert city.run("setup") == 0
    assert [sheet.title for sheet in backup.book.sheets if not sheet.properties.get("hidden")] == [FIRST]
    assert city.kendali.book.by_title(FIRST) is None


# On Google


@pytest.fixture
def person(google: Google) -> Person:
    return google.spreadsheet("Kecamatan Cipondoh", {FIRST: [], "Gondrong": ROWS, JOURNAL: []})


def _note(person: Person) -> None:
    sheet = person.sheet(FIRST)
    sheet.put(4, 2, replace(sheet.cell(4, 2), extra={"note": "rapat Jumat"}))


def _colour(person: Person) -> None:
    sheet = person.sheet(FIRST)
    sheet.put(4, 2, replace(sheet.cell(4, 2), format={"backgroundColor": {"red": 1}}))


def _list(person: Person) -> None:
    sheet = person.sheet(FIRST)
    sheet.put(4, 2, replace(sheet.cell(4, 2), extra={"dataValidation": {"condition": {"type": "BOOLEAN"}}}))


def _name(person: Person) -> None:
    area = {"sheetId": person.sheet(FIRST).id, "endRowIndex": 1, "endColumnIndex": 1}
    person.book.named["orang"] = {"namedRangeId": "orang", "name": "anggaran", "range": area}


#: What people have put where, so that the tab is not as it was born.
HELD: dict[str, Callable[[Person], Any]] = {
    "note": _note,
    "colour": _colour,
    "list": _list,
    "name": _name,
    "formula elsewhere": lambda person: person.formula("Gondrong", 5, 0, "=COUNTA(Sheet1!A:A)", 0),
    "chart": lambda person: person.sheet(FIRST).charts.update({7: {"chartId": 7, "spec": {"title": "x"}}}),
    "merge": lambda person: person.sheet(FIRST).merges.append(
        {"sheetId": person.sheet(FIRST).id, "endRowIndex": 2, "endColumnIndex": 1}
    ),
    "table": lambda person: person.sheet(FIRST).tables.append({"tableId": "1", "range": {}}),
}


@pytest.mark.parametrize("held", HELD)
def test_on_google_whatever_is_in_it_or_leads_to_it_keeps_it(google: Google, person: Person, held: str) -> None:
    HELD[held](person)
    workbook = connect(google.key).open(person.book.id)
    assert take_away(workbook).tab(FIRST) is not None
    assert person.sheet(FIRST).properties.get("hidden", False) is False
    assert google.server.count("batchUpdate") == 0


def test_on_google_what_is_typed_in_the_last_moment_is_not_lost(google: Google, person: Person) -> None:
    workbook = connect(google.key).open(person.book.id)
    google.server.before("batchUpdate", lambda: person.set(FIRST, 0, 0, "saya duluan"))
    with pytest.raises(Outrun):
        take_away(workbook)
    assert person.values(FIRST) == [["saya duluan"]] and not person.sheet(FIRST).properties["hidden"]


def test_on_google_another_robot_that_was_quicker_is_no_harm(google: Google, person: Person) -> None:
    workbook, other = (connect(google.key).open(person.book.id) for _ in range(2))
    seen = other.read()
    acts = [lambda: None, lambda: other.commit(Changes(appends={JOURNAL: [[1, "x"]]}), seen)]
    for act in acts:  # before it is hidden; before it is taken away
        google.server.before("batchUpdate", act)
    with pytest.raises(Outrun):
        take_away(workbook)
    assert not person.sheet(FIRST).properties["hidden"]
    assert take_away(workbook).tab(FIRST) is None


def test_on_google_fences_that_stand_in_it_are_moved_to_another_tab(google: Google) -> None:
    person = google.spreadsheet("Kendali", {FIRST: [], "Gondrong": ROWS})
    workbook = connect(google.key).open(person.book.id)
    seen = workbook.read()
    workbook.commit(Changes(appends={"Gondrong": [["x"]]}), seen)
    assert len(person.book.named) == 2 and {one["range"]["sheetId"] for one in person.book.named.values()} == {0}
    before = set(person.book.named)
    take_away(workbook)
    assert len(person.book.named) == 2 and before & set(person.book.named) == {"robot_0"}


# In a file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make_file(tmp_path / "Cipondoh.xlsx", {FIRST: [], "Gondrong": ROWS, "Petir": ROWS})


def _chart_of_it(book: Any) -> None:
    chart = BarChart()
    chart.add_data(Reference(book[FIRST], min_col=1, min_row=1, max_row=3))
    book["Gondrong"].add_chart(chart, "F2")


LAID: dict[str, Callable[[Any], Any]] = {
    "comment": lambda book: setattr(book[FIRST]["B2"], "comment", Comment("rapat Jumat", "Ani")),
    "list": lambda book: book[FIRST].add_data_validation(DataValidation("list", formula1='"a,b"', sqref="A1:A9")),
    "merge": lambda book: book[FIRST].merge_cells("A1:B2"),
    "colour": lambda book: setattr(book[FIRST]["B2"], "style", "Good"),
    "formula elsewhere": lambda book: book["Gondrong"].cell(9, 1, "=COUNTA(Sheet1!A:A)"),
    "name": lambda book: book.defined_names.add(DefinedName("anggaran", attr_text="'Sheet1'!$A$1")),
    "chart elsewhere": _chart_of_it,
}


@pytest.mark.parametrize("laid", LAID)
def test_in_a_file_whatever_is_in_it_or_leads_to_it_keeps_it(path: Path, laid: str) -> None:
    with editing(path) as book:
        LAID[laid](book)
    before = path.read_bytes()
    assert take_away(opened(path)).tab(FIRST) is not None
    assert path.read_bytes() == before


def _with_names_and_a_window(path: Path) -> None:
    with editing(path) as book:
        book["Petir"].print_title_rows = "1:1"  # a name that holds in the third tab alone
        book["Gondrong"].sheet_state = "hidden"
        book.active = 0


def test_what_is_counted_by_the_place_of_tabs_follows(path: Path) -> None:
    _with_names_and_a_window(path)
    assert [tab.title for tab in take_away(opened(path)).tabs] == ["Gondrong", "Petir"]
    workbook = parts(path)[WORKBOOK].decode()
    assert 'localSheetId="1"' in workbook and 'activeTab="1"' in workbook, "the first tab that people see"
    assert "xl/worksheets/sheet1.xml" not in parts(path)
    with editing(path) as book:
        assert book["Petir"].print_title_rows == "$1:$1"


@pytest.mark.libreoffice
def test_libreoffice_opens_what_is_left_and_what_it_has_saved_itself_is_bare_too(path: Path, tmp_path: Path) -> None:
    _with_names_and_a_window(path)
    saved = Office(tmp_path / "sebelum").convert(path, "xlsx")
    assert [tab.title for tab in take_away(opened(saved)).tabs] == ["Gondrong", "Petir"]
    again = Office(tmp_path / "sesudah").convert(saved, "xlsx")
    assert [tab.title for tab in opened(again).read().tabs] == ["Gondrong", "Petir"]
