"""The demo as its last words propose: edited by hand in LibreOffice, and run again."""

from __future__ import annotations

import re
import shutil
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from automation.cli.compose import jakarta_now
from automation.cli.main import main
from automation.model.complaint import Status
from automation.sheets.prepare import INTAKE_COLUMNS, INTAKE_HEADING_ROW as HEAD
from automation.tables import intake
from automation.tables.kendali import REGISTER, REPAIRS
from automation.tables.table import Column
from tests.conftest import Say
from tests.programs import Office
from tests.xlsx_person import Editor

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
        city.row("Kenanga", "Syahrul"),
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
        cell("Kenanga", wrong, intake.CATEGORY, "Jalan & Drainase"),
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
    (mended,) = (row for row in city.rows(CIPONDOH, "Kenanga") if row[intake.NAME] == "Syahrul")
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
    assert "truk sampah belum datang seminggu" in text and ticket in text and lost in text
    assert "0812" not in re.sub(r"RR-\S+", "", text).replace("0812••••", "")
    assert "Kokom" not in text

    # Nothing is left to do, and what was deleted comes back when it is put back.
    files = {path.name: path.read_bytes() for path in city.folder.glob("*.xlsx")}
    assert city.run() == 0
    assert {path.name: path.read_bytes() for path in city.folder.glob("*.xlsx")} == files


def test_a_file_that_is_open_in_libreoffice_is_left_alone_and_said(city: City, say: Say) -> None:
    file = city.folder / f"{KARAWACI}.xlsx"
    Editor(file).set("Cimone", FIRST, COLUMN[intake.STATUS], "Selesai")
    lock = city.folder / f".~lock.{KARAWACI}.xlsx#"
    lock.write_text(",relawan,laptop,24.11.2026 09:00,file:///home/relawan;", "utf-8")
    before = file.read_bytes()
    say()
    assert city.run() == 1
    assert f"{KARAWACI}.xlsx” sedang dibuka di LibreOffice" in say()
    assert file.read_bytes() == before
    lock.unlink()
    assert city.run() == 0
    assert file.read_bytes() != before


def test_the_digest_of_another_day_tells_only_cases_that_were_known_then(city: City, say: Say) -> None:
    credentials = ["--credentials", str(city.folder / "credentials.json")]
    say()
    assert main([*credentials, "digest", "harian", "--date", "2026-01-05", "--preview"]) == 0
    assert "6 pratinjau" in say()
    (mail,) = (city.folder / "outbox").glob("pratinjau-harian-2026-01-05/*sekretariat*.eml")
    assert "Tidak ada kasus yang masih terbuka" in body(mail)
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
