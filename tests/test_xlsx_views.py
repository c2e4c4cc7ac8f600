"""A tab of a workbook in which a formula shows the rows of another is read by people alone."""

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.formula import ArrayFormula

from automation.tables import intake
from tests.local_city import AMIR, GOOD_ROW, YATI, LocalCity, head_of
from tests.workbook_contract import Typed
from tests.xlsx_parts import parts, write_parts

pytestmark = pytest.mark.sampled(4, tests=3)

VIEW = "Milik Bu Lurah"
_UNKNOWN = re.compile(rb'<c r="A(\d+)"([^>]*)>(<f t="array"[^>]*>[^<]*</f>)<v\s*/>')


@pytest.fixture
def city(tmp_path: Path) -> LocalCity:
    """Its workbook has a row with a ticket, and one that has just been typed."""
    city = LocalCity.lay_out(tmp_path, {"Cipondoh": ["Gondrong"]})
    city.take_in("Cipondoh", "Gondrong", {**GOOD_ROW, **YATI})
    another: dict[str, Typed] = {
        intake.DESCRIPTION: "Lampu jalan mati sejak dua minggu lalu",
        intake.ADDRESS: "Jl. Anggrek 7",
    }
    city.type("Cipondoh", "Gondrong", {**GOOD_ROW, **AMIR, **another})
    return city


def view(city: LocalCity, formula: str, *, headings: bool, columns: bool = False) -> None:
    """Show Gondrong in another tab, with its headings or below typed ones, as Excel saves it: all cells with what they
    show, the formula in the first; or, with `columns`, one in the first of each column."""
    rows = city.rows("Cipondoh", "Gondrong")
    rows = rows[head_of(rows) :]
    first, width = 1 if headings else 2, len(rows[0])
    with city.editing("Cipondoh") as book:
        sheet = book.create_sheet(VIEW)
        for row in rows:
            sheet.append(row)
        for left, right in [(at, at) for at in range(1, width + 1)] if columns else [(1, width)]:
            reach = f"{sheet.cell(first, left).coordinate}:{sheet.cell(len(rows), right).coordinate}"
            sheet.cell(first, left).value = ArrayFormula(reach, formula)
    path, shown = city.path("Cipondoh"), str(rows[first - 1][0]).encode()
    content = parts(path)
    known = rb'<c r="A\1" t="str"\2>\3<v>' + shown + b"</v>"
    write_parts(path, {name: _UNKNOWN.sub(known, part) for name, part in content.items()})


@pytest.mark.parametrize("headings", [True, False], ids=["with its headings", "below typed ones"])
@pytest.mark.parametrize("formula", ["=_xlfn._xlws.FILTER(Gondrong!A3:Z9,TRUE)", "=Gondrong!A3:Z9"])
def test_a_view_of_a_tab_goes_on_showing_it_and_makes_no_copies(city: LocalCity, formula: str, headings: bool) -> None:
    view(city, formula, headings=headings)
    for _ in range(2):  # at first with what Excel has worked out, then as the program has written the file
        assert not city.sync().failures
        shown = load_workbook(city.path("Cipondoh"))[VIEW]
        cells = [cell.value for row in shown.iter_rows() for cell in row if cell.value is not None]
        assert [cell.text for cell in cells if isinstance(cell, ArrayFormula)] == [formula]
        assert len(cells) == 1 if headings else intake.TICKET in cells and not {*cells} & {*city.register()}
    tickets = city.tickets("Cipondoh")
    assert len({*tickets.values()} - {""}) == 2, "each complaint has one ticket"
    assert len(city.register()) == 2
    assert not any(city.column("Cipondoh", "Gondrong", intake.CHECK)), "no row is called a copy"


def test_a_formula_over_a_column_of_peoples_own_makes_no_view(city: LocalCity) -> None:
    with city.editing("Cipondoh") as book:
        sheet = book["Gondrong"]
        width = sheet.max_column + 1
        at = sheet.cell(sheet.max_row - 1, width).coordinate
        sheet[at] = ArrayFormula(f"{at}:{sheet.cell(sheet.max_row, width).coordinate}", "=LEN(A4:A5)")
    city.sync()
    assert len({*city.tickets("Cipondoh").values()} - {""}) == 2


def test_so_does_one_whose_columns_each_have_a_formula(city: LocalCity) -> None:
    view(city, "=Gondrong!A4:A9", headings=False, columns=True)
    assert not city.sync().failures
    shown = load_workbook(city.path("Cipondoh"))[VIEW]
    assert isinstance(shown["A2"].value, ArrayFormula)
    assert len(city.register()) == 2 and not any(city.column("Cipondoh", "Gondrong", intake.CHECK))
