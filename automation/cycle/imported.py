"""What imported lists leave besides new rows: in Kendali, what people said of their headings; in people's rows, what a
list says differently than before. That is the only write into people's rows that `import` does, and only on request."""

from collections.abc import Mapping, Sequence
from functools import partial

from automation.config.tabs import rows_of
from automation.config.values import text
from automation.cycle.commit import Displaced, appended_to, commit
from automation.cycle.intake import robot_columns
from automation.importing.layout import MARK, Finder, Incoming, KnownRow, Layout
from automation.importing.profiles import KEPT, Profile, read_profile
from automation.model.cells import CellWrite, Value, Writable, fold
from automation.reading.cell_text import lines_of
from automation.reading.tabs import Place
from automation.sheets.port import Changes, Snapshot, Workbook
from automation.tables.intake import INTAKE
from automation.tables.kendali import PROFILES
from automation.tables.table import Column
from automation.trouble import ConfigurationError

_HEADINGS, _SAID, _ = PROFILES.headings
#: A row of a list, the row that came from it, and what the list now says differently (see `changed`).
Correction = tuple[Incoming, KnownRow, Mapping[Column, tuple[Value, Value]]]
#: Where what is written may stand in a tab.
columns = partial(robot_columns, ours={fold(heading): str(heading) for heading in (*INTAKE.columns, KEPT)})


def kept_profiles(kendali: Snapshot) -> tuple[list[Profile], list[int]]:
    """The sources that are kept, and the numbers (from 1) of the rows that can't be read."""
    profiles, unread = list[Profile](), list[int]()
    for row in rows_of(kendali, PROFILES):
        try:
            profiles.append(read_profile(text(row[_HEADINGS]), lines_of(row[_SAID])))
        except ConfigurationError:
            unread.append(row.number + 1)
    return profiles, unread


def remember(kendali: Workbook, row: Sequence[str]) -> None:
    """Keep a source: its row below the headings of the table, replacing the one that it had."""

    def wanted(seen: Snapshot) -> Changes:
        tab = seen.tab(PROFILES)
        known = [record for record in rows_of(seen, PROFILES) if text(record[_HEADINGS]) == row[0]]
        if tab is not None and known:
            cells = ((known[0].columns.get(one), cell) for one, cell in zip(PROFILES.headings, row, strict=True))
            return Changes(cells=tab.lacks(known[0].number, ((at, cell) for at, cell in cells if at is not None)))
        return appended_to(seen, PROFILES, [row])

    commit(kendali, kendali.read(), wanted, once=True)


def corrected(
    corrections: Sequence[Correction], displaced: Displaced, seen: Snapshot, standing: Sequence[KnownRow]
) -> Changes:
    """The cells to write. A row that was sorted to a place where we had written also gets back what stood in it."""
    known, tabs = Finder(standing), seen.by_key
    cells, meant = list[CellWrite](), dict[Place, Mapping[Column, Writable]]()
    for incoming, _, says in corrections:
        if (stands := known.find(incoming)) is not None:
            row, tab = stands.row, tabs[stands.row.tab.key]
            meant[row.place] = told = {column: incoming.ours[column] for column in says if row.tab.has(column)}
            at = [(row.tab.headings.columns[column], value) for column, value in told.items()]
            # What people have written behind the mark stays.
            kept = Layout(tab, row.tab).kept
            *_, theirs = str(tab.at(row.number, kept)).partition(f"{MARK}: {stands.mark}")
            cells += tab.lacks(row.number, [*at, (kept, f"{incoming.told}{theirs}")])
    return Changes(cells=[*displaced.give_back((one.row for one in standing), meant), *cells])
