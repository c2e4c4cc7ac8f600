"""What openpyxl would drop from a file that people made, noticed before it is dropped.

openpyxl rewrites the whole file, and carries over only what it knows. So the file as it would be saved is compared
with the one that is there: every part and construct that a person can have set is counted in both, and what has
become fewer would be lost. Names that are not known here count too, so nothing new in Excel can slip through.

Not counted, because a person doesn't miss it: cached calculation order, printer drivers' own settings, green triangles
that were dismissed, fonts within notes, document stores of other programs (``customXml``), and identifiers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Set as AbstractSet
from xml.etree.ElementTree import Element

from automation.sheets.xlsx_package import Package, local
from automation.sheets.xlsx_things import (
    CHART_HARMLESS,
    EXTENSIONS_COUNTED,
    IN_DRAWING,
    IN_SHEET,
    IN_WORKBOOK,
    RELATIONS,
    RELATIONS_HARMLESS,
    SHEET_HARMLESS,
    Thing,
)
from automation.trouble import WorkbookError

_CONTROL_IN_VML = re.compile(rb'ObjectType="(?!Note")\w+"')

Inventory = Counter[tuple[str, Thing, str]]


def refuse_losses(before: bytes, after: bytes, name: str, taken: AbstractSet[tuple[str, Thing]] = frozenset()) -> None:
    """Raise `WorkbookError` if `after` lacks something that people put into `before`, naming what and in which tab;
    except what the robot has `taken` from a tab of its own."""
    lost = [loss for loss in losses(before, after) if loss not in taken]
    if lost:
        tabs = ", ".join(dict.fromkeys(tab for tab, _ in lost if tab)) or "-"
        things = ", ".join(dict.fromkeys(thing.value for _, thing in lost))
        raise WorkbookError("lokal.akan-hilang", berkas=name, lembar=tabs, bagian=things)


def losses(before: bytes, after: bytes) -> list[tuple[str, Thing]]:
    """What `after` has fewer of than `before`, each with the tab it stands in (empty: the whole workbook)."""
    with Package(before) as old, Package(after) as new:
        gone = inventory(old) - inventory(new)
    return sorted({(tab, thing) for tab, thing, _ in gone})


def inventory(package: Package) -> Inventory:
    """How many there are of each thing, by tab; the third part of a key tells kinds of a thing apart."""
    counted: Inventory = Counter(("", thing, detail) for thing, detail in _of_workbook(package))
    for sheet in package.sheets():
        counted.update((sheet.title, thing, detail) for thing, detail in _of_sheet(package, sheet.part))
    return counted


def _of_workbook(package: Package) -> Iterator[tuple[Thing, str]]:
    yield from _of_relations(package, "")
    yield from _of_relations(package, package.workbook)
    for element in _elements(package.xml(package.workbook)):
        if local(element) in IN_WORKBOOK and element.get("name") != "_xlnm._FilterDatabase":
            yield IN_WORKBOOK[local(element)], ""
    for relation in package.relations(package.workbook):
        if relation.kind == "styles":
            styles = _elements(package.xml(relation.target))
            yield from ((Thing.STYLE, "") for element in styles if local(element) == "tableStyle")


def _of_sheet(package: Package, sheet: str) -> Iterator[tuple[Thing, str]]:
    frame = package.frame(sheet)
    for element in _elements(frame):
        if local(element) in IN_SHEET and not _says_nothing(element):
            yield IN_SHEET[local(element)], local(element)
    for child in frame if frame is not None else ():
        if local(child) not in SHEET_HARMLESS and not _says_nothing(child):
            yield IN_SHEET.get(local(child), Thing.OTHER), f"<{local(child)}>"
        if local(child) == "extLst":
            uris = [extension.get("uri", "").upper() for extension in child]
            yield from ((Thing.OTHER, uri) for uri in uris if uri not in EXTENSIONS_COUNTED)
    yield from _of_relations(package, sheet)
    for relation in package.relations(sheet):
        if relation.kind == "drawing":
            yield from _of_drawing(package, relation.target)
        elif relation.kind == "comments":
            notes = _elements(package.xml(relation.target))
            yield from ((Thing.NOTE, "") for element in notes if local(element) == "comment")
        elif relation.kind == "vmlDrawing":
            yield from ((Thing.CONTROL, "vml") for _ in _CONTROL_IN_VML.findall(package.text(relation.target)))
        elif relation.kind == "table":
            yield from _of_relations(package, relation.target)


def _of_drawing(package: Package, drawing: str) -> Iterator[tuple[Thing, str]]:
    for element in _elements(package.xml(drawing)):
        if local(element) in IN_DRAWING:
            yield IN_DRAWING[local(element)], local(element)
    for relation in package.relations(drawing):
        if relation.kind == "chart":
            for element in _elements(package.xml(relation.target), CHART_HARMLESS):
                yield Thing.CHART, local(element)
        elif relation.kind not in ("image", "hyperlink"):
            yield Thing.CHART if relation.kind == "chartEx" else Thing.SHAPE, relation.kind


def _of_relations(package: Package, part: str) -> Iterator[tuple[Thing, str]]:
    for relation in package.relations(part):
        if relation.kind not in RELATIONS_HARMLESS:
            yield RELATIONS.get(relation.kind, Thing.OTHER), relation.kind


def _says_nothing(element: Element) -> bool:
    """Whether it only spells out defaults, as LibreOffice writes them (``<printOptions gridLines="false"/>``)."""
    if local(element) not in ("printOptions", "headerFooter"):
        return False
    switched_on = (value for name, value in element.items() if name != "gridLinesSet" and value not in ("false", "0"))
    return not any(switched_on) and not "".join(element.itertext()).strip()


def _elements(root: Element | None, without: frozenset[str] = frozenset()) -> Iterator[Element]:
    """All elements, except those named and what stands in them."""
    if root is not None and not without:
        yield from root.iter()
    elif root is not None and local(root) not in without:
        yield root
        for child in root:
            yield from _elements(child, without)
