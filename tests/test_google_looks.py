"""Dressing tabs on Google: what lacks is given in one request, once, and nothing of people's is changed."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest

from automation.sheets.google import GoogleWorkbook, connect
from automation.trouble import WorkbookError
from tests.look_examples import CATEGORY, DESCRIPTION, GUARD, GUIDE, HEADINGS, INTAKE, LISTS, LOOKS, PAGE, PHONE, TAB
from tests.sheets_server.fixtures import ROBOT, Google
from tests.sheets_server.model import Sheet
from tests.sheets_server.people import Person
from tests.sheets_server.resource import cell_json

LIST_ROWS = [["Kategori", "Banyak"], ["Jalan & Drainase", 3], ["Sampah", 1]]


@pytest.fixture
def person(google: Google) -> Person:
    """A spreadsheet with headings and little else."""
    return google.spreadsheet("Kecamatan Cipondoh", {TAB: [list(HEADINGS)], LISTS: LIST_ROWS, PAGE: [["Panduan"]]})


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
    rows = [[cell_json(cell) for cell in row] for row in sheet.rows]
    parts = (sheet.properties, rows, sheet.sizes, sheet.rules, sheet.views, sheet.charts, sheet.merges, sheet.filter)
    return dict(
        zip("properties rows sizes rules views charts merges filter".split(), copy.deepcopy(parts), strict=True)
    )


def test_looks_take_one_read_and_one_write_and_nothing_the_second_time(
    google: Google, person: Person, workbook: GoogleWorkbook
) -> None:
    assert workbook.dress(LOOKS) > 40
    assert asked(google) == ["get", "batchUpdate"]
    before = [shown(sheet) for sheet in person.book.sheets], copy.deepcopy(person.book.protected)
    assert workbook.dress(LOOKS) == 0
    assert asked(google) == ["get"]
    assert ([shown(sheet) for sheet in person.book.sheets], person.book.protected) == before


def test_an_empty_tab_gets_all_of_its_look(person: Person, workbook: GoogleWorkbook) -> None:
    workbook.dress(LOOKS)
    sheet = person.sheet(TAB)
    heading = cell_json(sheet.cell(0, CATEGORY))
    assert heading["note"] == "Pilih dari daftar."
    assert heading["userEnteredFormat"]["textFormat"]["bold"] and "backgroundColor" in heading["userEnteredFormat"]
    rule = cell_json(sheet.cell(900, CATEGORY))["dataValidation"]
    assert rule["condition"] == {
        "type": "ONE_OF_RANGE",
        "values": [{"userEnteredValue": "='Daftar Pilihan'!$A$2:$A"}],
    }
    assert (rule["strict"], rule["inputMessage"], rule["showCustomUi"]) == (True, "Pilih.", True)
    assert cell_json(sheet.cell(1, PHONE))["userEnteredFormat"]["numberFormat"] == {"type": "TEXT"}
    assert sheet.sizes["COLUMNS", DESCRIPTION] == 400
    assert sheet.grid["frozenRowCount"] == sheet.grid["frozenColumnCount"] == 1
    assert len(sheet.rules) == 2 and sheet.rules[0]["ranges"][0]["endRowIndex"] == 1000
    (view,) = sheet.views.values()
    assert view["title"] == "Terlambat" and view["sortSpecs"] == [{"dimensionIndex": 2, "sortOrder": "ASCENDING"}]
    guards = {area["description"]: area for area in person.book.protected.values()}
    assert guards[GUARD]["warningOnly"] and guards[GUARD]["range"]["endColumnIndex"] == 2
    assert guards["Ruang Rakyat: halaman program"]["editors"] == {"users": [ROBOT]}
    page = person.sheet(PAGE)
    assert len(page.charts) == 2 and len(page.merges) == 1 and page.grid["hideGridlines"]
    assert page.cell(5, 1).formula == "=counta(Gondrong!A2:A)"
