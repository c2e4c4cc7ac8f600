"""Charts, pictures and shapes of people survive whatever the robot writes, and its own charts join them."""

import re
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.chart import BarChart, Reference

from automation.sheets.local.workbook import XlsxWorkbook
from automation.sheets.looks.model import Cells, Chart, ChartKind, Rule, Style, TabLook
from automation.sheets.port import CellWrite, Changes
from tests.xlsx_parts import SHEET, TYPES, add_at_end, charts_in, parts, relate, write_parts
from tests.xlsx_person import Editor, editing, make_file

TAB = "Grafik"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
ART = (
    f'<xdr:wsDr xmlns:xdr="{DRAWING}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    "<xdr:oneCellAnchor><xdr:pic><xdr:blipFill>"
    f'<a:blip xmlns:r="{TYPES}" r:embed="rIdX1"/></xdr:blipFill></xdr:pic></xdr:oneCellAnchor>'
    "<xdr:oneCellAnchor><xdr:sp><!-- kotak teks --></xdr:sp></xdr:oneCellAnchor></xdr:wsDr>"
)
ROWS: list[list[Any]] = [["Bulan", "Masuk", "Selesai"], ["Januari", 12, 9], ["Februari", 20, 13]]


def chart(title: str, rows: int = 3) -> Chart:
    categories, *series = (Cells(TAB, 0, column, rows) for column in range(3))
    return Chart(title, ChartKind.COLUMNS, categories, tuple(series), ("1F6F54", "E69138"), row=5, column=0)


def look(*titles: str, ours: bool = True, rows: int = 3) -> TabLook:
    return TabLook(TAB, charts=tuple(chart(title, rows) for title in titles), ours=ours)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make_file(tmp_path / "Kendali.xlsx", {TAB: ROWS, "Rekap": [["a"]]})


def with_art(path: Path) -> None:
    """A picture and a text box, as Excel keeps them."""
    add_at_end(path, f'<drawing r:id="rIdX9" xmlns:r="{TYPES}"/>')
    relate(path, SHEET, "drawing", "xl/drawings/drawing1.xml", ART)
    relate(path, "xl/drawings/drawing1.xml", "image", "xl/media/image1.png", "PNG")
    content = parts(path)
    rels = "xl/drawings/_rels/drawing1.xml.rels"
    content[rels] = content[rels].replace(b'Id="rIdX', b'Id="rIdX1" Old="')
    content["[Content_Types].xml"] = content["[Content_Types].xml"].replace(
        b"<Override", b'<Default Extension="png" ContentType="image/png"/><Override', 1
    )
    write_parts(path, content)


def with_own_chart(path: Path) -> None:
    """A chart of somebody's own."""
    with editing(path) as book:
        own = BarChart()
        own.title = "Punya saya"
        own.add_data(Reference(book[TAB], min_col=2, min_row=1, max_row=3), titles_from_data=True)
        book[TAB].add_chart(own, "K2")


def commit(path: Path, value: str = "x") -> None:
    workbook = XlsxWorkbook(path, path.name)
    workbook.commit(Changes(cells=[CellWrite("Rekap", 1, 0, value)]), workbook.read())


def dress(path: Path, *looks: TabLook) -> int:
    return XlsxWorkbook(path, path.name).dress(looks)


def titles(path: Path) -> list[str]:
    return [chart.title for chart in charts_in(path, TAB)]


def test_a_picture_and_a_text_box_survive_every_commit_byte_by_byte(path: Path) -> None:
    with_art(path)
    before = parts(path)
    for value in ("satu", "dua"):
        commit(path, value)
        content = parts(path)
        rekap = content.pop("xl/worksheets/sheet2.xml")
        assert value.encode() in rekap
        assert content == {name: part for name, part in before.items() if name != "xl/worksheets/sheet2.xml"}


def test_charts_that_are_wished_are_drawn_once(path: Path) -> None:
    assert dress(path, look("Per bulan", "Per kategori")) == 2
    before = path.read_bytes()
    assert dress(path, look("Per bulan", "Per kategori")) == 0
    assert path.read_bytes() == before
    tab: Any = load_workbook(path)[TAB]
    first, second = tab._charts
    assert [series.val.numRef.f for series in first.series] == ["'Grafik'!$B$2:$B$3", "'Grafik'!$C$2:$C$3"]
    assert (first.x_axis.delete, first.y_axis.delete) == (False, False)
    assert second.series[1].graphicalProperties.solidFill.srgbClr == "E69138"


def test_the_robot_s_charts_stand_beside_what_people_drew(path: Path) -> None:
    with_own_chart(path)
    own = parts(path)["xl/charts/chart1.xml"]
    assert dress(path, look("Per bulan")) == 1
    commit(path)
    assert dress(path, look("Per bulan", "Per kategori")) == 1
    assert titles(path) == ["Punya saya", "Per bulan", "Per kategori"]
    assert own in parts(path).values()
    (drawing,) = (content for name, content in parts(path).items() if name.startswith("xl/drawings/drawing"))
    (rels,) = (content for name, content in parts(path).items() if "drawings/_rels/drawing" in name)
    assert len(set(re.findall(rb'Id="(\w+)"', rels))) == 3
    numbers = re.findall(rb'<(?:\w+:)?cNvPr\b[^>]*\bid="(\d+)"', drawing)
    assert len(numbers) == len(set(numbers)) == 3, "Excel repairs a file where they are alike"
    tab: Any = load_workbook(path)[TAB]
    assert len(tab._charts) == 3


def test_a_picture_stays_when_a_chart_joins_it(path: Path) -> None:
    with_art(path)
    dress(path, look("Per bulan"))
    commit(path)
    content = parts(path)
    (drawing,) = (content[name] for name in content if name.startswith("xl/drawings/drawing"))
    assert drawing.startswith(ART.encode().removesuffix(b"</xdr:wsDr>")) and content["xl/media/image1.png"] == b"PNG"
    assert titles(path) == ["Per bulan"]


def test_a_chart_of_the_robot_s_own_tab_is_drawn_anew_when_it_draws_other_cells(path: Path) -> None:
    with_own_chart(path)
    dress(path, look("Per bulan", "Per kategori", rows=2))
    assert dress(path, look("Per bulan", "Per kategori", rows=2), look("Per bulan")) == 1
    assert titles(path) == ["Punya saya", "Per kategori", "Per bulan"]
    assert dress(path, look("Per kategori")) == 1
    assert titles(path) == ["Punya saya", "Per bulan", "Per kategori"]
    assert dress(path, look("Per bulan")) == 0
    assert dress(path, look("Per bulan", ours=False, rows=2)) == 0


def test_a_rule_that_is_given_takes_no_chart_away_and_a_chart_whose_tab_is_not_there_waits_for_it(path: Path) -> None:
    with_own_chart(path)
    dress(path, TabLook(TAB, rules=(Rule((0, 1), '=$A2="Januari"', Style(bold=True)),)))
    assert titles(path) == ["Punya saya"]
    Editor(path).rename_tab(TAB, "Lain")
    Editor(path).edit(lambda book: book.create_sheet("Kosong"))
    assert dress(path, TabLook("Kosong", charts=(chart("Per bulan"),))) == 0
