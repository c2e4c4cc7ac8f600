"""Files go back and forth between the robot and LibreOffice, which opens and saves them as people do."""

import csv
import shutil
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.datavalidation import DataValidation

from automation.model.cells import CellError, Link, Writable
from automation.sheets.local.reading import UNCALCULATED
from automation.sheets.looks.model import (
    Allowed,
    Area,
    CellLook,
    Cells,
    Chart,
    ChartKind,
    ColumnLook,
    Format,
    ListOf,
    Rule,
    Style,
    TabLook,
)
from automation.sheets.port import CellWrite, Changes, NewTab
from tests.programs import Office
from tests.xlsx_parts import SHEET, WORKBOOK, charts_in, parts
from tests.xlsx_person import Editor, make_file, opened

pytestmark = pytest.mark.libreoffice

TAB = "Gondrong"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("office"))


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
    new = NewTab("Riwayat", ("Urutan", "Telepon"), hidden=True, protected=True)
    values: tuple[Writable, ...] = (
        "=1+1", "+62812", date(2026, 11, 24), "_x0041_", "satu\ndua", Link("https://example.org/?a=1&b=2"),
    )  # fmt: skip
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


HEADING = Style(fill="D9EAD3", ink="1F4F3F", bold=True, wrapped=True)
BOOKS = (
    TabLook(
        TAB,
        heading_row=2,
        columns=(
            ColumnLook(0, HEADING, "Diisi oleh program.", 130, guarded=True),
            ColumnLook(1, HEADING, "Kapan diterima", 100, Format.DATE),
            ColumnLook(2, HEADING, "", 200, Format.TEXT, wrapped=True),
            ColumnLook(3, HEADING, "", 90, allowed=Allowed(ListOf(("Biasa", "Darurat")), "Pilih satu.", strict=False)),
        ),
        frozen_rows=3,
        frozen_columns=1,
        colour="1F6F54",
        rules=(
            Rule((0, 3), '=$D4="Darurat"', Style(fill="F8CBAD", ink="9C0006", bold=True)),
            Rule((1, 1), '=($B4<>"")*($B4<TODAY())', Style(italic=True, underlined=True)),
        ),
        filtered=True,
        areas=(Area((0, 0, 1, 4), Style(fill="1F6F54", ink="FFFFFF", size=13)),),
        cells=(CellLook(0, 1, formula="=COUNTA($C$4:$C$1000)"),),
        guard="Kolom ini diisi program.",
    ),
    TabLook(
        "Panduan",
        columns=(ColumnLook(0, width=300), ColumnLook(1, width=200)),
        colour="1F6F54",
        areas=(Area((0, 0, 1, 2), Style(bold=True, size=16, boxed=True), merged=True), Area((1, 0, 2, 1), Style())),
        row_heights=((0, 30), (1, 8)),
        protected=True,
        ours=True,
        gridlines=False,
        one_page=True,
    ),
    TabLook(
        "Grafik",
        charts=tuple(
            Chart(str(kind), kind, Cells("Grafik", 0, 0, 3), (Cells("Grafik", 0, 1, 3),), ("1F6F54",), 5, 8 * number)
            for number, kind in enumerate(ChartKind)
        ),
        ours=True,
    ),
)


def furnished(path: Path) -> Path:
    """A spreadsheet with an intake tab whose headings stand below a title and an empty row, a guide and charts."""
    rows = [[None, date(2026, 11, day), name, "Biasa"] for day, name in ((3, "Citra"), (2, "Ani"), (4, "Budi"))]
    return make_file(
        path,
        {
            TAB: [["Laporan warga"], [], ["No. Tiket", "Tanggal Masuk", "Nama", "Prioritas"], *rows],
            "Panduan": [["Panduan"]],
            "Grafik": [["Bulan", "Masuk"], ["Januari", 12], ["Februari", 20]],
        },
    )


def test_what_libreoffice_has_saved_is_dressed_already_and_can_be_written(tmp_path: Path, office: Office) -> None:
    path = furnished(tmp_path / "Cipondoh.xlsx")
    assert opened(path).dress(BOOKS) > 0
    own = Chart("Punya saya", ChartKind.BARS, Cells("Grafik", 0, 0, 3), (Cells("Grafik", 0, 1, 3),), ("A61C00",), 30, 0)
    assert opened(path).dress((TabLook("Grafik", charts=(own,)),)) == 1
    for number in range(2):
        path = Path(shutil.copy(office.convert(path, "xlsx"), tmp_path / f"disimpan-{number}.xlsx"))
        assert opened(path).dress(BOOKS) == 0
        seen = opened(path).read()
        assert seen.tabs[0].rows[0] == ("Laporan warga", 3 + number)
        before = parts(path)
        after = opened(path).commit(Changes(appends={TAB: [[None, date(2026, 11, 5), "Dedi"]]}), seen)
        assert after.tabs[0].rows[0] == ("Laporan warga", UNCALCULATED)
        written = {name for name, part in parts(path).items() if part != before.get(name)}
        assert written <= {SHEET, WORKBOOK, "xl/styles.xml"}, "all else is as LibreOffice wrote it"
    saved = office.convert(path, "xlsx")
    sheet = load_workbook(saved)[TAB]
    assert [str(rules.sqref) for rules in sheet.conditional_formatting] == ["A4:D100000", "B4:B100000"]
    assert len(sheet.data_validations.dataValidation) == 2 and sheet.auto_filter.ref == "A3:N1048576"
    note = sheet["A3"].comment
    assert note is not None and (note.text, note.author) == ("Diisi oleh program.", "Ruang Rakyat")
    titles = [chart.title for chart in charts_in(saved, "Grafik")]
    assert titles == [*map(str, ChartKind), "Punya saya"]


def test_the_sorting_buttons_of_libreoffice_leave_title_and_headings_where_they_are(tmp_path: Path) -> None:
    path = furnished(tmp_path / "Cipondoh.xlsx")
    opened(path).dress(BOOKS)
    Office(tmp_path).edit((path, [["press", TAB, 4, 2, "SortDescending"]]))
    rows = opened(path).read().tabs[0].rows
    assert [row[0] if row else None for row in rows[:3]] == ["Laporan warga", None, "No. Tiket"]
    assert [row[2] for row in rows[3:]] == ["Citra", "Budi", "Ani"]
