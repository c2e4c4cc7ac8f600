"""What a cell says, as clean text, the way a person reads it off the screen: which entry of a list it names, which date
(day, month, year, always in this order), or which RT and RW, the two smallest units of a neighbourhood, of which
spreadsheets make dates. Nothing is ever guessed."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Generic, TypeVar

from rapidfuzz import fuzz, process

from automation.model.cells import CellError, Value, Writable, date_of, fold, serial_of

TICKED = "✓"  # a ticked box; an unticked one says nothing
_EXACT = 1e17  # whole numbers below it are written out, so that 16 digits stay recognisable as such
_NOTHING = frozenset(" -\u2013\u2014_.,:;?!/*'\n")  # people type these to say that there is nothing to say
_LONGEST_NOTHING = 3  # characters
_JOINERS = "\u200c\u200d"  # invisible, but letters and emoji are joined or kept apart by them
TEXT_MARK = "'\u2019"  # typed in front of a value that a spreadsheet should leave as it is
_SPACES = re.compile(r" {2,}")
_LINES = re.compile(r" *\n[ \n]*")

Entry = TypeVar("Entry", bound=str)

_LONGEST_ENTRY = 100  # characters; no entry is longer
_ALIKE = 60.0  # of 100, from which an entry is worth suggesting
_MOST_SUGGESTED = 3
_MOST_LISTED = 5


class _Cleaning(dict[int, str | None]):
    """`str.translate` table: odd spaces become spaces, line ends newlines; what can't be seen goes."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        category = unicodedata.category(character)
        kept: str | None = character
        if character in "\n\r\v\f\x85" or category in ("Zl", "Zp"):
            kept = "\n"
        elif category == "Zs" or character == "\t":
            kept = " "
        elif (category in ("Cc", "Cf", "Cs") and character not in _JOINERS) or code & 0xFFFE == 0xFFFE:
            kept = None
        self[code] = kept
        return kept


_CLEANING = _Cleaning()


def clean(text: str) -> str:
    """`text` on one line, without control characters, direction marks and odd or doubled spaces."""
    if not text.isprintable():
        text = text.translate(_CLEANING).replace("\n", " ")
    return _SPACES.sub(" ", text).strip() if "  " in text else text.strip()


def clean_lines(text: str) -> str:
    """As `clean`, but what was written on several lines stays so."""
    if text.isprintable():
        return clean(text)
    return _LINES.sub("\n", _SPACES.sub(" ", text.translate(_CLEANING))).strip()


def raw_text(value: Value) -> str:
    """The value as text, as it is: a whole number without ``.0``; a cell that shows an error says nothing."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return TICKED if value else ""
    if value is None or isinstance(value, CellError) or not math.isfinite(value):
        return ""
    return str(int(value)) if abs(value) < _EXACT and value == int(value) else f"{value:.15g}"


def writable(value: Value) -> Writable:
    """The value as it can be written: what is neither text nor a whole number as the text that it shows."""
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value == int(value):
        return int(value)
    return raw_text(value) or None


def line_of(value: Value) -> str:
    """What the cell says, on one line; empty where it only says that there is nothing to say (``-``)."""
    return _unless_nothing(clean(value if type(value) is str else raw_text(value))) if value is not None else ""


def lines_of(value: Value) -> str:
    """As `line_of`, on as many lines as were written."""
    return _unless_nothing(clean_lines(raw_text(value)))


def _unless_nothing(text: str) -> str:
    return "" if len(text) <= _LONGEST_NOTHING and _NOTHING.issuperset(text) else text


class Choices(Generic[Entry]):
    """The entries of one list: case, spacing and punctuation are forgiven, the nearest entries are suggested.
    `aliases` are other ways to write one, such as ``WA`` for ``WhatsApp``."""

    def __init__(self, entries: Iterable[Entry], aliases: Mapping[str, Entry] | None = None) -> None:
        self._entries = tuple(entries)
        self._by_key = {fold(alias): entry for alias, entry in (aliases or {}).items()}
        self._by_key |= {fold(entry): entry for entry in self._entries}
        #: The entries that a text resembles, nearest first; the list's beginning if it resembles none.
        self.suggest = lru_cache(maxsize=1024)(self._nearest)

    def find(self, text: str) -> Entry | None:
        """The entry that `text` names."""
        return self._by_key.get(fold(text)) if len(text) <= _LONGEST_ENTRY else None

    def _nearest(self, text: str) -> tuple[Entry, ...]:
        folded, keys = fold(text[:_LONGEST_ENTRY]), {entry: fold(entry) for entry in self._entries}
        alike = process.extract(folded, keys, scorer=fuzz.WRatio, score_cutoff=_ALIKE, limit=_MOST_SUGGESTED)
        return tuple(entry for _, _, entry in alike) or self._entries[:_MOST_LISTED]


_FIRST, _LAST = date(2000, 1, 1), date(2099, 12, 31)  # outside, a year is a slip and a number is not a date
_FIRST_SERIAL, _LAST_SERIAL = serial_of(_FIRST), serial_of(_LAST)
_LONGEST = 60  # characters; no date is longer

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan",
            "februari february pebruari feb peb",
            "maret march mar mrt",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "agustus august agu ags agt agust aug",
            "september sept sep",
            "oktober october okt oct",
            "november nopember nov nop",
            "desember december des dec",
        ),
        start=1,
    )
    for name in names.split()
}
_DAY_NAMES = (
    "senin sen selasa sel rabu rab kamis kam jumat jum'at jum sabtu sab minggu min ahad "
    "monday mon tuesday tue wednesday wed thursday thu friday fri saturday sat sunday sun"
)
_WEEKDAYS = frozenset(_DAY_NAMES.split())
_TIME = r"(?:[ ,T]+(?:(?:pukul|pkl|jam)\.? ?)?[0-9]{1,2}[.:][0-9]{2}(?:[.:][0-9]{2})?(?:[.,][0-9]+)?(?: ?WIB| ?Z)?)?"
_DAY_FIRST = re.compile(
    r"(?:(?P<weekday>[a-z']+)[ ,.]+)?(?P<day>[0-9]{1,2})"
    r"(?:(?P<mark>[ ]?[/.-][ ]?)(?P<number>[0-9]{1,2})(?P=mark)|[ .-]{0,2}(?P<name>[a-z]{3,9})[ .,'-]{0,2})"
    r"(?P<year>[0-9]{4}|[0-9]{2})" + _TIME,
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"(?P<year>[0-9]{4})([/.-])(?P<number>[0-9]{2})\2(?P<day>[0-9]{2})" + _TIME, re.IGNORECASE)

_LONGEST_RT_RW = 40  # characters
_BETWEEN = r"[ ./,;:\\|&-]{0,4}"
_RT_FIRST = re.compile(
    rf"(?:RT{_BETWEEN}RW{_BETWEEN}|RT{_BETWEEN})?(?P<rt>[0-9]{{1,4}})"
    rf"(?:[ .]?[/,;:\\|.-][ .]?|{_BETWEEN}RW{_BETWEEN}| )(?P<rw>[0-9]{{1,4}})",
    re.IGNORECASE,
)
_RW_FIRST = re.compile(
    rf"RW{_BETWEEN}(?P<rw>[0-9]{{1,4}}){_BETWEEN}RT{_BETWEEN}(?P<rt>[0-9]{{1,4}})",
    re.IGNORECASE,
)
_DAY_AND_MONTH = re.compile(r"[0-9]{1,2}[ -][a-z]{3,9}|[a-z]{3,9}[ -][0-9]{1,2}", re.IGNORECASE)
_HIGHEST = 999
_NEVER_RT_RW = range(1000, 80_000)  # what a spreadsheet keeps for the dates of 1902 to 2119


@lru_cache(maxsize=4096)
def _read_text(text: str) -> date | None:
    text = clean(text).lstrip(TEXT_MARK).replace("\u2019", "'")
    match = _DAY_FIRST.fullmatch(text) or _YEAR_FIRST.fullmatch(text)
    if match is None:
        return None
    parts = match.groupdict()
    if (weekday := parts.get("weekday")) and weekday.lower() not in _WEEKDAYS:
        return None
    name = parts.get("name")
    month = _MONTHS.get(name.lower(), 0) if name else int(parts["number"])
    year = int(parts["year"])
    try:
        day = date(year if len(parts["year"]) > 2 else _FIRST.year + year, month, int(parts["day"]))
    except ValueError:
        return None
    return day if _FIRST <= day <= _LAST else None


def read_date(value: Value) -> date | None:
    """The date that a cell holds: a spreadsheet's own date, or text such as ``24/11/2026``, ``24 Nov 2026``,
    ``Selasa, 24 November 2026`` or ``2026-11-24``, with or without a time. None if it is not one for certain:
    ``11/24/2026`` is not a date here, and a year outside 2000 to 2099 is a slip.
    """
    if isinstance(value, str):
        return _read_text(value) if len(value) <= _LONGEST else None
    return date_of(value) if isinstance(value, (int, float)) and _FIRST_SERIAL <= value < _LAST_SERIAL + 1 else None


@dataclass(frozen=True, slots=True)
class NotRtRw:
    """A cell that doesn't say RT and RW. A spreadsheet may have made a date of what was typed (`dated`): then
    `likely` is what the volunteer probably typed, where the date still shows it."""

    dated: bool = False
    likely: str = ""


def read_rt_rw(value: Value) -> str | NotRtRw:
    """RT and RW as ``003/007``; empty when the cell is."""
    if isinstance(value, str) and len(value) > _LONGEST_RT_RW:
        return NotRtRw()
    return _read_rt_rw(value)


@lru_cache(maxsize=16384, typed=True)
def _read_rt_rw(value: Value) -> str | NotRtRw:
    text = line_of(value).lstrip(TEXT_MARK)
    if not text:
        return ""
    if (day := read_date(value)) is not None:
        return NotRtRw(dated=True, likely=f"{day.day:03}/{day.month:03}")
    if not isinstance(value, str):
        return NotRtRw(dated=value in _NEVER_RT_RW)
    if match := _RT_FIRST.fullmatch(text) or _RW_FIRST.fullmatch(text):
        rt, rw = int(match["rt"]), int(match["rw"])
        return f"{rt:03}/{rw:03}" if 0 < rt <= _HIGHEST and 0 < rw <= _HIGHEST else NotRtRw()
    return NotRtRw(dated=_DAY_AND_MONTH.fullmatch(text) is not None)
