"""Which RT and RW a cell says, the two smallest units of a neighbourhood, of which spreadsheets make dates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from automation.model.cells import Value
from automation.reading.cell_text import TEXT_MARK, line_of
from automation.reading.dates import read_date

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
_ONE = re.compile(rf"(?P<which>RT|RW){_BETWEEN}(?P<number>[0-9]{{1,3}})\.?", re.IGNORECASE)
#: A part of it that nobody knows: ``rt 3 rw ?``.
_NOT_KNOWN = re.compile(
    r"[ ./,;-]*\bR[TW][ .:/-]*(?:\?+|(?:ga|gak|g|tidak|tdk|ngga|nggak|blm|belum|lupa|kurang)\b.*)?$", re.IGNORECASE
)
_LETTER_O = re.compile(r"(?<![A-SUVX-Za-suvx-z])[oO]+(?=[0-9])|(?<=[0-9])[oO]+")
#: As it is kept.
_HALF = re.compile(r"0*([1-9][0-9]{0,2}) ?/|/ ?0*([1-9][0-9]{0,2})")
_DAY_AND_MONTH = re.compile(r"[0-9]{1,2}[ -][a-z]{3,9}|[a-z]{3,9}[ -][0-9]{1,2}", re.IGNORECASE)
_HIGHEST = 999
_NEVER_RT_RW = range(1000, 80_000)  # what a spreadsheet keeps for the dates of 1902 to 2119


@dataclass(frozen=True, slots=True)
class NotRtRw:
    """A cell that doesn't say RT and RW. A spreadsheet may have made a date of what was typed (`dated`): then
    `likely` is what the volunteer probably typed, where the date still shows it."""

    dated: bool = False
    likely: str = ""


def read_rt_rw(value: Value) -> str | NotRtRw:
    """RT and RW as ``003/007``; one of them alone as ``003/`` or ``/007``; empty when the cell is."""
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
    text = _LETTER_O.sub(lambda letters: "0" * len(letters[0]), _NOT_KNOWN.sub("", text) or text)
    if match := _RT_FIRST.fullmatch(text) or _RW_FIRST.fullmatch(text):
        rt, rw = int(match["rt"]), int(match["rw"])
        return f"{rt:03}/{rw:03}" if 0 < rt <= _HIGHEST and 0 < rw <= _HIGHEST else NotRtRw()
    if match := _HALF.fullmatch(text):
        return f"{int(match[1]):03}/" if match[1] else f"/{int(match[2]):03}"
    if (match := _ONE.fullmatch(text)) and (number := int(match["number"])):
        return f"{number:03}/" if match["which"].upper() == "RT" else f"/{number:03}"
    return NotRtRw(dated=_DAY_AND_MONTH.fullmatch(text) is not None)
