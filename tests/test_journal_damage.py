"""Whatever people do to the hidden journals: nobody's ticket changes, no number is used twice, nobody waits."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from zlib import crc32

import pytest
from msgspec.structs import replace

from automation.cases.codec import decode, encode, signed
from automation.cases.copies import compared, counting
from automation.cases.erasure import WORDLESS
from automation.cases.events import JOURNAL, Event, EventKind
from automation.cases.journal import Case, fold
from automation.config.tabs import Source
from automation.cycle.registry import Registry
from automation.cycle.sync import Report, Syncer
from automation.model.cells import Value, as_read
from automation.model.complaint import Status
from automation.sheets.local.workbook import local_workbook
from automation.sheets.port import Snapshot, Workbook
from automation.tables import intake
from automation.tables.kendali import SETTINGS
from tests.examples import ALL
from tests.local_city import GOOD_ROW, TITLES, LocalCity
from tests.test_cycle_crashes import MemoryWorkbook
from tests.town import NOTE, TUESDAY, WORDS

Row = list[Value]
LATER = TUESDAY + timedelta(days=40)
NAMES = ("Barat", "Timur")
KEPT = "Simpan Koreksi"
#: Damaged journals that are looked at, in parts of about a minute.
EXAMPLES, PARTS = (10_000, 6) if ALL else (8, 1)


MATTERS = {
    "yati": "Got mampet di depan musala, air naik ke jalan",
    "amir": "Lampu penerangan padam sejak minggu lalu, warga takut lewat",
    "sri": "Anak saya belum dapat kursi di SD negeri terdekat",
    "budi": "Sampah menumpuk di pasar dan tidak diangkut petugas",
    "rini": "Pohon tumbang menutup gang sejak hujan kemarin",
    "joko": "Kartu BPJS ibu saya tidak aktif padahal iuran dibayar",
    "dewi": "Tetangga membakar plastik setiap malam, napas sesak",
    "agus": "Aspal berlubang dalam, dua motor sudah jatuh",
}


CORRECTED = "Lampu penerangan jalan di depan musala padam sejak minggu lalu"


def _person(name: str) -> dict[str, Any]:
    phone = f"0812{crc32(name.encode()) % 10**8:08}"
    cells: dict[str, Any] = {
        NOTE: name,
        intake.NAME: f"Ibu {name.title()}",
        intake.PHONE: phone,
        intake.ADDRESS: f"Gg. {name[::-1].title()} no 4",
    }
    return cells | {intake.DESCRIPTION: MATTERS[name]}


def _cell(city: LocalCity, name: str, tab: str, note: str, column: str, value: Any) -> None:
    at = city.column(name, tab, NOTE).index(note) + 1
    city.put(name, tab, {(at, TITLES.index(column)): value})


@cache
def _lived_in() -> Mapping[str, Snapshot]:
    """A city in which an event of each kind has happened to somebody, as it is read."""
    with TemporaryDirectory() as folder:
        city = LocalCity.lay_out(Path(folder), {"Barat": ("Gondrong", "Petir"), "Timur": ("Cimone",)})
        city.setting(KEPT, 3650)
        city.type("Barat", "Gondrong", *map(_person, ("yati", "amir", "sri", "budi")))
        city.take_in("Timur", "Cimone", *map(_person, ("rini", "joko")))
        _cell(city, "Barat", "Gondrong", "yati", intake.STATUS, "Selesai")
        _cell(city, "Barat", "Gondrong", "yati", intake.OUTCOME, "Lampu diganti")
        _cell(city, "Barat", "Gondrong", "amir", intake.PRIORITY, "Mendesak")
        _cell(city, "Barat", "Gondrong", "amir", intake.DESCRIPTION, CORRECTED)
        _cell(city, "Barat", "Gondrong", "sri", intake.TICKET, "hilang")
        moved = city.rows("Barat", "Gondrong")[4]
        city.put("Barat", "Gondrong", {(4, column): None for column in range(len(TITLES))})
        city.sync(TUESDAY + timedelta(hours=1))
        city.put("Timur", "Cimone", {(3, column): value for column, value in enumerate(moved)})
        _cell(city, "Barat", "Gondrong", "yati", intake.STATUS, "Ditindaklanjuti")
        joko = city.rows("Timur", "Cimone")[2]
        city.put("Timur", "Cimone", {(2, column): None for column in range(len(TITLES))})
        city.sync(TUESDAY + timedelta(hours=2))
        city.put("Timur", "Cimone", {(2, column): value for column, value in enumerate(joko)})
        city.sync(LATER - timedelta(days=1))
        _cell(city, "Timur", "Cimone", "joko", intake.TICKET, None)
        city.sync(LATER)
        assert city.sync(LATER).well
        return {name: local_workbook(city.path(name), city.folder).read() for name in (*NAMES, "Kendali")}


class Desk(MemoryWorkbook):
    """A spreadsheet of the city, in memory."""

    def __init__(self, name: str, snapshot: Snapshot) -> None:
        super().__init__(snapshot)
        self.source = f"{name}.xlsx"

    def rows(self, title: str) -> list[Row]:
        return [list(row) for row in self.standing.rows(title)]

    def put(self, title: str, rows: Sequence[Sequence[Value]]) -> None:
        tabs = (replace(tab, rows=rows) if tab.title == title else tab for tab in self.standing.tabs)
        self.standing = replace(self.standing, tabs=tuple(tabs))


class City:
    """The lived-in city, once more. `before`: as a version without digests has left it. A robot of its own comes each
    time, which reads the settings, thousands of words, only if they are others than what the last one has read."""

    read: Any = None

    def __init__(self, *, before: bool) -> None:
        self.desks = {name: Desk(name, snapshot) for name, snapshot in _lived_in().items()}
        self.now = LATER
        kendali = self.desks["Kendali"]  # the words that were corrected go in the cycle that meets the damage
        kendali.put(SETTINGS, [[row[0], 30, *row[2:]] if row[0] == KEPT else row for row in kendali.rows(SETTINGS)])
        for desk in self.desks.values() if before else ():
            desk.put(JOURNAL, [[_unsigned(cell) for cell in row] for row in desk.rows(JOURNAL)])

    def sync(self) -> Report:
        self.now += timedelta(minutes=1)
        kendali, opened = self.desks["Kendali"], self.desks

        def open_source(source: Source) -> list[Workbook]:
            return [opened[Path(source.link).stem]]

        syncer = Syncer(kendali, open_source, WORDS, _decided=City.read)
        report = syncer.sync(self.now)
        City.read = syncer._decided
        return report

    def tickets(self) -> dict[tuple[str, str], str]:
        """The ticket beside each complaint, by the people's own note."""
        found: dict[tuple[str, str], str] = {}
        for name in NAMES:
            for tab in self.desks[name].standing.tabs:
                if (head := next((row for row in tab.rows if NOTE in row), None)) is not None:
                    note = list(head).index(NOTE)
                    for row in tab.rows[list(tab.rows).index(head) + 1 :]:
                        if len(row) > note:
                            found[name, str(row[note])] = str(row[list(head).index(intake.TICKET)] or "")
        return found

    def says(self, words: str) -> bool:
        """Whether they stand anywhere."""
        tabs = (tab for desk in self.desks.values() for tab in desk.standing.tabs)
        return any(words in str(cell) for tab in tabs for row in tab.rows for cell in row)

    def type(self, name: str, title: str, person: Mapping[str, Any]) -> None:
        rows = self.desks[name].rows(title)
        head = next(row for row in rows if NOTE in row)
        cells = {**GOOD_ROW, **person}
        self.desks[name].put(title, [*rows, [cells.get(str(heading)) for heading in head]])


def _unsigned(cell: Value) -> Value:
    return re.sub(r',?"sidik":"[0-9a-f]{16}"', "", cell) if isinstance(cell, str) else cell


@pytest.mark.parametrize("typed", ["rusak \ud83d berat", r"C:\udin", '\x7f\n\t\u2028 😀 "', 10**25, 1e300, 0.1, True])
def test_what_people_typed_comes_back_from_the_journal_as_it_was(typed: Value) -> None:
    said = {"isi": {"Uraian": typed}, "tab": "Petir", "masuk": "2026-11-24", "kelurahan": "1", "status": "Baru"}
    written = encode(Event(1, TUESDAY, "RR-260504-0001-3", EventKind.ISSUED, said))
    read = decode([None if value is None else as_read(value) for value in written])
    assert isinstance(read, Event)
    assert (read.cells["Uraian"], type(read.cells["Uraian"])) == (typed, type(typed))


# What people do to the rows of a journal, of which the first is its headings; rows are as in a spreadsheet's own.


def _leaf(rng: Random, rows: list[Row], at: int) -> None:
    """Something else at any place of what an event says."""
    details = json.loads("".join(str(piece or "") for piece in rows[at][4:]))
    odd: list[Any] = [None, 5, -1, 1e308, True, "", "kemarin", "2026-02-30", [], {}, {"galat": 5}, [[[]]], "x" * 40_000]
    part: Any = {"": details}
    key: Any = ""
    while isinstance(part[key], (dict, list)) and part[key] and (part[key] is details or rng.random() < 0.8):
        part = part[key]
        key = rng.choice(list(part)) if isinstance(part, dict) else rng.randrange(len(part))
    part[key] = rng.choice([*odd, "Selesai", str(rng.choice(rows[1:])[2])])
    text = json.dumps(details, ensure_ascii=False, separators=(",", ":"))
    rows[at][4:] = [text[start : start + 15_000] for start in range(0, len(text), 15_000)]


def _cell_of_it(rng: Random, rows: list[Row], at: int) -> None:
    odd: list[Value] = [None, "", "rusak\ud83d", 1e308, 2**31 - 1, -3, 5.5, True, 900, *rng.choice(rows[1:])[:3]]
    rows[at][rng.randrange(4)] = rng.choice(odd)


def _text(rng: Random, rows: list[Row], at: int) -> None:
    text = str(rows[at][4])
    odd = ("[" * 30_000, '{"a":' * 5_000, "", "{", "{}", "[]", "5", '{"isi":{"Uraian":NaN}}', text[:-7], text + " ")
    rows[at][4:] = [rng.choice(odd)]


def _swap(rng: Random, rows: list[Row], at: int) -> None:
    other = rng.randrange(1, len(rows))
    rows[at][4:], rows[other][4:] = rows[other][4:], rows[at][4:]


def _double(rng: Random, rows: list[Row], at: int) -> None:
    rows.insert(rng.randrange(1, len(rows) + 1), list(rows[at]))


def _delete(rng: Random, rows: list[Row], at: int) -> None:
    ticket = rows[at][2]
    del rows[at]
    if rng.random() < 0.3:
        rows[1:] = [row for row in rows[1:] if row[2] != ticket]


def _delete_all(_: Random, rows: list[Row], __: int) -> None:
    del rows[1:]


def _move(rng: Random, rows: list[Row], at: int) -> None:
    rows.insert(rng.randrange(1, len(rows)), rows.pop(at))


SPOIL: Sequence[Callable[[Random, list[Row], int], None]] = (
    *(_leaf, _leaf, _leaf, _cell_of_it, _cell_of_it, _text, _swap, _double, _delete, _delete_all, _move),
)


def _spoil(rng: Random, city: City) -> str:
    """Spoil a journal, its copy, or both alike; says what was done."""
    name, where, how = rng.choice(NAMES), rng.choice(("own", "copy", "both")), rng.choice(SPOIL)
    seed, own, kendali = rng.random(), city.desks[name], city.desks["Kendali"]
    journal = own.rows(JOURNAL)
    at = rng.randrange(1, len(journal))
    if where != "copy":
        rows = [list(row) for row in journal]
        how(Random(seed), rows, at)
        own.put(JOURNAL, rows)
    if where != "own":
        copy = kendali.rows(JOURNAL)
        of_it = [row for row in copy if row[0] == own.source and row[3]]
        rows = [journal[0], *(row[1:] for row in of_it)]
        how(Random(seed), rows, min(at, len(of_it)))
        others = [row for row in copy if row not in of_it]
        kendali.put(JOURNAL, [*others, *([own.source, *row] for row in rows[1:])])
    return f"{name} {where} {how.__name__} {at}"


@pytest.mark.sampled(2)
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("before", [False, True], ids=["digests", "as before"])
def test_whatever_happens_to_a_journal_no_ticket_moves_and_nobody_waits(*, before: bool, part: int) -> None:
    begun = City(before=before)
    known = begun.tickets()
    assert len(known) == 6 and all(known.values())
    issued = {str(row[3]) for row in begun.desks["Kendali"].rows(JOURNAL)[1:] if row[3]}
    for seed in range(part, EXAMPLES // 2, PARTS):
        rng, city = Random(f"{before} {seed}"), City(before=before)
        done = f"{seed}: {_spoil(rng, city)}"
        city.type("Barat", "Petir", _person("dewi"))
        city.type("Timur", "Cimone", _person("agus"))
        try:
            first = city.sync()
        except Exception as error:
            raise AssertionError(done) from error
        assert not first.failures, done
        tickets = city.tickets()
        new = [tickets.pop(("Barat", "dewi")), tickets.pop(("Timur", "agus"))]
        assert all(new) and len(set(new)) == 2, f"{done}: they wait"
        assert not issued.intersection(new), f"{done}: a number is used twice"
        moved = {who for who, ticket in tickets.items() if ticket != known[who]}
        if before and " own " not in done:  # nothing vouches for either copy, and the second one counts
            pass
        elif " both _delete" in done or " both _cell" in done:  # nobody can know whose a ticket was
            assert not issued.intersection(tickets[who] for who in moved), f"{done}: {moved}"
        else:
            assert not moved, f"{done}: {moved} got other tickets"
        city.sync()  # old words that stood in one journal alone
        again = city.sync()
        assert again.well and not any(one.done.commits for one in again.outcomes), f"{done}: it does not come to rest"
        assert city.tickets() == {**tickets, ("Barat", "dewi"): new[0], ("Timur", "agus"): new[1]}, done
        if city.says(MATTERS["amir"]) and not before:  # in a row that was spoiled
            city.now += timedelta(days=31)
            city.sync()
            assert not city.says(MATTERS["amir"]), f"{done}: what was corrected is still there"


def test_a_row_of_the_copy_that_names_no_spreadsheet_is_nobodys() -> None:
    city = City(before=False)
    kendali = city.desks["Kendali"]
    rows = kendali.rows(JOURNAL)
    opened = next(row for row in rows if row[4] == "Diterbitkan")
    kendali.put(JOURNAL, [*rows, ["", 900, *opened[2:5], _unsigned(opened[5])]])
    known = city.tickets()
    assert city.sync().well and city.tickets() == known


def test_of_one_event_the_copy_with_its_digest_counts_and_what_lost_its_words_is_not_lacking_where_they_stand() -> None:
    told = signed(Event(7, TUESDAY, "RR-260504-0001-3", EventKind.STATUS, {"isi": {"Status": ["", "Selesai"]}}))
    typed = replace(told, details={"isi": {"Status": ["", "Bukan Kewenangan"]}}, digest="")
    found, _ = counting({one.key: one for one in (typed, told)})
    assert [one.details for one in found] == [told.details]
    bare = signed(replace(told, details={"isi": {}, WORDLESS: True}))
    assert compared([(2, told)], [bare]) == ({}, [])


def test_a_case_is_opened_once_and_an_edit_elsewhere_leaves_what_its_category_was_read_as() -> None:
    ticket, written = "RR-260504-0001-3", {"Kategori": "jalan depan rumah Bu Sri rusak", "Nama Pelapor": "Ani"}
    opened = Event(1, TUESDAY, ticket, EventKind.ISSUED, {"isi": written, "dibaca": {"Kategori": "Jalan"}})
    edited = Event(2, TUESDAY, ticket, EventKind.EDITED, {"isi": {"Nama Pelapor": ["Ani", "Ani S."]}, "ke": "Selesai"})
    erased = Event(4, TUESDAY, ticket, EventKind.ERASED, {"sebab": "diminta"})
    case = fold([opened, edited, replace(opened, sequence=3), erased])[ticket]
    assert case.status is Status.RESOLVED, "an event that was copied by hand opens nothing"
    assert case.content[intake.POSITION[intake.CATEGORY]] == "Jalan", "so that no words stay in its place"


@pytest.mark.sampled
def test_whenever_words_are_forgotten_the_cases_are_what_they_were() -> None:
    kendali = _lived_in()["Kendali"]
    cases, forgot = Registry(kendali).cases(), 0
    for minutes in range(0, 60 * 24 * 41, 30 if ALL else 150):
        registry = Registry(kendali)
        registry.forget(TUESDAY + timedelta(minutes=minutes))
        now = registry.cases()
        assert {ticket: (source, _told(case)) for ticket, (source, case) in now.items()} == {
            ticket: (source, _told(case)) for ticket, (source, case) in cases.items()
        }
        forgot = len(registry.taken.outdated)
    assert forgot == 4


def _told(case: Case) -> Case:
    """What is known of it; what people wrote over its ticket is said for a while only."""
    return replace(case, ticket_restored=None)
