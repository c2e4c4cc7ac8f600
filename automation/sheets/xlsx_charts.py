"""Charts of an xlsx file: how they are drawn, and which of them are there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.layout import Layout
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from automation.sheets.looks.model import Cells, Chart, ChartKind
from automation.sheets.xlsx_looks_cells import spelled
from automation.sheets.xlsx_package import local

_CENTIMETRES = 2.54 / 96  # of a pixel
_GRID = "D9D9D9"
_LINE_WIDTH = 28_575  # 2¼ points in English Metric Units
#: Hundredths of a point.
_TITLE, _LABEL = 1200, 900
#: Percent of a bar's width between two.
_GAP = 60


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart: its title, and the runs of cells that it draws, as `spelled`."""

    title: str
    cells: frozenset[str]


def drawn(chart: Element) -> Drawn:
    """What a chart's part says of it, whichever program wrote it."""
    texts: list[str] = []
    references: set[str] = set()
    for element in chart.iter():
        if local(element) == "chart":
            title = next((child for child in element if local(child) == "title"), None)
            texts += [part.text or "" for part in (title.iter() if title is not None else ()) if local(part) == "t"]
        elif local(element) == "f" and ":" in (element.text or ""):
            references.add(spelled(str(element.text)))
    return Drawn("".join(texts), frozenset(references))


def wished(sheet: Worksheet, chart: Chart) -> Drawn | None:
    """The chart that is wished for; None while a tab that it draws is not there."""
    parts = (chart.categories, *chart.series)
    if any(_tab(sheet, part.tab) is None for part in parts):
        return None
    references = (str(_reference(sheet, part, 1)) for part in parts)
    return Drawn(chart.title, frozenset(spelled(reference) for reference in references if ":" in reference))


def draw(sheet: Worksheet, chart: Chart) -> None:
    """Put the chart into a tab."""
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
        shape.series.append(_series(sheet, cells, ink, chart.kind))
    shape.set_categories(_reference(sheet, chart.categories, 1))
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
    shape.width, shape.height = chart.width * _CENTIMETRES, chart.height * _CENTIMETRES
    sheet.add_chart(shape, f"{get_column_letter(chart.column + 1)}{chart.row + 1}")


def _series(sheet: Worksheet, cells: Cells, ink: str, kind: ChartKind) -> Any:
    series: Any = Series(_reference(sheet, cells, 0), title_from_data=True)
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


def _reference(sheet: Worksheet, cells: Cells, skipped: int) -> Reference:
    """The cells without the first `skipped`: the heading is the name of a series."""
    column = cells.column + 1
    source = _tab(sheet, cells.tab)
    first, last = cells.row + 1 + skipped, cells.row + cells.rows
    return Reference(source, min_col=column, max_col=column, min_row=first, max_row=last)


def _tab(sheet: Worksheet, title: str) -> Any:
    book: Any = sheet.parent
    wanted = title.strip().casefold()
    return next((tab for tab in book.worksheets if tab.title.strip().casefold() == wanted), None)
