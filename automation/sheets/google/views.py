"""Tabs in which a formula shows rows of other tabs (``=QUERY(…)``, ``=FILTER(…)``). With their headings they look like
tabs of complaints, but if anything is written into those rows, the formula shows nothing but an error."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, cast

from msgspec.structs import replace

from automation.model.cells import Part, Tab, Value, is_empty
from automation.reading.tabs import find_headings
from automation.sheets.google.recall import LONGEST, Fetch
from automation.sheets.google.snapshot import Revision, grid_sheets, rows_in
from automation.sheets.links import quoted_title
from automation.sheets.port import Snapshot
from automation.tables.intake import TICKET
from automation.tables.kendali import SOURCES
from automation.trouble import WorkbookError

#: What was typed into cells, and what they show: nothing was typed into a cell that another cell's formula fills. Both
#: in one answer, because people may have cut a row since the tabs were read.
_FIELDS = "sheets(properties(sheetId),data(rowData(values(userEnteredValue,effectiveValue))))"
_NOTHING = {"stringValue": ""}
#: Rows below the headings that are looked at.
_BELOW = 3


def typed_in(seen: Snapshot) -> set[str]:
    """The tabs (by key) with a column of tickets that are no views."""
    return {tab.key for tab in seen.tabs if not tab.view and _ticket(tab) is not None}


def with_views(seen: Snapshot, typed: set[str], fetch: Fetch) -> Snapshot:
    """The same snapshot with views marked. One small request checks tabs with a column of tickets that `setup` has not
    dressed and that are not known to be `typed`; those that were views last time; and those whose tickets all stand in
    other tabs, too. Tabs found to be no views are added to `typed`."""
    there = seen.tabs if seen.tab(SOURCES) is None else ()  # Kendali's own are shown by no formula
    headed = {tab.key: at for tab in there if (at := _ticket(tab)) is not None}
    typed.intersection_update(headed)
    tabs = seen.by_key
    tickets = {tab.key: _tickets(tab, *headed[tab.key]) for tab in there if tab.key in headed}
    shown = Counter(chain.from_iterable(tickets.values()))
    known = typed | cast("Revision", seen.revision).guarded
    asked = {
        key: at
        for key, at in headed.items()
        if key not in known or tabs[key].view or (tickets[key] and all(shown[one] > 1 for one in tickets[key]))
    }
    ranges = [f"{quoted_title(tabs[key].title)}!{row + 1}:{row + 1 + _BELOW}" for key, (row, _) in asked.items()]
    if not 0 < sum(map(len, ranges)) <= LONGEST:
        return seen
    try:
        sheets = [*grid_sheets(fetch(_FIELDS, ranges=ranges))]
    except WorkbookError as error:  # a tab was renamed just now, or is gone: the next read tells
        if error.code != "google.ditolak":
            raise
        sheets = []
    found = ((key, tabs[key], sheet) for key, _, sheet in sheets if key in asked)
    views = {key: _is_view(tab, *asked[key], rows_in(sheet)) for key, tab, sheet in found}
    typed.update(key for key, is_view in views.items() if not is_view)
    return replace(seen, tabs=tuple(replace(tab, view=views.get(tab.key, tab.view)) for tab in seen.tabs))


def _ticket(tab: Tab) -> tuple[int, int] | None:
    """The row and column of the heading of the tickets, in what looks like a tab of complaints; else None."""
    headings = find_headings(tab.rows) if tab.part is not Part.AWAY else None
    return (headings.row, headings.columns[TICKET]) if headings is not None and TICKET in headings.columns else None


def _tickets(tab: Tab, top: int, column: int) -> set[Value]:
    """The values below that heading."""
    return {row[column] for row in tab.rows[top + 1 :] if len(row) > column and not is_empty(row[column])}


def _is_view(tab: Tab, top: int, column: int, told: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a formula shows a row's ticket (or the heading of the tickets) as well as something in that row. Neither
    a formula typed over one ticket makes a view, nor one that shows only headings above typed rows."""
    headed = False
    for at, row in enumerate(told):
        cells = [*enumerate(row.get("values", ()))]
        typed = {here: cell["userEnteredValue"] for here, cell in cells if "userEnteredValue" in cell}
        said = (here for here, cell in cells if cell.get("effectiveValue", _NOTHING) != _NOTHING)
        shown = [here for here in said if here not in typed]
        ours = headed or column in shown or "formulaValue" in typed.get(column, {})
        if at and ours and shown:
            return True
        headed = headed or (not at and ours)
    return headed and len(tab.rows) <= top + 1  # it shows nothing yet
