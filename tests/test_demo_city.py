"""The demo city: complete, readable, instructive, and never overwritten."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from automation.cases.examiner import Examiner
from automation.config.credentials import read_credentials
from automation.config.kendali import Settings, read_kendali
from automation.demo.city import lay_out
from automation.model.complaint import Complaint, Priority, Status
from automation.model.findings import Code
from automation.reading.intake import read_intake
from automation.sheets.local.workbook import XlsxWorkbook
from automation.sheets.port import Snapshot
from automation.sheets.prepare import kelurahan_served, prepare_intake
from tests.kendali_examples import texts

TODAY = date(2026, 11, 24)
#: These need more than a row: a numbering range, and tickets that stand in a journal.
NOT_OF_A_ROW = {
    Code.NUMBERS_WAIT,
    Code.ROW_COPIED,
    Code.TICKET_CHANGED,
    Code.KELURAHAN_TAB,
    Code.PARENT_ITSELF,
    Code.PARENT_UNKNOWN,
    Code.PARENT_CIRCLE,
    Code.SIMILAR,
    Code.SAME_PHONE,
}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    lay_out(folder, TODAY, texts())
    return folder


def settings_of(folder: Path) -> Settings:
    credentials = read_credentials(folder / "credentials.json")
    assert credentials.google is None and credentials.smtp is None
    return read_kendali(XlsxWorkbook(folder / credentials.kendali, credentials.kendali).read(), texts())


def spreadsheets(folder: Path) -> Iterator[tuple[str, Snapshot]]:
    for source in settings_of(folder).sources:
        yield source.name, XlsxWorkbook(folder / source.link, source.link).read()


def complaints(folder: Path, today: date) -> list[Complaint]:
    settings = settings_of(folder)
    examiner = Examiner(settings.rules, today)
    found = []
    for name, snapshot in spreadsheets(folder):
        intake = read_intake(snapshot.tabs, settings.rules.places, name)
        assert intake.troubles == ()
        found += [examiner.examine(row.people, row.tab.place, row.tab.has_kelurahan_column) for row in intake.rows]
    return found


def test_its_kendali_has_no_problems_lists_its_readers_and_no_address_can_ever_reach_anybody(city: Path) -> None:
    settings = settings_of(city)
    assert settings.problems == ()
    names = [f"Kecamatan {name}" for name in ("Cipondoh", "Karawaci", "Larangan")]
    assert [source.name for source in settings.sources] == names
    scopes = [scope for recipient in settings.recipients for scope in recipient.scopes]
    assert {bool(scope.dapil) for scope in scopes} == {True, False}
    assert any(scope.kecamatan for scope in scopes) and any(scope.kelurahan for scope in scopes)
    addresses = [recipient.email for recipient in settings.recipients]
    addresses += [place.coordinator_email for place in settings.rules.places if place.coordinator_email]
    assert all(address.endswith(".example") for address in addresses)


def test_every_mistake_status_and_priority_is_in_it_and_most_rows_are_good(city: Path) -> None:
    all_of_them = complaints(city, TODAY)
    found = {finding.code for complaint in all_of_them for finding in complaint.findings}
    assert set(Code) - found == NOT_OF_A_ROW
    good = [complaint for complaint in all_of_them if not complaint.blocked]
    assert {complaint.status for complaint in good} == set(Status)
    assert {complaint.priority for complaint in good} == set(Priority)
    assert 60 <= len(all_of_them) <= 80 and len(good) >= 40


def test_text_that_looks_like_a_formula_is_text(city: Path) -> None:
    texts_seen = []
    for path in city.glob("*.xlsx"):
        for sheet in load_workbook(path):
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                assert cell.data_type != "f"
                texts_seen.append(str(cell.value))
    assert any(text.startswith("=IMPORTDATA(") for text in texts_seen)


@pytest.mark.parametrize(
    "today", [TODAY, date(2026, 11, 22), date(2027, 1, 2), date(2027, 3, 13), date(2028, 2, 29), date(2030, 6, 1)]
)
def test_on_whatever_day_it_is_laid_out_some_are_overdue_some_due_and_some_new(tmp_path: Path, today: date) -> None:
    lay_out(tmp_path, today, texts())
    rules = settings_of(tmp_path).rules
    ages = [
        rules.calendar.between(complaint.received, today)
        for complaint in complaints(tmp_path, today)
        if complaint.received and complaint.status and not complaint.blocked
        if not complaint.status.closed and complaint.priority is Priority.NORMAL
    ]
    assert sum(age > 6 for age in ages) >= 10
    assert ages.count(6) >= 2 and ages.count(5) >= 2 and ages.count(0) >= 1


def test_the_spreadsheets_are_prepared_as_setup_would(city: Path) -> None:
    places = settings_of(city).rules.places
    for name, snapshot in spreadsheets(city):
        assert not prepare_intake(snapshot, kelurahan_served(name, snapshot, places))
        kecamatan = name.removeprefix("Kecamatan ")
        own = {place.name for place in places if place.kecamatan == kecamatan}
        assert own <= {tab.title for tab in snapshot.tabs}


def test_what_is_there_stays_and_only_what_is_missing_is_written(tmp_path: Path) -> None:
    lay_out(tmp_path, TODAY, texts())
    (tmp_path / "Kecamatan Cipondoh.xlsx").write_bytes(b"edited by hand")
    (tmp_path / "Kecamatan Karawaci.xlsx").unlink()
    before = (tmp_path / "Kendali.xlsx").read_bytes()
    lay_out(tmp_path, date(2026, 12, 1), texts())
    assert (tmp_path / "Kecamatan Cipondoh.xlsx").read_bytes() == b"edited by hand"
    assert (tmp_path / "Kendali.xlsx").read_bytes() == before
    assert sorted(os.listdir(tmp_path)) == [
        "Kecamatan Cipondoh.xlsx", "Kecamatan Karawaci.xlsx", "Kecamatan Larangan.xlsx", "Kendali.xlsx",
        "credentials.json",
    ]  # fmt: skip
