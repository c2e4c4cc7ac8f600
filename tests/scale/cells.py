"""Which cells of a table of people are hidden, so that no small one can be worked out from the totals beside it."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping
from typing import TypeVar

#: Fewer people than these in a cell are hidden.
FEWEST = 5

Line = TypeVar("Line", bound=Hashable)
Cell = tuple[Line, Line]  # its row and its column
End = tuple[int, Line]  # a row (0) or a column (1)


def hidden(people: Mapping[Cell[Line], int]) -> set[Cell[Line]]:
    """The cells to hide: those with fewer people than five (but not none), and as many others, the smallest first, as
    it takes so that none of them can be worked out from the totals of rows and columns.

    A hidden cell is certain if it alone links some lines with all others: what these lines have in all, less what is
    shown there, is what they hide. So each has to lie on a ring of hidden cells: row, column, row …
    """
    found, links = set[Cell[Line]](), defaultdict[End[Line], set[End[Line]]](set)

    def hide(cell: Cell[Line]) -> None:
        found.add(cell)
        links[0, cell[0]].add((1, cell[1]))
        links[1, cell[1]].add((0, cell[0]))

    doubtful = sorted((cell for cell, count in people.items() if 0 < count < FEWEST), key=str)
    for cell in doubtful:
        hide(cell)
    while doubtful:
        row, column = (0, doubtful[-1][0]), (1, doubtful[-1][1])
        near, far = sorted((_side(column, row, links), _side(row, column, links)), key=len)
        across: list[Cell[Line]] = []
        if row not in near or column not in near:  # then it lies on no ring
            shown = [
                ((0, cell[0]), (1, cell[1]), cell) for cell, count in people.items() if count and cell not in found
            ]
            closing = [cell for a, b, cell in shown if (a in near and b in far) or (a in far and b in near)]
            across = closing or [cell for a, b, cell in shown if (a in near) != (b in near)]
            across = across or [cell for a, b, cell in shown if (a in far) != (b in far)]
        if across:
            doubtful.insert(-1, min(across, key=lambda one: (people[one], str(one))))
            hide(doubtful[-2])
        else:  # or nothing is left that could close one
            doubtful.pop()
    return found


def _side(begin: End[Line], other: End[Line], links: Mapping[End[Line], Collection[End[Line]]]) -> set[End[Line]]:
    """The lines that hidden cells link with this one, but for its cell with the `other`; may end there."""
    side, ends = set[End[Line]](), [begin]
    while ends and other not in side:
        side.add(end := ends.pop())
        ends += [one for one in links[end] if one not in side and {end, one} != {begin, other}]
    return side
