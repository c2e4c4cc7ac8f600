"""The values of a list that others made, as they stand in our columns: telephone numbers with the zero that a
spreadsheet took away. Anything else stays as it was written, and `Pemeriksaan` asks."""

from __future__ import annotations

import re

from automation.model.cells import CellError, Value, kept_text
from automation.reading.cell_text import line_of, raw_text
from automation.reading.dates import read_date
from automation.reading.phones import read_phones

_BARE = re.compile(r"[1-9][0-9]{6,14}(?:\.0+)?")
_MONTH_SECOND = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2(?:[0-9]{4}|[0-9]{2})(?![0-9])")
_ZONE = r"(?:\s*WIB|\s*Z)?$"
_CLOCK = re.compile(rf"[\sT,][0-9]{{1,2}}[.:][0-9]{{2}}(?:[.:][0-9]{{2}})?(?:[.,][0-9]+)?{_ZONE}", re.IGNORECASE)
_MIDNIGHT = re.compile(rf"(?<![0-9.:])0{{1,2}}[.:]00(?:[.:]00)?(?:[.,]0+)?{_ZONE}", re.IGNORECASE)


def shown(value: Value) -> str:
    """What a cell says, as it can be written into another one."""
    text = value.text if isinstance(value, CellError) else raw_text(value)
    return kept_text(text).strip()


def telephone(value: Value) -> str:
    """A telephone number as text. Where a spreadsheet made a number of it, and so lost its zero, that is put back."""
    text = shown(value)
    if _BARE.fullmatch(text) and not text.startswith("62"):
        phones = read_phones(value)
        if len(phones.numbers) == 1 and not phones.faults:
            return "0" + phones.numbers[0].removeprefix("+62")
    return text


def has_time(value: Value) -> bool:
    """Whether a cell with a date tells a time of day as well, which a column of dates does not keep."""
    text = line_of(value)
    return _CLOCK.search(text) is not None and _MIDNIGHT.search(text) is None and read_date(value) is not None


def is_month_first(value: Value) -> bool:
    """Whether a date stands there as Americans write it (``11/24/2026``): then no other date beside it is certain."""
    match = _MONTH_SECOND.match(line_of(value))
    return match is not None and int(match[1]) <= 12 < int(match[3]) <= 31
