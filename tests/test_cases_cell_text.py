"""What a cell says, as clean text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, strategies as st

from automation.model.cells import CellError, Value
from automation.reading.cell_text import clean, clean_lines, line_of, lines_of


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("Bu Siti", "Bu Siti"),
        ("  Bu\u00a0\u2003Siti\t ", "Bu Siti"),
        ("Bu\nSiti", "Bu Siti"),
        ("Bu \x00\x07Siti", "Bu Siti"),
        ("\u202eitiS uB\u202c", "itiS uB"),
        ("\ufeffBu Siti\u200b", "Bu Siti"),
        ("lubang \ud800 besar", "lubang besar"),
        ("شارع", "شارع"),
        ("👨\u200d👩\u200d👧 satu keluarga", "👨\u200d👩\u200d👧 satu keluarga"),
        ("=IMPORTDATA(1)", "=IMPORTDATA(1)"),
        (123.0, "123"),
        (12, "12"),
        (12.5, "12.5"),
        (3671051203850001.0, "3671051203850001"),
        (1e300, "1e+300"),
        (float("nan"), ""),
        (True, "✓"),
        (False, ""),
        (CellError("#REF!"), ""),
        ("-", ""),
        (" -- ", ""),
        ("\u2014", ""),
        ("?", ""),
    ],
)
def test_a_cell_reads_as_a_person_would_read_it(value: Value, text: str) -> None:
    assert line_of(value) == text


def test_a_description_keeps_its_lines_but_not_the_emptiness_between_them() -> None:
    assert (
        lines_of("Jalan rusak.\r\n\r\n  Motor   jatuh.\u2028Mohon dicek. \n")
        == "Jalan rusak.\nMotor jatuh.\nMohon dicek."
    )


@given(st.text())
def test_clean_text_is_clean_and_stays_so(text: str) -> None:
    for cleaned in (clean(text), clean_lines(text).replace("\n", " ")):
        assert clean(cleaned) == cleaned
        assert "  " not in cleaned
        unseen = {unicodedata.category(character) for character in cleaned if character not in "\u200c\u200d"}
        assert not unseen & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(st.text(st.characters(categories=["L", "N", "P", "S"])))
def test_what_can_be_seen_is_never_lost(text: str) -> None:
    assert clean(text) == text
