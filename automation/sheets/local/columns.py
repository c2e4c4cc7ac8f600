"""Whole columns of an xlsx file: widths and formats, also of rows that are typed next year."""

from __future__ import annotations

from automation.sheets.local.book import Book
from automation.sheets.local.markup import Node
from automation.sheets.local.styles import DATE_FORMAT, GENERAL, TEXT_FORMAT
from automation.sheets.looks.model import ColumnLook, Format

_FORMATS = {Format.TEXT: TEXT_FORMAT, Format.DATE: DATE_FORMAT}
#: What a column is wide of which nobody says it, and widths that nobody chose: openpyxl's own, and those that earlier
#: versions gave to new tabs.
_USUAL, _UNCHOSEN = "9.140625", frozenset({13.0, 18.0, 48.0})
#: Widths are told in letters, seven pixels each, beside five of margin; LibreOffice rounds them.
_LETTER, _MARGIN = 7, 5
_NEARLY = 1.0


def shape(book: Book, title: str, look: ColumnLook, first: int, *, tall: bool, ours: bool) -> int:
    """Give a column the width and the format that it lacks, from row `first` (1-based) on; how many.

    `tall`: its rows may be, so that all begins at the top. Cells that somebody gave a look keep it, and so do numbers:
    a format would show them as something else.
    """
    column, given, styles = look.column + 1, 0, book.styles
    there = book.sheet(title).column(column)
    if look.width is not None:
        wished, has = (look.width - _MARGIN) / _LETTER, float(there.get("width", "0"))
        chosen = there.flag("customWidth") and has not in _UNCHOSEN
        if not chosen or (ours and abs(has - wished) > _NEARLY):
            _own(book, title, column).set(width=wished, customWidth=1)
            given += 1
    style = int(there.get("style", "0"))
    code = _FORMATS[look.format] if look.format is not None else GENERAL
    formats = code != GENERAL and styles.number_format(style) == GENERAL
    wraps = look.wrapped and not styles.is_wrapped(style)
    rises = tall and styles.is_low(style)
    if not (formats or wraps or rises):
        return given

    def shaped(style: int, *, number: bool) -> int:
        if formats and styles.number_format(style) == GENERAL and not number:
            style = styles.with_format(style, code)
        return styles.at_top(style, wrapped=wraps) if wraps or rises else style

    own = _own(book, title, column)
    own.set(style=shaped(style, number=False))
    for row, cell in book.sheet(title).cells_of(column, first):
        style, full = int(cell.get("s", "0")), any(cell.children)
        if (not full or styles.is_plain(style)) and not book.sheet(title).hiding(row, column):
            number = full and cell.get("t") not in ("s", "inlineStr")
            if (wanted := shaped(style, number=number)) != style:
                book.edit(title).edit(row).cell(column).set(s=wanted)
    return given + formats + wraps + rises


def _own(book: Book, title: str, column: int) -> Node:
    """The column's own run, taken out of the one that it is in."""
    columns, run = book.edit(title).section("cols"), book.sheet(title).column(column)
    if not run:
        run = columns.add("col", min=column, max=column, width=_USUAL)
    own = run.copy().set(min=column, max=column)
    before, after = run.copy().set(max=column - 1), run.copy().set(min=column + 1)
    runs = [before, own, after, *(one for one in columns.nodes if one is not run)]
    kept = sorted(runs, key=lambda one: int(one.get("min")))
    columns.children = [one for one in kept if int(one.get("min")) <= int(one.get("max"))]
    return own
