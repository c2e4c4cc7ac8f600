"""What people click stops at the tab where they clicked it: its neighbours are served in the same cycle, and the tab is
named with the cure where people look."""

import itertools
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from automation.cases import examiner
from automation.cli.compose import compose, jakarta_now
from automation.config.defaults import SETTINGS as SETTINGS_KNOWN
from automation.cycle.debts import _is_alive
from automation.model.cells import Area, Lock, Value
from automation.model.complaint import Complaint
from automation.reading.tabs import LISTS
from automation.sheets.google.failures import Refusals
from automation.sheets.prepare import INTAKE_COLUMNS, INTAKE_HEADING_ROW as HEAD
from automation.tables import intake
from automation.tables.kendali import (
    CATEGORIES,
    CHARTS,
    COPY,
    FILED,
    GUIDE,
    HOLIDAYS,
    JOURNAL,
    LAST_VALUES,
    MAILS,
    PLACES,
    RECIPIENTS,
    REGISTER,
    REPAIRS,
    SETTINGS,
    SOURCES,
    TERMS,
    WISHES,
)  # fmt: skip
from tests.conftest import Say
from tests.google_city import City
from tests.sheets_server.answer import InvalidRequest
from tests.sheets_server.batch import HANDLERS
from tests.sheets_server.fixtures import ROBOT as ROBOT_ADDRESS, Google
from tests.sheets_server.model import Book
from tests.sites import (
    HERE,
    ITSELF,
    KENDALI,
    NEIGHBOUR,
    OTHER,
    TABS,
    THERE,
    Act,
    OnDisk,
    OnGoogle,
    Site,
    added,
    answered,
    below,
    complaints,
    cut_short,
    deleted,
    each,
    edited,
    fails_at,
    file_became,
    findings,
    grouped,
    heeded,
    inserted,
    merged,
    protected,
    refused,
    registered,
    renamed,
    row_of_sumber,
    shared,
    states,
    sunk,
    typed,
    unreadable,
    wiped,
)  # fmt: skip
from tests.town import WORDS

pytestmark = pytest.mark.sampled(tests=7)


@dataclass(frozen=True)
class Condition:
    """What somebody does, and what follows for one cycle. `waits`: whose new complaints get no ticket (the tab
    `i`tself, its `n`eighbour, `o`ther spreadsheets); `said`: what the operator reads of it, and whoever looks into
    Sumber if it befell a spreadsheet; `exit`: 1 where something is said. `cure`: a command that it takes besides."""

    act: Act
    waits: str = ""
    said: str = ""
    exit: int | None = None
    on: str = "gl"
    cure: str = ""
    tells: bool = True  # in the status line of all tabs, if a tab was troubled
    rests: bool = True  # what can't be done is not tried again in each cycle


C = Condition
FULL = "This action would increase the number of cells in the workbook above the limit of 10000000 cells."
CURE = "Data → Lindungi sheet dan rentang"
TABLES = (SETTINGS, RECIPIENTS, CATEGORIES, TERMS, PLACES, HOLIDAYS)
WRONG: Mapping[str, Value] = {one.name: "besok pagi" for one in SETTINGS_KNOWN if one.read.name} | {
    "Telepon Kantor": "0812"
}
NO_VALUES = answered(500, kinds=("values.get",))
CONDITIONS = {
    # Protections
    "a tab protected": C(protected("Gondrong"), "i", CURE, on="g"),
    "the column of tickets": C(protected("Gondrong", below(intake.TICKET)), "i", "No. Tiket", on="g"),
    "the new ticket's cell": C(protected("Gondrong", {**below(intake.TICKET), "startRowIndex": HEAD + 2}), "i", "No. Tiket", on="g"),
    "the column of links": C(protected("Gondrong", below(intake.KABARI)), "", "Kabari", on="g"),
    "the column of checks": C(protected("Gondrong", below(intake.CHECK)), "", "Pemeriksaan", on="g"),
    "the deadlines": C(protected("Gondrong", below(intake.DUE, intake.RESOLVED)), "", "Tenggat, Keterlambatan", on="g"),
    "people's columns": C(protected("Gondrong", below(intake.NAME, intake.DESCRIPTION)), on="g"),
    "tickets made one cell": C(merged("Gondrong", intake.TICKET, HEAD + 1, HEAD + 3), "i", "Pisahkan", on="g"),
    "checks made one cell": C(merged("Gondrong", intake.CHECK, HEAD + 1, HEAD + 3), "", "Pemeriksaan", on="g"),
    "people's cells made one": C(merged("Gondrong", intake.RT_RW, HEAD + 1, HEAD + 3), on="g"),
    "the headings protected": C(protected("Gondrong", {"endRowIndex": HEAD + 1}), on="g"),
    "a tab but for its rows": C(protected("Gondrong", free=[{"startRowIndex": HEAD + 1}]), on="g"),
    "a tab with a warning": C(protected("Gondrong", warningOnly=True), on="g"),
    "the lists protected": C(protected(LISTS), "", "Terakhir Diperiksa", on="g", tells=False),
    "the guide protected": C(protected(GUIDE), on="g"),
    "the journal protected": C(protected(JOURNAL), "in", CURE, on="g"),
    **{f"{tab} of Kendali protected": C(protected(tab, book=KENDALI), "", f"tab {tab}: dikunci", on="g") for tab in (REGISTER, REPAIRS, LAST_VALUES, MAILS, CHARTS, SOURCES, WISHES, *FILED)},
    **{f"{tab} of Kendali protected": C(protected(tab, book=KENDALI), on="g") for tab in (*TABLES, GUIDE)},
    "the states in Sumber protected": C(protected(SOURCES, {"startColumnIndex": 4}, KENDALI), "", "tab Sumber: dikunci", on="g"),
    # Tabs
    "a tab deleted": C(deleted(*ITSELF), "i", "tab Gondrong tidak ada lagi"),
    "a tab renamed": C(renamed(*ITSELF, "Arsip"), "i", "tab Arsip"),
    "a tab with a mark in its name": C(renamed(*ITSELF, "Kel. Gondrong ")),
    "a list with other headings": C(added("Laporan WA", ("Nama", "HP", "Keluhan"), ("Ani", "-", "got mampet")), "", "tab Laporan WA"),
    "a kelurahan's tab with others": C(added("Cimone", ("Siapa", "Apa"), ("Ani", "got mampet")), "", "tab Cimone"),
    "a list far below a letterhead": C(added("Cimone", *[("Kop",)] * 12, tuple(map(str, INTAKE_COLUMNS)), ("", "", "got mampet", "Jl. Melati")), "", "tab Cimone", on="l"),
    "a list that is hidden": C(added("Laporan WA", ("Nama", "HP", "Keluhan"), ("Ani", "-", "got mampet"), hidden=True)),
    "telephones of people's own": C(added("Kontak RT", ("Nama", "HP", "Keterangan"), ("Ani", "-", "bendahara"))),
    "notes of people's own": C(added("Catatan rapat", ("Nama", "HP", "Tugas"), ("Ani", "-", "konsumsi"))),
    "the headings wiped": C(wiped(*ITSELF, HEAD, HEAD + 1), "i", "tab Gondrong"),
    "the ticket's heading wiped": C(typed(*ITSELF, "No. Tiket", None), "i", "No. Tiket"),
    "a heading of people wiped": C(typed(*ITSELF, "Uraian", None), "i", "Uraian"),
    "a heading misspelled": C(typed(*ITSELF, "Kategori", "Katogeri"), "i", "Kategori"),
    "a heading doubled": C(typed(*ITSELF, "Catatan", "Telepon"), "i", "Telepon"),
    "a heading of the links wiped": C(typed(*ITSELF, "Kabari", None)),
    "the status line wiped": C(wiped(*ITSELF, 0, 1)),
    "the headings sorted along": C(sunk("Gondrong", HEAD), "", "di atas baris judul"),
    "names of groups of columns": C(grouped("Gondrong", HEAD - 1)),
    "a column inserted": C(inserted("Gondrong", "COLUMNS")),
    "rows inserted above": C(inserted("Gondrong", "ROWS", 3)),
    "a ticket wiped": C(wiped(*ITSELF, 50)),
    "the lists deleted": C(deleted(HERE, LISTS)),
    "the guide deleted": C(deleted(HERE, GUIDE)),
    "the journal deleted": C(deleted(HERE, JOURNAL)),
    "the journal wiped": C(wiped(HERE, JOURNAL)),
    "the journal's headings wiped": C(wiped(HERE, JOURNAL, 0, 1)),
    "the journal renamed": C(renamed(HERE, JOURNAL, "Arsip Riwayat")),
    "a row for which our code fails": C(fails_at("Warga baru Gondrong"), "i", exit=0),
    "an old row for which our code fails": C(fails_at("Warga lama Gondrong"), exit=0),
    # Kendali
    **{f"{name} set wrongly": C(typed(KENDALI, SETTINGS, name, value, 1), "", f"({name})") for name, value in WRONG.items()},
    "a setting misspelled": C(typed(KENDALI, SETTINGS, "Jeda Sinkron", "Jeda Sinkrom"), "", "Jeda Sinkrom"),
    "a setting twice": C(typed(KENDALI, SETTINGS, "Retensi", "Jeda Sinkron"), "", "Jeda Sinkron"),
    **{f"{tab} deleted": C(deleted(KENDALI, tab), "", f"tab {tab} tidak ada", cure="setup") for tab in (*TABLES, SOURCES)},
    **{f"{tab} renamed": C(renamed(KENDALI, tab, f"{tab} lama"), "", f"tab {tab} tidak ada") for tab in (*TABLES, SOURCES)},
    **{f"{tab} renamed": C(renamed(KENDALI, tab, f"{tab} lama"), "", f"tab {tab} sekarang bernama") for tab in (*FILED, WISHES)},
    "the heading of answers misspelled": C(typed(KENDALI, WISHES, "Jawaban", "Balasan"), "", "judul kolom tidak ada: Jawaban"),
    **{f"the headings of {tab} wiped": C(wiped(KENDALI, tab, 0, 1), "", f"tab {tab}") for tab in (*TABLES, SOURCES)},
    **{f"the rows of {tab} wiped": C(wiped(KENDALI, tab), "", f"tab {tab}") for tab in (CATEGORIES, PLACES, SOURCES)},
    **{f"the rows of {tab} wiped": C(wiped(KENDALI, tab)) for tab in (SETTINGS, RECIPIENTS, TERMS, HOLIDAYS)},
    "the code of a kelurahan spoiled": C(typed(KENDALI, PLACES, "36.71.05.1004", "?"), "", "Wilayah!A"),
    "the dapil of a kelurahan spoiled": C(typed(KENDALI, PLACES, "36.71.05.1004", "?", 3), "", "Wilayah!D"),
    "two kelurahan of one code": C(typed(KENDALI, PLACES, "36.71.05.1004", "36.71.05.1006"), "", "36.71.05.1006"),
    "a category's target spoiled": C(typed(KENDALI, CATEGORIES, "Jalan & Drainase", "cepat", 3), "", "Kategori!D"),
    "an address mistyped": C(typed(KENDALI, RECIPIENTS, "Email", "?", 0), "", "tab Penerima"),
    **{f"{tab} deleted": C(deleted(KENDALI, tab)) for tab in (REGISTER, REPAIRS, MAILS, COPY, LISTS, LAST_VALUES, GUIDE, CHARTS)},
    **{f"{tab} wiped": C(wiped(KENDALI, tab)) for tab in (REGISTER, COPY, LAST_VALUES)},
    "the highest numbers wiped": C(typed(KENDALI, LAST_VALUES, "Nomor Terakhir", None, 1)),
    "a number that a list exported as None": C(typed(*ITSELF, "Warga baru Gondrong", "None", -5)),
    "the headings of Rekap wiped": C(wiped(KENDALI, REGISTER, 0, 1)),
    # Spreadsheets
    "a spreadsheet taken off Sumber": C(row_of_sumber(THERE, _0=None, _1=None), "o", "tidak dibaca", tells=False),
    "a link mistyped": C(row_of_sumber(HERE, _1="?"), "in", "?"),
    "a link wiped": C(row_of_sumber(HERE, _1=None), "in", "Isi lagi tautannya"),
    "a name wiped": C(row_of_sumber(HERE, _0=None)),
    "a spreadsheet under two names": C(row_of_sumber(HERE, _0="Apa saja")),
    "a spreadsheet shared no more": C(shared(writers=set()), "in", "Editor", on="g"),
    "a spreadsheet to read only": C(shared(writers=set(), readers={ROBOT_ADDRESS}), "in", "Editor", on="g"),
    "a spreadsheet in the basket": C(shared(trashed=True), "in", "tempat sampah", on="g"),
    "a spreadsheet deleted": C(shared(gone=True), "in", "belum bisa dibuka", on="g"),
    "a spreadsheet that is out of order": C(answered(500), "in", "tidak terjangkau", on="g"),
    "a spreadsheet that can't be written": C(answered(503, kinds=("batchUpdate",)), "in", "tidak terjangkau", on="g", rests=False),
    "a spreadsheet that is asked too often": C(answered(429), "in", "Kuota", on="g"),
    "a spreadsheet that is full": C(answered(400, kinds=("batchUpdate",), words=FULL), "in", "sudah penuh", on="g", rests=False),
    "a refusal that names nothing": C(answered(400, kinds=("batchUpdate",), words="No."), "in", "menolak", on="g", rests=False),
    "a file that is gone": C(file_became(None), "in", "tidak ditemukan", on="l"),
    "a file of nothing": C(file_became(b""), "in", f"{HERE}.xlsx", on="l"),
    "a file that is none": C(file_became(b"PK\x03\x04 bukan"), "in", "rusak", on="l"),
    "a file cut short": C(cut_short, "in", "rusak", on="l"),
    "a file with a password": C(file_became(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 200), "in", "kata sandi", on="l"),
    "a file that LibreOffice has open": C(file_became(b",siti,desktop,;", f".~lock.{HERE}.xlsx#"), "in", "sedang dibuka", on="l"),
    "a file that Excel has open": C(file_became(b"\x04Siti" + b" " * 160, f"~${HERE}.xlsx"), "in", "sedang dibuka", on="l"),
    # What Google refuses, or can't read
    "a typed column": C(refused("updateCells", "Gondrong", intake.KABARI), "", "Kabari", on="g", rests=False),
    "a typed column of tickets": C(refused("updateCells", "Gondrong", intake.TICKET), "i", "No. Tiket", on="g", rests=False),
    "a typed column of checks": C(refused("updateCells", "Gondrong", intake.CHECK), "i", "Pemeriksaan", on="g", rests=False),
    "a typed column of Rekap": C(refused("updateCells", REGISTER, intake.CHECK, KENDALI), "", "tab Rekap: dikunci", on="g", rests=False),
    "a journal that takes no rows": C(refused("appendCells", JOURNAL), "in", "menolak", on="g", rests=False),
    "a tab that can't be read": C(unreadable("Gondrong"), "i", "tab Gondrong: Google tidak bisa", on="g"),
    "a tab of which not even values": C(each(unreadable("Gondrong"), NO_VALUES), "i", "tab Gondrong: Google", on="g"),
    "a journal that can't be read": C(unreadable(JOURNAL), "", f"tab {JOURNAL}: Google tidak bisa", on="g"),
    "a journal of which not even values": C(each(unreadable(JOURNAL), NO_VALUES), "in", f"tab {JOURNAL}: Google", on="g"),
    **{f"{tab} of Kendali that can't be read": C(unreadable(tab, KENDALI), "", f"tab {tab}: Google tidak bisa", on="g") for tab in (REGISTER, SETTINGS)},
    "lists that can't be read": C(unreadable(LISTS), "", f"tab {LISTS}: Google tidak bisa", on="g", tells=False),
    # Words
    "words with a slip": C(edited("templat/pesan/surat.toml", "[bulan]\n1 = '{bulann}'"), "", "surat.toml, baris 2"),
    "several at once": C(each(deleted(KENDALI, HOLIDAYS), typed(KENDALI, SETTINGS, "Retensi", "?", 1)), "", "(Retensi)", cure="setup"),
}  # fmt: skip
CASES = [(kind, name) for name, one in CONDITIONS.items() for kind in ("google", "local") if kind[0] in one.on]


@pytest.fixture
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    kind, _ = request.param
    return (
        OnGoogle.begun(request.getfixturevalue("google"), tmp_path)
        if kind == "google"
        else OnDisk.begun(tmp_path / "kota")
    )


@pytest.mark.sampled(1000)
@pytest.mark.parametrize(
    ("site", "name"), [(case, case[1]) for case in CASES], indirect=["site"], ids=map(" ".join, CASES)
)
def test_what_befalls_one_thing_stops_no_other_is_named_and_passes(site: Site, say: Say, name: str) -> None:
    one = CONDITIONS[name]
    expected = one.exit if one.exit is not None else int(bool(one.said))
    before = complaints(site)
    assert len(before) == 6
    undo = one.act(site)
    say()
    try:
        assert site.run("sync") == expected, say()
        words = say()
        assert one.said in words
        served = {letter for letter, (_, tab) in TABS.items() if complaints(site).get(f"baru {tab}", ("",))[0]}
        assert served == set("ino") - set(one.waits)
        state = states(site).get(HERE, "")
        assert one.said in state or state in ("", "None", "Baik")
        shown = any(one.said in finding for finding in findings(site))
        assert shown == bool(re.match(r"\(|Jeda|Wilayah!|Kategori!|36", one.said)), "beside the row in Kendali"
        assert {REGISTER, REPAIRS, LAST_VALUES} <= {*site.tabs(KENDALI)}, "where the robot tells, and what it remembers"
        line = heeded(site)
        troubled = state not in ("", "None", "Baik") and "n" not in one.waits
        assert (one.said in line) == one.tells if troubled else not line, "what the status line of all tabs shows"
        assert site.run("sync") == expected
        writes = site.writes()
        assert site.run("sync") == expected, "and so it stays"
        assert site.writes() == writes or not one.rests, "without being asked for again and again"
    finally:
        undo()
    if one.cure:
        site.run(one.cure)
    site.run("sync")
    say()
    assert site.run("sync") == 0, say()
    assert not findings(site)
    after = complaints(site)
    assert {note: cells for note, (_, cells) in after.items()} == {note: cells for note, (_, cells) in before.items()}
    assert all(after[note][0] == ticket for note, (ticket, _) in before.items() if ticket)
    tickets = [ticket for ticket, _ in after.values()]
    assert all(tickets) and len(set(tickets)) == 6 and registered(site) == set(tickets)


@pytest.fixture
def city(google: Google, tmp_path: Path) -> City:
    """Two spreadsheets, prepared, with a complaint in each of three tabs."""
    city = City.prepared(google, tmp_path, "Cipondoh", "Karawaci")
    for name, tab in (ITSELF, NEIGHBOUR, OTHER):
        city.type(name, tab, tab, name=f"Warga {tab}", category="Jalan & Drainase")
    return city


def served(city: City) -> set[tuple[str, str]]:
    """The tabs whose complaint has a ticket."""
    return {(name, tab) for name, tab in (ITSELF, NEIGHBOUR, OTHER) if city.tickets(name, tab)[tab]}


def test_a_refusal_is_believed_for_an_hour() -> None:
    now = [0.0]
    refusals, lock = Refusals[tuple[str, Lock]](lambda: now[0]), ("7", Lock(Area()))
    refusals.note("a", lock)
    now[0] = 3599.0
    assert refusals.of("a") == [lock] and refusals.of("b") == []
    now[0] = 3600.0
    assert refusals.of("a") == []


@pytest.mark.parametrize("known", [False, True], ids=["new", "with its ticket"])
def test_a_row_at_which_our_own_code_fails_waits_alone(
    city: City, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    if known:
        assert city.run("sync") == 0
    before = city.tickets(*ITSELF)
    row = city.spreadsheets["Cipondoh"].values("Gondrong")[HEAD + 1]
    real = examiner.examine

    def failing(people: tuple[Value, ...], *more: Any) -> Complaint:
        if "Warga Gondrong" in people:
            raise ZeroDivisionError
        return real(people, *more)

    with monkeypatch.context() as patch:
        patch.setattr(examiner, "examine", failing)
        city.type(*NEIGHBOUR, "amir", name="Pak Amir", phone="081200001022", category="Jalan & Drainase")
        assert city.run("sync") == 0
        assert city.tickets(*ITSELF) == before and all(city.tickets(*NEIGHBOUR).values())
        after = city.spreadsheets["Cipondoh"].values("Gondrong")[HEAD + 1]
        assert "belum bisa diproses" in str(after[1]) and [*after[:1], *after[2:]] == [*row[:1], *row[2:]]
        assert any("belum bisa diproses" in str(one) for one in city.kendali.values(REPAIRS))
    assert city.run("sync") == 0
    after = city.spreadsheets["Cipondoh"].values("Gondrong")[HEAD + 1]
    assert city.tickets(*ITSELF)["Gondrong"] and "belum bisa" not in str(after[1])


@pytest.mark.parametrize("dead", [99_999_999, os.getpid()], ids=["no process is called so", "a container's are all 1"])
def test_a_persons_cell_that_a_dying_program_has_written_over_is_given_back_by_the_next_one(
    city: City, say: Say, dead: int
) -> None:
    """A column is moved to the left just before the write, and from then on the network is gone."""
    person = city.spreadsheets["Cipondoh"]

    def move_a_column() -> None:
        person.insert_column("Gondrong", 0)
        person.set("Gondrong", HEAD, 0, "Catatan kader")
        for row in range(2):
            person.set("Gondrong", HEAD + 1 + row, 0, "penting")

    city.server.before("batchUpdate", move_a_column)
    city.server.fail(when="after", kind="batchUpdate", drop=True)
    city.server.before("batchUpdate", lambda: city.server.fail(times=1000, drop=True))
    assert city.run("sync") == 1
    assert str(person.values("Gondrong")[HEAD + 1][0]).startswith("RR-"), "it was written over"
    (noted,) = city.credentials.parent.glob(".utang-*")
    assert noted.stat().st_mode & 0o777 == 0o600 and "RR-" not in noted.read_text("utf-8")
    noted.rename(noted.with_name(f"{noted.name.rpartition('-')[0]}-{dead}"))  # that process is no more
    city.server.faults.clear()
    say()
    assert city.run("sync") == 1
    assert "Gondrong!A4" in say()
    rows = person.values("Gondrong")
    assert [row[0] for row in rows[HEAD + 1 : HEAD + 3]] == [None, "penting"]
    assert city.tickets(*ITSELF)["Gondrong"] and served(city) == {ITSELF, NEIGHBOUR, OTHER}
    assert city.run("sync") == 0 and not [*city.credentials.parent.glob(".utang-*")]


def test_no_process_is_asked_whether_it_lives_where_that_would_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("automation.cycle.debts.sys.platform", "win32")
    monkeypatch.setattr("os.kill", lambda *_: pytest.fail("this is Ctrl-C there"))
    assert not _is_alive(str(os.getppid()))


def test_what_was_covered_in_a_tab_that_is_locked_at_that_moment_is_no_correction_of_anybodys(city: City) -> None:
    """It is given back when the lock is lifted."""
    person = city.spreadsheets["Cipondoh"]
    book, sheet = person.book, person.sheet("Gondrong").id

    def lock() -> None:
        book.protected[999] = {"range": {"sheetId": sheet}, "editors": {"users": ["koordinator@example.org"]}}

    city.server.before("batchUpdate", lambda: person.insert_column("Gondrong", 3))
    city.server.before("batchUpdate", lock)
    city.run("sync")
    row = person.values("Gondrong")[HEAD + 1]
    covered = person.values("Gondrong")[HEAD].index(intake.DATE_RIGHT)
    assert isinstance(row[covered], int), "the deadline stands there"
    (noted,) = city.credentials.parent.glob(".utang-*")
    noted.rename(noted.with_name(noted.name.rpartition("-")[0] + "-99999999"))  # that process is no more
    del book.protected[999]
    city.run("sync")
    assert person.values("Gondrong")[HEAD + 1][covered] is None
    assert "Diubah" not in {str(row[3]) for row in person.values(JOURNAL) if len(row) > 3}


def test_headings_that_a_dying_program_has_written_over_stand_again_after_the_next_one(city: City, say: Say) -> None:
    """A row is inserted above the headings just before the write, and from then on the network is gone."""
    person = city.spreadsheets["Cipondoh"]
    before = [row[:] for row in person.values("Gondrong")]

    def insert_a_row() -> None:
        person.insert_row("Gondrong", HEAD)

    city.server.before("batchUpdate", insert_a_row)
    city.server.fail(when="after", kind="batchUpdate", drop=True)
    city.server.before("batchUpdate", lambda: city.server.fail(times=1000, drop=True))
    city.run("sync")
    assert str(person.values("Gondrong")[HEAD + 1][0]).startswith("RR-"), "the heading was written over"

    others = itertools.count(99_999_990)

    def die() -> None:
        for noted in city.credentials.parent.glob(f".utang-*-{os.getpid()}"):  # that process is no more
            noted.rename(noted.with_name(f"{noted.name.rpartition('-')[0]}-{next(others)}"))
        city.server.faults.clear()

    die()
    city.server.before("batchUpdate", lambda: None)  # nor does the next one hear what came of what it gave back
    city.server.fail(when="after", kind="batchUpdate", drop=True)
    city.server.before("batchUpdate", lambda: city.server.fail(times=1000, drop=True))
    city.run("sync")
    die()
    say()
    assert city.run("sync") == 0, "nothing of people's was lost"
    assert "histori versi" not in say()
    rows = person.values("Gondrong")
    assert rows[HEAD + 1] == before[HEAD]
    assert all(city.tickets(*ITSELF).values()) and city.run("sync") == 0


def test_an_outcome_beside_no_complaint_stays_and_is_asked_about(city: City) -> None:
    """It stood in a wrong row, and nobody was told."""
    person = city.spreadsheets["Cipondoh"]
    cells: dict[tuple[int, Any], Value] = {(HEAD + 6, intake.OUTCOME): "Sudah diperbaiki"}
    cells |= {(HEAD + 8, column): str(column) for column in INTAKE_COLUMNS}  # headings that were typed again
    for (row, column), value in cells.items():
        person.set("Gondrong", row, INTAKE_COLUMNS.index(column), value)
    assert city.run("sync") == 0
    rows, check = person.values("Gondrong"), INTAKE_COLUMNS.index(intake.CHECK)
    assert "ke baris laporannya" in str(rows[HEAD + 6][check]) and not rows[HEAD + 8][check]
    assert sum("Gondrong" in map(str, row) for row in city.kendali.values(REPAIRS)) == 1
    writes = city.server.count("batchUpdate")
    assert city.run("sync") == 0 and city.server.count("batchUpdate") == writes
    for row, column in [*cells][:1]:
        person.set("Gondrong", row, INTAKE_COLUMNS.index(column), None)
    assert city.run("sync") == 0
    assert not any(map(any, person.values("Gondrong")[HEAD + 5 : HEAD + 8])), "nothing is left of the questions"


@pytest.mark.parametrize(
    ("status", "cells", "asked"),
    [
        (None, {intake.DESCRIPTION: "pohon tumbang menimpa kabel", intake.NAME: "Bu Lain"}, True),
        ("Selesai", {intake.DESCRIPTION: "pohon tumbang menimpa kabel"}, True),
        ("Selesai", {intake.DESCRIPTION: "pohon tumbang menimpa kabel", intake.NAME: "Bu Lain", intake.PHONE: "081200009999",
                     intake.ADDRESS: "Jl. Lain 9", intake.RECEIVED: "23/11/2026"}, True),
        ("Selesai", {intake.NAME: "Ibu Lain"}, False),
        (None, {intake.DESCRIPTION: "pohon tumbang menimpa kabel"}, False),
    ],
    ids=["with another name", "in a closed row", "all of a closed row", "a name is corrected", "it is the same person's"],
)  # fmt: skip
def test_a_complaint_typed_over_another_is_asked_about(
    city: City, status: str | None, cells: Mapping[Any, Value], asked: bool
) -> None:
    person = city.spreadsheets["Cipondoh"]

    def put(values: Mapping[Any, Value]) -> str:
        for column, value in values.items():
            person.set("Gondrong", HEAD + 1, INTAKE_COLUMNS.index(column), value)
        assert city.run("sync") in (0, 1)
        return str(person.values("Gondrong")[HEAD + 1][INTAKE_COLUMNS.index(intake.CHECK)] or "")

    put({intake.STATUS: status, intake.OUTCOME: status and "Lampu sudah diganti"})
    row = person.values("Gondrong")[HEAD + 1]
    before = {column: row[INTAKE_COLUMNS.index(column)] for column in cells}
    assert ("ketik di baris kosong" in put(cells)) == asked
    assert "ketik di baris kosong" not in put(before), "what stood there stands there again"


def test_a_look_that_google_refuses_costs_itself_and_is_said(
    city: City, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A typed column of a table refuses its list; every other list, note and colour is given all the same."""
    person = city.spreadsheets["Cipondoh"]
    real, sheet = HANDLERS["setDataValidation"], person.sheet("Gondrong").id
    status = INTAKE_COLUMNS.index(intake.STATUS)

    def picky(book: Book, body: Mapping[str, Any]) -> Any:
        grid = body["range"]
        if grid.get("sheetId") == sheet and grid.get("startColumnIndex", 0) <= status < grid["endColumnIndex"]:
            raise InvalidRequest("This column is typed.")
        return real(book, body)

    tabs = ("Gondrong", "Petir")
    for tab in tabs:
        rows = person.sheet(tab).rows
        rows[:] = [tuple(replace(cell, extra={}) for cell in row) for row in rows]
    monkeypatch.setitem(HANDLERS, "setDataValidation", picky)
    say()
    assert city.run("setup") == 1
    assert "1 hal pada tampilannya ditolak" in say()
    first = {tab: person.sheet(tab).rows[HEAD + 1] for tab in tabs}
    listed = {tab: ["dataValidation" in cell.extra for cell in row] for tab, row in first.items()}
    assert listed["Petir"][status] and not listed["Gondrong"][status]
    assert sum(listed["Petir"]) == sum(listed["Gondrong"]) + 1
    monkeypatch.setitem(HANDLERS, "setDataValidation", real)
    assert city.run("setup") == 0
    assert "dataValidation" in person.sheet("Gondrong").rows[HEAD + 1][status].extra


def test_of_a_tab_that_can_not_be_read_the_values_are_matched_and_that_is_known_for_an_hour(
    google: Google, tmp_path: Path
) -> None:
    site = OnGoogle.begun(google, tmp_path)
    person, syncer = site.person(HERE), compose(site.credentials, WORDS).syncer
    undo = unreadable("Gondrong")(site)
    try:
        for _ in range(2):
            syncer.sync(jakarta_now())
        row = HEAD + 1
        person.set("Gondrong", row, INTAKE_COLUMNS.index(intake.ASSIGNEE), "Pak Hasan")
        site.requests(person)
        syncer.sync(jakarta_now())
        assert site.requests(person) == {"get": 2, "values.get": 1, "batchUpdate": 1}
        also = unreadable("Cipondoh")(site)
        assert not syncer.sync(jakarta_now()).failures, "another one"
        also()
    finally:
        undo()
    kinds = [str(row[3]) for row in person.values(JOURNAL)[1:]]
    assert kinds.count("Diubah") == 1, "an edit is told, though nothing can be written there"
    assert set(kinds) == {"Diterbitkan", "Diubah"}, "nobody took its rows for gone"


def test_what_is_protected_at_the_last_moment_costs_itself_and_no_longer_than_it_is(
    google: Google, tmp_path: Path
) -> None:
    site = OnGoogle.begun(google, tmp_path)
    syncer, undo = compose(site.credentials, WORDS).syncer, list[Any]()
    site.server.before("batchUpdate", lambda: undo.append(protected("Gondrong", below(intake.TICKET))(site)))
    syncer.sync(jakarta_now())
    assert {note for note, (ticket, _) in complaints(site).items() if not ticket} == {"baru Gondrong"}
    undo[0]()
    syncer.sync(jakarta_now())
    assert all(ticket for ticket, _ in complaints(site).values())
