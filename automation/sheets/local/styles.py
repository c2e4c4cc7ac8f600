"""The styles part of a workbook, to which the robot adds its own styles at the end."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from openpyxl import Workbook
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_REVERSE, is_date_format
from openpyxl.styles.stylesheet import write_stylesheet
from openpyxl.xml.functions import tostring

from automation.model.cells import Value
from automation.reading.dates import read_date
from automation.sheets.local.markup import Node
from automation.sheets.local.package import Package

GENERAL, TEXT_FORMAT = "General", "@"
#: Day, month and year as Indonesians write them.
DATE_FORMAT = "dd/mm/yyyy"

_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_ORDER = (
    *("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles"),
    *("colors", "extLst"),
)
_FIRST_OWN_FORMAT = 164
_LINK_BLUE = "FF0563C1"

T = TypeVar("T")


class Styles:
    """The styles of a workbook. A cell names its style by number."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._part = package.related(package.workbook, "styles")
        self._sections: dict[str, list[Node]] = {}
        self._known: dict[str, dict[str, int]] = {}
        self._made: dict[Hashable, Any] = {}

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` returns, called only once for a key: existing styles never change, others are only added."""
        made: T = self._made[key] if key in self._made else self._made.setdefault(key, make())
        return made

    def shows_date(self, style: int) -> bool:
        return self.once(("date", style), lambda: is_date_format(self.number_format(style)))

    def number_format(self, style: int) -> str:
        id = self.xf(style).get("numFmtId", "0")
        own = (one.get("formatCode") for one in self.all("numFmts") if one.get("numFmtId") == id)
        return next(own, BUILTIN_FORMATS.get(int(id), GENERAL))

    def is_plain(self, style: int) -> bool:
        """Whether the style has no fill, border, format or wrapping."""
        xf = self.xf(style)
        ids = (xf.get(name, "0") for name in ("fillId", "borderId", "numFmtId"))
        return set(ids) == {"0"} and not self.alignment(style)[0]

    def alignment(self, style: int) -> tuple[bool, bool]:
        """Whether text is wrapped; and whether people or the robot chose its vertical place (such as the top)."""
        alignment = self.xf(style).find("alignment")
        return alignment.flag("wrapText"), alignment.get("vertical", "bottom") != "bottom"

    def with_format(self, style: int, code: str) -> int:
        return self.changed(style, code, lambda xf: xf.set(numFmtId=self._format(code), applyNumberFormat=1))

    def as_link(self, style: int) -> int:
        def link(xf: Node) -> None:
            font = self.part_of(xf, "fonts", "fontId").copy()
            font.discard("u", "color")
            font.add("u")
            font.add("color", rgb=_LINK_BLUE)
            xf.set(fontId=self.added("fonts", font), applyFont=1)

        return self.changed(style, "link", link)

    def at_top(self, style: int, *, wrapped: bool) -> int:
        """The style, but with its text at the top (unless people chose another place), and wrapped if `wrapped`."""

        def align(xf: Node) -> None:
            alignment = alignment_of(xf)
            if wrapped:
                alignment.set(wrapText=1)
            if alignment.get("vertical", "bottom") == "bottom":  # as LibreOffice spells out the default
                alignment.set(vertical="top")

        return self.changed(style, ("top", wrapped), align)

    def root(self) -> Node:
        """The part's root element, made if there is none."""
        if not self._part:
            package, usual = self._package, "xl/styles.xml"  # some programs look for it nowhere else
            name = "xl/styles{}.xml" if package.has(usual) else usual
            usual_styles = tostring(write_stylesheet(Workbook())).decode()
            _, self._part = package.add(package.workbook, "styles", name, usual_styles, _CONTENT_TYPE)
        return self._package.tree(self._part)

    def all(self, section: str) -> list[Node]:
        """The nodes of a section, by number."""
        if self._part and section not in self._sections:
            self._sections[section] = self.root().find(section).nodes
        return self._sections.get(section, [])

    def xf(self, style: int) -> Node:
        return next(iter(self.all("cellXfs")[style : style + 1]), Node("xf"))

    def part_of(self, xf: Node, section: str, name: str) -> Node:
        """The font, fill or border that a format refers to."""
        parts, at = self.all(section), int(xf.get(name, "0"))
        return parts[at] if at < len(parts) else Node(self.root().prefix + section[:-1])

    def changed(self, style: int, how: Hashable, change: Callable[[Node], object]) -> int:
        """The style with its format changed; made only once for each kind of change, which `how` names."""

        def make() -> int:
            self.root()
            xf = self.xf(style).copy()
            change(xf)
            return self.added("cellXfs", xf)

        return self.once((style, how), make)

    def _format(self, code: str) -> int:
        formats = self.all("numFmts")
        known = next((int(one.get("numFmtId")) for one in formats if one.get("formatCode") == code), None)
        if (id := BUILTIN_FORMATS_REVERSE.get(code, known)) is None:
            id = max((int(one.get("numFmtId")) for one in formats), default=_FIRST_OWN_FORMAT - 1) + 1
            self.added("numFmts", Node(self.root().prefix + "numFmt", {"numFmtId": id, "formatCode": code}))
        return id

    def added(self, section: str, node: Node) -> int:
        """The number of a node in its section; a new node is added at the end."""
        if section not in self._known:
            self._known[section] = {str(one): at for at, one in reversed([*enumerate(self.all(section))])}
        known, nodes = self._known[section], self.all(section)
        if (text := str(node)) not in known:
            known[text] = len(nodes)
            nodes.append(self._package.edit(self._part).ensure(section, _ORDER).set(count=len(nodes) + 1).insert(node))
        return known[text]


def alignment_of(xf: Node) -> Node:
    """The alignment of a cell's format, to be changed."""
    xf.set(applyAlignment=1)
    return xf.ensure("alignment", ("alignment", "protection", "extLst"))


def shown_date(serial: float) -> Value:
    """A date, a time of day or both, as people see them. A number that is neither stays a number."""
    day, seconds = read_date(serial), round(serial % 1 * 86_400)
    if seconds == 86_400 or (day is None and not 0 < serial < 1):
        return serial
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}" + (f":{seconds % 60:02}" if seconds % 60 else "")
    return clock if day is None else f"{day:%d/%m/%Y}" + (f" {clock}" if seconds else "")
