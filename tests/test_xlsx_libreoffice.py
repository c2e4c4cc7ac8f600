"""Files go back and forth between the robot and LibreOffice, which opens and saves them as people do."""

from __future__ import annotations

import csv
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.datavalidation import DataValidation

from automation.cases.cells import CellError, Link, Writable
from automation.sheets.port import CellWrite, Changes, NewTab
from automation.sheets.xlsx import XlsxWorkbook
from automation.sheets.xlsx_read import UNCALCULATED
from tests.xlsx_person import Editor, make_file

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed on this computer")

TAB = "Gondrong"


class Office:
    """LibreOffice without its window, under a profile of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def convert(self, path: Path, kind: str) -> Path:
        """Open the file, work out its formulas, and save it as another."""
        saved = self._folder / "disimpan"
        profile = f"-env:UserInstallation={(self._folder / 'profil').as_uri()}"
        command = [str(SOFFICE), profile, "--headless", "--convert-to", kind, "--outdir", str(saved), str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return saved / f"{path.stem}.{kind.partition(':')[0]}"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("office"))


def opened(path: Path) -> XlsxWorkbook:
    return XlsxWorkbook(path, path.name)


def shown(office: Office, path: Path) -> list[list[str]]:
    """The first tab as LibreOffice shows it."""
    with office.convert(path, "csv:Text - txt - csv (StarCalc):44,34,76").open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def test_a_file_that_libreoffice_saved_is_read_as_people_see_it(tmp_path: Path, office: Office) -> None:
    path = make_file(
        tmp_path / "Cipondoh.xlsx",
        {
            TAB: [
                ["Telepon", "Tanggal", "Uraian"],
                ["081234567890", date(2026, 11, 24), "dua\nbaris 🙏"],
                [0.5, True, "=bukan rumus"],
            ]
        },
    )

    def formulas(book: object) -> None:
        sheet = book[TAB]  # type: ignore[index]
        sheet["A4"], sheet["B4"], sheet["C4"] = "=B2+1", "=1/0", '=A2&"!"'
        rule = DataValidation("list", formula1="Daftar!$A$1:$A$2")
        rule.add("C2:C99")
        sheet.add_data_validation(rule)

    make = Editor(path)
    make.edit(lambda book: book.create_sheet("Daftar").append(["Jalan"]))
    make.edit(formulas)
    saved = office.convert(path, "xlsx")
    workbook = opened(saved)
    seen = workbook.read()
    assert seen.tabs[0].rows == (
        ("Telepon", "Tanggal", "Uraian"),
        ("081234567890", 46350, "dua\nbaris 🙏"),
        (0.5, True, "=bukan rumus"),
        (46351, CellError("#DIV/0!"), "081234567890!"),
    )
    after = workbook.commit(Changes(cells=[CellWrite(TAB, 1, 3, "RR-1")]), seen)
    assert after.tabs[0].rows[3] == seen.tabs[0].rows[3]
    (rule,) = load_workbook(saved)[TAB].data_validations.dataValidation
    assert rule.formula1 == "Daftar!$A$1:$A$2"


def test_what_the_robot_wrote_is_shown_and_kept_by_libreoffice(tmp_path: Path, office: Office) -> None:
    path = make_file(tmp_path / "Cipondoh.xlsx", {TAB: [["No. Tiket", 1]], "Petir": [["a"]]})
    Editor(path).edit(lambda book: book[TAB].__setitem__("C1", "=B1+1"))
    workbook = opened(path)
    new = NewTab("Riwayat", ("Urutan", "Telepon"), hidden=True, protected=True, text_columns=(1,))
    values: tuple[Writable, ...] = (
        "=1+1",
        "+62812",
        date(2026, 11, 24),
        "_x0041_",
        "satu\ndua",
        Link("https://example.org/?a=1&b=2"),
    )
    after = workbook.commit(
        Changes(
            new_tabs=(new,),
            appends={"Riwayat": [[1, "0812"]]},
            cells=[CellWrite(TAB, 0, 1, 41), *(CellWrite(TAB, row, 0, v) for row, v in enumerate(values, start=1))],
        ),
        workbook.read(),
    )
    assert after.tabs[0].rows[0] == ("No. Tiket", 41, UNCALCULATED)
    assert shown(office, path) == [
        ["No. Tiket", "41", "42"],
        ["=1+1", "", ""],
        ["+62812", "", ""],
        ["24/11/2026", "", ""],
        ["_x0041_", "", ""],
        ["satu\ndua", "", ""],
        ["https://example.org/?a=1&b=2", "", ""],
    ]
    saved = opened(office.convert(path, "xlsx")).read()
    assert saved.tabs[0].rows == (("No. Tiket", 41, 42), *after.tabs[0].rows[1:])
    assert [(tab.title, tab.hidden) for tab in saved.tabs] == [(TAB, False), ("Petir", False), ("Riwayat", True)]
    assert saved.tabs[2].rows == after.tabs[2].rows
