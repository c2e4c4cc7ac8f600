"""What a tab lacks of the areas of its look: merged cells, and styles. A page of the robot's own looks exactly so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from automation.sheets.google.gifts import Gift, cells_from, formatted, style_lacking
from automation.sheets.google.present import Present
from automation.sheets.google.styles import ALL_PARTS, cell_parts, is_exactly, mask_of
from automation.sheets.looks.model import Area, TabLook

Corners = tuple[int, int, int, int]


def is_page(look: TabLook) -> bool:
    """Whether areas say all of how a tab looks."""
    return look.ours and bool(look.areas)


def area_gifts(look: TabLook, present: Present) -> Iterator[Gift]:
    """Merged cells and styles, in order: a page begins with a clean sheet."""
    if is_page(look):
        painted = _painted(look)
        if not _is_exact(look, painted, present):
            whole = {"sheetId": present.outline.id}
            yield Gift({"repeatCell": {"range": whole, "cell": {}, "fields": mask_of(ALL_PARTS)}}, 0)
            for area in painted:
                if parts := cell_parts(area.style):
                    yield formatted(_range(present, _corners_of(area)), parts)
    else:
        for area in look.areas:
            if parts := style_lacking(present, _cells(area), area.style, ours=False):
                yield formatted(_range(present, _corners_of(area)), parts)
    yield from _merges(look, present)


def _merges(look: TabLook, present: Present) -> Iterator[Gift]:
    wanted = {_corners_of(area): area for area in look.areas if area.merged}
    there = [_corners(merge) for merge in present.all("merges")]
    if is_page(look):
        for corners in there:
            if corners not in wanted:
                yield Gift({"unmergeCells": {"range": _range(present, corners)}}, 0)
    for corners, area in wanted.items():
        if corners not in there and (is_page(look) or _is_free(area, there, present)):
            yield Gift({"mergeCells": {"range": _range(present, corners), "mergeType": "MERGE_ALL"}})


def _is_free(area: Area, merges: list[Corners], present: Present) -> bool:
    """Whether people have merged none of these cells, and would lose nothing: only the first keeps its value."""
    apart = all(
        top >= area.bottom or area.top >= bottom or left >= area.right or area.left >= right
        for top, left, bottom, right in merges
    )
    return apart and not any("userEnteredValue" in present.cell(*at) for at in _cells(area)[1:])


def _painted(look: TabLook) -> list[Area]:
    """All that has a style on a page, as areas."""
    cells = [(look.heading_row, each.column, each.heading) for each in look.columns]
    cells += [(each.row, each.column, each.style) for each in look.formulas]
    return [*look.areas, *(Area(row, column, row + 1, column + 1, style) for row, column, style in cells)]


def _is_exact(look: TabLook, painted: list[Area], present: Present) -> bool:
    """Whether a page looks as its areas say, where later ones lie over earlier ones, and as nothing else, such as an
    earlier version of it. Of merged cells only the first is looked at: nobody sees the others."""
    wanted: dict[tuple[int, int], dict[str, Any]] = {}
    for area in painted:
        for at in _cells(area):
            wanted.setdefault(at, {}).update(cell_parts(area.style))
    unseen = {at for area in look.areas if area.merged for at in _cells(area)[1:]}
    return all(
        is_exactly(present.cell(*at).get("userEnteredFormat", {}), wanted.get(at, {}))
        for at in {*wanted, *present.touched()} - unseen
    )


def _range(present: Present, corners: Corners) -> dict[str, Any]:
    top, left, bottom, right = corners
    return cells_from(present, top, left, bottom, right)


def _corners_of(area: Area) -> Corners:
    return area.top, area.left, area.bottom, area.right


def _corners(merge: Mapping[str, int]) -> Corners:
    first = merge.get("startRowIndex", 0), merge.get("startColumnIndex", 0)
    return (*first, merge["endRowIndex"], merge["endColumnIndex"])


def _cells(area: Area) -> list[tuple[int, int]]:
    return [(row, column) for row in range(area.top, area.bottom) for column in range(area.left, area.right)]
