"""One bad row, tab or spreadsheet stops nothing else; a dry run writes nothing; big work is done in portions."""

import logging
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook

from automation.cases.codec import FORMAT
from automation.cases.events import JOURNAL
from automation.config.tabs import Source
from automation.cycle.commit import portion
from automation.cycle.sync import Syncer
from automation.model.cells import CellError
from automation.sheets.port import CellWrite, Changes, ReadRequest, Snapshot, Workbook
from automation.tables import intake
from automation.tables.kendali import RECIPIENTS, REGISTER
from tests.conftest import Say
from tests.google_city import City
from tests.local_city import AMIR, SRI, TITLES, YATI, Disturbed, LocalCity
from tests.sheets_server.fixtures import Google
from tests.town import NOTE, TUESDAY
from tests.workbook_contract import Typed

pytestmark = pytest.mark.sampled(6, tests=10)


@pytest.fixture
def city(tmp_path: Path) -> LocalCity:
    """Two spreadsheets, each with a complaint that has no ticket yet."""
    return LocalCity.lay_out(tmp_path, {"Barat": ("Gondrong", "Petir"), "Timur": ("Cimone",)}, begin)


def begin(city: LocalCity) -> None:
    city.type("Barat", "Gondrong", YATI)
    city.type("Timur", "Cimone", SRI)


def test_one_bad_row_stops_no_other(city: LocalCity) -> None:
    bad = {str(heading): CellError("#REF!") for heading in (intake.RECEIVED, intake.NAME, intake.DESCRIPTION)}
    city.type("Barat", "Gondrong", {NOTE: "rusak", **bad}, {NOTE: "angka", intake.DESCRIPTION: 1e300}, AMIR)
    assert city.run("sync") == 0
    tickets = city.tickets("Barat")
    assert tickets["yati"] and tickets["amir"] and not tickets["rusak"]


def test_setup_tells_of_a_tab_that_can_not_be_read_even_so(city: LocalCity, capsys: pytest.CaptureFixture[str]) -> None:
    city.sync()
    assert city.run("setup") == 0
    capsys.readouterr()
    city.edit("Barat", lambda book: book["Gondrong"].delete_rows(1))
    assert city.run("setup") == 1
    told = capsys.readouterr().out
    assert "Barat, tab Gondrong: baris judul kolom tidak ditemukan" in told and "Semua siap" not in told
    assert city.run("sync") == 1


def test_a_spreadsheet_that_somebody_has_open_waits_and_its_journal_is_copied_all_the_same(city: LocalCity) -> None:
    city.sync()
    city.edit("Kendali", lambda book: book[JOURNAL].delete_rows(2, 100))
    city.type("Barat", "Gondrong", AMIR)
    lock = city.folder / ".~lock.Barat.xlsx#"
    lock.write_text(",budi,,;", "utf-8")
    assert city.run("sync") == 1
    assert not city.tickets("Barat")["amir"]
    assert [row[0] for row in city.rows("Kendali", JOURNAL)[1:]] == ["Barat.xlsx", "Timur.xlsx"]
    lock.unlink()
    assert city.run("sync") == 0
    assert city.tickets("Barat")["amir"]


class Broken(Disturbed):
    """A workbook in which something happens that nobody thought of."""

    def read(self, _: ReadRequest | None = None) -> Snapshot:
        raise ZeroDivisionError("Ibu Yati, 081200001021")


def with_barat(city: LocalCity, kind: Callable[[Workbook], Workbook]) -> Syncer:
    """A robot for which the first spreadsheet is of this kind."""
    syncer = city.syncer()
    open_source = syncer.open_source

    def opened(source: Source) -> list[Workbook]:
        return [kind(one) if one.source == "Barat.xlsx" else one for one in open_source(source)]

    return Syncer(syncer.kendali, opened, syncer.texts)


def test_our_own_mistake_in_one_spreadsheet_is_said_logged_and_stops_no_other(
    city: LocalCity, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "automation"):
        report = with_barat(city, lambda one: Broken(one, lambda: None)).sync(TUESDAY)
    assert [failure.trouble.code for failure in report.failures] == ["siklus.galat-program"]
    assert "kesalahan di program" in city.state(1) and city.state(2) == "Baik"
    assert city.tickets("Timur", "Cimone")["sri"]
    (record,) = caplog.records
    assert record.exc_info is not None


def test_a_spreadsheet_that_others_keep_saving_waits_for_the_next_cycle(city: LocalCity) -> None:
    """As Google's own, tried with a file that is another one whenever it is to be written."""
    house = count()

    class NeverStill(Disturbed):
        def commit(self, changes: Changes, seen: Snapshot) -> Snapshot:
            city.put("Barat", "Gondrong", {(1, TITLES.index(intake.ADDRESS)): f"Gg. Mawar no {next(house)}"})
            return super().commit(changes, seen)

    report = with_barat(city, lambda one: NeverStill(one, lambda: None)).sync(TUESDAY)
    assert [failure.trouble.code for failure in report.failures] == ["siklus.terlalu-ramai"]
    assert city.tickets("Timur", "Cimone")["sri"]
    assert city.sync().well
    assert city.tickets("Barat")["yati"]


def test_links_that_a_script_left_on_other_rows_lead_to_their_own_reporters_again(city: LocalCity) -> None:
    """A script that deletes a row with openpyxl leaves the links of all rows below where they stood."""
    city.take_in("Barat", "Gondrong", AMIR, SRI)

    def right() -> list[bool]:
        """Whether each row's message tells the ticket of its row."""
        rows = load_workbook(city.path("Barat"))["Gondrong"].iter_rows(min_row=2)
        ticket, kabari = TITLES.index(intake.TICKET), TITLES.index(intake.KABARI)
        links = [(str(row[ticket].value), row[kabari].hyperlink) for row in rows if row[ticket].value]
        return [link is not None and of in str(link.target) for of, link in links]

    assert right() == [True, True, True]
    city.edit("Barat", lambda book: book["Gondrong"].delete_rows(2))
    assert right() == [False, False]
    assert city.sync().well
    assert right() == [True, True]


def test_a_dry_run_writes_nothing_and_says_what_it_would(city: LocalCity, say: Say) -> None:
    city.make("Utara", "Gondrong")  # which needs a lane of numbers, and a journal
    city.type("Utara", "Gondrong", AMIR)
    city.list_sources("Barat.xlsx", "Timur.xlsx", "Utara.xlsx")
    city.edit("Kendali", lambda book: book.remove(book[REGISTER]))
    before = city.files()
    say()
    assert city.run("sync", "--dry-run") == 0
    assert city.files() == before
    said = say()
    assert "RR-260504-0001-3" in said and "RR-260504-10001-4" in said and "RR-260705-0001-0" in said
    assert f"tab baru {REGISTER}" in said and f"tab baru {JOURNAL}" in said
    assert city.run("sync") == 0
    issued = city.tickets("Barat") | city.tickets("Utara") | city.tickets("Timur", "Cimone")
    assert issued == {"yati": "RR-260504-0001-3", "amir": "RR-260504-10001-4", "sri": "RR-260705-0001-0"}


def test_a_portion_has_so_many_rows_appended_ones_first() -> None:
    cells = [CellWrite("t", row, column, "x") for row in range(4) for column in range(3)]
    changes = Changes(appends={"A": [["1"], ["2"]], "B": [["3"]]}, cells=cells)
    assert portion(changes, None) is changes and portion(changes, 7) is changes
    part = portion(changes, 5)
    assert part.appends == changes.appends and part.cells == cells[:6]
    part = portion(changes, 1)
    assert [list(rows) for rows in part.appends.values()] == [[["1"]], []] and part.cells == []
    assert portion(replace(changes, appends={}), 1).cells == cells[:3]


def type_thirty(city: City) -> None:
    for number in range(30):
        name, phone = f"Warga {number}", f"08120000{number:04}"
        city.type("Benda", "Pajang", f"#{number}", name=name, phone=phone, category="Jalan & Drainase")


def test_work_that_is_too_big_for_one_commit_is_done_in_several(
    google: Google, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("automation.sheets.google.client.LARGEST_COMMIT", 4)
    city = City.prepared(google, tmp_path, "Benda")
    type_thirty(city)
    city.server.requests.clear()
    assert city.run("sync") == 0
    assert len(set(city.tickets("Benda", "Pajang").values())) == 30
    assert len(city.kendali.values(REGISTER)) == 31
    person = city.spreadsheets["Benda"]
    assert city.requests(person)["batchUpdate"] == 8
    # A lost journal comes back in portions as well.
    journal = person.values(JOURNAL)
    person.delete_tab(JOURNAL)
    assert city.run("sync") == 0
    assert person.values(JOURNAL) == journal
    assert city.requests(person)["batchUpdate"] == 8


def test_a_crowd_that_is_always_quicker_ends_even_work_in_portions(
    google: Google, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("automation.sheets.google.client.LARGEST_COMMIT", 2)
    city = City.prepared(google, tmp_path, "Benda")
    type_thirty(city)
    person = city.spreadsheets["Benda"]

    def another_robot() -> None:
        """Moves the fence, as a commit does."""
        (last,) = (name for name in person.book.named if name != "robot_0")
        name = f"robot_{int(last.removeprefix('robot_')) + 1}"
        person.book.named[name] = {**person.book.named.pop(last), "namedRangeId": name, "name": name}

    for _ in range(20):
        city.server.before("batchUpdate", another_robot)
    assert city.run("sync") == 1


def test_a_tab_that_was_deleted_meanwhile_fails_once_and_is_reported_afterwards(city: LocalCity) -> None:
    city.sync()
    city.edit("Barat", lambda book: book.remove(book["Gondrong"]))
    report = city.sync()
    assert len(report.outcomes[0].done.vanished) == 1
    assert city.register()["RR-260504-0001-3"]["Keterlambatan"] == "baris tidak ditemukan"


NEWER: list[Typed] = [0, "2027-01-01T00:00:00+07:00", "", "Format", f'{{"nomor":{FORMAT + 1}}}']


RECIPIENT = ("A", "a@example.org", "", "Kota", "darurat, operator, harian")
IMPORT = ("import", "lama.csv", "--tab", "Gondrong", "--yes")


@pytest.mark.parametrize(
    ("later", "command"),
    [
        ("Kendali", ("sync",)),
        ("Kendali", ("setup",)),
        ("Kendali", ("digest", "darurat")),
        ("Kendali", ("digest", "operator")),
        ("Kendali", ("digest", "harian", "--date", "24/11/2026")),
        ("Kendali", IMPORT),
        ("Barat", IMPORT),
    ],
    ids=str,
)
def test_no_command_writes_or_sends_anything_for_what_is_of_a_later_version(
    city: LocalCity, later: str, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, say: Say
) -> None:
    monkeypatch.chdir(city.folder)
    Path("lama.csv").write_text("Tanggal,Nama,Telepon,Uraian\n20/11/2026,Budi,081200001029,Sampah menumpuk\n")
    city.put_rows(later, JOURNAL, [["Barat.xlsx", *NEWER] if later == "Kendali" else NEWER])
    city.put_rows("Kendali", RECIPIENTS, [RECIPIENT])
    city.edit("Kendali", lambda book: book.remove(book["Grafik"]))
    before = city.files()
    assert city.run(*command) == 2
    assert city.files() == before
    assert command != ("sync",) or "Pasang versi program yang terbaru" in say()


def test_a_spreadsheet_of_a_later_version_is_left_as_it_is_and_the_others_go_on(city: LocalCity) -> None:
    city.put_rows("Barat", JOURNAL, [NEWER])
    before = city.path("Barat").read_bytes()
    assert city.run("sync") == 1
    assert city.path("Barat").read_bytes() == before
    assert city.tickets("Timur", "Cimone")["sri"] and "versi program yang terbaru" in city.state(1)


def test_an_event_of_a_kind_that_is_not_known_is_kept_and_passed_over(city: LocalCity) -> None:
    later: list[Typed] = [7, "2027-01-01T00:00:00+07:00", "RR-260504-0001-3", "Dipuji", '{"oleh":"warga"}']
    city.put_rows("Barat", JOURNAL, [later])
    assert city.run("sync") == 0
    assert city.journal("Barat")[0][:5] == later and city.tickets("Barat")["yati"]
