"""csv files: read whatever wrote them, and written so that no program runs what stands in them."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO

import pytest
from hypothesis import given, strategies as st

from automation.model.cells import kept_text
from automation.sheets.files import escaped, read_csv, unescaped, write_csv
from automation.trouble import WorkbookError

ROWS: list[list[str | None]] = [
    ["Tanggal", "Nama", "Keluhan"],
    ["24/11/2024", "Bu Nurén", "got mampet,\nair naik; bau"],
    ["25/11/2024", "B", None],
]


def written(separator: str) -> str:
    stream = StringIO(newline="")
    csv.writer(stream, delimiter=separator).writerows(ROWS)
    return stream.getvalue()


def read(data: bytes) -> list[list[object]]:
    return [list(row) for row in read_csv(data, "daftar.csv").rows]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_and_separator_that_is_in_use_is_found_out(encoding: str, separator: str) -> None:
    assert read(written(separator).encode(encoding)) == ROWS


def test_commas_in_sentences_are_no_separators_and_excels_own_line_about_it_is_no_row() -> None:
    text = "Nama;Keluhan\n" + "".join(f"Warga {n};got mampet, bau, banjir\n" for n in range(20))
    assert [len(row) for row in read(text.encode())] == [2] * 21
    assert read(b"sep=|\nNama|Keluhan, rinci\n") == [[], ["Nama", "Keluhan, rinci"]]


def test_an_unmatched_quotation_mark_swallows_nothing_and_an_encoding_that_nobody_knows_is_told() -> None:
    with pytest.raises(WorkbookError) as caught:
        read_csv(b'Nama;Keluhan\nA;got\nB;"lampu mati\nC;banjir\n', "daftar.csv")
    assert (caught.value.code, caught.value.particulars["baris"]) == ("impor.kutip", 3)
    with pytest.raises(WorkbookError, match=r"impor\.aksara"):
        read_csv(b"\xff\xfe\x00\xd8\x00", "daftar.csv")


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+62812", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'=1", "  =1", "\uff1d1+1", "=cmd|' /C calc'!A0"],
)
def test_what_could_run_as_a_formula_is_escaped_and_all_else_is_left_as_it_is(text: str) -> None:
    assert escaped(text) == f"'{text}"
    for harmless in ("", "got mampet", "-5", "-3,5", "'Aisyah", "0812-3456-7890", "a=b"):
        assert escaped(harmless) == harmless
    data = write_csv(["A", "B", "C", "D"], [[-5, date(2026, 11, 24), "-5", None]])
    assert data.decode("utf-8-sig").splitlines()[1] == '-5;"2026-11-24";"-5";""'


@given(st.text(alphabet=st.sampled_from("'=+-@\t\r\n \uff1d1a,;\"")))
def test_an_escape_can_be_taken_back(text: str) -> None:
    assert unescaped(escaped(text)) == text
    assert not escaped(text).lstrip("' ").startswith(tuple("=+@")) or escaped(text).startswith("'")


@given(st.lists(st.lists(st.text(max_size=12), min_size=2, max_size=2), min_size=1, max_size=5))
def test_what_was_written_is_read_back(rows: list[list[str]]) -> None:
    read_back = read(write_csv(["Satu", "Dua"], rows))
    assert read_back == [["Satu", "Dua"], *([kept_text(cell) or None for cell in row] for row in rows)]
