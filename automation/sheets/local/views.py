"""Tabs of a workbook in which a formula shows rows of others (``=FILTER(…)``, ``{=Gondrong!A3:Z99}``)."""

from collections.abc import Iterable

from automation.model.cells import Rows
from automation.reading.tabs import find_headings
from automation.sheets.local.areas import Sides
from automation.tables.intake import TICKET


def is_view(rows: Rows, areas: Iterable[Sides]) -> bool:
    """Whether a formula, of those that each fill an area, shows tickets: then nobody has typed those, and what is
    written there would break it. One that stands over a single ticket makes no view, nor one over people's own
    columns."""
    filled = [(left, right, bottom) for left, top, right, bottom in areas if right > left or bottom > top]
    headings = find_headings(rows) if filled else None
    if headings is None or TICKET not in headings.columns:
        return False
    column, below = headings.columns[TICKET] + 1, headings.row + 2
    return any(left <= column <= right and below <= bottom for left, right, bottom in filled)
