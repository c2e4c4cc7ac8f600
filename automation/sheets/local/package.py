"""An xlsx file as a zip of parts that refer to each other (ECMA-376 part 2). What is not changed is copied unread."""

import posixpath
import re
import struct
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from copy import copy
from datetime import date
from functools import cached_property, partial
from hashlib import sha256
from io import BytesIO
from itertools import count
from sys import intern
from typing import NamedTuple

from automation.model.cells import EPOCH
from automation.sheets.local.markup import Node, Pieces, TooLarge, cut, normalized

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#: The same names in the strict format (ISO 29500), which Excel can save, too.
_STRICT = {
    MAIN: "http://purl.oclc.org/ooxml/spreadsheetml/main",
    OFFICE: "http://purl.oclc.org/ooxml/officeDocument/relationships",
    "http://schemas.openxmlformats.org/drawingml/2006/": "http://purl.oclc.org/ooxml/drawingml/",
}
#: The most bytes of all XML parts together, unpacked: a file of a few kilobytes can claim any number.
LARGEST = 128 * 1024 * 1024

_LEVEL = 4  # of zlib: takes a third of the time of its default 6; files are a fifth larger
_TYPES = "[Content_Types].xml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TEXTUAL = (".xml", ".rels", ".vml")
#: The first day of the 1904 calendar of old Macs, as a number in ours.
_MAC_OFFSET = (date(1904, 1, 1) - EPOCH).days
_RELATIONSHIPS = f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{_PACKAGE}/relationships"/>'


class Relation(NamedTuple):
    """A reference from one part: its `kind` is the last word of its type, such as ``drawing``; its `target` is the
    other part's name or, if `external`, an address as it was written."""

    id: str
    kind: str
    target: str
    external: bool


class Package:
    """The parts of one file. Raises `TooLarge` for a file that nobody could open, before anything is unpacked."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._archive = zipfile.ZipFile(BytesIO(data))
        self._entries = {entry.filename: entry for entry in self._archive.infolist()}
        self._names = {name.casefold(): name for name in self._entries}
        textual = (entry for name, entry in self._entries.items() if name.casefold().endswith(_TEXTUAL))
        if sum(entry.file_size for entry in textual) > LARGEST:
            raise TooLarge
        #: Changed parts: the new content, a document that is still being changed, or None for a removed part.
        self._changed: dict[str, Pieces | Node | None] = {}
        self._trees: dict[str, Node] = {}
        self._relations: dict[str, dict[str, Relation]] = {}
        self._numbers: dict[str, Iterator[int]] = defaultdict(partial(count, 1))  # not tried yet for ids, by part

    def has(self, part: str) -> bool:
        return self._changed[part] is not None if part in self._changed else part.casefold() in self._names

    def read(self, part: str) -> bytes:
        """The part as it is. Raises `KeyError` if there is none."""
        if (changed := self._changed.get(part)) is not None:
            return b"".join(_pieces(changed))
        entry = self._entries[self._names[part.casefold()]]
        if entry.file_size > LARGEST:
            raise TooLarge
        return self._archive.read(entry)

    def mark(self, *parts: str) -> bytes:
        """A digest of these parts as the file has them, which tells without unpacking whether they have changed."""
        entries = [self._entries.get(self._names.get(part.casefold(), "")) for part in parts]
        told = sha256(repr([one and (one.compress_type, one.compress_size) for one in entries]).encode())
        for entry in filter(None, entries):
            told.update(self._packed(entry))
        return told.digest()

    def tree(self, part: str) -> Node:
        """The part's root element, only to look at. Raises `KeyError` for no part, `ExpatError` for invalid XML."""
        if part not in self._trees:
            self._trees[part] = cut(normalized(self.read(part), comments=True).decode())
        return self._trees[part].nodes[0]

    def relations(self, part: str) -> dict[str, Relation]:
        """The references of `part` (of the file itself if `part` is empty), by their ids."""
        if part not in self._relations:
            rels = rels_of(part)
            found = (self._relation(node, part) for node in (self.tree(rels).nodes if self.has(rels) else ()))
            self._relations[part] = {relation.id: relation for relation in found}
        return self._relations[part]

    def related(self, part: str, kind: str) -> str:
        """The first part of this kind that `part` refers to and that is there; empty if there is none."""
        kin = (one.target for one in self.relations(part).values() if one.kind == kind and not one.external)
        return next(filter(self.has, kin), "")

    @cached_property
    def workbook(self) -> str:
        return self.related("", "officeDocument") or "xl/workbook.xml"

    @cached_property
    def is_strict(self) -> bool:
        """Whether the file is in the strict format. Raises `ValueError` if it is no workbook."""
        root = self.tree(self.workbook)
        space = root.get(f"xmlns:{root.prefix}".strip(":"))
        if root.local != "workbook" or space not in (MAIN, _STRICT[MAIN]):
            raise ValueError("no workbook")
        return space != MAIN

    @cached_property
    def shift(self) -> int:
        """How many days later its calendar begins than ours: not 0 for files of Excel on old Macs."""
        return _MAC_OFFSET if self.tree(self.workbook).find("workbookPr").flag("date1904") else 0

    def sheets(self) -> Iterator[tuple[str, str, bool]]:
        """Every worksheet in order: title, part, and whether it is hidden. Raises `ValueError`, `KeyError`."""
        relations = self.relations(self.workbook)
        if self.is_strict is None or not (found := self.tree(self.workbook).find("sheets")):
            raise ValueError("no workbook")
        for sheet in found.each("sheet"):
            if (reference := sheet.reference()) and (relation := relations[reference]).kind == "worksheet":
                yield sheet.get("name"), relation.target, sheet.get("state", "visible") != "visible"

    def speaks_of(self, title: str) -> bool:
        """Whether a formula, a defined name, a chart or a pivot table refers to a worksheet."""
        told = re.compile(rf"{(name := re.escape(title))}(?:'|&apos;|&#39;)?!|sheet=\"{name}\"".encode())
        return any(told.search(self.read(one)) for one in self._entries if one.casefold().endswith(_TEXTUAL))

    def edit(self, part: str) -> Node:
        """The part's root element, to be changed."""
        root = self.tree(part)
        self._changed[part] = self._trees[part]
        return root

    def write(self, part: str, content: str | Pieces) -> None:
        """Give an existing part another content."""
        self._changed[part] = [content.encode()] if isinstance(content, str) else content
        self._trees.pop(part, None)

    def add(self, owner: str, kind: str, name: str, content: str, content_type: str) -> tuple[str, str]:
        """Add a part that `owner` refers to, a number for ``{}`` in its `name`; returns its reference's id and it."""
        part = next(part for number in count(1) if not self.has(part := name.format(number)))
        self.write(part, self.in_its_format(content))
        self._types_without(part).add("Override", PartName=f"/{part}", ContentType=content_type)
        return self.relate(owner, kind, f"/{part}"), part

    def in_its_format(self, content: str) -> str:
        """XML with the usual namespaces, changed to the strict ones if the file has those."""
        for usual, strict in _STRICT.items() if self.is_strict else ():
            content = content.replace(usual, strict)
        return content

    def relate(self, part: str, kind: str, target: str, *, external: bool = False) -> str:
        """Make `part` refer to another part, or to an address; returns the reference's id."""
        if not self.has(rels := rels_of(part)):
            self.write(rels, _RELATIONSHIPS)
        taken = self.relations(part)
        id = next(id for number in self._numbers[part] if (id := f"robot{number}") not in taken)
        told = {"Id": id, "Type": f"{self.in_its_format(OFFICE)}/{kind}", "Target": target}
        node = self.edit(rels).add("Relationship", **told, **({"TargetMode": "External"} if external else {}))
        taken[id] = self._relation(node, part)
        return id

    def reference(self, id: str) -> dict[str, str]:
        """The attributes of an element that refers to a part by this id."""
        return {"xmlns:r": self.in_its_format(OFFICE), "r:id": id}

    def unrelate(self, part: str, ids: set[str]) -> None:
        """Remove references of `part`."""
        if ids:
            root = self.edit(rels_of(part))
            root.children = [one for one in root.children if isinstance(one, str) or one.get("Id") not in ids]
            self._relations.pop(part, None)

    def remove(self, owner: str, part: str) -> None:
        """Remove a part from the file, with its owner's reference to it."""
        found = self.relations(owner).values()
        self.unrelate(owner, {one.id for one in found if one.target == part and not one.external})
        for name in (part, rels_of(part)):
            self._changed[name] = None
            self._trees.pop(name, None)
        self._relations.pop(part, None)
        self._types_without(part)

    def _types_without(self, part: str) -> Node:
        """The list of the parts' content types, after removing that of `part`."""
        types = self.edit(_TYPES)
        types.children = [one for one in types.children if isinstance(one, str) or one.get("PartName") != f"/{part}"]
        return types

    def saved(self) -> bytes:
        """The file as it is now; unchanged parts are copied byte by byte, still packed."""
        stream = BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
            for name in self._entries | self._changed:
                if name not in self._changed:
                    self._copy(self._entries[name], archive, stream)
                elif (changed := self._changed[name]) is not None:
                    with archive.open(name, "w") as entry:
                        entry.writelines(filter(None, _pieces(changed)))
        return stream.getvalue()

    def _relation(self, node: Node, owner: str) -> Relation:
        told = node.items()
        target, external = intern(told.get("Target", "")), told.get("TargetMode") == "External"
        if not external:
            target = posixpath.normpath(posixpath.join("/", posixpath.dirname(owner), target)).lstrip("/")
            target = self._names.get(target.casefold(), target)
        return Relation(told.get("Id", ""), intern(told.get("Type", "").rpartition("/")[2]), target, external)

    def _copy(self, entry: zipfile.ZipInfo, archive: zipfile.ZipFile, stream: BytesIO) -> None:
        """Copy an entry, still packed, into another archive."""
        copied = copy(entry)
        copied.extra = b""
        copied.flag_bits &= ~0x08  # its sizes stand before the data, not behind
        copied.header_offset = stream.tell()
        stream.write(copied.FileHeader())
        stream.write(self._packed(entry))
        archive.filelist.append(copied)
        archive.NameToInfo[copied.filename] = copied
        archive.start_dir = stream.tell()

    def _packed(self, entry: zipfile.ZipInfo) -> memoryview:
        name_length, extra_length = struct.unpack_from("<HH", self._data, entry.header_offset + 26)
        start = entry.header_offset + 30 + name_length + extra_length
        return memoryview(self._data)[start : start + entry.compress_size]


def _pieces(content: Pieces | Node) -> Pieces:
    return [str(content).encode()] if isinstance(content, Node) else content


def rels_of(part: str) -> str:
    """The name of the part with the references of `part`."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")
