"""What people and other programs put into a workbook survives a commit and a dressing, byte by byte."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting import rule as formatting_rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.table import Table

from automation.sheets.local.workbook import XlsxWorkbook
from automation.sheets.looks.model import ColumnLook, TabLook
from automation.sheets.port import CellWrite, Changes, NewTab
from tests.xlsx_parts import OFFICE_TYPES, SHEET, WORKBOOK, add_at_end, add_before_margins, parts, relate, replace_in
from tests.xlsx_person import Editor, editing, make_file, write as write_cell

TAB = "Gondrong"
RULES: Any = formatting_rule  # whose functions have no types
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
XM = "http://schemas.microsoft.com/office/excel/2006/main"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    rows: list[list[str | None]] = [["No. Tiket", "Nama", "Telepon"], [None, "Ani", "0812"], [None, "Budi", "0813"]]
    return make_file(tmp_path / "Cipondoh.xlsx", {TAB: rows, "Daftar": [["Jalan"], ["Air"]]})


def commit(path: Path) -> None:
    """A commit as the cycle makes it: a ticket, and the journal's first event."""
    workbook = XlsxWorkbook(path, path.name)
    journal = NewTab("Riwayat", ("Urutan", "Waktu"), hidden=True, protected=True)
    changes = Changes((journal,), {"Riwayat": [[1, "x"]]}, [CellWrite(TAB, 1, 0, "RR-1")])
    workbook.commit(changes, workbook.read())


def write(path: Path, value: str = "RR-1") -> None:
    assert write_cell(path, 1, 0, value).tabs[0].rows[1][0] == value


def around(sheet: bytes) -> list[bytes]:
    return re.split(rb"<sheetData>.*</sheetData>", sheet, flags=re.DOTALL)


def extension(uri: str, content: str) -> str:
    return f'<extLst><ext uri="{uri}" xmlns:x14="{X14}" xmlns:xm="{XM}">{content}</ext></extLst>'


def part_of_workbook(kind: str, name: str) -> Callable[[Path], None]:
    return lambda path: relate(path, WORKBOOK, kind, name, "<x/>", base=OFFICE_TYPES)


def part_of_sheet(kind: str, name: str, content: str = "<x/>") -> Callable[[Path], None]:
    return lambda path: relate(path, SHEET, kind, name, content)


def everything_else(path: Path) -> None:
    """What nobody misses, and other programs find again."""
    add_before_margins(path, '<phoneticPr fontId="1"/><printOptions gridLines="false" gridLinesSet="true"/>')
    add_at_end(path, '<ignoredErrors><ignoredError sqref="A1" numberStoredAsText="1"/></ignoredErrors>')
    relate(path, "", "customXml", "customXml/item1.xml", "<milik-kami/>")
    relate(path, WORKBOOK, "pivotCacheDefinition", "xl/pivotCache/pivotCacheDefinition1.xml", "<!-- utuh --><x />")
    relate(path, SHEET, "pivotTable", "xl/pivotTables/pivotTable1.xml", "<x a='1' ></x>")
    relate(path, SHEET, "printerSettings", "xl/printerSettings/printerSettings1.bin", "\0\1")


BAR = '<x14:cfRule type="dataBar" id="{A}"><x14:dataBar/></x14:cfRule><xm:sqref>A1:A9</xm:sqref>'
THINGS: dict[str, Callable[[Path], None]] = {
    "a sparkline": lambda path: add_at_end(
        path,
        extension(
            "{05C60535-1F16-4fd2-B633-F4F36F0B64E0}",
            "<x14:sparklineGroups><x14:sparklineGroup><x14:sparklines><x14:sparkline/></x14:sparklines>"
            "</x14:sparklineGroup></x14:sparklineGroups>",
        ),
    ),
    "a data bar of 2010": lambda path: add_at_end(
        path,
        extension(
            "{78C0D931-6437-407d-A8EE-F0AAD7539E65}",
            "<x14:conditionalFormattings><x14:conditionalFormatting>"
            f"{BAR}</x14:conditionalFormatting></x14:conditionalFormattings>",
        ),
    ),
    "a slicer": part_of_sheet("slicer", "xl/slicers/slicer1.xml"),
    "something that Excel will invent": lambda path: add_at_end(
        path, extension("{00000000-1111-2222-3333-444444444444}", "<x14:baru/>")
    ),
    "an element that Excel will invent": lambda path: add_before_margins(path, "<barang/>"),
    "a part that Excel will invent": part_of_workbook("barang", "xl/barang.xml"),
    "a range that some people may edit": lambda path: add_before_margins(
        path, '<protectedRanges><protectedRange name="x" sqref="A2:A9"/></protectedRanges>'
    ),
    "a threaded comment": part_of_sheet("threadedComment", "xl/threadedComments/t1.xml"),
    "a background picture": lambda path: add_at_end(path, "<picture/>"),
    "a picture in the header": lambda path: add_at_end(path, "<legacyDrawingHF/>"),
    "a form control": lambda path: add_at_end(
        path,
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        '<mc:Choice Requires="x14"><controls><control/></controls></mc:Choice></mc:AlternateContent>',
    ),
    "a button": part_of_sheet(
        "vmlDrawing", "xl/drawings/v.vml", '<x xmlns:x="x"><x:ClientData ObjectType="Button"/></x>'
    ),
    "an embedded document": lambda path: add_at_end(path, "<oleObjects><oleObject/></oleObjects>"),
    "a checkbox in a cell": part_of_workbook("FeaturePropertyBag", "xl/featurePropertyBag/f.xml"),
    "a formula that spills": part_of_workbook("sheetMetadata", "xl/metadata.xml"),
    "a connection to a database": part_of_workbook("connections", "xl/connections.xml"),
    "a custom view": lambda path: add_before_margins(path, "<customSheetViews><customSheetView/></customSheetViews>"),
    "a sensitivity label": lambda path: relate(path, "", "classificationlabels", "docMetadata/LabelInfo.xml", "<x/>"),
    "notes, harmless elements and documents of other programs": everything_else,
    "a table style of one's own": lambda path: replace_in(
        path, "xl/styles.xml", "<tableStyles", '<tableStyle name="x"/><tableStyles'
    ),
}


@pytest.mark.parametrize("put", THINGS.values(), ids=THINGS)
def test_what_openpyxl_would_drop_survives_byte_by_byte(path: Path, put: Callable[[Path], None]) -> None:
    put(path)
    before = parts(path)
    for value in ("RR-1", "RR-2"):
        write(path, value)
        after = parts(path)
        assert around(after.pop(SHEET)) == around(before[SHEET])
        assert after == {name: part for name, part in before.items() if name != SHEET}
    assert XlsxWorkbook(path, path.name).dress([TabLook(TAB, columns=(ColumnLook(1, width=200),), frozen_rows=1)]) == 2
    assert {**parts(path), SHEET: b""} == {**before, SHEET: b""}
    commit(path)
    after = parts(path)
    assert before.keys() < after.keys()
    for name in before.keys() - {SHEET, WORKBOOK, "xl/_rels/workbook.xml.rels", "[Content_Types].xml"}:
        assert after[name] == before[name], name


def test_parts_that_were_not_written_are_not_even_packed_anew(path: Path) -> None:
    adorned(path)
    before = path.read_bytes()
    write(path)
    after = path.read_bytes()
    with ZipFile(BytesIO(before)) as archive:
        entries = [entry for entry in archive.infolist() if entry.filename != SHEET]
    for entry in entries:
        start = entry.header_offset + 30 + len(entry.filename)
        assert before[start : start + entry.compress_size] in after, entry.filename


def test_a_list_whose_entries_stand_in_another_tab_survives_as_excel_writes_it(path: Path) -> None:
    add_at_end(
        path,
        extension(
            "{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}",
            '<x14:dataValidations count="1"><x14:dataValidation type="list" allowBlank="1" showErrorMessage="1" '
            'errorTitle="Salah" error="Pilih dari daftar">'
            "<x14:formula1><xm:f>Daftar!$A$1:$A$2</xm:f></x14:formula1><xm:sqref>B2:B9 C2</xm:sqref>"
            "</x14:dataValidation></x14:dataValidations>",
        ),
    )
    extended = parts(path)[SHEET].partition(b"<extLst>")[2]
    commit(path)
    assert parts(path)[SHEET].partition(b"<extLst>")[2] == extended


def test_a_note_keeps_its_words_its_author_and_its_size(path: Path) -> None:
    with editing(path) as book:
        book[TAB]["B2"].comment = Comment("Sudah ditelepon", "Siti", height=300, width=400)
    vml = next(name for name in parts(path) if name.endswith(".vml"))
    replace_in(path, vml, "width:400px;height:300px", "width:300pt;height:225pt")
    shape = parts(path)[vml]
    commit(path)
    kept = load_workbook(path)[TAB]["B2"].comment
    assert kept is not None
    assert (kept.text, kept.author) == ("Sudah ditelepon", "Siti")
    assert parts(path)[vml] == shape


def test_a_note_of_the_robot_joins_those_of_people(path: Path) -> None:
    Editor(path).edit(lambda book: setattr(book[TAB]["B2"], "comment", Comment("Sudah ditelepon", "Siti")))
    before = parts(path)
    (vml,) = (name for name in before if name.endswith(".vml"))
    look = TabLook(TAB, columns=(ColumnLook(0, note="Diisi program."), ColumnLook(1, note="Siapa?")), ours=True)
    assert XlsxWorkbook(path, path.name).dress([look]) == 2
    assert XlsxWorkbook(path, path.name).dress([replace(look, columns=look.columns[:1])]) == 0
    after = parts(path)
    assert after.keys() == before.keys()
    assert after[vml].startswith(before[vml].rpartition(b"</")[0]) and after[vml].count(b":shape>") == 3
    sheet = load_workbook(path)[TAB]
    notes = {cell: (sheet[cell].comment.text, sheet[cell].comment.author) for cell in ("A1", "B1", "B2")}
    robot = "Ruang Rakyat"
    assert notes == {"A1": ("Diisi program.", robot), "B1": ("Siapa?", robot), "B2": ("Sudah ditelepon", "Siti")}
    newer = replace(look, columns=(ColumnLook(0, note="Jangan diisi."),))
    assert XlsxWorkbook(path, path.name).dress([newer]) == 1
    assert parts(path)[vml].count(b":shape>") == 3 and b"Diisi program" not in b"".join(parts(path).values())


def adorned(path: Path) -> None:
    """All that people commonly set, and openpyxl carries."""
    with editing(path) as book:
        sheet = book[TAB]
        cell = sheet["B2"]
        cell.font = Font(name="Arial", size=14, bold=True, italic=True, color="FF112233", underline="single")
        cell.fill = PatternFill("solid", fgColor="FFFFCC00")
        cell.border = Border(left=Side("thick", "FF00FF00"), bottom=Side("dashed"))
        cell.alignment = Alignment("center", "top", wrap_text=True, textRotation=45, indent=1)
        cell.number_format = '"Rp"#,##0'
        cell.protection = Protection(locked=False, hidden=True)
        sheet["B3"] = CellRichText("biasa ", TextBlock(InlineFont(b=True), "tebal"), " lagi")
        sheet["C2"].hyperlink = "https://example.org/"
        sheet["C3"].hyperlink = "#Daftar!A1"
        sheet.column_dimensions["B"].width = 33
        sheet.column_dimensions["F"].hidden = True
        sheet.column_dimensions.group("H", "J", outline_level=1, hidden=True)
        sheet.row_dimensions[3].height = 41
        sheet.row_dimensions[9].hidden = True
        sheet.freeze_panes = "C2"
        sheet.sheet_view.zoomScale = 85
        sheet.sheet_view.showGridLines = False
        sheet.sheet_properties.tabColor = "FFAA0000"
        sheet.merge_cells("A20:C21")
        sheet["A20"] = "gabung"
        sheet.auto_filter.ref = "A1:C3"
        sheet.auto_filter.add_filter_column(1, ["Ani"])
        sheet.auto_filter.add_sort_condition("B2:B3")
        rule = DataValidation("list", formula1='"Baru,Selesai"', allow_blank=True)
        rule.add("D2:D99")
        sheet.add_data_validation(rule)
        red = PatternFill(bgColor="FFFF0000")
        sheet.conditional_formatting.add("A2:A9", RULES.CellIsRule("equal", ['"x"'], fill=red, font=Font(bold=True)))
        sheet.conditional_formatting.add(
            "B2:B9", RULES.ColorScaleRule("min", start_color="FF0000", end_type="max", end_color="0000FF")
        )
        sheet.conditional_formatting.add("C2:C9", RULES.DataBarRule("min", 0, "max", 9, color="FF638EC6"))
        sheet.conditional_formatting.add("D2:D9", RULES.IconSetRule("3Arrows", "percent", [0, 33, 67]))
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = 9
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.print_title_rows = "1:1"
        sheet.print_area = "A1:C30"
        sheet.print_options.horizontalCentered = True
        sheet.page_margins.left = 0.3
        sheet.oddHeader.center.text = "Kelurahan Gondrong"
        sheet.row_breaks.append(Break(id=15))
        sheet.protection.set_password("sandi")
        sheet.protection.sort = False
        sheet.protection.enable()
        daftar = book["Daftar"]
        daftar.sheet_state = "hidden"
        daftar["A1"] = "Jenis"
        daftar.add_table(Table(displayName="Jenis", ref="A1:A2"))
        daftar["D1"], daftar["D2"] = 1, 2
        chart = BarChart()
        chart.add_data(Reference(daftar, min_col=4, min_row=1, max_row=2))
        daftar.add_chart(chart, "F2")
        book.defined_names["Pilihan"] = DefinedName("Pilihan", attr_text="Daftar!$A$1:$A$2")


def look(sheet: Any) -> dict[str, Any]:
    """The looks of the tab, each by its name."""
    cell = sheet["B2"]
    return {
        **{name: repr(getattr(cell, name)) for name in ("font", "fill", "border", "alignment", "protection")},
        "number format": cell.number_format,
        "rich text": [str(part) for part in sheet["B3"].value],
        "bold part": sheet["B3"].value[1].font.b,
        "links": [(sheet[c].hyperlink.target, sheet[c].hyperlink.location) for c in ("C2", "C3")],
        "columns": {name: (d.min, d.max, d.width, d.hidden) for name, d in sheet.column_dimensions.items()},
        "rows": {name: (d.height, d.hidden) for name, d in sheet.row_dimensions.items() if d.height or d.hidden},
        "view": repr(sheet.sheet_view),
        "properties": repr(sheet.sheet_properties),
        "merged": str(sheet.merged_cells),
        "filter": repr(sheet.auto_filter),
        "lists": repr(sheet.data_validations.dataValidation),
        "rules": [(str(rules.sqref), repr(rules.rules)) for rules in sheet.conditional_formatting],
        "page": [repr(part) for part in (sheet.page_setup, sheet.print_options, sheet.page_margins)],
        "header": sheet.oddHeader.center.text,
        "print": (sheet.print_title_rows, sheet.print_area, repr(sheet.row_breaks)),
        "protection of the tab": repr(sheet.protection),
    }


def test_what_people_commonly_set_survives(path: Path) -> None:
    adorned(path)
    before = look(load_workbook(path, rich_text=True)[TAB])
    commit(path)
    book: Any = load_workbook(path, rich_text=True)
    assert look(book[TAB]) == before
    assert book[TAB]["A2"].value == "RR-1"
    daftar = book["Daftar"]
    assert (daftar.sheet_state, list(daftar.tables), len(daftar._charts)) == ("hidden", ["Jenis"], 1)
    assert book.defined_names["Pilihan"].attr_text == "Daftar!$A$1:$A$2"


def test_ten_commits_change_nothing_but_what_they_write(path: Path) -> None:
    adorned(path)
    before = look(load_workbook(path, rich_text=True)[TAB])
    commit(path)
    sizes = []
    for number in range(10):
        workbook = XlsxWorkbook(path, path.name)
        workbook.commit(Changes(cells=[CellWrite(TAB, 1, 0, f"RR-{number}")]), workbook.read())
        sizes.append(len(path.read_bytes()))
    assert look(load_workbook(path, rich_text=True)[TAB]) == before
    assert max(sizes) - min(sizes) < 50
