"""Reading a row: what it says, and everything that is wrong with it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from automation.model.cells import CellError, Value, serial_of
from automation.model.complaint import Channel, Complaint, Priority, Status
from automation.model.findings import Code, Finding
from automation.model.places import Kelurahan, Places
from automation.model.rules import Category, Rules
from automation.model.texts import Texts
from automation.model.workdays import Calendar
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
        officer="Andi",
        kelurahan=CIKOKOL,
        status=Status.NEW,
        assignee="",
        outcome="",
        told="",
        parent="",
        findings=(),
    )


@pytest.mark.parametrize("written", ["RR-260504-0001-3", " rr 260504 0001 3 ", "RR-260504-0001-3\n"])
def test_the_parent_that_a_coordinator_writes_is_understood_as_a_ticket(written: str) -> None:
    complaint = read({intake.PARENT: written})
    assert (complaint.parent, complaint.findings) == ("RR-260504-0001-3", ())


@pytest.mark.parametrize("written", ["RR-260504-0001-4", "RR-260540-0001-3", "laporan Bu Yati", 7, "RR-260504-0001"])
def test_a_parent_that_is_no_ticket_is_said_and_keeps_no_complaint_waiting(written: Value) -> None:
    complaint = read({intake.PARENT: written})
    assert (complaint.parent, [finding.code for finding in complaint.findings]) == ("", [Code.PARENT_INVALID])
    assert not complaint.blocked


def test_numbers_dates_and_ticks_of_a_spreadsheet_are_understood() -> None:
    complaint = read(
        {
            intake.RECEIVED: float(serial_of(date(2026, 11, 20))) + 0.4,
            intake.NAME: 123.0,
            intake.PHONE: 81234567890.0,
            intake.ADDRESS: 17,
            intake.TOLD: True,
        }
    )
    assert (complaint.received, complaint.name, complaint.phones) == (date(2026, 11, 20), "123", ("+6281234567890",))
    assert (complaint.address, complaint.told, complaint.findings) == ("17", "✓", ())


def test_lists_forgive_case_spacing_and_the_usual_short_form() -> None:
    complaint = read(
        {
            intake.CHANNEL: "wa",
            intake.CATEGORY: "lampu  jalan",
            intake.PRIORITY: "DARURAT",
            intake.STATUS: "diteruskan ke  fraksi",
        }
    )
    assert complaint.channel is Channel.WHATSAPP
    assert complaint.category == "Lampu Jalan"
    assert complaint.priority is Priority.EMERGENCY
    assert complaint.status is Status.FORWARDED
    assert complaint.findings == ()


def test_all_findings_of_a_row_come_together_in_the_order_of_the_columns() -> None:
    everything_wrong: dict[Column, Value] = {
        intake.RECEIVED: "11/24/2026",
        intake.CHANNEL: "Telegram",
        intake.NAME: "-",
        intake.PHONE: "112",
        intake.ADDRESS: "NIK 3671051203850001",
        intake.RT_RW: "7",
        intake.CATEGORY: "Jalan",
        intake.PRIORITY: "Segera",
        intake.DESCRIPTION: "rusak",
        intake.OFFICER: CellError("#N/A"),
        intake.KELURAHAN: "Cibodas S",
        intake.STATUS: "Beres",
        intake.ASSIGNEE: CellError("#N/A"),
    }
    assert findings(everything_wrong) == [
        (Code.DATE_INVALID, intake.RECEIVED),
        (Code.CHANNEL_UNKNOWN, intake.CHANNEL),
        (Code.NAME_MISSING, intake.NAME),
        (Code.PHONE_INVALID, intake.PHONE),
        (Code.NIK, intake.ADDRESS),
        (Code.RT_RW_INVALID, intake.RT_RW),
        (Code.CATEGORY_UNKNOWN, intake.CATEGORY),
        (Code.PRIORITY_UNKNOWN, intake.PRIORITY),
        (Code.DESCRIPTION_SHORT, intake.DESCRIPTION),
        (Code.CELL_ERROR, intake.OFFICER),
        (Code.KELURAHAN_AMBIGUOUS, intake.KELURAHAN),
        (Code.STATUS_UNKNOWN, intake.STATUS),
        (Code.CELL_ERROR, intake.ASSIGNEE),
    ]


def test_a_row_that_has_just_been_begun_is_only_told_what_is_missing() -> None:
    complaint = read({intake.NAME: "Bu Siti"}, base={}, place=None, has_column=True)
    assert [finding.code for finding in complaint.findings] == [
        Code.DATE_MISSING,
        Code.CHANNEL_MISSING,
        Code.CONTACT_MISSING,
        Code.CATEGORY_MISSING,
        Code.DESCRIPTION_MISSING,
        Code.KELURAHAN_MISSING,
    ]
    assert complaint.blocked


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        (intake.RECEIVED, None, Code.DATE_MISSING),
        (intake.RECEIVED, "kemarin", Code.DATE_INVALID),
        (intake.RECEIVED, TODAY.strftime("%d/%m/2027"), Code.DATE_FUTURE),
        (intake.RECEIVED, serial_of(TODAY + timedelta(days=1)), Code.DATE_FUTURE),
        (intake.RECEIVED, serial_of(TODAY - timedelta(days=366)), Code.DATE_OLD),
        (intake.PHONE, "0812-3456-7890 / 0857-1234-5678", Code.PHONE_TWO),
        (intake.PHONE, "8.12346E+10", Code.PHONE_LOST),
        (intake.PHONE, "+65 8123 4567", Code.PHONE_FOREIGN),
        (intake.RT_RW, serial_of(date(2026, 7, 3)), Code.RT_RW_DATE),
        (intake.DESCRIPTION, "jalan rusaaaaaaaaaaaaaaaaaak", Code.DESCRIPTION_SHORT),
        (intake.DESCRIPTION, "ada air got", Code.DESCRIPTION_SHORT),
        (intake.KELURAHAN, "Bandung", Code.KELURAHAN_UNKNOWN),
        (intake.STATUS, "Selesai", Code.OUTCOME_MISSING),
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
        {intake.ADDRESS: None},
        {intake.RT_RW: None},
        {intake.PRIORITY: None, intake.STATUS: None, intake.OFFICER: None},
        {intake.STATUS: "Selesai", intake.OUTCOME: "Lampu sudah menyala"},
        {intake.STATUS: "Bukan Kewenangan"},
    ],
)
def test_what_is_allowed_is_not_scolded(changed: Mapping[Column, Value]) -> None:
    assert findings(changed) == []


def test_a_reporter_needs_a_phone_or_an_address() -> None:
    assert findings({intake.PHONE: None, intake.ADDRESS: " - "}) == [(Code.CONTACT_MISSING, intake.PHONE)]


def test_a_bad_phone_is_not_also_a_missing_one() -> None:
    assert findings({intake.PHONE: "112", intake.ADDRESS: None}) == [(Code.PHONE_INVALID, intake.PHONE)]


@pytest.mark.parametrize("column", PEOPLE)
def test_a_cell_that_shows_an_error_has_no_other_finding(column: Column) -> None:
    complaint = read(
        {intake.ADDRESS: None, intake.STATUS: "Selesai", intake.OUTCOME: "Sudah", column: CellError("#REF!")}
    )
    assert complaint.findings == (Finding(Code.CELL_ERROR, column, (("galat", "#REF!"),)),)


def test_an_address_that_shows_an_error_may_well_be_there() -> None:
    changed: dict[Column, Value] = {intake.PHONE: None, intake.ADDRESS: CellError("#REF!")}
    assert findings(changed) == [(Code.CELL_ERROR, intake.ADDRESS)]


@pytest.mark.parametrize(
    "column",
    [intake.NAME, intake.ADDRESS, intake.DESCRIPTION, intake.OFFICER, intake.ASSIGNEE, intake.OUTCOME, intake.TOLD],
)
def test_a_nik_is_noticed_in_every_free_text(column: Column) -> None:
    assert findings({column: "Bu Siti, NIK 3671 0512 0385 0001, warga sini"}) == [(Code.NIK, column)]
    assert not read({column: "Bu Siti, NIK 3671 0512 0385 0001, warga sini"}).blocked


def test_a_nik_that_a_spreadsheet_made_a_number_of_is_noticed() -> None:
    assert findings({intake.NAME: 3671051203850001.0}) == [(Code.NIK, intake.NAME)]


def test_a_nik_in_place_of_a_phone_is_called_what_it_is() -> None:
    assert findings({intake.PHONE: "3671051203850001"}) == [
        (Code.PHONE_INVALID, intake.PHONE),
        (Code.NIK, intake.PHONE),
    ]


@pytest.mark.parametrize("column", [intake.RECEIVED, intake.CHANNEL, intake.RT_RW, intake.CATEGORY, intake.KELURAHAN])
def test_a_finding_never_repeats_personal_data(column: Column) -> None:
    for private in ("0812-3456-7890", "3671051203850001", "siti@contoh.id"):
        (finding,) = read({column: f"Siti {private}"}).findings
        assert private not in str(finding.particulars)
        assert "•••" in str(finding.particulars)


def test_a_finding_repeats_no_more_of_a_cell_than_is_needed() -> None:
    (finding,) = read({intake.CATEGORY: "jalan " * 8_000}).findings
    assert all(len(value) < 100 for _, value in finding.particulars)


def test_the_nearest_entry_is_suggested() -> None:
    (finding,) = read({intake.CATEGORY: "Jalan Rsak"}).findings
    assert dict(finding.particulars)["pilihan"].startswith("Jalan Rusak")


def test_the_kelurahan_of_the_row_comes_before_the_tabs() -> None:
    assert read({intake.KELURAHAN: "cibodas sari"}, has_column=True).kelurahan == SARI
    assert read(has_column=True).kelurahan == CIKOKOL
    assert read().kelurahan == CIKOKOL


def test_an_ambiguous_kelurahan_is_asked_with_all_that_may_be_meant() -> None:
    complaint = read({intake.KELURAHAN: "Cibodas S"}, has_column=True)
    assert complaint.kelurahan is None
    assert dict(complaint.findings[0].particulars)["calon"] == "Cibodas Sari, Cibodas"


def test_a_tab_that_may_be_named_after_a_kecamatan_does_not_say_what_an_empty_cell_means() -> None:
    complaint = read(place=CIBODAS, has_column=True)
    assert complaint.kelurahan is None
    assert [finding.code for finding in complaint.findings] == [Code.KELURAHAN_MISSING]
    assert read(place=CIBODAS, has_column=False).kelurahan == CIBODAS


def test_text_is_understood_without_what_cannot_be_seen() -> None:
    complaint = read(
        {intake.NAME: " Bu\u00a0 \x07Siti\u202e ", intake.DESCRIPTION: "Lampu mati\r\n\r\ndi  depan masjid"}
    )
    assert complaint.name == "Bu Siti"
    assert complaint.description == "Lampu mati\ndi depan masjid"


HUGE = [
    "x" * 50_000,
    "1" * 50_000,
    "1 " * 25_000,
    "3671-" * 10_000,
    "a@" * 25_000,
    "( " * 25_000,
    "😀" * 50_000,
    "\u202e" * 50_000,
]


@pytest.mark.parametrize("text", HUGE)
def test_a_cell_of_50_000_characters_costs_no_more_than_its_length(text: str) -> None:
    started = time.perf_counter()
    read(dict.fromkeys(PEOPLE, text), has_column=True)
    assert time.perf_counter() - started < 2  # a look at every pair of characters would take minutes
