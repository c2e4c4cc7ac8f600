"""Bringing rows of somebody else's list into an intake tab: what will stand where.

Every cell that says something is found again in the new row: in our column that its heading means; in the tab's own
column of the same heading; else in the column `Data Asal`, a line each (``Tracking ID: 123``). The same holds for what
a column of ours does not keep: the word of another list that was understood as an entry of ours, the time of day. Only
a kelurahan that the tab is named after is not said again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from automation.importing.old_list import OldList, Record, Understood, says
from automation.importing.values import entry_meant, has_time, shown, telephone
from automation.model.cells import Tab, Value, Writable, fold, serial_of
from automation.model.complaint import Channel
from automation.model.places import Doubt, Kelurahan
from automation.model.rules import Rules
from automation.reading.cell_text import clean, line_of
from automation.reading.dates import read_date
from automation.reading.tabs import IntakeTab, identity_of
from automation.tables.intake import CHANNEL, DATE_RIGHT, INTAKE, KELURAHAN, PEOPLE, PHONE, POSITION, RECEIVED, RT_RW
from automation.tables.table import YES, Column, Form

#: The people's own column for what none of ours holds. Not the end of `Uraian`: what stands there is compared with
#: other complaints, is mailed, and would pass for a description where there is none.
KEPT = "Data Asal"
#: What begins the last line of a list.
_TOTALS = frozenset({"jumlah", "total", "subtotal", "grandtotal", "jumlahtotal"})
#: By this heading an export of LAPOR! is known.
_LAPOR = "trackingid"
_OURS = frozenset(map(fold, INTAKE.columns))


class Layout:
    """Where things stand in an intake tab: our columns, and those that are people's own, by their headings."""

    def __init__(self, tab: Tab, intake: IntakeTab) -> None:
        self.intake, self.columns, self.place = intake, intake.headings.columns, intake.place
        self.titles = tab.rows[intake.headings.row]
        self.own: dict[str, int] = {}
        for at, title in enumerate(self.titles):
            if (key := fold(title)) and key not in _OURS:
                self.own.setdefault(key, at)
        self.kept = self.own.get(fold(KEPT))
        self.free = max((at + 1 for row in tab.rows for at, value in enumerate(row) if says(value)), default=0)

    def holds(self, found: Understood) -> bool:
        """Whether the tab has our column that a heading means."""
        return found.column is not None and found.column in self.columns


@dataclass(frozen=True, slots=True)
class Incoming:
    """A row of the list as it will stand in the tab. `people` are its cells in the order of PEOPLE, as they will be
    read; `row` is what is written, with what goes into `Data Asal` apart (`kept`), because that column may still have
    to be made; `reference` is the list's own number of the complaint."""

    number: int  # 1-based, in the list
    people: tuple[Value, ...]
    row: tuple[Writable, ...]
    kept: str
    reference: str


#: Characters that a cell holds, whatever program opens the file (Excel; Google takes 50,000).
LONGEST = 32_767


@dataclass(slots=True)
class Translation:
    """The list's rows, as they will stand in a tab, and what became of the others. Rows are named by their numbers in
    the list: `doubled` say exactly what an earlier one says; `empty` tell of no complaint; `elsewhere` name another
    kelurahan than the tab's; `too_long` have a text that fits no cell. `meant` counts the words that were understood as
    entries of our lists; `doubtful` are rows whose kelurahan nobody knows."""

    rows: list[Incoming] = field(default_factory=list)
    doubled: list[int] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)
    elsewhere: dict[Kelurahan, list[int]] = field(default_factory=lambda: defaultdict(list))
    too_long: list[int] = field(default_factory=list)
    doubtful: list[int] = field(default_factory=list)
    meant: Counter[tuple[Column, str, str]] = field(default_factory=Counter)
    channel_filled: bool = False


def translate(old: OldList, layout: Layout, rules: Rules, *, vouched: bool = False) -> Translation:
    """Every row of the list, as it will stand in the tab; `vouched` if somebody says that its days are right."""
    result = Translation()
    result.channel_filled = old.at(CHANNEL) is None and any(fold(one.label) == _LAPOR for one in old.columns)
    filled: dict[Column, Writable] = {CHANNEL: Channel.OTHER.value} if result.channel_filled else {}
    if vouched and layout.intake.has(DATE_RIGHT):
        filled[DATE_RIGHT] = YES
    seen: set[tuple[Value, ...]] = set()
    for record in old.records:
        if record.cells in seen:
            result.doubled.append(record.number)
            continue
        seen.add(record.cells)
        line = _Line(record, old, layout, rules, filled)
        incoming = line.read()
        if line.place is not None and layout.place is not None and line.place != layout.place:
            result.elsewhere[line.place].append(record.number)
        elif not any(map(says, identity_of(incoming.people))) or _is_total(record, incoming):
            result.empty.append(record.number)
        elif any(isinstance(text, str) and _length(text) > LONGEST for text in (*incoming.row, incoming.kept)):
            result.too_long.append(record.number)
        else:
            result.rows.append(incoming)
            result.meant.update(line.meant)
            result.doubtful += [record.number] * line.doubtful
    return result


class _Line:
    """One row while it is translated. `place` is the kelurahan that it names where the tab has no column for it, and
    `doubtful` tells that nobody knows which one it names."""

    def __init__(
        self, record: Record, old: OldList, layout: Layout, rules: Rules, ours: Mapping[Column, Writable]
    ) -> None:
        self.record, self.old, self.layout, self.rules = record, old, layout, rules
        self.ours = {**ours}
        self.own: dict[int, str] = {}
        self.kept: list[str] = []
        self.parts: dict[str, str] = {}  # RT and RW, where they stand apart
        self.meant: list[tuple[Column, str, str]] = []
        self.place: Kelurahan | None = None
        self.doubtful = False
        self.reference = ""

    def read(self) -> Incoming:
        """The row as it will stand."""
        for found, value in zip(self.old.columns, self.record.cells, strict=True):
            if not says(value):
                continue
            if self.layout.holds(found) and found.column is not None:
                self._ours(found, found.column, value)
            elif found.column is KELURAHAN:
                self._kelurahan(found, value)
            else:
                self._other(found, shown(value))
        if self.parts:
            parts = [self.parts.get(part, "") for part in ("RT", "RW")]
            self.ours[RT_RW] = "/".join(parts) if all(parts) else " ".join(map(" ".join, self.parts.items()))
        columns = self.layout.columns
        row: list[Writable] = [None] * (max(columns.values(), default=0) + 1)
        row += [None] * (max(self.own, default=0) + 1 - len(row))
        for column, written in self.ours.items():
            row[columns[column]] = written
        for at, text in self.own.items():
            row[at] = text
        people = tuple(_as_read(self.ours.get(column)) for column in PEOPLE)
        return Incoming(self.record.number, people, tuple(row), "\n".join(self.kept), self.reference)

    def _ours(self, found: Understood, column: Column, value: Value) -> None:
        text = shown(value)
        if found.part:
            self.parts[found.part] = text
        elif column.form is Form.DATE:
            self.ours[column] = read_date(value) or text
            if has_time(value):
                self._keep(found, text)
        elif column.form is Form.PHONES:
            self.ours[column] = telephone(value)
        elif column.form is Form.ENTRY and (entry := entry_meant(column, clean(text), self.rules.categories)):
            self.ours[column] = entry
            self.meant.append((column, clean(text), entry))
            self._keep(found, text)
        else:
            self.ours[column] = text

    def _kelurahan(self, found: Understood, value: Value) -> None:
        place = self.rules.places.find(line_of(value))
        if isinstance(place, Doubt):
            self.doubtful = True
            self._keep(found, shown(value))
        else:
            self.place = place
            if self.layout.place is None:
                self._keep(found, shown(value))

    def _other(self, found: Understood, text: str) -> None:
        at = self.layout.own.get(fold(found.label))
        if at is not None and at != self.layout.kept and at not in self.own:
            self.own[at] = text
        else:
            self._keep(found, text)
        if found.reference and found.label == self.old.reference:
            self.reference = self.reference or first_line(text)

    def _keep(self, found: Understood, text: str) -> None:
        self.kept.append(f"{found.label}: {text}")


def _length(text: str) -> int:
    """In UTF-16 units, as a spreadsheet counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _is_total(record: Record, incoming: Incoming) -> bool:
    told = (incoming.people[POSITION[column]] for column in (RECEIVED, PHONE))
    return not any(map(says, told)) and any(fold(cell) in _TOTALS for cell in record.cells)


def first_line(text: str) -> str:
    """As much of a reference as is found again where it is kept with other lines."""
    return text.partition("\n")[0].strip()


def _as_read(value: Writable) -> Value:
    return serial_of(value) if isinstance(value, date) else value or None
