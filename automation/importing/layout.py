"""Where a row of a list will stand in an intake tab."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2s

from automation.importing.profiles import KEPT
from automation.model.cells import CellWrite, Tab, Value, Writable, fold
from automation.reading.tabs import IntakeTab
from automation.tables.intake import INTAKE, ORIGIN, SECRET
from automation.tables.table import Column

_OURS = frozenset(map(fold, INTAKE.columns))
#: Columns that a tab gets where the rows need them, at the right of everything.
MADE = (ORIGIN, SECRET, KEPT)


class Layout:
    """Where things stand in an intake tab: our columns, and those that are people's own, by their headings; and where
    those of MADE will stand that are not there yet (`to_make`). `columns` has both of ours."""

    def __init__(self, tab: Tab, intake: IntakeTab) -> None:
        self.intake, self.place = intake, intake.place
        self.titles = tab.rows[intake.headings.row]
        self.own: dict[str, int] = {}
        for at, title in enumerate(self.titles):
            if (key := fold(title)) and key not in _OURS:
                self.own.setdefault(key, at)
        self.free = max(map(len, tab.rows), default=0)
        there = {fold(KEPT)} & self.own.keys() | {fold(one) for one in intake.headings.columns}
        self.to_make = dict(zip((one for one in MADE if fold(one) not in there), range(self.free, 2**31), strict=False))
        made = {one: at for one, at in self.to_make.items() if isinstance(one, Column)}
        self.columns: Mapping[Column, int] = {**intake.headings.columns, **made}
        self.kept = self.own.get(fold(KEPT), self.to_make.get(KEPT, -1))

    def lay_out(self, incoming: Incoming) -> tuple[Writable, ...]:
        """The row as it is written."""
        places: dict[int, Writable] = {self.kept: incoming.told}
        places |= {self.own[key]: text for key, text in incoming.own.items()}
        places |= {self.columns[column]: written for column, written in incoming.ours.items()}
        return tuple(map(places.get, range(max(places) + 1)))

    @property
    def kinds(self) -> object:
        """What a row is taken apart by, wherever it stands."""
        return self.place, frozenset(self.columns), frozenset(self.own) - {fold(KEPT)}

    def making(self, rows: Iterable[Incoming]) -> list[CellWrite]:
        """The headings that these rows still need, side by side."""
        filled = {column for row in rows for column in row.ours}
        names = [title for title in self.to_make if title in filled or title == KEPT] if filled else []
        key, row = self.intake.key, self.intake.headings.row
        return [CellWrite(key, row, at, str(title)) for at, title in enumerate(names, start=self.free)]


@dataclass(frozen=True, slots=True)
class Incoming:
    """A row of the list as it will stand in the tab. `people` are its cells in the order of PEOPLE, as they will be
    read; what is written is `ours` by column, in columns of people's `own` by folded heading, and `told` in `Data
    Asal`; `reference` is the list's own number of the complaint, `mark` of all that its row says."""

    number: str  # in the list
    people: tuple[Value, ...]
    ours: Mapping[Column, Writable]
    own: Mapping[str, str]
    told: str
    reference: str
    mark: str

    @property
    def fits(self) -> bool:
        """Whether each text fits a cell; in UTF-16 units, as a spreadsheet counts."""
        texts = (cell for cell in (self.told, *self.ours.values(), *self.own.values()) if isinstance(cell, str))
        long = (text for text in texts if len(text) > LONGEST // 2)
        return all(len(text.encode("utf-16-le", "surrogatepass")) // 2 <= LONGEST for text in long)


#: By what the last line of `Data Asal` begins: the mark of what the list's row said when it was brought in.
MARK = "Sidik"
#: Characters that a cell holds, whatever program opens the file (Excel; Google takes 50,000).
LONGEST = 32_767


def first_line(text: str) -> str:
    """As much of a reference as is found again where it is kept with other lines."""
    return text.partition("\n")[0].strip()


def kept_line(cell: Value, label: str) -> str:
    """What `Data Asal` keeps under a heading of the list; of two lines the first."""
    after = f"\n{cell}".partition(f"\n{label}: ")[2] if isinstance(cell, str) and label else ""
    return after.partition("\n")[0].strip()


def mark_of(cells: Sequence[Value]) -> str:
    """A mark of what a list's row says, to tell later whether it says something else."""
    return blake2s(repr(cells).encode("utf-8", "replace"), digest_size=4).hexdigest()
