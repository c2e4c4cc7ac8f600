"""The hidden tab with what may be chosen in an intake spreadsheet. It follows Kendali, and the lists of the columns
refer to it. It also holds the time when the program last looked, and the numbers that it issued last."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import zip_longest

from automation.digests.audience import Recipient, covers
from automation.model.cells import CellWrite, Tab, Writable, fold, kept_text
from automation.model.complaint import Channel, Priority, Status
from automation.model.disclosure import shorten
from automation.model.places import Kelurahan, Places
from automation.model.rules import Rules
from automation.model.tickets import highest, is_exact
from automation.reading.tabs import LISTS, headings_of, peoples
from automation.sheets.port import Changes, NewTab, Snapshot
from automation.tables.intake import ASSIGNEE, CATEGORY, CHANNEL, KELURAHAN, LISTED, PRIORITY, STATUS
from automation.tables.table import Column

#: Headings of the tab, different from those of intake tabs, so that a copy of it is not taken for one.
LIST_HEADINGS = (*(f"Daftar {column}" for column in LISTED), "", "Terakhir Diperiksa", "Nomor Terakhir")
#: The cells (0-based row and column) of the time when the program last looked, and of the numbers issued last.
CHECKED, NUMBERS = (1, len(LIST_HEADINGS) - 2), (1, len(LIST_HEADINGS) - 1)
#: How that time is written, and the age at which it is renewed even if nothing else is written.
STAMP, FRESH = "%d/%m/%Y %H.%M", timedelta(hours=1)
#: The separator between the time and the words to heed, and the most characters of those.
HEED, HEEDED = " – ", 400
Lists = Mapping[Column, Sequence[str]]


def lists_of(rules: Rules, recipients: Iterable[Recipient], served: Iterable[Kelurahan]) -> Lists:
    """The lists for a spreadsheet that serves these kelurahan, or the whole city if there are none."""
    places = list(served) or list(rules.places)
    people = [place.coordinator for place in places]
    people += [one.name for one in recipients if any(covers(scope, place) for scope in one.scopes for place in places)]
    names: dict[str, str] = {}
    for name in people:
        if name.strip():
            names.setdefault(fold(name), name.strip())
    return {
        CHANNEL: tuple(Channel),
        CATEGORY: tuple(rules.categories),
        PRIORITY: tuple(Priority),
        STATUS: tuple(Status),
        ASSIGNEE: tuple(names.values()),
        KELURAHAN: tuple(place.name for place in rules.places),
    }


def served_by(tabs: Iterable[Tab], places: Places, to_come: Iterable[str] = ()) -> list[Kelurahan]:
    """The kelurahan that tabs are named after, also those `to_come`; none if one of complaints may serve any others."""
    found = [places.find(title) for title in to_come]
    for tab in peoples(tabs):
        place = places.find(tab.title)
        if isinstance(place, Kelurahan):
            found.append(place)
        elif headings_of(tab) is not None:
            return []
    return [place for place in found if isinstance(place, Kelurahan)]


def lists_tab(snapshot: Snapshot) -> Tab | None:
    """The tab of lists, or None; a tab that somebody has made for themselves under that title does not count."""
    tab = snapshot.tab(LISTS)
    return tab if tab is not None and tab.at(0, 0) == LIST_HEADINGS[0] else None


def prepare_lists(snapshot: Snapshot, lists: Lists, never: str) -> Changes:
    """What has to be written so that the tab is there with these `lists`; `never` is written instead of a time."""
    if (tab := snapshot.tab(LISTS)) is None:
        first, *others = _rows(lists)
        gap: list[Writable] = [None] * (CHECKED[1] - len(first))
        return Changes((NewTab(LISTS, LIST_HEADINGS, hidden=True),), {LISTS: [[*first, *gap, never], *others]})
    cells = list_cells(tab, lists)
    if lists_tab(snapshot) is None:
        cells = [] if tab.width else [*tab.lacks(0, enumerate(LIST_HEADINGS)), *cells]
    return Changes(cells=cells)


def list_cells(tab: Tab, lists: Lists) -> list[CellWrite]:
    """The cells to write so that the tab holds `lists`."""
    return tab.differs(_rows(lists), len(LISTED), first=1)


def checked_cells(tab: Tab, now: datetime, *, anyway: bool, heed: str = "") -> list[CellWrite]:
    """The cell with the time when the program last looked, and what people have to `heed`: all tabs show it. It is
    written along with something else (`anyway`), if what to heed has changed, or if it is older than `FRESH`."""
    row, column = CHECKED
    heed, (_, _, heeded) = shorten(heed, HEEDED), str(tab.at(row, column) or "").partition(HEED)
    # A time far in the future, which a wrong clock has written, is not fresh either.
    fresh = not anyway and heeded == heed and (at := checked_at(tab, now)) is not None and abs(now - at) < FRESH
    return [] if fresh else tab.lacks(row, [(column, now.strftime(STAMP) + (HEED + heed if heed else ""))])


def checked_at(tab: Tab, now: datetime) -> datetime | None:
    """When the program last looked, in the time zone of `now`; None if the tab does not say."""
    with suppress(ValueError):
        return datetime.strptime(str(tab.at(*CHECKED) or "").partition(HEED)[0], STAMP).replace(tzinfo=now.tzinfo)
    return None


def noted_tickets(snapshot: Snapshot) -> list[str]:
    """The tickets noted there as the highest of their lanes and years, whatever became of the journals."""
    tab = lists_tab(snapshot)
    words = str(tab.at(*NUMBERS) or "").split() if tab is not None else ()
    return [word for word in words if is_exact(word)]


def number_cells(tab: Tab, used: Iterable[str]) -> list[CellWrite]:
    """The cells to write so that the highest of these tickets are noted there."""
    row, column = NUMBERS
    noted = " ".join(sorted(highest(used).values()))
    return [*tab.lacks(0, [(column, LIST_HEADINGS[column])]), *tab.lacks(row, [(column, noted or None)])]


def _rows(lists: Lists) -> list[list[Writable]]:
    return [list(row) for row in zip_longest(*(map(kept_text, lists[column]) for column in LISTED))]
