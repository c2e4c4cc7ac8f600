"""Where the cells of an edited worksheet lead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from automation.model.cells import Link, Writable, kept_text
from automation.sheets.local.reading import OPENED
from automation.sheets.local.worksheet import Cell, Sides, Worksheet, bounds, meet, named

if TYPE_CHECKING:
    from automation.sheets.local.package import Package


def target_of(address: str) -> tuple[str, str] | None:
    """What a link leads to: a web page, a telephone, or a file and a place in it (``Gondrong.xlsx#'Gondrong'!A12``).
    None for what a spreadsheet should not open."""
    scheme = urlsplit(address).scheme
    if scheme in OPENED:
        return address, ""
    if len(scheme) > 1:  # one letter is a Windows drive
        return None
    path, _, place = address.partition("#")
    return quote(path.replace("\\", "/"), safe="/:"), place


def relink(package: Package, part: str, sheet: Worksheet, written: Mapping[Cell, Writable]) -> None:
    """Let the written cells lead where their values say, and nowhere else. A link over several cells stays with those
    that were not written."""
    frame = sheet.frame
    lost = [link for link in frame.find("hyperlinks").nodes if _among(bounds(link.get("ref")), written)]
    for link in lost:
        for rest in _without(bounds(link.get("ref")), written):
            sheet.section("hyperlinks").insert(link.copy().set(ref=named(rest)))
    if lost:
        sheet.drop("hyperlinks", *lost)
        package.unrelate(
            part, {link.reference() for link in lost} - {link.reference() for link in frame.all("hyperlink")}
        )
    for cell, value in written.items():
        if isinstance(value, Link) and (found := target_of(kept_text(value.address))) is not None:
            target, place = found
            link = sheet.section("hyperlinks").add("hyperlink", ref=named((cell[1], cell[0], cell[1], cell[0])))
            if target:
                link.set(**package.reference(package.relate(part, "hyperlink", target, external=True)))
            link.set(location=place or None)


def _among(sides: Sides, cells: Iterable[Cell]) -> bool:
    left, top, right, bottom = sides
    if (left, top) == (right, bottom):
        return (top, left) in cells
    return any(meet(sides, (column, row, column, row)) for row, column in cells)


def _without(sides: Sides, cells: Iterable[Cell]) -> list[Sides]:
    """What is left of an area without these cells, in rectangles."""
    rest = [sides]
    for row, column in cells:
        pieces: list[Sides] = []
        for left, top, right, bottom in rest:
            if top <= row <= bottom and left <= column <= right:
                pieces += [(left, top, right, row - 1), (left, row, column - 1, row)]
                pieces += [(column + 1, row, right, row), (left, row + 1, right, bottom)]
            else:
                pieces.append((left, top, right, bottom))
        rest = [piece for piece in pieces if piece[0] <= piece[2] and piece[1] <= piece[3]]
    return rest
