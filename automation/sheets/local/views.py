"""Tabs of a local workbook in which a formula shows rows of other tabs (``=FILTER(…)``, ``{=Gondrong!A3:Z99}``)."""

from collections.abc import Iterable

from automation.model.cells import Rows
from automation.reading.tabs import find_headings
from automation.sheets.local.areas import Sides
from automation.tables.intake import TICKET


def is_view(rows: Rows, areas: Iterable[Sides]) -> bool:
    """Whether one of the `areas` that a formula fills shows tickets: then nobody typed them, and writing there would
    break the formula. A formula in a single ticket's cell makes no view, nor does one in people's own columns."""
    filled = [(left, right, bottom) for left, top, right, bottom in areas if right > left or bottom > top]
    headings = find_headings(rows) if filled else None
    if headings is None or TICKET not in headings.columns:
        return False
    column, below = headings.columns[TICKET] + 1, headings.row + 2
    return any(left <= column <= right and below <= bottom for left, right, bottom in filled)
