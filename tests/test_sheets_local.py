"""From a path in Sumber to local workbooks."""

from __future__ import annotations

from pathlib import Path

import pytest

from automation.sheets.local import open_local
from automation.trouble import WorkbookError
from tests.xlsx_person import make_file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    city = tmp_path / "kota"
    city.mkdir()
    for name in ("Tangerang.xlsx", "benda.XLSX", "Cipondoh.xlsx"):
        make_file(city / "x.xlsx", {"Gondrong": [["a"]]}).rename(city / name)
    for name in ("~$Cipondoh.xlsx", ".~lock.Cipondoh.xlsx#", ".Cipondoh.xlsx.kunci", ".diam.xlsx", "catatan.txt"):
        (city / name).write_text("x")
    (city / "arsip.xlsx").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    "link",
    [
        "kota/Cipondoh.xlsx",
        "kota\\Cipondoh.xlsx",
        ".\\kota\\Cipondoh.xlsx",
        ' "kota/Cipondoh.xlsx" ',
        "x/../kota/Cipondoh.xlsx",
    ],
)
def test_a_path_is_relative_to_the_folder_of_the_credentials_however_it_is_spelled(folder: Path, link: str) -> None:
    (workbook,) = open_local(link, folder)
    assert workbook.source == "kota/Cipondoh.xlsx" and workbook.read().name == "Cipondoh"
    assert workbook.link(workbook.read().tabs[0], 11) == "kota/Cipondoh.xlsx#'Gondrong'!A12"
    absolute = (folder / "kota" / "Cipondoh.xlsx").as_posix()
    (inside,) = open_local(absolute, folder)
    (outside,) = open_local(absolute, folder / "lain")
    assert (inside.source, outside.source) == ("kota/Cipondoh.xlsx", absolute)


def test_a_folder_holds_all_its_workbooks_and_nothing_else(folder: Path) -> None:
    workbooks = open_local("kota", folder)
    assert [workbook.source for workbook in workbooks] == [
        "kota/benda.XLSX",
        "kota/Cipondoh.xlsx",
        "kota/Tangerang.xlsx",
    ]
    assert all(workbook.read().tabs for workbook in workbooks)


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("kota/Pinang.xlsx", "lokal.tidak-ada"),
        ("desa", "lokal.tidak-ada"),
        ("x" * 5000 + ".xlsx", "lokal.tidak-ada"),
        ("~tidakadaorangini/Laporan.xlsx", "lokal.tidak-ada"),
        ("kota/catatan.txt", "lokal.bukan-xlsx"),
        ("kosong", "lokal.folder-kosong"),
    ],
)
def test_a_path_that_leads_to_no_workbook_is_said(folder: Path, link: str, code: str) -> None:
    (folder / "kosong").mkdir()
    with pytest.raises(WorkbookError) as caught:
        open_local(link, folder)
    assert caught.value.code == code
    assert len(str(caught.value.particulars.get("berkas", ""))) < 200


def test_a_workbook_saved_as_another_kind_reports_itself_and_stops_no_other(folder: Path) -> None:
    (folder / "kota" / "Larangan.ods").write_text("x")
    workbooks = {workbook.source: workbook for workbook in open_local("kota", folder)}
    assert len(workbooks) == 4
    with pytest.raises(WorkbookError) as caught:
        workbooks["kota/Larangan.ods"].read()
    assert caught.value.code == "lokal.bukan-xlsx"
