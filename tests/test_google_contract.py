"""Google Sheets keeps what every kind of workbook promises."""

from __future__ import annotations

import pytest

from automation.sheets.google import GoogleWorkbook, connect
from automation.sheets.port import Workbook
from tests.sheets_server.fixtures import Google
from tests.sheets_server.people import Person
from tests.workbook_contract import Content, WorkbookContract


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
