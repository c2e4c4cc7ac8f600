"""Links of cells: what they open, and where they stand in a file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from urllib.parse import quote, urlsplit

from automation.model.cells import Link, kept_text
from automation.sheets.local.areas import Cell, bounds, meet, named, without
from automation.sheets.local.markup import Node
from automation.sheets.local.package import Package
from automation.sheets.local.worksheet import Worksheet

#: Kinds of address that a cell opens, besides files.
OPENED = ("https", "http", "tel")


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


def relink(
    package: Package, part: str, sheet: Worksheet, written: Mapping[int, Collection[int]], wanted: Mapping[Cell, Link]
) -> None:
    """Let the written cells lead where is wanted, and nowhere else. A link over several cells stays with
    those that were not written."""
    links, lost = sheet.frame.find("hyperlinks").nodes, list[Node]()
    places = {(column, row, column, row) for row in (written if links else ()) for column in written[row]}
    for link in links:
        area = bounds(link.get("ref"))
        if area in places or (area[:2] != area[2:] and any(meet(area, place) for place in places)):
            lost.append(link)
            for rest in without(area, places):
                sheet.section("hyperlinks").insert(link.copy().set(ref=named(rest)))
    if lost:
        sheet.drop("hyperlinks", *lost)
        kept = {link.reference() for link in sheet.frame.all("hyperlink")}
        package.unrelate(part, {link.reference() for link in lost} - kept)
    for (row, column), value in wanted.items():
        if (found := target_of(kept_text(value.address))) is not None:
            target, location = found
            link = sheet.section("hyperlinks").add("hyperlink", ref=named((column, row, column, row)))
            if target:
                link.set(**package.reference(package.relate(part, "hyperlink", target, external=True)))
            link.set(location=location or None)
