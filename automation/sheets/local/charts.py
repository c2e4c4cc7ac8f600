"""Charts of an xlsx file: how they are drawn, and which of them are there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.layout import Layout
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.xml.functions import tostring

from automation.sheets.local.book import Book
from automation.sheets.local.formulas import spelled
from automation.sheets.local.markup import Node, cut, root_of
from automation.sheets.local.package import OFFICE, Package
from automation.sheets.looks.model import Cells, Chart, ChartKind

_METRIC_UNITS = 9525  # of a pixel
_GRID = "D9D9D9"
_LINE_WIDTH = 28_575  # 2¼ points in English Metric Units
#: Hundredths of a point.
_TITLE, _LABEL = 1200, 900
#: Percent of a bar's width between two.
_GAP = 60

_MEANS = "http://schemas.openxmlformats.org/drawingml/2006"
_DRAWING = f'<xdr:wsDr xmlns:xdr="{_MEANS}/spreadsheetDrawing" xmlns:a="{_MEANS}/main"/>'
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.drawing+xml"
_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_ANCHOR = (
    f'<xdr:oneCellAnchor xmlns:xdr="{_MEANS}/spreadsheetDrawing" xmlns:a="{_MEANS}/main">'
    "<xdr:from><xdr:col>{column}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{row}</xdr:row><xdr:rowOff>0</xdr:rowOff>"
    '</xdr:from><xdr:ext cx="{width}" cy="{height}"/><xdr:graphicFrame><xdr:nvGraphicFramePr>'
    '<xdr:cNvPr id="{number}" name="Chart {number}"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm/>'
    f'<a:graphic><a:graphicData uri="{_MEANS}/chart"><c:chart xmlns:c="{_MEANS}/chart" xmlns:r="{OFFICE}" '
    'r:id="{id}"/></a:graphicData></a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:oneCellAnchor>'
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart: its title, and the runs of cells that it draws, as `spelled`. `part` is where it stands."""

    title: str
    cells: frozenset[str]
    part: str = field(default="", compare=False)


def drawn_in(package: Package, sheet: str) -> list[Drawn]:
    """The charts of a worksheet (the name of its part), whichever program drew them."""
    drawing = package.related(sheet, "drawing")
    relations = package.relations(drawing) if drawing else []
    return [_drawn(package.tree(one.target), one.target) for one in relations if one.kind == "chart"]


def _drawn(space: Node, part: str) -> Drawn:
    texts = [text.text for text in space.find("chart").find("title").all("t")]
    references = {formula.text for formula in space.all("f") if ":" in formula.text}
    return Drawn("".join(texts), frozenset(map(spelled, references)), part)


def lacking(book: Book, title: str, charts: Sequence[Chart], *, ours: bool) -> int:
    """Give a tab the charts that it has none of that title of; how many. In a tab of `ours` a chart that draws other
    cells by now gives way."""
    there = drawn_in(book.package, book.parts[title]) if charts else []
    given = 0
    for chart in charts:
        wish = _wished(book, chart)
        alike = [one for one in there if one.title == chart.title]
        if wish is None or wish in alike or (alike and not ours):
            continue
        for one in alike:
            _take_off(book.package, book.parts[title], one)
        _place(book, title, chart)
        given += 1
    return given


def _wished(book: Book, chart: Chart) -> Drawn | None:
    """The chart that is wished for; None while a tab that it draws is not there."""
    parts = (chart.categories, *chart.series)
    if any(book.title_like(part.tab) is None for part in parts):
        return None
    references = (str(_reference(book, part, 1)) for part in parts)
    return Drawn(chart.title, frozenset(spelled(reference) for reference in references if ":" in reference))


def _take_off(package: Package, sheet: str, chart: Drawn) -> None:
    drawing = package.related(sheet, "drawing")
    (id,) = (one.id for one in package.relations(drawing) if one.target == chart.part)
    root = package.edit(drawing)
    gone = [anchor for anchor in root.nodes if any(one.reference() == id for one in anchor.all("chart"))]
    root.children = [child for child in root.children if child not in gone]
    package.remove(drawing, chart.part)


def _place(book: Book, title: str, chart: Chart) -> None:
    package, sheet = book.package, book.parts[title]
    drawing = package.related(sheet, "drawing")
    if not drawing:
        id, drawing = package.add(sheet, "drawing", "xl/drawings/drawing{}.xml", _DRAWING, _DRAWING_TYPE)
        book.sheet(title).section("drawing").set(**package.reference(id))
    id, _ = package.add(drawing, "chart", "xl/charts/chart{}.xml", _draw(book, chart), _CHART_TYPE)
    root = package.edit(drawing)
    anchor = _ANCHOR.format(
        column=chart.column,
        row=chart.row,
        width=chart.width * _METRIC_UNITS,
        height=chart.height * _METRIC_UNITS,
        number=max((int(one.get("id", "0")) for one in root.all("cNvPr")), default=0) + 1,
        id=id,
    )
    root.insert(root_of(cut(package.in_its_format(anchor))))


def _draw(book: Book, chart: Chart) -> str:
    """A chart's part."""
    shape: Any = LineChart() if chart.kind is ChartKind.LINES else BarChart()
    if chart.kind is not ChartKind.LINES:
        shape.type = "bar" if chart.kind is ChartKind.BARS else "col"
        shape.gapWidth = _GAP
    if chart.kind is ChartKind.STACKED:
        shape.grouping, shape.overlap = "stacked", 100
    if chart.kind is ChartKind.BARS:
        # The first category on top, and the figures below all the same.
        shape.x_axis.scaling.orientation, shape.y_axis.crosses = "maxMin", "max"
    for cells, ink in zip(chart.series, chart.inks, strict=True):
        shape.series.append(_series(book, cells, ink, chart.kind))
    shape.set_categories(_reference(book, chart.categories, 1))
    shape.title = chart.title
    shape.title.overlay = False
    for paragraph in shape.title.tx.rich.p:
        paragraph.pPr = ParagraphProperties(defRPr=CharacterProperties(sz=_TITLE, b=True))
        for run in paragraph.r:
            run.rPr = CharacterProperties(sz=_TITLE, b=True)
    shape.layout = Layout()
    shape.roundedCorners = False
    shape.display_blanks = "gap"
    # openpyxl says nothing of whether the axes are there, and programs then take them for deleted.
    shape.x_axis.delete = shape.y_axis.delete = False
    shape.y_axis.scaling.min, shape.y_axis.scaling.max = 0, chart.highest
    shape.x_axis.tickLblSkip = 1  # every category has its name, however many there are
    for axis in (shape.x_axis, shape.y_axis):
        letters = ParagraphProperties(defRPr=CharacterProperties(sz=_LABEL))
        axis.txPr = RichText(p=[Paragraph(pPr=letters, endParaRPr=CharacterProperties())])
    shape.y_axis.majorGridlines.spPr = GraphicalProperties(ln=_line(_GRID, 9_525))
    if len(chart.series) == 1:
        shape.legend = None
    else:
        shape.legend.position, shape.legend.overlay = "b", False
    content: bytes = tostring(shape._write())
    return content.decode()


def _series(book: Book, cells: Cells, ink: str, kind: ChartKind) -> Any:
    series: Any = Series(_reference(book, cells, 0), title_from_data=True)
    if kind is ChartKind.LINES:
        series.smooth = False
        series.graphicalProperties.line = _line(ink, _LINE_WIDTH)
        series.marker.symbol, series.marker.size = "circle", 6
        series.marker.graphicalProperties = GraphicalProperties(solidFill=ink)
        series.marker.graphicalProperties.line.solidFill = ink
    else:
        series.graphicalProperties.solidFill = ink
        series.graphicalProperties.line.noFill = True
        series.invertIfNegative = False
    return series


def _line(ink: str, width: int) -> Any:
    properties = GraphicalProperties()
    properties.line.solidFill, properties.line.width = ink, width
    return properties.line


def _reference(book: Book, cells: Cells, skipped: int) -> Reference:
    """The cells without the first `skipped`: the heading is the name of a series."""
    letter = get_column_letter(cells.column + 1)
    first, last = cells.row + 1 + skipped, cells.row + cells.rows
    tab = quote_sheetname(book.title_like(cells.tab) or cells.tab)
    return Reference(range_string=f"{tab}!${letter}${first}:${letter}${last}")
