"""What dressing gives to a local workbook, and what it leaves as people made it."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.datavalidation import DataValidation

from automation.sheets.local.markup import Node
from automation.sheets.local.workbook import XlsxWorkbook
from automation.sheets.looks.model import Rule, Style, TabLook
from automation.sheets.port import CellWrite, Changes
from tests.dress_contract import CONTENT, INTAKE, LISTS, TAB
from tests.xlsx_parts import SHEET, replace_in
from tests.xlsx_person import Editor, editing, make_file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A tab with a title above its headings, and two complaints."""
    return make_file(tmp_path / "Cipondoh.xlsx", CONTENT)


def dress(path: Path, *looks: TabLook) -> int:
    return XlsxWorkbook(path, path.name).dress(looks or (INTAKE,))


def sheet(path: Path) -> Any:
    return load_workbook(path)[TAB]


def test_a_bare_tab_is_given_its_whole_look(path: Path) -> None:
    assert dress(path) > 0
    tab = sheet(path)
    heading = tab["A3"]
    assert (heading.fill.fgColor.rgb, heading.font.color.rgb, heading.font.b) == ("FFD9EAD3", "FF1F4F3F", True)
    assert (heading.comment.text, heading.comment.author) == ("Diisi oleh program.", "Ruang Rakyat")
    assert (tab.freeze_panes, tab.sheet_properties.tabColor.rgb) == ("B4", "FF1F6F54")
    columns = tab.column_dimensions
    assert (columns["C"].number_format, columns["D"].number_format) == ("dd/mm/yyyy", "@")
    assert columns["G"].alignment.wrap_text and columns["G"].width > columns["D"].width > 10
    assert str(tab.merged_cells) == "A1:G1" and tab["A1"].font.sz == 13
    assert tab["I1"].value == f"=COUNTA('{LISTS}'!$B:$B)"
    rules = {str(area.sqref): area.rules[0].formula for area in tab.conditional_formatting}
    assert rules == {"A4:G100000": ['$F4="Darurat"'], "D4:D100000": ['$D4<>""']}
    told = {str(rule.sqref)[0]: rule for rule in tab.data_validations.dataValidation}
    assert {str(rule.sqref) for rule in told.values()} == {f"{letter}4:{letter}1048576" for letter in "ABCEF"}
    assert (told["E"].formula1, told["F"].formula1) == (f"'{LISTS}'!$A$2:$A$1001", '"Biasa,Darurat"')
    assert told["C"].type == "date" and told["A"].type == told["B"].type == "custom"
    assert [at for at, rule in told.items() if rule.errorStyle == "stop"] == ["E"], "all others only warn"
    assert {rule.errorStyle for rule in told.values()} == {"stop", "warning"}


def test_dressing_again_leaves_the_file_as_it_is_byte_by_byte(path: Path) -> None:
    Editor(path).edit(lambda book: book[TAB].merge_cells("A1:B1"))
    dress(path)
    before = path.read_bytes()
    assert dress(path) == 0
    assert path.read_bytes() == before
    assert str(sheet(path).merged_cells) == "A1:B1", "what people merged stays so"
    assert sheet(path).auto_filter.ref == "A3:R1048576", "with columns that people add at the right"


def test_what_people_made_stays(path: Path) -> None:
    with editing(path) as book:
        tab: Any = book[TAB]
        tab["A3"].fill = PatternFill("solid", fgColor="FF123456")
        tab["C3"].font = Font(color="FF654321")
        tab["D3"].comment = Comment("punya saya", "Siti")
        tab["D5"].number_format = "0.00"
        tab["G4"].fill = PatternFill("solid", fgColor="FF00FFFF")
        tab.column_dimensions["C"].width = 44
        tab.column_dimensions["C"].number_format = "d mmm yyyy"
        rule = DataValidation("list", formula1='"Jalan,Air"', sqref="E4:E9")
        tab.add_data_validation(rule)
        tab.auto_filter.ref = "A3:D9"
        tab.sheet_properties.tabColor = "FF00FF00"
        tab["I1"] = "judul saya"
        tab["B1"] = "jangan digabung"
        tab.freeze_panes = "C4"
    dress(path)
    tab = sheet(path)
    assert (tab["A3"].fill.fgColor.rgb, tab["C3"].font.color.rgb) == ("FF123456", "FF654321")
    assert tab["C3"].fill.patternType is None
    assert tab["D3"].comment.text == "punya saya"
    assert (tab["D5"].value, tab["D5"].number_format) == (813, "0.00")
    assert (tab["G4"].number_format, tab["G4"].alignment.wrap_text) == ("General", None)
    assert (tab.column_dimensions["C"].width, tab.column_dimensions["C"].number_format) == (44, "d mmm yyyy")
    assert [str(r.sqref) for r in tab.data_validations.dataValidation if r.formula1 == '"Jalan,Air"'] == ["E4:E9"]
    assert not any("E1048576" in str(r.sqref) for r in tab.data_validations.dataValidation)
    assert (tab.auto_filter.ref, tab.sheet_properties.tabColor.rgb) == ("A3:D9", "FF00FF00")
    assert (tab["I1"].value, tab["B1"].value) == ("judul saya", "jangan digabung")
    assert not tab.merged_cells.ranges and tab.freeze_panes == "C4"
    assert dress(path) == 0


def test_what_was_typed_before_looks_like_what_is_typed_after_unless_it_would_be_another_value(path: Path) -> None:
    dress(path)
    tab = sheet(path)
    assert tab["G4"].alignment.wrap_text and tab["G5"].alignment.vertical == "top"
    assert (tab["D4"].value, tab["D4"].number_format) == ("0812", "@")
    assert (tab["D5"].value, tab["D5"].number_format) == (813, "General")


def test_columns_that_people_set_together_are_dressed_one_by_one(path: Path) -> None:
    Editor(path).edit(lambda book: book[TAB].column_dimensions.group("B", "E", outline_level=1))
    dress(path)
    columns = sheet(path).column_dimensions
    assert [columns[letter].outlineLevel for letter in "BCDE"] == [1, 1, 1, 1]
    assert [columns[letter].number_format for letter in "BCDE"] == ["General", "dd/mm/yyyy", "@", "General"]
    assert len({columns[letter].width for letter in "BCDE"}) == 4


def test_a_rule_is_known_wherever_rows_that_were_inserted_have_moved_it(path: Path) -> None:
    dress(path)
    with editing(path) as book:
        there, _ = book[TAB].conditional_formatting
        (rule,) = there.rules
        del book[TAB].conditional_formatting["A4:G100000"]
        rule.formula = ['$F6 = "Darurat"']
        book[TAB].conditional_formatting.add("A6:G900", rule)
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


def test_a_rule_of_an_earlier_version_stays_beside_a_newer_one(path: Path) -> None:
    dress(path)
    newer = TabLook(TAB, heading_row=2, rules=(Rule((0, 6), '=$F4="Biasa"', Style(italic=True)),))
    assert (dress(path, newer), dress(path, newer)) == (1, 0)
    found = {rule.formula[0]: rule.priority for area in sheet(path).conditional_formatting for rule in area.rules}
    assert found == {'$F4="Darurat"': 1, '$D4<>""': 2, '$F4="Biasa"': 3}, "the newest counts last"


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
    assert (cut(400), ends()) == (5, {"1048576"})


def test_a_row_that_was_never_made_higher_by_hand_still_grows_with_its_text(path: Path) -> None:
    replace_in(path, SHEET, '<row r="4"', '<row ht="12.8" customHeight="false" r="4"')
    replace_in(path, SHEET, '<row r="5"', '<row r="5" ht="40" customHeight="1"')
    workbook = XlsxWorkbook(path, path.name)
    workbook.commit(Changes(cells=[CellWrite(TAB, 3, 0, "RR-1")]), workbook.read())
    rows = sheet(path).row_dimensions
    assert (rows[4].height, rows[5].height) == (None, 40)


@pytest.mark.parametrize("height", [0, 30])
def test_a_row_that_people_made_as_high_as_they_want_it_or_hid_stays_so(path: Path, height: int) -> None:
    hidden = 'hidden="1" ' if height == 0 else ""  # as Excel writes a row that was drawn shut
    replace_in(path, SHEET, '<row r="1"', f'<row r="1" ht="{height}" {hidden}customHeight="1"')
    dress(path, replace(INTAKE, row_heights=((0, 24),)))
    row = sheet(path).row_dimensions[1]
    assert (row.height, row.hidden) == (height, height == 0)


def test_each_style_of_many_is_looked_up_by_its_number(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Colours typed by hand, and files pasted together, make thousands."""

    def looked(styles: int) -> int:
        with editing(path) as book:
            for row in range(4, 4 + styles):
                book[TAB].cell(row, 4, "x").font = Font(color=f"{row:06X}")
        seen: list[int] = []
        nodes: Any = vars(Node)["nodes"]
        monkeypatch.setattr(Node, "nodes", property(lambda node: seen.append(len(node.children)) or nodes.fget(node)))  # type: ignore[func-returns-value]
        dress(path)
        monkeypatch.undo()
        return sum(seen)

    assert looked(400) < 3 * looked(200)
