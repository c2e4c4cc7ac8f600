"""What single cells of an xlsx file look like and tell: colours, notes, formulas."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from math import ceil
from typing import Any

from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token
from openpyxl.styles import Alignment, Border, Color, Font, PatternFill, Side
from openpyxl.styles.colors import COLOR_INDEX
from openpyxl.styles.differential import DifferentialStyle

from automation.sheets.looks.model import Style
from automation.sheets.xlsx_cells import PROGRAM

#: Pixels: a note is as wide as this, and as high as its lines need.
_NOTE_WIDTH, _NOTE_LINE, _NOTE_MARGIN = 340, 18, 14
_NOTE_LETTERS = 46  # that fit one line of a note
_BLACK = "000000"
_EVERY_ROW, _EVERY_COLUMN = "1048576", "XFD"


def wear(cell: Any, style: Style, *, ours: bool) -> bool:
    """Give a cell this style if it has no colours yet; whether it was given. A cell of `ours` looks like this style and
    nothing else. What lies hidden in a merged range has no look of its own.
    """
    if isinstance(cell, MergedCell):
        return False
    worn = _worn(cell)
    if ours:
        wished = replace(style, size=style.size or _usual_size(cell))
    else:
        coloured = style.fill is not None or style.ink is not None
        if coloured and (worn.fill is not None or worn.ink is not None):
            return False
        wished = upon(worn, style)
    if (wished := _shown(wished)) == worn:
        return False
    font = copy(cell.font)
    font.color = None if wished.ink is None else Color(f"FF{wished.ink}")
    font.b, font.i, font.strike, font.sz = wished.bold, wished.italic, wished.struck, wished.size
    font.u = "single" if wished.underlined else None
    cell.font = font
    if wished.fill != worn.fill:
        cell.fill = PatternFill() if wished.fill is None else PatternFill("solid", fgColor=f"FF{wished.fill}")
    alignment = copy(cell.alignment)
    alignment.wrap_text = wished.wrapped
    if wished.centred != worn.centred:
        alignment.horizontal = "center" if wished.centred else None
    alignment.vertical = "top" if wished.wrapped and not wished.centred else "center"
    cell.alignment = alignment
    if wished.boxed != worn.boxed:
        cell.border = _box() if wished.boxed else Border()
    return True


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


def differential(style: Style) -> DifferentialStyle:
    """What a rule changes of the cells where it holds."""
    color = None if style.ink is None else Color(f"FF{style.ink}")
    font = Font(
        b=style.bold or None,
        i=style.italic or None,
        strike=style.struck or None,
        u="single" if style.underlined else None,
        color=color,
    )
    return DifferentialStyle(
        font=font,
        fill=None if style.fill is None else PatternFill("solid", bgColor=f"FF{style.fill}"),
        border=_box() if style.boxed else None,
    )


def tell(cell: Any, note: str, *, ours: bool) -> bool:
    """Give a cell this note if it has none (`ours`: if it says something else); whether it was given."""
    there = cell.comment
    if (
        not note
        or isinstance(cell, MergedCell)
        or (there is not None and (not ours or there.text.split() == note.split()))
    ):
        return False
    lines = sum(max(1, ceil(len(line) / _NOTE_LETTERS)) for line in note.split("\n"))
    height = lines * _NOTE_LINE + _NOTE_MARGIN
    cell.comment = Comment(note, PROGRAM, height=height, width=_NOTE_WIDTH)
    return True


def work_out(cell: Any, formula: str, *, ours: bool) -> bool:
    """Give an empty cell this formula (`ours`: any cell that holds something else); whether it was given."""
    value = cell.value
    if isinstance(cell, MergedCell):
        return False
    same = cell.data_type == "f" and isinstance(value, str) and spelled(value) == spelled(formula)
    if same or not (ours or value is None):
        return False
    cell.value = formula
    return True


def spelled(formula: str) -> str:
    """A formula in one of its many spellings: LibreOffice and Excel write spaces, quotes and whole columns their own
    way."""
    tokens = Tokenizer(f"={formula.removeprefix('=')}").items
    return "".join(_spelled(token) for token in tokens if token.type != Token.WSPACE)


def _spelled(token: Token) -> str:
    value = str(token.value)
    if token.subtype == Token.TEXT:
        return value
    if token.type != Token.OPERAND:
        return value.upper()
    tab, mark, reference = value.upper().rpartition("!")
    tab = tab.removeprefix("$").strip("'")
    first, _, last = reference.replace("$", "").partition(":")
    if last.endswith(_EVERY_ROW) and first.endswith("1") and last.removesuffix(_EVERY_ROW).isalpha():
        reference = f"{first.removesuffix('1')}:{last.removesuffix(_EVERY_ROW)}"
    return f"{tab}{mark}{reference}"


def _worn(cell: Any) -> Style:
    """What a cell looks like. Colours of the workbook's theme have a name of their own."""
    font, alignment = cell.font, cell.alignment
    return Style(
        fill=_fill(cell),
        ink=_ink(cell),
        bold=bool(font.b),
        italic=bool(font.i),
        struck=bool(font.strike),
        underlined=font.u not in (None, "none"),
        size=font.sz,
        wrapped=bool(alignment.wrap_text),
        centred=alignment.horizontal == "center",
        boxed=getattr(cell.border.bottom, "style", None) is not None,
    )


def _shown(style: Style) -> Style:
    """Black ink is what there is without any."""
    ink = style.ink.upper() if style.ink is not None and style.ink != _BLACK else None
    return replace(style, ink=ink, fill=style.fill and style.fill.upper())


def _usual_size(cell: Any) -> Any:
    """The size in which the workbook shows what says nothing of its size."""
    return cell.parent.parent._fonts[0].sz


def _fill(cell: Any) -> str | None:
    fill = cell.fill
    kind = getattr(fill, "patternType", "gradient")
    if kind in (None, "none"):
        return None
    return _named(fill.fgColor) if kind == "solid" else str(kind)


def _ink(cell: Any) -> str | None:
    """None for what is black by default."""
    color = cell.font.color
    if color is None or color.type == "auto" or (color.type == "theme" and color.theme == 1):
        return None
    named = _named(color)
    return None if named in (_BLACK, None) else named


def _named(color: Any) -> str | None:
    """``RRGGBB``, or a word for a colour of the workbook's theme; None for the window's own."""
    if color.type == "rgb":
        return str(color.rgb)[-6:].upper()
    if color.type == "indexed":
        return COLOR_INDEX[color.indexed][-6:].upper() if color.indexed < len(COLOR_INDEX) else None
    return f"{color.type} {getattr(color, color.type)}"


def _box() -> Border:
    line = Side("thin", color="FFBFBFBF")
    return Border(left=line, right=line, top=line, bottom=line)


def at_top(alignment: Any, *, wrapped: bool) -> Alignment:
    """The alignment with its text at the top, wrapped if so wished; what people chose stays."""
    changed: Alignment = copy(alignment)
    changed.wrap_text = changed.wrap_text or wrapped or None
    if changed.vertical in (None, "bottom"):  # as LibreOffice spells out the default
        changed.vertical = "top"
    return changed
