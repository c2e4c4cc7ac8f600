"""Workbooks in every form that programs write them: each is read as people see it, and edited without harm."""

import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook as Book, load_workbook
from openpyxl.comments import Comment
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table

from automation.model.cells import Link
from automation.sheets.local.reading import UNCALCULATED
from automation.sheets.looks.model import Cells, Chart, ChartKind, ColumnLook, Format, Style, TabLook
from automation.sheets.port import CellWrite, Changes, NewTab
from automation.trouble import WorkbookError
from tests.operator_desk import ROOT
from tests.town import WORDS
from tests.xlsx_parts import MAIN, SHEET, TYPES, WORKBOOK, charts_in, parts, relate, replace_in, write_parts
from tests.xlsx_person import Editor, editing, make_file, opened, write

TAB = "Gondrong"
ROWS: list[list[str | None]] = [["No. Tiket", "Nama"], [None, "Ani"], [None, "Budi"]]
OLD_DAY = date(2026, 11, 24)
STRICT = {
    MAIN: "http://purl.oclc.org/ooxml/spreadsheetml/main",
    TYPES: "http://purl.oclc.org/ooxml/officeDocument/relationships",
}
LOOK = TabLook(
    TAB,
    columns=(ColumnLook(0, Style(fill="D9EAD3", bold=True), "Diisi program.", 150), ColumnLook(1, format=Format.TEXT)),
    frozen_rows=1,
    charts=(Chart("Grafik", ChartKind.BARS, Cells(TAB, 0, 0, 3), (Cells(TAB, 0, 1, 3),), ("1F6F54",), 5, 5),),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make_file(tmp_path / "Cipondoh.xlsx", {TAB: ROWS, "Petir": [["a"]]})


def rows(path: Path) -> list[list[object]]:
    return [list(row) for row in opened(path).read().tabs[0].rows]


def cells(path: Path, xml: str) -> None:
    """Let the first tab's cells be written so."""
    content = parts(path)
    content[SHEET] = re.sub(rb"(?<=<sheetData>).*(?=</sheetData>)", xml.encode(), content[SHEET], flags=re.DOTALL)
    write_parts(path, content)


def change(path: Path, part: str, how: Callable[[bytes], bytes]) -> None:
    content = parts(path)
    content[part] = how(content[part])
    write_parts(path, content)


# How a part is written


def prefixed(part: bytes) -> bytes:
    """Every name of the part with a prefix."""
    return re.sub(rb"<(/?)(?=\w)(?!\?)", rb"<\1x:", part).replace(b"xmlns=", b"xmlns:x=")


FORMS: dict[str, Callable[[bytes], bytes]] = {
    "prefixes": prefixed,
    "UTF-16": lambda part: part.decode().encode("utf-16"),
    "a byte order mark": lambda part: b"\xef\xbb\xbf" + part,
    "a document type": lambda part: b"<!DOCTYPE x>" + part,
    "comments": lambda part: part.replace(b"<row ", b"<!-- <row r='9'> --><row "),
    "CDATA": lambda part: part.replace(b"Ani", b"<![CDATA[Ani]]>"),
    "single quotes": lambda part: part.replace(b'"', b"'"),
    "line ends between tags": lambda part: part.replace(b"><", b">\r\n<"),
    "spaces in tags": lambda part: part.replace(b'="', b' = "').replace(b"<row ", b"<row\n  "),
    "rows and cells without names": lambda part: re.sub(rb'(?<=<row) r="\d+"|(?<=<c) r="\w+"', b"", part),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("everywhere", [False, True], ids=["the worksheet", "every part"])
def test_a_part_may_be_written_in_any_way(path: Path, form: Callable[[bytes], bytes], *, everywhere: bool) -> None:
    inline(path)
    content = parts(path)
    names = ["xl/workbook.xml", "xl/styles.xml", SHEET] if everywhere else [SHEET]
    write_parts(path, {name: form(part) if name in names else part for name, part in content.items()})
    assert rows(path) == [["No. Tiket", "Nama"], [None, "Ani"], [None, "Budi"]]
    workbook = opened(path)
    changes = Changes(
        new_tabs=(NewTab("Riwayat", ("Urutan",), hidden=True),),
        appends={TAB: [["RR-3", "Citra"]]},
        cells=[
            CellWrite(TAB, 1, 0, "=RR-1"),
            CellWrite(TAB, 2, 2, Link("wa", "https://wa.me/62")),
            CellWrite(TAB, 6, 0, OLD_DAY),
        ],
    )
    after = workbook.commit(changes, workbook.read())
    assert rows(path) == [list(row) for row in after.tabs[0].rows]
    assert rows(path)[1:4] == [["=RR-1", "Ani"], [None, "Budi", "wa"], ["RR-3", "Citra"]]
    assert rows(path)[6] == [46350]
    assert workbook.dress([LOOK]) > 0 and workbook.dress([LOOK]) == 0
    sheet = load_workbook(path)[TAB]
    assert [sheet[cell].value for cell in ("A2", "B2", "C3", "B4")] == ["=RR-1", "Ani", "wa", "Citra"]
    assert sheet["A2"].data_type == "s" and sheet["C3"].hyperlink.target == "https://wa.me/62"
    assert sheet["A1"].comment.text == "Diisi program." and sheet.freeze_panes == "A2"


def inline(path: Path) -> None:
    """The texts stand in their cells."""
    xml = "".join(
        f'<row r="{r}" spans="1:2">'
        + "".join(
            f'<c r="{"AB"[c]}{r}" t="inlineStr"><is><t>{value}</t></is></c>' if value else f'<c r="{"AB"[c]}{r}"/>'
            for c, value in enumerate(row)
        )
        + "</row>"
        for r, row in enumerate(ROWS, start=1)
    )
    cells(path, xml)


def test_a_workbook_in_the_strict_format_is_read_and_edited(path: Path) -> None:
    content = parts(path)
    for old, new in STRICT.items():
        content = {name: part.replace(old.encode(), new.encode()) for name, part in content.items()}
    content[WORKBOOK] = content[WORKBOOK].replace(b"<workbook ", b'<workbook conformance="strict" ')
    content[SHEET] = content[SHEET].replace(
        b"</sheetData>", b'<row r="9"><c r="A9" t="d"><v>2026-11-24</v></c></row></sheetData>'
    )
    write_parts(path, content)
    assert rows(path)[8] == [46350]
    workbook = opened(path)
    journal = NewTab("Riwayat", ("Urutan",))
    link = CellWrite(TAB, 1, 0, Link("wa", "https://wa.me/62"))
    after = workbook.commit(
        Changes((journal,), {"Riwayat": [[1]]}, [link, CellWrite(TAB, 2, 0, OLD_DAY)]), workbook.read()
    )
    assert after.tabs[0].rows[1:3] == (("wa", "Ani"), (46350, "Budi"))
    assert workbook.dress([LOOK]) > 0 and workbook.dress([LOOK]) == 0
    assert [chart.title for chart in charts_in(path, TAB)] == ["Grafik"]
    written = {
        name: part for name, part in parts(path).items() if content.get(name) != part and name != "[Content_Types].xml"
    }
    usual = [
        name
        for name, part in written.items()
        if re.search(rb"schemas.openxmlformats.org/(spread|officeD|drawing)", part)
    ]
    assert not usual, "one file is in one format"


def test_a_file_of_another_language_of_xml_is_refused_rather_than_read_as_empty(path: Path) -> None:
    for part in (WORKBOOK, SHEET):
        replace_in(path, part, MAIN, "urn:lain")
    with pytest.raises(WorkbookError, match=r"lokal\.rusak"):
        opened(path).read()


class Pipe(BytesIO):
    """In which nothing can be gone back to: sizes stand behind the parts of a zip that is written into it."""

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        raise OSError

    def seek(self, *_: object) -> int:
        raise OSError


@pytest.mark.parametrize("stream", [BytesIO(), Pipe()], ids=["of the large kind", "with sizes behind"])
def test_a_zip_of_the_large_kind_or_with_sizes_behind_its_parts_is_read_and_edited(path: Path, stream: BytesIO) -> None:
    content = parts(path)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in content.items():
            with archive.open(name, "w", force_zip64=not isinstance(stream, Pipe)) as entry:
                entry.write(part)
    path.write_bytes(stream.getvalue())
    write(path, 1, 0, "RR-1")
    assert rows(path)[1] == ["RR-1", "Ani"]
    assert {**parts(path), SHEET: b""} == {**content, SHEET: b""}
    assert zipfile.ZipFile(path).testzip() is None


@pytest.mark.parametrize("lost", ["xl/styles.xml", "xl/sharedStrings.xml", "xl/comments", "vml"])
def test_a_part_that_is_referred_to_and_not_there_stops_nothing(path: Path, lost: str) -> None:
    with editing(path) as book:
        book[TAB]["B1"].comment = Comment("Nama lengkap", "Ani")
    relate(path, WORKBOOK, "sharedStrings", "xl/sharedStrings.xml", f'<sst xmlns="{MAIN}"/>')
    content = parts(path)
    assert any(lost in name for name in content)
    write_parts(path, {name: part for name, part in content.items() if lost not in name})
    assert rows(path)[1] == [None, "Ani"]
    workbook = opened(path)
    assert workbook.dress([LOOK]) > 0 and workbook.dress([LOOK]) == 0
    assert write(path, 1, 0, OLD_DAY).tabs[0].rows[1] == (46350, "Ani")
    types = re.findall(rb'PartName="[^"]*"', parts(path)["[Content_Types].xml"])
    assert len(types) == len(set(types))


# Rows


def test_a_tab_without_any_cells_takes_some(path: Path) -> None:
    change(path, SHEET, lambda part: re.sub(rb"<sheetData>.*</sheetData>", b"<sheetData/>", part))
    workbook = opened(path)
    after = workbook.commit(Changes(appends={TAB: [["a"], ["b"]]}), workbook.read())
    assert after.tabs[0].rows == (("a",), ("b",))


def test_rows_find_their_place_between_others(path: Path) -> None:
    cells(path, '<row r="2" spans="1:1"><c r="A2"><v>2</v></c></row><row r="7"><c r="C7"><v>7</v></c></row>')
    for row, column in ((0, 0), (4, 1), (6, 0), (6, 3), (8, 0), (1, 1)):
        write(path, row, column, "x")
    sheet = parts(path)[SHEET]
    assert [int(number) for number in re.findall(rb'<row r="(\d+)"', sheet)] == [1, 2, 5, 7, 9]
    assert re.findall(rb'<c r="(\w+)"', sheet) == [b"A1", b"A2", b"B2", b"B5", b"A7", b"C7", b"D7", b"A9"]
    assert rows(path) == [["x"], [2, "x"], [], [], [None, "x"], [], ["x", None, 7, "x"], [], ["x"]]


def test_rows_out_of_order_are_read_and_written_where_they_belong(path: Path) -> None:
    cells(path, '<row r="3"><c r="B3"><v>3</v></c><c r="A3"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>')
    assert rows(path) == [[1], [], [1, 3]]
    assert write(path, 2, 0, "x").tabs[0].rows == ((1,), (), ("x", 3))
    assert write(path, 1, 0, "y").tabs[0].rows == ((1,), ("y",), ("x", 3))


def test_a_literal_escape_in_a_text_is_kept_as_it_was_typed_and_the_extent_of_the_tab_grows(path: Path) -> None:
    text = "baris_x000D_lain _x005F_ _x0041_"
    assert write(path, 1, 0, text).tabs[0].rows[1] == (text, "Ani")
    assert write(path, 9, 5, "x").tabs[0].rows[1] == (text, "Ani"), "and stops no later commit"
    assert b'<dimension ref="A1:F10"' in parts(path)[SHEET]


# Formulas


def calculated(path: Path, **formulas: str) -> None:
    """Formulas with a result, which is 41 each."""
    with editing(path) as book:
        for place, formula in formulas.items():
            book[TAB][place] = formula
    change(path, SHEET, lambda part: re.sub(rb"</f><v ?/>", b"</f><v>41</v>", part))


@pytest.mark.parametrize(
    "formula", ['="abc', "=A1#", "=Tabel[Kolom]", "=@A1", "=A1:INDEX(A:A,1)", "=Nama", "=X", "=A1)"]
)
def test_a_formula_that_is_not_understood_depends_on_everything_and_stops_nothing(path: Path, formula: str) -> None:
    calculated(path, D1=formula, D2="=B2")
    after = write(path, 2, 0, "x")
    assert after.tabs[0].rows[0][3] == UNCALCULATED and after.tabs[0].rows[1][3] == 41
    assert f"<f>{formula[1:]}</f>".encode() in parts(path)[SHEET].replace(b"&quot;", b'"')


@pytest.mark.parametrize("formula", ['=SUMIF(B1:B3,"Ani",A1)', '=averageif(B1:B3,"Ani",A1:A2)', "=SUMIF(B:B,D1,A1)"])
def test_a_sum_reads_as_many_cells_as_it_looks_through(path: Path, formula: str) -> None:
    calculated(path, D1='=SUMIF(A1:A2,"x",A1)', E1=formula)
    assert write(path, 2, 0, "x").tabs[0].rows[0][3:] == (41, UNCALCULATED)


def test_results_in_other_tabs_that_depend_on_a_written_cell_are_gone(path: Path) -> None:
    with editing(path) as book:
        book["Petir"]["A1"], book["Petir"]["A2"], book["Petir"]["A3"] = f"={TAB}!A2", "=A1+1", f"=COUNTA('{TAB}'!B:B)"
    change(path, "xl/worksheets/sheet2.xml", lambda part: re.sub(rb"</f><v ?/>", b"</f><v>41</v>", part))
    assert opened(path).read().tabs[1].rows == ((41,), (41,), (41,))
    assert write(path, 1, 0, "x").tabs[1].rows == ((UNCALCULATED,), (UNCALCULATED,), (41,))
    assert b'fullCalcOnLoad="1"' in parts(path)[WORKBOOK]


def test_cells_that_share_a_formula_keep_it_when_the_first_of_them_is_written_over(path: Path) -> None:
    cells(
        path,
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f t="shared" ref="B1:B3" si="0">$A1*2+A$1</f><v>41</v></c></row>'
        '<row r="2"><c r="A2"><v>2</v></c><c r="B2"><f t="shared" si="0"/><v>42</v></c></row>'
        '<row r="3"><c r="A3"><v>3</v></c><c r="B3"><f t="shared" si="0"/><v>43</v></c></row>',
    )
    assert write(path, 1, 0, 20).tabs[0].rows == ((1, 41), (20, UNCALCULATED), (3, 43))
    assert write(path, 0, 1, "x").tabs[0].rows == ((1, "x"), (20, UNCALCULATED), (3, 43))
    sheet = load_workbook(path)[TAB]
    assert [sheet[cell].value for cell in ("B1", "B2", "B3")] == ["x", "=$A2*2+A$1", "=$A3*2+A$1"]


def test_all_cells_that_show_the_results_of_one_formula_lose_them(path: Path) -> None:
    cells(
        path,
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1" cm="1"><f t="array" ref="B1:B3">A1:A3*2</f><v>2</v></c></row>'
        '<row r="2"><c r="A2"><v>2</v></c><c r="B2"><v>4</v></c><c r="C2"><f>B2</f><v>4</v></c></row>'
        '<row r="3"><c r="B3"><v>0</v></c><c r="C3"><f>A1</f><v>1</v></c></row>',
    )
    gone = UNCALCULATED
    assert write(path, 1, 0, 20).tabs[0].rows == ((1, gone), (20, gone, gone), (None, gone, 1))
    assert opened(path).read().tabs[0].rows == ((1, gone), (20, gone, gone), (None, gone, 1))
    assert write(path, 1, 1, None).tabs[0].rows[1] == (20, gone, gone), "the formula will show something there again"
    assert write(path, 2, 1, "x").tabs[0].rows[2] == (None, "x", 1)


def test_results_go_in_whatever_form_a_cell_shows_them(path: Path) -> None:
    cells(
        path,
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f t="array" ref="B1:B3">A1:A3</f><v>1</v></c></row>'
        '<row r="2"><c r="A2"/><c r="B2" t="inlineStr"><is><t>Ani</t></is></c></row>'
        '<row r="3"><c r="A3"/><c r="B3" t="str"><v>Ani</v></c></row>',
    )
    gone = UNCALCULATED
    assert write(path, 1, 0, "Budi").tabs[0].rows == ((1, gone), ("Budi", gone), (None, gone))


def test_a_formula_for_many_cells_that_nothing_has_worked_out_is_written_over(path: Path) -> None:
    cells(path, '<row r="1"><c r="A1"><f t="array" ref="A1:B2">D1:E2</f></c></row><row r="2"><c r="B2"/></row>')
    assert rows(path) == [[UNCALCULATED, UNCALCULATED], [UNCALCULATED, UNCALCULATED]]
    assert write(path, 0, 0, "RR-1").tabs[0].rows == (("RR-1",),)


def test_the_order_of_calculation_goes_when_a_formula_was_written_over(path: Path) -> None:
    calculated(path, D1="=B1", D2="=B2")
    relate(path, WORKBOOK, "calcChain", "xl/calcChain.xml", f'<calcChain xmlns="{MAIN}"><c r="D1" i="1"/></calcChain>')
    override = '<Override PartName="/xl/calcChain.xml" ContentType="application/xml"/></Types>'
    replace_in(path, "[Content_Types].xml", "</Types>", override)
    write(path, 1, 0, "x")
    assert "xl/calcChain.xml" in parts(path)
    write(path, 0, 3, "x")
    assert "xl/calcChain.xml" not in parts(path)
    assert not any(b"calcChain" in part for part in parts(path).values())


# Tables, filters, links


@pytest.mark.parametrize(("ends", "after"), [((3, 1), (5, 2)), ((5, 3), (6, 4))], ids=["full", "with rows to spare"])
def test_a_table_and_a_filter_take_in_the_rows_that_are_appended_beyond_their_end(
    path: Path, ends: tuple[int, int], after: tuple[int, int]
) -> None:
    with editing(path) as book:
        book[TAB].add_table(Table(displayName="Laporan", ref=f"A1:B{ends[0]}", autoFilter=None))
        book["Petir"].auto_filter.ref = f"A1:A{ends[1]}"
    more = 2 if ends[0] == 3 else 3
    appended = Changes(appends={TAB: [["x", "y"]] * more, "Petir": [["b"]] * (after[1] - 1)})
    opened(path).commit(appended, opened(path).read())
    book = load_workbook(path)
    assert book[TAB].tables["Laporan"].ref == f"A1:B{after[0]}"
    assert book["Petir"].auto_filter.ref == f"A1:A{after[1]}"
    assert f"'Petir'!$A$1:$A${after[1]}".encode() in parts(path)[WORKBOOK]
    write(path, 20, 0, "jauh di bawah")
    assert load_workbook(path)[TAB].tables["Laporan"].ref == f"A1:B{after[0]}"


def test_a_link_over_several_cells_stays_with_those_that_were_not_written(path: Path) -> None:
    with editing(path) as book:
        link = Hyperlink(ref="A2", target="https://peta.example/")
        book[TAB]["A2"].hyperlink = link
        link.ref = "A2:B3"
    before = opened(path).read().tabs[0].rows
    assert [isinstance(row[1], Link) for row in before[1:]] == [True, True]
    after = write(path, 1, 0, Link("wa", "https://wa.me/62")).tabs[0].rows
    assert [getattr(cell, "address", None) for row in after[1:] for cell in row] == [
        "https://wa.me/62",
        "https://peta.example/",
        None,
        "https://peta.example/",
    ]
    for row in (1, 2):
        for column in (0, 1):
            write(path, row, column, "teks")
    assert b"hyperlink" not in parts(path)[SHEET]
    assert not any(b"hyperlink" in part for name, part in parts(path).items() if name.endswith(".rels"))


# Calendars and styles


def test_dates_of_the_calendar_of_old_macs_are_written_right_into_any_cell(path: Path) -> None:
    book = Book()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.worksheets[0]
    sheet.title = TAB
    sheet.append(["Tanggal", OLD_DAY])
    book.save(path)
    for row, column in ((1, 0), (0, 1), (0, 2)):
        assert write(path, row, column, OLD_DAY).tabs[0].rows[row][column] == 46350
    assert write(path, 0, 1, 46351).tabs[0].rows[0][1] == 46351
    assert load_workbook(path)[TAB]["A2"].value.date() == OLD_DAY


def test_a_workbook_without_styles_gets_some(path: Path) -> None:
    content = parts(path)
    del content["xl/styles.xml"]
    rels = "xl/_rels/workbook.xml.rels"
    content[rels] = re.sub(rb"<Relationship [^>]*/styles\"[^>]*/>", b"", content[rels])
    content["[Content_Types].xml"] = re.sub(rb"<Override [^>]*styles.xml[^>]*/>", b"", content["[Content_Types].xml"])
    write_parts(path, content)
    write(path, 1, 0, OLD_DAY)
    assert load_workbook(path)[TAB]["A2"].number_format == "dd/mm/yyyy"
    assert opened(path).dress([LOOK]) > 0 and opened(path).dress([LOOK]) == 0


def test_styles_are_added_at_the_end_and_each_only_once(path: Path) -> None:
    Editor(path).edit(lambda book: setattr(book[TAB]["A2"], "number_format", "0.00"))
    write(path, 1, 0, OLD_DAY)
    once = parts(path)["xl/styles.xml"]
    write(path, 2, 0, "=1")
    write(path, 1, 0, OLD_DAY)
    for row in (1, 2):
        write(path, row, 0, OLD_DAY)
    count = [int(re.search(rb'<cellXfs count="(\d+)"', part)[1]) for part in (once, parts(path)["xl/styles.xml"])]  # type: ignore[index]
    assert count[1] - count[0] == 2, "one of text like a formula, one of a date in such a cell"


# What is larger than any spreadsheet


def huge(path: Path) -> None:
    """A row of 200 MB in a file of 0.2 MB."""
    content = parts(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, part in content.items():
            if name != SHEET:
                archive.writestr(name, part)
        with archive.open(SHEET, "w") as stream:
            before, _, after = content[SHEET].partition(b"<sheetData>")
            stream.write(before + b'<sheetData><row r="1">')
            for _ in range(200):
                stream.write(b"<c/>" * 250_000)
            stream.write(b"</row></sheetData>" + after.partition(b"</sheetData>")[2])


BOMBS: dict[str, Callable[[Path], None]] = {
    "a row of 200 MB": huge,
    "a row beyond the last": lambda path: cells(path, '<row r="999999999"><c><v>1</v></c></row>'),
    "a row beyond the last, without a number": lambda path: cells(path, '<row r="1048576"/><row><c><v>1</v></c></row>'),
    "a cell beyond the last column": lambda path: cells(path, '<row r="1"><c r="XFE1"><v>1</v></c></row>'),
    "a row of two million cells": lambda path: cells(path, f'<row r="1">{"<c/>" * 2_000_001}</row>'),
    "rows that are all as wide as can be": lambda path: cells(path, '<row><c r="XFD1"><v>1</v></c></row>' * 50_000),
    "a formula whose results fill the tab": lambda path: cells(
        path, '<row r="1"><c r="A1"><f t="array" ref="A1:XFD1048576">1</f><v>1</v></c></row>'
    ),
    "texts without end": lambda path: relate(
        path, WORKBOOK, "sharedStrings", "xl/sharedStrings.xml", f"<sst>{'<si/>' * 2_000_001}</sst>"
    ),
    "styles without end": lambda path: change(
        path, WORKBOOK, lambda part: part.replace(b"<sheets>", b"<a/>" * 2_000_001 + b"<sheets>")
    ),
}


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system does not tell the memory used")
def test_what_is_larger_than_any_spreadsheet_is_said_before_it_takes_the_memory(tmp_path: Path) -> None:
    """In a process of its own, whose memory is measured."""
    for name, bomb in BOMBS.items():
        bomb(make_file(tmp_path / f"{name}.xlsx", {TAB: ROWS}))
    code = f"""
from pathlib import Path
from automation.sheets.local.workbook import XlsxWorkbook
from automation.trouble import WorkbookError
for path in Path({str(tmp_path)!r}).glob("*.xlsx"):
    try:
        XlsxWorkbook(path, "x").read()
    except WorkbookError as error:
        print(error.code, Path(error.particulars["berkas"]).stem)
status = Path("/proc/self/status").read_text()
print(int(status.partition("VmHWM:")[2].split()[0]) // 1024)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    *said, memory = done.stdout.splitlines()
    assert sorted(said) == sorted(f"lokal.terlalu-besar {name}" for name in BOMBS)
    assert int(memory) < 300
    assert "x.xlsx" in WORDS.say("lokal.terlalu-besar", berkas="x.xlsx", batas=128)
