"""Formulas of a workbook: which cells they read, and so which results still hold after cells were written.

The robot can't work formulas out. A result that may have changed is taken out, because LibreOffice shows what it finds in
the file; it reads as `UNCALCULATED` until somebody opens and saves the file.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token, TokenizerError
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter

from automation.sheets.local.markup import Node, attributes_of, unescaped
from automation.sheets.local.reading import bounds
from automation.sheets.local.worksheet import LAST_COLUMN, LAST_ROW, Worksheet, column_number

Place = tuple[str, int, int]  # tab title, 1-based row and column

_CELL = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([0-9]+)")
_TOKEN = re.compile(
    r"""
    "(?:[^"]|"")*"
    | (?P<tab> (?: '(?:[^']|'')+' | [^\W\d][\w.]* ) ! )?
      (?P<area> \$?[A-Za-z]{1,3}\$?[0-9]+ (?: : \$?[A-Za-z]{1,3}\$?[0-9]+ )?
              | \$?[A-Za-z]{1,3} : \$?[A-Za-z]{1,3} | \$?[0-9]+ : \$?[0-9]+ ) (?! [\w.(!:\#] )
    | (?P<function> [A-Za-z_][\w.]* ) \(
    | [0-9]+ (?:\.[0-9]*)? (?:[eE][+-]?[0-9]+)? (?! [\w.:!] ) | \.[0-9]+ | (?:TRUE|FALSE) (?! [\w.(!] )
    | \#(?:REF!|N/A|DIV/0!|VALUE!|NAME\?|NUM!|NULL!)
    | [-+*/^&=<>%(),;{}\s]
    """,
    re.VERBOSE | re.IGNORECASE,
)
_FOLLOWS_ANYTHING = frozenset({"INDIRECT", "OFFSET"})
_EVERY_ROW = str(LAST_ROW)


@dataclass(frozen=True, slots=True)
class Area:
    """Cells that a formula reads: first and last row and column (1-based), and which of these four stay when the
    formula is copied."""

    title: str
    sides: tuple[int, int, int, int]  # top, bottom, left, right
    fixed: tuple[bool, bool, bool, bool]

    def moved(self, rows: int, columns: int) -> Area:
        """What a copy of the formula reads, so many rows down and columns to the right."""
        steps = (rows, rows, columns, columns)
        moved = (at if stays else at + by for at, stays, by in zip(self.sides, self.fixed, steps, strict=True))
        top, bottom, left, right = moved
        return replace(self, sides=(top, bottom, left, right))


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in its cell: the areas that it reads (None if that can't be told), the cells that show its results, and
    the number of the group that share it."""

    place: Place
    text: str
    areas: tuple[Area, ...] | None
    shown_in: tuple[int, int, int, int]  # top, bottom, left, right
    shared: str = ""


def formulas_of(title: str, sheet: Worksheet) -> list[Formula]:
    """Every formula of a tab, as it was before anything was changed."""
    found: list[Formula] = []
    masters: dict[str, Formula] = {}
    for row, column, told, text in _found(sheet):
        group = told.get("si", "") if told.get("t") == "shared" else ""
        master = masters.get(group)
        if not text and master is not None:
            down, right = row - master.place[1], column - master.place[2]
            areas = None if master.areas is None else tuple(area.moved(down, right) for area in master.areas)
        else:
            areas = None if told.get("t") == "dataTable" or not text else precedents(title, text)
        shown_in = (row, row, column, column)
        if told.get("t") in ("array", "dataTable"):
            left, top, last, bottom = bounds(told.get("ref", ""))
            shown_in = (min(row, top), max(row, bottom), min(column, left), max(column, last))
        formula = Formula((title, row, column), text, areas, shown_in, group)
        found.append(formula)
        if group and text:
            masters[group] = formula
    return found


def _found(sheet: Worksheet) -> Iterator[tuple[int, int, dict[str, str], str]]:
    """Row and column of each formula, its attributes, and its text."""
    content, prefix = sheet.content, re.escape(sheet.prefix).encode()
    tags = [*re.finditer(rb"<%sf((?:\s[^>]*?)?)(?:/>|>([^<]*)</)" % prefix, content)]
    opening, named = f"<{sheet.prefix}c".encode(), re.compile(rb"\sr\s*=\s*[\"']([A-Z]+)([0-9]+)[\"']")
    places = [named.search(content, content.rindex(opening, 0, tag.start()), tag.start()) for tag in tags]
    for tag, place in zip(tags, places, strict=True) if all(places) else ():
        assert place is not None
        told, text = attributes_of(tag[1].decode()), unescaped((tag[2] or b"").decode())
        yield int(place[2]), column_number(place[1].decode()), told, text
    for number in sheet.numbers() if not all(places) else ():  # cells that don't say where they are
        row = sheet.row(number)
        for column, cell in row.cells.items() if row is not None else ():
            if (formula := cell.find("f")) is not None:
                told = {name: formula.get(name) for name in ("t", "ref", "si")}
                yield number, column, told, formula.text


def precedents(title: str, formula: str) -> tuple[Area, ...] | None:
    """The areas that a formula in this tab reads; None where it can't be told (names, tables, ``INDIRECT``, and
    whatever is not understood)."""
    areas: list[Area] = []
    at = 0
    while at < len(formula):
        token = _TOKEN.match(formula, at)
        if token is None or (token["function"] or "").upper() in _FOLLOWS_ANYTHING:
            return None
        at = token.end()
        if token["area"]:
            tab = (token["tab"] or "").removesuffix("!")
            tab = tab[1:-1].replace("''", "'") if tab.startswith("'") else tab
            areas.append(_area(tab or title, token["area"]))
    return tuple(areas)


def _area(title: str, reference: str) -> Area:
    first, _, last = reference.partition(":")
    ends = [_CELL.fullmatch(end) for end in (first, last or first)]
    if one := ends[0]:
        other = ends[1] or one
        rows, columns = sorted((int(one[4]), int(other[4]))), sorted((column_number(one[2]), column_number(other[2])))
        fixed = (bool(one[3]), bool(other[3]), bool(one[1]), bool(other[1]))
        return Area(title, (rows[0], rows[1], columns[0], columns[1]), fixed)
    plain = [end.replace("$", "") for end in (first, last)]
    stays = [end.startswith("$") for end in (first, last)]
    if plain[0].isdigit():
        top, bottom = sorted(map(int, plain))
        return Area(title, (top, bottom, 1, LAST_COLUMN), (stays[0], stays[1], True, True))
    left, right = sorted(map(column_number, plain))
    return Area(title, (1, LAST_ROW, left, right), (True, True, stays[0], stays[1]))


def outdated(formulas: Iterable[Formula], written: Iterable[Place]) -> list[Formula]:
    """The formulas whose results may have changed after these cells were written, directly or by other formulas."""
    touched = _Touched(written)
    holding, gone = list(formulas), []
    while True:
        now = [one for one in holding if one.areas is None or any(map(touched.meets, one.areas))]
        if not now or not touched:
            return gone
        lost = {id(one) for one in now}
        holding = [one for one in holding if id(one) not in lost]
        gone += now
        for one in now:
            for row, column in cells_in(one.shown_in):
                touched.add((one.place[0], row, column))


def cells_in(sides: tuple[int, int, int, int]) -> Iterator[tuple[int, int]]:
    """Every cell between these rows and columns (top, bottom, left, right)."""
    top, bottom, left, right = sides
    return ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))


class _Touched:
    """Cells that were written or depend on one that was, found by area."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._rows: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        for place in places:
            self.add(place)

    def __bool__(self) -> bool:
        return bool(self._rows)

    def add(self, place: Place) -> None:
        title, row, column = place
        insort(self._rows[title.casefold()][column], row)

    def meets(self, area: Area) -> bool:
        top, bottom, left, right = area.sides
        columns: Mapping[int, list[int]] = self._rows.get(area.title.casefold(), {})
        for column, rows in columns.items():
            if left <= column <= right:
                at = bisect_left(rows, top)
                if at < len(rows) and rows[at] <= bottom:
                    return True
        return False


def forget(cell: Node) -> None:
    """Take the result of a formula out of its cell."""
    cell.discard("v")
    cell.set(t=None)


def copied(formula: str, origin: tuple[int, int], target: tuple[int, int]) -> str | None:
    """A formula as it reads when it is copied from one cell (row and column) to another; None if it can't be told."""
    places = [f"{get_column_letter(column)}{row}" for row, column in (origin, target)]
    try:
        return str(Translator(f"={formula}", origin=places[0]).translate_formula(places[1])).removeprefix("=")
    except (TokenizerError, ValueError):
        return None


def spelled(formula: str) -> str:
    """A formula in one of its many spellings: LibreOffice and Excel write spaces, quotes and whole columns their own
    way."""
    try:
        tokens = Tokenizer(f"={formula.removeprefix('=')}").items
    except TokenizerError:
        return formula
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
