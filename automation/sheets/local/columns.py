"""Whole columns of an xlsx file: widths, formats, and what may be typed, also in rows that are still empty."""

from collections.abc import Callable
from functools import cache, partial
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter, quote_sheetname

from automation.sheets.local.areas import LAST_ROW, Cell, Sides, bounds, overlap, to_a1
from automation.sheets.local.book import Book
from automation.sheets.local.markup import Node
from automation.sheets.local.styles import DATE_FORMAT, GENERAL, TEXT_FORMAT
from automation.sheets.local.worksheet import Worksheet
from automation.sheets.looks.dressing import Kind, Way
from automation.sheets.looks.model import Allowed, AnyDate, Format, ListFrom, ListOf, Place, WholeNumber

#: Rows of a list: xlsx knows no range without an end.
_LIST = 1000
#: Characters of a message that Excel takes; more would make the file unreadable.
_LONGEST = 255
#: Empty rows that a validation rule covers, at least.
_AHEAD = 500
_FORMATS = {Format.TEXT: TEXT_FORMAT, Format.DATE: DATE_FORMAT}
#: A column's default width, and widths that nobody chose: openpyxl's, and those of earlier versions for new tabs.
_USUAL, _UNCHOSEN = "9.140625", frozenset({13.0, 18.0, 48.0})
#: Widths are in letters of seven pixels, without the margin of five; LibreOffice rounds them.
_LETTER, _MARGIN, _NEARLY = 7, 5, 7.0
#: The attributes of a rule for what may be typed, and its formulas.
Asked = tuple[dict[str, object], list[str]]


class Columns:
    """The columns of a tab whose first `used` rows hold something; `guard` warns who types into one of the robot's."""

    def __init__(self, book: Book, sheet: Worksheet, guard: str, used: int) -> None:
        styles = self._styles = book.styles
        self._book, self._sheet, self._used = book, sheet, used
        guarding: Asked = {"type": "custom", "errorStyle": "warning", "error": _cut(guard)}, ["FALSE"]
        self._free, self._is_plain = cache(self._free_cells), cache(styles.is_plain)
        shape, told, tell, asked = self._shape, self._told, self._tell, self._asked
        wrap, lift = (partial(styles.at_top, wrapped=wrapped) for wrapped in (True, False))
        self.ways: dict[Kind, Way] = {
            Kind.WIDTH: (self._width, self._widen),
            Kind.FORMAT: (self._format, self._give_format),
            Kind.WRAPPED: (lambda at, _: styles.alignment(self._style(at))[0], lambda at, _: shape(at, wrap)),
            Kind.AT_TOP: (lambda at, _: styles.alignment(self._style(at))[1], lambda at, _: shape(at, lift)),
            Kind.ALLOWED: (lambda at, wish: told(at, asked(wish)) and wish, lambda at, wish: tell(at, asked(wish))),
            # Unlike a protected tab, it lets people sort and delete rows.
            Kind.GUARDED: (lambda at, _: told(at, guarding), lambda at, _: tell(at, guarding)),
        }

    # Widths and formats

    def _width(self, place: Place, wish: int) -> float | None:
        there = self._sheet.column(place[1] + 1)
        width = float(there.get("width", "0"))
        if not there.flag("customWidth") or width in _UNCHOSEN:
            return None
        pixels = width * _LETTER + _MARGIN
        return wish if abs(pixels - wish) <= _NEARLY else pixels

    def _widen(self, place: Place, wish: int) -> None:
        self._own(place[1] + 1).set(width=(wish - _MARGIN) / _LETTER, customWidth=1)

    def _style(self, place: Place) -> int:
        return int(self._sheet.column(place[1] + 1).get("style", "0"))

    def _format(self, place: Place, wish: Format) -> Format | None:
        return None if self._styles.number_format(self._style(place)) == GENERAL else wish

    def _give_format(self, place: Place, wish: Format) -> None:
        def change(style: int) -> int:
            plain = self._styles.number_format(style) == GENERAL
            return self._styles.with_format(style, _FORMATS[wish]) if plain else style

        self._shape(place, change, numbers=False)

    def _shape(self, place: Place, change: Callable[[int], int], *, numbers: bool = True) -> None:
        """Change the style of a column and of its cells. Cells that somebody gave a look keep it; so do numbers unless
        `numbers`, because a format would show them as something else."""
        own, changed = self._own(place[1] + 1), cache(change)
        own.set(style=changed(int(own.get("style", "0"))))
        for row, cell, number in self._free(place):
            style = int(cell.get("s", "0"))
            if (numbers or not number) and (wanted := changed(style)) != style:
                self._sheet.edit(row).cell(place[1] + 1).set(s=wanted)

    def _free_cells(self, place: Place) -> list[tuple[int, Node, bool]]:
        """The cells of a column that nobody has given a look, each with its row and whether it is a number."""
        cells = []
        for row, cell in self._sheet.cells_of(place[1] + 1, place[0] + 1):
            full = any(cell.children)
            plain = not full or self._is_plain(int(cell.get("s", "0")))
            if plain and not self._sheet.hiding(row, place[1] + 1):
                cells.append((row, cell, full and cell.get("t") not in ("s", "inlineStr")))
        return cells

    def _own(self, column: int) -> Node:
        """The column's own `col` element, split off from that of a run of columns, or made."""
        columns, run = self._sheet.section("cols"), self._sheet.column(column)
        if not run:
            run = columns.add("col", min=column, max=column, width=_USUAL)
        own = run.copy().set(min=column, max=column)
        before, after = run.copy().set(max=column - 1), run.copy().set(min=column + 1)
        runs = [before, own, after, *(one for one in columns.nodes if one is not run)]
        kept = sorted(runs, key=lambda one: int(one.get("min")))
        columns.children = [one for one in kept if int(one.get("min")) <= int(one.get("max"))]
        return own

    # What may be typed

    def _told(self, place: Place, asked: Asked) -> bool:
        """Whether the cells have a rule, but for one of ours that LibreOffice has cut off 1000 rows below the last."""
        there = self._rules_of(place)
        alike = len(there) == 1 and all(there[0].get(name) == (asked[0][name] or "") for name in ("type", "error"))
        needed = min(place[2] or LAST_ROW, self._used + _AHEAD)
        return bool(there) and not (alike and all(area[3] < needed for area in _areas(there[0])))

    def _tell(self, place: Place, asked: Asked) -> None:
        """Add the rule if the cells have none, or make ours longer."""
        rules, wanted, (told, formulas) = self._sheet.section("dataValidations"), file_area(place), asked
        if old := next(iter(self._rules_of(place)), None):
            kept = [one for one in _areas(old) if not (overlap(one, wanted) and one[0] == one[2] and one[1] > place[0])]
            ranges, own = " ".join(map(to_a1, [*kept, wanted])), old.find("sqref")
            if own:
                own.children = [ranges]
            else:
                old.set(sqref=ranges)
            return
        rule = rules.add("dataValidation").set(**told, allowBlank=1, showErrorMessage=1, sqref=to_a1(wanted))
        for number, formula in enumerate(formulas, start=1):
            rule.add(f"formula{number}").children = [escape(formula)]
        rules.set(count=len(rules.nodes))

    def _rules_of(self, place: Place) -> list[Node]:
        rules = self._sheet.frame.all("dataValidation")
        return [one for one in rules if any(overlap(area, file_area(place)) for area in _areas(one))]

    def _asked(self, allowed: Allowed) -> Asked:
        told: dict[str, object] = {"errorStyle": "stop" if allowed.strict else "warning", "error": _cut(allowed.help)}
        match allowed.what:
            case ListFrom(tab, column):
                title, letter = quote_sheetname(self._book.title_like(tab) or tab), get_column_letter(column + 1)
                return {**told, "type": "list"}, [f"{title}!${letter}$2:${letter}${1 + _LIST}"]
            case ListOf(values):
                entries = ",".join(values).replace('"', '""')
                return {**told, "type": "list"}, [f'"{entries}"']
            case AnyDate():
                # A prompt, because nothing else shows what a date should look like, as a list's arrow does.
                guidance = {"prompt": told["error"], "showInputMessage": 1}
                return {**told, "type": "date", "operator": "greaterThanOrEqual", **guidance}, ["1"]
            case WholeNumber(low, high):
                return {**told, "type": "whole", "operator": "between"}, [str(low), str(high)]


def first_cell(place: Place) -> Cell:
    """The first cell of a place of a look (0-based), in the file (1-based)."""
    return place[0] + 1, place[1] + 1


def file_area(place: Place) -> Sides:
    """A place of a look (0-based) as an area of the file (1-based)."""
    return place[1] + 1, place[0] + 1, place[3], place[2] or LAST_ROW


def _areas(rule: Node) -> list[Sides]:
    """The ranges of a rule; Excel's extension of 2009 keeps them in an element of their own."""
    return [bounds(area) for area in (rule.find("sqref").text or rule.get("sqref")).split()]


def _cut(words: str) -> str | None:
    return words or None if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rsplit(' ', 1)[0]}…"
