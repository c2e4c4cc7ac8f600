"""Reading dates."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, strategies as st

from automation.model.cells import CellError, Value, serial_of
from automation.reading.dates import read_date


@pytest.mark.parametrize(
    "text",
    [
        "24/11/2026",
        "24-11-2026",
        "24.11.2026",
        "24 - 11 - 2026",
        "24/11/26",
        "24 Nov 2026",
        "24 November 2026",
        "24 NOPEMBER 2026",
        "24-Nov-26",
        "24Nov2026",
        "2026-11-24",
        "2026/11/24",
        "2026-11-24T08:15:00Z",
        "Selasa, 24 November 2026",
        "Sel 24/11/2026",
        "Tuesday, 24 Nov 2026",
        "24/11/2026 14:30",
        "24/11/2026, pukul 14.30 WIB",
        " 24/11/2026\u00a0",
        "'24/11/2026",
    ],
)
def test_a_date_is_understood_as_people_write_it(text: str) -> None:
    assert read_date(text) == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("names", "month"),
    [
        ("Jan Januari January", 1),
        ("Feb Peb Februari Pebruari February", 2),
        ("Mar Mrt Maret March", 3),
        ("Apr April", 4),
        ("Mei May", 5),
        ("Jun Juni June", 6),
        ("Jul Juli July", 7),
        ("Agu Ags Agt Agustus Aug August", 8),
        ("Sep Sept September", 9),
        ("Okt Oct Oktober October", 10),
        ("Nov Nop November Nopember", 11),
        ("Des Dec Desember December", 12),
    ],
)
def test_months_are_known_by_their_indonesian_and_english_names(names: str, month: int) -> None:
    assert [read_date(f"5 {name} 2026") for name in names.split()] == [date(2026, month, 5)] * len(names.split())


def test_the_day_comes_first_even_where_both_could_be_a_month() -> None:
    assert read_date("03/04/2026") == date(2026, 4, 3)


@pytest.mark.parametrize(
    "text",
    [
        "11/24/2026",
        "Nov 24 2026",
        "31/02/2026",
        "24/11",
        "24 November",
        "24/11-2026",
        "24112026",
        "46350",
        "kemarin",
        "revisi 24/11/2026",
    ],
)
def test_what_is_not_a_date_for_certain_is_not_guessed(text: str) -> None:
    assert read_date(text) is None


@pytest.mark.parametrize("value", ["24/11/1926", "24/11/0026", "24/11/2126", 2026, 24112026.0, -1.0, 1e300, 0.5])
def test_a_year_that_cannot_be_meant_is_a_slip(value: Value) -> None:
    assert read_date(value) is None


@pytest.mark.parametrize("value", [None, "", True, CellError("#REF!"), float("nan"), float("inf"), "1/" * 25_000])
def test_other_values_are_no_dates(value: Value) -> None:
    assert read_date(value) is None


@given(day=st.dates(date(2000, 1, 1), date(2099, 12, 31)), time=st.floats(0, 0.999))
def test_a_spreadsheets_own_date_is_its_day_whatever_the_time(day: date, time: float) -> None:
    assert read_date(serial_of(day)) == day
    assert read_date(serial_of(day) + time) == day


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_date_that_is_written_is_read_back(day: date) -> None:
    for pattern in ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%Y-%m-%d"):
        assert read_date(day.strftime(pattern)) == day
