"""Every kind of workbook keeps what all promise: a local file, and a spreadsheet of Google's."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from automation.sheets.google import commit as google_commit
from automation.sheets.google.client import GoogleWorkbook, connect
from automation.sheets.google.resources import colour
from automation.sheets.local.workbook import XlsxWorkbook
from automation.sheets.looks.model import Format
from automation.sheets.port import Workbook
from tests.dress_contract import DressContract, Looked
from tests.sheets_server.cells import cell_mask, updated
from tests.sheets_server.fixtures import Google
from tests.sheets_server.people import Person
from tests.sheets_server.resource import cell_json
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


# Google Sheets keeps what every kind of workbook promises


class TestGoogleDress(DressContract):
    """The contract of looks, likewise."""

    @pytest.fixture(autouse=True)
    def _google(self, google: Google) -> None:
        self.google = google

    def make(self, tabs: Content) -> GoogleWorkbook:
        return connect(self.google.key).open(
            self.google.spreadsheet(
                "Kecamatan Cipondoh", {title: [list(row) for row in rows] for title, rows in tabs.items()}
            ).book.id
        )

    def person(self, workbook: Workbook) -> Person:
        return self.google.server.person(workbook.source)

    def paint(self, workbook: Workbook, title: str, cell: tuple[int, int], fill: str, note: str = "") -> None:
        sheet = self.person(workbook).sheet(title)
        data = {"userEnteredFormat": {"backgroundColorStyle": colour(fill)}, **({"note": note} if note else {})}
        mask = cell_mask("userEnteredFormat.backgroundColorStyle" + (",note" if note else ""))
        sheet.put(*cell, updated(sheet.cell(*cell), data, mask))

    def looked(self, workbook: Workbook, title: str) -> Looked:
        sheet = self.person(workbook).sheet(title)
        cells = {(r, c): cell_json(cell) for r, row in enumerate(sheet.rows) for c, cell in enumerate(row)}
        formats = {at: cell.get("userEnteredFormat", {}) for at, cell in cells.items()}
        kinds = {"TEXT": Format.TEXT, "DATE": Format.DATE}
        empty = sheet.last_data_row() + 1
        return Looked(
            fills={
                at: _hex(format["backgroundColor"]) for at, format in formats.items() if "backgroundColor" in format
            },
            notes={at: cell["note"] for at, cell in cells.items() if "note" in cell},
            formats={
                at[1]: kinds[format["numberFormat"]["type"]]
                for at, format in formats.items()
                if at[0] == empty and "numberFormat" in format
            },
            told=frozenset(at for at, cell in cells.items() if "dataValidation" in cell),
            rules=frozenset(
                rule["booleanRule"]["condition"]["values"][0]["userEnteredValue"].removeprefix("=")
                for rule in sheet.rules
            ),
            merged=frozenset(
                (one["startRowIndex"], one["startColumnIndex"], one["endRowIndex"], one["endColumnIndex"])
                for one in sheet.merges
            ),
            charts=tuple(chart["spec"]["title"] for chart in sheet.charts.values()),
            frozen=(sheet.grid.get("frozenRowCount", 0), sheet.grid.get("frozenColumnCount", 0)),
            colour=_hex(sheet.properties["tabColor"]) if "tabColor" in sheet.properties else "",
        )


def _hex(colour: dict[str, float]) -> str:
    return "".join(f"{round(colour.get(channel, 0) * 255):02X}" for channel in ("red", "green", "blue"))


class TestGoogleWorkbook(WorkbookContract):
    """The contract, with the real gspread and google-auth over HTTPS."""

    @pytest.fixture(autouse=True)
    def _google(self, google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
        self.google = google
        monkeypatch.setattr(google_commit, "SHORT", 30)  # as it is: short tabs are read back whole

    def make(self, tabs: Content) -> GoogleWorkbook:
        person = self.google.server.spreadsheet("Kecamatan Cipondoh", tabs, writers=[self.google.key["client_email"]])
        return connect(self.google.key).open(person.book.id)

    def another(self, workbook: Workbook) -> GoogleWorkbook:
        return connect(self.google.key).open(workbook.source)

    def person(self, workbook: Workbook) -> Person:
        return self.google.server.person(workbook.source)

    def lose(self, workbook: Workbook) -> None:
        del self.google.server.drive.files[workbook.source]
