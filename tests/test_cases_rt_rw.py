"""Reading RT and RW."""

from __future__ import annotations

from datetime import date

import pytest

from automation.model.cells import Value, serial_of
from automation.reading.dates import NotRtRw, read_rt_rw


@pytest.mark.parametrize(
    "text",
    [
        "003/007",
        "3/7",
        "03 / 07",
        "3-7",
        "3.7",
        "3 7",
        "RT 3 RW 7",
        "RT.003/RW.007",
        "rt. 03 / rw. 07",
        "RT 03, RW 07",
        "RT003RW007",
        "RT/RW 003/007",
        "RT.03/07",
        "RW 7 RT 3",
        "'003/007",
    ],
)
def test_rt_and_rw_are_understood_as_people_write_them(text: str) -> None:
    assert read_rt_rw(text) == "003/007"


@pytest.mark.parametrize("value", [None, "", "-", "  "])
def test_an_empty_cell_is_allowed(value: Value) -> None:
    assert read_rt_rw(value) == ""


@pytest.mark.parametrize(
    "value",
    [
        "RT 3",
        "307",
        307,
        307.0,
        3.7,
        0,
        "0/0",
        "0/7",
        "3/0",
        "000/000",
        "1000/2",
        "RW 7",
        "tiga/tujuh",
        "3/7/9",
        "3//7/",
        True,
        "3/" * 25_000,
    ],
)
def test_what_does_not_name_both_is_refused(value: Value) -> None:
    assert read_rt_rw(value) == NotRtRw()


@pytest.mark.parametrize(
    "value", [serial_of(date(2026, 7, 3)), float(serial_of(date(2026, 7, 3))), "03/07/2026", "3 Jul 2026"]
)
def test_a_date_that_a_spreadsheet_made_of_it_is_told_with_what_was_probably_typed(value: Value) -> None:
    assert read_rt_rw(value) == NotRtRw(dated=True, likely="003/007")


@pytest.mark.parametrize("value", ["3-Jul", "Jul-03", "3 Juli", serial_of(date(1980, 1, 1))])
def test_a_date_that_no_longer_shows_what_was_typed_is_told_without_a_guess(value: Value) -> None:
    assert read_rt_rw(value) == NotRtRw(dated=True)
