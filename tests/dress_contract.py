"""What `dress` promises of every kind of `Workbook`. An adapter's test-suite subclasses `DressContract`, says how its
workbooks are made, edited and looked at, and inherits every test here."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from automation.model.cells import Value
from automation.sheets.looks.model import (
    Allowed,
    AnyDate,
    Area,
    CellLook,
    Cells,
    Chart,
    ChartKind,
    ColumnLook,
    Format,
    ListFrom,
    ListOf,
    Rule,
    Style,
    TabLook,
    WholeNumber,
)
from automation.sheets.port import CellWrite, Changes, Workbook
from tests.workbook_contract import Content, Person

TAB, LISTS, PAGE = "Gondrong", "Daftar Pilihan", "Panduan"
Cell = tuple[int, int]

OWNED = Style(fill="D9EAD3", ink="1F4F3F", bold=True)
INTAKE = TabLook(
    title=TAB,
    heading_row=2,
    columns=(
        ColumnLook(0, OWNED, "Diisi oleh program.", width=150, guarded=True),
        ColumnLook(1, OWNED, "Kapan?", format=Format.DATE, allowed=Allowed(AnyDate(), "Tanggal.", strict=False)),
        ColumnLook(2, OWNED, "Telepon", format=Format.TEXT),
        ColumnLook(3, OWNED, allowed=Allowed(ListFrom(LISTS, 0), "Pilih dari daftar.", strict=True)),
    ),
    frozen_rows=3,
    frozen_columns=1,
    colour="1F6F54",
    rules=(Rule((0, 3), '=$D4="Jalan"', Style(fill="F8CBAD")), Rule((2, 2), '=$C4<>""', Style(struck=True))),
    cells=(CellLook(0, 3, formula="=COUNTA(C:C)", style=Style(bold=True)),),
    guard="Kolom ini diisi program.",
)
GUIDE = TabLook(
    title=PAGE,
    cells=(
        CellLook(4, 0, "Antara 1 dan 30.", Allowed(WholeNumber(1, 30), "Bilangan.", strict=True)),
        CellLook(5, 0, allowed=Allowed(ListOf(("Ya", "Tidak")), "Ya atau Tidak.", strict=True)),
    ),
    areas=(
        Area((0, 0, 1, 2), Style(fill="1F6F54", ink="FFFFFF", bold=True, size=16), merged=True),
        Area((1, 0, 3, 2), Style(fill="FFF2CC", wrapped=True)),
        Area((2, 1, 3, 2), Style(fill="FFFFFF")),
        Area((1, 1, 2, 2), Style(bold=True)),
    ),
    charts=(Chart("Per bulan", ChartKind.BARS, Cells(LISTS, 0, 0, 3), (Cells(LISTS, 0, 1, 3),), ("1F6F54",), 8, 0),),
    ours=True,
    guard="Halaman program",
)
LOOKS = (INTAKE, GUIDE)
CONTENT: Content = {
    TAB: [
        ["Laporan warga"],
        [],
        ["No. Tiket", "Tanggal Masuk", "Telepon", "Kategori", "Catatan kami"],
        [None, date(2026, 11, 3), "0812", "Jalan", "sudah ditelepon"],
        [None, None, None, "Air"],
    ],
    LISTS: [["Kategori", "Banyak"], ["Jalan", 3], ["Air", 1]],
    PAGE: [["Panduan"], ["Isi"], ["satu", "dua"]],
}


@dataclass(frozen=True, slots=True)
class Looked:
    """What a tab looks like, by 0-based row and column, colours as ``RRGGBB``."""

    fills: Mapping[Cell, str]
    notes: Mapping[Cell, str]
    formats: Mapping[int, Format]  # of the first empty row below all that stands in the tab
    told: frozenset[Cell]  # cells of the first row below the headings, and of pages, that say what may be typed
    rules: frozenset[str]
    merged: frozenset[tuple[int, int, int, int]]  # top, left, bottom, right; the last two not included
    charts: tuple[str, ...]
    frozen: tuple[int, int]
    colour: str


class DressContract:
    """Every test gets its workbooks from the methods below, which an adapter's test class overrides."""

    def make(self, tabs: Content) -> Workbook:
        raise NotImplementedError

    def person(self, workbook: Any) -> Person:
        raise NotImplementedError

    def paint(self, workbook: Any, title: str, cell: Cell, fill: str, note: str = "") -> None:
        """Somebody gives a cell a colour, and a note."""
        raise NotImplementedError

    def looked(self, workbook: Any, title: str) -> Looked:
        raise NotImplementedError

    def dressed(self) -> Workbook:
        """A workbook that was bare, and has its looks."""
        workbook = self.make(CONTENT)
        assert workbook.dress(LOOKS) > 0
        return workbook

    def test_a_bare_tab_is_given_its_look(self) -> None:
        looked = self.looked(self.dressed(), TAB)
        assert {looked.fills.get((2, column)) for column in range(4)} == {"D9EAD3"} and (2, 4) not in looked.fills
        assert looked.notes == {(2, 0): "Diisi oleh program.", (2, 1): "Kapan?", (2, 2): "Telepon"}
        assert looked.formats == {1: Format.DATE, 2: Format.TEXT}
        assert {(3, 1), (3, 3)} <= looked.told and (3, 4) not in looked.told
        assert looked.rules == {'$D4="Jalan"', '$C4<>""'}
        assert (looked.frozen, looked.colour) == ((3, 1), "1F6F54")

    def test_a_page_is_given_its_look(self) -> None:
        looked = self.looked(self.dressed(), PAGE)
        assert looked.fills[0, 0] == "1F6F54" and looked.merged == {(0, 0, 1, 2)}
        assert [looked.fills[cell] for cell in ((1, 1), (2, 0), (2, 1))] == ["FFF2CC", "FFF2CC", "FFFFFF"]
        assert looked.told >= {(4, 0), (5, 0)} and looked.notes == {(4, 0): "Antara 1 dan 30."}
        assert looked.charts == ("Per bulan",)

    def test_dressing_again_gives_nothing_and_changes_nothing(self) -> None:
        workbook = self.dressed()
        before = workbook.read(), *(self.looked(workbook, title) for title in (TAB, PAGE))
        assert workbook.dress(LOOKS) == 0
        assert (workbook.read(), *(self.looked(workbook, title) for title in (TAB, PAGE))) == before

    def test_every_value_stays_and_the_formula_stands_in_its_cell(self) -> None:
        workbook = self.make(CONTENT)
        before = _values(workbook)
        workbook.dress(LOOKS)
        after = _values(workbook)
        assert after[TAB].pop((0, 3)) is not None
        assert after == before
        assert self.person(workbook).formulas(TAB) == [(0, 3)]

    def test_a_dressed_workbook_is_written_as_ever(self) -> None:
        workbook = self.dressed()
        seen = workbook.read()
        tab = seen.tab(TAB)
        assert tab is not None
        after = workbook.commit(
            Changes(appends={TAB: [[None, date(2026, 11, 24), "0813"]]}, cells=[CellWrite(tab.key, 3, 0, "RR-1")]), seen
        )
        written = after.tab(TAB)
        assert written is not None and written.rows[3][0] == "RR-1" and tuple(written.rows[5][1:3]) == (46350, "0813")
        assert workbook.dress(LOOKS) == 0

    def test_colours_notes_and_cells_of_people_stay(self) -> None:
        workbook = self.make(CONTENT)
        self.paint(workbook, TAB, (2, 0), "123456", "punya kami")
        self.paint(workbook, TAB, (4, 2), "FFFF00")
        self.person(workbook).set(TAB, 0, 3, "judul kami")
        workbook.dress(LOOKS)
        looked = self.looked(workbook, TAB)
        assert (looked.fills[2, 0], looked.notes[2, 0], looked.fills[4, 2]) == ("123456", "punya kami", "FFFF00")
        assert self.person(workbook).formulas(TAB) == [] and _values(workbook)[TAB][0, 3] == "judul kami"
        assert workbook.dress(LOOKS) == 0

    def test_what_people_type_afterwards_changes_no_look(self) -> None:
        workbook = self.dressed()
        self.person(workbook).set(TAB, 3, 4, "lain")
        self.person(workbook).set(TAB, 7, 3, "Jalan")
        assert workbook.dress(LOOKS) == 0

    def test_a_page_of_the_robot_is_brought_back(self) -> None:
        workbook = self.dressed()
        before = self.looked(workbook, PAGE)
        self.paint(workbook, PAGE, (1, 0), "FF0000")
        assert workbook.dress(LOOKS) > 0
        assert self.looked(workbook, PAGE) == before

    def test_a_page_of_another_version_takes_the_place_of_the_old_one(self) -> None:
        workbook = self.dressed()
        longer = replace(
            GUIDE, areas=(Area((0, 0, 1, 1), Style(bold=True)), Area((1, 0, 2, 2), Style(fill="D9EAD3"), merged=True))
        )
        assert workbook.dress([longer]) > 0
        looked = self.looked(workbook, PAGE)
        assert looked.merged == {(1, 0, 2, 2)} and looked.fills[1, 0] == "D9EAD3" and (0, 0) not in looked.fills
        assert workbook.dress([longer]) == 0

    def test_the_look_of_a_tab_that_is_not_there_gives_nothing(self) -> None:
        workbook = self.make(CONTENT)
        assert workbook.dress([replace(INTAKE, title="Petir")]) == 0


def _values(workbook: Workbook) -> dict[str, dict[Cell, Value]]:
    return {
        tab.title: {
            (r, c): value for r, row in enumerate(tab.rows) for c, value in enumerate(row) if value not in (None, "")
        }
        for tab in workbook.read().tabs
    }
