"""Writes to a workbook until it says what it should, whatever people and other robots do meanwhile."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from automation.cases.codec import encode
from automation.cases.events import JOURNAL, JOURNAL_HEADINGS, Event
from automation.cycle.debts import Debts
from automation.cycle.overwritten import Before, Overwritten, RobotColumns, find_overwritten
from automation.model.cells import CellWrite, Part, Tab, Writable, as_read, fold, shown_alike, trimmed
from automation.reading.cell_text import row_with, writable
from automation.reading.tabs import Place, Row, find_columns, headings_of
from automation.sheets.port import Changes, ReadRequest, Snapshot, Workbook
from automation.sheets.prepare import new_tab
from automation.tables.intake import PEOPLE
from automation.tables.table import Column, Table
from automation.trouble import Outrun, WorkbookError

#: How often others may be quicker, or move things during our write, before the rest waits for the next cycle.
PATIENCE = 6


def commit(
    workbook: Workbook,
    seen: Snapshot,
    wanted: Callable[[Snapshot], Changes],
    *,
    columns: Callable[[Tab], RobotColumns | None] = lambda _: None,
    most: int | None = None,
    once: bool = False,
    debts: Debts | None = None,
    owed: Sequence[Overwritten] = (),
    tried: Callable[[bool], object] = lambda _: None,
) -> Snapshot:
    """Write what `wanted` asks for, at most `most` rows at a time, and ask again with what was read back, until nothing
    is asked for; with `once`, until it was written. Returns the workbook as it stands then.

    The robot's `columns` tell which cells of people's our write has overwritten (none if it only fills empty cells):
    people get them back, together with what is `owed` from before. What is about to be written is noted in `debts`
    until it was read back. `tried` is told after each try whether it was written, or somebody was quicker. Raises
    `WorkbookError` when this does not come to an end.
    """
    # `intended`: the workbook with people's cells as they have to be.
    actual, intended = seen, seen.after(Changes(cells=[one.back for one in owed])) if owed else seen
    overwritten, setbacks = owed, 0
    while (changes := wanted(intended)) or _unlocked(actual, overwritten):
        if setbacks >= PATIENCE:
            raise WorkbookError("siklus.terlalu-ramai", workbook=actual.name)
        part = portion(changes, most)
        cells = [*part.cells, *(one.back for one in _unlocked(actual, overwritten))]
        if unsure := actual.unsure(replace(part, cells=cells)):
            request = ReadRequest.all_of(actual) if part.sure else ReadRequest.only(unsure)
            after, written, cells = workbook.read(request), False, []
        else:
            if debts is not None:
                debts.note(workbook.source, actual, cells, columns)
            try:
                after, written = workbook.commit(replace(part, cells=cells), actual), True
            except Outrun:
                # If its answer was lost, our own first try may have been the quicker one, and have overwritten cells.
                after = workbook.read(ReadRequest.all_of(actual))
                written = once and _stand(part.appends.get(JOURNAL, ()), after)
        # If there is more to do after everything was written, people have interfered.
        setbacks += not (written and part.partial)
        before = stood = Before(actual, intended, overwritten)
        overwritten = find_overwritten(before, after, cells, columns, certain=written)
        if moved := [tab for tab in after.tabs if tab.part is Part.MOVED]:
            # What was read back shows what was covered, but not what now stands elsewhere.
            before = Before(after, after.after(Changes(cells=[one.back for one in overwritten])), overwritten)
            blind = {tab.key for tab in moved if columns(tab) is None}  # rows were inserted: no headings were found
            unjudged = [cell for cell in cells if cell.tab in blind]
            after = workbook.read(ReadRequest.only([tab.title for tab in moved]))
            cells = [replace(one.back, value=one.shown) for one in overwritten]
            overwritten = find_overwritten(before, after, cells, columns, certain=False)
            # Nor does it show where cells have gone that were covered earlier.
            found = (*find_overwritten(stood, after, unjudged, columns, certain=written), *overwritten)
            overwritten = [*{(one.back.tab, one.back.row, one.back.column): one for one in found}.values()]
        if written and not cells and (titles := [title for title in part.appends if _titles(actual.tab(title))]):
            after = workbook.read(ReadRequest.only(titles))
            overwritten = [*overwritten, *_astray(actual, after, {title: part.appends[title] for title in titles})]
        actual, intended = after, after.after(Changes(cells=[one.back for one in overwritten]))
        tried(written)
        if once and written:
            break
    if debts is not None and not overwritten:
        debts.settle(workbook.source)
    return intended


def _stand(events: Sequence[Sequence[Writable]], seen: Snapshot) -> bool:
    """Whether these events stand in the journal; there are none of the same number, time and content but our own."""
    rows = {*map(tuple, seen.rows(JOURNAL))} if events else set()
    return bool(rows) and rows.issuperset(tuple(trimmed([*map(as_read, event)])) for event in events)


def _unlocked(seen: Snapshot, overwritten: Sequence[Overwritten]) -> Sequence[Overwritten]:
    """What may be given back now: the rest would fail the whole commit, and stays owed until the lock is lifted."""
    tabs = seen.by_key
    return [one for one in overwritten if not tabs[one.back.tab].refuses(one.back.row, one.back.column)]


def _astray(
    before: Snapshot, after: Snapshot, appends: Mapping[str, Sequence[Sequence[Writable]]]
) -> Iterator[Overwritten]:
    """What to write so that the values of appended rows stand below their headings, after people moved columns
    meanwhile. A row is left as it stands if one of its headings is no longer there, or not just once."""
    for title, rows in appends.items():
        was, now, tab = _titles(before.tab(title)), _titles(after.tab(title)), after.tab(title)
        if tab is None or not was or not now or was == now:
            continue
        once = {one: column for column, one in enumerate(now) if one and now.count(one) == was.count(one) == 1}
        told = {tuple(trimmed([*map(as_read, row)])): row for row in rows}
        for at, row in ((at, told[shown]) for at, shown in enumerate(map(tuple, tab.rows)) if shown in told):
            values = {was[place] if place < len(was) else "": one for place, one in enumerate(row) if one is not None}
            if values.keys() <= once.keys():
                meant = {once[heading]: one for heading, one in values.items()}
                for column in range(len(now)):
                    if not shown_alike(tab.at(at, column), back := meant.get(column)):
                        shown = row[column] if column < len(row) else None
                        yield Overwritten(shown, CellWrite(tab.key, at, column, back))


def _titles(tab: Tab | None) -> list[str]:
    """The headings of an intake tab, as `fold` gives them."""
    headings = headings_of(tab) if tab is not None else None
    return [*map(fold, tab.rows[headings.row])] if tab is not None and headings is not None else []


def portion(changes: Changes, most: int | None) -> Changes:
    """As much of the changes as one commit carries: `most` rows, appended ones first; the changes themselves if all."""
    rows = sum(map(len, changes.appends.values())) + len({(cell.tab, cell.row) for cell in changes.cells})
    if most is None or rows <= most:
        return changes
    appends: dict[str, Sequence[Sequence[Writable]]] = {}
    for title, added in changes.appends.items():
        appends[title] = added[:most]
        most -= len(appends[title])
    cells: list[CellWrite] = []
    chosen: set[tuple[str, int]] = set()
    for cell in changes.cells:
        if (cell.tab, cell.row) in chosen or len(chosen) < most:
            chosen.add((cell.tab, cell.row))
            cells.append(cell)
    return replace(changes, appends=appends, cells=cells, partial=True)


def appended(seen: Snapshot, title: str, headings: Sequence[str], rows: Sequence[Sequence[Writable]]) -> Changes:
    """`rows` below the others of a tab, which is made with these `headings` if it is not there."""
    if not rows:
        return Changes()
    if (tab := seen.tab(title)) is None:
        return Changes((new_tab(title, headings),), {title: rows})
    return Changes(appends={tab.title: rows})


def journalled(seen: Snapshot, events: Iterable[Event]) -> Changes:
    """These events below the others of a spreadsheet's journal."""
    return appended(seen, JOURNAL, JOURNAL_HEADINGS, [*map(encode, events)])


def appended_to(seen: Snapshot, table: Table, rows: Sequence[Sequence[Writable]]) -> Changes:
    """`rows` below the others of one of Kendali's tables, with their values where people have moved the columns."""
    found = find_columns(seen.rows(table), table.headings).columns
    places = [found.get(heading, at) for at, heading in enumerate(table.headings)]
    placed = [row_with(dict(zip(places, row, strict=True))) for row in rows]
    return appended(seen, table, table.headings, placed)


@dataclass(slots=True)
class Displaced:
    """Rows that people sort to places where something is written into other rows: they get back what they held. `rows`
    are all as they have to be; `written` is what any try may have written, by place."""

    rows: Sequence[Row] = ()
    written: dict[Place, Mapping[Column, Writable]] = field(default_factory=dict)

    def give_back(self, rows: Iterable[Row], meant: Mapping[Place, Mapping[Column, Writable]]) -> list[CellWrite]:
        """What gives these `rows` back what they held, unless something is `meant` for them or they can't be told."""
        cells, known = list[CellWrite](), list[Row]()
        for row in rows:
            written = self.written.get(row.place, {}) if row.place not in meant else {}
            same = [old for old in self.rows if _is_same(old, row, written)] if written else []
            held = same[0].people if len(same) == 1 else row.people
            lost = {
                column: was
                for column, was, stands in zip(PEOPLE, held, row.people, strict=True)
                if column in written and shown_alike(stands, written[column]) and stands != was
            }
            places = row.tab.headings.columns
            cells += (CellWrite(*row.place, places[column], writable(was)) for column, was in lost.items())
            known.append(replace(row, people=held) if lost else row)
        self.rows, self.written = known, {**self.written, **meant}
        return cells


def _is_same(old: Row, row: Row, written: Collection[Column]) -> bool:
    """Whether a row is this one, by all but what was written into it. Another robot may have taken its ticket away."""
    pairs = zip(PEOPLE, old.people, row.people, strict=True)
    left = all(was == stands for column, was, stands in pairs if column not in written)
    is_it = old.ticket_text == row.ticket_text or (not row.ticket_text and old.place == row.place)
    return left and is_it and old.tab.key == row.tab.key
