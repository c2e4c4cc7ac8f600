"""Preparing spreadsheets: what is missing is added, and nothing else."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from msgspec.structs import replace

from automation.cases.events import JOURNAL, JOURNAL_HEADINGS
from automation.config.defaults import SETTINGS, load_defaults, load_kelurahan
from automation.config.kendali import read_kendali
from automation.model.cells import Area, Lock, Tab, Value, is_empty
from automation.model.places import Places
from automation.reading.tabs import find_headings
from automation.sheets.local.workbook import XlsxWorkbook
from automation.sheets.port import Changes, Snapshot
from automation.sheets.prepare import (
    INTAKE_COLUMNS,
    kecamatan_named,
    kelurahan_served,
    leftover,
    prepare_intake,
    prepare_kendali,
)
from automation.tables import intake
from automation.tables.intake import ROBOT
from automation.tables.kendali import HEADINGS, LAST_VALUES, LISTS
from automation.trouble import WorkbookError
from tests.examples import examples
from tests.kendali_examples import Rows, kendali, texts, with_tab, without_tab

PLACES = Places(load_kelurahan())
CIPONDOH = ("Cipondoh", "Gondrong", "Petir")
ALL = [str(column) for column in INTAKE_COLUMNS]


def setup_kendali(snapshot: Snapshot) -> Changes:
    return prepare_kendali(snapshot, load_defaults(texts()))


def setup_intake(snapshot: Snapshot) -> Changes:
    return prepare_intake(snapshot, CIPONDOH)


def book(**tabs: Sequence[Sequence[Value]]) -> Snapshot:
    return Snapshot("Laporan", tuple(Tab(f"#{title}", title, rows) for title, rows in tabs.items()), None)


def rows_of(snapshot: Snapshot, title: str) -> Sequence[Sequence[Value]]:
    tab = snapshot.tab(title)
    assert tab is not None
    return tab.rows


@pytest.mark.parametrize(("first", "at"), [([], 0), (["K2649-1", "Banjir"], 3), (["Rapat", "Isi"], 3)])
def test_headings_of_a_table_of_the_robots_making_that_were_wiped_come_back_above_its_columns(
    first: list[Value], at: int
) -> None:
    wiped = with_tab(kendali(), "Keputusan", [first, ["K2649-260504-0001-3", "Banjir", "RR-260504-0001-3"]])
    rows = rows_of(wiped.after(setup_kendali(wiped)), "Keputusan")
    assert [*rows[0][:at]] == [*first, None, None, None][:at] and rows[0][at] == "Nomor"


def test_only_an_empty_first_tab_is_left_over_and_never_the_last_that_people_see() -> None:
    assert (spare := leftover(book(Sheet1=[], Gondrong=[ALL]))) is not None and spare.title == "Sheet1"
    assert (spare := leftover(book(Gondrong=[ALL], lembar1=[[None, ""]]))) is not None and spare.title == "lembar1"
    assert leftover(book(Sheet1=[])) is None
    assert leftover(book(Sheet1=[["x"]], Gondrong=[ALL])) is None
    assert leftover(book(Sheet2=[], Gondrong=[ALL])) is None
    first, journal = book(Sheet1=[], Riwayat=[ALL]).tabs
    assert leftover(Snapshot("Cadangan", (first, replace(journal, hidden=True)), None)) is None
    for unsure in (replace(first, unread=True), replace(first, locks=(Lock(Area()),))):
        assert leftover(Snapshot("Laporan", (unsure, journal), None)) is None


def test_an_empty_spreadsheet_becomes_a_working_kendali() -> None:
    after = book(Sheet1=[]).after(setup_kendali(book(Sheet1=[])))
    assert [tab.title for tab in after.tabs] == ["Sheet1", *HEADINGS]
    assert len(rows_of(after, "Wilayah")) == 105
    assert [row[0] for row in rows_of(after, "Pengaturan")[1:]] == [setting.name for setting in SETTINGS]
    assert all(row[2] for row in rows_of(after, "Pengaturan")[1:]), "every setting has its explanation beside it"
    assert [tab.title for tab in after.tabs if tab.hidden] == [JOURNAL, LISTS, LAST_VALUES]
    for title in ("Penerima", "Libur", "Sumber"):
        assert len(rows_of(after, title)) == 1, "nothing acts as somebody's data"


def test_only_settings_that_are_missing_are_added_below_in_peoples_own_order_of_columns() -> None:
    rows: Rows = [["Nilai", "Catatan", "Pengaturan"], [9, "penting", "jeda sinkron"], [None, None, None]]
    before = with_tab(kendali(), "Pengaturan", rows)
    after = before.after(setup_kendali(before))
    written = rows_of(after, "Pengaturan")
    assert written[0] == ["Nilai", "Catatan", "Pengaturan", "Keterangan", "Pemeriksaan"]
    assert written[1][:3] == [9, "penting", "jeda sinkron"]
    assert len([row for row in written if "Jeda Sinkron" in row]) == 0
    assert read_kendali(after, texts()).sync_minutes == 9
    assert ["06:30", None, "Jam Kabar Harian"] in [list(row[:3]) for row in written]


def test_categories_and_places_that_people_keep_are_left_as_they_are_and_a_deleted_tab_comes_back() -> None:
    before = with_tab(kendali(), "Kategori", [HEADINGS["Kategori"], ["Jalan"]])
    before = with_tab(before, "Wilayah", [HEADINGS["Wilayah"], ["36.71.05.1004", "Cipondoh", "Gondrong", 3]])
    assert not setup_kendali(before)
    assert [tab.title for tab in setup_kendali(without_tab(kendali(), "Libur")).new_tabs] == ["Libur"]


@pytest.mark.parametrize("heading", HEADINGS["Pengaturan"][:2])
def test_new_settings_wait_until_a_heading_that_people_renamed_has_its_name_back(heading: str) -> None:
    first, *rows = rows_of(kendali(), "Pengaturan")
    renamed = with_tab(kendali(), "Pengaturan", [["Isi" if one == heading else one for one in first], *rows[:-1]])
    changes = setup_kendali(renamed)
    assert not changes.cells and "Pengaturan" not in changes.appends, "their values would be empty"


def test_an_empty_tab_of_kendali_gets_headings_and_rows_that_can_be_read() -> None:
    before = kendali()
    for title in ("Pengaturan", "Wilayah", "Kategori", "Penerima"):
        before = with_tab(before, title, [])
    after = before.after(setup_kendali(before))
    settings = read_kendali(after, texts())
    assert settings.problems == () and len(list(settings.rules.places)) == 104
    assert not setup_kendali(after)


def test_a_new_intake_tab_begins_with_what_a_thumb_needs_and_the_journal_is_hidden() -> None:
    changes = setup_intake(book())
    after = book().after(changes)
    assert [tab.title for tab in after.tabs] == [*CIPONDOH, JOURNAL]
    headings = find_headings(rows_of(after, "Gondrong"))
    assert headings is not None and headings.complete
    assert intake.KELURAHAN not in headings.columns
    assert headings.row == 2 and rows_of(after, "Gondrong")[:2] == [[], []], "room for the status line"
    first = ("No. Tiket", "Pemeriksaan", "Uraian", "Alamat", "RT/RW", "Nama Pelapor", "Telepon")
    assert tuple(rows_of(after, "Gondrong")[2][:7]) == first
    assert intake.TICKET.width + intake.CHECK.width <= 360 - 100, "of a small screen something is left to type in"
    assert tuple(rows_of(after, JOURNAL)[0]) == JOURNAL_HEADINGS
    assert changes.new_tabs[-1].title == JOURNAL and changes.new_tabs[-1].hidden and changes.new_tabs[-1].protected


def test_missing_headings_go_to_the_right_of_everything_in_the_tab() -> None:
    partial: Rows = [["Laporan Gondrong"], ALL[:12], [None] * 14 + ["catatan orang"]]
    before = book(Cipondoh=[ALL], Gondrong=partial, Petir=[ALL], Riwayat=[JOURNAL_HEADINGS])
    changes = setup_intake(before)
    assert [(cell.row, cell.column) for cell in changes.cells] == [(1, 15 + step) for step in range(len(ALL) - 12)]
    headings = find_headings(rows_of(before.after(changes), "Gondrong"))
    assert headings is not None and headings.complete


def test_a_tab_of_an_earlier_version_goes_on_and_gets_new_columns_beside_peoples_own() -> None:
    new = ("Induk", "Selesai Pada", "Tanggal Benar")
    earlier = [*(str(one) for one in ROBOT), *(one for one in ALL if one not in ROBOT and one not in new)]
    own: Rows = [[*earlier, "Catatan RW"], ["RR-260504-0001-3"], [None] * 22 + ["jauh di kanan"]]
    before = book(Cipondoh=[ALL], Gondrong=own, Petir=[ALL], Riwayat=[JOURNAL_HEADINGS])
    headings = find_headings(own)
    assert headings is not None and headings.complete
    added = [(cell.tab, cell.row, cell.column, cell.value) for cell in setup_intake(before).cells]
    assert added == [("#Gondrong", 0, at, name) for at, name in enumerate(new, start=23)]


def test_a_tab_of_somebody_elses_is_left_alone_and_nothing_is_written_beside_the_events_of_a_journal() -> None:
    before = book(Gondrong=[["Daftar hadir rapat RW"]], Anggaran=[["Pos", "Rupiah"], ["Spanduk", 150000]])
    changes = setup_intake(before)
    assert changes.cells == []
    assert [tab.title for tab in changes.new_tabs] == ["Cipondoh", "Petir", JOURNAL]
    event: list[Value] = [1, "2026-11-24T08:00:00+07:00", "RR-260504-0001-3", "terbit", "{}"]
    assert setup_intake(book(Cipondoh=[ALL], Gondrong=[ALL], Petir=[ALL], Riwayat=[event])).cells == []
    assert setup_kendali(with_tab(kendali(), JOURNAL, [["Cipondoh.xlsx", *event]])).cells == []
    empty = book(GONDRONG=[[None, " "]])  # an empty one with a kelurahan's name gets its headings
    headings = find_headings(rows_of(empty.after(setup_intake(empty)), "Gondrong"))
    assert headings is not None and headings.complete


JUNK: st.SearchStrategy[Value] = st.sampled_from([None, "", "Jalan", 7, True, "=A1", "Catatan", "Tiket"])


def tables(headings: Sequence[str]) -> st.SearchStrategy[list[list[Value]]]:
    """A tab as people leave it: some headings, moved and mixed with theirs, among rows of anything."""
    head = st.lists(st.sampled_from([*headings, "Catatan", None]), max_size=len(headings) + 3, unique=True)
    return st.tuples(
        st.lists(st.lists(JUNK, max_size=4), max_size=2), head, st.lists(st.lists(JUNK, max_size=12), max_size=4)
    ).map(lambda parts: [*parts[0], [*parts[1]], *parts[2]])


def books(titles: Sequence[str], headings: Callable[[str], Sequence[str]]) -> st.SearchStrategy[Snapshot]:
    tabs = st.fixed_dictionaries({}, optional={title: tables(headings(title)) for title in titles})
    return tabs.map(lambda found: book(**found))


def check_that_it_only_adds(prepare: Callable[[Snapshot], Changes], before: Snapshot) -> None:
    changes = prepare(before)
    by_key = {tab.key: tab for tab in before.tabs}
    for cell in changes.cells:
        rows = by_key[cell.tab].rows
        held = rows[cell.row][cell.column] if cell.row < len(rows) and cell.column < len(rows[cell.row]) else None
        assert is_empty(held), "a cell that holds something is never written"
    after = before.after(changes)
    assert not prepare(after), "a prepared spreadsheet needs nothing"


@examples(60)
@given(
    kendali=books(list(HEADINGS), lambda title: HEADINGS[title]),
    spreadsheet=books([*CIPONDOH, "Posko", JOURNAL], lambda title: JOURNAL_HEADINGS if title == JOURNAL else ALL),
)
def test_preparing_writes_only_empty_cells_and_is_done_once(kendali: Snapshot, spreadsheet: Snapshot) -> None:
    check_that_it_only_adds(setup_kendali, kendali)
    check_that_it_only_adds(setup_intake, spreadsheet)


def test_a_local_file_is_prepared_and_prepared_again_changes_nothing(tmp_path: Path) -> None:
    workbook = XlsxWorkbook.create(tmp_path / "Kendali.xlsx", "Kendali.xlsx")
    after = workbook.commit(setup_kendali(workbook.read()), workbook.read())
    assert not setup_kendali(after)
    assert not setup_kendali(workbook.read())


@pytest.mark.parametrize(
    ("name", "kecamatan"),
    [
        ("Kecamatan Cipondoh", ["Cipondoh"]),
        ("laporan_warga-karang tengah 2026", ["Karang Tengah"]),
        ("Ruang Rakyat Kota Tangerang – Kec. Pinang", ["Pinang"]),
        ("Pinang & Cipondoh", ["Cipondoh", "Pinang"]),
        ("Kecamatan Tangerang", ["Tangerang"]),
        ("Kecamatan Cipondoh Timur", []),
        ("Kec. Karang Tengah", ["Karang Tengah"]),
        ("Tangerang", ["Tangerang"]),
        ("Laporan Tangerang", []),
        ("Ruang Rakyat Kota Tangerang", []),
        ("Bendahara", []),
        ("Posko", []),
    ],
)
def test_a_spreadsheet_is_named_after_its_kecamatan(name: str, kecamatan: list[str]) -> None:
    assert list(kecamatan_named(name, PLACES)) == kecamatan


def test_a_spreadsheet_serves_all_kelurahan_of_its_kecamatan_that_have_no_tab_yet() -> None:
    places = Places(load_kelurahan(), {"Poris Pelawad": "Poris Plawad"})
    before = replace(book(**{"Kel. Gondrong": [ALL], "Poris Pelawad": [ALL]}), name="Kecamatan Cipondoh")
    served = kelurahan_served("Posko timur", before, places)
    assert len(served) == 8
    assert "Gondrong" not in served and "Poris Plawad" not in served
    # Where rows say their kelurahan, or a name says nothing, tabs are repaired only.
    assert kelurahan_served("Kecamatan Cipondoh", book(Posko=[[*ALL, "Kelurahan"]]), PLACES) == ()
    assert kelurahan_served("Posko", book(Gondrong=[ALL]), PLACES) == ()
    # As `restore` asks for it where a year's new tab is gone: an empty one of that name gets its headings.
    new = book(**{"Gondrong": [ALL], "Gondrong 2027": [], "Catatan": []})
    filled = prepare_intake(new, kelurahan_served("Posko", new, PLACES))
    assert {new.by_key[cell.tab].title for cell in filled.cells} == {"Gondrong 2027"}
    assert [tab.title for tab in filled.new_tabs] == ["Riwayat"]
    with pytest.raises(WorkbookError) as raised:
        kelurahan_served("Posko", book(Sheet1=[]), PLACES)
    said = texts().say(raised.value.code, **raised.value.particulars)
    assert said.startswith("Posko:") and "nama kecamatan" in said
