"""Cell values as both kinds of workbook return and accept them.

A cell is read raw: text as it was typed, numbers and dates as numbers (a date is its serial: days since 1899-12-30, the
time of day as the fraction), booleans as booleans, a formula as its result, an error as `CellError`, an empty cell as
``None``. See https://developers.google.com/workspace/sheets/api/guides/formats#about_date_time_values
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import Enum, auto
from functools import lru_cache
from hashlib import blake2b
from math import inf
from sys import intern
from typing import NamedTuple, Self, TypeVar

from msgspec import Struct

T = TypeVar("T")
EPOCH = date(1899, 12, 30)
_LONGEST_NAME, LONGEST = 100, 32_767  # characters of a name, of a cell that Excel opens (Google takes 50,000)


class CellError(Struct, frozen=True):
    """An error that the spreadsheet shows instead of a value; `text` is what people see, such as ``#REF!``."""

    text: str


class Link(str):
    """The text that a cell shows, and the `address` that it opens; they are equal if there is no label. Other text is
    only text, even if it looks like an address. A cell that was read is a link only if it leads to a page, a mail or a
    telephone other than its text. It is compared and journalled as its text: where it leads is nobody's business."""

    __slots__ = ("address",)
    address: str

    def __new__(cls, text: str, address: str | None = None) -> Self:
        link = super().__new__(cls, text)
        link.address = str(text) if address is None else intern(address)
        return link

    @property
    def labelled(self) -> bool:
        """Whether it shows something other than its address."""
        return self.address != str(self)

    @property
    def mark(self) -> str:
        """A digest that identifies the address, and stands in its place if no more is known of it."""
        marked = self.address[:1] == "\0"
        return self.address if marked else "\0" + blake2b(repr(self.address).encode(), digest_size=8).hexdigest()

    @property
    def is_page(self) -> bool:
        """Whether it leads to a web page, which every kind of spreadsheet can open."""
        return self.address.startswith(("https://", "http://"))


Value = str | float | int | bool | CellError | None  # what is read
Rows = Sequence[Sequence[Value]]
Writable = str | date | float | None  # what the robot writes: text (or `Link`), a date, a number; None empties the cell


#: What no cell keeps: control characters except tab and line feed, halves of surrogate pairs, non-characters.
_UNKEPT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@lru_cache(maxsize=4096)  # a cycle asks it of the same headings again and again
def fold(value: object) -> str:
    """A name or heading without case, spaces, punctuation (``RT / RW``: ``rtrw``); empty for no text or a long one."""
    if not isinstance(value, str) or len(value) > _LONGEST_NAME:
        return ""
    return folded if (folded := value.casefold()).isalnum() else "".join(filter(str.isalnum, folded))


@lru_cache(maxsize=4096)
def fold_title(title: str) -> str:
    """A tab's title in the form in which titles are compared, without case and surrounding space."""
    return title.strip().casefold()


def is_empty(value: Value) -> bool:
    """Whether nothing stands in the cell."""
    return value is None or (isinstance(value, str) and not value.strip())


def kept_text(text: str) -> str:
    """`text` as a cell keeps it, and as what is compared with a cell must be, or it would be written again for ever."""
    if text.isprintable() or text.replace("\n", "").isprintable():  # nearly always
        return str(text)  # only the text of a `Link`
    return _UNKEPT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def as_read(value: Writable) -> Value:
    """What a cell reads as after `value` was written to it."""
    if isinstance(value, date):
        return serial_of(value)
    if isinstance(value, str):
        kept = kept_text(value)
        return Link(kept, value.address) if isinstance(value, Link) and value.labelled else kept or None
    return value


def serial_of(day: date) -> int:
    """The serial number that a spreadsheet keeps for a date."""
    return day.toordinal() - EPOCH.toordinal()


@lru_cache(maxsize=4096)  # many rows share their days
def date_of(serial: float) -> date:
    """The date behind a serial number; raises `OverflowError` outside the calendar."""
    return EPOCH + timedelta(days=int(serial // 1))


def shown_alike(value: Value, wanted: Writable) -> bool:
    """Whether a cell that holds `value` already shows what would be written, and so is left alone."""
    if type(value) is type(wanted) is str:  # most are
        return value == wanted
    if wanted is None or wanted == "":
        return value is None or value == ""
    if value is None or isinstance(value, (bool, CellError)):
        return False
    if isinstance(wanted, date):
        return value == serial_of(wanted)
    return value == wanted and (not isinstance(wanted, Link) or _leads_there(value, wanted))


def _leads_there(value: Value, wanted: Link) -> bool:
    """Whether a cell with the right text leads where it should. A link to anything but a page can't be opened
    everywhere: where it is only text, the text will do. A bare address needs no link."""
    if wanted.labelled and isinstance(value, Link):
        return value.address == wanted.address or value.address == wanted.mark  # noqa: PLR1714 - a mark takes its time
    return not (wanted.labelled and wanted.is_page)


class Area(NamedTuple):
    """Cells from `top` and `left` up to, but not including, `bottom` and `right`; by 0-based rows and columns."""

    top: float = 0
    left: float = 0
    bottom: float = inf
    right: float = inf

    def holds(self, row: int, column: int) -> bool:
        return self.top <= row < self.bottom and self.left <= column < self.right


class Lock(NamedTuple):
    """An area that is protected against the robot, except the areas in `free`; only these `rows` of it if given."""

    area: Area
    free: tuple[Area, ...] = ()
    rows: frozenset[int] | None = None

    def holds(self, row: int, column: int) -> bool:
        held = self.area.holds(row, column) and (self.rows is None or row in self.rows)
        return held and not any(area.holds(row, column) for area in self.free)


class Part(Enum):
    """How much of a tab was just read, or should be read."""

    ALL = auto()
    TOP = auto()  # the first rows, where headings may stand
    END = auto()  # only whether its last row is where it was; the rest is as last read
    NONE = auto()  # everything is as last read
    AWAY = auto()  # the tab of a year that was put away: the first rows at most, even if everything is read
    MOVED = auto()  # only the first rows, and what was written, which is not where it was meant to be


class Tab(Struct, frozen=True):
    """One tab as read. `rows[r][c]` is the cell in 0-based row r and column c, without trailing empty rows and cells.
    `key` identifies the tab for writing, and survives renaming if the kind of workbook allows it (Google's sheet id);
    `title` is what people see. Cells that `locks` hold are never written: one of them would fail a whole commit."""

    key: str
    title: str
    rows: Sequence[Sequence[Value]]
    hidden: bool = False
    locks: tuple[Lock, ...] = ()
    unread: bool = False  # the service can't read its cells now; `rows` holds their bare values, or nothing
    view: bool = False  # a formula fills it with rows, and would show nothing any more if we wrote beside them
    part: Part = Part.ALL

    def refuses(self, row: int, column: int) -> bool:
        return any(lock.holds(row, column) for lock in self.locks)

    def at(self, row: int, column: int) -> Value:
        """The cell there; None outside what was read."""
        return self.rows[row][column] if row < len(self.rows) and column < len(self.rows[row]) else None

    @property
    def width(self) -> int:
        """The number of columns up to the last one that holds something; 0 for an empty tab."""
        return max((at + 1 for row in self.rows for at, value in enumerate(row) if not is_empty(value)), default=0)

    def differs(self, rows: Sequence[Sequence[Writable]], width: int, first: int = 0) -> "list[CellWrite]":
        """The cells to write so that the first `width` columns say `rows`, from row `first` on, and nothing else."""
        blank: list[Writable] = [None] * width
        below = [blank] * (len(self.rows) - first - len(rows))
        padded = enumerate(([*row, *blank][:width] for row in (*rows, *below)), start=first)
        return [cell for at, row in padded for cell in self.lacks(at, enumerate(row))]

    def lacks(self, row: int, wanted: Iterable[tuple[int, Writable]]) -> "list[CellWrite]":
        """The cells to write so that a row shows what is wanted in these columns, as far as they are not protected."""
        shown = self.rows[row] if row < len(self.rows) else ()
        return [
            CellWrite(self.key, row, column, None if value == "" else value)
            for column, value in wanted
            if (there := shown[column] if column < len(shown) else None) is not value
            if not shown_alike(there, value)
            if not self.refuses(row, column)
        ]


class CellWrite(Struct, frozen=True, gc=False):
    """One cell to write: 0-based `row` and `column` of the tab with `tab` as its key."""

    tab: str
    row: int
    column: int
    value: Writable


def trimmed(line: Sequence[T]) -> Sequence[T]:
    """A row without trailing empty cells, or rows without trailing empty rows."""
    end = len(line)
    while end and _is_nothing(line[end - 1]):
        end -= 1
    return line[:end]


def _is_nothing(item: object) -> bool:
    return item is None or item == "" or (isinstance(item, (list, tuple)) and all(map(_is_nothing, item)))


def runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """The first and last number of each run of consecutive ones."""
    found: dict[int, list[int]] = {}
    for at, number in enumerate(sorted(numbers)):
        found.setdefault(number - at, []).append(number)
    return [(run[0], run[-1]) for run in found.values()]


def letters(column: int) -> str:
    """The letters of a 0-based column: A, Z, AA."""
    return (letters(column // 26 - 1) if column > 25 else "") + chr(ord("A") + column % 26)
