"""Dressing tabs on Google: what lacks is given in one request, once, and nothing of people's is changed."""

import copy
from typing import Any

import pytest
from msgspec.structs import replace

from automation.sheets.google.client import GoogleWorkbook, connect
from automation.sheets.google.resources import Request
from automation.sheets.google.session import SCOPES
from automation.sheets.looks.model import Rule, Style, TabLook
from automation.trouble import WorkbookError
from tests.dress_contract import CONTENT, GUIDE, HEADINGS, INTAKE as BOTH, LISTS, PAGE, TAB
from tests.sheets_server.fixtures import ROBOT, Google
from tests.sheets_server.model import EMPTY, Sheet
from tests.sheets_server.people import Person
from tests.sheets_server.resource import cell_json

TICKET, CHECK, RECEIVED, PHONE, CATEGORY, PRIORITY, DESCRIPTION = range(len(HEADINGS))
HEAD = BOTH.heading_row
WORDS = Rule((CHECK, CHECK), "=istext($B4)", Style(ink="C00000", underlined=True))
INTAKE = replace(BOTH, areas=(), rules=(BOTH.rules[0], WORDS))
LOOKS = (INTAKE, TabLook(title=LISTS, protected=True, guard="Ruang Rakyat: daftar"), GUIDE)


def further_right(look: TabLook) -> TabLook:
    """The look once a column was inserted beside the first."""
    columns = tuple(replace(one, column=one.column + (one.column > 0)) for one in look.columns)
    rules = (
        replace(look.rules[0], columns=(0, 7), formula=look.rules[0].formula.replace("$F", "$G")),
        replace(WORDS, columns=(CHECK + 1, CHECK + 1), formula=WORDS.formula.replace("$B", "$C")),
    )
    return replace(look, columns=columns, rules=rules, cells=(replace(look.cells[0], column=9),))


@pytest.fixture
def person(google: Google) -> Person:
    tabs = {TAB: CONTENT[TAB][: HEAD + 1], LISTS: CONTENT[LISTS], PAGE: [["Panduan"]]}
    return google.spreadsheet("Kecamatan Cipondoh", {title: [[*row] for row in rows] for title, rows in tabs.items()})


@pytest.fixture
def workbook(google: Google, person: Person) -> GoogleWorkbook:
    return connect(google.key).open(person.book.id)


def asked(google: Google) -> list[str]:
    """What was asked since the last call, by kind."""
    kinds = [seen.kind for seen in google.server.requests if seen.kind in ("get", "batchUpdate")]
    google.server.requests.clear()
    return kinds


def shown(sheet: Sheet) -> dict[str, Any]:
    """All of a tab, for comparing."""
    rows = [{at: cell_json(cell) for at, cell in enumerate(row) if cell is not EMPTY} for row in sheet.rows]
    while rows and not rows[-1]:
        rows.pop()
    parts = (sheet.properties, rows, sheet.sizes, sheet.rules, sheet.views, sheet.charts, sheet.merges, sheet.filter)
    names = ("properties", "rows", "sizes", "rules", "views", "charts", "merges", "filter")
    return dict(zip(names, copy.deepcopy(parts), strict=True))


def test_looks_take_one_read_and_one_write_and_nothing_the_second_time(
    google: Google, person: Person, workbook: GoogleWorkbook
) -> None:
    assert workbook.dress(LOOKS) > 40
    assert asked(google) == ["get", "get", "batchUpdate"]
    before = [shown(sheet) for sheet in person.book.sheets], copy.deepcopy(person.book.protected)
    assert workbook.dress(LOOKS) == 0
    assert asked(google) == ["get"]
    assert ([shown(sheet) for sheet in person.book.sheets], person.book.protected) == before


def test_an_empty_tab_gets_all_of_its_look(person: Person, workbook: GoogleWorkbook) -> None:
    workbook.dress(LOOKS)
    sheet = person.sheet(TAB)
    heading = cell_json(sheet.cell(HEAD, PHONE))
    assert heading["note"] == "Telepon"
    assert heading["userEnteredFormat"]["textFormat"]["bold"] and "backgroundColor" in heading["userEnteredFormat"]
    rule = cell_json(sheet.cell(900, CATEGORY))["dataValidation"]
    assert rule["condition"] == {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": "='Daftar Pilihan'!$A$2:$A"}]}
    assert (rule["strict"], rule["inputMessage"], rule["showCustomUi"]) == (True, "Pilih dari daftar.", True)
    assert cell_json(sheet.cell(HEAD + 1, PHONE))["userEnteredFormat"]["numberFormat"] == {"type": "TEXT"}
    assert sheet.sizes["COLUMNS", DESCRIPTION] == 400
    assert (sheet.grid["frozenRowCount"], sheet.grid["frozenColumnCount"]) == (3, 1)
    assert len(sheet.rules) == 2 and sheet.rules[0]["ranges"][0]["endRowIndex"] == 1000
    (view,) = sheet.views.values()
    assert view["title"] == "Darurat" and view["sortSpecs"] == [{"dimensionIndex": 2, "sortOrder": "ASCENDING"}]
    guards = {area["description"]: area for area in person.book.protected.values()}
    assert guards[INTAKE.guard]["warningOnly"] and guards[INTAKE.guard]["range"]["endColumnIndex"] == 2
    assert guards[GUIDE.guard]["editors"] == {"users": [ROBOT]}
    page = person.sheet(PAGE)
    assert len(page.charts) == 2 and len(page.merges) == 1 and page.grid["hideGridlines"]
    assert page.cell(5, 1).formula == "=COUNTA(Gondrong!A:A)"


def test_what_people_made_for_themselves_stays_as_it_is(
    google: Google, person: Person, workbook: GoogleWorkbook
) -> None:
    me = connect(google.server.accounts.user("koordinator@example.org", scopes=frozenset(SCOPES))).open(person.book.id)
    tab = person.sheet(TAB).id
    for row in range(HEAD + 1, 30):
        person.set(TAB, row, PHONE, f"08120000{row:04}")
        person.set(TAB, row, len(HEADINGS), "catatan sendiri")

    def area(column: int, top: int, bottom: int) -> dict[str, int]:
        ends = {"startRowIndex": top, "endRowIndex": bottom}
        return {"sheetId": tab, "startColumnIndex": column, "endColumnIndex": column + 1, **ends}

    yellow = {"backgroundColor": {"red": 1, "green": 1}}
    own_list = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "punya kami"}]}}
    own_rule: dict[str, Any] = {"condition": {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=$F2=1"}]}}
    own_rule["format"] = yellow
    filter = {"title": "Punya kami", "range": area(0, 0, 30)}
    columns = {"sheetId": tab, "dimension": "COLUMNS", "startIndex": PHONE, "endIndex": PHONE + 1}
    wide = {"properties": {"pixelSize": 77}, "fields": "pixelSize"}
    blue = {"properties": {"sheetId": tab, "tabColor": {"blue": 1}}, "fields": "tabColor"}
    heading, top = {"userEnteredFormat": yellow, "note": "Tulis di sini"}, area(DESCRIPTION, HEAD, HEAD + 1)
    text = {"userEnteredFormat": {"numberFormat": {"type": "NUMBER", "pattern": "0"}, "wrapStrategy": "CLIP"}}
    requests: list[Request] = [
        {"setDataValidation": {"range": area(CATEGORY, 500, 510), "rule": own_list}},
        {"addConditionalFormatRule": {"rule": {"ranges": [area(5, 1, 9)], "booleanRule": own_rule}}},
        {"addFilterView": {"filter": filter}},
        {"updateDimensionProperties": {"range": columns, **wide}},
        {"repeatCell": {"range": top, "cell": heading, "fields": "userEnteredFormat,note"}},
        {"repeatCell": {"range": area(DESCRIPTION, 300, 310), "cell": text, "fields": "userEnteredFormat"}},
        {"repeatCell": {"range": area(PHONE, 800, 801), "cell": text, "fields": "userEnteredFormat"}},
        {"addProtectedRange": {"protectedRange": {"range": area(0, 0, 1000), "warningOnly": True}}},
        {"updateSheetProperties": blue},
    ]
    me.batch({"requests": requests}, "spreadsheetId")
    before, guards = shown(person.sheet(TAB)), dict(person.book.protected)
    workbook.dress(LOOKS)
    after = shown(person.sheet(TAB))
    for row, cells in enumerate(before["rows"]):
        for column, cell in cells.items():
            given = row == HEAD and column <= PRIORITY  # headings without colours
            now = after["rows"][row][column]
            assert now.get("userEnteredValue") == cell.get("userEnteredValue")
            assert given or now == cell, (row, column)
    lists = {str(row[CATEGORY].get("dataValidation")) for row in after["rows"] if CATEGORY in row}
    assert len(lists) == 2, "only where they made it"
    assert not any("TEXT" in str(row.get(PHONE)) for row in after["rows"]), "they have a format of their own"
    assert after["rules"][0] == before["rules"][0] and len(after["rules"]) == 3
    assert before["views"].items() <= after["views"].items() and after["sizes"]["COLUMNS", PHONE] == 77
    assert after["properties"]["tabColor"] == {"blue": 1.0}
    assert guards.items() <= person.book.protected.items()
    warned = [area["range"] for area in person.book.protected.values() if area.get("warningOnly")]
    assert [(one["startColumnIndex"], one["endColumnIndex"]) for one in warned] == [(0, 1), (1, 2)], "theirs, then ours"


def test_rows_and_columns_that_people_insert_carry_the_look_along(
    google: Google, person: Person, workbook: GoogleWorkbook
) -> None:
    workbook.dress(LOOKS)
    person.insert_row(TAB, HEAD + 1)
    person.insert_column(TAB, 1)
    person.sheet(TAB).put_row(
        HEAD + 1, 0, person.sheet(TAB).rows[HEAD + 2]
    )  # Google gives a new row the look of the one beside it
    asked(google)
    assert workbook.dress([further_right(INTAKE)]) == 0
    assert asked(google) == ["get"]


def test_what_google_shows_otherwise_than_it_was_written_is_no_difference(
    google: Google, person: Person, workbook: GoogleWorkbook
) -> None:
    workbook.dress(LOOKS)
    sheet = person.sheet(TAB)
    condition = sheet.rules[1]["booleanRule"]["condition"]["values"][0]
    assert condition["userEnteredValue"] == "=ISTEXT($B4)", "in capitals"
    condition["userEnteredValue"] = "= istext( $B4 )"
    for view in sheet.views.values():
        del view["filterSpecs"]  # an old server shows `criteria` only
    assert workbook.dress(LOOKS) == 0


def test_a_page_of_the_robots_is_brought_back(google: Google, person: Person, workbook: GoogleWorkbook) -> None:
    workbook.dress(LOOKS)
    before = shown(person.sheet(PAGE))
    page = person.sheet(PAGE)
    page.merges[0]["endColumnIndex"] = 1
    page.sizes["COLUMNS", 0] = 10
    for chart in page.charts.values():
        chart["spec"]["basicChart"]["series"][0]["colorStyle"] = {"themeColor": "ACCENT1"}
        chart["position"]["overlayPosition"]["anchorCell"]["rowIndex"] = 50
    person.set(PAGE, 5, 1, "ditimpa")
    page.put(2, 1, replace(page.cell(2, 1), format={}))
    page.put(6, 0, replace(page.cell(6, 0), extra={"note": "lain"}))
    assert workbook.dress(LOOKS) >= 8
    after = shown(person.sheet(PAGE))
    for chart in after["charts"].values():
        assert chart["position"]["overlayPosition"]["anchorCell"]["rowIndex"] in (8, 26)
    assert after == before
    assert workbook.dress(LOOKS) == 0


def test_a_look_of_a_tab_that_is_not_there_is_passed_over(
    google: Google, person: Person, workbook: GoogleWorkbook
) -> None:
    person.delete_tab(LISTS)
    person.rename_tab(PAGE, "PANDUAN ")
    assert workbook.dress(LOOKS) > 10
    assert "dataValidation" not in cell_json(person.sheet(TAB).cell(HEAD + 1, CATEGORY)), "a list of nothing"
    assert person.sheet("PANDUAN ").merges
    asked(google)
    assert workbook.dress(LOOKS) == 0
    assert asked(google) == ["get", "get", "get"], "refused; where tabs are; what they look like"
    assert workbook.dress([replace(GUIDE, title="Tidak ada")]) == 0


@pytest.mark.parametrize("other", [False, True], ids=["an answer that is lost", "two at the same moment"])
def test_nothing_is_given_twice(google: Google, person: Person, workbook: GoogleWorkbook, other: bool) -> None:
    if other:
        quicker = connect(google.key).open(person.book.id)
        google.server.before("batchUpdate", lambda: quicker.dress(LOOKS))
    else:
        google.server.fail(when="after", kind="batchUpdate", drop=True)
    assert (workbook.dress(LOOKS) == 0) >= other
    assert len(person.sheet(TAB).rules) == 2 and len(person.sheet(TAB).views) == 1
    assert len(person.sheet(PAGE).charts) == 2 and len(person.book.protected) == 3


def test_a_refusal_before_an_answer_was_lost_is_not_told_once_all_is_there(
    google: Google, person: Person, workbook: GoogleWorkbook
) -> None:
    google.server.fail(kind="batchUpdate", status=400, message="Invalid requests[3].repeatCell: No.")
    google.server.fail(kind="batchUpdate", when="after", drop=True)
    assert workbook.dress(LOOKS) == 1, "what was refused; all else had arrived"
    assert workbook.dress(LOOKS) == 0


def test_a_tab_that_is_renamed_in_between_is_looked_for_again_and_a_column_that_is_inserted_is_told(
    google: Google, person: Person, workbook: GoogleWorkbook
) -> None:
    google.server.before("batchUpdate", lambda: person.insert_column(TAB, 2))
    with pytest.raises(WorkbookError) as raised:
        workbook.dress(LOOKS)
    assert raised.value.code == "google.kolom-bergeser" and raised.value.particulars["tab"] == TAB
    person.delete_column(TAB, 2)
    rules = len(person.sheet(TAB).rules)
    google.server.before("batchUpdate", lambda: person.rename_tab(TAB, "Gondrong lama"))
    workbook.dress(LOOKS)
    assert len(person.sheet("Gondrong lama").rules) == rules and person.sheet(PAGE).charts


def test_looks_too_large_for_one_request_go_in_several(
    google: Google, person: Person, workbook: GoogleWorkbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("automation.sheets.google.dress.LARGEST_BATCH", 4000)
    workbook.dress(LOOKS)
    sent = [seen.sent for seen in google.server.requests if seen.kind == "batchUpdate"]
    assert len(sent) > 2 and max(sent) < 5000
    assert workbook.dress(LOOKS) == 0


def test_a_robot_without_a_known_address_only_warns(person: Person, google: Google) -> None:
    key = google.server.accounts.user(ROBOT, scopes=frozenset(SCOPES))
    google.server.fail(kind="about.get", status=403, message="no")
    connect(key).open(person.book.id).dress(LOOKS)
    assert all(area["warningOnly"] for area in person.book.protected.values())
