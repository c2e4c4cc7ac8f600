"""Reading a date as people write it here: day, month, year, always in this order; and RT and RW, the two smallest units
of a neighbourhood, of which spreadsheets make dates. Nothing is ever guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from automation.model.cells import Value, date_of, serial_of
from automation.reading.cell_text import TEXT_MARK, clean, line_of

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
