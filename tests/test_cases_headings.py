"""Finding the headings of an intake tab."""

from __future__ import annotations

from automation.reading.headings import find_headings
from automation.tables import intake
from automation.tables.intake import INTAKE

ALL = [str(column) for column in [column for column in INTAKE.columns if not column.optional]]


def test_headings_are_found_in_any_order_below_a_title_and_beside_peoples_own_columns() -> None:
    headings = find_headings([["LAPORAN WARGA 2026"], [], ["Catatan Pak RW", *reversed(ALL)]])
    assert headings is not None and headings.complete
    assert headings.row == 2
    assert headings.columns[intake.TOLD] == 1
    assert headings.columns[intake.TICKET] == len(ALL)


def test_case_spacing_and_punctuation_of_a_heading_are_forgiven() -> None:
    written = {"No. Tiket": " no tiket", "RT/RW": "RT / RW", "Nama Pelapor": "NAMA\nPELAPOR", "Status": "Status:"}
    headings = find_headings([[written.get(heading, heading) for heading in ALL]])
    assert headings is not None and headings.complete


def test_missing_and_doubled_headings_are_told() -> None:
    headings = find_headings([[*(heading for heading in ALL if heading != "Telepon"), "status"]])
    assert headings is not None and not headings.complete
    assert headings.missing == (intake.PHONE,)
    assert headings.doubled == (intake.STATUS,)
    assert headings.columns[intake.STATUS] == ALL.index("Status") - 1


def test_a_tab_without_kelurahan_column_is_complete_and_one_with_it_has_it() -> None:
    plain, several = find_headings([ALL]), find_headings([[*ALL, "Kelurahan"]])
    assert plain is not None and plain.complete and intake.KELURAHAN not in plain.columns
    assert several is not None and several.complete and several.columns[intake.KELURAHAN] == len(ALL)


def test_a_table_of_something_else_is_no_intake_tab() -> None:
    assert find_headings([["Nama", "Telepon", "Alamat", "Status", "Catatan"]]) is None
    assert find_headings([]) is None
    assert find_headings([[None, 5, True, "x" * 50_000]]) is None


def test_headings_below_the_tenth_row_are_peoples_data() -> None:
    assert find_headings([*([[]] * 9), ALL]) is not None
    assert find_headings([*([[]] * 10), ALL]) is None
