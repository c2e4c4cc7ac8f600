"""What a local workbook does beyond the promises of every `Workbook`: values, looks, links and formulas."""

import gc
import os
import re
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from openpyxl import load_workbook
from openpyxl.styles import PatternFill
from openpyxl.utils.cell import rows_from_range
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from automation.model.cells import CellError, Link, Part
from automation.sheets.local import areas, files, package, reading, references, workbook as workbook_of, worksheet
from automation.sheets.local.reading import UNCALCULATED
from automation.sheets.local.workbook import XlsxWorkbook
from automation.sheets.port import CellWrite, Changes, NewTab, ReadRequest, Tab
from automation.trouble import WorkbookError
from tests.office.desk import file_of
from tests.town import TUESDAY
from tests.xlsx_parts import MAIN, SHEET, WORKBOOK, parts, relate, replace_in, write_parts
from tests.xlsx_person import Editor, editing, make_file, opened, write

TAB = "Gondrong"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "Kecamatan Cipondoh.xlsx"


def sheet_of(path: Path, title: str = TAB) -> Worksheet:
    return load_workbook(path)[title]


# Values


def test_a_time_of_day_is_the_fraction_of_a_day(path: Path) -> None:
    make_file(path, {TAB: [[datetime(2026, 11, 24, 6, 0), date(2026, 11, 24)]]})
    Editor(path).edit(lambda book: book[TAB].__setitem__("C1", time(18, 0)))
    assert opened(path).read().tabs[0].rows == ((46350.25, 46350, 0.75),)


def test_a_phone_number_typed_into_a_date_column_is_still_there_after_a_commit(path: Path) -> None:
    make_file(path, {TAB: [["Telepon"], [date(2026, 1, 1)]]})
    replace_in(path, SHEET, "<v>46023</v>", "<v>81234567890</v>")
    after = write(path, 0, 1, "x")
    assert after.tabs[0].rows[1] == (81234567890,)
    assert "<v>81234567890</v>" in parts(path)[SHEET].decode()


@pytest.mark.parametrize("number", ["46023.512345678912", "0.1", "-1.7976931348623157E+308", "198001012006041001"])
def test_a_number_keeps_all_its_digits(path: Path, number: str) -> None:
    make_file(path, {TAB: [["Waktu"], [datetime(2026, 1, 1, 12, 0)]]})
    replace_in(path, SHEET, "<v>46023.5</v>", f"<v>{number}</v>")
    (value,) = write(path, 0, 1, "x").tabs[0].rows[1]
    assert value == (int(number) if number.isdigit() else float(number))


def test_line_ends_escapes_empty_texts_and_a_smaller_extent_are_read_as_people_see_them(path: Path) -> None:
    make_file(path, {TAB: [["a", "PENANDA"], ["c", "d"]]})
    replace_in(path, SHEET, '<dimension ref="A1:B2"', '<dimension ref="A1"')
    replace_in(path, SHEET, "PENANDA", "satu_x000D_&#10;dua _x005F_x0041_ tiga_x0007_")
    assert opened(path).read().tabs[0].rows == (("a", "satu\ndua _x0041_ tiga"), ("c", "d"))
    path.write_bytes(file_of({TAB: [["a", "", "c"]]}))  # as some programs write a cell that somebody has emptied
    assert opened(path).read().tabs[0].rows == (("a", None, "c"),)
    assert write(path, 0, 3, "d").tabs[0].rows == (("a", None, "c", "d"),)


def test_cells_as_other_programs_write_them_are_read_as_people_see_them(path: Path) -> None:
    make_file(path, {TAB: [["PENANDA"]]})
    cells = (
        '<row><c t="inlineStr"><is><r><t>satu </t></r><r><t>dua</t></r><rPh><t>SATU</t></rPh></is></c>'
        '<c/><c t="d"><v>2026-11-24T06:00:00</v></c><c t="b"><v>1</v></c><c t="e"><v>#REF!</v></c></row>'
        '<row r="4"><c r="B4"><v>1E3</v></c><c r="C4" t="str"><f>A1</f><v></v></c><c r="D4"><f>A1</f></c></row>'
    )
    sheet = parts(path)[SHEET].decode()
    replace_in(path, SHEET, sheet[sheet.index("<row") : sheet.index("</sheetData>")], cells)
    first, *empty, last = opened(path).read().tabs[0].rows
    assert first == ("satu dua", None, 46350.25, True, CellError("#REF!"))
    assert (empty, last) == ([(), ()], (None, 1000.0, "", UNCALCULATED))


def test_text_of_excels_full_length_is_written_and_longer_text_is_refused(path: Path) -> None:
    make_file(path, {TAB: [["a"]]})
    longest = "x" * 32_765 + "🙏"  # an emoji counts twice
    assert write(path, 1, 0, longest).tabs[0].rows[1] == (longest,)
    before = path.read_bytes()
    with pytest.raises(WorkbookError) as caught:
        write(path, 1, 0, longest + "x")
    assert caught.value.code == "lokal.teks-terlalu-panjang"
    assert path.read_bytes() == before


@pytest.mark.long
def test_a_tab_of_fifty_thousand_rows_is_read_and_written(path: Path) -> None:
    make_file(path, {TAB: [["No. Tiket"], *([n] for n in range(1, 50_000))]})
    after = write(path, 49_999, 1, "RR-1")
    assert len(after.tabs[0].rows) == 50_000
    assert after.tabs[0].rows[49_999] == (49_999, "RR-1")


# Formulas


def formulas(path: Path) -> None:
    """Four that some program has worked out."""
    make_file(path, {TAB: [["No. Tiket", 2, 3, "teks", "a & b", True, 7, 8, 9]]})
    worked_out = {
        "F1": ('IF(B1>9,"x","")', ' t="str"', ""),
        "G1": ("B1+C1", "", "5"),
        "H1": ('A1&"!"', ' t="str"', "No. Tiket!"),
        "I1": ("H1&G1", ' t="str"', "No. Tiket!5"),
    }
    with editing(path) as book:
        for cell, (formula, *_) in worked_out.items():
            book[TAB][cell] = f"={formula}"
    for cell, (formula, kind, result) in worked_out.items():
        text = escape(formula)
        replace_in(
            path, SHEET, f'<c r="{cell}"><f>{text}</f><v />', f'<c r="{cell}"{kind}><f>{text}</f><v>{result}</v>'
        )


def test_a_result_that_still_holds_survives_a_commit_and_one_that_may_have_changed_is_no_empty_cell(path: Path) -> None:
    formulas(path)
    assert opened(path).read().tabs[0].rows[0][5:] == ("", 5, "No. Tiket!", "No. Tiket!5")
    assert write(path, 1, 0, "RR-1").tabs[0].rows[0][5:] == ("", 5, "No. Tiket!", "No. Tiket!5")
    assert write(path, 0, 0, "Nomor").tabs[0].rows[0][5:] == ("", 5, UNCALCULATED, UNCALCULATED)
    assert (sheet_of(path)["H1"].value, sheet_of(path)["I1"].value) == ('=A1&"!"', "=H1&G1")


def test_a_formula_that_nothing_has_worked_out_is_no_empty_cell_and_the_robots_own_is_written_over(path: Path) -> None:
    make_file(path, {TAB: [["No. Tiket"]]})
    Editor(path).edit(lambda book: book[TAB].__setitem__("A2", "=1+1"))
    assert opened(path).read().tabs[0].rows == (("No. Tiket",), (UNCALCULATED,))
    assert isinstance(UNCALCULATED, CellError)
    assert write(path, 1, 0, "RR-1").tabs[0].rows == (("No. Tiket",), ("RR-1",))
    assert Editor(path).formulas(TAB) == []


@pytest.mark.parametrize(
    "formula", ['=INDIRECT("A"&1)', "=OFFSET(B1,0,-1)", "=Daftar", "=SUM(A:A)", "=SUM(1:1)", "='Gondrong'!A1", "=$A$1"]
)
def test_a_formula_that_may_read_a_written_cell_loses_its_result(path: Path, formula: str) -> None:
    make_file(path, {TAB: [["a", "b"], [None, None, 1]]})
    Editor(path).edit(lambda book: book[TAB].__setitem__("C2", formula))
    replace_in(path, SHEET, "</f><v />", "</f><v>41</v>")
    assert opened(path).read().tabs[0].rows[1] == (None, None, 41)
    assert write(path, 0, 0, "baru").tabs[0].rows[1] == (None, None, UNCALCULATED)


@pytest.mark.parametrize("formula", ["=A{above}+1", "=A{below}+1"])
def test_formulas_that_go_on_from_one_another_are_each_looked_at_once_or_twice(
    path: Path, monkeypatch: pytest.MonkeyPatch, formula: str
) -> None:
    make_file(path, {TAB: [[1]] * 302})
    with editing(path) as book:
        for row in range(2, 302):
            book[TAB][f"A{row}"] = formula.format(above=row - 1, below=row + 1)
    looked: list[object] = []
    told = references.bisect_left
    monkeypatch.setattr(references, "bisect_left", lambda *where: looked.append(1) or told(*where))  # type: ignore[func-returns-value]
    after = write(path, 301 if "below" in formula else 0, 0, 2)
    assert [row[0] for row in after.tabs[0].rows].count(UNCALCULATED) == 300 and len(looked) <= 1500


# Looks


def test_text_like_a_formula_stays_text_and_a_date_is_shown_as_indonesians_write_it_unless_people_chose_another_way(
    path: Path,
) -> None:
    make_file(path, {TAB: [["a", "b"]]})
    Editor(path).edit(lambda book: setattr(book[TAB]["B1"], "number_format", "d mmmm yyyy"))
    for row, column, value in ((0, 0, date(2026, 11, 24)), (0, 1, date(2026, 11, 24)), (1, 0, "=1+1")):
        write(path, row, column, value)
    sheet = sheet_of(path)
    assert [sheet[cell].number_format for cell in ("A1", "B1")] == ["dd/mm/yyyy", "d mmmm yyyy"]
    assert sheet["A2"].quotePrefix and "<f>" not in parts(path)[SHEET].decode(), "also when somebody edits it"


def test_colours_that_people_gave_a_cell_stay_and_rows_are_appended_below_what_is_filled_in(path: Path) -> None:
    make_file(path, {TAB: [["a", "b"]]})
    with editing(path) as book:
        for cell in ("A1", "B1", "A500"):
            book[TAB][cell].fill = PatternFill("solid", "FFCC00")
    write(path, 0, 0, "baru")
    write(path, 0, 1, None)
    sheet = sheet_of(path)
    assert [sheet[cell].fill.fgColor.rgb for cell in ("A1", "B1")] == ["00FFCC00", "00FFCC00"]
    after = opened(path).commit(Changes(appends={TAB: [["c"]]}), opened(path).read())
    assert after.tabs[0].rows == (("baru",), ("c",))


def test_a_robot_cell_hidden_in_a_merged_range_is_taken_out_of_it(path: Path) -> None:
    make_file(path, {TAB: [["a", "b"], ["c", None], ["d", "e"]]})
    Editor(path).edit(lambda book: book[TAB].merge_cells("A2:B2"))
    after = write(path, 1, 1, "RR-1")
    assert after.tabs[0].rows == (("a", "b"), ("c", "RR-1"), ("d", "e"))
    assert not sheet_of(path).merged_cells.ranges


def test_a_range_merged_in_each_row_is_looked_at_in_its_own_row_only(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_file(path, {TAB: [["a", "b", "c"]] * 300})
    Editor(path).edit(lambda book: [book[TAB].merge_cells(f"C{row}:D{row}") for row in range(1, 301)])
    looked: list[object] = []
    told = areas.overlap
    monkeypatch.setattr(worksheet, "overlap", lambda *sides: looked.append(1) or told(*sides))  # type: ignore[func-returns-value]
    seen = opened(path).read()
    opened(path).commit(Changes(cells=[CellWrite(TAB, row, 0, "RR-1") for row in range(300)]), seen)
    assert len(looked) == 300 and len(sheet_of(path).merged_cells.ranges) == 300


# Links


def test_a_link_to_a_row_of_another_workbook_opens_that_row(path: Path) -> None:
    make_file(path, {TAB: [["a"]], "Poris Jaya '26": [["b"]]})
    workbook = opened(path, path.parent)
    address = workbook.link(workbook.read().tabs[1], 11)
    assert address == "Kecamatan Cipondoh.xlsx#'Poris Jaya ''26'!A12"
    assert write(path, 1, 0, Link(address)).tabs[0].rows[1] == (address,)
    link = sheet_of(path)["A2"].hyperlink
    assert link is not None
    assert (link.target, link.location) == ("Kecamatan%20Cipondoh.xlsx", "'Poris Jaya ''26'!A12")


def test_only_what_opens_or_dials_is_a_link_and_text_in_its_place_is_none_any_more(path: Path) -> None:
    make_file(path, {TAB: [["a"]]})
    texts = ("https://example.org/", "javascript:alert(1)", "Cipondoh.xlsx#'A'!A1", Link("javascript:alert(1)"))
    for row, text in enumerate(texts, start=1):
        write(path, row, 0, text)
        assert sheet_of(path).cell(row + 1, 1).hyperlink is None
    for link in (Link("https://example.org/?a=1&b=2#A12"), Link("Telepon (021) 5512345", "tel:+62215512345")):
        after = write(path, 1, 0, link)
        shown = sheet_of(path)["A2"].hyperlink
        assert shown is not None and shown.target == link.address
        assert getattr(after.tabs[0].rows[1][0], "address", link.address) == link.address
        write(path, 1, 0, "RR-1")
        assert sheet_of(path)["A2"].hyperlink is None


def test_a_link_of_peoples_own_is_read_where_it_leads_and_stays(path: Path) -> None:
    """Also one over several cells, and one to a place in the file, which is nobody's business."""
    make_file(path, {TAB: [["a", "peta"], ["b", "peta"], ["c", "sini"]]})
    with editing(path) as book:
        sheet = book[TAB]
        link = Hyperlink(ref="B1", target="https://peta.example/?q=1")
        sheet["B1"].hyperlink = link
        link.ref = "B1:B2"  # a cell names itself when it is given its link
        sheet["B3"].hyperlink = Hyperlink(ref="B3", location="'Gondrong'!A1")
    for after in (opened(path).read(), write(path, 3, 0, "d"), opened(path).read()):
        cells = [row[1] for row in after.tabs[0].rows[:3]]
        assert cells == ["peta", "peta", "sini"]
        assert [cell.address for cell in cells if isinstance(cell, Link)] == ["https://peta.example/?q=1"] * 2
        assert not isinstance(cells[2], Link)


def test_a_link_that_has_lost_its_address_gets_none_of_ours(path: Path) -> None:
    make_file(path, {TAB: [["a", "peta"], ["b"]]})
    with editing(path) as book:
        book[TAB]["B1"].hyperlink = Hyperlink(ref="B1", target="https://peta.example/")
    write_parts(path, {name: data for name, data in parts(path).items() if "sheet1.xml.rels" not in name})
    write(path, 1, 1, Link("Kabari", "https://wa.me/62812?text=1"))
    assert [getattr(row[1], "address", None) for row in opened(path).read().tabs[0].rows] == [
        None,
        "https://wa.me/62812?text=1",
    ]


def test_links_that_all_change_at_once_cost_no_more_than_each_alone(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another name of the organisation changes all letters."""
    make_file(path, {TAB: [["a"]] * 300})

    def written(address: str) -> int:
        looked: list[object] = []
        told = areas.overlap
        for module in (areas, references):
            monkeypatch.setattr(module, "overlap", lambda *sides: looked.append(1) or told(*sides))  # type: ignore[func-returns-value]
        seen = opened(path).read()
        cells = [CellWrite(TAB, row, 0, Link("a", address)) for row in range(300)]
        after = opened(path).commit(Changes(cells=cells), seen)
        monkeypatch.undo()
        assert {getattr(row[0], "address", None) for row in after.tabs[0].rows} == {address}
        return len(looked)

    assert written("https://a.example/") <= 300
    assert written("https://b.example/") <= 300


def test_links_of_which_half_change_look_for_free_ids_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_file(path, {TAB: [["a"]] * 300})
    tried: list[int] = []
    numbers = package.count
    monkeypatch.setattr(package, "count", lambda first: (tried.append(one) or one for one in numbers(first)))  # type: ignore[func-returns-value]
    for many in (300, 150):
        seen = opened(path).read()
        cells = [CellWrite(TAB, row, 0, Link("a", f"https://a.example/{many}")) for row in range(many)]
        opened(path).commit(Changes(cells=cells), seen)
    assert len(tried) < 1000


def test_a_link_over_empty_cells_leaves_them_empty_and_stays(path: Path) -> None:
    make_file(path, {TAB: [["a", "peta"], ["b"]]})
    with editing(path) as book:
        link = Hyperlink(ref="B1", target="https://peta.example/")
        book[TAB]["B1"].hyperlink = link
        link.ref = "B1:C3"
    after = write(path, 1, 0, "c")
    assert after.tabs[0].rows == (("a", "peta"), ("c",))
    assert write(path, 1, 1, "d").tabs[0].rows == (("a", "peta"), ("c", "d"))
    refs = re.findall(r'<hyperlink [^>]*ref="([A-Z0-9:]+)"', parts(path)[SHEET].decode())
    cells = [cell for ref in refs for row in rows_from_range(ref) for cell in row]
    assert sorted(cells) == ["B1", "B3", "C1", "C2", "C3"], "text that the robot wrote leads nowhere"


def test_a_link_outside_its_base_folder_still_leads_to_the_file(path: Path, tmp_path: Path) -> None:
    make_file(path, {TAB: [["a"]]})
    workbook = XlsxWorkbook(path, path.name, base=tmp_path / "kendali")
    assert workbook.link(workbook.read().tabs[0], 0) == "../Kecamatan Cipondoh.xlsx#'Gondrong'!A1"
    assert XlsxWorkbook(path, "x").link(workbook.read().tabs[0], 0).startswith(path.as_posix())


# Making a file


def test_a_new_file_holds_one_empty_tab_and_one_that_is_there_is_never_made_anew(path: Path) -> None:
    workbook = XlsxWorkbook.create(path, path.name, tab=TAB)
    assert [(tab.title, tab.rows) for tab in workbook.read().tabs] == [(TAB, ())]
    before = path.read_bytes()
    with pytest.raises(WorkbookError, match=r"lokal\.sudah-ada"):
        XlsxWorkbook.create(path)
    assert path.read_bytes() == before
    workbook = XlsxWorkbook.create(path.with_name("kosong.xlsx"))
    seen = workbook.read()
    assert [tab.rows for tab in seen.tabs] == [()]
    assert workbook.commit(Changes(new_tabs=(NewTab("Pengaturan", ("a",)),)), seen).tab("Pengaturan") is not None


@pytest.mark.parametrize("title", ["", "x" * 32, "RT/RW", "a:b"])
def test_a_tab_with_an_impossible_title_is_refused(path: Path, title: str) -> None:
    make_file(path, {TAB: [["a"]]})
    workbook = opened(path)
    with pytest.raises(WorkbookError) as caught:
        workbook.commit(Changes(new_tabs=(NewTab(title, ("a",)),)), workbook.read())
    assert caught.value.code == "lokal.judul-lembar"


# Reading again


def test_a_file_that_nobody_touched_is_not_opened_again_and_any_other_is(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its size and times; while these are young, or changed without the content, by its content."""
    make_file(path, {TAB: [["a"]]})
    opened_, parsed, known = list[Path](), list[bytes](), dict[Path, workbook_of.Seen]()
    read_bytes, read_tabs, old = files.read_bytes, workbook_of.read_tabs, path.read_bytes()
    monkeypatch.setattr(files, "read_bytes", lambda one: (opened_.append(one), read_bytes(one))[1])  # type: ignore[func-returns-value]
    monkeypatch.setattr(workbook_of, "read_tabs", lambda *of, **more: (parsed.append(of[0]), read_tabs(*of, **more))[1])  # type: ignore[func-returns-value]
    monkeypatch.setattr(workbook_of, "_YOUNG", -60.0)  # all that is there is old enough

    def again() -> tuple[object, int, int]:
        opened_.clear()
        parsed.clear()
        seen = XlsxWorkbook(path, path.name, known=known).read(ReadRequest(lambda _: Part.ALL, TUESDAY))
        return seen.rows(TAB)[0][0], len(opened_), len(parsed)

    assert [again(), again()] == [("a", 1, 1), ("a", 0, 0)]
    os.utime(path, (1, 1))
    assert [again(), again()] == [("a", 1, 0), ("a", 0, 0)]
    make_file(path, {TAB: [["b"]]})
    assert len(path.read_bytes()) == len(old) or again()[0] == "b"
    assert [again()[0], again()[1]] == ["b", 0]
    times = path.stat().st_mtime_ns
    path.write_bytes(old.ljust(path.stat().st_size))
    os.utime(path, ns=(times, times))
    assert again()[0] == "a", "its time was put back"
    monkeypatch.setattr(workbook_of, "_YOUNG", 3600.0)
    assert [again(), again()] == [("a", 1, 0), ("a", 1, 0)], "its time may tell nothing yet"
    workbook = XlsxWorkbook(path, path.name, known=known)
    seen = workbook.read(ReadRequest(lambda _: Part.ALL, TUESDAY))
    workbook.commit(Changes(cells=[CellWrite(seen.tabs[0].key, 0, 0, "c")]), seen)
    assert again() == ("c", 1, 0), "what it wrote itself it knows"
    parsed.clear()
    assert workbook.read().rows(TAB)[0][0] == "c" and len(parsed) == 1, "without a wish all is read"


def test_a_worksheet_that_is_as_it_was_is_not_read_again_but_whatever_its_cells_take_from_elsewhere_is(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_link(number: int) -> Changes:
        return Changes(cells=[CellWrite(TAB, 0, 1, Link("peta", f"https://peta.example/{number}"))])

    make_file(path, {TAB: [["a"]], "Petir": [["b", 1]]})
    read, rows = list[str](), reading._Cells._rows
    monkeypatch.setattr(reading._Cells, "_rows", lambda one, part: (read.append(part), rows(one, part))[1])  # type: ignore[func-returns-value]
    workbook = XlsxWorkbook(path, path.name)

    def shown(tabs: Sequence[Tab]) -> list[list[list[object]]]:
        return [[[getattr(cell, "address", cell) for cell in row] for row in tab.rows] for tab in tabs]

    def again() -> list[str]:
        whole = XlsxWorkbook(path, path.name).read()
        read.clear()
        assert (seen := workbook.read()) == whole and shown(seen.tabs) == shown(whole.tabs)
        return [*read]

    assert len(again()) == 2 and not again()
    seen = workbook.read()
    read.clear()
    workbook.commit(with_link(1), seen)
    assert read == [SHEET] and not again()
    write_parts(path, parts(path))  # packed by another program
    again()
    replace_in(path, "xl/worksheets/_rels/sheet1.xml.rels", "peta.example/1", "peta.example/2")
    assert again() == [SHEET], "its link leads elsewhere"
    book = load_workbook(path)
    book["Petir"]["B1"].number_format = "dd/mm/yyyy"
    book.save(path)
    relate(path, WORKBOOK, "sharedStrings", "xl/sharedStrings.xml", f'<sst xmlns="{MAIN}"><si><t>b</t></si></sst>')
    replace_in(path, "xl/worksheets/sheet2.xml", 't="inlineStr"><is><t>b</t></is></c>', 't="s"><v>0</v></c>')
    again()
    replace_in(path, "xl/sharedStrings.xml", ">b<", ">c<")
    assert len(again()) == 2, "its texts stand in a part of their own"
    replace_in(path, WORKBOOK, "<workbookPr ", '<workbookPr date1904="1" ')
    assert len(again()) == 2, "another calendar"


# Memory


def test_a_commit_leaves_nothing_that_only_pythons_collector_would_free(path: Path) -> None:
    make_file(path, {TAB: [["Uraian"], ["got mampet"]]})
    write(path, 0, 1, "x")
    gc.collect()
    gc.freeze()  # all else need not be looked at
    gc.disable()  # as in a cycle
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        write(path, 1, 1, "y")
        gc.collect()
        left = [thing for thing in gc.garbage if type(thing).__module__.startswith("automation.")]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
    assert not left
