"""Where the cells of a list's row will stand in an intake tab, and which rows stand there already."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import blake2s
from typing import NamedTuple

from msgspec import Struct

from automation.importing.profiles import KEPT
from automation.importing.values import as_text
from automation.model.cells import LONGEST, CellWrite, Tab, Value, Writable, fold
from automation.reading.cell_text import line_of, row_with
from automation.reading.dates import read_date
from automation.reading.headings import says
from automation.reading.numbers import read_phones, read_rt_rw
from automation.reading.tabs import IDENTITY, IntakeTab, Row, identity_of
from automation.tables import intake
from automation.tables.intake import INTAKE, ORIGIN, PEOPLE, SECRET
from automation.tables.table import Column, Form

_OURS = frozenset(map(fold, INTAKE.columns))
MADE = (ORIGIN, SECRET, KEPT)  # columns that a tab gets if the rows need them, to the right of everything


class Layout:
    """The columns of an intake tab: `columns` are ours, including those of MADE that are still to be made (`to_make`);
    `own` are people's own, by folded heading."""

    def __init__(self, tab: Tab, intake: IntakeTab) -> None:
        self.intake, self.place = intake, intake.place
        self.own: dict[str, int] = {}
        for at, title in enumerate(tab.rows[intake.headings.row]):
            if (key := fold(title)) and key not in _OURS:
                self.own.setdefault(key, at)
        self.free = max(map(len, tab.rows), default=0)
        there = {fold(KEPT)} & self.own.keys() | {fold(one) for one in intake.headings.columns}
        lacking = (one for one in MADE if fold(one) not in there)
        self.to_make = {one: at for at, one in enumerate(lacking, start=self.free)}
        made = {one: at for one, at in self.to_make.items() if isinstance(one, Column)}
        self.columns: Mapping[Column, int] = {**intake.headings.columns, **made}
        self.kept = self.own.get(fold(KEPT), self.to_make.get(KEPT, -1))

    def lay_out(self, incoming: "Incoming") -> tuple[Writable, ...]:
        places: dict[int, Writable] = {self.kept: incoming.told}
        places |= {self.own[key]: text for key, text in incoming.own.items()}
        places |= {self.columns[column]: written for column, written in incoming.ours.items()}
        return tuple(row_with(places))

    @property
    def kinds(self) -> object:
        """What the translation of a row depends on, wherever the columns stand."""
        return self.place, frozenset(self.columns), frozenset(self.own) - {fold(KEPT)}

    def making(self, rows: "Iterable[Incoming]") -> list[CellWrite]:
        """The headings that these rows still need, next to each other."""
        filled = {column for row in rows for column in row.ours}
        names = [title for title in self.to_make if title in filled or title == KEPT] if filled else []
        key, row = self.intake.key, self.intake.headings.row
        return [CellWrite(key, row, at, str(title)) for at, title in enumerate(names, start=self.free)]


class Incoming(Struct, frozen=True):
    """A row of the list as it will stand in the tab. `people` are its cells in the order of PEOPLE, as they will be
    read. Written are `ours` by column, `own` into people's own columns by folded heading, and `told` into `Data Asal`.
    `reference` is the list's own number of the complaint, `mark` a digest of the list's row."""

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


#: The last line of `Data Asal` begins so: the mark of the list's row as it was when it was brought in.
MARK = "Sidik"


def first_line(text: str) -> str:
    """The part of a reference that can be found again if it is kept among other lines."""
    return text.partition("\n")[0].strip()


def kept_line(cell: Value, label: str) -> str:
    """What `Data Asal` keeps under a heading of the list; of several lines only the first."""
    after = f"\n{cell}".partition(f"\n{label}: ")[2] if isinstance(cell, str) and label else ""
    return after.partition("\n")[0].strip()


def line_digest(cells: Sequence[Value]) -> str:
    """A digest of a list's row, which later tells whether the row has changed."""
    return blake2s(repr(cells).encode("utf-8", "replace"), digest_size=4).hexdigest()


Key = tuple[object, ...]


def same_as(people: Sequence[Value]) -> Key:
    """A key that is equal for two rows of the same complaint, however each is written."""
    return tuple(map(_said, IDENTITY, identity_of(people)))


def _said(column: Column, value: Value) -> object:
    text = line_of(value)
    match column.form:
        case Form.DATE:
            return read_date(value) or text
        case Form.PHONES:
            return tuple(sorted(read_phones(value).numbers)) or text
        case Form.RT_RW:
            read = read_rt_rw(value)
            return read if isinstance(read, str) else text
        case Form.ENTRY:
            return fold(text) or text  # “LAPOR” is “LAPOR!”
    return text.casefold()


class KnownRow(NamedTuple):
    """A row in the spreadsheet; if it came from a list, its number there, and the mark of the list's row then."""

    row: Row
    reference: str
    mark: str


def known_rows(rows: Collection[Row], tabs: Mapping[str, Tab], label: str) -> list[KnownRow]:
    """The rows with their references, which the list has under the heading `label`; `tabs` by their keys."""
    layouts = {key: Layout(tabs[key], tab) for key, tab in {row.tab.key: row.tab for row in rows}.items()}
    lines = ((row, tabs[row.tab.key].rows[row.number]) for row in rows)
    return [KnownRow(row, *_origin(cells, layouts[row.tab.key], label)) for row, cells in lines]


def _origin(cells: Sequence[Value], layout: Layout, label: str) -> tuple[str, str]:
    kept = cells[layout.kept] if layout.kept < len(cells) else None
    _, marked, after = f"\n{kept}".rpartition(f"\n{MARK}: ")  # the last one: the list's own cells may hold one, too
    mark = after.partition("\n")[0].strip() if marked else ""
    for at in (layout.columns[ORIGIN], layout.own.get(fold(label))):
        if at is not None and at < len(cells) and says(cells[at]):
            return first_line(as_text(cells[at])), mark
    return kept_line(kept, label), mark


def changed(incoming: Incoming, stands: KnownRow) -> dict[Column, tuple[Value, Value]]:
    """What a list's row now says differently from the row that came from it: by column, what stands there, and what the
    list says. Empty if the list's row is unchanged, whatever people have corrected since; and for our own export."""
    if stands.mark in ("", incoming.mark) or incoming.reference == stands.row.ticket_text != "":
        return {}
    pairs = zip(PEOPLE, stands.row.people, incoming.people, strict=True)
    return {one: (was, now) for one, was, now in pairs if says(now) and _said(one, was) != _said(one, now)}


_COMPARED = (intake.RECEIVED, intake.NAME, intake.PHONE, intake.DESCRIPTION)
_DAY, _NAME, _PHONE, _DESCRIPTION = map(IDENTITY.index, _COMPARED)


class Finder:
    """Finds rows that were brought in before, or typed by hand: by the list's own number; by content; if people have
    corrected something since, by day, description, and name or telephone; emptied ones by the mark of the list's row.
    Rows with different numbers of one list are two complaints, whatever they say. So are two with the same number (a
    list may begin anew each month) if hardly anything that both say is the same."""

    def __init__(self, rows: Collection[KnownRow]) -> None:
        self._by_reference: dict[str, list[KnownRow]] = defaultdict(list)
        self._by_content: dict[Key, list[KnownRow]] = defaultdict(list)
        self._by_mark = {one.mark: one for one in rows}
        for one in rows:
            for number in filter(None, (one.reference, one.row.ticket_text)):
                self._by_reference[number].append(one)
            for key in _keys(same_as(one.row.people)):
                self._by_content[key].append(one)

    def find(self, incoming: Incoming) -> KnownRow | None:
        reference = incoming.reference
        for one in self._by_reference.get(reference, ()):
            if (one.reference == reference and one.mark in ("", incoming.mark)) or _is_like(one, incoming):
                return one
        alike = (self._by_content.get(key, ()) for key in _keys(same_as(incoming.people))) if self._by_content else ()
        unnumbered = (one for several in alike for one in several if not (reference and one.reference))
        return next(unnumbered, None) or self._by_mark.get(incoming.mark)


def _is_like(one: KnownRow, incoming: Incoming) -> bool:
    pairs = [*zip(same_as(one.row.people), same_as(incoming.people), strict=True)]
    reporter = pairs[_NAME], pairs[_PHONE]
    same, who = ([here == there for here, there in some if here and there] for some in (pairs, reporter))
    another = one.reference != incoming.reference and who == [False, False]  # another branch issued the same ticket
    return not another and (len(same) < 2 or 3 * sum(same) > len(same))


def _keys(content: Key) -> list[Key]:
    day, name, phone, description = (content[at] for at in (_DAY, _NAME, _PHONE, _DESCRIPTION))
    whose = (("nama", name), ("telepon", phone)) if day and description else ()
    return [("", *content), *((kind, day, description, who) for kind, who in whose if who)]


def near_misses(rows: Iterable[Incoming], standing: Iterable[KnownRow]) -> list[tuple[str, Row]]:
    """The rows, by their numbers, that differ from one of an earlier list in a single cell that identifies it."""
    there = {key: one.row for one in standing if one.mark for key in _but_one(one.row.people)}
    found = ((one.number, there.get(key)) for one in rows if there for key in _but_one(one.people))
    return [*{number: (number, row) for number, row in found if row is not None}.values()]


def _but_one(people: Sequence[Value]) -> Iterable[Key]:
    content = same_as(people)
    keys = ((at, *content[:at], *content[at + 1 :]) for at in range(len(content)))
    return (key for key in keys if sum(map(bool, key[1:])) > 2)  # so few could agree by chance


def missing(wanted: Iterable[Incoming], rows: Iterable[KnownRow]) -> list[Incoming]:
    """The wanted rows that do not stand there yet, as they were written or as people may have rewritten them; of equal
    rows, as many as are lacking."""
    lacking, stand = [*wanted], [*rows]
    for alike in (identity_of, same_as):  # nearly all stand there as they were written
        if not (lacking and stand):
            break
        there = defaultdict[Key, list[KnownRow]](list)
        for known in stand:
            there[alike(known.row.people), known.reference].append(known)
        lacking = [one for one in lacking if not ((same := there[alike(one.people), one.reference]) and same.pop())]
        stand = [known for same in there.values() for known in same]
    return lacking
