"""Cells of people's that one of our writes has overwritten. Cells are written by position. On Google, where nothing can
be locked, people may insert, move or delete columns (or rows above the headings) between our reading and our writing;
then what was meant for one of our columns lands in one of theirs. The commit's read-back shows it, and what stood there
is known from before. Until that has been given back, the cell is followed wherever people move it."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

from automation.model.cells import CellWrite, Tab, Value, Writable, fold, shown_alike
from automation.reading.cell_text import writable
from automation.sheets.port import Snapshot

Position = tuple[int, int]
Values = Mapping[Position, Writable]


MOST = 0.6  # this share of what a row held must be left in it, or it is another row


class RobotColumns(Struct, frozen=True):
    """The 0-based row of a tab's headings; the robot's `headings` by their `fold`; its folded `lines` beside them."""

    row: int
    headings: Mapping[str, str]
    lines: Collection[str] = ()


class Overwritten(Struct, frozen=True):
    """A cell of people's that shows what the robot wrote, and what to write there so that it is theirs again."""

    shown: Writable
    back: CellWrite


class Before(Struct, frozen=True):
    """A workbook before a write: as it was, as it should have been, and what of people's was `overwritten` then."""

    actual: Snapshot
    intended: Snapshot
    overwritten: Sequence[Overwritten] = ()


def find_overwritten(
    before: Before,
    after: Snapshot,
    written: Sequence[CellWrite],
    columns: Callable[[Tab], RobotColumns | None],
    *,
    certain: bool,
) -> list[Overwritten]:
    """The cells that show what the robot wrote, and are not its own: those that `written` has overwritten, and those
    that were overwritten `before` and not given back, because people moved them once more. `columns` gives the robot's
    columns of a tab; None if it has none, or its headings can't be found. If it is not `certain` that anything was
    written, cells that were to be given back belong to people: if one shows the same now, they may have typed it."""
    shown: dict[str, dict[Position, Writable]] = {}
    for write in written:
        shown.setdefault(write.tab, {})[write.row, write.column] = write.value
    pending: dict[str, dict[Position, Writable]] = {}
    for one in before.overwritten:
        pending.setdefault(one.back.tab, {})[one.back.row, one.back.column] = one.shown
    actual, intended, now = before.actual.by_key, before.intended.by_key, after.by_key
    found: list[Overwritten] = []
    for key in shown.keys() | pending.keys():
        was = columns(intended[key]) if key in intended else None
        ours = columns(now[key]) if key in now else None
        if was is not None and ours is not None:
            move = _Move(actual[key], intended[key], now[key], was, ours, shown.get(key, {}))
            found += move.to_give_back(key, pending.get(key, {}), certain=certain)
    return found


class _Move:
    """How a tab's columns and rows have moved during a write. `old` is the tab as it was, `intended` as it should have
    been, `new` as it is now; `written` are the positions that were written, with the values."""

    def __init__(
        self, old: Tab, intended: Tab, new: Tab, was: RobotColumns, now: RobotColumns, written: Values
    ) -> None:
        self.old, self.intended, self.new, self.written = old, intended, new, written
        self.old_row, self.new_row, self.ours = was.row, now.row, now.headings
        self.lines = {*was.lines, *now.lines}
        self.was = [fold(value) for value in intended.rows[was.row]]
        self.now = [fold(value) for value in new.rows[now.row]]
        self._origins = self._columns()

    def to_give_back(self, key: str, pending: Values, *, certain: bool) -> Iterator[Overwritten]:
        """The cells to give back; `pending` are those that were overwritten before, and what they showed."""
        if not pending and self.old_row == self.new_row and self.was == self.now:
            return  # our columns are where they were, wherever rows are now
        shown = {self._moved_to(row, column, value): value for (row, column), value in pending.items()}
        written = {at: value for at, value in self.written.items() if certain or at not in pending}
        for (row, column), value in {**shown, **written}.items():
            if not shown_alike(self.new.at(row, column), value):
                # What we gave back may have landed on another row, and this one still shows the old value.
                value = shown.get((row, column), value)  # noqa: PLW2901
            in_place = (row, column) not in shown and self._is_in_place(row, column)
            if in_place or not shown_alike(self.new.at(row, column), value):
                continue
            back = writable(self._before(row, column))
            if not shown_alike(self.new.at(row, column), back):
                yield Overwritten(value, CellWrite(key, row, column, back))

    def _is_in_place(self, row: int, column: int) -> bool:
        """Whether the cell stands below the heading that it was meant for, or is the heading of a column just added."""
        heading, at = _at(self.now, column), (row, column)
        if row == self.old_row == self.new_row and at in self.written:
            before = self._before(*at)  # nothing, if people's heading moved along with what stands below it
            if before is None or fold(before) in self.lines:
                return True
        if row < self.new_row or heading not in self.ours:
            return False
        return heading == _at(self.was, column) or (self.new_row, column) in self.written

    def _before(self, row: int, column: int) -> Value:
        """What a cell would hold without our write; None where nobody can tell."""
        if row < self.new_row:  # a row that was inserted above
            return None
        origin = self._origins.get(column)
        if origin is None:
            return None
        if row == self.new_row:
            others = [*self.now[:column], *self.now[column + 1 :]]
            return self.intended.at(self.old_row, origin) if _at(self.was, origin) not in others else None
        from_row = self._row(row)
        return None if from_row is None else self.intended.at(from_row, origin)

    def _columns(self) -> dict[int, int]:
        """The former place of each column, by its heading. One whose heading is overwritten, or that has none, is known
        by its place between two that are known; if more stand there now than before, by the nearer of these. If one
        without a heading is left over, and one is found elsewhere, it was moved. New columns are left out."""
        known = {
            at: self.was.index(title)
            for at, title in enumerate(self.now)
            if title and (self.new_row, at) not in self.written and self.was.count(title) == self.now.count(title) == 1
        }
        origins = dict(known)
        width = max(len(self.now), len(self.was), 1 + max((column for _, column in self.written), default=0))
        edges = [(-1, -1), *sorted(known.items()), (width, width)]
        for (left, from_left), (right, from_right) in pairwise(edges):
            there = [at for at in range(from_left + 1, from_right) if at not in known.values()]
            for titled in (True, False):
                here = [at for at in range(left + 1, right) if self._may_be(at, titled=titled)]
                origin = [at for at in there if bool(_at(self.was, at)) == titled]
                if titled and len(here) != len(origin):  # one may be renamed, or show what was written earlier
                    here = sorted({*here, *filter(self._is_strange, range(left + 1, right))})
                if len(here) != len(origin):
                    # The edges of the tab are no landmarks: something may have been inserted there.
                    by_left = {at for at in here if right == width or (left >= 0 and at - left <= right - at)}
                    nearest = {at: at - left + from_left if at in by_left else at - right + from_right for at in here}
                    origins |= {at: near for at, near in nearest.items() if near in origin}
                else:
                    origins |= dict(zip(here, origin, strict=True))
        gone = [at for at, title in enumerate(self.was) if not title and at not in origins.values()]
        came = [at for at in range(len(self.now)) if at not in origins and self._may_be(at, titled=False)]
        return origins | ({came[0]: gone[0]} if len(gone) == len(came) == 1 else {})

    def _may_be(self, column: int, *, titled: bool) -> bool:
        """Whether an unknown column may be one with a heading (`titled`), which is overwritten now, or one without."""
        overwritten = (self.new_row, column) in self.written
        return overwritten if titled else not (overwritten or _at(self.now, column) or self._is_strange(column))

    def _is_strange(self, column: int) -> bool:
        """Whether something stands among the headings that did not before: a name, or a value such as was written."""
        value, name = self.new.at(self.new_row, column), _at(self.now, column)
        return value not in (None, *self.intended.rows[self.old_row]) and not (name and name in self.was)

    def _row(self, row: int) -> int | None:
        """The former place of a row: that of the row with most cells left in it; of several, the one at the same
        distance from the headings. None if there is none."""
        same = row - self.new_row + self.old_row
        numbers = (same, *range(self.old_row + 1, len(self.old.rows)))
        best = max(numbers, key=lambda number: self._left(row, number))
        return best if self._left(row, best) else None

    def _left(self, row: int, number: int) -> int:
        """How many cells of the former row `number` still stand in `row`; 0 if it is another row. People may have typed
        into it meanwhile, but most must be left."""
        pairs = [
            (stood, self.new.at(row, at))
            for at, origin in self._origins.items()
            if (row, at) not in self.written and _at(self.now, at)
            if (stood := self.old.at(number, origin)) is not None
        ]
        left = sum(stood == stands for stood, stands in pairs)
        return left if left >= MOST * len(pairs) else 0

    def _moved_to(self, row: int, column: int, shown: Writable) -> Position:
        """Where a cell that showed `shown` is now; its old place, if none is found."""
        new_column = next((at for at, origin in self._origins.items() if origin == column), column)
        same = row - self.old_row + self.new_row
        if row <= self.old_row:
            return same, new_column
        numbers = (same, *range(self.new_row + 1, len(self.new.rows)))
        showing = [number for number in numbers if shown_alike(self.new.at(number, new_column), shown)]
        known = max(showing, key=lambda number: self._left(number, row), default=same)
        if self._left(known, row):
            return known, new_column
        # A row that holds nothing else (except the robot's cells) can only be recognised by that.
        others = [at for at in self._origins if at != new_column and _at(self.now, at) not in self.ours]
        alone = (number for number in showing if all(self.new.at(number, at) is None for at in others))
        return next(alone, same), new_column


def _at(headings: Sequence[str], column: int) -> str:
    return headings[column] if column < len(headings) else ""
