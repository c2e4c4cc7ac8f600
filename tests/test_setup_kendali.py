"""Kendali as `setup` leaves it, on either kind of spreadsheet: it guides people, and whatever they make of it stays."""

import shutil
from copy import copy
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook as Book, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from automation.digests.charts import nothing_yet
from automation.sheets.looks import colours
from automation.sheets.looks.page import charts_page
from automation.tables.kendali import (
    CHARTS,
    GUIDE,
    HEADINGS,
    JOURNAL,
    LAST_VALUES,
    LISTS,
    MAILS,
    PLACES,
    RECIPIENTS,
    REGISTER,
    REPAIRS,
    TABS,
    TERMS,
)
from tests.google_city import City
from tests.kendali_examples import texts
from tests.local_city import LocalCity
from tests.mail_examples import TODAY
from tests.programs import Office
from tests.sheets_server.fixtures import ROBOT, Google
from tests.town import NOTE, TUESDAY
from tests.xlsx_parts import charts_in

pytestmark = pytest.mark.sampled(tests=5)

TITLES = [chart.title for chart in charts_page(nothing_yet(TODAY, ()), texts()).charts]
PROTECTED = {GUIDE, CHARTS, REPAIRS, JOURNAL, MAILS, LISTS, LAST_VALUES}


@pytest.fixture
def city(tmp_path: Path) -> LocalCity:
    return LocalCity.lay_out(tmp_path, {"Barat": ("Gondrong",)})


def shown_charts(city: LocalCity) -> list[str]:
    return [chart.title for chart in charts_in(city.path("Kendali"), CHARTS)]


def lists(book: Book, tab: str) -> dict[str, Any]:
    """What may be typed, by the cells for which it holds."""
    return {str(rule.sqref): rule for rule in book[tab].data_validations.dataValidation}


def test_a_local_kendali_shows_whose_a_column_is_what_it_takes_and_the_charts(city: LocalCity) -> None:
    book = load_workbook(city.path("Kendali"))
    assert [title for title in book.sheetnames if title in TABS] == list(TABS)
    for title, headings in HEADINGS.items():
        assert all(book[title].cell(1, at).comment for at in range(1, len(headings) + 1)), title
        assert book[title].freeze_panes == ("B2" if title == REGISTER else "A2")
    assert book[RECIPIENTS]["A1"].fill.fgColor.rgb[2:] == colours.COORDINATOR.fill
    assert book[REGISTER]["A1"].fill.fgColor.rgb[2:] == colours.ROBOT.fill
    assert {title for title in TABS if book[title].protection.sheet} == PROTECTED
    assert [title for title in TABS if book[title].sheet_state != "visible"] == [JOURNAL, LISTS, LAST_VALUES]
    settings = lists(book, "Pengaturan")
    assert (settings["B6"].type, settings["B6"].formula1) == ("list", '"Ya,Tidak"')
    assert (settings["B2"].type, settings["B2"].formula1, settings["B2"].formula2) == ("whole", "1", "250")
    assert sorted(shown_charts(city)) == sorted(TITLES)


def test_what_people_have_made_of_their_kendali_stays_and_setup_again_changes_nothing(city: LocalCity) -> None:
    city.take_in("Barat", "Gondrong", {NOTE: "yati"})
    before = city.path("Kendali").read_bytes()
    assert city.run("setup") == 0
    assert city.path("Kendali").read_bytes() == before
    yellow = PatternFill("solid", fgColor="FFFFF200")
    with city.editing("Kendali") as book:
        sheet = book[RECIPIENTS]
        sheet["A1"].fill = copy(yellow)
        sheet["B1"].comment = Comment("tanya Bu Ani dulu", "Pak Hasan")
        sheet.column_dimensions["C"].width = 77
        book[REGISTER].column_dimensions["J"].width = 12
        sheet.freeze_panes = "C2"
        sheet.sheet_properties.tabColor = "FFFF00FF"
    assert city.run("setup") == 0
    book = load_workbook(city.path("Kendali"))
    sheet = book[RECIPIENTS]
    assert sheet["A1"].fill.fgColor.rgb == "FFFFF200" and sheet["B1"].comment.text == "tanya Bu Ani dulu"
    assert (sheet.column_dimensions["C"].width, book[REGISTER].column_dimensions["J"].width) == (77, 12)
    colour = sheet.sheet_properties.tabColor
    assert sheet.freeze_panes == "C2" and colour is not None and colour.rgb == "FFFF00FF"


def test_words_of_a_later_version_are_told_and_added_when_asked_for(
    city: LocalCity, capsys: pytest.CaptureFixture[str]
) -> None:
    def edit(book: Book) -> None:
        sheet = book[TERMS]
        sheet.delete_rows(2, 4)  # an earlier version had not these
        sheet["C2"] = "Lainnya"  # here another word of theirs means another thing
        sheet.append(["gardu", "Kategori", "Lainnya", "kata kami"])

    whole = city.rows("Kendali", TERMS)
    city.edit("Kendali", edit)
    theirs = city.rows("Kendali", TERMS)
    for options in ([], ["--dry-run"]):
        assert city.run("setup", *options) == 0
        assert "4 kata versi ini belum ada" in "".join(capsys.readouterr())
        assert city.rows("Kendali", TERMS) == theirs, "they may have taken them out"
    assert city.run("setup", "--words") == 0 and "4 kata versi ini ditambahkan" in "".join(capsys.readouterr())
    assert [row[:3] for row in city.rows("Kendali", TERMS)] == [row[:3] for row in [*theirs, *whole[1:5]]]
    assert city.run("setup") == 0 and "kata versi ini" not in "".join(capsys.readouterr())


@pytest.mark.libreoffice
def test_a_setting_that_a_coordinator_changed_in_libreoffice_is_used_and_the_charts_are_still_there(
    city: LocalCity, tmp_path_factory: pytest.TempPathFactory
) -> None:
    city.type("Barat", "Gondrong", {NOTE: "yati"})
    city.setting("Nama Organisasi", "Ruang Warga")
    saved = Office(tmp_path_factory.mktemp("office")).convert(city.path("Kendali"), "xlsx")
    shutil.copy(saved, city.path("Kendali"))
    report = city.sync(TUESDAY)
    assert report.well and report.settings.rules.organisation == "Ruang Warga"
    assert len(city.register()) == 1 and sorted(shown_charts(city)) == sorted(TITLES)
    assert city.run("setup") == 0
    assert sorted(shown_charts(city)) == sorted(TITLES)


def test_a_kendali_on_google_is_dressed_once_and_the_robots_tabs_are_its_own(google: Google, tmp_path: Path) -> None:
    city = City.prepared(google, tmp_path, "Cipondoh")
    book = city.kendali.book
    sheets = {sheet.title: sheet for sheet in book.sheets}
    assert list(sheets) == [*TABS]
    assert sorted(chart["spec"]["title"] for chart in sheets[CHARTS].charts.values()) == sorted(TITLES)
    areas = [area for area in book.protected.values() if not area.get("warningOnly")]
    titles = {sheet.id: title for title, sheet in sheets.items()}
    locked = {titles[area["range"]["sheetId"]] for area in areas if area["editors"] == {"users": [ROBOT]}}
    assert locked == PROTECTED
    city.type("Cipondoh", "Gondrong", "yati", category="Jalan & Drainase")
    assert city.run("sync") == 0
    assert "1 laporan masih terbuka" in str(city.kendali.values(CHARTS)[1][0])
    google.server.requests.clear()
    assert city.run("setup") == 0
    assert "batchUpdate" not in {request.kind for request in google.server.requests}


def test_a_heading_that_people_renamed_is_told_and_not_set_up_beside_an_empty_column(
    city: LocalCity, capsys: pytest.CaptureFixture[str]
) -> None:
    """All that was typed below it would seem emptied: every closed case of a tab would run again."""
    for workbook, tab, heading in (("Kendali", PLACES, "Dapil"), ("Barat", "Gondrong", "Status")):
        row, headings = next((at, row) for at, row in enumerate(city.rows(workbook, tab)) if heading in row)
        place = (row, headings.index(heading))
        city.put(workbook, tab, {place: "Catatan"})
        assert city.run("setup") == 1 and f"judul kolom tidak ada: {heading}" in capsys.readouterr().out
        assert heading not in city.rows(workbook, tab)[row]
        city.put(workbook, tab, {place: None})
        assert city.run("setup") == 0, "an empty cell in its place gets it back"
        assert city.rows(workbook, tab)[row] == headings
