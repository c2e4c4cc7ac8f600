"""Changing an xlsx file part by part, as Excel and other programs write what openpyxl cannot."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

from automation.sheets.local.drawings import Drawn, drawn_in
from automation.sheets.local.package import Package

SHEET = "xl/worksheets/sheet1.xml"
WORKBOOK = "xl/workbook.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OFFICE_TYPES = "http://schemas.microsoft.com/office/2017/10/relationships"


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write_parts(path: Path, content: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)


def replace_in(path: Path, part: str, old: str, new: str) -> None:
    """Replace text that must stand in a part."""
    content = parts(path)
    assert old.encode() in content[part], f"{old} is not in {part}: {content[part][:2000]!r}"
    content[part] = content[part].replace(old.encode(), new.encode())
    write_parts(path, content)


def add_before_margins(path: Path, xml: str) -> None:
    replace_in(path, SHEET, "<pageMargins", xml + "<pageMargins")


def add_at_end(path: Path, xml: str) -> None:
    replace_in(path, SHEET, "</worksheet>", xml + "</worksheet>")


def relate(path: Path, owner: str, kind: str, name: str, content: str, *, base: str = TYPES) -> None:
    """Add a part and let another one refer to it."""
    folder, _, file = owner.rpartition("/")
    rels = f"{folder}/_rels/{file}.rels".lstrip("/")
    content_by_name = parts(path)
    content_by_name[name] = content.encode()
    relation = f'<Relationship Id="rIdX{len(content_by_name)}" Type="{base}/{kind}" Target="/{name}"/>'
    head = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    before = content_by_name.get(rels, f"{head}</Relationships>".encode())
    content_by_name[rels] = before.replace(b"</Relationships>", relation.encode() + b"</Relationships>")
    write_parts(path, content_by_name)


def charts_in(path: Path, title: str) -> list[Drawn]:
    package = Package(path.read_bytes())
    return [chart for name, part, _ in package.sheets() if name == title for chart in drawn_in(package, part)]
