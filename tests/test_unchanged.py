"""`sync` where nothing has changed since a cycle that had nothing to write: it tells the same, and examines nothing."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from automation.cli import sync as command
from automation.cli.compose import jakarta_now
from automation.cycle.sync import Syncer
from automation.reading.tabs import LISTS
from automation.sheets.looks.lists import CHECKED, STAMP
from automation.tables import intake
from automation.tables.kendali import RECIPIENTS, SETTINGS, SOURCES, WISHES
from tests.conftest import Say
from tests.google_city import City
from tests.local_city import LocalCity
from tests.lost_and_found import KENDALI, TITLES, GooglePlace, Place, laid_out
from tests.sheets_server.fixtures import ROBOT, Google

pytestmark = pytest.mark.sampled(2, tests=6)

NOTE = ".credentials.json.tenang"


@pytest.fixture(params=["local", "google"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Two spreadsheets with a complaint each."""
    place = laid_out(request, tmp_path, {"Timur": ("Petir",), "Barat": ("Gondrong",)}, begin)
    assert place.run("sync") == 0  # nothing is left to write
    assert note_of(place).exists()
    return place


def begin(place: Place) -> None:
    place.type("Timur", "Petir", "Yati", description="lampu jalan padam di depan musala")
    place.type("Barat", "Gondrong", "Amir", description="got mampet, air naik ke jalan")
    assert place.run("sync") == 0


def note_of(place: Place) -> Path:
    return place.credentials.parent / NOTE


@pytest.fixture
def cycles(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """When whole cycles were run."""
    found, really = list[datetime](), Syncer.sync

    def counted(syncer: Syncer, now: datetime, *more: object) -> object:
        found.append(now)
        return really(syncer, now, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(Syncer, "sync", counted)
    return found


def test_it_tells_the_same_writes_nothing_and_notes_that_it_was_here(
    place: Place, cycles: list[datetime], say: Say
) -> None:
    last = place.credentials.with_name(".credentials.json.siklus")
    note_of(place).unlink()
    say()
    assert place.run("sync") == 0
    told, before = say(), last.read_bytes()
    assert len(cycles) == 1 and "2 seluruhnya" in told
    assert place.run("sync") == 0
    assert (len(cycles), say()) == (1, told)
    assert last.read_bytes() != before, "`check` and Ping would take it for dead"
    note = note_of(place).read_text("utf-8")
    assert "Warga" not in note and "musala" not in note and "0812" not in note


def type_a_row(place: Place) -> None:
    place.type("Barat", "Gondrong", "Usman", description="jalan berlubang dekat pasar")


def close_a_case(place: Place) -> None:
    place.put("Timur", "Petir", 1, {TITLES.index(intake.STATUS): "Selesai"})


def take_a_ticket_away(place: Place) -> None:
    place.put("Timur", "Petir", 1, {TITLES.index(intake.TICKET): None})


def change_a_setting(place: Place) -> None:
    row = [row[0] for row in place.rows(KENDALI, SETTINGS)].index("Target Hari Kerja")
    place.put(KENDALI, SETTINGS, row, {1: 9})


def list_a_recipient(place: Place) -> None:
    place.put(KENDALI, RECIPIENTS, 1, {0: "Ratna", 1: "bukan alamat", 3: "Kota", 4: "harian", 6: "Ya"})


def take_a_spreadsheet_off(place: Place) -> None:
    place.put(KENDALI, SOURCES, 2, {0: None, 1: None})


def wish(place: Place) -> None:
    place.put(KENDALI, WISHES, 1, {0: "jelaskan semuanya"})


def lose_a_tab(place: Place) -> None:
    place.delete_tab("Barat", "Gondrong")


def spoil_the_note(place: Place) -> None:
    note_of(place).write_bytes(note_of(place).read_bytes()[:90])


def lie(place: Place) -> None:
    note = note_of(place)
    note.write_text(note.read_text("utf-8").replace('"Barat', '"Utara').replace('"marks":{"', '"marks":{"x'), "utf-8")


def write_own_words(place: Place) -> None:
    own = place.credentials.parent / "templat" / "pesan"
    own.mkdir(parents=True)
    (own / "operator.toml").write_text('[ringkasan]\ntiket = "Nomor: {semua}"\n', "utf-8")


@pytest.mark.sampled(22, tests=8)
@pytest.mark.parametrize(
    "change",
    [
        *(type_a_row, close_a_case, take_a_ticket_away, change_a_setting, list_a_recipient, take_a_spreadsheet_off),
        *(wish, lose_a_tab, spoil_the_note, lie, write_own_words),
    ],
)
def test_whatever_changes_a_whole_cycle_is_run(
    place: Place, cycles: list[datetime], change: Callable[[Place], None]
) -> None:
    change(place)
    place.run("sync")
    assert len(cycles) == 1
    assert place.tickets("Timur", "Petir").get("Yati"), "what was looked at before serves the cycle"


def test_a_spreadsheet_that_is_new_in_a_folder_is_seen_at_once(
    google: Google, tmp_path: Path, cycles: list[datetime]
) -> None:
    city, parent = City(google, tmp_path), google.server.folder("Laporan", readers=[ROBOT])
    google.spreadsheet("Kecamatan Cipondoh", {}, folder=parent)
    assert city.run("setup") in (0, 1)
    for column, told in enumerate(("Laporan", f"https://drive.google.com/drive/folders/{parent}")):
        city.kendali.set(SOURCES, 1, column, told)
    assert city.run("setup") == 0
    while not (tmp_path / NOTE).exists():
        assert city.run("sync") == 0
    cycles.clear()
    assert (city.run("sync"), cycles) == (0, [])
    google.spreadsheet("Kecamatan Benda", {}, folder=parent)
    assert (city.run("sync"), len(cycles)) == (0, 1)


@pytest.mark.parametrize(("later", "whole"), [(29, 0), (31, 1), (60 * 16, 1), (-1, 1)])
def test_it_lasts_half_an_hour_and_no_longer_than_the_day(
    place: Place, cycles: list[datetime], later: int, whole: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    then = jakarta_now() + timedelta(minutes=later)
    monkeypatch.setattr(command, "jakarta_now", lambda: then)
    assert place.run("sync") == 0
    assert len(cycles) == whole


def test_where_the_operator_is_to_hear_of_failures_soon_it_lasts_no_longer_than_the_time_of_reading_may_be_old(
    place: Place, cycles: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = [row[0] for row in place.rows(KENDALI, SETTINGS)].index("Lapor Gangguan Sesudah")
    place.put(KENDALI, SETTINGS, row, {1: 10})
    for _ in range(2):
        place.run("sync")
    then = jakarta_now() + timedelta(minutes=6)
    monkeypatch.setattr(command, "jakarta_now", lambda: then)
    cycles.clear()
    place.run("sync")
    assert len(cycles) == 1


def test_it_ends_when_the_time_of_the_last_look_that_all_tabs_show_is_due(
    place: Place, cycles: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    then = jakarta_now()
    place.put("Barat", LISTS, CHECKED[0], {CHECKED[1]: f"{then - timedelta(minutes=50):{STAMP}}"})
    assert place.run("sync") == 0
    monkeypatch.setattr(command, "jakarta_now", lambda: then + timedelta(minutes=12))
    cycles.clear()
    assert place.run("sync") == 0
    assert len(cycles) == 1


def test_where_not_all_is_well_each_cycle_is_a_whole_one(place: Place, cycles: list[datetime]) -> None:
    """What was mended elsewhere is seen at once."""
    list_a_recipient(place)
    for _ in range(3):
        assert place.run("sync") == 1
    assert len(cycles) == 3 and not note_of(place).exists()


def test_while_something_waits_for_kendali_each_cycle_is_a_whole_one(tmp_path: Path, cycles: list[datetime]) -> None:
    city = LocalCity.lay_out(tmp_path, {"Barat": ("Gondrong",)})
    with city.path("Kendali").with_name(".~lock.Kendali.xlsx#").open("w"):  # it is open in an office program
        city.put("Kendali", WISHES, {(1, 0): "jelaskan semuanya"})
        for _ in range(3):
            city.run("sync")
    assert len(cycles) == 3


def test_what_was_looked_at_before_a_change_was_met_is_not_asked_for_again(google: Google, tmp_path: Path) -> None:
    place = GooglePlace.lay_out(google, tmp_path, {"Timur": ("Petir",), "Barat": ("Gondrong",)}, begin)
    asked = list[Counter[str]]()
    for there in (True, False):
        while not note_of(place).exists():
            assert place.run("sync") == 0
        place.type("Barat", "Gondrong", f"Usman {there}", description="jalan berlubang dekat pasar")
        if not there:
            note_of(place).unlink()
        google.server.requests.clear()
        assert place.run("sync") == 0
        asked.append(Counter(one.kind for one in google.server.requests))
        assert place.tickets("Barat", "Gondrong")[f"Usman {there}"]
    assert asked[0] == asked[1]
