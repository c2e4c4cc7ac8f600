"""What cells look like: the styles part of a workbook, to which the robot's styles are added at the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from openpyxl.styles.colors import COLOR_INDEX
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_REVERSE, is_date_format

from automation.sheets.local.markup import Node
from automation.sheets.local.package import MAIN, Package
from automation.sheets.looks import Style

GENERAL, TEXT_FORMAT = "General", "@"
#: Day, month and year as Indonesians write them.
DATE_FORMAT = "dd/mm/yyyy"

_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
#: What a workbook looks like that says nothing of it.
_BARE = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_ORDER = (
    *("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles"),
    *("colors", "extLst"),
)
_FIRST_OWN_FORMAT = 164
_BLACK, _GREY, _LINK_BLUE = "000000", "FFBFBFBF", "FF0563C1"
_SIDES = ("left", "right", "top", "bottom")


class Styles:
    """The styles of a workbook. A cell names its style by number."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._part = package.related(package.workbook, "styles")
        self._known: dict[str, dict[str, int]] = {}
        self._dates: dict[int, bool] = {}
        self._shown: dict[int, Style] = {}

    def dates(self) -> frozenset[int]:
        """The styles that show a date or a time."""
        return frozenset(filter(self.shows_date, range(len(self._all("cellXfs")))))

    def shows_date(self, style: int) -> bool:
        """Whether a style shows numbers as dates or times."""
        if style not in self._dates:
            self._dates[style] = is_date_format(self.number_format(style))
        return self._dates[style]

    def number_format(self, style: int) -> str:
        """The code by which a style shows numbers."""
        id = self._xf(style).get("numFmtId", "0")
        own = next((one for one in self._all("numFmts") if one.get("numFmtId") == id), None)
        return own.get("formatCode") if own is not None else BUILTIN_FORMATS.get(int(id), GENERAL)

    def is_plain(self, style: int) -> bool:
        """Whether nobody gave it colours, borders, a format or wrapping."""
        xf = self._xf(style)
        ids = (xf.get(name, "0") for name in ("fillId", "borderId", "numFmtId"))
        return set(ids) == {"0"} and not _aligned(xf).flag("wrapText")

    def is_wrapped(self, style: int) -> bool:
        """Whether long text goes on in another line."""
        return _aligned(self._xf(style)).flag("wrapText")

    def is_low(self, style: int) -> bool:
        """Whether text stands at the bottom of its cell, as it does where nobody says anything."""
        return _aligned(self._xf(style)).get("vertical", "bottom") == "bottom"

    def shown(self, style: int) -> Style:
        """What a cell of this style looks like. Colours of the workbook's theme have a name of their own."""
        if style not in self._shown:
            self._shown[style] = self._look(style)
        return self._shown[style]

    def _look(self, style: int) -> Style:
        xf = self._xf(style)
        font, aligned = self._part_of(xf, "fonts", "fontId"), _aligned(xf)
        bottom = self._part_of(xf, "borders", "borderId").find("bottom")
        return Style(
            fill=_fill(self._part_of(xf, "fills", "fillId")),
            ink=_ink(font.find("color")),
            bold=_is_on(font, "b"),
            italic=_is_on(font, "i"),
            struck=_is_on(font, "strike"),
            underlined=_is_on(font, "u"),
            size=_size(font),
            wrapped=aligned.flag("wrapText"),
            centred=aligned.get("horizontal") == "center",
            boxed=bottom is not None and bottom.get("style", "none") != "none",
        )

    def usual_size(self) -> int | None:
        """The size in points in which the workbook shows what says nothing of its size."""
        fonts = self._all("fonts")
        return _size(fonts[0]) if fonts else None

    # New styles

    def with_format(self, style: int, code: str) -> int:
        """The style, but showing numbers by this code."""
        return self._changed(style, lambda xf: xf.set(numFmtId=self._format(code), applyNumberFormat=1))

    def quoted(self, style: int) -> int:
        """The style, but keeping Excel from running text like a formula when somebody edits its cell."""
        return self._changed(style, lambda xf: xf.set(quotePrefix=1))

    def as_link(self, style: int) -> int:
        """The style, but with the font of a link."""
        font = self._part_of(self._xf(style), "fonts", "fontId").copy()
        font.discard("u", "color")
        font.add("u")
        font.add("color", rgb=_LINK_BLUE)
        return self._changed(style, lambda xf: xf.set(fontId=self._added("fonts", font), applyFont=1))

    def at_top(self, style: int, *, wrapped: bool) -> int:
        """The style, but with its text at the top unless people chose otherwise, and wrapped if so wished."""

        def align(xf: Node) -> None:
            alignment = _own_alignment(xf)
            if wrapped:
                alignment.set(wrapText=1)
            if alignment.get("vertical", "bottom") == "bottom":  # as LibreOffice spells out the default
                alignment.set(vertical="top")

        return self._changed(style, align)

    def wearing(self, style: int, wished: Style) -> int:
        """The style, but looking as wished."""
        worn = self.shown(style)

        def wear(xf: Node) -> None:
            font = self._part_of(xf, "fonts", "fontId").copy()
            font.discard("b", "i", "strike", "u", "color", "sz")
            _fill_font(font, wished)
            xf.set(fontId=self._added("fonts", font), applyFont=1)
            if wished.fill != worn.fill:
                fill = Node(font.prefix + "fill")
                pattern = fill.add("patternFill", patternType="none" if wished.fill is None else "solid")
                if wished.fill is not None:
                    pattern.add("fgColor", rgb=f"FF{wished.fill}")
                xf.set(fillId=self._added("fills", fill), applyFill=1)
            alignment = _own_alignment(xf)
            alignment.set(wrapText=1 if wished.wrapped else None)
            if wished.centred != worn.centred:
                alignment.set(horizontal="center" if wished.centred else None)
            alignment.set(vertical="top" if wished.wrapped and not wished.centred else "center")
            if wished.boxed != worn.boxed:
                xf.set(borderId=self._added("borders", _border(font.prefix, boxed=wished.boxed)), applyBorder=1)

        return self._changed(style, wear)

    def differential(self, style: Style) -> int:
        """The number of what a rule changes of the cells where it holds."""
        prefix = self._root().prefix
        dxf = Node(prefix + "dxf")
        _fill_font(dxf.add("font"), style)
        if style.fill is not None:
            dxf.add("fill").add("patternFill", patternType="solid").add("bgColor", rgb=f"FF{style.fill}")
        if style.boxed:
            dxf.insert(_border(prefix, boxed=True))
        return self._added("dxfs", dxf)

    def _root(self) -> Node:
        if not self._part:
            package, usual = self._package, "xl/styles.xml"  # some programs look for it nowhere else
            name = "xl/styles{}.xml" if package.has(usual) else usual
            _, self._part = package.add(package.workbook, "styles", name, _BARE, _CONTENT_TYPE)
        return self._package.tree(self._part)

    def _all(self, section: str) -> list[Node]:
        where = self._root().find(section) if self._part else None
        return where.nodes if where is not None else []

    def _xf(self, style: int) -> Node:
        xfs = self._all("cellXfs")
        return xfs[style] if style < len(xfs) else Node("xf")

    def _part_of(self, xf: Node, section: str, name: str) -> Node:
        number, parts = int(xf.get(name, "0")), self._all(section)
        return parts[number] if number < len(parts) else Node(self._root().prefix + section[:-1])

    def _changed(self, style: int, change: Callable[[Node], object]) -> int:
        self._root()
        xf = self._xf(style).copy()
        change(xf)
        return self._added("cellXfs", xf)

    def _format(self, code: str) -> int:
        formats = self._all("numFmts")
        known = next((int(one.get("numFmtId")) for one in formats if one.get("formatCode") == code), None)
        id = BUILTIN_FORMATS_REVERSE.get(code, known)
        if id is None:
            id = max((int(one.get("numFmtId")) for one in formats), default=_FIRST_OWN_FORMAT - 1) + 1
            self._added("numFmts", Node(self._root().prefix + "numFmt", {"numFmtId": id, "formatCode": code}))
        return id

    def _added(self, section: str, node: Node) -> int:
        """The number of a node in its section, at the end of which it is put if it is new."""
        if section not in self._known:
            self._known[section] = {}
            for at, one in enumerate(self._all(section)):
                self._known[section].setdefault(str(one), at)
        known = self._known[section]
        if (text := str(node)) not in known:
            where = self._package.edit(self._part).ensure(section, _ORDER)
            where.insert(node)
            known[text] = len(where.nodes) - 1
            where.set(count=len(where.nodes))
        return known[text]


def upon(worn: Style, style: Style) -> Style:
    """One style upon another: what it wishes nothing of, the other says."""
    return Style(
        fill=style.fill or worn.fill,
        ink=style.ink or worn.ink,
        bold=worn.bold or style.bold,
        italic=worn.italic or style.italic,
        struck=worn.struck or style.struck,
        underlined=worn.underlined or style.underlined,
        size=style.size or worn.size,
        wrapped=worn.wrapped or style.wrapped,
        centred=worn.centred or style.centred,
        boxed=worn.boxed or style.boxed,
    )


def comparable(style: Style) -> Style:
    """Black ink is what there is without any."""
    ink = style.ink.upper() if style.ink is not None and style.ink != _BLACK else None
    return replace(style, ink=ink, fill=style.fill and style.fill.upper())


def _aligned(xf: Node) -> Node:
    return xf.find("alignment") or Node("alignment")


def _own_alignment(xf: Node) -> Node:
    xf.set(applyAlignment=1)
    return xf.ensure("alignment", ("alignment", "protection", "extLst"))


def _is_on(font: Node, name: str) -> bool:
    switch = font.find(name)
    return switch is not None and switch.get("val", "1") not in ("0", "false", "none")


def _size(font: Node) -> int | None:
    size = font.find("sz")
    return None if size is None else float(size.get("val"))  # type: ignore[return-value] # 10.5 is one, too


def _fill_font(font: Node, style: Style) -> None:
    switches = (("b", style.bold), ("i", style.italic), ("strike", style.struck), ("u", style.underlined))
    for at, name in enumerate(name for name, on in switches if on):
        font.children.insert(at, Node(font.prefix + name))
    if style.ink is not None:
        font.add("color", rgb=f"FF{style.ink}")
    if style.size is not None:
        font.add("sz", val=f"{style.size:g}")


def _border(prefix: str, *, boxed: bool) -> Node:
    border = Node(prefix + "border")
    for side in _SIDES:
        line = border.add(side)
        if boxed:
            line.set(style="thin").add("color", rgb=_GREY)
    border.add("diagonal")
    return border


def _fill(fill: Node) -> str | None:
    pattern = fill.find("patternFill")
    if pattern is None:
        return "gradient" if fill.nodes else None
    kind = pattern.get("patternType", "none")
    if kind == "none":
        return None
    return _named(pattern.find("fgColor") or Node("", {"rgb": "00000000"})) if kind == "solid" else kind


def _ink(color: Node | None) -> str | None:
    """None for what is black by default."""
    if color is None or color.flag("auto") or color.get("theme") == "1":
        return None
    named = _named(color)
    return None if named == _BLACK else named


def _named(color: Node) -> str | None:
    """``RRGGBB``, or a word for a colour of the workbook's theme; None for the window's own."""
    if rgb := color.get("rgb"):
        return rgb[-6:].upper()
    if indexed := color.get("indexed"):
        return COLOR_INDEX[int(indexed)][-6:].upper() if int(indexed) < len(COLOR_INDEX) else None
    return f"theme {color.get('theme')}"
