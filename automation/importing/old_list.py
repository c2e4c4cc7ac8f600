"""A list that others made: where its headings stand, what they mean, and its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from automation.importing.headings import Meaning, Understood, understand
from automation.model.cells import CellError, Value, fold, letters
from automation.reading.cell_text import clean, raw_text
from automation.tables.table import Column

#: Above the headings stand titles, dates and signatures.
ROWS_SEARCHED = 25
#: Fewer headings that mean something to us are none: a title may hold one such word.
FEWEST = 2


@dataclass(frozen=True, slots=True)
class Record:
    """A row of the list that holds something; `number` counts from 1, as people see it, and `cells` are as many as
    there are headings."""

    number: int
    cells: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class OldList:
    """`title` is what its tab is called; `columns` are its headings, understood; a column without a heading in which
    something stands is called by its letter."""

    title: str
    columns: tuple[Understood, ...]
    records: tuple[Record, ...]

    def at(self, column: Column) -> int | None:
        """Where the list holds this column of ours."""
        return next((at for at, found in enumerate(self.columns) if found.column is column), None)

    @property
    def reference(self) -> str:
        """The heading under which the list numbers its complaints; empty where it does not."""
        return next((found.label for found in self.columns if found.reference), "")


def find_list(title: str, rows: Sequence[Sequence[Value]], unnamed: str) -> OldList | None:
    """The list in a tab; None where no row looks like headings. `unnamed` is the pattern of what a column without a
    heading is called, with its ``{huruf}``."""
    best, last, labels = 0, 0, list[str]()
    for height in (1, 2):  # two rows only where that tells more than any one
        for first in range(min(ROWS_SEARCHED, len(rows) - height + 1)):
            found = _labels(rows[first : first + height])
            if (worth := _worth(found)) > best:
                best, last, labels = worth, first + height - 1, found
    if not best:
        return None
    folded = [fold(label) for label in labels]
    records = [
        Record(number + 1, tuple(cells))
        for number, cells in enumerate(rows[last + 1 :], start=last + 1)
        if any(map(says, cells)) and not _repeats(cells, folded)
    ]
    width = max(len(labels), *(len(record.cells) for record in records)) if records else len(labels)
    labels += [""] * (width - len(labels))
    padded = [Record(one.number, one.cells + (None,) * (width - len(one.cells))) for one in records]
    used = [at for at in range(width) if labels[at] or any(says(record.cells[at]) for record in padded)]
    named = [labels[at] or unnamed.format(huruf=letters(at)) for at in used]
    columns = understand([labels[at] for at in used])
    return OldList(
        title,
        tuple(
            found if found.label else Understood(name, Meaning.NONE) for name, found in zip(named, columns, strict=True)
        ),
        tuple(Record(record.number, tuple(record.cells[at] for at in used)) for record in padded),
    )


def says(value: Value) -> bool:
    """Whether something stands in the cell."""
    return bool(raw_text(value).strip()) or isinstance(value, CellError)


_PLAIN, _CERTAIN = 2, 3  # what a heading counts that resembles a known one, and one that is known


def _worth(labels: Sequence[str]) -> int:
    """How many of our columns a row names, certain names counting more; nothing where it may be no headings at all."""
    meanings = [found.meaning for found in understand(labels) if found.column is not None]
    if len(meanings) < FEWEST or Meaning.KNOWN not in meanings:
        return 0
    return sum(_CERTAIN if meaning is Meaning.KNOWN else _PLAIN for meaning in meanings)


def _labels(rows: Sequence[Sequence[Value]]) -> list[str]:
    """The headings in a row; or in two, where cells of the upper one are merged: `Pelapor` above `Nama` and `Telepon`.
    A merged cell holds its text at the left. What stands above is added where the word below says nothing to us by
    itself, or stands there twice."""
    above, *more = ([_label(value) for value in row] for row in rows)
    if not more:
        return above
    (below,) = more
    width = max(len(above), len(below))
    above, below = (row + [""] * (width - len(row)) for row in (above, below))
    alone = understand(below)
    merged = any(lower and not upper for upper, lower in zip(above, below, strict=True))
    if not merged or sum(map(bool, above)) < FEWEST or sum(found.meaning is Meaning.KNOWN for found in alone) < FEWEST:
        return []
    labels: list[str] = []
    group = ""
    for upper, lower, found in zip(above, below, alone, strict=True):
        group = upper or (group if lower else "")
        telling = found.column is not None and below.count(lower) == 1
        labels.append(lower if lower and (telling or not group) else f"{group} {lower}".strip() if lower else upper)
    return labels


def _label(value: Value) -> str:
    return clean(value) if isinstance(value, str) else ""


def _repeats(cells: Sequence[Value], folded: Sequence[str]) -> bool:
    """Whether a row is the headings once more, as on every page of a printed list."""
    mine = [fold(value) for value in cells]
    mine += [""] * (len(folded) - len(mine))
    return mine == list(folded)
