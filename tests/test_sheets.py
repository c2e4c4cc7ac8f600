"""From paths, csv files and changes to spreadsheets: what is read, and what it looks like afterwards."""

import csv
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from automation.model.cells import CellWrite, Link, Tab, kept_text
from automation.sheets.files import escaped, read_csv, unescaped, write_csv
from automation.sheets.local.workbook import open_local
from automation.sheets.port import Changes, NewTab, Snapshot, combined
from automation.sheets.sources import Sources
from automation.trouble import WorkbookError
from tests.xlsx_person import make_file

SEEN = Snapshot("Barat", (Tab("7", "Gondrong", [["Nama", "Telepon"], ["Yati", 812], [None, ""]]),), 3)


def rows(after: Snapshot, title: str = "Gondrong") -> list[list[object]]:
    return [list(row) for row in after.rows(title)]


def test_rows_are_appended_below_the_last_one_that_holds_anything() -> None:
    after = SEEN.after(Changes(appends={" gondrong ": [["Amir", date(2026, 11, 24), None]]}))
    # A formula whose result is an empty text holds something, too.
    assert rows(after) == [["Nama", "Telepon"], ["Yati", 812], [None, ""], ["Amir", 46350]]
    assert after.revision == 3 and rows(SEEN)[2:] == [[None, ""]], "the snapshot itself stays as it is"


def test_cells_are_written_wherever_they_are_and_what_is_emptied_at_the_end_is_gone() -> None:
    cells = [CellWrite("7", 1, 1, ""), CellWrite("7", 4, 2, "a\r\nb\x00"), CellWrite("7", 1, 0, "Sri")]
    written = [["Nama", "Telepon"], ["Sri"], [None, ""], [], [None, None, "a\nb"]]
    assert rows(SEEN.after(Changes(cells=cells))) == written
    emptied = [CellWrite("7", 1, 0, None), CellWrite("7", 1, 1, None)]
    assert rows(SEEN.after(Changes(cells=emptied))) == [["Nama", "Telepon"]]
    # A link is read as one only where it says something else than its address.
    cells = [CellWrite("7", 1, 0, Link("Buka", "https://example.org")), CellWrite("7", 1, 1, Link("https://a.org"))]
    found, bare = SEEN.after(Changes(cells=cells)).rows("Gondrong")[1]
    assert isinstance(found, Link) and found.address == "https://example.org"
    assert bare == "https://a.org" and not isinstance(bare, Link)


def test_a_new_tab_stands_at_the_end_with_its_headings_and_first_rows() -> None:
    new = NewTab("Riwayat", ("Urutan", "Waktu"), hidden=True, heading_row=1)
    after = SEEN.after(Changes((new,), {"Riwayat": [[1, "x"]]}))
    assert [tab.title for tab in after.tabs] == ["Gondrong", "Riwayat"] and after.tabs[1].hidden
    assert rows(after, "Riwayat") == [[], ["Urutan", "Waktu"], [1, "x"]]


@pytest.mark.parametrize("changes", [Changes(appends={"Petir": [["x"]]}), Changes(cells=[CellWrite("8", 0, 0, "x")])])
def test_a_tab_that_is_not_there_is_a_mistake_of_ours(changes: Changes) -> None:
    with pytest.raises(KeyError):
        SEEN.after(changes)


def test_parts_are_one_commit_and_nothing_together_is_nothing() -> None:
    one, two = Changes(cells=[CellWrite("7", 0, 0, "x")]), Changes((NewTab("Baru", ("a",)),), {"Gondrong": [["y"]]})
    both = combined(one, two, Changes())
    assert (both.new_tabs, dict(both.appends), list(both.cells)) == (two.new_tabs, two.appends, one.cells)
    assert not combined(Changes(), Changes(appends={"Gondrong": []}))


# From a path in Sumber to local workbooks


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
    (folder / "kota" / "Cipondoh.xlsx").rename(folder / "kota" / "Kec Cipondoh.xlsx")
    (copied,) = Sources(None, folder).open((folder / "kota" / "Kec Cipondoh.xlsx").as_uri())
    assert copied.source == "kota/Kec Cipondoh.xlsx"


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
        ("file://%00/Laporan.xlsx", "lokal.tidak-ada"),
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


# csv files: read_rows whatever wrote them, and written so that no program runs what stands in them


ROWS: list[list[str | None]] = [
    ["Tanggal", "Nama", "Keluhan"],
    ["24/11/2024", "Bu Nurén", "got mampet,\nair naik; bau"],
    ["25/11/2024", "B", None],
]


def written(separator: str) -> str:
    stream = StringIO(newline="")
    csv.writer(stream, delimiter=separator).writerows(ROWS)
    return stream.getvalue()


def read_rows(data: bytes) -> list[list[object]]:
    return [list(row) for row in read_csv(data, "daftar.csv").rows]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_and_separator_that_is_in_use_is_found_out(encoding: str, separator: str) -> None:
    assert read_rows(written(separator).encode(encoding)) == ROWS


def test_commas_in_sentences_are_no_separators_and_excels_own_line_about_it_is_no_row() -> None:
    text = "Nama;Keluhan\n" + "".join(f"Warga {n};got mampet, bau, banjir\n" for n in range(20))
    assert [len(row) for row in read_rows(text.encode())] == [2] * 21
    assert read_rows(b"sep=|\nNama|Keluhan, rinci\n") == [[], ["Nama", "Keluhan, rinci"]]


def test_an_unmatched_quotation_mark_swallows_nothing_and_an_encoding_that_nobody_knows_is_told() -> None:
    with pytest.raises(WorkbookError) as caught:
        read_csv(b'Nama;Keluhan\nA;got\nB;"lampu mati\nC;banjir\n', "daftar.csv")
    assert (caught.value.code, caught.value.particulars["baris"]) == ("impor.kutip", 3)
    with pytest.raises(WorkbookError, match=r"impor\.aksara"):
        read_csv(b"\xff\xfe\x00\xd8\x00", "daftar.csv")


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+62812", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'=1", "  =1", "\uff1d1+1", "=cmd|' /C calc'!A0"],
)
def test_what_could_run_as_a_formula_is_escaped_and_all_else_is_left_as_it_is(text: str) -> None:
    assert escaped(text) == f"'{text}"
    for harmless in ("", "got mampet", "-5", "-3,5", "'Aisyah", "0812-3456-7890", "a=b"):
        assert escaped(harmless) == harmless
    data = write_csv(["A", "B", "C", "D"], [[-5, date(2026, 11, 24), "-5", None]])
    assert data.decode("utf-8-sig").splitlines()[1] == '-5;"2026-11-24";"-5";""'


@given(st.text(alphabet=st.sampled_from("'=+-@\t\r\n \uff1d1a,;\"")))
def test_an_escape_can_be_taken_back(text: str) -> None:
    assert unescaped(escaped(text)) == text
    assert not escaped(text).lstrip("' ").startswith(tuple("=+@")) or escaped(text).startswith("'")


@given(st.lists(st.lists(st.text(max_size=12), min_size=2, max_size=2), min_size=1, max_size=5))
def test_what_was_written_is_read_back(rows: list[list[str]]) -> None:
    read_back = read_rows(write_csv(["Satu", "Dua"], rows))
    told = ([kept_text(cell) or None for cell in row] for row in rows)
    assert read_back == [["Satu", "Dua"], *(row if any(row) else [] for row in told)]
