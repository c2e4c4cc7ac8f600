"""A volunteer at work in a prepared spreadsheet on Google: an editor who may not change what is protected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from gspread.exceptions import APIError

from automation.cases.events import JOURNAL
from automation.model.cells import Value, letters
from automation.reading.headings import GUIDE, LISTS, find_headings
from automation.sheets.google.client import SHEETS_URL, GoogleClient, connect
from automation.sheets.google.login import SCOPES
from automation.tables import intake
from automation.tables.intake import ROBOT
from automation.tables.kendali import SOURCES
from automation.tables.table import Column
from automation.trouble import WorkbookError
from tests.google_city import City, link
from tests.sheets_server.fixtures import Google
from tests.town import GOOD

KECAMATAN, TAB, VOLUNTEER = "Benda", "Pajang", "relawan@example.org"


class Volunteer:
    """Works through the API, as the spreadsheet's own page does, with nothing but the rights of an editor."""

    def __init__(self, google: Google, city: City) -> None:
        self.person = city.spreadsheets[KECAMATAN]
        google.server.drive.files[self.person.book.id].writers.add(VOLUNTEER)
        key = google.server.accounts.user(VOLUNTEER, scopes=frozenset(SCOPES))
        self._client: GoogleClient = connect(key)
        self._workbook = self._client.open(self.person.book.id)
        headings = find_headings(self.person.values(TAB))
        assert headings is not None
        self.top, self.columns = headings.row + 1, headings.columns

    def do(self, kind: str, body: Mapping[str, Any]) -> None:
        self._workbook.batch({"requests": [{kind: body}]}, "spreadsheetId")

    def type(self, row: int, **cells: str) -> None:
        """Type a row, cell by cell, and let the spreadsheet make of it what it does."""
        typed = {
            **GOOD,
            intake.CATEGORY: "Jalan & Drainase",
            **{getattr(intake, name.upper()): text for name, text in cells.items()},
        }
        for heading, text in typed.items():
            place = f"'{TAB}'!{letters(self.columns[intake.INTAKE.by_heading[heading]])}{row + 1}"
            self.enter(place, str(text))

    def enter(self, place: str, text: str) -> None:
        url = f"{SHEETS_URL}/{self.person.book.id}/values/{place}"
        self._client.request("put", url, {"valueInputOption": "USER_ENTERED"}, {"values": [[text]]})

    def rows(self) -> dict[str, int]:
        return {"sheetId": self.person.sheet(TAB).id, "startRowIndex": self.top, "endRowIndex": self.top + 9}

    def row(self, at: int, tab: str = TAB) -> dict[str, Any]:
        sheet = self.person.sheet(tab).id
        return {"range": {"sheetId": sheet, "dimension": "ROWS", "startIndex": at, "endIndex": at + 1}}

    def shown(self, column: Column) -> list[Value]:
        at = self.columns[column]
        rows = self.person.values(TAB)[self.top :]
        return [row[at] if at < len(row) else None for row in rows]


@pytest.fixture
def city(google: Google, tmp_path: Path) -> City:
    city = City(google, tmp_path, KECAMATAN)
    city.run("setup")
    city.kendali.set(SOURCES, 1, 0, f"Kecamatan {KECAMATAN}")
    city.kendali.set(SOURCES, 1, 1, link(city.spreadsheets[KECAMATAN]))
    assert city.run("setup") == 0
    return city


@pytest.fixture
def volunteer(google: Google, city: City) -> Iterator[Volunteer]:
    yield Volunteer(google, city)


def test_a_volunteer_types_sorts_filters_and_deletes_rows(city: City, volunteer: Volunteer) -> None:
    top, columns = volunteer.top, volunteer.columns
    for at, (name, day) in enumerate((("Ibu Cici", "3/11/2026"), ("Pak Amir", "2/11/2026"), ("Bu Banu", "4/11/2026"))):
        volunteer.type(top + at, name=name, phone=f"08120000102{at}", received=day, address=f"Gg. Melati no {at}")
    assert city.run("sync") == 0
    tickets = dict(zip(volunteer.shown(intake.NAME), volunteer.shown(intake.TICKET), strict=True))
    assert len(set(tickets.values()) - {None}) == 3

    by_name = [{"dimensionIndex": columns[intake.NAME], "sortOrder": "ASCENDING"}]
    volunteer.do("sortRange", {"range": volunteer.rows(), "sortSpecs": by_name})
    volunteer.do("insertDimension", volunteer.row(top))
    volunteer.do("setBasicFilter", {"filter": {"range": {**volunteer.rows(), "startRowIndex": top - 1}}})
    mine = {"title": "Punya saya", "range": {**volunteer.rows(), "startRowIndex": top - 1}}
    volunteer.do("addFilterView", {"filter": mine})
    volunteer.do("deleteDimension", volunteer.row(top + 1))  # Bu Banu
    assert volunteer.shown(intake.NAME) == [None, "Ibu Cici", "Pak Amir"]

    assert city.run("sync") == 0
    assert dict(zip(volunteer.shown(intake.NAME), volunteer.shown(intake.TICKET), strict=True)) == {
        None: None,
        "Ibu Cici": tickets["Ibu Cici"],
        "Pak Amir": tickets["Pak Amir"],
    }
    assert volunteer.shown(intake.PHONE) == [None, "081200001020", "081200001021"], "with their zero"


def test_a_column_of_the_robots_warns_and_stops_nobody(volunteer: Volunteer) -> None:
    start = {"sheetId": volunteer.person.sheet(TAB).id, "rowIndex": volunteer.top, "columnIndex": 0}
    rows = [{"values": [{"userEnteredValue": {"stringValue": "coba"}}]}]
    volunteer.do("updateCells", {"start": start, "rows": rows, "fields": "userEnteredValue"})
    guards = [area for area in volunteer.person.book.protected.values() if area["range"]["sheetId"] == start["sheetId"]]
    assert guards and all(area["warningOnly"] and area["description"] for area in guards)
    covered = {
        at for area in guards for at in range(area["range"]["startColumnIndex"], area["range"]["endColumnIndex"])
    }
    assert covered == {volunteer.columns[column] for column in ROBOT}


@pytest.mark.parametrize("tab", [JOURNAL, LISTS, GUIDE])
def test_what_the_robot_keeps_for_itself_is_refused(volunteer: Volunteer, tab: str) -> None:
    book = volunteer.person.book
    sheet = volunteer.person.sheet(tab)
    before = list(sheet.rows)
    value = {"values": [{"userEnteredValue": {"stringValue": "coba"}}]}
    (guard,) = [id for id, area in book.protected.items() if area["range"]["sheetId"] == sheet.id]
    acts: list[tuple[str, Mapping[str, Any]]] = [
        ("updateCells", {"start": {"sheetId": sheet.id}, "rows": [value], "fields": "userEnteredValue"}),
        ("sortRange", {"range": {"sheetId": sheet.id}, "sortSpecs": [{"dimensionIndex": 0}]}),
        ("deleteDimension", volunteer.row(0, tab)),
        ("deleteSheet", {"sheetId": sheet.id}),
        ("updateSheetProperties", {"properties": {"sheetId": sheet.id, "hidden": False}, "fields": "hidden"}),
        ("deleteProtectedRange", {"protectedRangeId": guard}),
    ]
    for kind, body in acts:
        with pytest.raises(WorkbookError) as raised:
            volunteer.do(kind, body)
        assert raised.value.code == "google.terlindung", kind
    with pytest.raises(APIError, match="protected cell"):
        volunteer.enter(f"'{tab}'!A1", "coba")
    assert volunteer.person.sheet(tab).rows == before
