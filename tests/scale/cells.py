"""Which cells of a table of people are hidden, so that no small one can be worked out from the totals beside it."""

from collections import defaultdict
from collections.abc import Hashable, Mapping
from typing import TypeVar

#: Fewer people than these in a cell are hidden.
FEWEST = 5

Line = TypeVar("Line", bound=Hashable)  # a row or a column


def hidden(people: Mapping[tuple[Line, Line], int]) -> set[tuple[Line, Line]]:
    """The cells to hide, by row and column: those with fewer people than five (but not none), and, where one alone
    would be hidden in its row or column, the smallest one beside it as well."""
    found = {cell for cell, count in people.items() if 0 < count < FEWEST}
    while True:
        more: set[tuple[Line, Line]] = set()
        for at in (0, 1):
            lines: dict[Line, list[tuple[Line, Line]]] = defaultdict(list)
            for cell in people:
                lines[cell[at]].append(cell)
            for line in lines.values():
                shown = [cell for cell in line if cell not in found and people[cell]]
                if len(found.intersection(line)) == 1 and shown:
                    more.add(min(shown, key=lambda cell: (people[cell], str(cell))))
        if not more:
            return found
        found |= more
