"""Years that were put away. They are kept like the one that runs: what a cycle takes out of journals and Rekap, because
it was asked for, or its time is over, goes from theirs too, once a day. And one is brought back: what its journals told
counts again, and its tabs are read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count

from automation.cases.archive import is_put_away, title_of
from automation.cases.codec import Damaged, decode, encode, signed
from automation.cases.erasure import DETAILS, RETENTION, WORDLESS, Taken, cells_without_words
from automation.cases.events import JOURNAL, JOURNAL_HEADINGS, Event, EventKind
from automation.cases.journal import expired
from automation.cycle import second_copy
from automation.cycle.commit import appended, commit
from automation.cycle.intake import Turn
from automation.cycle.registry import Registry
from automation.model.cells import CellWrite, Part, Tab, Writable, as_read, trimmed
from automation.model.rules import Rules
from automation.reading.cell_text import writable
from automation.reading.tabs import find_columns
from automation.sheets.port import Changes, Snapshot, Wish, Workbook
from automation.tables.kendali import REGISTER
from automation.tables.table import Nature
from automation.trouble import WorkbookError

#: Of a workbook that has just been read: what was put away, and the journal.
_OLD = Wish(lambda tab: Part.ALL if tab.title == JOURNAL or is_put_away(tab.title) else Part.NONE)


def tend(kendali: Workbook, workbooks: Mapping[str, Workbook], rules: Rules, now: datetime) -> None:
    """Take out what is kept no more. That the time of words is over is told beside what is known of their case. Raises
    `WorkbookError` once it has looked after all that can be; the next time goes on."""
    seen = kendali.read(_OLD)
    away = [tab for tab in second_copy.journals(seen) if tab.title != JOURNAL]  # none while a spreadsheet could not end
    registry, here, before = Registry(seen, whole=True), Registry(seen).cases(), now - timedelta(rules.correction_days)
    registry.forget(before)
    cases = {ticket: found for ticket, found in registry.cases().items() if ticket not in here}
    old = expired((case for _, case in cases.values()), now, rules.retention_months) if away else []
    rows = []
    for ticket in old:
        source, details = cases[ticket][0], {"sebab": RETENTION}
        event = Event(registry.last[source] + 1, now.replace(microsecond=0), ticket, EventKind.ERASED, details)
        rows.append(second_copy.row_of(source, signed(event)))
    if rows:
        seen = kendali.commit(Changes(appends={away[-1].title: rows}), seen)
    registry.taken.erased.update(old)
    commit(kendali, seen, partial(_wanted, registry.taken, None), most=kendali.largest_commit)
    failed: WorkbookError | None = None
    for source, workbook in workbooks.items():
        try:
            seen = workbook.read(_OLD)
            for tab in filter(is_journal, seen.tabs):  # the copy may lack what was told last, and words that stand here
                registry.learn(source, replace(seen, tabs=(replace(tab, title=JOURNAL),)))
            registry.forget(before, source)
            registry.cases_of(source)
            commit(workbook, seen, partial(_wanted, registry.taken, source), most=workbook.largest_commit)
        except WorkbookError as error:
            failed = error
    if failed is not None:
        raise failed


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


def brought_back(turn: Turn, seen: Snapshot, year: int, kept: Sequence[Sequence[Writable]]) -> Changes:
    """What brings a year of a spreadsheet back, of whose journal the second copy has `kept` these rows: as many of them
    as one commit should carry, and at last that it is back. Raises `WorkbookError` where a later one has ended."""
    archive = turn.registry.archive(turn.workbook.source)
    if archive.years[-1] != year:
        raise WorkbookError("tahun.lebih-baru", workbook=seen.name, tahun=archive.years[-1])
    old = seen.tab(title_of(JOURNAL, year))
    there = {tuple(trimmed(row)) for row in seen.rows(JOURNAL)}
    bare = {row[:DETAILS] for row in there if f'"{WORDLESS}":true' in str(row[DETAILS:])}  # what is kept of them
    known = [[*map(writable, trimmed(row))] for row in (old.rows if old is not None else ())]
    rows = {tuple(map(as_read, row)): row for row in [*known, *kept]}
    sound = {event.ticket for read in rows if isinstance(event := decode(read), Event)}
    unique = [
        row
        for read, row in rows.items()
        if read not in there and read[:DETAILS] not in bare
        if not (isinstance(found := decode(read), Damaged) and found.ticket in {"", *sound})  # by people
    ]
    if unique:
        most = turn.workbook.largest_commit or len(unique)
        return Changes(appends={JOURNAL: unique[:most]}, partial=True, sure=True)
    event = Event(
        turn.registry.last[turn.workbook.source] + 1, turn.now, "", EventKind.BACK_FROM_ARCHIVE, {"tahun": year}
    )
    away = {old.key: unused(seen, old.title)} if old is not None else {}
    return replace(appended(seen, JOURNAL, JOURNAL_HEADINGS, [encode(event)]), sure=True, put_away=away)


def unused(seen: Snapshot, title: str) -> str:
    """The title with a number, under which no tab is there."""
    return next(one for number in count(1) if seen.tab(one := f"{title} ({number})") is None)
