"""Local workbooks keep the promises of every `Workbook`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from automation.sheets.local.workbook import XlsxWorkbook
from automation.sheets.looks.model import Format
from automation.sheets.port import Workbook
from tests.dress_contract import DressContract, Looked
from tests.workbook_contract import Content, WorkbookContract
from tests.xlsx_parts import charts_in
from tests.xlsx_person import Editor, editing, make_file


class TestXlsxWorkbook(WorkbookContract):
    """Each test has files of its own in a folder of its own."""

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path
        self.made = 0

    def make(self, tabs: Content) -> Workbook:
        self.made += 1
        path = make_file(self.folder / f"Kecamatan Cipondoh {self.made}.xlsx", tabs)
        return XlsxWorkbook(path, path.name, base=self.folder)

    def another(self, workbook: Workbook) -> Workbook:
        return XlsxWorkbook(self.folder / workbook.source, workbook.source, base=self.folder)

    def person(self, workbook: Workbook) -> Editor:
        return Editor(self.folder / workbook.source)

    def lose(self, workbook: Workbook) -> None:
        (self.folder / workbook.source).unlink()


class TestXlsxDress(DressContract):
    """Each test has files of its own in a folder of its own."""

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.path = tmp_path / "Kecamatan Cipondoh.xlsx"

    def make(self, tabs: Content) -> XlsxWorkbook:
        return XlsxWorkbook(make_file(self.path, tabs), self.path.name)

    def person(self, workbook: Workbook) -> Editor:
        del workbook
        return Editor(self.path)

    def paint(self, workbook: Workbook, title: str, cell: tuple[int, int], fill: str, note: str = "") -> None:
        with editing(self.path) as book:
            painted = book[title].cell(cell[0] + 1, cell[1] + 1)
            painted.fill = PatternFill("solid", fgColor=f"FF{fill}")
            painted.comment = Comment(note, "Siti") if note else painted.comment

    def looked(self, workbook: Workbook, title: str) -> Looked:
        del workbook
        sheet: Any = load_workbook(self.path)[title]
        cells = [cell for row in sheet.iter_rows() for cell in row]
        pane, formats = sheet.sheet_view.pane, {"dd/mm/yyyy": Format.DATE, "@": Format.TEXT}
        columns = ((dimension.min - 1, dimension.number_format) for dimension in sheet.column_dimensions.values())
        areas = [area for rule in sheet.data_validations.dataValidation for area in rule.sqref.ranges]
        rules = [rule.formula[0] for area in sheet.conditional_formatting for rule in area.rules]
        return Looked(
            fills={
                (cell.row - 1, cell.column - 1): cell.fill.fgColor.rgb[2:] for cell in cells if cell.fill.patternType
            },
            notes={(cell.row - 1, cell.column - 1): cell.comment.text for cell in cells if cell.comment},
            formats={column: formats[code] for column, code in columns if code in formats},
            told=frozenset((area.min_row - 1, area.min_col - 1) for area in areas),
            rules=frozenset(rules),
            merged=frozenset(
                (area.min_row - 1, area.min_col - 1, area.max_row, area.max_col) for area in sheet.merged_cells.ranges
            ),
            charts=tuple(chart.title for chart in charts_in(self.path, title)),
            frozen=(int(pane.ySplit or 0), int(pane.xSplit or 0)) if pane else (0, 0),
            colour=(sheet.sheet_properties.tabColor.rgb if sheet.sheet_properties.tabColor else "00000000")[2:],
        )
