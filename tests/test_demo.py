"""The demo city: complete, readable, instructive, never overwritten, and edited by hand as its last words propose."""

import os
import re
import shutil
from collections.abc import Iterator
from datetime import date
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from automation.cases.examiner import Examiner
from automation.cli.compose import jakarta_now
from automation.cli.main import main
from automation.config.credentials import read_credentials
from automation.config.kendali import Settings, read_kendali
from automation.demo.city import lay_out
from automation.model.complaint import Code, Complaint, Priority, Status
from automation.reading.tabs import read_intake
from automation.sheets.local.workbook import XlsxWorkbook
from automation.sheets.port import Snapshot
from automation.sheets.prepare import INTAKE_COLUMNS, INTAKE_HEADING_ROW as HEAD, kelurahan_served, prepare_intake
from automation.tables import intake
from automation.tables.intake import KELURAHAN
from automation.tables.kendali import REGISTER, REPAIRS
from automation.tables.table import Column
from tests.conftest import Say
from tests.kendali_examples import texts
from tests.programs import Office
from tests.xlsx_person import Editor

pytestmark = pytest.mark.sampled(tests=6)

TODAY = date(2026, 11, 24)
#: These need more than a row: a numbering range, tickets that stand in a journal, a reporter's answer, a mistake of our
#: own; or a word that even `Istilah` does not know.
NOT_OF_A_ROW = {
    Code.NUMBERS_WAIT, Code.ROW_COPIED, Code.COPY_ERASED, Code.TICKET_CHANGED, Code.KELURAHAN_TAB, Code.PARENT_ITSELF,
    Code.PARENT_UNKNOWN, Code.PARENT_CIRCLE, Code.PARENT_CLOSED, Code.SIMILAR, Code.SAME_PHONE,
    Code.DATE_ASKED, Code.DONE_EARLY, Code.TICKET_LOCKED, Code.ROW_FAILS, Code.ROW_ERASED, Code.STATUS_CONTESTED,
    Code.STILL_PRIVATE, Code.CHANNEL_UNKNOWN, Code.CATEGORY_UNKNOWN, Code.CATEGORY_OFFERED, Code.PRIORITY_UNKNOWN,
    Code.STATUS_UNKNOWN, Code.OUTCOME_STRAY, Code.ROW_REWRITTEN,
}  # fmt: skip


@pytest.fixture(scope="module")
def laid_out_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    lay_out(folder, TODAY, texts())
    return folder


def settings_of(folder: Path) -> Settings:
    credentials = read_credentials(folder / "credentials.json")
    assert credentials.google is None and credentials.smtp is None
    return read_kendali(XlsxWorkbook(folder / credentials.kendali, credentials.kendali).read(), texts())


def spreadsheets(folder: Path) -> Iterator[tuple[str, Snapshot]]:
    for source in settings_of(folder).sources:
        yield source.name, XlsxWorkbook(folder / source.link, source.link).read()


def complaints(folder: Path, today: date) -> list[Complaint]:
    settings = settings_of(folder)
    examiner = Examiner(settings.rules, today)
    found = []
    for name, snapshot in spreadsheets(folder):
        intake = read_intake(snapshot.tabs, settings.rules.places, name)
        assert intake.troubles == ()
        found += [examiner.examine(row.people, row.tab.place, row.tab.has(KELURAHAN)) for row in intake.rows]
    return found


def test_its_kendali_has_no_problems_lists_its_readers_and_no_address_can_ever_reach_anybody(
    laid_out_city: Path,
) -> None:
    settings = settings_of(laid_out_city)
    assert settings.problems == ()
    names = [f"Kecamatan {name}" for name in ("Cipondoh", "Karawaci", "Larangan")]
    assert [source.name for source in settings.sources] == names
    scopes = [scope for recipient in settings.recipients for scope in recipient.scopes]
    assert {bool(scope.dapil) for scope in scopes} == {True, False}
    assert any(scope.kecamatan for scope in scopes) and any(scope.kelurahan for scope in scopes)
    addresses = [recipient.email for recipient in settings.recipients]
    addresses += [place.coordinator_email for place in settings.rules.places if place.coordinator_email]
    assert all(address.endswith(".example") for address in addresses)


def test_every_mistake_status_and_priority_is_in_it_and_most_rows_are_good(laid_out_city: Path) -> None:
    all_of_them = complaints(laid_out_city, TODAY)
    found = {finding.code for complaint in all_of_them for finding in complaint.findings}
    assert set(Code) - found == NOT_OF_A_ROW
    good = [complaint for complaint in all_of_them if not complaint.blocked]
    assert {complaint.status for complaint in good} == set(Status)
    assert {complaint.priority for complaint in good} == set(Priority)
    assert 60 <= len(all_of_them) <= 80 and len(good) >= 40


def test_text_that_looks_like_a_formula_is_text(laid_out_city: Path) -> None:
    texts_seen = []
    for path in laid_out_city.glob("*.xlsx"):
        for sheet in load_workbook(path):
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                assert cell.data_type != "f"
                texts_seen.append(str(cell.value))
    assert any(text.startswith("=IMPORTDATA(") for text in texts_seen)


@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    "today", [TODAY, date(2026, 11, 22), date(2027, 1, 2), date(2027, 3, 13), date(2028, 2, 29), date(2030, 6, 1)]
)
def test_on_whatever_day_it_is_laid_out_some_are_overdue_some_due_and_some_new(tmp_path: Path, today: date) -> None:
    lay_out(tmp_path, today, texts())
    rules = settings_of(tmp_path).rules
    ages = [
        rules.calendar.between(complaint.received, today)
        for complaint in complaints(tmp_path, today)
        if complaint.received and complaint.status and not complaint.blocked
        if not complaint.status.closed and complaint.priority is Priority.NORMAL
    ]
    assert sum(age > 6 for age in ages) >= 10
    assert ages.count(6) >= 2 and ages.count(5) >= 2 and ages.count(0) >= 1


def test_the_spreadsheets_are_prepared_as_setup_would(laid_out_city: Path) -> None:
    places = settings_of(laid_out_city).rules.places
    for name, snapshot in spreadsheets(laid_out_city):
        assert not prepare_intake(snapshot, kelurahan_served(name, snapshot, places))
        kecamatan = name.removeprefix("Kecamatan ")
        own = {place.name for place in places if place.kecamatan == kecamatan}
        assert own <= {tab.title for tab in snapshot.tabs}


def test_a_folder_with_another_citys_credentials_is_left_alone(tmp_path: Path, say: Say) -> None:
    lay_out(tmp_path, TODAY, texts())
    for name in ("Cipondoh", "Karawaci", "Larangan"):
        (tmp_path / f"Kecamatan {name}.xlsx").unlink()
    before = sorted(os.listdir(tmp_path))
    for mine in (None, '{"kendali": "https://docs.google.com/spreadsheets/d/x", "google": "default"}'):
        if mine is not None:
            (tmp_path / "Kecamatan Cipondoh.xlsx").touch()
            (tmp_path / "credentials.json").write_text(mine)
            before = sorted(os.listdir(tmp_path))
        assert main(["demo", "--dir", str(tmp_path)]) == 2
        assert "bukan milik kota contoh" in say() and sorted(os.listdir(tmp_path)) == before


def test_what_is_there_stays_and_only_what_is_missing_is_written(tmp_path: Path) -> None:
    lay_out(tmp_path, TODAY, texts())
    (tmp_path / "Kecamatan Cipondoh.xlsx").write_bytes(b"edited by hand")
    (tmp_path / "Kecamatan Karawaci.xlsx").unlink()
    before = (tmp_path / "Kendali.xlsx").read_bytes()
    lay_out(tmp_path, date(2026, 12, 1), texts())
    assert (tmp_path / "Kecamatan Cipondoh.xlsx").read_bytes() == b"edited by hand"
    assert (tmp_path / "Kendali.xlsx").read_bytes() == before
    assert sorted(os.listdir(tmp_path)) == [
        "Kecamatan Cipondoh.xlsx", "Kecamatan Karawaci.xlsx", "Kecamatan Larangan.xlsx", "Kendali.xlsx",
        "credentials.json",
    ]  # fmt: skip


# The demo as its last words propose: edited by hand in LibreOffice, and run again


CIPONDOH, KARAWACI = "Kecamatan Cipondoh", "Kecamatan Karawaci"
COLUMN: dict[str, int] = {column: at for at, column in enumerate(INTAKE_COLUMNS)}
#: With these no clock runs.
STANDING = {status.value for status in Status if status.closed or status.paused}
#: The first row (0-based) of complaints.
FIRST = HEAD + 1


class City:
    """The demo city, its operator, and a person at LibreOffice."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self) -> int:
        return main(["demo", "--dir", str(self.folder)])

    def rows(self, book: str, tab: str) -> list[dict[str, Any]]:
        read = Editor(self.folder / f"{book}.xlsx").values(tab)
        head, *rows = read[HEAD:] if intake.CHECK in read[HEAD] and book != "Kendali" else read
        return [dict(zip(head, row, strict=True)) for row in rows if any(value not in (None, "") for value in row)]

    def tickets(self, book: str, tab: str) -> dict[str, str]:
        return {row[intake.DESCRIPTION]: row[intake.TICKET] for row in self.rows(book, tab) if row[intake.TICKET]}

    def row(self, tab: str, name: str, book: str = CIPONDOH) -> int:
        """Where (0-based) the complaint of this person stands."""
        rows = Editor(self.folder / f"{book}.xlsx").values(tab)
        return next(at for at, row in enumerate(rows) if row[COLUMN[intake.NAME]] == name)

    def register(self) -> dict[str, dict[str, Any]]:
        return {row["No. Tiket"]: row for row in self.rows("Kendali", REGISTER)}


def cell(tab: str, row: int, column: Column, text: str) -> list[object]:
    """The step of typing into a cell."""
    return ["type", tab, row, COLUMN[column], text]


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo after its first run."""
    folder = tmp_path_factory.mktemp("demo")
    assert City(folder).run() == 0
    return folder


@pytest.fixture
def city(laid_out: Path, tmp_path: Path) -> City:
    shutil.copytree(laid_out, tmp_path / "demo")
    return City(tmp_path / "demo")


@pytest.mark.libreoffice
def test_a_morning_s_work_in_libreoffice_is_understood(city: City, tmp_path: Path, say: Say) -> None:
    gondrong, petir = city.tickets(CIPONDOH, "Gondrong"), city.tickets(CIPONDOH, "Petir")
    people = {tab: sorted(map(_typed, city.rows(CIPONDOH, tab)), key=str) for tab in ("Gondrong", "Petir")}
    before = city.register()
    waiting = len(city.rows("Kendali", REPAIRS))
    today = f"{jakarta_now():%d/%m/%Y}"
    new = len(city.rows(CIPONDOH, "Gondrong")) + FIRST + 1  # a row is left blank, as people do
    done, wrong, gone = (
        city.row("Gondrong", "Bu Endang"),
        city.row("Kenanga", "Rahmat"),
        city.row("Petir", "Ibu Rohani"),
    )
    lost = city.rows(CIPONDOH, "Petir")[gone - FIRST][intake.TICKET]
    assert lost in before and not city.rows(CIPONDOH, "Kenanga")[wrong - FIRST][intake.TICKET]
    steps = [
        cell("Gondrong", new, intake.RECEIVED, today),
        cell("Gondrong", new, intake.CHANNEL, "WhatsApp"),
        cell("Gondrong", new, intake.NAME, "Bu Kokom"),
        cell("Gondrong", new, intake.PHONE, "081200009999"),
        cell("Gondrong", new, intake.RT_RW, "003/007"),
        cell("Gondrong", new, intake.CATEGORY, "Sampah & Kebersihan"),
        cell("Gondrong", new, intake.DESCRIPTION, "=truk sampah belum datang seminggu"),
        cell("Gondrong", new, intake.DESCRIPTION, "truk sampah belum datang seminggu"),
        cell("Gondrong", done, intake.STATUS, "Selesai"),
        cell("Gondrong", done, intake.OUTCOME, "Kali dikeruk Dinas PUPR, dicek relawan"),
        ["press", "Gondrong", FIRST, COLUMN[intake.NAME], "SortAscending"],
        cell("Kenanga", wrong, intake.RECEIVED, today),
        ["delete", "Petir", gone],
        ["press", "Petir", FIRST, COLUMN[intake.RECEIVED], "SortAscending"],
    ]
    Office(tmp_path).edit((city.folder / f"{CIPONDOH}.xlsx", steps))
    say()
    assert city.run() == 0
    said = say()
    assert f"2 baru, {len(before) + 2} seluruhnya" in said
    assert f"{waiting - 1} baris menunggu perbaikan" in said
    assert "Hilang      : 1 laporan" in said

    # Each ticket stands beside its complaint, and the new ones have theirs.
    after = city.tickets(CIPONDOH, "Gondrong")
    assert {said: after[said] for said in gondrong} == gondrong
    ticket = after["truk sampah belum datang seminggu"]
    assert re.fullmatch(r"RR-\d\d0504-\d{4}-\d", ticket) and ticket not in before
    (mended,) = (row for row in city.rows(CIPONDOH, "Kenanga") if row[intake.NAME] == "Rahmat")
    assert mended[intake.TICKET] and not mended[intake.CHECK]
    assert {said: city.tickets(CIPONDOH, "Petir").get(said) for said in petir} == {
        said: number if number != lost else None for said, number in petir.items()
    }

    # What people typed is as they typed it.
    typed = sorted(map(_typed, city.rows(CIPONDOH, "Petir")), key=str)
    assert typed == [row for row in people["Petir"] if row[intake.NAME] != "Ibu Rohani"]
    kept = [_typed(row) for row in city.rows(CIPONDOH, "Gondrong") if row[intake.NAME] not in {"Bu Kokom", "Bu Endang"}]
    assert sorted(kept, key=str) == [row for row in people["Gondrong"] if row[intake.NAME] != "Bu Endang"]

    # The register follows.
    register = city.register()
    assert set(register) == {*before, ticket, mended[intake.TICKET]}
    closed = register[gondrong["ada yg buang sampah ke kali malem2 pake gerobak, kali jadi dangkal"]]
    assert closed["Status"] == "Selesai" and f"{closed['Tanggal Selesai']:%d/%m/%Y}" == today
    assert register[lost]["Keterlambatan"] == "baris tidak ditemukan"
    assert register[lost]["Ringkasan"] == before[lost]["Ringkasan"]
    assert {row["Pemeriksaan"] for row in city.rows("Kendali", REPAIRS) if row["Kelurahan"] == "Kenanga"} == {
        row[intake.CHECK] for row in city.rows(CIPONDOH, "Kenanga") if row[intake.CHECK] and not row[intake.TICKET]
    }

    # So does what would be mailed; today's mails are out already.
    assert "sudah ditulis tadi" in said
    assert main(["digest", "harian", "--preview", "--credentials", str(city.folder / "credentials.json")]) == 0
    (mail,) = (city.folder / "outbox").glob("pratinjau-*/*sekretariat*.eml")
    text = body(mail)
    assert f"{ticket} Gondrong · Sampah & Kebersihan: baru" in text and "50 masih terbuka (+1)" in text
    assert f"{lost} Petir · Jalan & Drainase: barisnya hilang" in text
    assert "0812" not in re.sub(r"RR-\S+", "", text).replace("0812••••", "")
    assert "Kokom" not in text

    # Nothing is left to do, and what was deleted comes back when it is put back.
    files = {path.name: path.read_bytes() for path in city.folder.glob("*.xlsx")}
    assert city.run() == 0
    assert {path.name: path.read_bytes() for path in city.folder.glob("*.xlsx")} == files


def test_the_digest_of_another_day_tells_only_cases_that_were_known_then(city: City, say: Say) -> None:
    credentials = ["--credentials", str(city.folder / "credentials.json")]
    say()
    assert main([*credentials, "digest", "harian", "--date", "2026-01-05", "--preview"]) == 0
    assert "6 pratinjau" in say()
    (mail,) = (city.folder / "outbox").glob("pratinjau-harian-2026-01-05/*sekretariat*.eml")
    assert "0 masih terbuka" in body(mail)
    assert main([*credentials, "digest", "harian", "--date", "31/12/2098", "--preview"]) == 0
    (mail,) = (city.folder / "outbox").glob("pratinjau-harian-2098-12-31/*sekretariat*.eml")
    running = sum(row["Status"] not in STANDING for row in city.register().values())
    assert f"{running} lewat tenggat" in body(mail)


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    """The cells of people, with what a spreadsheet program may rightly spell otherwise made alike."""
    robot = {intake.TICKET, intake.CHECK, intake.DUE, intake.LATENESS, intake.RESOLVED}
    return {heading: value or None for heading, value in row.items() if heading not in robot}


def body(mail: Path) -> str:
    """The plain text of a mail, on one line."""
    part = message_from_bytes(mail.read_bytes(), policy=policy.default).get_body(("plain",))
    assert part is not None
    return " ".join(part.get_content().split())
