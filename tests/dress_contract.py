"""What `dress` promises of every kind of `Workbook`. An adapter's test-suite subclasses `DressContract`, says how its
workbooks are made, edited and looked at, and inherits every test here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from msgspec.structs import replace

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
    FilterView,
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
HEADINGS = ("No. Tiket", "Pemeriksaan", "Tanggal Masuk", "Telepon", "Kategori", "Prioritas", "Uraian")
Cell = tuple[int, int]

OWNED = Style(fill="D9EAD3", ink="1F4F3F", bold=True, wrapped=True)
INTAKE = TabLook(
    title=TAB,
    heading_row=2,
    columns=(
        ColumnLook(0, OWNED, "Diisi oleh program.", 150, guarded=True),
        ColumnLook(1, OWNED, "Yang keliru", 320, wrapped=True, guarded=True),
        ColumnLook(2, OWNED, "Kapan?", 110, Format.DATE, allowed=Allowed(AnyDate(), "Tanggal.", strict=False)),
        ColumnLook(3, OWNED, "Telepon", 130, Format.TEXT),
        ColumnLook(4, OWNED, "", 170, allowed=Allowed(ListFrom(LISTS, 0), "Pilih dari daftar.", strict=True)),
        ColumnLook(5, OWNED, "", 90, allowed=Allowed(ListOf(("Biasa", "Darurat")), "Pilih satu.", strict=False)),
        ColumnLook(6, OWNED, "Apa yang terjadi", 400, wrapped=True),
    ),
    frozen_rows=3,
    frozen_columns=1,
    colour="1F6F54",
    rules=(
        Rule((0, 6), '=$F4="Darurat"', Style(fill="F8CBAD", ink="9C0006", bold=True)),
        Rule((3, 3), '=$D4<>""', Style(struck=True)),
    ),
    views=(FilterView("Darurat", ((5, '=$F4="Darurat"'),), ordered_by=2),),
    filtered=True,
    areas=(
        Area((0, 0, 1, 7), Style(fill="1F6F54", ink="FFFFFF", size=13), merged=True),
        Area((0, 8, 1, 9), Style(bold=True)),
    ),
    cells=(CellLook(0, 8, formula=f"=COUNTA('{LISTS}'!$B:$B)"),),
    guard="Kolom ini diisi program.",
)
_MONTHS, _COUNTS = Cells(LISTS, 0, 0, 3), (Cells(LISTS, 0, 1, 3),)
GUIDE = TabLook(
    title=PAGE,
    columns=(ColumnLook(0, width=200), ColumnLook(1, width=300)),
    cells=(
        CellLook(6, 0, "Antara 1 dan 30.", Allowed(WholeNumber(1, 30), "Bilangan.", strict=True)),
        CellLook(7, 0, allowed=Allowed(ListOf(("Ya", "Tidak")), "Ya atau Tidak.", strict=True)),
        CellLook(5, 1, formula="=COUNTA(Gondrong!A:A)"),
    ),
    rules=(Rule((0, 1), '=$A2="x"', Style(fill="00FF00", struck=True)),),
    areas=(
        Area((0, 0, 1, 2), Style(fill="1F6F54", ink="FFFFFF", bold=True, size=16), merged=True),
        Area((1, 0, 4, 2), Style(fill="000000", wrapped=True, centred=True, boxed=True)),
        Area((2, 1, 3, 2), Style(fill="FFFFFF")),
        Area((1, 1, 2, 2), Style(bold=True)),
        Area((5, 1, 6, 2), Style(bold=True)),
    ),
    charts=(
        Chart("Per bulan", ChartKind.COLUMNS, _MONTHS, _COUNTS, ("2E75B6",), 8, 0),
        Chart("Menurut kategori", ChartKind.BARS, _MONTHS, _COUNTS, ("548235",), 26, 0),
    ),
    protected=True,
    ours=True,
    guard="Halaman program",
    row_heights=((0, 40),),
    gridlines=False,
)
LOOKS = (INTAKE, GUIDE)
CONTENT: Content = {
    TAB: [
        ["Laporan warga"],
        [],
        [*HEADINGS, "Catatan kami"],
        [None, None, date(2026, 11, 3), "0812", "Jalan", "Darurat", "Lampu mati", "sudah ditelepon"],
        [None, None, None, 813, "Air", None, "Banjir"],
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
        assert {looked.fills.get((2, column)) for column in range(7)} == {"D9EAD3"} and (2, 7) not in looked.fills
        assert looked.notes == {(2, one.column): one.note for one in INTAKE.columns if one.note}
        assert looked.formats == {2: Format.DATE, 3: Format.TEXT}
        assert {(3, 2), (3, 4), (3, 5)} <= looked.told and (3, 7) not in looked.told
        assert looked.rules == {'$F4="Darurat"', '$D4<>""'} and looked.merged == {(0, 0, 1, 7)}
        assert (looked.frozen, looked.colour) == ((3, 1), "1F6F54")

    def test_a_page_is_given_its_look(self) -> None:
        looked = self.looked(self.dressed(), PAGE)
        assert looked.fills[0, 0] == "1F6F54" and looked.merged == {(0, 0, 1, 2)}
        assert [looked.fills[cell] for cell in ((1, 1), (2, 0), (2, 1))] == ["000000", "000000", "FFFFFF"]
        assert looked.told >= {(6, 0), (7, 0)} and looked.notes == {(6, 0): "Antara 1 dan 30."}
        assert looked.charts == ("Per bulan", "Menurut kategori")

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
        assert after[TAB].pop((0, 8)) is not None and after[PAGE].pop((5, 1)) is not None
        assert after == before
        assert (self.person(workbook).formulas(TAB), self.person(workbook).formulas(PAGE)) == ([(0, 8)], [(5, 1)])

    def test_a_dressed_workbook_is_written_as_ever(self) -> None:
        workbook = self.dressed()
        seen = workbook.read()
        tab = seen.tab(TAB)
        assert tab is not None
        after = workbook.commit(
            Changes(appends={TAB: [[None, "x", date(2026, 11, 24), "08"]]}, cells=[CellWrite(tab.key, 3, 0, "RR-1")]),
            seen,
        )
        written = after.tab(TAB)
        assert written is not None and written.rows[3][0] == "RR-1" and tuple(written.rows[5][2:4]) == (46350, "08")
        assert workbook.dress(LOOKS) == 0

    def test_colours_notes_and_cells_of_people_stay(self) -> None:
        workbook = self.make(CONTENT)
        self.paint(workbook, TAB, (2, 0), "123456", "punya kami")
        self.paint(workbook, TAB, (4, 2), "FFFF00")
        self.person(workbook).set(TAB, 0, 8, "judul kami")
        workbook.dress(LOOKS)
        looked = self.looked(workbook, TAB)
        assert (looked.fills[2, 0], looked.notes[2, 0], looked.fills[4, 2]) == ("123456", "punya kami", "FFFF00")
        assert self.person(workbook).formulas(TAB) == [] and _values(workbook)[TAB][0, 8] == "judul kami"
        assert workbook.dress(LOOKS) == 0

    def test_what_people_type_afterwards_changes_no_look(self) -> None:
        workbook = self.dressed()
        self.person(workbook).set(TAB, 3, 7, "lain")
        self.person(workbook).set(TAB, 7, 4, "Jalan")
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
