"""Local workbooks keep the promises of every `Workbook`."""

from __future__ import annotations

from pathlib import Path

import pytest

from automation.sheets.port import Workbook
from automation.sheets.xlsx import XlsxWorkbook
from tests.workbook_contract import Content, WorkbookContract
from tests.xlsx_person import Editor, make_file


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
