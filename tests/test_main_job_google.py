"""The main job through the real gspread and google-auth over HTTPS: an operator's, and a volunteer's."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from requests import HTTPError

from automation.cli.compose import jakarta_now
from automation.cycle.sync import Syncer
from automation.model.cells import Value, letters
from automation.reading.tabs import GUIDE, LISTS, find_headings
from automation.sheets.google.client import SHEETS_URL, GoogleClient, connect
from automation.sheets.google.session import SCOPES
from automation.sheets.prepare import INTAKE_COLUMNS, INTAKE_HEADING_ROW as HEAD
from automation.tables import intake
from automation.tables.intake import ROBOT
from automation.tables.kendali import JOURNAL, MAILS, REGISTER, SOURCES
from automation.tables.table import Column
from automation.trouble import WorkbookError
from tests.conftest import Say
from tests.google_city import City
from tests.sheets_server.fixtures import Google
from tests.sheets_server.people import Person
from tests.sheets_server.resource import hyperlink
from tests.smtp_server import HOST, PASSWORD, USERNAME, Server
from tests.town import GOOD, NOTE, WORDS, peoples_cells

pytestmark = pytest.mark.sampled(6, tests=6)

#: The first row (0-based) of complaints in a tab that `setup` made.
FIRST = HEAD + 1


def at(column: Column) -> int:
    """Where a column of a prepared tab stands."""
    return INTAKE_COLUMNS.index(column)


@pytest.fixture
def city(google: Google, tmp_path: Path) -> City:
    """Cipondoh and Karawaci, prepared, with three complaints."""
    city = City.prepared(google, tmp_path, "Cipondoh", "Karawaci")
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


def test_one_read_and_at_most_one_write_per_spreadsheet_and_cycle(city: City) -> None:
    assert city.run("sync") == 0
    for person in city.spreadsheets.values():
        assert city.requests(person) == {"files.get": 1, "get": 1, "batchUpdate": 1}
    first = city.requests(city.kendali)  # which tabs there are is asked first: of years that were put away only the top
    assert first == {"files.get": 1, "get": 2, "batchUpdate": 1}
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
        who: dict[str, Any] = {"name": f"Warga {9 - number}", "phone": f"08120000{number:04}"}
        city.type("Cipondoh", "Gondrong", f"warga {number}", category="Jalan & Drainase", **who)
    person = city.spreadsheets["Cipondoh"]
    mine = sorted(map(str, peoples_cells(person.values("Gondrong"), HEAD)))
    city.server.before("batchUpdate", lambda: person.sort("Gondrong", at(intake.NAME)))
    assert city.run("sync") == 0
    after = city.tickets("Cipondoh", "Gondrong")
    assert {identity: after[identity] for identity in before} == before
    assert len(set(after.values())) == 7 and "" not in after.values()
    assert sorted(map(str, peoples_cells(person.values("Gondrong"), HEAD))) == mine
    issued = {str(row[2]): str(row[4]) for row in person.values(JOURNAL)[1:] if row[3] == "Diterbitkan"}
    for row in person.values("Gondrong")[FIRST:]:
        assert f'"{row[at(intake.PHONE)]}"' in issued[str(row[0])], "a ticket stands beside another complaint"
    assert all(ticket in address for ticket, address in opened(person, "Gondrong")), "so do the words for a reporter"


def test_a_renamed_spreadsheet_is_read_by_its_link(city: City) -> None:
    assert city.run("sync") == 0
    city.spreadsheets["Cipondoh"].rename("Laporan Cipondoh 2027")
    assert city.run("sync") == 0


# A volunteer at work in a prepared spreadsheet on Google: an editor who may not change what is protected


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
        self._client.send("put", url, {"valueInputOption": "USER_ENTERED"}, {"values": [[text]]})

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
def benda(google: Google, tmp_path: Path) -> City:
    """A kecamatan, prepared by `setup`."""
    return City.prepared(google, tmp_path, KECAMATAN)


@pytest.fixture
def volunteer(google: Google, benda: City) -> Volunteer:
    return Volunteer(google, benda)


def test_a_volunteer_types_sorts_filters_and_deletes_rows(benda: City, volunteer: Volunteer) -> None:
    top, columns = volunteer.top, volunteer.columns
    for at, (name, day) in enumerate((("Ibu Cici", "3/11/2026"), ("Pak Amir", "2/11/2026"), ("Bu Banu", "4/11/2026"))):
        volunteer.type(top + at, name=name, phone=f"08120000102{at}", received=day, address=f"Gg. Melati no {at}")
    assert benda.run("sync") == 0
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

    assert benda.run("sync") == 0
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
    with pytest.raises(HTTPError) as refused:
        volunteer.enter(f"'{tab}'!A1", "coba")
    assert "protected cell" in refused.value.response.text
    assert volunteer.person.sheet(tab).rows == before


# From a volunteer's row on Google, through ticket and register, into the inbox: by real HTTPS and SMTP


SECRET = ("Sulastri", "081234567890", "3671050101800001", "lastri@example.org")


@pytest.mark.usefixtures("trusted")
def test_a_row_becomes_a_mail_with_its_case_and_nobodys_data(google: Google, server: Server, tmp_path: Path) -> None:
    account = {"host": HOST, "port": server.port, "username": USERNAME, "password": PASSWORD, "from": USERNAME}
    city = City.prepared(google, tmp_path, "Cipondoh", smtp=account)
    name, phone, nik, address = SECRET
    city.type(
        "Cipondoh",
        "Gondrong",
        "lastri",
        name=name,
        phone=phone,
        category="Jalan & Drainase",
        description=f"Got mampet sejak Senin, hubungi {phone} atau {address}, NIK {nik}",
        assignee=f"Pak Budi {phone}",
        told=f"sudah, lewat {phone}",
    )
    city.type("Cipondoh", "Petir", "tanpa tanggal", name=name, phone=phone, category=f"Jln {phone}", received="besok")
    city.subscribe("ratna@fraksi.example", "Kecamatan Cipondoh")

    assert city.run("sync") == 0
    (ticket,) = city.tickets("Cipondoh", "Gondrong").values()
    assert ticket == "RR-260504-0001-3"
    case = dict(zip(*city.kendali.values(REGISTER), strict=False))
    assert case["No. Tiket"] == ticket and not any(secret in str(case) for secret in SECRET)

    assert city.run("digest", "harian", "--date", jakarta_now().date().isoformat()) == 0
    (mail,) = server.behaviour.messages()
    assert server.behaviour.envelopes == [(USERNAME, ["ratna@fraksi.example"])]
    bodies = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    assert len(bodies) == 2
    for body in bodies:
        assert re.search(r"\b1\b(?:<[^>]*>|\s)*masih terbuka", body), "nothing is late yet: it is counted"
    seen = "\n".join([*map(str, mail.values()), *bodies])
    assert not [secret for secret in SECRET if secret.casefold() in seen.casefold()]
    assert NOTE not in seen

    rows = city.kendali.values(MAILS)[1:]
    assert [str(row[4]).partition(":")[0] for row in rows] == ["diklaim", "terkirim"]
    assert rows[1][5] == mail["Message-ID"]
    assert city.run("digest", "harian", "--date", jakarta_now().date().isoformat()) == 0
    assert len(server.behaviour.received) == 1
