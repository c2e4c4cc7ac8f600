"""The copy of all journals in a spreadsheet of its own: nobody who reads Kendali reads what citizens told."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from automation.cases.events import JOURNAL
from automation.cli.compose import compose
from automation.sheets.backed_up import BackedUp
from automation.sheets.local.workbook import local_workbook
from automation.sheets.port import Changes, Snapshot
from automation.tables import intake
from automation.tables.kendali import LAST_VALUES, RECIPIENTS, REGISTER, SETTINGS
from tests.conftest import Say
from tests.google_city import City, link
from tests.local_city import LocalCity
from tests.sheets_server.drive import ANYONE
from tests.sheets_server.fixtures import ROBOT, Google
from tests.test_erasure import AMIR, PLANTED, YATI
from tests.town import NOTE, TUESDAY, WORDS
from tests.xlsx_person import read_rows

pytestmark = pytest.mark.sampled(tests=9)

SRI = {NOTE: "s", intake.NAME: "Bu Sri", intake.PHONE: "081234567803", intake.DESCRIPTION: "Pohon tumbang menutup gang"}


@pytest.fixture
def city(tmp_path: Path) -> LocalCity:
    """Two complaints, with their copy in Kendali."""
    city = LocalCity.lay_out(tmp_path, {"Barat": ("Gondrong",)})
    city.take_in("Barat", "Gondrong", YATI, AMIR)
    return city


def with_backup(city: LocalCity) -> None:
    city.enter(kendali="Kendali.xlsx", cadangan="Cadangan.xlsx")


def backup(city: LocalCity) -> list[list[object]]:
    return [row for row in read_rows(city.path("Cadangan"), JOURNAL)[1:] if any(row)]


def in_kendali(city: LocalCity) -> set[str]:
    """Planted words anywhere in Kendali, hidden tabs too."""
    tabs = local_workbook(city.path("Kendali"), city.folder).read().tabs
    text = json.dumps([[str(cell) for row in tab.rows for cell in row] for tab in tabs], ensure_ascii=False)
    return {word for word in ("Yatimah", "Amiruddin", "81234567801", "Kenanga", "Cempaka") if word in text}


def test_setup_moves_the_copy_and_all_goes_on_as_before(city: LocalCity, say: Say) -> None:
    before, register, tickets = city.rows("Kendali", JOURNAL)[1:], city.register(), city.tickets("Barat")
    assert in_kendali(city)
    with_backup(city)
    say()
    assert city.run("setup") == 0
    assert f"{len(before)} catatan" in say()
    assert [row[: len(old)] for row, old in zip(backup(city), before, strict=True)] == before
    assert not in_kendali(city), "nobody who reads Kendali reads their names"
    assert city.run("setup") == 0 and "dipindah" not in say()
    assert city.run("check", "--report", str(city.folder / "uji")) == 0 and not (city.folder / "uji").exists()
    assert (
        "catatan uji (--report) tidak ditulis" in (said := say())
        and "Cadangan: ada, dan hanya dibuka operator dan robot" in said
    )
    files = city.files()
    city.sync()
    assert city.files() == files and city.register() == register and city.tickets("Barat") == tickets
    city.type("Barat", "Gondrong", SRI)
    assert city.sync(TUESDAY + timedelta(hours=1)).well
    assert city.tickets("Barat")["s"] == "RR-260504-0003-7"
    assert len(backup(city)) == len(before) + 1 and not in_kendali(city)


def test_before_it_is_moved_both_count_and_new_events_go_to_their_new_place(city: LocalCity) -> None:
    with_backup(city)
    local_workbook(city.path("Cadangan"), city.folder).create(city.path("Cadangan"))
    old = city.rows("Kendali", JOURNAL)
    city.type("Barat", "Gondrong", SRI)
    assert city.sync(TUESDAY + timedelta(hours=1)).well
    assert city.rows("Kendali", JOURNAL) == old and [row[3] for row in backup(city)] == ["RR-260504-0003-7"]
    assert city.run("setup") == 0
    assert len(backup(city)) == len(old) and not in_kendali(city)
    assert city.tickets("Barat") == {"y": "RR-260504-0001-3", "a": "RR-260504-0002-1", "s": "RR-260504-0003-7"}


class Killed(BaseException):
    """The process died."""


def commits(monkeypatch: pytest.MonkeyPatch, left: int) -> None:
    """Let `left` commits of the move pass, then die: before the next, or right after it."""
    real = type(local_workbook(Path("x.xlsx"), Path())).commit
    count = iter(range(left))

    def commit(self: object, changes: Changes, seen: Snapshot) -> Snapshot:
        if changes and next(count, None) is None:
            raise Killed
        return real(self, changes, seen)  # type: ignore[arg-type]

    monkeypatch.setattr(type(local_workbook(Path("x.xlsx"), Path())), "commit", commit)


@pytest.fixture
def small_portions(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    begin = BackedUp.__init__

    def begun(self: BackedUp, *args: Any) -> None:
        begin(self, *args)
        self.largest_commit = 2

    monkeypatch.setattr(BackedUp, "__init__", begun)
    return iter(())


@pytest.mark.parametrize("left", range(6))
def test_a_move_that_was_cut_off_anywhere_is_taken_up_again(
    city: LocalCity, monkeypatch: pytest.MonkeyPatch, small_portions: None, left: int
) -> None:
    register, tickets = city.register(), city.tickets("Barat")
    before = city.rows("Kendali", JOURNAL)[1:]
    with_backup(city)
    local_workbook(city.path("Cadangan"), city.folder).create(city.path("Cadangan"))
    with monkeypatch.context() as patch:
        commits(patch, left)
        with pytest.raises(Killed):
            compose(city.credentials, WORDS).both.move()
            raise Killed
    city.type("Barat", "Gondrong", SRI)
    assert city.sync(TUESDAY + timedelta(hours=1)).well
    assert city.tickets("Barat") == {**tickets, "s": "RR-260504-0003-7"}
    assert {ticket: row for ticket, row in city.register().items() if ticket in register} == register
    assert city.run("setup") == 0
    assert not in_kendali(city)
    told = [tuple(row[:5]) for row in backup(city)]
    assert len(told) == len(set(told)) == len(before) + 1


def test_a_lost_backup_is_made_whole_again_from_the_spreadsheets_by_who_says_that_it_is_lost(
    city: LocalCity, say: Say
) -> None:
    with_backup(city)
    city.run("setup")
    tickets, register = city.tickets("Barat"), city.register()
    city.path("Cadangan").unlink()
    assert city.run("sync") == 2, "it is said that it is not there"
    for command in ("setup", "sync", "setup"):  # a file of the same name does not know what that one knew
        say()
        assert city.run(command) == 1
        assert "tidak memuat riwayat 2 kasus yang ada di Rekap" in " ".join(say().split())
    city.edit("Kendali", lambda book: setattr(book["Rekap"], "title", "Rekap lama"))
    assert city.run("setup") == 0
    assert city.sync().well
    assert city.tickets("Barat") == tickets
    assert city.register() == register and len([row for row in backup(city) if row[3]]) == 2


def test_an_erasure_reaches_the_backup(city: LocalCity, say: Say) -> None:
    with_backup(city)
    city.run("setup")
    say()
    assert city.run("data", "RR-260504-0001-3") == 0
    assert "Cadangan, tab Riwayat, 1 catatan" in (said := say()) and "Kendali, tab Rekap" in said
    assert "Kendali, tab Riwayat" not in said
    assert city.run("erase", "RR-260504-0001-3", "--row") == 0
    text = json.dumps(backup(city), ensure_ascii=False, default=str)
    assert not [word for word in PLANTED if word in text] and "Amiruddin" in text


@pytest.mark.parametrize("backup", ["Kendali.xlsx", 5, ["x"]])
def test_a_backup_that_can_not_be_one_is_said(city: LocalCity, say: Say, backup: object) -> None:
    city.enter(kendali="Kendali.xlsx", cadangan=backup)
    assert city.run("sync") == 2
    assert '"cadangan" harus berisi' in say()


def test_a_row_of_pengaturan_names_it_as_well_and_who_has_none_is_told_where_the_operator_looks(
    city: LocalCity, say: Say
) -> None:
    for command, told in (("setup", True), ("check", True), ("sync", False)):
        say()
        city.run(command)
        assert ("tersimpan di Kendali yang dibaca banyak orang" in say()) is told
    tickets = city.tickets("Barat")
    city.setting("Cadangan", "Cadangan.xlsx")
    assert city.run("sync") == 0, "it is not there yet, and nobody waits for it"
    before = city.journal("Kendali")
    say()
    assert city.run("setup") == 0
    said = say()
    assert f"{len(before)} catatan" in said and "banyak orang" not in said
    assert not in_kendali(city) and len(backup(city)) == len(before)
    assert city.path("Cadangan").stat().st_mode & 0o077 == 0
    city.type("Barat", "Gondrong", SRI)
    assert city.run("sync") == 0
    assert city.tickets("Barat") == {**tickets, "s": "RR-260504-0003-7"} and not in_kendali(city)
    # Spoiled, what it named last serves; where nobody knows that either, nothing is written into Kendali again.
    for wrong in ("besok pagi", "Cadangan lama.xlsx", "~siapa/Cadangan.xlsx"):
        city.setting("Cadangan", wrong)
        city.type("Barat", "Gondrong", {**SRI, intake.PHONE: f"0812000090{len(wrong)}"})
        assert city.run("sync") in (0, 1) and not in_kendali(city) and all(city.tickets("Barat").values())
    # Nor is it written into what is somebody's.
    for taken in ("Kendali.xlsx", "Barat.xlsx"):
        city.setting("Cadangan", taken)
        city.type("Barat", "Gondrong", {**SRI, intake.PHONE: f"0812000080{len(taken)}"})
        say()
        assert city.run("sync") == 1 and "atau berisi hal lain" in say()
        assert not in_kendali(city) and all(city.tickets("Barat").values())
        assert [row[0] for row in city.journal("Barat")] == [*range(1, len(city.journal("Barat")) + 1)]
        assert "atau berisi hal lain" in str(city.rows("Kendali", SETTINGS)), "beside it"
    # Nor if the row is emptied, or gone: a slip of a hand is no wish to give Cadangan up.
    city.setting("Cadangan", None)
    for phone in ("081200009171", "081200009172"):
        city.type("Barat", "Gondrong", {**SRI, intake.PHONE: phone})
        assert city.run("sync") == 0 and not in_kendali(city) and all(city.tickets("Barat").values())
        assert {row[3] for row in backup(city) if row[3]} == {*city.column("Barat", "Gondrong", intake.TICKET)}
        settings = city.rows("Kendali", SETTINGS)
        at = next((at for at, row in enumerate(settings) if row[0] == "Cadangan"), len(settings))
        city.put("Kendali", SETTINGS, {(at, column): None for column in range(4)})
    city.put("Kendali", SETTINGS, {(at, 0): "Cadangan", (at, 1): "Cadangan lama.xlsx"})
    (city.folder / ".credentials.json.cadangan").unlink()
    say()
    assert city.run("sync") == 1 and not in_kendali(city) and "atau di baris Cadangan tab Pengaturan" in say()
    city.setting("Cadangan", None)
    assert city.run("sync") == 1 and not in_kendali(city), "nor by a machine that was told of none"
    city.edit("Kendali", lambda book: setattr(book[REGISTER], "title", "Rekap lama"))
    assert city.run("setup") == 0
    syncer = city.syncer()
    assert syncer.sync(TUESDAY).well, "a city without it goes on"
    assert [row[3] for row in city.journal("Kendali") if row[3]]


@pytest.mark.parametrize("by_row", [False, True], ids=["credentials", "Pengaturan"])
def test_another_backup_is_not_used_before_it_knows_what_the_one_before_knew(
    city: LocalCity, say: Say, by_row: bool
) -> None:
    def name(file: str) -> None:
        if by_row:
            city.setting("Cadangan", file)
        else:
            city.enter(kendali="Kendali.xlsx", cadangan=file)

    name("Cadangan.xlsx")
    assert city.run("setup") == 0
    tickets, stale = city.tickets("Barat"), city.path("Cadangan").read_bytes()
    city.put("Kendali", REGISTER, {(9, 0): "RR-1, lihat map biru"})  # a note of somebody's
    city.path("Barat").rename(city.folder / "Barat.away")  # only Cadangan knows it now
    local_workbook(city.path("Baru"), city.folder).create(city.path("Baru"))
    name("Baru.xlsx")
    note, empty = city.folder / ".credentials.json.cadangan", city.path("Baru").read_bytes()
    for kept in (True, False):  # whether or not this machine knows which one it was
        if not kept:
            note.unlink()
        for command in ("setup", "check", "sync"):
            say()
            assert city.run(command) == 1
            assert "tidak memuat riwayat 2 kasus yang ada di Rekap" in " ".join(say().split()), (command, kept)
        assert city.path("Baru").read_bytes() == empty and not in_kendali(city)
    (city.folder / "Barat.away").rename(city.path("Barat"))
    name("Cadangan.xlsx")
    city.type("Barat", "Gondrong", SRI)
    assert city.run("sync") == 0
    for copied, known in ((stale, False), (city.path("Cadangan").read_bytes(), True)):
        city.path("Baru").write_bytes(copied)
        name("Baru.xlsx")
        say()
        assert city.run("sync") == (0 if known else 1)
        assert ("riwayat 1 kasus" in say()) is not known
    assert city.tickets("Barat") == {**tickets, "s": "RR-260504-0003-7"}
    city.path("Baru").rename(city.folder / "Baru.away")
    name("Ketiga.xlsx")  # the one before is lost for good: who says so may begin anew
    assert city.run("setup") == 1
    city.edit("Kendali", lambda book: setattr(book["Rekap"], "title", "Rekap lama"))
    assert city.run("setup") == 0 and city.run("sync") == 0
    assert {row[3] for row in city.rows("Ketiga", JOURNAL)[1:] if row[3]} == {*city.tickets("Barat").values()}
    assert not in_kendali(city)


def test_what_credentials_name_is_no_cadangan_either_if_it_is_somebodys(city: LocalCity, say: Say) -> None:
    city.enter(kendali="Kendali.xlsx", cadangan="Barat.xlsx")
    files = city.files()
    for command in ("setup", "sync"):
        assert city.run(command) == 1 and "sudah berisi hal lain" in say()
    assert city.files() == files


def test_links_in_each_others_places_are_said_and_nothing_is_written(city: LocalCity, say: Say) -> None:
    with_backup(city)
    city.run("setup")
    say()
    files = city.files()
    (city.folder / "catatan").mkdir()  # on another machine nothing is noted
    for kendali, cadangan, told in (
        ("Cadangan.xlsx", "Kendali.xlsx", "bukan Kendali"),
        ("Barat.xlsx", "Cadangan.xlsx", "bukan Kendali"),
        ("Barat.xlsx", None, "bukan Kendali"),
        ("Kendali.xlsx", "Kendali 2.xlsx", "sudah berisi hal lain"),
    ):
        city.path("Kendali 2").write_bytes(files["Kendali.xlsx"])
        city.enter(kendali=kendali, **({"cadangan": cadangan} if cadangan else {}))
        for command in ("check", "setup", "sync"):
            assert city.run("--state", str(city.folder / "catatan"), command) != 0 and told in say(), (kendali, command)
    assert all(city.files()[name] == data for name, data in files.items() if name.endswith(".xlsx"))


def test_on_google_a_link_that_leads_nowhere_keeps_nobody_waiting(google: Google, tmp_path: Path, say: Say) -> None:
    town = City(google, tmp_path, "Cipondoh")
    town.prepare()
    row = [cells[0] for cells in town.kendali.values(SETTINGS)].index("Cadangan")
    copy = google.spreadsheet("Cadangan", {})
    town.kendali.set(SETTINGS, row, 1, link(copy).replace(copy.book.id, "1" * 44))
    assert town.run("setup") == 1 and f"{SETTINGS}!B{row + 1}: spreadsheet di baris Cadangan" in say(), "from the first"
    town.kendali.set(SETTINGS, row, 1, link(copy))
    assert town.run("setup") == 0
    for number, wrong in enumerate((link(town.spreadsheets["Cipondoh"]), link(copy).replace(copy.book.id, "1" * 44))):
        town.kendali.set(SETTINGS, row, 1, wrong)
        town.type("Cipondoh", "Gondrong", f"{number}", category="Jalan & Drainase", phone=f"08120000900{number}")
        say()
        assert town.run("sync") == 1 and f"{SETTINGS}!B{row + 1}: spreadsheet di baris Cadangan" in say()
        assert all(town.tickets("Cipondoh", "Gondrong").values())
    assert len([cells for cells in copy.values(JOURNAL) if "Diterbitkan" in cells]) == 2


def test_last_values_move_along_and_serve_from_there(city: LocalCity) -> None:
    city.subscribe(("ratna@fraksi.example", "Kota"))
    city.sync()
    assert "ratna@" in str(city.rows("Kendali", LAST_VALUES))
    with_backup(city)
    for _ in range(2):
        assert city.run("setup") == 0
    assert "ratna@" in str(city.rows("Cadangan", LAST_VALUES)) and len(city.rows("Kendali", LAST_VALUES)) == 1
    files = city.files()
    city.sync()
    assert city.files() == files
    city.edit("Kendali", lambda book: book.remove(book[RECIPIENTS]))
    city.sync()
    assert "ratna@" in str(city.rows("Cadangan", LAST_VALUES))
    city.run("setup")
    assert "ratna@" in str(city.rows("Kendali", RECIPIENTS)), "a lost table comes back from there"
    city.list_sources(".")
    report = city.sync()
    assert report.well and [one.name for one in report.outcomes] == ["Barat"], (
        "in a folder that is listed it is not read"
    )


@pytest.mark.long
def test_who_else_may_open_it_on_google_is_told_by_setup(google: Google, tmp_path: Path, say: Say) -> None:
    town = City(google, tmp_path, "Cipondoh")
    copy = google.spreadsheet("Cadangan", {})
    town.enter(cadangan=link(copy))
    town.prepare()
    file = google.server.drive.files[copy.book.id]
    owner = "selain pemiliknya dan robot"
    for readers, may_see, told in (
        (set(), True, ""),
        ({"wati@fraksi.example"}, True, "dibuka juga oleh: wati@fraksi.example."),
        ({ANYONE}, True, "dibuka juga oleh: siapa saja yang punya tautannya."),
        ({"wati@fraksi.example"}, False, "tidak bisa dilihat dengan kredensial ini"),
    ):
        file.readers, file.writers_can_share = readers, may_see
        say()
        town.run("setup")
        said = " ".join(say().split())
        assert told in said and (owner in said) == (bool(readers) and may_see) and ROBOT not in said
    del google.server.drive.files[copy.book.id]
    assert town.run("sync") == 1 and "“Cadangan” belum bisa dibuka" in say(), "and not only by its link"


def test_on_google_it_costs_one_reading_more_and_one_writing_where_something_is_new(
    google: Google, tmp_path: Path
) -> None:
    town = City(google, tmp_path, "Cipondoh")
    copy = google.spreadsheet("Cadangan", {})
    town.enter(cadangan=link(copy))
    town.prepare()
    assert town.run("sync") == 0  # what stood in Kendali's tables last is noted, once
    town.type("Cipondoh", "Gondrong", "yati", category="Jalan & Drainase")
    for written in (1, 0):
        town.server.requests.clear()
        assert town.run("sync") == 0
        writing = {"batchUpdate": 1} if written else {}
        assert town.requests(copy) == Counter({"files.get": 1, "get": 1, **writing})
    assert town.tickets("Cipondoh", "Gondrong")["yati"] == "RR-260504-0001-3"
    assert JOURNAL not in [sheet.title for sheet in town.kendali.book.sheets]
    assert [row[3] for row in copy.values(JOURNAL)[1:] if row[3]] == ["RR-260504-0001-3"]
