"""The parts of an xlsx file (a zip of XML parts that refer to each other, ECMA-376 part 2), without the cells."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Self
from xml.etree.ElementTree import Element, ParseError, fromstring

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_SHEET_DATA = re.compile(rb"<((?:\w+:)?)sheetData(?:\s[^>]*)?(?:/>|>.*?</\1sheetData>)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Relation:
    """A reference from one part to another: the last word of its type, such as ``drawing``, and the part's name."""

    id: str
    kind: str
    target: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet: its title, the name of its part, and whether people don't see it."""

    title: str
    part: str
    hidden: bool


class Package:
    """The parts of one file, read only."""

    def __init__(self, data: bytes) -> None:
        self._archive = zipfile.ZipFile(BytesIO(data))
        self._names = frozenset(self._archive.namelist())
        self._relations: dict[str, list[Relation]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()

    @property
    def workbook(self) -> str:
        """The name of the main part."""
        return next((rel.target for rel in self.relations("") if rel.kind == "officeDocument"), "xl/workbook.xml")

    @property
    def is_of_mac(self) -> bool:
        """Whether days are counted from 1904, as Excel on old Macs did."""
        properties = self._workbook().find(f"{_MAIN}workbookPr")
        return properties is not None and properties.get("date1904") in ("1", "true")

    def sheets(self) -> Iterator[Sheet]:
        """Every worksheet, in order. Raises `ValueError` or `KeyError` for what is no workbook."""
        relations = {relation.id: relation for relation in self.relations(self.workbook)}
        for sheet in self._workbook().iter(f"{_MAIN}sheet"):
            reference = next((value for name, value in sheet.items() if name.endswith("}id")), "")
            if reference and (relation := relations[reference]).kind == "worksheet":
                yield Sheet(sheet.get("name", ""), relation.target, sheet.get("state", "visible") != "visible")

    def _workbook(self) -> Element:
        root = self.xml(self.workbook)
        # Excel can also save in the strict format, of other namespaces: better refused than read as empty.
        if root is None or root.tag != f"{_MAIN}workbook":
            raise ValueError("no workbook")
        return root

    def relations(self, part: str) -> list[Relation]:
        """What `part` refers to inside the file (the file itself where `part` is empty)."""
        if part not in self._relations:
            self._relations[part] = self._relations_of(*posixpath.split(part))
        return self._relations[part]

    def addresses(self, part: str) -> dict[str, str]:
        """By its id, each reference of `part` to something outside the file, as it was written."""
        references = self._references(*posixpath.split(part))
        return {rel.get("Id", ""): rel.get("Target", "") for rel in references if rel.get("TargetMode") == "External"}

    def _relations_of(self, folder: str, name: str) -> list[Relation]:
        return [
            Relation(
                id=rel.get("Id", ""),
                kind=rel.get("Type", "").rpartition("/")[2],
                target=posixpath.normpath(posixpath.join("/", folder, rel.get("Target", ""))).lstrip("/"),
            )
            for rel in self._references(folder, name)
            if rel.get("TargetMode") != "External"
        ]

    def _references(self, folder: str, name: str) -> Iterable[Element]:
        root = self.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        return root if root is not None else ()

    def text(self, part: str) -> bytes:
        """The part as it is; empty if there is none."""
        return self._archive.read(part) if part in self._names else b""

    def stream(self, part: str) -> IO[bytes]:
        """The part, to be read bit by bit. Raises `KeyError` if there is none."""
        return self._archive.open(part)

    def xml(self, part: str) -> Element | None:
        """The part as XML, or None if there is none or it is something else."""
        return _parsed(self.text(part))

    def frame(self, sheet: str) -> Element | None:
        """A worksheet without its cells: views, columns, rules, extensions."""
        return _parsed(_SHEET_DATA.sub(b"", self.text(sheet), count=1))


def local(element: Element) -> str:
    """The element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def _parsed(text: bytes) -> Element | None:
    try:
        return fromstring(text) if text else None
    except ParseError:
        return None
