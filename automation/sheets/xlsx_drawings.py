"""Charts, pictures and shapes across a commit, byte by byte.

openpyxl reads back only charts as it writes them itself, and only half of those that LibreOffice or Excel saved. So it
is not asked to: it writes what is new, and what stood in the file is put beside it as it was, each drawing with all the
parts that it refers to.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from itertools import count
from typing import Any
from xml.etree.ElementTree import Element, fromstring, tostring
from xml.sax.saxutils import quoteattr

from openpyxl import Workbook as Book

from automation.sheets.xlsx_package import Package, local

_TYPES = "[Content_Types].xml"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KIND = f"{_OFFICE}/drawing"
#: What may follow a drawing in a worksheet.
_AFTER = re.compile(
    rb"<(?:legacyDrawing|legacyDrawingHF|picture|oleObjects|controls|webPublishItems|tableParts|extLst)\b"
)
_END_OF_CELLS = re.compile(rb"<sheetData\s*/>|</sheetData>")
_END_OF_DRAWING = re.compile(rb"</(?:\w+:)?wsDr>\s*$")
_ANCHOR = re.compile(rb"<((?:\w+:)?(?:one|two)CellAnchor|(?:\w+:)?absoluteAnchor)\b.*?</\1>", re.DOTALL)
_REFERENCE = re.compile(r'(\b\w+:id)="(\w+)"')
_NUMBERS = re.compile(rb'<(?:\w+:)?cNvPr\b[^>]*?\bid="(\d+)"')

Place = tuple[str, str]  # the drawing's part, and what it calls the chart


def leave_drawings(book: Book, data: bytes) -> None:
    """Let openpyxl forget the drawings that it read from `data`; `with_drawings` puts them back."""
    with Package(data) as package:
        for sheet in package.sheets():
            if _drawing(package, sheet.part):
                reader: Any = book[sheet.title]
                reader._charts, reader._images = [], []


def with_drawings(before: bytes, after: bytes) -> bytes:
    """The file as openpyxl wrote it, with the drawings of the file as it was."""
    with Package(before) as old, Package(after) as new:
        targets = {sheet.title: sheet.part for sheet in new.sheets()}
        drawings = {sheet.title: part for sheet in old.sheets() if (part := _drawing(old, sheet.part))}
        if not drawings:
            return after
        move = _Move(old, new)
        for title, drawing in drawings.items():
            move.take(drawing, targets[title])
        return move.packed(after)


def charts(data: bytes) -> dict[str, list[tuple[Place, Element]]]:
    """By tab, where the charts stand that it has, and what they are."""
    with Package(data) as package:
        return {sheet.title: list(_charts(package, sheet.part)) for sheet in package.sheets()}


def without(data: bytes, places: Iterable[Place]) -> bytes:
    """The file without the charts that stand there."""
    with zipfile.ZipFile(BytesIO(data)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    for drawing, reference in places:
        anchors = _ANCHOR.finditer(parts[drawing])
        gone = next((anchor[0] for anchor in anchors if f':id="{reference}"'.encode() in anchor[0]), b"")
        parts[drawing] = parts[drawing].replace(gone, b"", 1)
        relation = re.compile(
            rb'<Relationship\b[^>]*\bId="' + re.escape(reference).encode() + rb'"[^>]*?(?:/>|></Relationship>)'
        )
        parts[_rels(drawing)] = relation.sub(b"", parts[_rels(drawing)])
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return stream.getvalue()


def _charts(package: Package, sheet: str) -> Iterator[tuple[Place, Element]]:
    drawing = _drawing(package, sheet)
    for relation in package.relations(drawing) if drawing else ():
        if relation.kind == "chart" and (chart := package.xml(relation.target)) is not None:
            yield (drawing, relation.id), chart


def _drawing(package: Package, sheet: str) -> str:
    """The part that holds a worksheet's drawing; empty if it has none, or (as LibreOffice writes it) an empty one."""
    for relation in package.relations(sheet):
        if relation.kind == "drawing":
            root = package.xml(relation.target)
            if root is None or len(root):
                return relation.target
    return ""


class _Move:
    """Parts on their way from one file to the other."""

    def __init__(self, old: Package, new: Package) -> None:
        self.old, self.new = old, new
        self.parts: dict[str, bytes] = {}
        self.names: dict[str, str] = {}
        self.kinds: dict[str, str] = {}

    def take(self, drawing: str, sheet: str) -> None:
        """Take a drawing to a worksheet of the new file; charts that are new there come after it."""
        there = next((relation for relation in self.new.relations(sheet) if relation.kind == "drawing"), None)
        place = self._copy(drawing)
        if there is None:
            self._refer(sheet, place)
        else:
            self._join(there.target, place)
            for name, moved in ((there.target, place), (_rels(there.target), _rels(place))):
                self.parts[name] = self.parts.pop(moved)
            del self.kinds[place]

    def packed(self, after: bytes) -> bytes:
        """The new file with all that was taken."""
        overrides = "".join(
            f"<Override PartName={quoteattr(f'/{name}')} ContentType={quoteattr(kind)}/>"
            for name, kind in self.kinds.items()
        )
        self.parts[_TYPES] = self.new.text(_TYPES).replace(b"</Types>", f"{overrides}</Types>".encode())
        stream = BytesIO()
        with zipfile.ZipFile(BytesIO(after)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
            for name in dict.fromkeys([*old.namelist(), *self.parts]):
                new.writestr(name, self.parts[name] if name in self.parts else old.read(name))
        return stream.getvalue()

    def _copy(self, part: str) -> str:
        """Take a part and all that it refers to, under a name that is free; returns it."""
        if part in self.names:
            return self.names[part]
        name = self._free(part)
        self.names[part] = name
        self.parts[name] = self.old.text(part)
        self.kinds[name] = _content_type(self.old, part)
        targets = {relation.id: self._copy(relation.target) for relation in self.old.relations(part)}
        relations = self.old.xml(_rels(part))
        lines = [_line(relation.attrib, targets) for relation in (relations if relations is not None else ())]
        if lines:
            self.parts[_rels(name)] = _relations(lines)
        return name

    def _free(self, part: str) -> str:
        stem, dot, ending = part.rpartition(".")
        names = (part, *(f"{stem}_{number}{dot}{ending}" for number in range(1, len(self.names) + 10_000)))
        return next(name for name in names if not self.new.text(name) and name not in self.parts)

    def _refer(self, sheet: str, drawing: str) -> None:
        xml = self.parts.get(sheet) or self.new.text(sheet)
        reference = f'<drawing xmlns:r="{_OFFICE}" r:id="gambar"/>'.encode()
        cells = _END_OF_CELLS.search(xml)
        start = cells.end() if cells else 0
        follower = _AFTER.search(xml, start)
        at = follower.start() if follower else xml.rindex(b"</worksheet>")
        self.parts[sheet] = xml[:at] + reference + xml[at:]
        line = _line({"Id": "gambar", "Type": _KIND, "Target": f"/{drawing}"}, {})
        self._add_relations(_rels(sheet), self.new.text(_rels(sheet)), [line])

    def _join(self, added: str, drawing: str) -> None:
        """Put the charts of the drawing `added`, which openpyxl wrote, at the end of the one that was taken."""
        root = self.new.xml(added)
        anchors = list(root if root is not None else ())
        numbers = (element for anchor in anchors for element in anchor.iter() if local(element) == "cNvPr")
        highest = max((int(number) for number in _NUMBERS.findall(self.parts[drawing])), default=0)
        for number, element in enumerate(numbers, start=highest + 1):
            element.set("id", str(number))  # Excel repairs a drawing in which two are alike
        text = "".join(tostring(anchor, encoding="unicode") for anchor in anchors)
        there = self.parts.get(_rels(drawing), b"")
        prefix = next(f"baru{number}_" for number in count(1) if b'"baru%d_' % number not in there)
        text = _REFERENCE.sub(rf'\1="{prefix}\2"', text)
        self.parts[drawing] = _END_OF_DRAWING.sub(lambda end: text.encode() + end[0], self.parts[drawing])
        lines = [
            _line(
                {"Id": prefix + relation.id, "Type": f"{_OFFICE}/{relation.kind}", "Target": f"/{relation.target}"}, {}
            )
            for relation in self.new.relations(added)
        ]
        self._add_relations(_rels(drawing), there, lines)

    def _add_relations(self, name: str, there: bytes, lines: list[str]) -> None:
        root = fromstring(there) if there else None
        kept = [_line(relation.attrib, {}) for relation in (root if root is not None else ())]
        self.parts[name] = _relations([*kept, *lines])


def _content_type(package: Package, part: str) -> str:
    root = package.xml(_TYPES)
    elements = root if root is not None else ()
    kinds = {
        element.get("PartName", element.get("Extension", "")): element.get("ContentType", "") for element in elements
    }
    return kinds.get(f"/{part}") or kinds.get(posixpath.splitext(part)[1].lstrip("."), "application/xml")


def _rels(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _line(attributes: Mapping[str, str], targets: Mapping[str, str]) -> str:
    changed = dict(attributes)
    if changed["Id"] in targets:
        changed["Target"] = f"/{targets[changed['Id']]}"
    return f"<Relationship {' '.join(f'{name}={quoteattr(value)}' for name, value in changed.items())}/>"


def _relations(lines: list[str]) -> bytes:
    return f'<Relationships xmlns="{_RELATIONS}">{"".join(lines)}</Relationships>'.encode()
