"""One spreadsheet in the hands of people, whichever kind it is: tabs of cells that can be put anew."""

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol
from xml.sax.saxutils import escape, quoteattr

from openpyxl.utils import get_column_letter

from automation.cases.events import JOURNAL
from automation.model.cells import Link, Value
from automation.sheets.local import workbook as xlsx
from tests.sheets_server import structure
from tests.sheets_server.model import Book as GoogleBook, Cell, Failure, Row, Sheet, once_a_row
from tests.sheets_server.resource import hyperlink

Rows = list[list[Value]]
#: A tab's grid on Google, beyond what stands in it: small, for the sake of speed.
SPARE_ROWS, SPARE_COLUMNS = 12, 4


#: By spreadsheet, the tabs that were put away with a year: people leave them alone from then on.
AWAY: defaultdict[str, set[str]] = defaultdict(set)


class Desk(Protocol):
    """Somebody's view of one spreadsheet. `source` is what the robot calls it, `name` what people do."""

    source: str
    name: str

    def titles(self) -> list[str]:
        """The tabs, in their order, but for those that were put away."""

    def put_away(self) -> list[str]:
        """Those."""

    def title_of(self, key: str) -> str:
        """What the tab is called that the robot knows by this key."""

    def rows(self, title: str) -> Rows:
        """What a tab holds; the caller may change it, and `put` it."""

    def put(self, title: str, rows: Rows) -> None:
        """Let a tab hold this and nothing else."""

    def add(self, title: str, rows: Rows) -> None:
        """A new tab at the end."""

    def remove(self, title: str) -> None:
        """Delete a tab."""

    def rename(self, old: str, new: str) -> None:
        """Give a tab another title."""

    def version(self) -> object:
        """All of it, to come back to."""

    def restore(self, version: object) -> None:
        """Come back to an earlier version."""


def trimmed(rows: Iterable[Iterable[Any]]) -> Rows:
    kept: Rows = []
    for row in rows:
        cells = list(row)
        while cells and cells[-1] in (None, ""):
            cells.pop()
        kept.append(cells)
    while kept and not kept[-1]:
        kept.pop()
    return kept


#: The ids of what people protect begin here.
PEOPLES = 500_000_000


class GoogleDesk:
    def __init__(self, book: GoogleBook) -> None:
        self.book = book
        self.source, self.name = book.id, book.title

    def titles(self) -> list[str]:
        return [sheet.title for sheet in self.book.sheets if sheet.title not in AWAY[self.source]]

    def put_away(self) -> list[str]:
        return [sheet.title for sheet in self.book.sheets if sheet.title in AWAY[self.source]]

    def title_of(self, key: str) -> str:
        return next((sheet.title for sheet in self.book.sheets if str(sheet.id) == key), key)

    def rows(self, title: str) -> Rows:
        return google_rows(self._sheet(title).rows)

    def put(self, title: str, rows: Rows) -> None:
        sheet = self._sheet(title)
        sheet.rows = [tuple(_CELLS(value) for value in row) for row in rows]
        sheet.grid["rowCount"] = max(sheet.row_count, len(rows) + 1)
        sheet.grid["columnCount"] = max([sheet.column_count, *map(len, rows)])

    def add(self, title: str, rows: Rows) -> None:
        id = max(sheet.id for sheet in self.book.sheets) + 1
        width = max(map(len, rows), default=1) + SPARE_COLUMNS
        self.book.add_sheet(title, id=id, rows=len(rows) + SPARE_ROWS, columns=width)
        self.put(title, rows)

    def remove(self, title: str) -> None:
        structure.remove_sheet(self.book, self._sheet(title))

    def rename(self, old: str, new: str) -> None:
        structure.retitle(self.book, self._sheet(old), new)

    def version(self) -> GoogleBook:
        return self.book.copy()

    def restore(self, version: object) -> None:
        assert isinstance(version, GoogleBook)
        self.book.become(version.copy())

    def protect(self, title: str, number: int, area: Mapping[str, int]) -> None:
        """Keep robots out of a part of a tab."""
        grid = {"range": {"sheetId": self._sheet(title).id, **area}, "editors": {"users": ["koordinator@example.org"]}}
        self.book.protected[PEOPLES + number] = grid

    def unprotect(self) -> bool:
        """Lift what people have protected; whether there was anything."""
        ours = [id for id in self.book.protected if PEOPLES <= id < 2 * PEOPLES]
        return bool([self.book.protected.pop(id) for id in ours])

    def is_protected(self, title: str) -> bool:
        """Whether people keep robots out of a part of a tab."""
        sheet = self.book.by_title(title)
        mine = ((id, one["range"].get("sheetId")) for id, one in self.book.protected.items())
        return sheet is not None and any(PEOPLES <= id < 2 * PEOPLES and of == sheet.id for id, of in mine)

    def lose_fence(self) -> None:
        """Delete the robot's named range that counts, as somebody may who tidies up; the lasting ones stay."""
        self.book.named = {
            key: named for key, named in self.book.named.items() if not key.removeprefix("robot_").strip("0")
        }

    def _sheet(self, title: str) -> Sheet:
        sheet = self.book.by_title(title)
        assert sheet is not None, title
        return sheet


def google_rows(rows: Sequence[Row]) -> Rows:
    """The values of a tab on Google."""
    return trimmed(map(_values, rows))


@once_a_row
def _values(row: Row) -> list[Value]:
    return next(iter(trimmed([map(_value, row)])), [])


def _value(cell: Cell) -> Value:
    if isinstance(cell.value, Failure):
        return None
    if cell.format and isinstance(cell.value, str) and (address := hyperlink(cell)):
        return Link(cell.value, address)
    return cell.value


_KNOWN: dict[tuple[type, Value], Cell] = {}


def _CELLS(value: Value) -> Cell:
    """Most cells hold what many others hold too."""
    if isinstance(value, Link):  # it is cut, pasted and sorted with its cell
        return Cell(value=str(value), format={"textFormat": {"link": {"uri": value.address}}})
    key = (type(value), value)
    if key not in _KNOWN:
        text = str(value) if isinstance(value, str) else value  # a heading is more than its text
        _KNOWN[key] = Cell(value=None if text == "" else text)  # type: ignore[arg-type]
    return _KNOWN[key]


class LocalDesk:
    """An xlsx file. What people change is saved when the robot is about to look (`save`): nobody could tell the
    difference."""

    def __init__(self, path: Path, source: str) -> None:
        self.path, self.source, self.name = path, source, path.stem
        self._tabs: dict[str, Rows] = {}
        self._saved = b""
        self._dirty = False

    def titles(self) -> list[str]:
        return [title for title in self._current() if title not in AWAY[self.source]]

    def put_away(self) -> list[str]:
        return [title for title in self._current() if title in AWAY[self.source]]

    def title_of(self, key: str) -> str:
        return key

    def rows(self, title: str) -> Rows:
        return [list(row) for row in self._current()[title]]

    def put(self, title: str, rows: Rows) -> None:
        self._current()[title] = trimmed(rows)
        self._dirty = True

    def add(self, title: str, rows: Rows) -> None:
        self.put(title, rows)

    def remove(self, title: str) -> None:
        del self._current()[title]
        self._dirty = True

    def rename(self, old: str, new: str) -> None:
        self._tabs = {new if title == old else title: rows for title, rows in self._current().items()}
        self._dirty = True

    def version(self) -> dict[str, Rows]:
        return {title: [list(row) for row in rows] for title, rows in self._current().items()}

    def restore(self, version: object) -> None:
        assert isinstance(version, dict)
        self._current()
        self._tabs = {title: [list(row) for row in rows] for title, rows in version.items()}
        self._dirty = True

    def save(self) -> None:
        if self._dirty:
            self._saved = file_of(self._tabs)
            self.path.write_bytes(self._saved)
            self._dirty = False

    def _current(self) -> dict[str, Rows]:
        if not self._dirty and (data := self.path.read_bytes()) != self._saved:
            self._saved = data
            self._tabs = tabs_of(data)
        return self._tabs


def tabs_of(data: bytes) -> dict[str, Rows]:
    return {tab.title: trimmed(tab.rows) for tab in xlsx.read_tabs(data, "")}


def file_of(tabs: dict[str, Rows]) -> bytes:
    """An xlsx file with these tabs, as a small office program may write it: openpyxl would take most of the time."""
    sheets = [
        f'<sheet name="{escape(title, QUOTED)}" sheetId="{at}" r:id="r{at}"'
        f"{' state=' + quoteattr('hidden') if title == JOURNAL else ''}/>"
        for at, title in enumerate(tabs, start=1)
    ]
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{_RELS}"/>'
        f'<Default Extension="xml" ContentType="{_SHEET}.worksheet+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET}.sheet.main+xml"/></Types>',
        "_rels/.rels": _relations([("r1", "officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f"<sheets>{''.join(sheets)}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _relations(
            [(f"r{at}", "worksheet", f"worksheets/sheet{at}.xml") for at in range(1, len(tabs) + 1)]
        ),
    }
    for at, rows in enumerate(tabs.values(), start=1):
        body = "".join(f'<row r="{r}">{_cells(r, row)}</row>' for r, row in enumerate(rows, start=1))
        parts[f"xl/worksheets/sheet{at}.xml"] = f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return out.getvalue()


QUOTED = {'"': "&quot;"}
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "application/vnd.openxmlformats-package.relationships+xml"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _relations(targets: Iterable[tuple[str, str, str]]) -> str:
    each = (f'<Relationship Id="{id}" Type="{_OFFICE}/{kind}" Target="{target}"/>' for id, kind, target in targets)
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(each)}</Relationships>'


def _cells(row: int, cells: Sequence[Value]) -> str:
    found = []
    for column, value in enumerate(cells, start=1):
        at = f"{get_column_letter(column)}{row}"
        if isinstance(value, (int, float)):
            found.append(f'<c r="{at}"><v>{value}</v></c>')
        elif value is not None:
            text = escape(str(value))
            found.append(f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>')
    return "".join(found)
