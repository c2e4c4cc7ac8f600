"""What cells refer to: which cells formulas read, and so which results still hold after cells were written, and which
tabs show rows of others; and links: what they open, and how a file holds them.

The robot can't calculate formulas. A result that may have changed is removed from the file, because LibreOffice shows
what it finds there; the cell reads as `UNCALCULATED` until somebody opens and saves the file.
"""

import re
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from urllib.parse import quote

from msgspec import Struct
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token, TokenizerError
from openpyxl.formula.translate import Translator, TranslatorError
from openpyxl.utils import get_column_letter, range_boundaries

from automation.model.cells import Link, Rows, kept_text
from automation.reading.tabs import find_headings
from automation.sheets.local.areas import LAST_COLUMN, LAST_ROW, Cell, Sides, bounds, cells_in, overlap, to_a1, without
from automation.sheets.local.markup import Node
from automation.sheets.local.package import Package
from automation.sheets.local.worksheet import Worksheet
from automation.tables.intake import TICKET

Place = tuple[str, int, int]  # tab title, 1-based row and column
Area = tuple[str, Sides]

_FOLLOWS_ANYTHING = frozenset({"INDIRECT(", "OFFSET("})
#: From the first cell of one area on, these read as many cells as another of their areas has.
_FOLLOWS_FURTHER = frozenset({"SUMIF(", "AVERAGEIF("})
#: What openpyxl raises for formulas that it doesn't understand: `IndexError` for a bracket that was never opened,
#: `TranslatorError` for a copy that would refer to cells above the first row.
_NOT_UNDERSTOOD = (TokenizerError, TranslatorError, ValueError, TypeError, IndexError)
_FUNCTION = re.compile(r"[\w.]+\(")


class Formula(Struct, frozen=True):
    """A formula in its cell: its text (None if unknown), the cells that show its results, and the number of the group
    that shares it (or empty). `is_own`: the text stands in this very cell, and the group's other cells copy it."""

    place: Place
    text: str | None
    shown_in: Sides
    group: str
    is_own: bool


def formulas_of(title: str, sheet: Worksheet) -> Iterator[Formula]:
    """Every formula of a tab, as it was before any change."""
    masters: dict[str, Formula] = {}
    for row, column, node in sheet.formulas():
        text, group = node.text or None, node.get("si") if node.get("t") == "shared" else ""
        shown_in = (column, row, column, row)
        if node.get("t") in ("array", "dataTable"):
            left, top, right, bottom = bounds(node.get("ref"))
            shown_in = (min(column, left), min(row, top), max(column, right), max(row, bottom))
        is_own = text is not None
        if group in masters and not is_own:
            text = _copied(masters[group].text or "", masters[group].place[1:], (row, column))
        formula = Formula((title, row, column), text, shown_in, group, is_own)
        if group and is_own:
            masters[group] = formula
        yield formula


def outdated(formulas: Iterable[Formula], written: Iterable[Place]) -> set[Place]:
    """The cells with results that may have changed after these cells were written, directly or through other formulas;
    also those of formulas that show a result in such a cell."""
    touched: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))  # rows by tab and column

    def touch(places: Iterable[Place]) -> None:
        for title, row, column in places:
            insort(touched[title.casefold()][column], row)

    def is_touched(area: Area) -> bool:
        title, (left, top, right, bottom) = area
        columns = touched.get(title.casefold(), {}).items()
        return any(left <= at <= right and bisect_left(rows, top) < bisect_right(rows, bottom) for at, rows in columns)

    touch(written)
    gone, before = set[Place](), 0
    rest = [(one, precedents(one)) for one in formulas]
    while len(rest) != before:
        before, holding, rest = len(rest), rest, []
        for one, areas in holding:
            if areas is None or any(map(is_touched, areas)):
                touch(cells := shown_by([one]))
                gone |= cells
            else:
                rest.append((one, areas))
        rest.reverse()  # mostly a formula goes on from the one above it, or from the one below
    return gone


def precedents(formula: Formula) -> list[Area] | None:
    """The areas that a formula reads or fills; None: it may read any (names, tables, ``INDIRECT``, not understood)."""
    if formula.text is None:
        return None
    areas: list[Area] = []
    further = False
    try:
        for token in Tokenizer(f"={formula.text}").items:
            if token.type == Token.FUNC and token.subtype == Token.OPEN:
                if token.value.upper() in _FOLLOWS_ANYTHING or not _FUNCTION.fullmatch(token.value):
                    return None
                further = further or token.value.upper() in _FOLLOWS_FURTHER
            elif token.type == Token.OPERAND and token.subtype == Token.RANGE:
                tab, _, reference = token.value.rpartition("!")
                if set("[]:") & set(tab) or not (":" in reference or reference[-1:].isdigit()):
                    return None
                left, top, right, bottom = range_boundaries(reference)
                named = tab.strip("'").replace("''", "'") or formula.place[0]
                areas.append((named, (left or 1, top or 1, right or LAST_COLUMN, bottom or LAST_ROW)))
    except _NOT_UNDERSTOOD:
        return None
    if further:  # take each area to be as wide and as high as the largest
        width, height = (max((sides[at + 2] - sides[at] for _, sides in areas), default=0) for at in (0, 1))
        areas = [(tab, (left, top, left + width, top + height)) for tab, (left, top, _, _) in areas]
    return [*areas, (formula.place[0], formula.shown_in)]


def _copied(formula: str, origin: Sequence[int], target: Sequence[int]) -> str | None:
    """A formula as it reads when it is copied from one cell (row and column) to another; None if it can't be told."""
    places = [f"{get_column_letter(column)}{row}" for row, column in (origin, target)]
    try:
        return str(Translator(f"={formula}", origin=places[0]).translate_formula(places[1])).removeprefix("=")
    except _NOT_UNDERSTOOD:
        return None


def shown_by(found: Iterable[Formula]) -> set[Place]:
    """The cells in which these formulas show results."""
    return {(one.place[0], *cell) for one in found for cell in cells_in(one.shown_in)}


def is_view(rows: Rows, areas: Iterable[Sides]) -> bool:
    """Whether one of the `areas` that a formula fills (``=FILTER(…)``) shows tickets: nobody typed them, and writing
    there would break the formula. One in a single ticket's cell, or in people's own columns, makes no view."""
    filled = [(left, right, bottom) for left, top, right, bottom in areas if right > left or bottom > top]
    headings = find_headings(rows) if filled else None
    if headings is None or TICKET not in headings.columns:
        return False
    column, below = headings.columns[TICKET] + 1, headings.row + 2
    return any(left <= column <= right and below <= bottom for left, right, bottom in filled)


# Links

#: Schemes of addresses that a cell opens, besides files.
OPENED = ("https", "http", "tel")
_SCHEME = re.compile("[\0- ]*([A-Za-z][A-Za-z0-9+.-]*):")


def scheme_of(address: str) -> str:
    """The scheme of an address, in lower case, if any. The standard library would read all of it, and many are long."""
    found = _SCHEME.match(address)
    return found[1].lower() if found else ""


def target_of(address: str) -> tuple[str, str] | None:
    """The target and location of a link: a web page or a telephone number (and an empty location), or a file and a
    place in it (``Gondrong.xlsx#'Gondrong'!A12``). None for anything that a spreadsheet should not open."""
    scheme = scheme_of(address)
    if scheme in OPENED:
        return address, ""
    if len(scheme) > 1:  # one letter is a Windows drive
        return None
    path, _, place = address.partition("#")
    return quote(path.replace("\\", "/"), safe="/:"), place


def relink(
    package: Package, part: str, sheet: Worksheet, written: Mapping[int, Collection[int]], wanted: Mapping[Cell, Link]
) -> None:
    """Give the written cells the links that are wanted, and no others. One over several cells stays on the others."""
    links, lost = sheet.frame.find("hyperlinks").nodes, list[Node]()
    places = {(column, row, column, row) for row in (written if links else ()) for column in written[row]}
    for link in links:
        area = bounds(link.get("ref"))
        within = () if area[:2] == area[2:] else places  # nearly all are over one cell
        hit = [area] if area in places else [place for place in within if overlap(area, place)]
        if hit:
            lost.append(link)
            for rest in without(area, hit):
                sheet.section("hyperlinks").insert(link.copy().set(ref=to_a1(rest)))
    if lost:
        sheet.drop("hyperlinks", *lost)
        kept = {link.reference() for link in sheet.frame.all("hyperlink")}
        package.unrelate(part, {link.reference() for link in lost} - kept)
    for (row, column), value in wanted.items():
        if (found := target_of(kept_text(value.address))) is not None:
            target, location = found
            told = package.reference(package.relate(part, "hyperlink", target, external=True)) if target else {}
            told |= {"location": location} if location else {}
            sheet.section("hyperlinks").add("hyperlink", ref=to_a1((column, row, column, row)), **told)
