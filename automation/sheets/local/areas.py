"""Cells and areas of a worksheet, as references (``A1:B2``) and as numbers."""

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from openpyxl.utils import column_index_from_string, get_column_letter, range_boundaries

Cell = tuple[int, int]  # its row and column (1-based)
Sides = tuple[int, int, int, int]  # of an area: first column and row, last column and row (1-based)
#: The last row and column of any worksheet (1-based).
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384


@cache
def column_number(reference: str | bytes) -> int:
    """The column (1-based) of a cell, or of its letters alone."""
    text = reference if isinstance(reference, str) else reference.decode()
    return column_index_from_string(text.rstrip("0123456789"))


@lru_cache(maxsize=4096)
def bounds(cells: str) -> Sides:
    """The sides of an area, which may be whole rows or columns; those of an empty area if it can't be read."""
    try:
        left, top, right, bottom = range_boundaries(cells)
    except (ValueError, TypeError):
        return 1, 1, 0, 0
    return left or 1, top or 1, right or LAST_COLUMN, bottom or LAST_ROW


def to_a1(sides: Sides) -> str:
    """The reference of an area: ``A1``, or ``A1:B2``."""
    left, top, right, bottom = sides
    first, last = f"{get_column_letter(left)}{top}", f"{get_column_letter(right)}{bottom}"
    return first if first == last else f"{first}:{last}"


def overlap(one: Sides, other: Sides) -> bool:
    """Whether two areas have a cell in common."""
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def cells_in(sides: Sides) -> Iterator[tuple[int, int]]:
    """Row and column of every cell of an area."""
    left, top, right, bottom = sides
    return ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))


def without(area: Sides, cells: Iterable[Sides]) -> list[Sides]:
    """What is left of an area without these cells, in rectangles."""
    rest = [area]
    for cell in cells:
        column, row = cell[:2]
        for piece in [piece for piece in rest if overlap(piece, cell)]:
            left, top, right, bottom = piece
            around = [(left, top, right, row - 1), (left, row, column - 1, row)]
            around += [(column + 1, row, right, row), (left, row + 1, right, bottom)]
            rest.remove(piece)
            rest += [one for one in around if one[0] <= one[2] and one[1] <= one[3]]
    return rest
