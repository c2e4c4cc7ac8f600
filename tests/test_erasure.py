"""A citizen's data is shown by its place, erased on request, and does not come back."""

import json
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from automation.cases.codec import encode
from automation.cases.erasure import WORDLESS, traces, without_old_words
from automation.cases.events import JOURNAL, Event, EventKind
from automation.cli import sync
from automation.cli.compose import jakarta_now
from automation.cycle.erasing import Erasing
from automation.cycle.gone import GoneCases
from automation.model.tickets import Ticket
from automation.sheets.local.workbook import local_workbook
from automation.sheets.prepare import INTAKE_HEADING_ROW as HEAD
from automation.tables import intake
from automation.tables.kendali import DECISIONS, REGISTER, WISHES
from automation.tables.table import Nature
from tests.conftest import Say
from tests.google_city import City
from tests.local_city import TITLES, LocalCity
from tests.sheets_server.fixtures import Google
from tests.sites import HERE, KENDALI, Act, OnGoogle, answered, below, complaints, protected
from tests.town import NOTE, TUESDAY
from tests.workbook_contract import Typed
from tests.xlsx_person import delete_rows

pytestmark = pytest.mark.sampled(tests=49)
SPREADSHEETS = {"Barat": ("Gondrong",), "Timur": ("Cimone",)}

YATI = {
    NOTE: "y",
    intake.NAME: "Ibu Yatimah",
    intake.PHONE: "081234567801",
    intake.ADDRESS: "Gg. Kenanga no 77",
    intake.RT_RW: "004/009",
    intake.DESCRIPTION: "Selokan depan pagar hijau mampet sampai dapur",
    intake.OFFICER: "Relawati",
}
AMIR = {
    NOTE: "a",
    intake.NAME: "Pak Amiruddin",
    intake.PHONE: "081234567802",
    intake.ADDRESS: "Jl. Cempaka 5",
    intake.DESCRIPTION: "Tiang listrik miring di tikungan sekolah",
}
#: What must be nowhere afterwards; the row itself is people's.
PLANTED = (
    "Yatimah",
    "081234567801",
    "81234567801",
    "Kenanga",
    "004/009",
    "Selokan",
    "pagar hijau",
    "Relawati",
    "jebrot",
)
TICKET = "RR-260504-0001-3"
HEADS = (intake.TICKET, TICKET)
SAID = "Selokan depan rumah {} mampet total"
#: Which commit of an erasure empties the person's row: the first says in Kendali that the words are erased.
ROW_IS_EMPTIED_BY = 2


@pytest.fixture
def city(tmp_path: Path) -> LocalCity:
    """Two complaints; the first was corrected since, and mailed of."""
    return LocalCity.lay_out(tmp_path, SPREADSHEETS, begin)


def begin(city: LocalCity) -> None:
    city.type("Barat", "Gondrong", YATI, AMIR)
    city.run("sync")
    put(city, intake.DESCRIPTION, "Selokan depan pagar hijau mampet dan pipa jebrot")
    put(city, intake.OUTCOME, "Ibu Yatimah sudah ditelepon")
    put(city, intake.TOLD, "belum sempat")


def put(city: LocalCity, column: str, value: str | int | None, row: int = 1) -> None:
    rows = city.rows("Barat", "Gondrong")
    head = next(at for at, cells in enumerate(rows) if intake.TICKET in cells)
    city.put("Barat", "Gondrong", {(head + row, rows[head].index(column)): value})


def kept(city: LocalCity, *, row: bool) -> set[str]:
    """Which planted words stand anywhere in the city's tabs, hidden ones too; with the `row` also in people's own."""
    found: set[str] = set()
    for path in city.folder.glob("*.xlsx"):
        for tab in local_workbook(path, city.folder).read().tabs:
            if row or tab.title != "Gondrong":
                text = json.dumps([[str(cell) for cell in cells] for cells in tab.rows], ensure_ascii=False)
                found.update(word for word in PLANTED if word in text)
    for path in city.folder.rglob("*"):
        if path.is_file() and (row or path.suffix != ".xlsx"):  # and every part of a workbook, whatever it holds
            parts = [path.read_bytes()]
            if path.suffix == ".xlsx":
                with zipfile.ZipFile(path) as package:
                    parts = [package.read(name) for name in package.namelist()]
            found.update(word for word in PLANTED for part in parts if word in part.decode("utf-8", "replace"))
    return found


def test_what_is_held_is_told_by_its_place_and_not_by_its_value(city: LocalCity, say: Say) -> None:
    for about in (TICKET, TICKET.removeprefix("RR-"), "0812-3456-7801", "+62 812 3456 7801"):
        say()
        assert city.run("data", about) == 0
        said = say()
        assert TICKET in said and "RR-260504-0002-1" not in said
        assert "Barat, tab Gondrong, baris 2" in said and "tab Riwayat, 2 catatan" in said and "tab Rekap" in said
        assert not [word for word in PLANTED if word in said]
    city.type("Timur", "Cimone", {**YATI, NOTE: "w", intake.CATEGORY: "ngawur"})
    city.run("data", "081234567801")
    assert "belum bertiket" in (said := say()) and "Timur, tab Cimone, baris 2" in said
    city.put("Barat", "Gondrong", {(2, len(TITLES)): "anaknya 0812 0000 9998"})  # in a column of people's own
    city.put("Kendali", WISHES, {(1, 0): "tolong dihapus 081200009998"})
    city.run("data", "0812-0000-9998")
    said = say()
    assert "Barat, tab Gondrong, baris 3" in said and "Kendali, tab Permintaan, baris 2" in said
    city.put("Kendali", WISHES, {(1, 0): None})
    city.put("Timur", "Cimone", {(1, len(TITLES)): 71234})  # a number of another list, as it stands in `Nomor Asal`
    assert city.run("data", "71234") == 0 and "Timur, tab Cimone, baris 2" in say()
    assert city.run("data", "081200009999") == 0
    assert "Tidak ada yang ditemukan tentang nomor itu" in say()
    assert city.run("data", "0812") == 0 and "bukan nomor telepon yang lengkap" in say()
    assert city.run("data", "bukan nomor") == 1
    for wrong in (f"{TICKET[:-1]}4", f"{TICKET[3:-1]}4"):
        assert city.run("data", wrong) == 2 and "angka terakhirnya tidak cocok" in say()
    put(city, intake.PHONE, "081234567899")
    assert city.run("data", "081234567801") == 0, "what a correction has replaced is held for some days"
    assert TICKET in (said := say()) and "tab Riwayat, 3 catatan" in said
    put(city, intake.DESCRIPTION, "Tiang listrik miring, yang tahu Bu RT di 0812 3456-7801 atau ke pos", row=2)
    city.run("sync")
    assert city.run("data", "+62 812-3456-7801") == 0
    assert {TICKET, "RR-260504-0002-1"} <= {*re.findall(r"RR-[-\d]+", say())}, "others may tell it in their words"


@pytest.mark.parametrize("row", [False, True], ids=["asked", "emptied"])
def test_after_an_erasure_no_word_is_left_but_in_peoples_own_row_and_every_figure_is(
    city: LocalCity, say: Say, row: bool
) -> None:
    before = city.register()
    others = [cells for cells in city.journal("Barat") if cells[2] != TICKET]
    assert city.run("erase", TICKET, *(["--row"] if row else [])) == (0 if row else 1)
    assert "Histori versi" in say()
    assert "lost events" not in (city.folder / "ruang-rakyat.log").read_text("utf-8"), "nothing was lost"
    assert not kept(city, row=row)
    after = city.register()
    facts = ("Status", "Kategori", "Tenggat", "Tanggal Masuk", "Kelurahan", "Keterlambatan")
    assert [after[TICKET][one] for one in facts] == [before[TICKET][one] for one in facts]
    assert "dihapus" in after[TICKET]["Ringkasan"]
    assert after["RR-260504-0002-1"] == before["RR-260504-0002-1"]
    assert [cells for cells in city.journal("Barat") if cells[2] != TICKET] == others
    check = city.column("Barat", "Gondrong", intake.CHECK)[0]
    assert (check is None) if row else (check.startswith("Perlu ") and f"{intake.OUTCOME}, {intake.TOLD};" in check)
    city.run("sync")
    files = city.files()
    city.run("sync")
    assert city.files() == files, "it comes to rest"
    # The row is emptied by people, the number is not used again.
    for column in (intake.NAME, intake.PHONE, intake.ADDRESS, intake.RT_RW, intake.DESCRIPTION, intake.OFFICER):
        put(city, column, None)
    put(city, intake.OUTCOME, None)
    put(city, intake.TOLD, None)
    city.type("Barat", "Gondrong", {NOTE: "b", intake.NAME: "Bu Sri", intake.PHONE: "081234567803"})
    assert city.run("sync") == 0
    assert not kept(city, row=True)
    assert city.tickets("Barat") == {"y": TICKET, "a": "RR-260504-0002-1", "b": "RR-260504-0003-7"}


def test_what_stands_where_a_day_or_a_ticket_belongs_and_is_none_goes_like_all_words(city: LocalCity) -> None:
    for column in (intake.RECEIVED, intake.DONE, intake.DATE_RIGHT, intake.PARENT):
        put(city, column, "kata Ibu Yatimah")
        city.run("sync")
        put(city, column, "23/11/2026" if column is intake.RECEIVED else None)
    city.run("sync")
    before = city.register()[TICKET]
    assert city.run("erase", TICKET, "--row") == 0
    assert not kept(city, row=True)
    assert city.register()[TICKET] == {**before, "Ringkasan": "(data sudah dihapus)", "Dikabari": None}
    city.run("sync")
    files = city.files()
    city.run("sync")
    assert city.files() == files, "it comes to rest"


@pytest.mark.parametrize("corrected", ["Banjir", "banjir bandang", None])
def test_what_stands_where_an_entry_of_the_city_belongs_and_is_none_goes_like_all_words(
    city: LocalCity, corrected: str | None
) -> None:
    at, head = next((at, cells) for at, cells in enumerate(city.rows("Barat", "Gondrong")) if intake.TICKET in cells)
    city.put("Barat", "Gondrong", {(at, len(head)): intake.KELURAHAN.heading})
    for column, name in ((intake.CATEGORY, corrected), (intake.KELURAHAN, "Gondrong" if corrected else None)):
        put(city, column, "kata Ibu Yatimah")
        city.run("sync")
        put(city, column, name or "Relawati, rumah pagar hijau")
    city.run("sync")
    before = city.register()[TICKET]
    assert city.run("erase", TICKET) == 1, "the row is people's"
    for _ in range(2):
        assert not kept(city, row=False)
        assert city.register()[TICKET] == {**before, "Ringkasan": "(data sudah dihapus)", "Dikabari": None}
        assert (before["Kategori"] is None) is (corrected is None)
        files = city.files()
        city.run("sync")
    assert city.files() == files, "it comes to rest"


def test_what_was_no_entry_of_the_city_goes_like_all_words_that_are_corrected(city: LocalCity) -> None:
    city.setting("Simpan Koreksi", 1)
    for name in ("kata Bu Limbukwati", "Banjir"):
        put(city, intake.CATEGORY, name)
        city.run("sync")
    journals = [(name, JOURNAL) for name in ("Barat", "Kendali")]
    assert all("Limbukwati" in str(city.rows(*one)) for one in journals)
    city.sync(jakarta_now() + timedelta(days=2))
    assert not any("Limbukwati" in str(city.rows(*one)) for one in journals)
    assert city.register()[TICKET]["Kategori"] == "Banjir"


@pytest.mark.parametrize("status", ["beres", "otw"])
def test_words_of_the_street_stay_the_facts_that_they_were(city: LocalCity, status: str) -> None:
    put(city, intake.PRIORITY, "urgent")
    put(city, intake.STATUS, status)
    city.run("sync")
    facts = ("Status", "Prioritas", "Tenggat", "Tanggal Selesai")
    before = [city.register()[TICKET][one] for one in facts]
    assert before[:2] == ["Selesai" if status == "beres" else "Ditindaklanjuti", "Mendesak"]
    city.run("erase", TICKET)
    for _ in range(2):
        assert [city.register()[TICKET][one] for one in facts] == before
        files = city.files()
        city.run("sync")
    assert city.files() == files, "it comes to rest"


def test_an_erased_row_is_its_case_though_another_that_moved_away_tells_the_same_facts(city: LocalCity) -> None:
    city.setting("Simpan Koreksi", 1)
    rows = city.rows("Barat", "Gondrong")
    city.put_rows("Timur", "Cimone", [rows[-1]], HEAD + 1)
    city.edit("Barat", lambda book: book["Gondrong"].delete_rows(len(rows)))
    for day in range(4):  # then the words that Barat remembers of it go
        city.sync(jakarta_now() + timedelta(days=day))
    assert "Amiruddin" not in str(city.journal("Barat")) and "Amiruddin" in str(city.journal("Timur"))
    assert city.run("erase", TICKET, "--row") == 0
    city.run("sync")
    assert city.tickets("Barat") == {"y": TICKET}
    assert city.register()[TICKET]["Keterlambatan"] != "baris tidak ditemukan"


def test_an_erased_ticket_pasted_beside_the_copy_of_another_row_does_not_stay_there(city: LocalCity) -> None:
    city.run("erase", TICKET)  # it names the row, which people empty
    amir = [*city.rows("Barat", "Gondrong")[-1]]
    assert "Pak Amiruddin" in amir and amir[0] != TICKET
    amir[0] = TICKET
    city.put_rows("Timur", "Cimone", [amir], HEAD + 1)
    city.run("sync")
    (copy,) = city.rows("Timur", "Cimone")[HEAD + 1 :]
    assert not copy[0] and "RR-260504-0002-1" in copy[1], "it is said of whose row it is a copy"
    assert TICKET in [row[0] for row in city.rows("Barat", "Gondrong")]


def test_an_erased_ticket_pasted_over_that_of_a_row_with_a_copy_does_not_stay_there(city: LocalCity) -> None:
    """Its own row says other facts than before, which the row with the copy does not."""
    city.run("erase", TICKET)
    rows = city.rows("Barat", "Gondrong")
    at = next(at for at, row in enumerate(rows) if "Pak Amiruddin" in row)
    city.put_rows("Barat", "Gondrong", [rows[at]], len(rows))
    city.put("Barat", "Gondrong", {(at, 0): TICKET})
    put(city, intake.PRIORITY, "Mendesak")
    city.run("sync")
    shown = [row[0] for row in city.rows("Barat", "Gondrong")]
    assert shown.count(TICKET) == 1 and shown.index(TICKET) != at


@pytest.mark.parametrize(("home", "target"), [("Barat", "Barat"), ("Barat", "Timur"), ("Timur", "Timur")])
def test_an_erased_ticket_pasted_over_that_of_a_row_with_a_copy_is_gone_with_its_own_row(
    city: LocalCity, home: str, target: str
) -> None:
    _, yati, amir = city.rows("Barat", "Gondrong")
    if home == "Timur":
        city.put_rows(home, "Cimone", [yati])
        city.edit("Barat", lambda book: book["Gondrong"].delete_rows(2))
        city.run("sync")
    city.run("erase", TICKET)
    city.edit(home, lambda book: book[SPREADSHEETS[home][0]].delete_rows(2))
    if home == "Timur":  # while it stood there, nobody could tell it from one that was typed anew in Barat
        city.run("sync")
    city.put("Barat", "Gondrong", {(1, 0): TICKET})
    city.put_rows(target, SPREADSHEETS[target][0], [[TICKET, *amir[1:]]], 2)
    for _ in range(2):
        assert city.run("sync") == 0
        rows = [*city.rows("Barat", "Gondrong"), *city.rows("Timur", "Cimone")]
        shown = [row[0] for row in rows if "Pak Amiruddin" in row]
        assert sorted(map(str, shown)) == ["None", str(amir[0])]
        assert city.register()[TICKET]["Keterlambatan"] == "baris tidak ditemukan"


@pytest.mark.parametrize("target", ["Barat", "Timur"])
def test_an_erased_ticket_that_people_wrote_over_anothers_does_not_stay_beside_a_changed_copy_of_that_row(
    city: LocalCity, target: str
) -> None:
    city.run("erase", TICKET)
    rows = city.rows("Barat", "Gondrong")
    at = next(at for at, row in enumerate(rows) if "Pak Amiruddin" in row)
    changed = [f"{value} bin Usman" if value == "Pak Amiruddin" else value for value in (TICKET, *rows[at][1:])]
    city.put("Barat", "Gondrong", {(at, 0): TICKET})
    city.put_rows(target, SPREADSHEETS[target][0], [changed], len(rows))
    for _ in range(2):
        assert city.run("sync") == 0
        shown = [row[0] for row in (*city.rows("Barat", "Gondrong"), *city.rows("Timur", "Cimone"))]
        assert shown.count(TICKET) == 1 == shown.count(rows[at][0])
    (copy,) = (row for row in city.rows(target, SPREADSHEETS[target][0]) if "Pak Amiruddin bin Usman" in row)
    assert copy[0] in city.register(), "it is told to be a complaint of its own"


def test_what_a_slow_robot_has_seen_corrected_is_forgotten_like_all_else(city: LocalCity) -> None:
    city.setting("Simpan Koreksi", 1)
    put(city, intake.PHONE, "081234567899")
    city.sync(jakarta_now() - timedelta(minutes=30))  # it began before the ticket was given, and writes after it
    assert YATI[intake.PHONE] in str(city.journal("Barat"))
    for day in range(3):
        city.sync(jakarta_now() + timedelta(days=day))
    assert YATI[intake.PHONE] not in str(city.journal("Barat")) + str(city.rows("Kendali", JOURNAL))


def restored_barat(city: LocalCity, old: dict[str, bytes]) -> None:
    city.path("Barat").write_bytes(old["Barat.xlsx"])


def restored_kendali(city: LocalCity, old: dict[str, bytes]) -> None:
    city.path("Kendali").write_bytes(old["Kendali.xlsx"])


def deleted_journal(city: LocalCity, old: dict[str, bytes]) -> None:
    city.edit("Barat", lambda book: book.remove(book[JOURNAL]))


def deleted_row(city: LocalCity, old: dict[str, bytes]) -> None:
    rows = city.rows("Barat", "Gondrong")
    city.edit("Barat", lambda book: book["Gondrong"].delete_rows(len(rows) - 1))


def moved_row(city: LocalCity, old: dict[str, bytes]) -> None:
    rows = city.rows("Barat", "Gondrong")
    cells = rows[-2]
    city.edit("Barat", lambda book: book["Gondrong"].delete_rows(len(rows) - 1))
    city.put("Timur", "Cimone", {(3, at): value for at, value in enumerate(cells) if value is not None})


def copied_row(city: LocalCity, old: dict[str, bytes]) -> None:
    rows = city.rows("Barat", "Gondrong")
    city.put_rows("Barat", "Gondrong", [rows[-2]], len(rows))
    put(city, intake.STATUS, "Selesai", row=len(rows))


def pasted_ticket(city: LocalCity, old: dict[str, bytes]) -> None:
    put(city, intake.TICKET, TICKET, row=2)


def landed_ticket(city: LocalCity, old: dict[str, bytes]) -> None:
    put(city, intake.TICKET, None)
    pasted_ticket(city, old)


def edited_row(city: LocalCity, old: dict[str, bytes]) -> None:
    put(city, intake.DESCRIPTION, "Selokan pagar hijau lagi")


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    "act",
    [
        *(moved_row, copied_row, pasted_ticket, restored_barat, restored_kendali, deleted_journal, deleted_row),
        *(edited_row, landed_ticket),
    ],
    ids=lambda act: act.__name__,
)
def test_nothing_that_happens_later_brings_it_back(
    city: LocalCity, act: Callable[[LocalCity, dict[str, bytes]], None]
) -> None:
    old = city.files()
    city.run("erase", TICKET)
    act(city, old)
    for hour in (1, 2, 3):
        city.sync(TUESDAY + timedelta(hours=hour))
    journals = [*city.journal("Barat"), *city.journal("Timur"), *city.journal("Kendali")]
    for told in (journals, city.register()) if act is not landed_ticket else ():  # then it is a new complaint
        assert not [word for word in PLANTED if word in json.dumps(told, ensure_ascii=False, default=str)]
    assert TICKET in city.register() and "dihapus" in city.register()[TICKET]["Ringkasan"]
    gone = city.register()[TICKET]["Keterlambatan"] == "baris tidak ditemukan"
    assert gone is (act in (deleted_row, landed_ticket)), "its row is known by its ticket alone, wherever it stands"
    assert city.tickets("Barat")["a"] == "RR-260504-0002-1", "nobody loses theirs to it"
    files = city.files()
    city.sync(TUESDAY + timedelta(hours=3))
    assert city.files() == files, "it comes to rest"


def test_a_row_that_moved_just_as_it_was_erased_is_missed_where_it_stood_last(city: LocalCity) -> None:
    report = city.sync(now := TUESDAY + timedelta(hours=1))

    def erase_and_move() -> None:
        Erasing(GoneCases(city.syncer(), report, now)).erase(TICKET, "diminta")
        moved_row(city, {})

    put(city, intake.STATUS, "Diproses", row=2)
    city.sync(now + timedelta(hours=1), between={"Barat": erase_and_move})
    assert city.journal("Timur")[-1][3] == "Pindah Masuk", "of the erasure its journal knows nothing"
    city.edit("Timur", lambda book: book["Cimone"].delete_rows(4))
    city.sync(now + timedelta(hours=2))
    assert city.register()[TICKET]["Keterlambatan"] == "baris tidak ditemukan"


def test_a_copy_that_waited_beside_an_erased_row_is_no_new_complaint(city: LocalCity) -> None:
    city.type("Barat", "Gondrong", {**YATI, intake.DESCRIPTION: "Selokan depan pagar hijau mampet dan pipa jebrot"})
    city.run("sync")
    city.run("erase", TICKET)
    for _ in range(2):
        city.run("sync")
        assert len(city.register()) == 2 and not kept(city, row=False)
        assert f"sama dengan {TICKET}" in str(city.column("Barat", "Gondrong", intake.CHECK)[-1])


@pytest.mark.parametrize("emptied", [True, False])
def test_a_copy_in_another_spreadsheet_is_no_new_complaint_once_the_words_are_erased(
    city: LocalCity, *, emptied: bool
) -> None:
    said = {**YATI, intake.DESCRIPTION: "Selokan depan pagar hijau mampet dan pipa jebrot"}
    city.type("Timur", "Cimone", said)
    city.run("sync")
    city.run("erase", TICKET)
    if emptied:
        city.edit("Barat", lambda book: book["Gondrong"].delete_rows(2))
    for _ in range(2):
        city.run("sync")
        assert len(city.register()) == 2 and "pagar hijau" not in str(city.journal("Timur"))
        assert f"sama dengan {TICKET}" in str(city.column("Timur", "Cimone", intake.CHECK)[-1])
    at = len(city.rows("Timur", "Cimone")) - 1
    another: dict[str, Typed] = {
        **said,
        intake.RECEIVED: "5 Mei 2026",
    }  # what people typed over it is a complaint of its own
    city.edit("Timur", lambda book: book["Cimone"].delete_rows(at + 1))
    city.type("Timur", "Cimone", another)
    city.run("sync")
    assert len(city.register()) == 3


def test_an_old_file_under_another_link_is_served_at_once_and_brings_nothing_back(city: LocalCity) -> None:
    put(city, intake.CHANNEL, "wa")
    city.run("sync")
    city.path("Baru").write_bytes(city.path("Barat").read_bytes())
    city.run("erase", TICKET)
    city.path("Barat").unlink()
    city.list_sources("Baru.xlsx", "Timur.xlsx")
    for _ in range(2):
        assert city.run("sync") == 0
        told = [*city.journal("Baru"), *city.journal("Kendali"), city.register()]
        assert not [word for word in PLANTED if word in json.dumps(told, ensure_ascii=False, default=str)]
    assert city.register()[TICKET]["Ringkasan"] == "(data sudah dihapus)"
    assert [row[3] for row in city.journal("Baru") if row[2] == TICKET][-1] == "Dihapus"


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "spoil",
    [
        lambda sheet: sheet.insert_cols(1),
        lambda sheet: sheet.delete_cols(1),
        lambda sheet: sheet.cell(2, 3, "").__setattr__("value", None),
        lambda sheet: sheet.cell(2, 3, TICKET[:-2]),
        lambda sheet: sheet.cell(2, 4, "Entah"),
        lambda sheet: sheet.cell(2, 5, sheet.cell(2, 5).value.replace("sidik", "sidak")),
    ],
    ids=["inserted", "deleted", "unnamed", "cut", "of no kind", "changed"],
)
def test_words_go_from_rows_of_a_journal_that_people_have_spoiled(city: LocalCity, spoil: Callable[[Any], Any]) -> None:
    city.edit("Barat", lambda book: spoil(book[JOURNAL]))
    city.sync(TUESDAY + timedelta(hours=1))
    assert city.run("erase", TICKET, "--row") == 0
    assert not kept(city, row=True)
    assert "Pak Amiruddin" in json.dumps(city.journal("Barat"), ensure_ascii=False, default=str)
    city.sync(TUESDAY + timedelta(days=4))
    files = city.files()
    city.sync(TUESDAY + timedelta(days=4))
    assert city.files() == files, "it comes to rest"


def test_an_event_without_its_words_says_so_and_is_told_as_nobodys_doing(city: LocalCity) -> None:
    city.run("erase", TICKET)
    kinds = [cells[3] for cells in city.journal("Barat")]
    assert "Riwayat Diubah" not in kinds and "Dihapus" in kinds
    bare = [json.loads(cells[4]) for cells in city.journal("Barat") if cells[2] == TICKET and cells[3] != "Dihapus"]
    assert bare and all(details[WORDLESS] for details in bare if "isi" in details)
    assert city.rows("Kendali", REGISTER)


@pytest.mark.parametrize("cells", [5, {"Nama Pelapor": ["Ibu Yatimah"]}])
def test_what_only_a_later_version_understands_stops_nobody_and_is_erased_like_all_else(
    city: LocalCity, say: Say, cells: object
) -> None:
    row = encode(Event(99, TUESDAY, TICKET, "Ditimbang", {"isi": cells, "berat": 3}))
    at = len(city.rows("Barat", JOURNAL))
    city.put("Barat", JOURNAL, {(at, column): value for column, value in enumerate(row)})
    for days in (0, 40):
        assert not city.sync(TUESDAY + timedelta(days=days)).failures
    assert row in [told[1:] for told in city.rows("Kendali", JOURNAL)], "it is kept, and copied"
    assert city.run("history", TICKET) == 0 and city.run("data", YATI[intake.PHONE]) == 0
    city.run("erase", TICKET, "--row")
    assert not kept(city, row=True) and '"berat":3' in str(city.rows("Barat", JOURNAL))


def test_a_telephone_that_was_pasted_where_a_day_belongs_is_erased_too(city: LocalCity) -> None:
    for value in (81234567801, "23/11/2026"):
        put(city, intake.RECEIVED, value)
        city.run("sync")
    assert "81234567801" in str([cells[4] for cells in city.journal("Barat")][2:])
    city.run("erase", TICKET, "--row")
    assert not kept(city, row=True)


@pytest.mark.parametrize("moves", [False, True], ids=["stays", "moves"])
def test_a_name_that_stood_in_a_category_which_somebody_corrected_is_erased_too(city: LocalCity, moves: bool) -> None:
    for category in ("berobat pak Jokosupri", "Jalan & Drainase"):
        put(city, intake.CATEGORY, category)
        city.run("sync")
    if moves:
        rows = city.rows("Barat", "Gondrong")
        at = next(number for number, cells in enumerate(rows) if TICKET in cells)
        city.edit("Barat", lambda book: delete_rows(book["Gondrong"], at))
        city.put("Timur", "Cimone", {(1, column): value for column, value in enumerate(rows[at])})
        city.run("sync")
    assert city.register()[TICKET]["Kategori"] == "Jalan & Drainase"
    city.run("erase", TICKET, "--row")
    for name in ("Barat", "Timur", "Kendali"):
        assert "Jokosupri" not in str(city.rows(name, JOURNAL))


def test_a_doubtful_day_that_is_typed_into_an_erased_row_does_not_count(city: LocalCity) -> None:
    city.run("erase", TICKET)
    day = city.register()[TICKET]["Tanggal Masuk"]
    put(city, intake.RECEIVED, "01/01/2020")
    put(city, intake.STATUS, "Ditindaklanjuti")
    city.run("sync")
    assert city.register()[TICKET]["Tanggal Masuk"] == day
    assert city.register()[TICKET]["Status"] == "Ditindaklanjuti", "the other facts do"


def test_what_the_reporter_says_is_not_done_stays_open_when_the_words_of_it_are_gone(city: LocalCity) -> None:
    put(city, intake.STATUS, "Selesai")
    city.run("sync")
    put(city, intake.TOLD, "Bu Yatimah: belum beres")
    city.run("sync")
    before = city.register()[TICKET]
    assert before["Status"] == "Ditindaklanjuti"
    assert city.run("erase", TICKET, "--row") == 0 and not kept(city, row=True)
    city.run("sync")
    for heading in ("Status", "Tenggat", "Masih Berjalan"):
        assert city.register()[TICKET].get(heading) == before.get(heading)
    assert "Status" in str(city.column("Barat", "Gondrong", intake.CHECK)[0]), "it is asked to be set"
    for status in ("Ditindaklanjuti", "Selesai"):  # they go back to it, and it is done
        put(city, intake.STATUS, status)
        city.run("sync")
        assert city.register()[TICKET]["Status"] == status


def test_the_day_on_which_an_erased_case_was_done_is_told_alike_in_its_row_and_in_rekap(city: LocalCity) -> None:
    put(city, intake.STATUS, "Selesai")
    put(city, intake.DONE, f"{jakarta_now() - timedelta(days=1):%d/%m/%Y}")
    put(city, intake.RECEIVED, f"{jakarta_now() - timedelta(days=3):%d/%m/%Y}")
    city.run("sync")
    before = done(city)
    city.run("erase", TICKET)
    assert before[0] == before[1] and done(city) == before


def done(city: LocalCity) -> tuple[str, str]:
    titles, row = (next(cells for cells in city.rows("Barat", "Gondrong") if one in cells) for one in HEADS)
    return str(row[titles.index(intake.RESOLVED)]), str(city.register()[TICKET]["Tanggal Selesai"])


def test_a_ticket_that_nobody_knows_can_not_be_erased_and_twice_is_once(city: LocalCity, say: Say) -> None:
    assert city.run("erase", str(Ticket(2026, "0504", 9))) == 1
    city.run("erase", TICKET)
    before = city.journal("Barat")
    assert city.run("erase", TICKET) == 1, "the row still waits"
    assert city.journal("Barat") == before


def test_why_it_was_erased_is_kept_without_who_asked_and_a_file_that_is_open_is_no_erasure(
    city: LocalCity, say: Say
) -> None:
    city.run("sync")
    say()
    holder = city.folder / ".~lock.Kendali.xlsx#"
    holder.touch()
    asked = "Ibu Yatimah minta lewat 0812-3456-7801, surat warga"
    assert city.run("erase", TICKET, "--row", "--reason", asked) == 1
    assert "tidak bisa dipenuhi" in (said := say()) and "jalankan sekali lagi" in said, "no cycle does it"
    holder.unlink()
    assert city.run("erase", TICKET, "--row", "--reason", asked) == 0
    assert not kept(city, row=True)
    assert "surat warga" in (said := str(city.rows("Kendali", JOURNAL))) and "7801" not in said


def test_the_row_of_an_erased_case_is_not_given_back(city: LocalCity, say: Say) -> None:
    city.run("erase", TICKET)
    rows = city.rows("Barat", "Gondrong")
    city.edit("Barat", lambda book: book["Gondrong"].delete_rows(len(rows) - 1))
    say()
    assert city.run("sync") == city.run("sync") == 0
    assert TICKET not in say(), "nor is it missed"
    assert city.run("restore", TICKET) == 1
    assert "sudah dihapus" in say() and len(city.rows("Barat", "Gondrong")) == len(rows) - 1
    city.edit("Barat", lambda book: book.remove(book["Gondrong"]))
    city.run("sync")
    assert "padahal 1 laporannya masih berjalan" in say(), "that of the other"
    city.list_sources("Timur.xlsx")
    city.run("sync")
    assert "Terlepas    : 1 laporan" in (said := say()) and TICKET not in said


def test_an_erased_case_is_closed_without_its_reason_and_nothing_else_is_promised(city: LocalCity, say: Say) -> None:
    amir = city.tickets("Barat")["a"]
    for ticket in (TICKET, amir):
        city.run("erase", ticket, "--row")
    city.edit("Barat", lambda book: book.remove(book["Gondrong"]))
    say()
    assert city.run("close", TICKET, "--reason", "pelapor pindah") == 0
    assert "alasannya tidak disimpan" in (said := say()) and "restore" not in said
    city.put("Kendali", WISHES, {(1, 0): f"tutup {amir} pelapor pindah"})
    assert city.run("sync") == 0
    assert "alasannya tidak disimpan" in str(city.rows("Kendali", WISHES)[1][1])
    city.run("sync")
    assert "pindah" not in str((city.journal("Barat"), city.journal("Kendali")))


def test_what_people_noted_of_it_for_the_meeting_is_named_and_left_to_them(city: LocalCity, say: Say) -> None:
    number, ticket, note = (DECISIONS.headings.index(heading) for heading in ("Nomor", "Tiket", "Catatan"))
    rows = [{number: f"K2648-{at}", ticket: f"{TICKET}, RR-260504-0002-1"} for at in (1, 2)]
    rows[1][note] = "Bu Yatimah minta ditelepon sore"
    city.put("Kendali", DECISIONS, {(at, one): row[one] for at, row in enumerate(rows, 1) for one in row})
    wishes = f"tutup {TICKET} Bu Yatimah pindah", f"slip {TICKET} ratna@example.org", f"hapus data {TICKET}"
    city.put("Kendali", WISHES, {(at, column): line for at, line in enumerate(wishes, 1) for column in (0, 1)})
    say()
    city.run("data", TICKET)
    assert "Kendali, tab Keputusan, baris 3" in (said := say()) and "Keputusan, baris 2" not in said
    assert "Yatimah" not in said
    assert city.run("erase", TICKET, "--row") == 0
    assert "tab Keputusan, baris 3: di sini orang menulis sesuatu" in (said := say())
    assert "tab Permintaan, baris 2: di sini orang" in said and said.count("tab Permintaan") == 1
    assert city.rows("Kendali", DECISIONS)[2][note] == rows[1][note], "it may be about others, too"


def test_a_spreadsheet_that_is_listed_no_more_is_named(city: LocalCity, say: Say) -> None:
    city.subscribe(("bukan alamat", "Kota"))
    assert city.run("data", TICKET) == 0, "it says nothing of that"
    city.list_sources("Timur.xlsx")
    city.run("sync")
    say()
    assert city.run("data", TICKET) == 1 and "Barat.xlsx: tidak ada lagi di tab Sumber" in say()
    assert city.run("erase", TICKET, "--row") == 1
    assert "Barat.xlsx: tidak ada lagi di tab Sumber" in say()
    journal = json.dumps(city.journal("Kendali"), ensure_ascii=False, default=str)
    assert not [word for word in PLANTED if word in journal]
    city.list_sources("Barat.xlsx", "Timur.xlsx")
    city.run("sync")
    assert not kept(city, row=False), "once it is listed again its words go by themselves"


def test_a_copy_of_the_row_is_named_and_emptied_too(city: LocalCity, say: Say) -> None:
    rows = city.rows("Barat", "Gondrong")
    copied = [None if at == rows[0].index(intake.TICKET) else value for at, value in enumerate(rows[-2])]
    city.put("Timur", "Cimone", {(4, at): value for at, value in enumerate(copied) if value is not None})
    say()
    city.run("data", TICKET)
    assert "Timur, tab Cimone, baris 5" in say()
    city.run("erase", TICKET, "--row")
    assert "Timur, tab Cimone, baris 5: kata-katanya sudah dikosongkan" in (said := say())
    assert "Timur, tab Cimone, baris 5, kolom Catatan: milik orang sendiri" in said
    assert not kept(city, row=True)


def test_a_row_in_a_spreadsheet_that_is_away_is_not_told_as_done(city: LocalCity, say: Say) -> None:
    away = city.path("Barat").rename(city.folder / "dipinjam")
    for more in ((), ("--row",)):
        say()
        assert city.run("erase", TICKET, *more) == 1
        assert "“Barat" in (said := say()).replace(str(city.folder) + "/", "") and "jalankan sekali lagi" in said
    away.rename(city.path("Barat"))
    assert city.run("erase", TICKET, "--row") == 0 and "jalankan sekali lagi" not in say()
    assert not kept(city, row=True)


@pytest.mark.parametrize("outrun", [False, True], ids=["alone", "another robot is quicker to write then"])
def test_whose_row_is_sorted_to_that_place_at_that_moment_keeps_their_words(
    google: Google, tmp_path: Path, *, outrun: bool
) -> None:
    city = City.prepared(google, tmp_path, "Cipondoh")
    for name in ("Ibu Ani", "Pak Budi", "Ibu Citra"):
        city.type("Cipondoh", "Gondrong", name, name=name, category="Jalan & Drainase", description=SAID.format(name))
    assert city.run("sync") == 0
    person, ticket = city.spreadsheets["Cipondoh"], city.tickets("Cipondoh", "Gondrong")["Ibu Ani"]
    commits: list[int] = []

    def sort_before_the_row_is_emptied() -> None:
        commits.append(1)
        if len(commits) == ROW_IS_EMPTIED_BY:
            column = person.values("Gondrong")[HEAD].index(NOTE)
            person.sort("Gondrong", column, descending=True)
        elif len(commits) == ROW_IS_EMPTIED_BY + 1:
            assert city.run("sync") == 0

    for _ in range(ROW_IS_EMPTIED_BY + outrun):
        city.server.before("batchUpdate", sort_before_the_row_is_emptied)
    city.run("erase", ticket, "--row")
    rows = person.values("Gondrong")
    column = rows[HEAD].index(intake.DESCRIPTION)
    described = {str(row[rows[HEAD].index(NOTE)]): row[column] for row in rows[HEAD + 1 :]}
    assert len(commits) >= ROW_IS_EMPTIED_BY
    assert described == {
        "Ibu Ani": None,
        "Pak Budi": SAID.format("Pak Budi"),
        "Ibu Citra": SAID.format("Ibu Citra"),
    }
    assert city.run("sync") == 0


def test_with_a_retention_the_words_of_cases_closed_long_ago_go_by_themselves(
    city: LocalCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(city, intake.STATUS, "Selesai")
    city.sync(TUESDAY)
    city.setting("Retensi", 3)
    city.sync(TUESDAY + timedelta(days=91))
    assert "Yatimah" in kept(city, row=False), "a day is lacking"
    (outbox := city.folder / "outbox").mkdir()
    for number, ticket in enumerate((TICKET, "RR-260504-0002-1")):
        (outbox / f"harian-{number}.eml").write_text(f"X: harian:{ticket}-2026:a\n\nSelokan depan pagar hijau", "utf-8")
    for days in (92, 93):
        monkeypatch.setattr(sync, "jakarta_now", lambda now=TUESDAY + timedelta(days=days): now)
        city.run("sync")
    (left,) = outbox.iterdir()
    left.unlink()
    assert left.name == "harian-1.eml" and not kept(city, row=False)
    assert [cells[3] for cells in city.journal("Barat") if cells[2] == TICKET][-1] == "Dihapus"
    assert city.register()["RR-260504-0002-1"]["Ringkasan"].startswith("Tiang listrik"), "that one is open"


def said_in(city: LocalCity, *names: str) -> str:
    return json.dumps([city.journal(name) for name in names], ensure_ascii=False, default=str)


@pytest.fixture
def corrected(tmp_path: Path) -> LocalCity:
    """A complaint that was corrected on the day after it came, and again on the twentieth."""
    return LocalCity.lay_out(tmp_path, SPREADSHEETS, correct_twice)


def correct_twice(city: LocalCity) -> None:
    city.type("Barat", "Gondrong", YATI, AMIR)
    city.sync(TUESDAY)
    put(city, intake.DESCRIPTION, "Selokan pertama mampet di depan musala")
    put(city, intake.NAME, "Ibu Yati")
    put(city, intake.STATUS, "Ditindaklanjuti")
    put(city, intake.TICKET, "punya Bu Wati", row=2)
    city.sync(TUESDAY + timedelta(days=1))
    put(city, intake.DESCRIPTION, "Selokan kedua mampet di depan musala")
    city.sync(TUESDAY + timedelta(days=20))


@pytest.mark.parametrize("signed", [True, False], ids=["digests", "as before"])
def test_the_words_that_a_correction_replaced_go_after_some_days_and_nothing_else(
    corrected: LocalCity, *, signed: bool
) -> None:
    city, both = corrected, ("Barat", "Kendali")
    for name in () if signed else both:
        rows = [
            [re.sub(r',?"sidik":"[0-9a-f]{16}"', "", str(cell or "")) or None for cell in row[4:]]
            for row in city.journal(name)
        ]
        city.put_rows(name, JOURNAL, [[*row[:4], *new] for row, new in zip(city.journal(name), rows, strict=True)])
    old = {name: city.journal(name) for name in both}
    city.sync(TUESDAY + timedelta(days=30))
    before, register = city.files(), city.register()
    assert all(said in said_in(city, name) for name in both for said in ("Yatimah", "Bu Wati")), "a day is lacking"
    for day, gone, stays in ((31, "pagar hijau", "pertama"), (50, "pertama", "kedua")):
        city.sync(TUESDAY + timedelta(days=day))
        for name in both:
            said = said_in(city, name)
            assert gone not in said and "Yatimah" not in said and "Wati" not in said
            assert stays in said and "Kenanga" in said
            assert '"ke": "Ditindaklanjuti"' in said.replace('\\"', '"').replace('":"', '": "')
        assert kept(city, row=True).isdisjoint(("Yatimah", "pagar hijau")), "no byte of it in any file"
    assert {row[3] for row in city.journal("Barat")} == {
        "Diterbitkan",
        "Status",
        "Diubah",
        "Tiket Dikembalikan",
        "Naik Jenjang",
    }
    assert city.sync(TUESDAY + timedelta(days=50)).well
    same = ("Ringkasan", "Status", "Tanggal Masuk", "Tenggat")
    assert all(city.register()[ticket][one] == row[one] for ticket, row in register.items() for one in same)
    rested = city.files()
    city.sync(TUESDAY + timedelta(days=50))
    assert city.files() == rested, "it comes to rest"
    # An old journal, or an old copy of it, brings nothing back.
    assert old["Barat"] != city.journal("Barat")
    for name in both:
        city.put_rows(name, JOURNAL, old[name])
        assert "Yatimah" in said_in(city, name)
        city.sync(TUESDAY + timedelta(days=50))
        assert "Yatimah" not in said_in(city, *both) and "pertama" not in said_in(city, *both), name
    assert "Riwayat Diubah" not in said_in(city, *both)
    city.run("erase", TICKET, "--row")
    assert not kept(city, row=True), "also what was left"
    assert before.keys() == {name for name in city.files() if not name.startswith(".ringkas")}


def test_what_landed_in_a_row_that_people_inserted_in_a_journal_goes_and_their_own_notes_stay(
    corrected: LocalCity,
) -> None:
    city, at = corrected, len(corrected.rows("Barat", JOURNAL)) + 1
    landed = '{"isi":{"Uraian":[null,"Selokan ketiga"]},"tanpa":true,"sidik":"b211242353d8856d"}'
    city.put("Barat", JOURNAL, {(at, 4): landed, (at + 1, 4): "catatan orang"})
    city.sync(TUESDAY + timedelta(days=31))
    assert "ketiga" not in said_in(city, "Barat") and "catatan orang" in said_in(city, "Barat")


def test_what_a_row_has_left_behind_where_it_moved_away_goes_too(corrected: LocalCity) -> None:
    city = corrected
    rows = city.rows("Barat", "Gondrong")
    moved = {at: value for at, value in enumerate(rows[1]) if value is not None}
    city.put("Barat", "Gondrong", {(1, at): None for at in moved})
    city.put("Timur", "Cimone", {(1, at): value for at, value in moved.items()})
    for day in (21, 51, 52):
        city.sync(TUESDAY + timedelta(days=day))
    assert "musala" not in said_in(city, "Barat") and "Cempaka" in said_in(city, "Barat")
    assert "kedua" in said_in(city, "Timur") and "kedua" in said_in(city, "Kendali")
    city.put("Timur", "Cimone", {(1, at): None for at in moved})
    city.put("Barat", "Gondrong", {(1, at): value for at, value in moved.items()})
    assert city.sync(TUESDAY + timedelta(days=53)).well
    assert city.tickets("Barat") == {"y": TICKET, "a": "RR-260504-0002-1"}
    assert city.register()[TICKET]["Ringkasan"].startswith("Selokan kedua")


def test_what_it_left_behind_goes_though_the_robot_that_saw_it_move_had_a_slow_clock() -> None:
    issued = Event(1, TUESDAY, TICKET, EventKind.ISSUED, {"isi": {intake.NAME: "Ibu Yatimah"}})
    moved = TUESDAY - timedelta(seconds=1)
    (left,) = without_old_words([issued], moved, {TICKET: moved})
    assert "Yatimah" not in str(left)


@pytest.mark.parametrize("both", [False, True])
def test_a_row_of_a_journal_that_people_spoiled_is_told_once_also_when_it_is_emptied(
    city: LocalCity, *, both: bool
) -> None:
    """Of its words, too, nothing is left; that was our own doing."""
    for name, column in (("Barat", 4), ("Kendali", 5))[: 1 + both]:
        city.put(name, JOURNAL, {(1, column): city.rows(name, JOURNAL)[1][column].replace("sidik", "sidak")})
    city.run("sync")
    told = said_in(city, "Barat").count("Riwayat Diubah")
    assert told
    for _ in range(2):
        city.run("erase", TICKET, "--row")
    assert not kept(city, row=True)
    assert said_in(city, "Barat").count("Riwayat Diubah") == told


def test_in_a_tab_that_is_read_no_more_what_the_robot_wrote_beside_a_row_goes_too(city: LocalCity, say: Say) -> None:
    """No cycle takes the link to its reporter off any more."""
    assert city.run("rollover", "2026", "--yes") == 0
    assert city.run("erase", TICKET) == 1
    for column in (one for one in intake.PEOPLE if one.nature is Nature.WORDS):
        if column in city.rows("Barat", "Gondrong")[0]:
            put(city, column, None)
    say()
    assert city.run("data", TICKET) == 0 and "Barat, tab Gondrong, baris 2" in say(), "its number stands there still"
    assert city.run("erase", TICKET, "--row") == 0
    assert not kept(city, row=True)
    say()
    assert city.run("data", TICKET) == 0 and "tab Gondrong," not in say()


def test_what_stands_beside_it_in_columns_of_peoples_own_is_named_and_a_list_does_not_bring_it_back(
    city: LocalCity, tmp_path: Path, say: Say
) -> None:
    table = tmp_path / "daftar.csv"
    table.write_text(
        "Tanggal;Nama;No HP;Kategori;Uraian;Akun FB\n20/11/2026;Bu Ani;081234567801;Jalan & Drainase;Got jebol;ani\n",
        "utf-8",
    )
    bring_in = ("import", str(table), "--tab", "Cimone", "--yes", "--map", "Saluran:=Hotline")
    assert city.run(*bring_in) == 0 and city.run("sync") == 0
    (row,) = city.rows("Timur", "Cimone")[1:]
    ticket = str(row[0])
    say()
    assert city.run("erase", ticket, "--row") == 0
    assert "Timur, tab Cimone, baris 2, kolom Data Asal: milik orang sendiri" in say()
    titles = city.rows("Timur", "Cimone")[0]
    at = titles.index("Data Asal")
    city.put("Timur", "Cimone", {(1, at): str(row[at]).splitlines()[-1]})
    say()
    corrected = ("Jalan & Drainase", "Banjir"), ("20/11/2026", "2026-11-20"), ("2026-11-20", "21/11/2026")
    for said, instead in (("", ""), *corrected):
        table.write_text(table.read_text("utf-8").replace(said, instead), "utf-8")
        before = city.rows("Timur", "Cimone")
        say()
        assert city.run(*bring_in, "--corrections") == 0 and "sudah dihapus atas permintaan" in say()
        assert city.rows("Timur", "Cimone") == before
        if said == "20/11/2026":  # people take the whole row away, and the year ends
            city.edit("Timur", lambda book: book["Cimone"].delete_rows(2))
            city.run("sync")
    assert city.run("rollover", "2026", "--yes") == 0
    say()
    assert city.run(*bring_in) == 0 and "sudah dihapus atas permintaan" in say()


def test_the_same_words_of_another_day_are_another_complaint_if_no_telephone_says_whose() -> None:
    def marks(day: str, **told: str) -> set[str]:
        said = {intake.RECEIVED: day, intake.NAME: "anonim", intake.DESCRIPTION: "lampu jalan mati", **told}
        return traces([said.get(column) for column in intake.PEOPLE])

    assert marks("1/2/2024") & marks("2024-02-01") and not marks("1/2/2024") & marks("2/2/2024")
    known, other = {intake.PHONE: "081234567801"}, {intake.PHONE: "081234567802"}
    assert marks("1/2/2024", **known) & marks("2/2/2024", **known)
    assert not marks("1/2/2024", **known) & marks("1/2/2024", **other)


def test_a_row_in_a_tab_without_its_headings_is_named_with_what_is_wrong_there(city: LocalCity, say: Say) -> None:
    titles = city.rows("Barat", "Gondrong")[0]
    city.put("Barat", "Gondrong", {(0, titles.index(intake.CATEGORY)): "Katogeri"})
    for asked in (("data", "081234567801"), ("erase", TICKET, "--row")):
        say()
        assert city.run(*asked) == 1
        assert "judul kolom tidak ada: Kategori" in (said := say()), "who has no ticket may stand there, too"
        assert "baris 2" in said and "--row" not in said


def test_whose_row_tells_no_more_than_a_day_is_not_taken_for_one_that_was_erased(city: LocalCity, say: Say) -> None:
    assert city.run("erase", TICKET, "--row") == 0
    only: dict[str, Any] = {
        intake.NAME: None,
        intake.PHONE: None,
        intake.ADDRESS: None,
        intake.DESCRIPTION: None,
        intake.CATEGORY: None,
    }
    city.type("Barat", "Gondrong", {**only, NOTE: "baru mulai", intake.OFFICER: "Bu Tuti"})
    say()
    assert city.run("erase", TICKET, "--row") == 0
    assert "baris 4" not in say() and city.column("Barat", "Gondrong", intake.OFFICER)[2] == "Bu Tuti"


@pytest.mark.parametrize(
    "act",
    [answered(503, HERE, kinds=("batchUpdate",)), protected("Gondrong", below(intake.NAME))],
    ids=["out of order", "protected"],
)
def test_a_row_that_can_not_be_emptied_is_not_told_as_empty_and_nothing_else_waits_for_it(
    google: Google, tmp_path: Path, say: Say, act: Act
) -> None:
    site = OnGoogle.begun(google, tmp_path)
    ticket = str(complaints(site)["lama Gondrong"][0])
    (letter := tmp_path / "outbox" / "surat.eml").parent.mkdir(exist_ok=True)
    letter.write_text(f"Laporan {ticket}", "utf-8")
    undo = act(site)
    say()
    try:
        assert site.run("erase", ticket, "--row") == 1
    finally:
        undo()
    assert "sudah dikosongkan" not in (said := say()) and "baris 4: baris ini belum bisa dikosongkan" in said
    assert not letter.exists() and "dihapus dari riwayat" in said


def test_a_rekap_that_is_locked_is_named_because_it_still_shows_the_words(
    google: Google, tmp_path: Path, say: Say
) -> None:
    site = OnGoogle.begun(google, tmp_path)
    unlock, ticket = protected(REGISTER, book=KENDALI)(site), complaints(site)["lama Gondrong"][0]
    assert site.run("erase", ticket, "--row") == 1 and "tab Rekap: dikunci" in say()
    unlock()
    assert site.run("erase", ticket, "--row") == 0 and "dikunci" not in say()


def test_a_file_that_somebody_has_open_is_named_and_what_else_was_erased_is_told(
    city: LocalCity, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    (letter := city.folder / "outbox" / "surat.eml").parent.mkdir(exist_ok=True)
    letter.write_text(f"Laporan {TICKET[:7]}=\n{TICKET[7:]}", "utf-8")  # as quoted-printable breaks a long line

    unlink = Path.unlink

    def locked(path: Path, *, missing_ok: bool = False) -> None:
        if path == letter:
            raise PermissionError(path)  # as Windows does
        unlink(path, missing_ok=missing_ok)

    say()
    with monkeypatch.context() as open_there:
        open_there.setattr(Path, "unlink", locked)
        assert city.run("erase", TICKET, "--row") == 1
    assert "dihapus dari riwayat" in (said := say()) and f"{letter} belum bisa dihapus" in said
    assert city.run("erase", TICKET, "--row") == 0 and not letter.exists()


@pytest.mark.parametrize(("answer", "day"), [("26/11 puas", 26), (None, 25)], ids=["content", "emptied"])
def test_a_case_whose_reporter_said_belum_and_then_was_content_stays_closed_as_it_was_when_it_is_erased(
    city: LocalCity, answer: str | None, day: int
) -> None:
    at = TUESDAY.replace(day=25)
    put(city, intake.TOLD, None)
    put(city, intake.STATUS, "Selesai")
    city.sync(at)
    for later, told in ((timedelta(hours=1), "belum beres"), (timedelta(days=1), answer)):
        put(city, intake.TOLD, told)
        city.sync(at + later)
    before = city.register()[TICKET]
    assert (before["Status"], before["Tanggal Selesai"].day) == ("Selesai", day)
    assert city.run("erase", TICKET) in (0, 1)
    after = city.register()[TICKET]
    assert [after[one] for one in ("Status", "Tanggal Selesai")] == [
        before[one] for one in ("Status", "Tanggal Selesai")
    ]
