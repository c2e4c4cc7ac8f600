"""Translates between the styles of `looks` and those of a workbook."""

from msgspec.structs import replace
from openpyxl.styles.colors import COLOR_INDEX

from automation.sheets.local.markup import Node
from automation.sheets.local.styles import Styles, alignment_of
from automation.sheets.looks.model import Style

_BLACK, _GREY = "000000", "FFBFBFBF"
_SIDES = ("left", "right", "top", "bottom")
#: The switches of a font, in the order that programs insist on.
_SWITCHES = {"b": "bold", "i": "italic", "strike": "struck", "u": "underlined"}


def style_of(styles: Styles, style: int) -> Style:
    """The look of a cell with this style. Colours of the workbook's theme are named ``theme <number>``."""

    def look() -> Style:
        xf = styles.xf(style)
        font, aligned = styles.part_of(xf, "fonts", "fontId"), xf.find("alignment")
        switches = {field: font.find(name) for name, field in _SWITCHES.items()}
        worn = Style(
            fill=_fill(styles.part_of(xf, "fills", "fillId")),
            ink=_ink(font.find("color")),
            size=_size(font),
            wrapped=aligned.flag("wrapText"),
            centred=aligned.get("horizontal") == "center",
            boxed=styles.part_of(xf, "borders", "borderId").find("bottom").get("style", "none") != "none",
            **{field: bool(one) and one.get("val") not in ("0", "false", "none") for field, one in switches.items()},
        )
        return without_defaults(styles, worn)

    return styles.once(("shown", style), look)


def without_defaults(styles: Styles, style: Style) -> Style:
    """The style without defaults: black ink, and letters of the usual size."""
    usual = next(map(_size, styles.all("fonts")), None)
    ink, fill = (colour and colour.upper() for colour in (style.ink, style.fill))
    size = None if style.size == usual else style.size
    return replace(style, ink=None if ink == _BLACK else ink, fill=fill, size=size)


def wearing(styles: Styles, style: int, wished: Style) -> int:
    """The number of a style like this one, but with the look that is `wished` (see `without_defaults`)."""
    worn = style_of(styles, style)

    def wear(xf: Node) -> None:
        font = styles.part_of(xf, "fonts", "fontId").copy()
        font.discard("b", "i", "strike", "u", "color", "sz")
        _fill_font(font, replace(wished, size=wished.size or next(map(_size, styles.all("fonts")), None)))
        xf.set(fontId=styles.added("fonts", font), applyFont=1)
        if wished.fill != worn.fill:
            fill = Node(font.prefix + "fill")
            pattern = fill.add("patternFill", patternType="none" if wished.fill is None else "solid")
            if wished.fill is not None:
                pattern.add("fgColor", rgb=f"FF{wished.fill}")
            xf.set(fillId=styles.added("fills", fill), applyFill=1)
        alignment = alignment_of(xf)
        alignment.set(wrapText=1 if wished.wrapped else None)
        if wished.centred != worn.centred:
            alignment.set(horizontal="center" if wished.centred else None)
        alignment.set(vertical="top" if wished.wrapped and not wished.centred else "center")
        if wished.boxed != worn.boxed:
            xf.set(borderId=styles.added("borders", _border(font.prefix, boxed=wished.boxed)), applyBorder=1)

    return styles.changed(style, wished, wear)


def differential(styles: Styles, style: Style) -> int:
    """The number of the differential format that a rule applies where it holds."""
    dxf = Node(styles.root().prefix + "dxf")
    _fill_font(dxf.add("font"), style)
    if style.fill is not None:
        dxf.add("fill").add("patternFill", patternType="solid").add("bgColor", rgb=f"FF{style.fill}")
    return styles.added("dxfs", dxf)


def _size(font: Node) -> int | None:
    size = font.find("sz").get("val")
    return float(size) if size else None  # type: ignore[return-value] # 10.5 is one, too


def _fill_font(font: Node, style: Style) -> None:
    font.children[:0] = [Node(font.prefix + name) for name, field in _SWITCHES.items() if getattr(style, field)]
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
    kind = pattern.get("patternType", "gradient" if fill.find("gradientFill") else "none")
    if kind == "solid":
        return _named(pattern.find("fgColor") or Node("fgColor", {"rgb": _BLACK}))
    return None if kind == "none" else kind


def _ink(color: Node) -> str | None:
    """The colour of letters; None if it is the default, black."""
    return None if not color or color.flag("auto") or color.get("theme") == "1" else _named(color)


def _named(color: Node) -> str | None:
    """``RRGGBB``, or a word for a colour of the workbook's theme; None for the window's own."""
    if rgb := color.get("rgb"):
        return rgb[-6:].upper()
    if indexed := color.get("indexed"):
        return COLOR_INDEX[int(indexed)][-6:].upper() if int(indexed) < len(COLOR_INDEX) else None
    return f"theme {color.get('theme')}"
