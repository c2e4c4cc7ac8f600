"""What may be chosen in an intake spreadsheet: a hidden tab that follows Kendali, and to which the lists of the columns
point. Beside it stands when the program last looked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from automation.cases.cells import Value, Writable, kept_text, shown_alike
from automation.cases.columns import Column
from automation.cases.complaint import Channel, Priority, Status
from automation.cases.grid import CellWrite, Tab
from automation.cases.headings import find_headings, fold
from automation.cases.places import Kelurahan, Places
from automation.cases.robot_tabs import LISTS, peoples
from automation.cases.rules import Rules
from automation.digests.audience import Recipient, covers
from automation.sheets.port import Changes, NewTab, Snapshot

#: The columns that have a list, in the order in which their lists stand in the tab.
LISTED = (Column.CHANNEL, Column.CATEGORY, Column.PRIORITY, Column.STATUS, Column.ASSIGNEE, Column.KELURAHAN)
#: Headings of the tab. They are none of an intake tab's, so that a copy of it is not taken for one.
LIST_HEADINGS = (*(f"Daftar {column.value}" for column in LISTED), "", "Terakhir Diperiksa")
#: Where it stands when the program last looked (0-based row and column).
CHECKED = (1, len(LIST_HEADINGS) - 1)
#: How that is written, and how old it may be before it is renewed for its own sake.
STAMP, FRESH = "%d/%m/%Y %H.%M", timedelta(hours=1)

Lists = Mapping[Column, Sequence[str]]


def lists_of(rules: Rules, recipients: Iterable[Recipient], served: Iterable[Kelurahan]) -> Lists:
    """The lists for a spreadsheet with complaints of these kelurahan; of the whole city where there are none."""
    places = list(served) or list(rules.places)
    people = [place.coordinator for place in places]
    people += [one.name for one in recipients if any(covers(one.scope, place) for place in places)]
    names: dict[str, str] = {}
    for name in people:
        if name.strip():
            names.setdefault(fold(name), name.strip())
    return {
        Column.CHANNEL: tuple(Channel),
        Column.CATEGORY: tuple(rules.categories),
        Column.PRIORITY: tuple(Priority),
        Column.STATUS: tuple(Status),
        Column.ASSIGNEE: tuple(names.values()),
        Column.KELURAHAN: tuple(place.name for place in rules.places),
    }


def served_by(tabs: Iterable[Tab], places: Places, to_come: Iterable[str] = ()) -> list[Kelurahan]:
    """The kelurahan that tabs are named after, also those `to_come`; none where a tab serves several, for nobody knows
    which."""
    found = [places.find(title) for title in to_come]
    for tab in peoples(tabs):
        place = places.find(tab.title)
        if isinstance(place, Kelurahan):
            found.append(place)
        elif find_headings(tab.rows) is not None:
            return []
    return [place for place in found if isinstance(place, Kelurahan)]


def lists_tab(snapshot: Snapshot) -> Tab | None:
    """The tab, if it is there; one that somebody has made for themselves under that title is not."""
    tab = snapshot.tab(LISTS)
    return tab if tab is not None and _at(tab, 0, 0) == LIST_HEADINGS[0] else None


def prepare_lists(snapshot: Snapshot, lists: Lists, never: str) -> Changes:
    """What has to be written so that the tab is there and says `lists`; `never` stands for the time of a first look."""
    if (tab := lists_tab(snapshot)) is not None:
        return Changes(cells=list_cells(tab, lists))
    if (tab := snapshot.tab(LISTS)) is not None:
        headings = [CellWrite(tab.key, 0, at, text) for at, text in enumerate(LIST_HEADINGS) if text]
        blank = all(value is None or value == "" for row in tab.rows for value in row)
        return Changes(cells=[*headings, *list_cells(tab, lists)]) if blank else Changes()
    columns = [list(lists[column]) for column in LISTED]
    rows: list[list[Writable]] = [
        [kept_text(column[at]) if at < len(column) else None for column in columns]
        for at in range(max(map(len, columns)))
    ]
    row, column = CHECKED
    rows[row - 1] += [None] * (column - len(columns)) + [never]
    return Changes((NewTab(LISTS, LIST_HEADINGS, hidden=True),), {LISTS: rows})


def list_cells(tab: Tab, lists: Lists) -> list[CellWrite]:
    """The cells to write so that the tab says `lists`."""
    cells: list[CellWrite] = []
    for at, column in enumerate(LISTED):
        wanted = [kept_text(entry) for entry in lists[column]]
        for row in range(1, max(len(tab.rows), len(wanted) + 1)):
            entry = wanted[row - 1] if row <= len(wanted) else None
            if not shown_alike(_at(tab, row, at), entry):
                cells.append(CellWrite(tab.key, row, at, entry))
    return cells


def checked_cells(tab: Tab, now: datetime, *, anyway: bool) -> list[CellWrite]:
    """The cell that tells when the program last looked: written along with something else (`anyway`), or when what it
    tells is older than `FRESH`."""
    shown = _at(tab, *CHECKED)
    if anyway or not _is_fresh(shown, now):
        stamp = now.strftime(STAMP)
        return [] if shown == stamp else [CellWrite(tab.key, *CHECKED, stamp)]
    return []


def _is_fresh(shown: Value, now: datetime) -> bool:
    try:
        return now - datetime.strptime(str(shown), STAMP).replace(tzinfo=now.tzinfo) < FRESH
    except ValueError:
        return False


def _at(tab: Tab, row: int, column: int) -> Value:
    return tab.rows[row][column] if row < len(tab.rows) and column < len(tab.rows[row]) else None
