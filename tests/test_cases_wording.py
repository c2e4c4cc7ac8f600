"""The text of the cell Pemeriksaan, and the catalogue of messages that it is made from."""

from __future__ import annotations

import re
import string
import tomllib
from pathlib import Path
from typing import Any

import pytest

from automation.model.cells import CellError, Value, serial_of
from automation.model.findings import Code, Finding, Severity, check_text
from automation.model.texts import Texts
from automation.tables import intake
from automation.tables.intake import PEOPLE
from automation.tables.table import Column
from tests.test_cases_validation import TODAY, read

CATALOGUE: dict[str, Any] = tomllib.loads(
    (Path(__file__).parent.parent / "templates" / "pesan" / "pemeriksaan.toml").read_text("utf-8")
)
TEXTS = Texts({"pemeriksaan": CATALOGUE})

#: A cell for every code that a row alone can show.
SHOWN_BY: dict[Code, tuple[Column, Value]] = {
    Code.DATE_MISSING: (intake.RECEIVED, None),
    Code.DATE_INVALID: (intake.RECEIVED, "kemarin"),
    Code.DATE_FUTURE: (intake.RECEIVED, "24/11/2027"),
    Code.DATE_OLD: (intake.RECEIVED, "24/11/2021"),
    Code.CHANNEL_MISSING: (intake.CHANNEL, None),
    Code.CHANNEL_UNKNOWN: (intake.CHANNEL, "Hotlin"),
    Code.NAME_MISSING: (intake.NAME, None),
    Code.PHONE_INVALID: (intake.PHONE, "112"),
    Code.PHONE_TWO: (intake.PHONE, "0812-3456-7890, 0857-1234-5678"),
    Code.PHONE_LOST: (intake.PHONE, "8.12E+10"),
    Code.PHONE_FOREIGN: (intake.PHONE, "+65 8123 4567"),
    Code.RT_RW_INVALID: (intake.RT_RW, "7"),
    Code.RT_RW_DATE: (intake.RT_RW, serial_of(TODAY)),
    Code.CATEGORY_MISSING: (intake.CATEGORY, None),
    Code.CATEGORY_UNKNOWN: (intake.CATEGORY, "Jalan"),
    Code.PRIORITY_UNKNOWN: (intake.PRIORITY, "Segera"),
    Code.DESCRIPTION_MISSING: (intake.DESCRIPTION, None),
    Code.DESCRIPTION_SHORT: (intake.DESCRIPTION, "rusak"),
    Code.NIK: (intake.NAME, "3671051203850001"),
    Code.KELURAHAN_UNKNOWN: (intake.KELURAHAN, "Bandung"),
    Code.KELURAHAN_AMBIGUOUS: (intake.KELURAHAN, "Cibodas S"),
    Code.STATUS_UNKNOWN: (intake.STATUS, "Beres"),
    Code.OUTCOME_MISSING: (intake.STATUS, "Selesai"),
    Code.PARENT_INVALID: (intake.PARENT, "RR-260503-0042-6"),
    Code.CELL_ERROR: (intake.OFFICER, CellError("#REF!")),
}
#: Found by looking at more than the row's own cells.
FOUND_ELSEWHERE = (
    Finding(Code.TICKET_CHANGED, None, (("tiket", "RR-260503-0042-5"),)),
    Finding(Code.ROW_COPIED, None, (("tiket", "RR-260503-0042-5"),)),
    Finding(Code.NUMBERS_WAIT),
    *(
        Finding(code, intake.PARENT, (("tiket", "RR-260503-0042-5"),))
        for code in (Code.PARENT_ITSELF, Code.PARENT_UNKNOWN, Code.PARENT_CIRCLE)
    ),
    Finding(Code.SIMILAR, None, (("tiket", "RR-260503-0042-5"),)),
    Finding(Code.SAME_PHONE, None, (("tiket", "RR-260503-0042-5"),)),
)


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
    assert set(CATALOGUE) == {code.value for code in Code} | {"bentuk"}
    assert {finding.code for finding in every_finding()} == set(Code)
    for code in Code:
        assert set(CATALOGUE[code.value]) == {"pesan", "contoh"}


@pytest.mark.parametrize("finding", every_finding(), ids=lambda finding: finding.code.name)
def test_a_message_uses_exactly_the_particulars_that_its_finding_has(finding: Finding) -> None:
    entry = CATALOGUE[finding.code.value]
    fields = {name for text in entry.values() for _, name, _, _ in string.Formatter().parse(text) if name}
    assert fields == {name for name, _ in finding.particulars}


@pytest.mark.parametrize("finding", every_finding(), ids=lambda finding: finding.code.name)
def test_a_finding_is_said_in_one_short_line_that_begins_with_how_serious_it_is(finding: Finding) -> None:
    text = check_text([finding], TEXTS)
    beginnings = {
        Severity.MISSING: "Tinggal dilengkapi – ",
        Severity.ERROR: "Perlu diperbaiki – ",
        Severity.WAITING: "Mohon ditunggu – ",
        Severity.WARNING: "Mohon dicek – ",
    }
    assert text.startswith(beginnings[finding.code.severity])
    assert "\n" not in text
    assert len(text) < 200
    assert not re.search(r"[{}]|None|\(\)", text)


def test_what_is_wrong_with_a_row_shows_how_it_is_right() -> None:
    without = {Code.CELL_ERROR, Code.TICKET_CHANGED, Code.ROW_COPIED, Code.NUMBERS_WAIT, Code.SIMILAR, Code.SAME_PHONE}
    for finding in every_finding():
        assert (re.search("ontoh: |misalnya: ", check_text([finding], TEXTS)) is not None) == (
            finding.code not in without
        )


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
    for code in (Code.CHANNEL_UNKNOWN, Code.CATEGORY_UNKNOWN, Code.PRIORITY_UNKNOWN, Code.STATUS_UNKNOWN):
        column, value = SHOWN_BY[code]
        (finding,) = read({column: value}).findings
        for choice in dict(finding.particulars)["pilihan"].split(", "):
            assert code not in [found.code for found in read({column: choice}).findings]


def test_nothing_is_said_about_a_good_row() -> None:
    assert check_text(read().findings, TEXTS) == ""


def test_a_row_being_typed_is_told_kindly_in_one_line() -> None:
    complaint = read({intake.NAME: None, intake.DESCRIPTION: None})
    assert check_text(complaint.findings, TEXTS) == (
        "Tinggal dilengkapi – Nama Pelapor (contoh: Bu Siti); "
        "Uraian (contoh: Lampu jalan depan masjid mati sejak Senin)."
    )


def test_missing_comes_first_then_errors_then_warnings_each_on_a_line() -> None:
    complaint = read(
        {
            intake.RECEIVED: "24/11/2021",
            intake.CHANNEL: "Hotlin",
            intake.CATEGORY: None,
            intake.ADDRESS: "NIK 3671051203850001",
            intake.RT_RW: serial_of(TODAY.replace(month=7, day=3)),
        }
    )
    assert check_text(complaint.findings, TEXTS).splitlines() == [
        "Tinggal dilengkapi – Kategori (contoh: Jalan Rusak).",
        "Perlu diperbaiki – Saluran: “Hotlin” tidak ada dalam daftar. Pilih dari daftar, misalnya: Hotline.",
        (
            "Perlu diperbaiki – RT/RW: isinya berubah menjadi tanggal. Ketik ulang dengan tanda petik di depan. "
            "Contoh: '003/007"
        ),
        (
            "Mohon dicek – Tanggal Masuk: 24/11/2021 sudah lama berlalu. Kalau tahunnya memang benar, biarkan saja. "
            "Contoh: 24/11/2026"
        ),
        (
            "Mohon dicek – Alamat: ada 16 angka seperti NIK. Mohon dihapus, NIK tidak diperlukan di sini. "
            "Cukup nama dan nomor telepon. Contoh: Bu Siti, 0812-3456-7890"
        ),
    ]


def test_braces_and_formulas_that_people_type_are_only_text() -> None:
    complaint = read({intake.CATEGORY: "{0} =HYPERLINK()", intake.STATUS: "{pilihan}"})
    text = check_text(complaint.findings, TEXTS)
    assert "“{0} =HYPERLINK()”" in text
    assert "“{pilihan}”" in text


def test_a_row_full_of_errors_still_fits_into_a_cell() -> None:
    complaint = read(dict.fromkeys(PEOPLE, CellError("#REF!")))
    assert len(check_text(complaint.findings, TEXTS).splitlines()) == len(PEOPLE)
