"""Charts and notes of an xlsx file: parts of their own. Notes have two, for words and shapes (VML: not always XML)."""

import re
from collections.abc import Iterable
from math import ceil
from typing import Any, NamedTuple, cast
from xml.sax.saxutils import escape

from openpyxl.chart import BarChart, LineChart, Reference, Series, data_source, legend, reference
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.chart.title import title_maker
from openpyxl.comments.shape_writer import ShapeWriter
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties
from openpyxl.xml.functions import Element, tostring

from automation.sheets.local.areas import to_a1
from automation.sheets.local.book import Book
from automation.sheets.local.columns import file_area
from automation.sheets.local.files import PROGRAM
from automation.sheets.local.markup import Node, cut
from automation.sheets.local.package import MAIN, OFFICE, Package
from automation.sheets.looks.formulas import said
from automation.sheets.looks.model import Cells, Chart, ChartKind, Place

_METRIC_UNITS = 9525  # of a pixel
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
#: Hundredths of a point; points of a chart's lines and of what marks their ends, in units of 1/12700.
_TITLE, _LETTERS, _LINE, _THIN = 1200, 900, 28575, 9525
#: Pixels: a note is as wide as this, and as high as its lines need.
_NOTE_WIDTH, _NOTE_LINE, _NOTE_MARGIN = 340, 18, 14
_NOTE_LETTERS = 46  # that fit one line of a note

_COMMENTS = f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>'
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_SHAPES_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_ONE_SHAPE = re.compile(r"<(\w+:)?shape\b.*?</\1shape>", re.DOTALL)
_NUMBER = re.compile(r"_x0000_s(\d+)")


class Drawn(NamedTuple):
    """A chart: the id by which its drawing refers to it, its part, its title, and the runs that it draws, as `said`."""

    id: str
    part: str
    title: str
    cells: frozenset[str]


def _as_text(element: object) -> str:
    written: str = cast("Any", tostring)(element, encoding="unicode")  # the stubs don't know that it takes one
    return written


def drawn_in(package: Package, sheet: str) -> list[Drawn]:
    """The charts of a worksheet (the name of its part), whichever program drew them."""
    drawing, found = package.related(sheet, "drawing"), list[Drawn]()
    for one in package.relations(drawing).values() if drawing else ():
        if one.kind == "chart":
            space = package.tree(one.target)
            title = "".join(text.text for text in space.find("chart").find("title").all("t"))
            found.append(Drawn(one.id, one.target, title, _runs(formula.text for formula in space.all("f"))))
    return found


def _runs(references: Iterable[str]) -> frozenset[str]:
    return frozenset(said(reference) for reference in references if ":" in reference)


def seen_chart(book: Book, title: str, chart: Chart) -> object:
    """The chart if a tab has it, else what charts with its title draw instead, or None."""
    alike = [one.cells for one in drawn_in(book.package, book.parts[title]) if one.title == chart.title]
    wished = _runs(str(_reference(book, part)) for part in (chart.categories, *chart.series))
    return chart if wished in alike else alike or None


def draw(book: Book, title: str, chart: Chart) -> None:
    """Put a chart into a tab, instead of any charts with its title."""
    package, sheet = book.package, book.parts[title]
    if not (drawing := package.related(sheet, "drawing")):
        id, drawing = package.add(sheet, "drawing", "xl/drawings/drawing{}.xml", _DRAWING, _DRAWING_TYPE)
        book.sheet(title).section("drawing").set(**package.reference(id))
    root, size = package.edit(drawing), {"width": chart.width * _METRIC_UNITS, "height": chart.height * _METRIC_UNITS}
    for old in (one for one in drawn_in(package, sheet) if one.title == chart.title):
        gone = [anchor for anchor in root.nodes if old.id in [one.reference() for one in anchor.all("chart")]]
        root.children = [child for child in root.children if child not in gone]
        package.remove(drawing, old.part)
    id, _ = package.add(drawing, "chart", "xl/charts/chart{}.xml", _content(book, chart), _CHART_TYPE)
    number = max((int(one.get("id", "0")) for one in root.all("cNvPr")), default=0) + 1
    anchor = _ANCHOR.format(column=chart.column, row=chart.row, number=number, id=id, **size)
    root.insert(cut(package.in_its_format(anchor)).nodes[0])


def _content(book: Book, chart: Chart) -> str:
    """A chart's part. With bars, the first category is on top, and the axis of figures still at the bottom. Every
    category has its name, however many there are. Axes must be said to be there, or programs take them for deleted."""
    lines, bars = chart.kind is ChartKind.LINES, chart.kind is ChartKind.BARS
    made: Any = LineChart() if lines else BarChart(barDir="bar" if bars else "col", gapWidth=60)
    made.title, made.roundedCorners = title_maker(chart.title), False
    (heading,) = made.title.tx.rich.p
    heading.pPr.defRPr = heading.r[0].rPr = CharacterProperties(sz=_TITLE, b=True)
    made.legend = legend.Legend(legendPos="b", overlay=False) if len(chart.series) > 1 else None
    made.title.overlay = False
    for axis in (made.x_axis, made.y_axis):
        axis.delete, axis.majorTickMark, axis.minorTickMark = False, "none", "none"
        letters = ParagraphProperties(defRPr=CharacterProperties(sz=_LETTERS))
        axis.txPr = RichText(p=[Paragraph(pPr=letters, endParaRPr=CharacterProperties())])
    made.x_axis.tickLblSkip = 1
    made.y_axis.scaling.min, made.y_axis.scaling.max = 0, chart.highest
    made.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(w=_THIN, solidFill="D9D9D9"))
    if bars:
        made.x_axis.scaling.orientation, made.y_axis.crosses = "maxMin", "max"
    for cells, ink in zip(chart.series, chart.inks, strict=True):
        one: Any = Series(_reference(book, cells))
        one.tx = SeriesLabel(strRef=data_source.StrRef(_reference(book, cells, heading=True)))
        if lines:
            one.spPr, one.smooth = GraphicalProperties(ln=LineProperties(solidFill=ink, w=_LINE)), False
            one.marker = Marker("circle", 6, GraphicalProperties(solidFill=ink, ln=LineProperties(solidFill=ink)))
        else:
            one.spPr, one.invertIfNegative = GraphicalProperties(solidFill=ink, ln=LineProperties(noFill=True)), False
        made.series.append(one)
    made.set_categories(_reference(book, chart.categories))
    return _as_text(made._write())  # noqa: SLF001 - what it puts into a file


def _reference(book: Book, cells: Cells, *, heading: bool = False) -> Reference:
    """The cells below the heading, or the heading alone."""
    sheet: Any = reference.DummyWorksheet(book.title_like(cells.tab) or cells.tab)
    first, last = cells.row + 1, cells.row + cells.rows
    return Reference(sheet, cells.column + 1, first + (not heading), max_row=first if heading else last)


class Notes:
    """The notes of a tab, by their places in a look."""

    def __init__(self, book: Book, title: str) -> None:
        self._book, self._title, self._part = book, title, book.parts[title]
        self._comments = book.package.related(self._part, "comments")
        root = book.package.tree(self._comments) if self._comments else Node("")
        self._there = {comment.get("ref"): comment for comment in root.all("comment")}

    def text(self, place: Place, _: object) -> str:
        """The text of a cell's note; empty if it has none."""
        comment = self._there.get(to_a1(file_area(place)), Node(""))
        return "".join(piece.text for piece in comment.find("text").all("t"))

    def put(self, place: Place, note: str) -> None:
        """Give a cell this note, instead of any other."""
        package, reference = self._book.package, to_a1(file_area(place))
        if not self._comments:
            _, self._comments = package.add(self._part, "comments", "xl/comments{}.xml", _COMMENTS, _COMMENTS_TYPE)
        root = package.edit(self._comments)
        authors = root.ensure("authors", ("authors", "commentList"))
        names = [one.text for one in authors.nodes]
        if PROGRAM not in names:
            authors.add("author").children = [escape(PROGRAM)]
        comments = root.ensure("commentList", ("authors", "commentList"))
        comments.children = [child for child in comments.children if child is not self._there.get(reference)]
        author = [*names, PROGRAM].index(PROGRAM)
        comment = self._there[reference] = comments.add("comment", ref=reference, authorId=author)
        words = Node(f"{root.prefix}t", {"xml:space": "preserve"}, [escape(note)])
        comment.add("text").insert(words)
        self._show(reference, note, re.compile(rf"Row>{place[0]}</[^<]*<\w+:Column>{place[1]}</"))

    def _show(self, reference: str, note: str, place: re.Pattern[str]) -> None:
        """Add the shape that shows the note, instead of the one for the same cell (which `place` matches)."""
        package, sheet = self._book.package, self._book.sheet(self._title)
        writer, drawn = ShapeWriter(()), Element("xml")
        told = package.relations(self._part).get(sheet.frame.find("legacyDrawing").reference())
        part = told.target if told is not None else ""
        if not package.has(part):
            name = "xl/drawings/vmlDrawing{}.vml"
            writer.add_comment_shapetype(drawn)
            id, part = package.add(self._part, "vmlDrawing", name, _as_text(drawn), _SHAPES_TYPE)
            sheet.section("legacyDrawing").set(**package.reference(id))
        lines = sum(max(1, ceil(len(line) / _NOTE_LETTERS)) for line in note.split("\n"))
        shapes = package.read(part).decode("utf-8", "surrogateescape")
        shapes = _ONE_SHAPE.sub(lambda shape: "" if place.search(shape[0]) else shape[0], shapes)
        number = max((1024, *map(int, _NUMBER.findall(shapes)))) + 1
        writer.add_comment_shape(drawn, number, reference, lines * _NOTE_LINE + _NOTE_MARGIN, _NOTE_WIDTH)
        shape, end = _as_text(drawn[-1]), shapes.rindex("</")
        package.write(part, [(shapes[:end] + shape + shapes[end:]).encode("utf-8", "surrogateescape")])
