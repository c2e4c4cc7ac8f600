"""Where the cells of a worksheet lead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from openpyxl.utils import range_boundaries

from automation.cases.cells import Link, Value
from automation.sheets.xlsx_cells import OPENED

Row = tuple[Value, ...]


def linked(rows: Sequence[Row], links: Iterable[Element], addresses: Mapping[str, str]) -> tuple[Row, ...]:
    """The rows with a `Link` wherever text opens a page or a telephone that it does not name itself. `links` are the
    worksheet's ``hyperlink`` elements, `addresses` what they refer to by id. Links to files, and those of people's that
    nobody can read, are passed over."""
    grid = list(rows)
    for link in links:
        id = next((value for name, value in link.items() if name.endswith("}id")), "")
        address, place = addresses.get(id, ""), link.get("location")
        if urlsplit(address).scheme not in OPENED:
            continue
        address = f"{address}#{place}" if place else address
        left, top, right, bottom = _bounds(link.get("ref", ""))
        for r in range(top - 1, min(bottom, len(grid))):
            row = list(grid[r])
            for c in range(left - 1, min(right, len(row))):
                text = row[c]
                if isinstance(text, str) and text not in ("", address):
                    row[c] = Link(text, address)
            grid[r] = tuple(row)
    return tuple(grid)


def _bounds(cells: str) -> tuple[int, int, int, int]:
    """First column and row, last column and row (1-based); nothing where it can't be read."""
    try:
        left, top, right, bottom = range_boundaries(cells)
    except (ValueError, TypeError):
        return 1, 1, 0, 0
    if left is None or top is None or right is None or bottom is None:
        return 1, 1, 0, 0
    return left, top, right, bottom
