"""What a tab lacks of its look, worked out the same way for every kind of workbook.

A look is taken apart into features; an adapter sees what is in the place of each, and gives it. Anything that people
made there themselves keeps the feature away; a tab of the robot's own has to look exactly as wished.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from enum import Enum
from typing import Any, Protocol

from msgspec import Struct
from msgspec.structs import fields, replace

from automation.sheets.looks.formulas import said
from automation.sheets.looks.model import Allowed, Chart, ListFrom, Place, Style, TabLook

Cell = tuple[int, int]

WHOLE: Place = (0, 0, None, 0)
_STYLE = tuple(field.name for field in fields(Style))


#: The kind of a feature. Its wish is pixels for WIDTH and HEIGHT, a text for FORMULA and NOTE, ``RRGGBB`` for COLOUR, a
#: number for FROZEN_…, something of `looks.model` for STYLE, FORMAT, ALLOWED, RULE, VIEW and CHART; True for others.
Kind = Enum(
    "Kind",
    "UNMERGE MERGE STYLE FORMULA NOTE WIDTH HEIGHT FORMAT WRAPPED AT_TOP ALLOWED GUARDED RULE VIEW CHART "
    "FROZEN_ROWS FROZEN_COLUMNS COLOUR NO_GRIDLINES FILTERED ONE_PAGE PROTECTED",
)


class Feature(Struct, frozen=True):
    """One thing that a look wishes for."""

    kind: Kind
    place: Place
    wish: Any


#: Two functions. The first sees what is in the place of a wish: the wish itself if it is fulfilled, false for nothing.
#: For STYLE it returns the `Style` of the cell; for MERGE all merged places; for FORMULA and NOTE the text; a rule is
#: known by its formula (see `said`). The second puts the wish there.
Way = tuple[Callable[[Place, Any], Any], Callable[[Place, Any], object]]
#: How texts are compared.
_READ: Mapping[Kind, Callable[[str], object]] = {Kind.FORMULA: said, Kind.NOTE: str.split}


class DressedTab(Protocol):
    """A tab as an adapter shows it."""

    @property
    def ways(self) -> Mapping[Kind, Way]:
        """How features are seen and given, for the kinds that this kind of workbook knows."""

    def has_tab(self, title: str) -> bool:
        """Whether the spreadsheet has a tab of this title."""

    def is_empty(self, row: int, column: int) -> bool:
        """Whether a cell is empty."""

    def styled(self) -> Iterable[Cell]:
        """The cells that have a look of their own; none if that can't be told."""


def missing_features(look: TabLook, tab: DressedTab) -> Iterator[Feature]:
    """What the tab lacks, lazily: each step sees what was given before it."""
    merged = set(tab.ways[Kind.MERGE][0](WHOLE, None))
    for feature in _merges(look, tab, list(merged)):
        merged ^= {feature.place}
        yield feature
    rows, columns = extent(look)  # people may have merged a whole tab
    covered = [(top, left, min(bottom, rows), min(right, columns)) for top, left, bottom, right in merged]
    hidden = {cell for place in covered for cell in cells_of(place)[1:]}  # these lack nothing: nobody sees them
    yield from _styles(look, tab, {place[:2]: place for place in merged}, hidden)
    for feature in wanted_features(look):
        hides = feature.kind in (Kind.FORMULA, Kind.NOTE) and feature.place[:2] in hidden
        if feature.wish and not hides and feature.kind in tab.ways and all(map(tab.has_tab, sources(feature))):
            there = _seen(tab, feature)
            if not there or (look.ours and there != feature.wish):
                yield feature


def _seen(tab: DressedTab, feature: Feature) -> object:
    """What is in the place of a wish; the wish itself if it differs only in how it is written."""
    there, read = tab.ways[feature.kind][0](feature.place, feature.wish), _READ.get(feature.kind)
    if read is None or not isinstance(there, str):
        return there
    return feature.wish if read(there) == read(feature.wish) else read(there) and there


def apply(features: Iterable[Feature], tab: DressedTab) -> int:
    """Give features to a tab; returns how many."""
    given = 0
    for feature in features:
        tab.ways[feature.kind][1](feature.place, feature.wish)
        given += 1
    return given


def wanted_features(look: TabLook) -> list[Feature]:
    """Everything that a look wishes for, except merged cells and styles."""
    row, columns = look.heading_row, sorted(look.columns, key=lambda each: each.column)
    below = [((row + 1, each.column, None, each.column + 1), each) for each in columns]
    tall = any(each.wrapped for each in columns)
    return [
        *(Feature(Kind.FORMULA, _one(each.row, each.column), each.formula) for each in look.cells),
        *(Feature(Kind.HEIGHT, (at, 0, at + 1, 0), pixels) for at, pixels in look.row_heights),
        *(Feature(Kind.WIDTH, place, each.width) for place, each in below),
        *(Feature(Kind.FORMAT, place, each.format) for place, each in below),
        *(Feature(Kind.WRAPPED, place, each.wrapped) for place, each in below),
        *(Feature(Kind.AT_TOP, place, tall) for place, _ in below),
        *(Feature(Kind.ALLOWED, place, each.allowed) for place, each in below),
        *(Feature(Kind.GUARDED, place, each.guarded) for place, each in below),
        *(Feature(Kind.NOTE, _one(row, each.column), each.note) for each in columns),
        *(Feature(Kind.NOTE, _one(each.row, each.column), each.note) for each in look.cells),
        *(Feature(Kind.ALLOWED, _one(each.row, each.column), each.allowed) for each in look.cells),
        *(Feature(Kind.RULE, (row + 1, rule.columns[0], None, rule.columns[1] + 1), rule) for rule in look.rules),
        *(Feature(Kind.VIEW, WHOLE, view) for view in look.views),
        *(Feature(Kind.CHART, WHOLE, chart) for chart in look.charts),
        Feature(Kind.FROZEN_ROWS, WHOLE, look.frozen_rows),
        Feature(Kind.FROZEN_COLUMNS, WHOLE, look.frozen_columns),
        Feature(Kind.COLOUR, WHOLE, look.colour),
        Feature(Kind.NO_GRIDLINES, WHOLE, not look.gridlines),
        Feature(Kind.FILTERED, WHOLE, look.filtered),
        Feature(Kind.ONE_PAGE, WHOLE, look.one_page),
        Feature(Kind.PROTECTED, WHOLE, look.protected),
    ]


def extent(look: TabLook) -> tuple[int, int]:
    """How many rows and columns this look needs: with a row below the headings, and one of each that is not frozen."""
    places = [*(each.place for each in wanted_features(look)), *(area.place for area in look.areas)]
    rows = [look.heading_row + 2, (look.frozen_rows or 0) + 1, *(place[2] or place[0] + 1 for place in places)]
    columns = [(look.frozen_columns or 0) + 1, *(place[3] for place in places)]
    return max(rows), max(columns)


def sources(feature: Feature) -> set[str]:
    """The titles of the tabs that a list or a chart refers to: it is not given before they are there."""
    match feature.wish:
        case Allowed(what=ListFrom(tab=tab)):
            return {tab}
        case Chart():
            return {cells.tab for cells in (feature.wish.categories, *feature.wish.series)}
    return set()


def coalesced(features: Iterable[Feature]) -> list[Feature]:
    """Joins equal features side by side, or one below the other; merged cells stay apart."""
    found: list[Feature] = []
    for feature in features:
        before = found[-1] if found else feature
        (top, left, bottom, right), (first_row, first_column, end_row, end_column) = feature.place, before.place
        beside = (top, bottom, left) == (first_row, end_row, end_column)
        below = (left, right, top) == (first_column, end_column, end_row)
        alike = (feature.kind, feature.wish) == (before.kind, before.wish) and feature.kind is not Kind.MERGE
        if found and alike and (beside or below):
            found[-1] = replace(before, place=(first_row, first_column, bottom, right))
        else:
            found.append(feature)
    return found


def cells_of(place: Place) -> list[Cell]:
    """Its cells, row by row."""
    top, left, bottom, right = place
    return [(row, column) for row in range(top, bottom or top) for column in range(left, right)]


def overlaid(worn: Style, style: Style) -> Style:
    """One style on top of another: whatever it leaves open is taken from the other."""
    return Style(**{name: getattr(style, name) or getattr(worn, name) for name in _STYLE})


def _styles(
    look: TabLook, tab: DressedTab, places: Mapping[Cell, Place], hidden: Collection[Cell]
) -> Iterator[Feature]:
    """The styles that cells lack. Where areas overlap, a later one lies on top of an earlier one. A page that is drawn
    with areas gets no other styles. Of merged cells only the first is looked at: nobody sees the others."""
    wanted: dict[Cell, Style] = dict.fromkeys(tab.styled(), Style()) if look.ours and look.areas else {}
    painted = [(cell, area.style) for area in look.areas for cell in cells_of(area.place)]
    painted += [((look.heading_row, each.column), each.heading) for each in look.columns if each.heading != Style()]
    see, _ = tab.ways[Kind.STYLE]
    for cell, style in painted:
        wanted[cell] = overlaid(wanted.get(cell, Style()), style)
    for cell, style in sorted(wanted.items()):
        place = places.get(cell, _one(*cell))
        worn = see(place, style)
        wish = style if look.ours else _rest(style, worn)
        if wish != (worn if look.ours else Style()) and cell not in hidden:
            yield Feature(Kind.STYLE, place, wish)


def _rest(style: Style, worn: object) -> Style:
    """What a cell of people's lacks of a style: nothing if they gave it a colour."""
    if getattr(worn, "fill", None) or getattr(worn, "ink", None):
        return Style()
    return Style(**{name: getattr(style, name) for name in _STYLE if not getattr(worn, name)})


def _merges(look: TabLook, tab: DressedTab, there: list[Place]) -> Iterator[Feature]:
    """In a tab of the robot's own, other merged cells are unmerged, because they would hide what stands there now. No
    cells are merged if that would hide something, or if people have merged some of them."""
    wanted = [area.place for area in look.areas if area.merged]
    if look.ours:
        yield from (Feature(Kind.UNMERGE, place, wish=True) for place in there if place not in wanted)
        there = [place for place in there if place in wanted]
    for place in wanted:
        if all(tab.is_empty(*cell) for cell in cells_of(place)[1:]) and not any(_meet(place, one) for one in there):
            yield Feature(Kind.MERGE, place, wish=True)


def _meet(one: Place, other: Place) -> bool:
    pairs = ((one, other), (other, one))
    return all(first[0] < (second[2] or first[0] + 1) and first[1] < second[3] for first, second in pairs)


def _one(row: int, column: int) -> Place:
    return row, column, row + 1, column + 1
