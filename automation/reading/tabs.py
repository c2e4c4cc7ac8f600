"""Where things stand in a spreadsheet: which tabs are the robot's own, the headings of a tab, wherever people have
moved them, and the rows of complaints below."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import islice, pairwise
from operator import itemgetter
from typing import Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from automation.model.bulk import in_bulk
from automation.model.cells import Lock, Tab, Value, fold, fold_title, is_empty
from automation.model.complaint import Channel
from automation.model.places import Doubt, Kelurahan, Places
from automation.reading.headings import are_complaints, find_questions, says_done, was_sorted_up
from automation.tables import intake
from automation.tables.intake import CHANNEL, IDENTITY, INTAKE, KELURAHAN, PEOPLE, POSITION, RECEIVED, ROBOT, TICKET
from automation.tables.kendali import GUIDE, JOURNAL, LISTS
from automation.tables.table import Column, Owner
from automation.trouble import Trouble

ROWS_SEARCHED = 10  # people may put a title or a note above the headings, so they need not be in the first row

Key = TypeVar("Key", str, Column)


class Headings(Struct, Generic[Key], frozen=True):
    """Where each column stands: 0-based `row`, 0-based `columns` (of a doubled heading the first one).

    `missing` are columns without a heading; `doubled` are columns whose heading stands more than once, which can't be
    read until one is renamed. `form`: the tab takes the answers of a form, and the volunteers' headings are questions.
    """

    row: int
    columns: Mapping[Key, int]
    missing: tuple[Key, ...]
    doubled: tuple[Key, ...]
    form: bool = False

    @property
    def complete(self) -> bool:
        """Whether the tab can be read."""
        return not self.missing and not self.doubled

    def left_standing(self, order: Sequence[Key]) -> dict[Key, int]:
        """Where those of the missing columns are that still stand between their neighbours in this order: their
        headings were wiped, or got other names."""
        lefts = [-1, *(self.columns.get(one, -3) for one in order)]
        places = {one: left + 1 for left, one in zip(lefts, order, strict=False) if one in self.missing}
        rights = dict(pairwise(order))
        return {one: at for one, at in places.items() if one in rights and self.columns.get(rights[one]) == at + 1}


def find_columns(rows: Sequence[Sequence[Value]], wanted: Iterable[Key]) -> Headings[Key]:
    """The row, among the first ten, that holds most of the wanted headings; the first row if none holds any."""
    by_name = {fold(str(key)): key for key in wanted}
    best, places = 0, dict[Key, list[int]]()
    for number, row in enumerate(islice(rows, ROWS_SEARCHED)):
        found: dict[Key, list[int]] = {}
        for at, value in enumerate(row):
            if (key := by_name.get(fold(value))) is not None:
                found.setdefault(key, []).append(at)
        if len(found) > len(places):
            best, places = number, found
    return Headings(
        row=best,
        columns={key: at[0] for key, at in places.items()},
        missing=tuple(key for key in by_name.values() if key not in places),
        doubled=tuple(key for key, at in places.items() if len(at) > 1),
    )


FEWEST = 5  # a tab with fewer headings than this is no intake tab: so few could stand in any table


def find_headings(rows: Sequence[Sequence[Value]]) -> Headings[Column] | None:
    """The row, among the first ten, that holds most headings of an intake tab, or the questions of a form; None if no
    row holds five headings. Optional columns don't count as missing."""
    return _headings(tuple(map(tuple, islice(rows, ROWS_SEARCHED))))


def headings_of(tab: Tab) -> Headings[Column] | None:
    """The headings of an intake tab; None for a view of other rows, which has none of its own."""
    return None if tab.view else find_headings(tab.rows)


@lru_cache(maxsize=1024)  # a cycle asks this of each tab again and again
def _headings(rows: Sequence[Sequence[Value]]) -> Headings[Column] | None:
    found = find_columns(rows, INTAKE.columns)
    asks = rows and RECEIVED not in found.columns
    if asks and (asked := find_questions(rows[found.row], found.columns)) is not None:
        lost = (one for one in found.missing if one not in asked and not one.optional)
        ours = tuple(one for one in lost if one.owner is not Owner.VOLUNTEER or one in (intake.DESCRIPTION, RECEIVED))
        return Headings(found.row, asked, ours, found.doubled, form=True)
    if len(found.columns) < FEWEST:
        return None
    return replace(found, missing=tuple(column for column in found.missing if not column.optional))


_OURS = frozenset(map(fold_title, (JOURNAL, LISTS, GUIDE)))


def peoples(tabs: Iterable[Tab]) -> list[Tab]:
    """All tabs but the robot's own: complaints, and whatever else people keep there."""
    return [tab for tab in tabs if fold_title(tab.title) not in _OURS]


#: The cells that identify a complaint wherever its row is moved.
identity_of = itemgetter(*(POSITION[column] for column in IDENTITY))

Place = tuple[str, int]  # the key of a tab, and a row of it


class Row(Struct, frozen=True):
    """A row in which something was typed, or in which the program's own cells were left behind.

    `people` are its cells in the order of PEOPLE, `robot` those in the order of ROBOT; a column that the tab lacks is
    empty. `blank`: it holds nothing of a complaint. `meant`: the ticket that counts instead of the one shown, because
    that one is known to be another row's (see `own_writes`); None if the one shown counts.
    """

    tab: "IntakeTab"
    number: int  # 0-based
    people: tuple[Value, ...]
    robot: tuple[Value, ...]
    blank: bool
    meant: str | None = None

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.tab.key, self.number

    @property
    def ticket_text(self) -> str:
        """What stands in the ticket cell, or was meant to."""
        if self.meant is not None:
            return self.meant
        value = self.robot[0]
        return value.strip() if isinstance(value, str) else "" if value is None else str(value)


class IntakeTab(Struct, frozen=True, eq=False):
    """A tab whose headings could be read. `place` is the kelurahan that it is named after, or None."""

    key: str
    title: str
    headings: Headings[Column]
    place: Kelurahan | None
    locks: tuple[Lock, ...] = ()

    def refuses(self, row: int, column: Column) -> bool:
        """Whether people have protected the cell of this column in a row, so that the robot may not write there."""
        return any(lock.holds(row, self.headings.columns[column]) for lock in self.locks)

    def has(self, column: Column) -> bool:
        """Whether it has this column; some are optional."""
        return column in self.headings.columns


class Intake(Struct, frozen=True):
    """All complaints of one spreadsheet. `untitled` are tabs without headings: somebody's own, or an intake tab that
    lost them; `unserved`: those with complaints below other headings. `frozen` are all tabs whose rows can't be read
    now, including those and tabs with incomplete headings: what was known of rows there stays as it was. `troubles` say
    what is wrong with whole tabs."""

    rows: tuple[Row, ...]
    tabs: tuple[IntakeTab, ...]
    frozen: frozenset[str]
    untitled: frozenset[str]
    unserved: frozenset[str]
    troubles: tuple[Trouble, ...]


@in_bulk
def read_intake(tabs: Iterable[Tab], places: Places, workbook: str) -> Intake:
    """Find the intake tabs by their headings and read their rows; `workbook` is the spreadsheet's name for people."""
    rows, found, troubles = list[Row](), list[IntakeTab](), list[Trouble]()
    incomplete, untitled, unserved = set[str](), set[str](), set[str]()
    for tab in tabs:
        if tab.unread:
            troubles.append(Trouble("tab.tak-terbaca", workbook=workbook, tab=tab.title))
            if not tab.rows:
                incomplete.add(tab.title)
                continue
        headings, place = headings_of(tab), places.find(tab.title)
        if headings is None:
            untitled.add(tab.title)
            named = isinstance(place, Kelurahan)
            if not (tab.hidden or tab.view) and are_complaints(tab.rows[: 5 * ROWS_SEARCHED], named=named):
                unserved.add(tab.title)
            continue
        if not headings.complete:
            incomplete.add(tab.title)
            lost = "tab.formulir" if headings.form else "tab.judul-hilang"
            wrong = ((lost, headings.missing), ("tab.judul-ganda", headings.doubled))
            about = {"workbook": workbook, "tab": tab.title, "row": headings.row + 1}
            troubles += [Trouble(code, **about, columns=", ".join(columns)) for code, columns in wrong if columns]
            continue
        intake_tab = IntakeTab(tab.key, tab.title, headings, None if isinstance(place, Doubt) else place, tab.locks)
        found.append(intake_tab)
        typed = _rows_of(intake_tab, tab.rows)
        rows += typed
        if typed and typed[0].number < headings.row:
            troubles.append(Trouble("tab.judul-tergeser", workbook=workbook, tab=tab.title, row=headings.row + 1))
        if isinstance(place, Doubt) and typed and not intake_tab.has(KELURAHAN):
            candidates = {"candidates": ", ".join(place.candidates)} if place.candidates else {}
            code = "tab.bukan-kelurahan" if candidates else "tab.bukan-kelurahan-apa"
            troubles.append(Trouble(code, workbook=workbook, tab=tab.title, **candidates))
        ours = [one for one in ROBOT if intake_tab.has(one)] if tab.locks and not tab.unread else []
        if shut := [one for one in ours if any(intake_tab.refuses(row.number, one) for row in typed)]:
            code = "tab.terkunci" if TICKET in shut else "tab.terkunci-kolom"  # then all is counted
            troubles.append(Trouble(code, workbook=workbook, tab=tab.title, columns=", ".join(shut)))
    frozen = frozenset(incomplete | untitled)
    return Intake(tuple(rows), tuple(found), frozen, frozenset(untitled), frozenset(unserved), tuple(troubles))


def _rows_of(tab: IntakeTab, grid: Sequence[Sequence[Value]]) -> list[Row]:
    people = [tab.headings.columns.get(column, -1) for column in PEOPLE]
    if tab.headings.form and CHANNEL not in tab.headings.columns:
        people[POSITION[CHANNEL]] = -2  # reads the cell of the pad before the empty one
    robot = [tab.headings.columns.get(column, -1) for column in ROBOT]
    width = max(*people, *robot) + 1
    take_people, take_robot = itemgetter(*people), itemgetter(*robot)  # -1, for a missing column, reads the empty pad
    titles = identity_of(take_people([*grid[tab.headings.row], *[None] * width, None]))
    rows: list[Row] = []
    for number, row in enumerate(grid):
        cells = [*row[:width], *[None] * (width - len(row)), Channel.FORM.value, None]
        typed, ours = take_people(cells), take_robot(cells)
        if "" in typed:  # an empty text is an empty cell
            typed = tuple(None if value == "" else value for value in typed)
        blank = all(map(is_empty, identity_of(typed))) or identity_of(typed) == titles  # headings that were typed again
        if blank and (number <= tab.headings.row or (all(map(is_empty, ours)) and not says_done(typed))):
            continue
        if number < tab.headings.row and not was_sorted_up(typed):
            continue  # a title, or the like
        rows.append(Row(tab, number, typed, ours, blank))
    return rows
