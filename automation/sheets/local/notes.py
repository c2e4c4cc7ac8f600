"""Notes of cells: their words in one part, the shapes that show them in another (VML, which is not always XML)."""

from __future__ import annotations

import re
from math import ceil
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

from automation.sheets.local.book import Book
from automation.sheets.local.markup import Node
from automation.sheets.local.package import MAIN
from automation.sheets.local.writing import PROGRAM

#: Pixels: a note is as wide as this, and as high as its lines need.
_WIDTH, _LINE, _MARGIN = 340, 18, 14
_LETTERS = 46  # that fit one line of a note

_COMMENTS = f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>'
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_SHAPES_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_SHAPES = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/>'
    '</o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/>'
    "</v:shapetype></xml>"
)
_SHAPE = (
    '<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel" id="_x0000_s{id}" type="#_x0000_t202" style="position:absolute;'
    'margin-left:59.25pt;margin-top:1.5pt;width:{width}px;height:{height}px;z-index:1;visibility:hidden" '
    'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow color="black" obscured="t"/>'
    '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"/></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill>'
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_ONE_SHAPE = re.compile(r"<(\w+:)?shape\b.*?</\1shape>", re.DOTALL)
_NUMBER = re.compile(r"_x0000_s(\d+)")


class Notes:
    """The notes of a tab, by 1-based row and column."""

    def __init__(self, book: Book, title: str) -> None:
        self._book, self._title, self._part = book, title, book.parts[title]
        self._comments = book.package.related(self._part, "comments")
        root = book.package.tree(self._comments) if self._comments else Node("")
        self._there = {comment.get("ref"): comment for comment in root.all("comment")}

    def text(self, row: int, column: int) -> str:
        """What the note of a cell says; nothing without one."""
        comment = self._there.get(f"{get_column_letter(column)}{row}", Node(""))
        return "".join(piece.text for piece in comment.find("text").all("t"))

    def put(self, row: int, column: int, note: str) -> None:
        """Let a cell have this note."""
        package, reference = self._book.package, f"{get_column_letter(column)}{row}"
        if not self._comments:
            _, self._comments = package.add(self._part, "comments", "xl/comments{}.xml", _COMMENTS, _COMMENTS_TYPE)
        root = package.edit(self._comments)
        authors = root.ensure("authors", ("authors", "commentList"))
        names = [one.text for one in authors.nodes]
        if PROGRAM not in names:
            authors.add("author").children = [escape(PROGRAM)]
        comments = root.ensure("commentList", ("authors", "commentList"))
        comments.children = [child for child in comments.children if child is not self._there.get(reference)]
        comment = self._there[reference] = comments.add(
            "comment", ref=reference, authorId=[*names, PROGRAM].index(PROGRAM)
        )
        words = Node(f"{root.prefix}t", {"xml:space": "preserve"}, [escape(note)])
        comment.add("text").insert(words)
        self._show(row - 1, column - 1, note)

    def _show(self, row: int, column: int, note: str) -> None:
        package, sheet = self._book.package, self._book.sheet(self._title)
        drawing = sheet.frame.find("legacyDrawing")
        part = next((one.target for one in package.relations(self._part) if one.id == drawing.reference()), "")
        if not package.has(part):
            name = "xl/drawings/vmlDrawing{}.vml"
            reference, part = package.add(self._part, "vmlDrawing", name, _SHAPES, _SHAPES_TYPE)
            sheet.section("legacyDrawing").set(**package.reference(reference))
        lines = sum(max(1, ceil(len(line) / _LETTERS)) for line in note.split("\n"))
        shapes = package.read(part).decode("utf-8", "surrogateescape")
        place = re.compile(rf"Row>{row}</[^<]*<\w+:Column>{column}</")
        shapes = _ONE_SHAPE.sub(lambda shape: "" if place.search(shape[0]) else shape[0], shapes)
        id = max((1024, *map(int, _NUMBER.findall(shapes)))) + 1
        shape = _SHAPE.format(id=id, width=_WIDTH, height=lines * _LINE + _MARGIN, row=row, column=column)
        end = shapes.rindex("</")
        package.write(part, (shapes[:end] + shape + shapes[end:]).encode("utf-8", "surrogateescape"))
