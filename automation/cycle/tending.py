"""Years that were put away. They are kept like the current one: what a cycle removes from journals and Rekap, on
request or because its time is over, is removed from theirs too, once a day. And a year is brought back: what its
journals told counts again, and its tabs are read. A line in each tab tells that it is away, and what continues it."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import count

from msgspec.structs import replace

from automation.cases.archive import is_put_away, title_of
from automation.cases.codec import Damaged, decode
from automation.cases.erasure import DETAILS, RETENTION, WORDLESS, Taken, cells_without_words, erased_as
from automation.cases.events import JOURNAL, Event, EventKind
from automation.cases.journal import expired
from automation.cycle import second_copy
from automation.cycle.commit import commit, journalled
from automation.cycle.intake import Turn, robot_columns
from automation.cycle.overwritten import RobotColumns
from automation.cycle.registry import Registry
from automation.cycle.sources import Listed, failure_of
from automation.model.cells import CellWrite, Part, Tab, Writable, as_read, fold, trimmed
from automation.model.rules import Rules
from automation.model.texts import Texts
from automation.reading.cell_text import writable
from automation.reading.tabs import find_columns, headings_of
from automation.sheets.looks.intake import is_line, place_of_line, where_put_up
from automation.sheets.port import Changes, ReadRequest, Snapshot, Workbook
from automation.tables.kendali import REGISTER
from automation.tables.table import Nature
from automation.trouble import Trouble, WorkbookError

#: Reads of a workbook only the tabs that were put away, and the journal.
_OLD = ReadRequest(lambda tab: Part.ALL if is_journal(tab) or is_old_register(tab) else Part.NONE)


def tend(kendali: Workbook, listed: Sequence[Listed], rules: Rules, now: datetime) -> Collection[str]:
    """Remove what is no longer kept; returns the erased tickets of ended years. If the words of a case have expired,
    that is recorded beside what is known of it. Raises what Kendali raises. What can't be done in other spreadsheets is
    logged; the next run does it."""
    seen = kendali.read(_OLD)
    away = [tab for tab in second_copy.journals(seen) if tab.title != JOURNAL]  # none until all spreadsheets have ended
    registry, here, before = Registry(seen, whole=True), Registry(seen).cases(), now - timedelta(rules.correction_days)
    registry.forget(before)
    cases = {ticket: found for ticket, found in registry.cases().items() if ticket not in here}
    old = expired((case for _, case in cases.values()), now, rules.retention_months) if away else []
    rows = []
    for ticket in old:
        source, case = cases[ticket]
        details, at = erased_as(case.content, RETENTION), now.replace(microsecond=0)
        rows.append(second_copy.row_of(source, Event(registry.last[source] + 1, at, ticket, EventKind.ERASED, details)))
    most = kendali.largest_commit or len(rows) or 1
    for begin in range(0, len(rows), most):
        seen = kendali.commit(Changes(appends={away[-1].title: rows[begin : begin + most]}), seen)
    registry.taken.erased.update(old)
    commit(kendali, seen, partial(_wanted, registry.taken, None), most=kendali.largest_commit)
    for one in listed:
        workbook, source = one.workbook, one.workbook.source
        try:
            seen = workbook.read(_OLD)
            for tab in filter(is_journal, seen.tabs):  # the copy may lack the last events, and words that are here
                registry.learn(source, replace(seen, tabs=(replace(tab, title=JOURNAL),)))
            registry.forget(before, source)
            registry.cases_of(source)
            commit(workbook, seen, partial(_wanted, registry.taken, source), most=workbook.largest_commit)
        except Exception as error:
            failure_of(one.source, error)
    return registry.taken.erased & cases.keys()


def _wanted(taken: Taken, source: str | None, seen: Snapshot) -> Changes:
    shown = [cell for tab in filter(is_old_register, seen.tabs) for cell in words_in(tab, taken.erased)]
    told = [cell for tab in filter(is_journal, seen.tabs) for cell in cells_without_words(tab, taken, source)]
    return Changes(cells=[*shown, *told])


def is_journal(tab: Tab) -> bool:
    """Whether a tab is a journal, the current one or one that was put away."""
    return tab.title == JOURNAL or (is_put_away(tab.title) and tab.title.startswith(JOURNAL))


def is_old_register(tab: Tab) -> bool:
    """Whether a tab is a Rekap that was put away."""
    return is_put_away(tab.title) and tab.title.startswith(REGISTER)


def words_in(tab: Tab, tickets: Collection[str]) -> list[CellWrite]:
    """The cells to empty in a Rekap that was put away, so that it tells only facts of these tickets."""
    header = find_columns(tab.rows, REGISTER.columns)
    words = [at for column, at in header.columns.items() if column.nature is Nature.WORDS]
    ticket = next((at for column, at in header.columns.items() if column == REGISTER.columns[0]), 0)
    rows = (row for row in range(header.row + 1, len(tab.rows)) if tab.at(row, ticket) in tickets)
    return [cell for row in rows for cell in tab.lacks(row, [(at, None) for at in words])]


def brought_back(turn: Turn, seen: Snapshot, year: int, kept: Sequence[Sequence[Writable]]) -> Changes:
    """What to write to bring a year of a spreadsheet back: rows of its journal, also those that the second copy has
    `kept`, as many as fit one commit; at last, that it is back. Raises `WorkbookError` if a later one has ended."""
    if (last := turn.registry.archive(turn.workbook.source).years[-1]) != year:
        raise WorkbookError("tahun.lebih-baru", workbook=seen.name, tahun=last)
    old = seen.tab(title_of(JOURNAL, year))
    there = {tuple(trimmed(row)) for row in seen.rows(JOURNAL)}
    bare = {row[:DETAILS] for row in there if f'"{WORDLESS}":true' in str(row[DETAILS:])}  # events without words
    known = [[*map(writable, trimmed(row))] for row in (old.rows if old is not None else ())]
    rows = {tuple(map(as_read, row)): row for row in [*known, *kept]}
    sound = {event.ticket for read in rows if isinstance(event := decode(read), Event)}
    unique = [
        row
        for read, row in rows.items()
        if read not in there and read[:DETAILS] not in bare
        if not (isinstance(found := decode(read), Damaged) and found.ticket in {"", *sound})  # spoiled by people
    ]
    if unique:
        most = turn.workbook.largest_commit or len(unique)
        return Changes(appends={JOURNAL: unique[:most]}, partial=True, sure=True)
    told = [("", EventKind.BACK_FROM_ARCHIVE, {"tahun": year})]
    back = journalled(seen, turn.registry.numbered(turn.workbook.source, told, turn.now))
    return replace(back, sure=True, put_away={old.key: free_title(seen, old.title)} if old is not None else {})


def free_title(seen: Snapshot, title: str) -> str:
    """The title with the first number under which there is no tab."""
    return next(one for number in count(1) if seen.tab(one := f"{title} ({number})") is None)


def put_up_lines(away: Collection[str], said: Callable[[str], str], texts: Texts, seen: Snapshot) -> Changes:
    """What to write so that each tab that is `away` (by key) with a year says so, in the words that `said` gives for
    its title, unless people have something else in that place; and so that no other tab does."""
    cells = list[CellWrite]()
    for tab in seen.tabs:
        there, headings = where_put_up(tab, texts), headings_of(tab)
        if tab.key not in away:
            cells += [cell for row, at in there for cell in tab.lacks(row, [(at, None)])]
        elif headings is not None and headings.complete and not there:
            row, at = place_of_line(tab, headings, texts)
            free = (shown := tab.at(row, at)) is None or is_line(shown, texts)
            cells += tab.lacks(row, [(at, said(tab.title))] if free else [])
    return Changes(cells=cells)


def misleading(away: Collection[str], texts: Texts, seen: Snapshot) -> Iterator[Trouble]:
    """The troubles that a tab lacks its line, or still has one, because people protect that place: they would type in
    vain, or in the wrong tab."""
    for tab in seen.tabs:
        if tab.locks and headings_of(tab) is not None and bool(where_put_up(tab, texts)) is not (tab.key in away):
            code = "tahun.tanpa-tulisan" if tab.key in away else "tahun.tulisan-tinggal"
            yield Trouble(code, workbook=seen.name, tab=tab.title)


def columns_and_lines(texts: Texts, tab: Tab) -> RobotColumns | None:
    """The robot's columns in an intake tab, and the lines that stand beside its headings: if people move columns while
    such a line is written, it covers a heading of theirs."""
    if (found := robot_columns(tab)) is None:
        return None
    row = tab.rows[found.row]
    away = [row[at] for line, at in where_put_up(tab, texts) if line == found.row]
    return replace(found, lines={fold(value) for value in row if is_line(value, texts) or value in away} - {""})
