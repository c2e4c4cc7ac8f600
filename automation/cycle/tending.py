"""Years that were put away, kept like the one that runs: what a cycle takes out of journals and Rekap, because it was
asked for, or its time is over, goes from theirs too, once a day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import partial

from automation.cases.archive import is_put_away
from automation.cases.codec import signed
from automation.cases.erasure import RETENTION, Taken, cells_without_words
from automation.cases.events import JOURNAL, Event, EventKind
from automation.cases.journal import expired
from automation.cycle import second_copy
from automation.cycle.commit import commit
from automation.cycle.registry import Registry
from automation.model.cells import CellWrite, Part, Tab
from automation.model.rules import Rules
from automation.reading.tabs import find_columns
from automation.sheets.port import Changes, Snapshot, Wish, Workbook
from automation.tables.kendali import REGISTER
from automation.tables.table import Nature

#: Of a workbook that has just been read: what was put away, and the journal.
_OLD = Wish(lambda tab: Part.ALL if tab.title == JOURNAL or is_put_away(tab.title) else Part.NONE)


def tend(kendali: Workbook, workbooks: Mapping[str, Workbook], rules: Rules, now: datetime) -> None:
    """Take out what is kept no more. That the time of words is over is told beside what is known of their case. Raises
    `WorkbookError`; the next time goes on."""
    seen = kendali.read(_OLD)
    if not (away := [tab for tab in second_copy.journals(seen) if tab.title != JOURNAL]):
        return
    registry, here = Registry(seen, whole=True), Registry(seen).cases()
    registry.forget(now - timedelta(days=rules.correction_days))
    cases = {ticket: found for ticket, found in registry.cases().items() if ticket not in here}
    old = expired((case for _, case in cases.values()), now, rules.retention_months)
    rows = []
    for ticket in old:
        source, details = cases[ticket][0], {"sebab": RETENTION}
        event = Event(registry.last[source] + 1, now.replace(microsecond=0), ticket, EventKind.ERASED, details)
        rows.append(second_copy.row_of(source, signed(event)))
    if rows:
        seen = kendali.commit(Changes(appends={away[-1].title: rows}), seen)
    registry.taken.erased.update(old)
    commit(kendali, seen, partial(_wanted, registry.taken, None), most=kendali.largest_commit)
    for source, workbook in workbooks.items():
        commit(workbook, workbook.read(_OLD), partial(_wanted, registry.taken, source), most=workbook.largest_commit)


def _wanted(taken: Taken, source: str | None, seen: Snapshot) -> Changes:
    cells: list[CellWrite] = []
    for tab in seen.tabs:
        if is_old_register(tab):
            cells += words_in(tab, taken.erased)
        elif is_put_away(tab.title):
            cells += cells_without_words(tab, taken, source)
    return Changes(cells=cells)


def is_journal(tab: Tab) -> bool:
    """Whether it is a journal, of this year or one that was put away."""
    return tab.title == JOURNAL or (is_put_away(tab.title) and not is_old_register(tab))


def is_old_register(tab: Tab) -> bool:
    """Whether it is a Rekap that was put away."""
    return is_put_away(tab.title) and tab.title.startswith(REGISTER)


def words_in(tab: Tab, tickets: Collection[str]) -> list[CellWrite]:
    """The cells to empty of a Rekap that was put away, so that it says only facts of these tickets."""
    header = find_columns(tab.rows, REGISTER.columns)
    words = [at for column, at in header.columns.items() if column.nature is Nature.WORDS]
    ticket = next((at for column, at in header.columns.items() if column == REGISTER.columns[0]), 0)
    rows = (row for row in range(header.row + 1, len(tab.rows)) if tab.at(row, ticket) in tickets)
    return [cell for row in rows for cell in tab.lacks(row, [(at, None) for at in words])]
