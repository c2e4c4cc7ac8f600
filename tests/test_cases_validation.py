"""Reading a row: what it says, everything that is wrong with it, and how the cell Pemeriksaan says so."""

import re
import string
import time
import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from automation.config.defaults import load_terms
from automation.model.cells import CellError, Value, serial_of
from automation.model.complaint import Channel, Code, Complaint, Finding, Priority, Severity, Status, check_text
from automation.model.deadlines import Calendar
from automation.model.places import Kelurahan, Places
from automation.model.rules import Category, Rules
from automation.model.texts import Texts
from automation.reading.validation import examine
from automation.tables import intake
from automation.tables.intake import PEOPLE
from automation.tables.table import Column

TODAY = date(2026, 11, 24)
CIKOKOL = Kelurahan("36.71.01.1005", "Tangerang", "Cikokol", 1)
CIBODAS = Kelurahan("36.71.09.1001", "Cibodas", "Cibodas", 5)
SARI = Kelurahan("36.71.09.1002", "Cibodas", "Cibodas Sari", 5)
RULES = Rules(
    places=Places([CIKOKOL, CIBODAS, SARI]),
    categories={name: Category(name) for name in ("Jalan Rusak", "Sampah", "Lampu Jalan")},
    calendar=Calendar(frozenset(range(6)), national=True, joint_leave=True),
    targets={Priority.NORMAL: 6, Priority.URGENT: 3, Priority.EMERGENCY: 1},
    texts=Texts({}),
    terms=load_terms(),
)
GOOD: Mapping[Column, Value] = {
    intake.RECEIVED: "20/11/2026",
    intake.CHANNEL: "Hotline",
    intake.NAME: "Bu Siti",
    intake.PHONE: "0812-3456-7890",
    intake.ADDRESS: "Jl. Mawar 3",
    intake.RT_RW: "003/007",
    intake.CATEGORY: "Lampu Jalan",
    intake.DESCRIPTION: "Lampu jalan depan masjid mati sejak Senin",
    intake.OFFICER: "Andi",
}


def read(
    changed: Mapping[Column, Value] | None = None,
    *,
    base: Mapping[Column, Value] = GOOD,
    place: Kelurahan | None = CIKOKOL,
    has_column: bool = False,
) -> Complaint:
    row = {**base, **(changed or {})}
    return examine(tuple(row.get(column) for column in PEOPLE), place, RULES, TODAY, has_column)


def findings(changed: Mapping[Column, Value]) -> list[tuple[Code, Column | None]]:
    return [(finding.code, finding.column) for finding in read(changed).findings]


def test_a_good_row_is_understood_and_nothing_is_found() -> None:
    assert read() == Complaint(
        received=date(2026, 11, 20),
        channel=Channel.HOTLINE,
        name="Bu Siti",
        phones=("+6281234567890",),
        address="Jl. Mawar 3",
        rt_rw="003/007",
        category="Lampu Jalan",
        priority=Priority.NORMAL,
        description="Lampu jalan depan masjid mati sejak Senin",
        kelurahan=CIKOKOL,
        status=Status.NEW,
        assignee="",
        outcome="",
        told="",
        title="",
        parent="",
        done=None,
        date_right=False,
        findings=(),
    )


@pytest.mark.parametrize("written", ["RR-260504-0001-3", " rr 260504 0001 3 ", "RR-260504-0001-3\n"])
def test_the_parent_that_a_coordinator_writes_is_understood_as_a_ticket(written: str) -> None:
    complaint = read({intake.PARENT: written})
    assert (complaint.parent, complaint.findings) == ("RR-260504-0001-3", ())
    for wrong in ("RR-260504-0001-4", "RR-260540-0001-3", "laporan Bu Yati", 7, "RR-260504-0001"):
        complaint = read({intake.PARENT: wrong})
        assert (complaint.parent, [finding.code for finding in complaint.findings]) == ("", [Code.PARENT_INVALID])
        assert not complaint.blocked


def test_what_a_spreadsheet_made_of_it_what_cannot_be_seen_and_other_spellings_are_understood() -> None:
    day = float(serial_of(date(2026, 11, 20))) + 0.4
    numbers: dict[Column, Value] = {intake.NAME: 123.0, intake.PHONE: 81234567890.0, intake.ADDRESS: 17}
    complaint = read({**numbers, intake.RECEIVED: day, intake.TOLD: True})
    assert (complaint.received, complaint.name, complaint.phones) == (date(2026, 11, 20), "123", ("+6281234567890",))
    assert (complaint.address, complaint.told, complaint.findings) == ("17", "✓", ())
    unseen = {intake.NAME: " Bu\u00a0 \x07Siti\u202e ", intake.DESCRIPTION: "Lampu mati\r\n\r\ndi  depan masjid"}
    spelt = {intake.CATEGORY: "lampu  jalan", intake.PRIORITY: "DARURAT", intake.STATUS: "diteruskan ke  fraksi"}
    complaint = read({**unseen, **spelt, intake.CHANNEL: "wa"})
    assert (complaint.name, complaint.description) == ("Bu Siti", "Lampu mati\ndi depan masjid")
    assert (complaint.channel, complaint.category) == (Channel.WHATSAPP, "Lampu Jalan")
    assert (complaint.priority, complaint.status) == (Priority.EMERGENCY, Status.FORWARDED)
    assert complaint.findings == (Finding(Code.READ, intake.CHANNEL, (("dibaca", "WhatsApp"),)),)


def test_all_findings_of_a_row_come_together_in_the_order_of_the_columns() -> None:
    everything_wrong: dict[Column, tuple[Value, Code]] = {
        intake.RECEIVED: ("11/24/2026", Code.DATE_INVALID),
        intake.CHANNEL: ("bukan hotline", Code.CHANNEL_UNKNOWN),
        intake.NAME: ("-", Code.NAME_MISSING),
        intake.PHONE: ("112", Code.PHONE_INVALID),
        intake.ADDRESS: ("NIK 3671051203850001", Code.NIK),
        intake.RT_RW: ("7", Code.RT_RW_INVALID),
        intake.CATEGORY: ("Jalan", Code.CATEGORY_UNKNOWN),
        intake.PRIORITY: ("gawat", Code.PRIORITY_UNKNOWN),
        intake.DESCRIPTION: ("rusak", Code.DESCRIPTION_SHORT),
        intake.OFFICER: (CellError("#N/A"), Code.CELL_ERROR),
        intake.KELURAHAN: ("Cibodas S", Code.KELURAHAN_AMBIGUOUS),
        intake.STATUS: ("bukan selesai", Code.STATUS_UNKNOWN),
        intake.ASSIGNEE: (CellError("#N/A"), Code.CELL_ERROR),
    }
    found = findings({column: value for column, (value, _) in everything_wrong.items()})
    in_order = sorted(everything_wrong, key=PEOPLE.index)
    assert found == [(everything_wrong[column][1], column) for column in in_order]


@pytest.mark.parametrize(
    ("name", "phones"),
    [
        ("Pak Min 0812-0000-1021", ("+6281200001021",)),
        ("Bu Yati (081200001021)", ("+6281200001021",)),
        *((name, ()) for name in ("Pak Min", "Bu RT 003 RW 007", "Bu Yati 3671051203850001", "Yati 24/11/2026")),
    ],
)
def test_a_number_behind_the_name_is_the_reporters_where_the_telephones_cell_is_empty(
    name: str, phones: tuple[str, ...]
) -> None:
    bare = read({intake.NAME: name, intake.PHONE: None, intake.ADDRESS: None})
    assert (bare.phones, Code.CONTACT_MISSING in [one.code for one in bare.findings]) == (phones, not phones)
    assert read({intake.NAME: name, intake.PHONE: "0812-0000-1022"}).phones == ("+6281200001022",)


def test_an_address_that_points_to_the_row_above_is_none() -> None:
    assert findings({intake.ADDRESS: "s.d.a", intake.PHONE: None}) == [(Code.CONTACT_MISSING, intake.PHONE)]


@pytest.mark.parametrize(("channel", "asked"), [("LAPOR!", False), ("Lainnya", False), ("Hotline", True)])
def test_who_can_be_answered_where_the_complaint_came_from_needs_no_name(channel: str, asked: bool) -> None:
    found = findings({intake.CHANNEL: channel, intake.ORIGIN: "8812", intake.NAME: None})
    assert found == [(Code.NAME_MISSING, intake.NAME)] * asked


def test_a_dash_for_a_priority_says_nothing_as_an_empty_cell_does() -> None:
    dashed, empty = (read({intake.PRIORITY: said}) for said in (" – ", None))
    assert dashed.priority is empty.priority is Priority.NORMAL and dashed.findings == empty.findings


@pytest.mark.parametrize(
    ("typed", "secret"),
    [
        *((said, True) for said in ("Ya", "ya, jangan disebut", "boleh?", "?", True, CellError("#REF!"), "#N/A")),
        *((said, False) for said in ("Tidak", "tidak.", "TDK", 0)),
        *((said, None) for said in (None, "-", False)),
    ],
)
def test_what_is_not_clearly_denied_is_kept_secret(typed: Value, secret: bool | None) -> None:
    assert read({intake.SECRET: typed}).secret is secret


def test_a_row_that_has_just_been_begun_is_only_told_what_is_missing() -> None:
    complaint = read({intake.NAME: "Bu Siti"}, base={}, place=None, has_column=True)
    assert [finding.code for finding in complaint.findings] == [
        Code.DESCRIPTION_MISSING,
        Code.CONTACT_MISSING,
        Code.CATEGORY_MISSING,
        Code.CHANNEL_MISSING,
        Code.DATE_MISSING,
        Code.KELURAHAN_MISSING,
    ]
    assert complaint.blocked


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        (intake.RECEIVED, None, Code.DATE_MISSING),
        (intake.RECEIVED, "besok", Code.DATE_INVALID),
        (intake.RECEIVED, "kemarin", Code.DATE_RELATIVE),
        (intake.RECEIVED, TODAY.strftime("%d/%m/2027"), Code.DATE_FUTURE),
        (intake.RECEIVED, serial_of(TODAY + timedelta(days=1)), Code.DATE_FUTURE),
        (intake.PHONE, "0812-3456-7890 / 0857-1234-5678", Code.PHONE_TWO),
        (intake.PHONE, "0812-1111-0604/0812-1111-0605", Code.PHONE_TWO),  # with 16 digits in a row, but no NIK
        (intake.PHONE, "8.12346E+10", Code.PHONE_LOST),
        (intake.PHONE, "+65 8123 4567", Code.PHONE_FOREIGN),
        (intake.PRIORITY, "!!!", Code.PRIORITY_UNKNOWN),
        (intake.RT_RW, serial_of(date(2026, 7, 3)), Code.RT_RW_DATE),
        (intake.DESCRIPTION, "sama kayak kemarin", Code.DESCRIPTION_SHORT),
        (intake.DESCRIPTION, "Mohon dibantu segera, pak, terima kasih banyak sebelumnya", Code.DESCRIPTION_SHORT),
        (intake.KELURAHAN, "Bandung", Code.KELURAHAN_UNKNOWN),
        (intake.STATUS, "Selesai", Code.OUTCOME_MISSING),
        (intake.CHANNEL, "-", Code.CHANNEL_MISSING),
        (intake.STATUS, "selesai?", Code.STATUS_UNKNOWN),
        (intake.STATUS, "selesai 80%", Code.STATUS_UNKNOWN),
        *((intake.NAME, same, Code.NAME_MISSING) for same in ("idem", "sda", "S.d.a.")),
        (intake.NAME, '"', Code.NAME_MISSING),
    ],
)
def test_each_mistake_is_found_alone(column: Column, value: Value, code: Code) -> None:
    assert [found for found, _ in findings({column: value})] == [code]


@pytest.mark.parametrize(
    "changed",
    [
        {intake.RECEIVED: serial_of(TODAY)},
        {intake.RECEIVED: serial_of(TODAY - timedelta(days=365))},
        {intake.PHONE: None},
        {intake.PHONE: "-"},
        {intake.PHONE: "*0812--0000--1021*"},
        {intake.ADDRESS: None},
        {intake.RT_RW: None},
        {intake.PRIORITY: None, intake.STATUS: None, intake.OFFICER: None},
        {intake.STATUS: "Selesai", intake.OUTCOME: "Lampu sudah menyala"},
        {intake.STATUS: "Bukan Kewenangan"},
    ],
)
def test_what_is_allowed_is_not_scolded(changed: Mapping[Column, Value]) -> None:
    assert findings(changed) == []


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({intake.PHONE: None, intake.ADDRESS: " - "}, [(Code.CONTACT_MISSING, intake.PHONE)]),
        ({intake.PHONE: "112", intake.ADDRESS: None}, [(Code.PHONE_INVALID, intake.PHONE)]),
        ({intake.PHONE: None, intake.ADDRESS: CellError("#REF!")}, [(Code.CELL_ERROR, intake.ADDRESS)]),
        ({intake.PHONE: None, intake.ADDRESS: "#N/A"}, [(Code.CELL_ERROR, intake.ADDRESS)]),
        ({intake.PHONE: "3671051203850001"}, [(Code.PHONE_INVALID, intake.PHONE), (Code.NIK, intake.PHONE)]),
        ({intake.NAME: 3671051203850001.0}, [(Code.NIK, intake.NAME)]),
    ],
    ids=["neither", "a bad phone", "an address may be there", "as text", "a NIK for a phone", "a NIK as a number"],
)
def test_a_reporter_needs_a_phone_or_an_address_and_what_stands_there_is_called_what_it_is(
    changed: Mapping[Column, Value], found: list[tuple[Code, Column]]
) -> None:
    assert findings(changed) == found


@pytest.mark.parametrize(
    ("changed", "held"),
    [
        *(({column: value}, []) for column, value in ((intake.PRIORITY, "gawat"), (intake.CHANNEL, "entah"))),
        *(({intake.RT_RW: value}, []) for value in ("7", serial_of(date(2026, 7, 3)))),
        ({intake.PHONE: "112"}, []),
        ({intake.PHONE: "112", intake.ADDRESS: None}, [Code.PHONE_INVALID]),
        ({intake.CHANNEL: None}, [Code.CHANNEL_MISSING]),
        ({intake.CATEGORY: "bukan sampah", intake.PRIORITY: "gawat"}, [Code.CATEGORY_OFFERED]),
    ],
    ids=str,
)
def test_a_ticket_waits_for_what_it_needs_and_the_rest_is_asked_beside_it(
    changed: Mapping[Column, Value], held: list[Code]
) -> None:
    complaint = read(changed)
    assert complaint.blocked and [finding.code for finding in complaint.held] == held


@pytest.mark.parametrize("column", PEOPLE)
def test_a_cell_that_shows_an_error_has_no_other_finding(column: Column) -> None:
    complaint = read(
        {intake.ADDRESS: None, intake.STATUS: "Selesai", intake.OUTCOME: "Sudah", column: CellError("#REF!")}
    )
    assert complaint.findings == (Finding(Code.CELL_ERROR, column, (("galat", "#REF!"),)),)


@pytest.mark.parametrize(
    "column",
    [intake.NAME, intake.ADDRESS, intake.DESCRIPTION, intake.OFFICER, intake.ASSIGNEE, intake.OUTCOME, intake.TOLD],
)
def test_a_nik_is_noticed_in_every_free_text(column: Column) -> None:
    assert findings({column: "Bu Siti, NIK 3671 0512 0385 0001, warga sini"}) == [(Code.NIK, column)]
    assert not read({column: "Bu Siti, NIK 3671 0512 0385 0001, warga sini"}).blocked


@pytest.mark.parametrize("column", [intake.RECEIVED, intake.CHANNEL, intake.RT_RW, intake.CATEGORY, intake.KELURAHAN])
def test_a_finding_repeats_nothing_that_was_typed(column: Column) -> None:
    (finding,) = read({column: "Siti 0812-3456-7890 3671051203850001 siti@contoh.id got mampet"}).findings
    assert not re.search("[Ss]iti|0812|3671|contoh|mampet", str(finding.particulars))


def test_a_finding_repeats_no_more_of_a_cell_than_is_needed_and_suggests_the_nearest_entry() -> None:
    (finding,) = read({intake.CATEGORY: "jalan " * 8_000}).findings
    assert all(len(value) < 100 for _, value in finding.particulars)
    (finding,) = read({intake.CATEGORY: "jalan rusak sampah"}).findings
    assert dict(finding.particulars) == dict.fromkeys(("pilihan", "karena"), "Jalan Rusak, Sampah, Lampu Jalan")


def test_the_kelurahan_of_the_row_comes_before_the_tabs_and_an_ambiguous_one_is_asked() -> None:
    assert read({intake.KELURAHAN: "cibodas sari"}, has_column=True).kelurahan == SARI
    assert read(has_column=True).kelurahan == read().kelurahan == CIKOKOL
    complaint = read({intake.KELURAHAN: "Cibodas S"}, has_column=True)
    assert complaint.kelurahan is None
    assert dict(complaint.findings[0].particulars)["calon"] == "Cibodas Sari, Cibodas"
    # A tab that may be named after a kecamatan does not say what an empty cell means.
    complaint = read(place=CIBODAS, has_column=True)
    assert complaint.kelurahan is None
    assert [finding.code for finding in complaint.findings] == [Code.KELURAHAN_MISSING]
    assert read(place=CIBODAS, has_column=False).kelurahan == CIBODAS


HUGE = [
    "x" * 50_000, "1" * 50_000, "1 " * 25_000, "3671-" * 10_000, "a@" * 25_000, "( " * 25_000, "😀" * 50_000,
    "\u202e" * 50_000,
]  # fmt: skip


@pytest.mark.parametrize("text", HUGE)
def test_a_cell_of_50_000_characters_costs_no_more_than_its_length(text: str) -> None:
    started = time.process_time()
    read(dict.fromkeys(PEOPLE, text), has_column=True)
    assert time.process_time() - started < 2  # of the processor: a look at every pair of characters would take minutes


# The text of the cell Pemeriksaan, and the catalogue of messages that it is made from


CATALOGUE: dict[str, Any] = tomllib.loads(
    (Path(__file__).parent.parent / "templates" / "pesan" / "pemeriksaan.toml").read_text("utf-8")
)
TEXTS = Texts({"pemeriksaan": CATALOGUE})

#: A cell for every code that a row alone can show.
SHOWN_BY: dict[Code, tuple[Column, Value]] = {
    Code.DATE_MISSING: (intake.RECEIVED, None),
    Code.DATE_INVALID: (intake.RECEIVED, "besok"),
    Code.DATE_RELATIVE: (intake.RECEIVED, "24/11"),
    Code.DATE_FUTURE: (intake.RECEIVED, "24/11/2027"),
    Code.CHANNEL_MISSING: (intake.CHANNEL, None),
    Code.CHANNEL_UNKNOWN: (intake.CHANNEL, "entah"),
    Code.NAME_MISSING: (intake.NAME, None),
    Code.PHONE_INVALID: (intake.PHONE, "112"),
    Code.PHONE_TWO: (intake.PHONE, "0812-3456-7890, 0857-1234-5678"),
    Code.PHONE_LOST: (intake.PHONE, "8.12E+10"),
    Code.PHONE_FOREIGN: (intake.PHONE, "+65 8123 4567"),
    Code.RT_RW_INVALID: (intake.RT_RW, "7"),
    Code.RT_RW_DATE: (intake.RT_RW, serial_of(TODAY)),
    Code.CATEGORY_SUGGESTED: (intake.CATEGORY, None),
    Code.CATEGORY_OFFERED: (intake.CATEGORY, "bukan sampah"),
    Code.READ: (intake.CATEGORY, "sampahnya"),
    Code.PRIORITY_UNKNOWN: (intake.PRIORITY, "gawat"),
    Code.DESCRIPTION_MISSING: (intake.DESCRIPTION, None),
    Code.DESCRIPTION_SHORT: (intake.DESCRIPTION, "rusak"),
    Code.NIK: (intake.NAME, "3671051203850001"),
    Code.KELURAHAN_UNKNOWN: (intake.KELURAHAN, "Bandung"),
    Code.KELURAHAN_AMBIGUOUS: (intake.KELURAHAN, "Cibodas S"),
    Code.STATUS_UNKNOWN: (intake.STATUS, "bukan selesai"),
    Code.OUTCOME_MISSING: (intake.STATUS, "Selesai"),
    Code.PARENT_INVALID: (intake.PARENT, "RR-260503-0042-6"),
    Code.DONE_INVALID: (intake.DONE, "24/11/2099"),
    Code.CELL_ERROR: (intake.OFFICER, CellError("#REF!")),
}
#: Found by looking at more than the row's own cells.
FOUND_ELSEWHERE = (
    Finding(Code.NUMBERS_WAIT),
    Finding(
        Code.DATE_ASKED,
        intake.RECEIVED,
        (
            ("tanggal", "11/05/2026"),
            ("keliru", CATALOGUE["tanya"]["maksud"].format(maksud="05/11/2026")),
            ("benar", CATALOGUE["tanya"]["kolom"]),
        ),
    ),
    Finding(Code.DONE_EARLY, intake.DONE, (("tanggal", "24/11/2026"),)),
    Finding(Code.TICKET_LOCKED),
    Finding(Code.ROW_REWRITTEN),
    Finding(Code.OUTCOME_STRAY, intake.OUTCOME),
    Finding(Code.CATEGORY_MISSING, intake.CATEGORY),
    Finding(Code.CATEGORY_UNKNOWN, intake.CATEGORY),
    Finding(Code.ROW_FAILS),
    Finding(Code.STATUS_CONTESTED, intake.STATUS),
    Finding(Code.STILL_PRIVATE, intake.CATEGORY),
    Finding(Code.ROW_ERASED, None, (("pilihan", f"{intake.NAME}, {intake.TOLD}"),)),
    *(
        Finding(code, intake.PARENT if "PARENT" in code.name else None, (("tiket", "RR-260503-0042-5"),))
        for code in (
            Code.TICKET_CHANGED, Code.ROW_COPIED, Code.COPY_ERASED, Code.PARENT_ITSELF, Code.PARENT_UNKNOWN,
            Code.PARENT_CIRCLE, Code.PARENT_CLOSED, Code.SIMILAR, Code.SAME_PHONE,
        )
    ),
)  # fmt: skip


def every_finding() -> list[Finding]:
    found = [*FOUND_ELSEWHERE]
    for code, (column, value) in SHOWN_BY.items():
        (finding,) = read({column: value}).findings
        assert finding.code is code
        found.append(finding)
    found += read({intake.PHONE: None, intake.ADDRESS: None}).findings
    found += [finding for has_column in (True, False) for finding in read(place=None, has_column=has_column).findings]
    return found


def test_every_code_has_its_message_and_every_message_its_code() -> None:
    assert set(CATALOGUE) == {code.value for code in Code} | {"bentuk", "tanya"}
    assert {finding.code for finding in every_finding()} == set(Code)
    for code in Code:
        assert set(CATALOGUE[code.value]) == {"pesan", "contoh"}


@pytest.mark.parametrize("finding", every_finding(), ids=lambda finding: finding.code.name)
def test_a_finding_is_said_in_one_short_line_with_exactly_its_particulars(finding: Finding) -> None:
    entry = CATALOGUE[finding.code.value]
    fields = {name for text in entry.values() for _, name, _, _ in string.Formatter().parse(text) if name}
    assert fields == {name for name, _ in finding.particulars}
    text = check_text([finding], TEXTS)
    beginnings = {
        Severity.MISSING: "Tinggal dilengkapi – ",
        Severity.ERROR: "Perlu diperbaiki – ",
        Severity.WAITING: "Mohon ditunggu – ",
        Severity.WARNING: "Mohon dicek – ",
        Severity.NOTE: "Dibaca: Kategori = Sampah.",
    }
    assert text.startswith(beginnings[finding.code.severity])
    assert "\n" not in text and len(text) < 200
    assert not re.search(r"[{}]|None|\(\)", text)
    without = {Code.CELL_ERROR, Code.TICKET_CHANGED, Code.ROW_COPIED, Code.COPY_ERASED, Code.SIMILAR, Code.SAME_PHONE}
    without |= {Code.DATE_ASKED}  # the day that was meant, if that can be told, and what to write if it is right
    without |= {Code.CATEGORY_MISSING, Code.CATEGORY_SUGGESTED, Code.CATEGORY_UNKNOWN, Code.CATEGORY_OFFERED, Code.READ}
    without |= {
        Code.NUMBERS_WAIT,
        Code.TICKET_LOCKED,
        Code.ROW_FAILS,
        Code.ROW_ERASED,
        Code.ROW_REWRITTEN,
        Code.OUTCOME_STRAY,
    }
    without |= {Code.STATUS_CONTESTED, Code.STILL_PRIVATE, Code.PARENT_CLOSED}
    shows_how_it_is_right = re.search("ontoh: |misalnya: ", text) is not None
    assert shows_how_it_is_right == (finding.code not in without)


@pytest.mark.parametrize("said", ["belum", "Blm ada hasil.", "menyusul", "Msh proses", "blm ada kabar", "sda", "x"])
def test_what_says_that_no_outcome_is_written_yet_is_none(said: str) -> None:
    complaint = read({intake.STATUS: "Selesai", intake.OUTCOME: said})
    assert complaint.outcome == "" and [one.code for one in complaint.findings] == [Code.OUTCOME_MISSING]
    assert read({intake.ASSIGNEE: said}).assignee == "", "nor is somebody in charge"


def test_the_examples_are_right() -> None:
    def example(code: Code) -> str:
        return str(CATALOGUE[code.value]["contoh"])

    for code, (column, _) in SHOWN_BY.items():
        if example(code) not in ("", "{contoh}") and code not in (
            Code.RT_RW_DATE,
            Code.OUTCOME_MISSING,
            Code.KELURAHAN_UNKNOWN,
        ):
            complaint = read({column: example(code).split(" atau ")[0]})
            assert complaint.findings == (), code
    for code in (Code.CHANNEL_UNKNOWN, Code.CATEGORY_OFFERED, Code.PRIORITY_UNKNOWN, Code.STATUS_UNKNOWN):
        column, value = SHOWN_BY[code]
        (finding,) = read({column: value}).findings
        for choice in dict(finding.particulars)["pilihan"].split(", "):
            assert code not in [found.code for found in read({column: choice}).findings]


def test_a_row_being_typed_is_told_kindly_in_one_line_and_a_good_one_nothing() -> None:
    assert check_text(read().findings, TEXTS) == ""
    complaint = read({intake.NAME: None, intake.DESCRIPTION: None})
    assert check_text(complaint.findings, TEXTS) == (
        "Tinggal dilengkapi – Uraian (contoh: Lampu jalan depan masjid mati sejak Senin); "
        "Nama Pelapor (contoh: Bu Siti)."
    )
    complaint = read({intake.CATEGORY: "{0} =HYPERLINK()", intake.STATUS: "{pilihan}"})
    text = check_text(complaint.findings, TEXTS)
    assert "HYPERLINK" not in text and "{pilihan}" not in text
    complaint = read(dict.fromkeys(PEOPLE, CellError("#REF!")))
    assert len(check_text(complaint.findings, TEXTS).splitlines()) == len(PEOPLE), "it still fits into a cell"


def test_missing_comes_first_then_errors_then_warnings_each_on_a_line() -> None:
    complaint = read(
        {
            intake.RECEIVED: "24/11/2027",
            intake.CHANNEL: "bukan hotline",
            intake.CATEGORY: None,
            intake.ADDRESS: "NIK 3671051203850001",
            intake.RT_RW: serial_of(TODAY.replace(month=7, day=3)),
        }
    )
    assert check_text(complaint.findings, TEXTS).splitlines() == [
        "Tinggal dilengkapi – Kategori (mungkin Lampu Jalan, karena: Lampu Jalan).",
        (
            "Perlu diperbaiki – RT/RW: isinya berubah menjadi tanggal. Ketik ulang dengan tanda petik di depan. "
            "Contoh: '003/007"
        ),
        "Perlu diperbaiki – Saluran: isinya belum dikenal. Pilih dari daftar, misalnya: Hotline.",
        (
            "Mohon dicek – Alamat: ada 16 angka seperti NIK. Mohon dihapus; NIK tidak diperlukan. "
            "Contoh: Bu Siti, 0812-3456-7890"
        ),
        (
            "Mohon dicek – Tanggal Masuk: 24/11/2027 belum terjadi saat dicatat. Tulis "
            "tanggal laporan diterima, dengan nama bulannya. Contoh: 24 November 2026"
        ),
    ]
