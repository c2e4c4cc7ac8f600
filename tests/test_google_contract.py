"""Google Sheets keeps what every kind of workbook promises."""

from __future__ import annotations

import pytest

from automation.sheets.google.client import GoogleWorkbook, connect
from automation.sheets.google.resources import colour
from automation.sheets.looks.model import Format
from automation.sheets.port import Workbook
from tests.dress_contract import DressContract, Looked
from tests.sheets_server.cells import cell_mask, updated
from tests.sheets_server.fixtures import Google
from tests.sheets_server.people import Person
from tests.sheets_server.resource import cell_json
from tests.workbook_contract import Content, WorkbookContract


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
    def _google(self, google: Google) -> None:
        self.google = google

    def make(self, tabs: Content) -> GoogleWorkbook:
        person = self.google.server.spreadsheet("Kecamatan Cipondoh", tabs, writers=[self.google.key["client_email"]])
        return connect(self.google.key).open(person.book.id)

    def another(self, workbook: Workbook) -> GoogleWorkbook:
        return connect(self.google.key).open(workbook.source)

    def person(self, workbook: Workbook) -> Person:
        return self.google.server.person(workbook.source)

    def lose(self, workbook: Workbook) -> None:
        del self.google.server.drive.files[workbook.source]
