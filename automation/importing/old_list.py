"""A list that others made: where its headings stand, and its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from automation.importing.values import is_month_first
from automation.model.cells import Value, fold, letters
from automation.model.disclosure import without_contacts
from automation.reading.cell_text import clean, line_of
from automation.reading.headings import Meaning, Said, Understood, says, understand
from automation.tables.intake import DESCRIPTION, ORIGIN, RECEIVED
from automation.tables.table import Column
from automation.trouble import ConfigurationError, Trouble

#: Above the headings stand titles, dates and signatures.
ROWS_SEARCHED = 25
#: Fewer headings that mean something to us are none: a title may hold one such word.
FEWEST = 2


@dataclass(frozen=True, slots=True)
class Record:
    """A row of the list that holds something; `number` counts from 1, as people see it, after its tab's title where
    there are several, and `cells` are as many as there are headings. `above` is what stands above the headings, and the
    title: it may name the rows' kelurahan."""

    number: str
    cells: tuple[Value, ...]
    above: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OldList:
    """`title` is what its tab is called; `columns` are its headings, understood; a column without a heading in which
    something stands is called by its letter."""

    title: str
    columns: tuple[Understood, ...]
    records: tuple[Record, ...]

    def at(self, column: Column) -> int | None:
        """Where the list holds this column of ours."""
        return next((at for at, found in enumerate(self.columns) if column in found.columns), None)

    @property
    def reference(self) -> str:
        """The heading under which the list numbers its complaints; empty where it does not."""
        at = self.at(ORIGIN)
        return self.columns[at].label if at is not None else ""

    def understood(self, said: Said) -> OldList:
        """The same list, as its headings mean with what people said of them."""
        return replace(self, columns=understand([found.label for found in self.columns], said))


def joined(title: str, lists: Sequence[OldList]) -> OldList:
    """The rows of several tabs as one list. Headings are the same where they are called the same; a tab without
    descriptions, such as a table of figures, is none of it, as long as another has them."""
    told = [old for old in lists if old.at(DESCRIPTION) is not None] or lists
    if len(told) == 1:
        return told[0]
    labels = {key: label for old in reversed(told) for key, label in _keys(old).items()}
    records = []
    for old in told:
        places = [*map([*labels].index, _keys(old))]
        for record in old.records:
            cells: list[Value] = [None] * len(labels)
            for at, value in zip(places, record.cells, strict=True):
                cells[at] = value
            records.append(Record(f"{old.title} {record.number}", tuple(cells), record.above))
    return OldList(title, understand([*labels.values()]), tuple(records))


def _keys(old: OldList) -> dict[tuple[str, int], str]:
    """Its headings, those that are called the same counted."""
    seen = Counter[str]()
    keys: dict[tuple[str, int], str] = {}
    for found in old.columns:
        keys[fold(found.label), seen[fold(found.label)]] = found.label
        seen[fold(found.label)] += 1
    return keys


def find_list(title: str, rows: Sequence[Sequence[Value]], unnamed: str) -> OldList | None:
    """The list in a tab; None where no row looks like headings. `unnamed` is the pattern of what a column without a
    heading is called, with its ``{huruf}``."""
    best, first_row, last, labels = 0, 0, 0, list[str]()
    for height in (1, 2):  # two rows only where that tells more than any one
        for first in range(min(ROWS_SEARCHED, len(rows) - height + 1)):
            found = _labels(rows[first : first + height])
            if (worth := _worth(found)) > best:
                best, first_row, last, labels = worth, first, first + height - 1, found
    if not best:
        return None
    folded = [fold(label) for label in labels]
    below = [
        (number, cells)
        for number, cells in enumerate(rows[last + 1 :], start=last + 2)
        if any(map(says, cells)) and not _repeats(cells, folded)
    ]
    width = max(len(labels), *(len(cells) for _, cells in below), 0)
    labels += [""] * (width - len(labels))
    whole = [(number, [*cells, *[None] * (width - len(cells))]) for number, cells in below]
    used = [at for at in range(width) if labels[at] or any(says(cells[at]) for _, cells in whole)]
    columns = tuple(
        found if found.label else Understood(unnamed.format(huruf=letters(at)), Meaning.NONE)
        for at, found in zip(used, understand([labels[at] for at in used]), strict=True)
    )
    above = (title, *(clean(cell) for row in rows[:first_row] for cell in row if isinstance(cell, str)))
    records = (Record(str(number), tuple(cells[at] for at in used), above) for number, cells in whole)
    return OldList(title, columns, tuple(records))


def _worth(labels: Sequence[str]) -> int:
    """How many of our columns a row names, certain names counting more; nothing where it may be no headings at all."""
    meanings = [found.meaning for found in understand(labels) if found.columns]
    if len(meanings) < FEWEST or Meaning.KNOWN not in meanings:
        return 0
    return sum(3 if meaning is Meaning.KNOWN else 2 for meaning in meanings)


def _labels(rows: Sequence[Sequence[Value]]) -> list[str]:
    """The headings in a row; or in two, where cells of the upper one are merged: `Pelapor` above `Nama` and `Telepon`.
    A merged cell holds its text at the left. What stands above is added where the word below says nothing to us by
    itself, or stands there twice."""
    above, *more = ([clean(value) if isinstance(value, str) else "" for value in row] for row in rows)
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
        telling = bool(found.columns) and below.count(lower) == 1
        labels.append(lower if lower and (telling or not group) else f"{group} {lower}".strip() if lower else upper)
    return labels


def _repeats(cells: Sequence[Value], folded: Sequence[str]) -> bool:
    """Whether a row is the headings once more, as on every page of a printed list."""
    first = next(at for at, heading in enumerate(folded) if heading)
    if first >= len(cells) or fold(cells[first]) != folded[first]:
        return False
    mine = [fold(value) for value in cells]
    mine += [""] * (len(folded) - len(mine))
    return mine == list(folded)


def check_days(old: OldList) -> None:
    """Raise `ConfigurationError` where months stand before days: then no other day is certain."""
    at = old.at(RECEIVED)
    for record in old.records if at is not None else ():
        if is_month_first(record.cells[at or 0]):
            about = {"kolom": old.columns[at or 0].label, "tulisan": without_contacts(line_of(record.cells[at or 0]))}
            raise ConfigurationError(Trouble("impor.tanggal-terbalik", baris=record.number, **about))
