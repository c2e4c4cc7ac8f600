"""Whole columns of an xlsx file: widths, formats, and what may be typed, also into rows that are typed next year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter, quote_sheetname

from automation.sheets.local.book import Book
from automation.sheets.local.markup import Node
from automation.sheets.local.styles import DATE_FORMAT, GENERAL, TEXT_FORMAT, Styles
from automation.sheets.local.worksheet import Sides, Worksheet, bounds, meet, named
from automation.sheets.looks.model import Allowed, AnyDate, ColumnLook, Format, ListFrom, ListOf, WholeNumber

#: Rows of a list: xlsx knows no range without an end.
_LIST = 1000
#: What Excel takes of a message, and of a list that stands in the rule itself; more would make the file unreadable.
_LONGEST = 255
#: Empty rows that are told what may be typed into them, at least.
_AHEAD = 500
_FORMATS = {Format.TEXT: TEXT_FORMAT, Format.DATE: DATE_FORMAT}
#: What a column is wide of which nobody says it, and widths that nobody chose: openpyxl's own, and those that earlier
#: versions gave to new tabs.
_USUAL, _UNCHOSEN = "9.140625", frozenset({13.0, 18.0, 48.0})
#: Widths are told in letters, seven pixels each, beside five of margin; LibreOffice rounds them.
_LETTER, _MARGIN = 7, 5
_NEARLY = 1.0


def shape(styles: Styles, sheet: Worksheet, look: ColumnLook, first: int, *, tall: bool, ours: bool) -> int:
    """Give a column the width and the format that it lacks, from row `first` (1-based) on; how many.

    `tall`: its rows may be, so that all begins at the top. Cells that somebody gave a look keep it, and so do numbers:
    a format would show them as something else.
    """
    column, given = look.column + 1, 0
    there = sheet.column(column)
    if look.width is not None:
        wished, has = (look.width - _MARGIN) / _LETTER, float(there.get("width", "0"))
        chosen = there.flag("customWidth") and has not in _UNCHOSEN
        if not chosen or (ours and abs(has - wished) > _NEARLY):
            _own(sheet, column).set(width=wished, customWidth=1)
            given += 1
    style = int(there.get("style", "0"))
    code = _FORMATS[look.format] if look.format is not None else GENERAL
    formats = code != GENERAL and styles.number_format(style) == GENERAL
    wraps = look.wrapped and not styles.is_wrapped(style)
    rises = tall and styles.is_low(style)
    if not (formats or wraps or rises):
        return given

    @cache
    def shaped(style: int, *, number: bool) -> int:
        if formats and styles.number_format(style) == GENERAL and not number:
            style = styles.with_format(style, code)
        return styles.at_top(style, wrapped=wraps) if wraps or rises else style

    own = _own(sheet, column)
    own.set(style=shaped(style, number=False))
    for row, cell in sheet.cells_of(column, first):
        style, full = int(cell.get("s", "0")), any(cell.children)
        if (not full or styles.is_plain(style)) and not sheet.hiding(row, column):
            number = full and cell.get("t") not in ("s", "inlineStr")
            if (wanted := shaped(style, number=number)) != style:
                sheet.edit(row).cell(column).set(s=wanted)
    return given + formats + wraps + rises


def _own(sheet: Worksheet, column: int) -> Node:
    """The column's own run, taken out of the one that it is in."""
    columns, run = sheet.section("cols"), sheet.column(column)
    if not run:
        run = columns.add("col", min=column, max=column, width=_USUAL)
    own = run.copy().set(min=column, max=column)
    before, after = run.copy().set(max=column - 1), run.copy().set(min=column + 1)
    runs = [before, own, after, *(one for one in columns.nodes if one is not run)]
    kept = sorted(runs, key=lambda one: int(one.get("min")))
    columns.children = [one for one in kept if int(one.get("min")) <= int(one.get("max"))]
    return own


@dataclass(frozen=True, slots=True)
class Run:
    """Cells of a column (1-based), of which those down to row `used` hold something."""

    column: int
    first: int
    last: int
    used: int


def allow(book: Book, sheet: Worksheet, allowed: Allowed, run: Run) -> bool:
    """Tell what may be typed into the cells, where nothing tells yet; whether it was told."""
    kind, formulas, more = _asked(book, allowed)
    settings = {"errorStyle": "stop" if allowed.strict else "warning", **more}
    return bool(formulas) and _tell(sheet, kind, settings, formulas, allowed.help, run)


def warn(sheet: Worksheet, words: str, run: Run) -> bool:
    """Ask whoever types into the robot's column whether they mean it. It keeps nobody from sorting or deleting rows, as
    a protected tab would."""
    return _tell(sheet, "custom", {"errorStyle": "warning"}, ("FALSE",), words, run)


def _tell(
    sheet: Worksheet, kind: str, settings: Mapping[str, object], formulas: Sequence[str], words: str, run: Run
) -> bool:
    """Add the rule if the cells have none, or make ours longer: LibreOffice lets it end 1000 rows below the last."""
    wanted = (run.column, run.first, run.column, run.last)
    there = [one for one in sheet.frame.all("dataValidation") if any(meet(a, wanted) for a in _areas(one))]
    if not there:
        rules = sheet.section("dataValidations")
        rule = rules.add("dataValidation").set(type=kind, **settings)
        rule.set(error=_cut(words) or None, allowBlank=1, showErrorMessage=1, sqref=named(wanted))
        for number, formula in enumerate(formulas, start=1):
            rule.add(f"formula{number}").children = [escape(formula)]
        rules.set(count=len(rules.nodes))
        return True
    (known, *others), needed = there, min(run.last, run.used + _AHEAD)
    alike = (known.get("type"), known.get("error")) == (kind, _cut(words))
    areas = _areas(known)
    if others or not alike or any(area[3] >= needed for area in areas):
        return False
    kept = [area for area in areas if not (meet(area, wanted) and area[0] == area[2] and area[1] >= run.first)]
    ranges, own = " ".join(map(named, [*kept, wanted])), known.find("sqref")
    if own:
        own.children = [ranges]
    else:
        known.set(sqref=ranges)
    return True


def _areas(rule: Node) -> list[Sides]:
    """The ranges of a rule; those of Excel's extension of 2009 stand in an element of their own."""
    return [bounds(area) for area in (rule.find("sqref").text or rule.get("sqref")).split()]


def _asked(book: Book, allowed: Allowed) -> tuple[str, tuple[str, ...], dict[str, object]]:
    """The kind of rule, its formulas (none for a list whose tab is not there), and what else it says."""
    match allowed.what:
        case ListFrom(tab=tab, column=column, first_row=first):
            title, letter = book.title_like(tab), get_column_letter(column + 1)
            source = f"{quote_sheetname(title or '')}!${letter}${first + 1}:${letter}${first + _LIST}"
            return "list", (source,) if title is not None else (), {}
        case ListOf(values=values):
            entries = ",".join(values).replace('"', '""')
            if any("," in value for value in values) or len(entries) > _LONGEST:
                raise ValueError(f"no list of an xlsx file: {values}")
            return "list", (f'"{entries}"',), {}
        case AnyDate():
            # Nothing else shows what a date should look like: a list has its arrow.
            guidance: dict[str, object] = {"prompt": _cut(allowed.help), "showInputMessage": 1}
            return "date", ("1",), {"operator": "greaterThanOrEqual", **guidance}
        case WholeNumber(low=low, high=high):
            return "whole", (str(low), str(high)), {"operator": "between"}


def _cut(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rsplit(' ', 1)[0]}…"
