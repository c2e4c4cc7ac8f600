"""What people said of the headings of other lists, as it is kept in Kendali."""

from __future__ import annotations

from collections.abc import Sequence

from automation.config.tabs import rows_of
from automation.config.values import text
from automation.cycle.commit import appended, commit
from automation.importing.profiles import Profile, read_profile
from automation.reading.cell_text import lines_of
from automation.reading.tabs import find_columns
from automation.sheets.port import Changes, Snapshot, Workbook
from automation.tables.kendali import PROFILES
from automation.trouble import ConfigurationError

_HEADINGS, _SAID, _ = PROFILES.headings


def kept_profiles(kendali: Snapshot) -> tuple[list[Profile], list[int]]:
    """The sources that are kept, and the rows (from 1) that nobody can read."""
    profiles: list[Profile] = []
    unread: list[int] = []
    for row in rows_of(kendali, PROFILES):
        try:
            profiles.append(read_profile(text(row[_HEADINGS]), lines_of(row[_SAID])))
        except ConfigurationError:
            unread.append(row.number + 1)
    return profiles, unread


def remember(kendali: Workbook, row: Sequence[str]) -> None:
    """Keep a source: its row below the headings of the table, in place of the one that it had."""

    def wanted(seen: Snapshot) -> Changes:
        tab = seen.tab(PROFILES)
        known = [record for record in rows_of(seen, PROFILES) if text(record[_HEADINGS]) == row[0]]
        if tab is not None and known:
            cells = ((known[0].columns.get(one), cell) for one, cell in zip(PROFILES.headings, row, strict=True))
            return Changes(cells=tab.lacks(known[0].number, ((at, cell) for at, cell in cells if at is not None)))
        at = find_columns(tab.rows if tab is not None else (), PROFILES.headings).columns
        places = [at.get(one, place) for place, one in enumerate(PROFILES.headings)]
        placed = dict(zip(places, row, strict=True))
        return appended(seen, PROFILES, PROFILES.headings, [[*map(placed.get, range(max(places) + 1))]])

    commit(kendali, kendali.read(), wanted, once=True)
