"""What dressing gives to a local workbook, and what it leaves as people made it."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.datavalidation import DataValidation

from automation.sheets.local.workbook import XlsxWorkbook
from automation.sheets.looks.model import (
    Allowed,
    AnyDate,
    Area,
    CellLook,
    ColumnLook,
    Format,
    ListFrom,
    ListOf,
    Rule,
    Style,
    TabLook,
)
from automation.sheets.port import CellWrite, Changes
from tests.xlsx_parts import SHEET, replace_in
from tests.xlsx_person import Editor, editing, make_file

TAB, LISTS = "Gondrong", "Daftar Pilihan"
HEADINGS = ["No. Tiket", "Tanggal Masuk", "Telepon", "Kategori", "Prioritas", "Uraian"]
OWNED = Style(fill="D9EAD3", ink="1F4F3F", bold=True, wrapped=True)
LOOK = TabLook(
    title=TAB,
    heading_row=1,
    columns=(
        ColumnLook(0, OWNED, "Diisi oleh program.", width=130, guarded=True),
        ColumnLook(
            1, OWNED, "Tanggal", 110, Format.DATE, allowed=Allowed(AnyDate(), "Contoh: 24/11/2026", strict=False)
        ),
        ColumnLook(2, OWNED, "Telepon", 120, Format.TEXT),
        ColumnLook(3, OWNED, "", 170, allowed=Allowed(ListFrom(LISTS, 1), "Pilih dari daftar.", strict=True)),
        ColumnLook(4, OWNED, "", 90, allowed=Allowed(ListOf(("Biasa", "Darurat")), "Pilih satu.", strict=False)),
        ColumnLook(5, OWNED, "Apa yang terjadi", 360, wrapped=True),
    ),
    frozen_rows=2,
    frozen_columns=1,
    colour="1F6F54",
    rules=(Rule((0, 5), '=$E3="Darurat"', Style(fill="F8CBAD", ink="9C0006", bold=True)),),
    filtered=True,
    areas=(Area((0, 0, 1, 6), Style(fill="1F6F54", ink="FFFFFF", size=13), merged=True),),
    cells=(CellLook(0, 7, formula=f"=COUNTA('{LISTS}'!$B:$B)", style=Style(bold=True)),),
    guard="Kolom ini diisi program.",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A tab with a title above its headings, and two complaints."""
    rows: list[list[Any]] = [
        ["Laporan warga"],
        list(HEADINGS),
        [None, date(2026, 11, 3), "0812", "Jalan", "Darurat", "Lampu mati"],
        [None, None, 813, "Air", None, "Banjir"],
    ]
    return make_file(tmp_path / "Cipondoh.xlsx", {TAB: rows, LISTS: [["Status", "Kategori"], ["Baru", "Jalan"]]})


def dress(path: Path, *looks: TabLook) -> int:
    return XlsxWorkbook(path, path.name).dress(looks or (LOOK,))


def sheet(path: Path) -> Any:
    return load_workbook(path)[TAB]


def test_a_bare_tab_is_given_its_whole_look(path: Path) -> None:
    assert dress(path) > 0
    tab = sheet(path)
    heading = tab["A2"]
    assert (heading.fill.fgColor.rgb, heading.font.color.rgb, heading.font.b) == ("FFD9EAD3", "FF1F4F3F", True)
    assert (heading.comment.text, heading.comment.author) == ("Diisi oleh program.", "Ruang Rakyat")
    assert (tab.freeze_panes, tab.sheet_properties.tabColor.rgb) == ("B3", "FF1F6F54")
    columns = tab.column_dimensions
    assert (columns["B"].number_format, columns["C"].number_format) == ("dd/mm/yyyy", "@")
    assert columns["F"].alignment.wrap_text and columns["F"].width > columns["C"].width > 10
    assert str(tab.merged_cells) == "A1:F1" and tab["A1"].font.sz == 13
    assert tab["H1"].value == f"=COUNTA('{LISTS}'!$B:$B)"
    (rules,) = tab.conditional_formatting
    assert str(rules.sqref) == "A3:F100000" and rules.rules[0].formula == ['$E3="Darurat"']
    told = {str(rule.sqref): rule for rule in tab.data_validations.dataValidation}
    assert told["D3:D1048576"].formula1 == f"'{LISTS}'!$B$2:$B$1001"
    assert told["E3:E1048576"].formula1 == '"Biasa,Darurat"'
    assert told["B3:B1048576"].type == "date" and told["A3:A1048576"].type == "custom"
    assert {at: rule.errorStyle for at, rule in told.items()} == {
        "A3:A1048576": "warning",
        "B3:B1048576": "warning",
        "D3:D1048576": "stop",
        "E3:E1048576": "warning",
    }


def test_dressing_again_leaves_the_file_as_it_is_byte_by_byte(path: Path) -> None:
    Editor(path).edit(lambda book: book[TAB].merge_cells("A1:B1"))
    Editor(path).set(TAB, 1, 6, "Kolom saya")
    dress(path)
    before = path.read_bytes()
    assert dress(path) == 0
    assert path.read_bytes() == before
    assert str(sheet(path).merged_cells) == "A1:B1", "what people merged stays so"
    assert sheet(path).auto_filter.ref == "A2:Q1048576", "with columns that people add at the right"


def test_what_people_made_stays(path: Path) -> None:
    with editing(path) as book:
        tab: Any = book[TAB]
        tab["A2"].fill = PatternFill("solid", fgColor="FF123456")
        tab["B2"].font = Font(color="FF654321")
        tab["C2"].comment = Comment("punya saya", "Siti")
        tab["C4"].number_format = "0.00"
        tab["F3"].fill = PatternFill("solid", fgColor="FF00FFFF")
        tab.column_dimensions["B"].width = 44
        tab.column_dimensions["B"].number_format = "d mmm yyyy"
        rule = DataValidation("list", formula1='"Jalan,Air"', sqref="D3:D9")
        tab.add_data_validation(rule)
        tab.auto_filter.ref = "A2:C9"
        tab.sheet_properties.tabColor = "FF00FF00"
        tab["H1"] = "judul saya"
        tab["B1"] = "jangan digabung"
        tab.freeze_panes = "C3"
    dress(path)
    tab = sheet(path)
    assert (tab["A2"].fill.fgColor.rgb, tab["B2"].font.color.rgb) == ("FF123456", "FF654321")
    assert tab["B2"].fill.patternType is None
    assert tab["C2"].comment.text == "punya saya"
    assert (tab["C4"].value, tab["C4"].number_format) == (813, "0.00")
    assert (tab["F3"].number_format, tab["F3"].alignment.wrap_text) == ("General", None)
    assert (tab.column_dimensions["B"].width, tab.column_dimensions["B"].number_format) == (44, "d mmm yyyy")
    assert [str(r.sqref) for r in tab.data_validations.dataValidation if r.formula1 == '"Jalan,Air"'] == ["D3:D9"]
    assert not any("D1048576" in str(r.sqref) for r in tab.data_validations.dataValidation)
    assert (tab.auto_filter.ref, tab.sheet_properties.tabColor.rgb) == ("A2:C9", "FF00FF00")
    assert (tab["H1"].value, tab["B1"].value) == ("judul saya", "jangan digabung")
    assert not tab.merged_cells.ranges and tab.freeze_panes == "C3"
    assert dress(path) == 0


def test_what_was_typed_before_looks_like_what_is_typed_after_unless_it_would_be_another_value(path: Path) -> None:
    dress(path)
    tab = sheet(path)
    assert tab["F3"].alignment.wrap_text and tab["F4"].alignment.vertical == "top"
    assert (tab["C3"].value, tab["C3"].number_format) == ("0812", "@")
    assert (tab["C4"].value, tab["C4"].number_format) == (813, "General")


def test_columns_that_people_set_together_are_dressed_one_by_one(path: Path) -> None:
    Editor(path).edit(lambda book: book[TAB].column_dimensions.group("A", "D", outline_level=1))
    dress(path)
    columns = sheet(path).column_dimensions
    assert [columns[letter].outlineLevel for letter in "ABCD"] == [1, 1, 1, 1]
    assert [columns[letter].number_format for letter in "ABCD"] == ["General", "dd/mm/yyyy", "@", "General"]
    assert len({columns[letter].width for letter in "ABCD"}) == 4


def test_a_rule_is_known_wherever_rows_that_were_inserted_have_moved_it(path: Path) -> None:
    dress(path)
    with editing(path) as book:
        (there,) = book[TAB].conditional_formatting
        (rule,) = there.rules
        del book[TAB].conditional_formatting["A3:F100000"]
        rule.formula = ['$E5 = "Darurat"']
        book[TAB].conditional_formatting.add("A5:F900", rule)
    assert dress(path) == 0


def test_a_rule_of_people_s_that_compares_with_cells_further_up_stays_and_stops_nothing(path: Path) -> None:
    with editing(path) as book:
        red = PatternFill("solid", "FF0000")
        rule = FormulaRule(["F1=F10"], fill=red)  # type: ignore[no-untyped-call]
        book[TAB].conditional_formatting.add("F10:F20", rule)
    assert dress(path) > 0 and dress(path) == 0
    assert ["F1=F10"] in [rule.formula for area in sheet(path).conditional_formatting for rule in area.rules]
    replace_in(path, SHEET, 'sqref="F10:F20"', "")  # a damaged one
    assert dress(path) == 0


def test_rules_of_an_earlier_version_go_from_a_tab_of_the_robot_and_stay_in_one_of_people(path: Path) -> None:
    newer = Rule((0, 5), '=$E3="Biasa"', Style(italic=True))
    dress(path)
    assert dress(path, TabLook(TAB, heading_row=1, rules=(newer,))) == 1
    assert len(sheet(path).conditional_formatting) == 1  # one area
    ours = TabLook(TAB, heading_row=1, rules=(newer,), ours=True)
    assert dress(path, ours) > 0
    assert dress(path, ours) == 0
    (area,) = sheet(path).conditional_formatting
    assert [rule.formula for rule in area.rules] == [['$E3="Biasa"']]
    assert dress(path, replace(ours, rules=())) == 1
    assert not sheet(path).conditional_formatting


def test_a_list_that_libreoffice_cut_off_grows_before_the_rows_reach_its_end(path: Path) -> None:
    dress(path)

    def ends() -> set[str]:
        return {str(rule.sqref).rpartition(":")[2][1:] for rule in sheet(path).data_validations.dataValidation}

    def cut(last: int) -> int:
        with editing(path) as book:
            for rule in book[TAB].data_validations.dataValidation:
                rule.sqref = MultiCellRange(f"{str(rule.sqref).partition(':')[0]}:{str(rule.sqref)[0]}{last}")
        return dress(path)

    assert (cut(1004), ends()) == (0, {"1004"})
    assert (cut(400), ends()) == (4, {"1048576"})


def test_a_row_that_was_never_made_higher_by_hand_still_grows_with_its_text(path: Path) -> None:
    replace_in(path, SHEET, '<row r="3"', '<row ht="12.8" customHeight="false" r="3"')
    replace_in(path, SHEET, '<row r="4"', '<row r="4" ht="40" customHeight="1"')
    workbook = XlsxWorkbook(path, path.name)
    workbook.commit(Changes(cells=[CellWrite(TAB, 2, 0, "RR-1")]), workbook.read())
    rows = sheet(path).row_dimensions
    assert (rows[3].height, rows[4].height) == (None, 40)
