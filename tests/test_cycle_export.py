"""All cases as a file, made by `export`: complete, countable, and without anything that a program would run."""

import csv
import os
import re
import stat
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from automation.digests.case_rows import exported_headings
from automation.sheets.files import FileFormat, table_file, unescaped
from automation.sheets.local.reading import read_tabs
from automation.tables import intake
from automation.tables.kendali import REGISTER
from tests.conftest import Say
from tests.google_city import City
from tests.local_city import LocalCity
from tests.programs import Office
from tests.sheets_server.fixtures import Google

WILD = "=1+1 got mampet, hubungi 0812-3456-7890"
COMPLAINTS: list[dict[Any, Any]] = [
    {
        intake.NAME: "Bu Heni",
        intake.RECEIVED: "23/11/2024",
        intake.DATE_RIGHT: "Ya",
        intake.DESCRIPTION: WILD,
        intake.ADDRESS: "@rumah",
        intake.RT_RW: "003/007",
    },
    {
        intake.NAME: "+62 Pak Amir",
        intake.PHONE: "081200001022",
        intake.RECEIVED: "02/11/2024",
        intake.DATE_RIGHT: "Ya",
        intake.DESCRIPTION: "-lampu mati\n=HYPERLINK(1)",
        intake.STATUS: "Selesai",
        intake.OUTCOME: "=sudah diganti",
        intake.TOLD: "sudah, ke 0812-0000-1022",
    },
    {
        intake.NAME: "Bu Sri",
        intake.PHONE: "081200001023",
        intake.RECEIVED: "16/11/2024",
        intake.DATE_RIGHT: "Ya",
        intake.CATEGORY: "Kesehatan & BPJS",
        intake.DESCRIPTION: "Suami saya sakit TBC dan BPJS mati",
        intake.TOLD: "sudah ke istrinya",
    },
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the city is laid out and read once."""
    folder = tmp_path_factory.mktemp("city")
    city = LocalCity.lay_out(folder, {"Barat": ("Gondrong",), "Timur": ("Cimone",)})
    city.type("Barat", "Gondrong", *COMPLAINTS)
    city.type(
        "Timur",
        "Cimone",
        {intake.NAME: "Pak Joko", intake.PHONE: "081200001024", intake.RECEIVED: "23/11/2024", intake.DATE_RIGHT: "Ya"},
    )
    assert city.run("sync") == 0
    return folder


@pytest.fixture
def city(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> LocalCity:
    monkeypatch.chdir(tmp_path)
    return LocalCity(folder)


def csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def exported(city: LocalCity, *more: str, name: str = "semua.csv") -> list[dict[str, str]]:
    Path(name).unlink(missing_ok=True)
    assert city.run("export", "--output", name, *more) == 0
    return csv_rows(Path(name))


def cells_of(path: Path) -> list[dict[str, Any]]:
    """The cells of an exported workbook, by heading; none is a formula."""
    sheet: Any = load_workbook(path).worksheets[0]
    titles = [cell.value for cell in sheet[1]]
    assert titles == [*exported_headings(personal=True)]
    cells = [dict(zip(titles, row, strict=True)) for row in sheet.iter_rows(min_row=2)]
    assert not any(cell.data_type == "f" for row in cells for cell in row.values())
    assert sheet.auto_filter.ref in (None, sheet.dimensions)
    return cells


def test_one_row_for_each_case_with_all_of_the_register_and_more(city: LocalCity) -> None:
    rows = exported(city)
    assert set(REGISTER.headings) <= set(exported_headings(personal=False))
    assert [list(row) for row in rows] == [list(exported_headings(personal=False))] * 4
    heni, amir, sri, _ = sorted(rows, key=lambda row: row["No. Tiket"])
    assert (heni["Tanggal Masuk"], heni["Tahun Masuk"], heni["Bulan Masuk"]) == ("2024-11-23", "2024", "2024-11")
    assert (heni["Dapil"], heni["Komisi"], heni["Masih Berjalan"], heni["Saluran"]) == (
        "3",
        "Komisi IV",
        "Ya",
        "Hotline",
    )
    assert (amir["Status"], amir["Masih Berjalan"], amir["Tepat Waktu"]) == ("Selesai", "Tidak", "Tidak")
    assert date.fromisoformat(amir["Tanggal Ditutup"]) > date(2024, 11, 2)
    assert int(sri["Hari Terlambat"]) > 100


def test_personal_data_are_masked_unless_they_are_asked_for(city: LocalCity, say: Say) -> None:
    exported(city)
    text = Path("semua.csv").read_text("utf-8-sig")
    for personal in ("Heni", "Amir", "@rumah", "3456-7890", "0000-1022", "TBC", "istrinya", "003/007"):
        assert personal not in text
    assert "disamarkan" in say()
    heni, amir, sri, _ = sorted(exported(city, "--full", name="lengkap.csv"), key=lambda row: row["No. Tiket"])
    assert list(heni) == [*exported_headings(personal=True)]
    assert (heni["Nama Pelapor"], heni["Telepon"], heni["RT/RW"]) == ("Bu Heni", "0812-0000-1021", "RT 003/RW 007")
    assert unescaped(heni["Uraian"]) == WILD
    assert (amir["Dikabari"], sri["Uraian"]) == ("sudah, ke 0812-0000-1022", "Suami saya sakit TBC dan BPJS mati")
    said = say()
    assert "AWAS, DATA PRIBADI" in said and "Heni" not in said


def test_in_csv_nothing_begins_as_a_formula_does_and_a_file_with_personal_data_is_its_owners_alone(
    city: LocalCity,
) -> None:
    for value in (value for row in exported(city, "--full", name="lengkap.csv") for value in row.values()):
        assert not re.match(r"\s*[=+@\t\r]", value)
        assert not value.startswith("-") or re.fullmatch(r"-\d+", value)
    if os.name == "posix":
        assert stat.S_IMODE(Path("lengkap.csv").stat().st_mode) == 0o600


def test_an_excel_file_holds_dates_numbers_and_texts_and_no_formula(city: LocalCity) -> None:
    assert city.run("export", "--format", "xlsx", "--full", "--output", "semua.xlsx") == 0
    heni = next(row for row in cells_of(Path("semua.xlsx")) if row["Nama Pelapor"].value == "Bu Heni")
    assert heni["Tanggal Masuk"].value == datetime(2024, 11, 23) and heni["Dapil"].value == 3
    assert heni["Uraian"].value == WILD
    assert load_workbook("semua.xlsx")["Kasus"].auto_filter.ref


def test_what_google_keeps_in_a_cell_and_excel_does_not_ends_earlier_in_an_excel_file() -> None:
    (tab,) = read_tabs(table_file(FileFormat.XLSX, "Kasus", ["Uraian"], [["got mampet " * 4000], ["pendek"]]), "")
    (_, (long,), (short,)) = tab.rows
    assert isinstance(long, str) and 32_700 < len(long) <= 32_767 and long.endswith("…") and short == "pendek"


@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_in_libreoffice_no_cell_becomes_a_formula_and_no_number_loses_a_zero(city: LocalCity, kind: str) -> None:
    assert city.run("export", "--format", kind, "--full", "--output", f"semua.{kind}") == 0
    filters = ["--infilter=Text - txt - csv (StarCalc):59,34,76,1,,1057,false,true"] if kind == "csv" else []
    cells = cells_of(Office(Path()).convert(Path(f"semua.{kind}"), "xlsx", *filters))
    heni = next(row for row in cells if row["Nama Pelapor"].value == "Bu Heni")
    assert heni["Tanggal Masuk"].value == datetime(2024, 11, 23)
    assert (heni["Telepon"].value, heni["RT/RW"].value) == ("0812-0000-1021", "RT 003/RW 007")
    assert unescaped(str(heni["Uraian"].value)) == WILD


def test_days_of_receipt_and_the_scope_limit_it_both_days_included(city: LocalCity) -> None:
    def days(*more: str) -> list[str]:
        return sorted(row["Tanggal Masuk"] for row in exported(city, *more))

    assert days("--from", "2024-11-02", "--to", "2024-11-16") == ["2024-11-02", "2024-11-16"]
    assert days("--from", "17/11/2024") == ["2024-11-23", "2024-11-23"]
    assert days("--scope", "Kelurahan Cimone") == ["2024-11-23"]
    assert len(days("--scope", "Dapil 3")) == len(days("--scope", "kecamatan cipondoh")) == 3
    assert len(days("--scope", "Kota")) == 4
    assert days("--from", "2027-01-01") == []


def test_the_name_tells_what_is_in_it_and_no_file_is_ever_overwritten(city: LocalCity, say: Say) -> None:
    for _ in range(2):
        assert city.run("export", "--format", "csv", "--from", "2024-01-01", "--scope", "Kecamatan Cipondoh") == 0
    first, second = sorted(path.name for path in Path().glob("*.csv"))
    assert re.fullmatch(r"kasus-kecamatan-cipondoh-sejak-2024-01-01-dibuat-[0-9-]{10}-2\.csv", first)
    assert second == first.replace("-2.csv", ".csv") and second in say()
    Path("ada.csv").write_text("jangan ditimpa", "utf-8")
    assert city.run("export", "--output", "ada.csv") == 2
    assert "tidak ditimpa" in say() and Path("ada.csv").read_text("utf-8") == "jangan ditimpa"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ((), "--format xlsx"),
        (("--format", "pdf"), "--format xlsx"),
        (("--format", "csv", "--output", "x.xlsx"), "tidak cocok"),
        (("--format", "csv", "--from", "11/24/2026"), "--from 2026-11-24"),
        (("--format", "csv", "--from", "2024-11-24", "--to", "2024-11-01"), "tidak ada hari di antaranya"),
        (("--format", "csv", "--scope", "Gondrng"), "Mungkin maksudnya: Kelurahan Gondrong"),
        (("--format", "csv", "--scope", "Mars"), "bukan cakupan"),
    ],
)
def test_wrong_use_is_told_and_no_file_is_made(city: LocalCity, say: Say, more: tuple[str, ...], words: str) -> None:
    assert city.run("export", *more) == 2
    assert words in say()
    assert not any(Path().glob("*.*"))


def test_a_folder_that_is_not_there_is_told_and_spreadsheets_that_could_not_be_read_are_named(
    city: LocalCity, tmp_path: Path, say: Say
) -> None:
    assert city.run("export", "--output", "tidak/ada/semua.csv") == 1
    assert "tidak bisa ditulis" in say()
    copy = city.copy_to(tmp_path / "salinan")
    copy.path("Timur").unlink()
    assert copy.run("sync") == 1
    assert copy.run("export", "--output", "semua.csv") == 0
    assert "1 spreadsheet tidak terbaca" in say()


def test_on_google_it_is_one_reading_of_kendali_and_nothing_is_written(
    google: Google, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    city = City.prepared(google, tmp_path, "Benda")
    said = "+got mampet di depan musala"
    city.type(
        "Benda", "Pajang", "yati", received="23/11/2024", date_right="Ya", category="Jalan & Drainase", description=said
    )
    assert city.run("sync") == 0
    city.server.requests.clear()
    assert city.run("export", "--output", "semua.csv", "--full") == 0
    assert city.requests(city.kendali) == {"files.get": 1, "get": 1}
    assert city.server.count("batchUpdate") == 0
    (yati,) = csv_rows(Path("semua.csv"))
    assert yati["Uraian"] == f"'{said}"
