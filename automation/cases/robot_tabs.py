"""The tabs of an intake spreadsheet that are the robot's own: no complaint is looked for in them."""

from __future__ import annotations

from collections.abc import Iterable

from automation.cases.events import JOURNAL
from automation.cases.grid import Tab
from automation.tables import kendali
from automation.tables.kendali import GUIDE

__all__ = ["GUIDE", "LISTS", "peoples"]

#: What may be chosen in the columns with lists.
LISTS = kendali.LISTS

_OURS = frozenset(title.casefold() for title in (JOURNAL, LISTS, GUIDE))


def peoples(tabs: Iterable[Tab]) -> list[Tab]:
    """All other tabs: complaints, and whatever else people keep there."""
    return [tab for tab in tabs if tab.title.strip().casefold() not in _OURS]
